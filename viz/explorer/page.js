"use strict";
// What is shown is one number, the step, of one view; render() draws everything from them. All text goes in as text.
const data = revived(JSON.parse(document.getElementById("data").textContent));
function revived(whole) { // tables and long texts stand once in a pool, by number elsewhere
  const pool = whole.pool, walk = (value) => {
    if (Array.isArray(value)) { for (let i = 0; i < value.length; i++) value[i] = walk(value[i]); return value; }
    if (value === null || typeof value !== "object") return value;
    if ("@" in value) return pool[value["@"]];
    if ("#" in value) { Object.assign(value, pool[value["#"]]); delete value["#"]; }
    for (const key in value) if (key !== "rows" && key !== "heat") value[key] = walk(value[key]);
    return value;
  };
  delete whole.pool;
  return walk(whole);
}
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg", [W, H] = data.box, MINUS = "−";
const state = { view: 0, step: 0, scale: 1, fit: true, predict: false, shown: true, timer: null, search: "" };
const view = () => data.views[state.view], steps = () => view().steps, now = () => steps()[state.step];
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

function make(tag, attributes = {}, parent = null, text = null) {
  const inSvg = ["svg", "g", "rect", "path", "text", "tspan", "defs", "marker", "title"].includes(tag) && (tag !== "title" || parent?.namespaceURI === SVG);
  const element = inSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  if (text !== null) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}
function formula(markup, parent, className = "") { // MathML made by the project, never a user's text as markup
  const holder = make("span", className ? { class: className } : {}, parent);
  holder.innerHTML = markup || "";
  return holder;
}
const shownNumber = (x) => {
  if (typeof x !== "number") return String(x);
  if (x === 0) return "0";
  const size = Math.abs(x), text = Number.isInteger(x) && size < 1e6 ? String(x) : size >= 1e5 || size < 5e-4 ? x.toExponential(1).replace("e+", "e") : size >= 100 ? x.toFixed(1) : x.toFixed(3);
  return text.replaceAll("-", MINUS);
};
const exact = (x) => typeof x !== "number" ? String(x) : String(+x.toPrecision(5)).replaceAll("-", MINUS);
const cells = (table) => table.rows || table.heat || [];
const largest = (table) => Math.max(0, ...cells(table).flat().map((x) => (typeof x === "number" ? Math.abs(x) : 0)));
const shapeOf = (table) => (table.shape.length ? `(${table.shape.join(", ")}${table.shape.length === 1 ? "," : ""})` : "one number");

// ---- the graph ----------------------------------------------------------------------------------------------------
const has = (name, phase, upTo) => steps().findIndex((s) => s.phase === phase && s.name === name) <= upTo && steps().some((s) => s.phase === phase && s.name === name);
function nodesDone(upTo) {
  const valued = new Set(view().nodes.filter((n) => n.role !== "operation").map((n) => n.id)), graded = new Set();
  steps().slice(0, upTo + 1).forEach((s) => (s.phase === "forward" ? valued : graded).add(s.node));
  if (now().phase === "backward") view().nodes.forEach((n) => valued.add(n.id));
  return { valued, graded };
}
function miniature(parent, table, x, y, role, width, height) {
  const rows = cells(table), count = rows.length, across = rows[0]?.length || 0;
  if (!table.shape.length && count) { make("text", { x: x + width / 2, y: y + height / 2 + 5, class: `number ${role}` }, parent, shownNumber(rows[0][0])); return; }
  if (!count || !across) return;
  const top = largest(table) || 1, size = Math.min(width / across, height / count, 12);
  const left = x + (width - across * size) / 2, high = y + (height - count * size) / 2;
  rows.forEach((row, i) => row.forEach((value, j) => {
    const part = typeof value === "number" ? Math.abs(value) / top : 1, negative = value < 0;
    make("rect", { x: left + j * size + 0.4, y: high + i * size + 0.4, width: Math.max(size - 0.8, 0.3), height: Math.max(size - 0.8, 0.3), rx: Math.min(1.5, size / 4), style: `fill: rgba(var(--${role}-rgb), ${(value === 0 ? 0.07 : 0.16 + 0.84 * part).toFixed(3)})` }, parent);
    if (negative && size > 5) make("path", { d: `M${left + j * size + 2},${high + (i + 0.5) * size}h${size - 4}`, style: "stroke: var(--panel); stroke-width: 1.5" }, parent);
  }));
}
function title(node, parent, x, y) { // W1 as W with a raised [1]
  const match = /^([A-Za-zΑ-ω]+?)_?(\d+)$/.exec(node.title), base = match ? match[1] : node.title;
  const text = make("text", { x, y, class: "title", "data-room": W - 24 - (node.shape === "()" ? 0 : 6.2 * node.shape.length) }, parent, base);
  if (match && base.length > 3) text.textContent = node.title;
  else if (match && !/^[ct]$/.test(base)) make("tspan", { dy: -5, style: "font-size: 10px; font-style: normal" }, text, `[${match[2]}]`);
  else if (match) make("tspan", { dy: 4, style: "font-size: 10px" }, text, match[2]);
}
function groups(parent) {
  const layers = new Map();
  view().nodes.forEach((n) => { if (n.layer) layers.set(n.layer, [...(layers.get(n.layer) || []), n]); });
  if (layers.size < 2 || view().level === "layers" || view().level === "repeats") return;
  for (const [number, members] of layers) {
    const xs = members.map((n) => n.x), ys = members.map((n) => n.y), left = Math.min(...xs) - W / 2 - 8, top = Math.min(...ys) - H / 2 - 20;
    const right = Math.max(...xs) + W / 2 + 8, low = Math.max(...ys) + H / 2 + 8;
    if (view().nodes.some((n) => n.role !== "constant" && !members.includes(n) && n.x > left && n.x < right && n.y > top && n.y < low)) continue;
    make("rect", { x: left, y: top, width: right - left, height: low - top, rx: 12, class: "group" }, parent);
    make("text", { x: right - 8, y: top + 14, "text-anchor": "end", class: "grouptitle" }, parent, `layer ${number}`);
  }
}
function drawGraph() {
  const step = now(), back = step.phase === "backward", { valued, graded } = nodesDone(state.step), place = new Map(view().nodes.map((n) => [n.id, n]));
  const svg = make("svg", { viewBox: `0 0 ${view().width} ${view().height}`, role: "group", "aria-label": "Computation graph, a button for each tensor" });
  const definitions = make("defs", {}, svg);
  for (const [id, color] of [["tovalue", "--value"], ["togradient", "--gradient"], ["tonothing", "--edge"]]) {
    const marker = make("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, definitions);
    make("path", { d: "M0,.8L7.4,4L0,7.2Z", style: `fill: var(${color})` }, marker);
  }
  groups(svg);
  const users = new Set(back ? view().edges.filter((e) => e.from === step.node).map((e) => e.to) : []);
  for (const edge of view().edges) {
    const into = !back && edge.to === step.node, done = valued.has(edge.to) && valued.has(edge.from);
    make("path", { d: edge.path, class: `edge${done ? " done" : ""}${into ? " active" : ""}`, "marker-end": `url(#${done || into ? "tovalue" : "tonothing"})` }, svg);
    if (place.get(edge.from).role === "constant" || !back) continue;
    const active = edge.from === step.node && users.has(edge.to);
    const [a, b] = [place.get(edge.from), place.get(edge.to)], far = Math.hypot(b.x - a.x, b.y - a.y) || 1; // beside the way forward
    if (graded.has(edge.from) && (graded.has(edge.to) || active)) make("path", { d: edge.path, transform: `translate(${(5 * (a.y - b.y) / far).toFixed(1)}, ${(5 * (b.x - a.x) / far).toFixed(1)})`, class: `back${active ? " active" : ""}`, "marker-start": "url(#togradient)" }, svg);
  }
  for (const node of view().nodes) drawNode(svg, node, valued.has(node.id), graded.has(node.id), back);
  $("graph").replaceChildren(svg);
  svg.querySelectorAll("[data-room]").forEach(shortened);
  zoom();
}
function shortened(text) { // what is longer than its room ends in dots
  const room = +text.dataset.room, last = text.firstChild;
  while (last.length > 2 && text.getComputedTextLength() > room) last.data = last.data.replace(/…$/, "").slice(0, -1) + "…";
}
function drawNode(svg, node, valued, graded, back) {
  const step = now(), current = node.id === step.node, x = node.x - W / 2, y = node.y - H / 2;
  const wrong = steps().some((s) => s.node === node.id && s.verdict === "wrong"), found = matches(node);
  const hide = state.predict && !state.shown && current;
  const said = `${node.title}, ${node.shape}${node.does ? ", " + node.does : ""}${graded ? ", gradient found" : ""}${wrong ? ", its gradient is wrong" : ""}`;
  const names = ["node", node.role, node.members > 1 && "several", !valued && "pending", current && "current", back && "backward", wrong && "wrong", state.search && !found && "faint"];
  const group = make("g", { class: names.filter(Boolean).join(" "), role: "button", tabindex: 0, "aria-label": said, "data-node": node.id, "aria-pressed": String(current) }, svg);
  make("title", {}, group, said);
  make("rect", { x, y, width: W, height: H, rx: 9, class: "frame" }, group);
  if (node.role === "parameter") make("rect", { x, y: y + 10, width: 5, height: H - 20, rx: 2, class: "strip" }, group);
  title(node, group, x + 11, y + 20);
  make("text", { x: x + W - 8, y: y + 19, "text-anchor": "end", class: "shape" }, group, node.shape === "()" ? "" : node.shape);
  const does = node.members > 1 && !node.does ? `${node.members} operations` : node.does;
  if (does) make("text", { x: x + 11, y: y + H - 7, class: "does", "data-room": W - 20 }, group, does);
  const room = does ? H - 46 : H - 34, half = (W - 26) / 2;
  if (!node.gradient || node.role === "constant") { if (valued && !(hide && !back)) miniature(group, node.value, x + 10, y + 27, "value", W - 20, room); }
  else {
    if (valued && !(hide && !back)) miniature(group, node.value, x + 10, y + 27, "value", half, room);
    if (graded && !hide) miniature(group, node.gradient, x + 16 + half, y + 27, "gradient", half, room);
    else if (back) { make("rect", { x: x + 18 + half, y: y + 29, width: half - 4, height: room - 4, rx: 5, style: "fill: none; stroke: var(--edge); stroke-dasharray: 3 3" }, group); make("text", { x: x + 16 + half * 1.5, y: y + 27 + room / 2 + 4, "text-anchor": "middle", class: "does" }, group, "∂"); }
  }
}
function zoom() {
  const svg = $("graph").firstChild, box = $("graph").clientWidth || 800;
  const whole = Math.min(1.25, box / view().width), least = Math.max(whole, 0.8);
  const scale = state.fit ? least : state.scale;
  state.scale = scale;
  svg.setAttribute("width", view().width * scale); svg.setAttribute("height", view().height * scale);
  const node = view().nodes.find((n) => n.id === now().node), graph = $("graph");
  if (node) graph.scrollTo({ left: node.x * scale - graph.clientWidth / 2, top: node.y * scale - graph.clientHeight / 2, behavior: "auto" });
}
function zoomBy(kind) {
  if (kind === "fit") { state.fit = true; $("graph").firstChild && (state.scale = Math.min(1.25, $("graph").clientWidth / view().width)); state.fit = false; }
  else { state.fit = false; state.scale = Math.min(4, Math.max(0.05, state.scale * (kind === "in" ? 1.25 : 0.8))); }
  zoom();
}

// ---- the numbers of a step ----------------------------------------------------------------------------------------
const ROLES = { value: "value", gradient: "gradient", local: "local derivative" };
function block(table, parent, key, to = null, hidden = false) {
  const holder = make("div", { class: "block" }, parent);
  make("span", { class: `role ${table.role}` }, holder, key === "result" && table.role === "gradient" ? "outgoing gradient" : key === "result" ? "result" : table.role === "gradient" ? "incoming gradient" : ROLES[table.role]);
  if (hidden) {
    const cover = make("div", { class: "hiddenresult" }, holder);
    make("p", {}, cover, "What comes out?");
    make("button", { type: "button", id: "reveal" }, cover, "Show it (Enter)").onclick = reveal;
  } else if (table.rows && table.rows.length) matrix(table, holder, key, to);
  else if (table.heat) heat(table, holder);
  else make("p", {}, holder, table.text || "no entries");
  const of = make("span", { class: "of" }, holder);
  formula(table.math, of);
  const spread = to && to.join() !== table.shape.join() && to.length >= table.shape.length;
  make("span", {}, of, ` ${shapeOf(table)}${spread ? ` repeated to (${to.join(", ")})` : ""}`);
}
function matrix(table, parent, key, to) {
  const rows = table.rows, top = largest(table) || 1, wide = to && to.length === 2 ? to[1] : rows[0].length, high = to && to.length === 2 ? to[0] : rows.length;
  const width = Math.min(wide, 8), height = Math.min(high, 8), small = width > 5;
  const element = make("table", { class: `matrix ${table.role}${small ? " small" : ""}`, "data-key": key }, parent);
  make("caption", { class: "hidden" }, element, `${table.text || ""} ${shapeOf(table)}`);
  const body = make("tbody", {}, element);
  for (let i = 0; i < height; i++) {
    const line = make("tr", {}, body);
    for (let j = 0; j < width; j++) {
      const value = rows[i % rows.length][j % rows[0].length], ghost = i >= rows.length || j >= rows[0].length;
      const part = typeof value === "number" ? Math.abs(value) / top : 1;
      make("td", { "data-i": i, "data-j": j, class: ghost ? "ghost" : null, style: `background: rgba(var(--${table.role}-rgb), ${(value === 0 ? 0.03 : (ghost ? 0.1 : 0.32) * part + 0.04).toFixed(3)})` }, line, shownNumber(value));
    }
  }
}
function heat(table, parent) {
  const rows = table.heat, svg = make("svg", { viewBox: `0 0 ${rows[0].length * 8} ${rows.length * 8}`, width: Math.min(230, rows[0].length * 11), role: "img", "aria-label": `heat map of ${shapeOf(table)}, from ${shownNumber(table.min)} to ${shownNumber(table.max)}` }, parent);
  const top = largest(table) || 1;
  rows.forEach((row, i) => row.forEach((value, j) => {
    const part = typeof value === "number" ? Math.abs(value) / top : 1;
    make("rect", { x: j * 8, y: i * 8, width: 7.5, height: 7.5, style: `fill: rgba(var(--${table.role}-rgb), ${(0.06 + 0.94 * part).toFixed(3)})` }, svg);
    if (value < 0) make("path", { d: `M${j * 8 + 2},${i * 8 + 3.75}h3.5`, style: "stroke: var(--panel); stroke-width: 1" }, svg);
  }));
  make("span", { class: "of" }, parent, `${table.whole ? "" : "made smaller; "}min ${shownNumber(table.min)}, max ${shownNumber(table.max)}, norm ${shownNumber(table.norm)}${table.lost ? `, ${table.lost} not finite` : ""}`);
}
function drawNumbers() {
  const step = now(), back = step.phase === "backward", area = $("tables"), several = step.terms.length > 1;
  $("numbersheading").textContent = !step.terms.length ? "The result" : !back ? "Forward" : several && step.terms.some((t) => t.tables.some((x) => x.role === "gradient")) ? "Contributions, added" : step.terms[0].tables.length > 1 && step.terms[0].between !== "÷" ? "Incoming gradient × local derivative" : "What comes back";
  area.replaceChildren();
  step.terms.forEach((term, at) => {
    if (at || term.sign === "−") make("span", { class: "between" }, area, term.sign);
    if (term.factor_math) { const f = formula(term.factor_math, area, "between"); f.title = term.factor; }
    if (term.kind === "sum" || term.kind === "function") make("span", { class: "between" }, area, term.between);
    term.tables.forEach((table, k) => {
      if (k) make("span", { class: "between" }, area, term.between);
      block(table, area, `${at}.${k}`, term.kind === "matmul" || term.kind === "sum" ? null : small(step.result) ? step.result.shape : null);
    });
  });
  if (step.terms.length) make("span", { class: "between" }, area, "=");
  block(step.result, area, "result", null, state.predict && !state.shown);
  work(0, 0);
}
const small = (table) => Boolean(table.rows && table.rows.length);
const at = (table, i, j) => table.rows[Math.min(i, table.rows.length - 1) % table.rows.length][j % table.rows[0].length];
function comesTo(step, i, j, result) { // whether the terms, as the line writes them, give the entry: else it is not written
  const near = (table, a, b) => table.rows[Math.min(a, table.rows.length - 1)]?.[Math.min(b, table.rows[0].length - 1)];
  const total = step.terms.reduce((sum, term) => {
    const [left, right] = term.tables, factor = term.factor ? +term.factor : 1;
    let value;
    if (term.kind === "matmul") value = left.rows[Math.min(left.shape.length === 1 ? 0 : i, left.rows.length - 1)].reduce((all, x, k) => all + (right.rows[k] ? x * right.rows[k][Math.min(j, right.rows[k].length - 1)] : 0), 0);
    else if (term.kind === "sum") value = (term.axis === "1" ? left.rows[Math.min(i, left.rows.length - 1)] : term.axis === "0" ? left.rows.map((row) => row[Math.min(j, row.length - 1)]) : left.rows.flat()).reduce((all, x) => all + x, 0);
    else value = right ? (term.between === "÷" ? near(left, i, j) / near(right, i, j) : near(left, i, j) * near(right, i, j)) : near(left, i, j);
    return sum + (term.sign === "−" ? -1 : 1) * factor * value;
  }, 0);
  const size = Math.max(Math.abs(result), ...step.terms.flatMap((t) => t.tables.map(largest)));
  return Number.isFinite(total) && Math.abs(total - result) <= 1e-3 * (size || 1);
}
function work(i, j) { // the sum behind one entry of the result
  const step = now(), line = $("work");
  document.querySelectorAll("td.lit").forEach((cell) => cell.classList.remove("lit"));
  line.replaceChildren();
  if (!step.terms.length || step.terms.some((t) => t.kind === "function") || (state.predict && !state.shown) || !small(step.result) || !step.terms.every((t) => t.tables.every(small))) return;
  const rows = step.result.rows;
  if (i >= rows.length || j >= rows[0].length) return;
  const light = (key, test) => document.querySelectorAll(`[data-key="${key}"] td`).forEach((cell) => { if (test(+cell.dataset.i, +cell.dataset.j)) cell.classList.add("lit"); });
  const signed = (x) => (typeof x === "number" && x < 0 ? `(${exact(x)})` : exact(x));
  light("result", (a, b) => a === i && b === j);
  const parts = step.terms.map((term, n) => {
    const [left, right] = term.tables, factor = term.factor ? `${term.factor} · ` : "";
    let text;
    if (term.kind === "matmul") {
      const flat = left.rows.length === 1 && left.shape.length === 1, row = flat ? 0 : i;
      const terms = left.rows[Math.min(row, left.rows.length - 1)].map((x, k) => (right.rows[k] ? `${signed(x)}·${signed(right.rows[k][Math.min(j, right.rows[k].length - 1)])}` : null)).filter(Boolean);
      light(`${n}.0`, (a) => a === i); light(`${n}.1`, (a, b) => b === j);
      text = factor ? `(${terms.join(" + ")})` : terms.join(" + ");
    } else if (term.kind === "sum") {
      const along = term.axis === "1" ? left.rows[Math.min(i, left.rows.length - 1)] : term.axis === "0" ? left.rows.map((row) => row[Math.min(j, row.length - 1)]) : left.rows.flat();
      light(`${n}.0`, (a, b) => (term.axis === "1" ? a === i : term.axis === "0" ? b === j : true));
      text = factor ? `(${along.map(signed).join(" + ")})` : along.map(signed).join(" + ");
    } else {
      term.tables.forEach((_, k) => light(`${n}.${k}`, (a, b) => a === i && b === j));
      text = term.tables.map((t) => signed(at(t, i, j))).join(` ${term.between === "÷" ? "÷" : "·"} `);
    }
    return (n || term.sign === "−" ? `${term.sign} ` : "") + factor + text;
  });
  if (!comesTo(step, i, j, rows[i][j])) { document.querySelectorAll("td.lit").forEach((cell) => cell.classList.remove("lit")); return; }
  make("span", {}, line, `${step.tick}${step.result.shape.length ? `[${step.result.shape.length === 1 ? (rows.length === 1 ? j : i) : `${i}, ${j}`}]` : ""} = ${parts.join(" ")} = `);
  make("b", {}, line, exact(rows[i][j]));
}

// ---- the rest -----------------------------------------------------------------------------------------------------
function drawStep() {
  const step = now(), back = step.phase === "backward", formulas = $("formulas"), notes = $("notes"), verdict = $("verdict");
  $("phase").textContent = back ? "backward" : "forward"; $("phase").className = `phase ${step.phase}`;
  $("heading").replaceChildren(); $("heading").textContent = back ? (step.tick === "dJ" ? step.title : `${step.tick}: ${step.parameter ? "a parameter" : "a gradient on the way"}`) : `${step.tick}: ${step.title}`;
  formulas.replaceChildren(); notes.replaceChildren(); verdict.replaceChildren();
  make("p", { class: "label" }, formulas, step.chain ? "What it comes to" : back ? "Chain rule" : "Formula");
  const first = make("div", { class: "formula", tabindex: 0 }, formulas); formula(step.formula, first);
  if (step.chain) { make("p", { class: "label" }, formulas, "By the chain rule"); formula(step.chain, make("div", { class: "formula", tabindex: 0 }, formulas)); }
  make("p", { class: "label" }, formulas, "In NumPy"); make("code", {}, formulas, step.code);
  if (step.place) { make("p", { class: "label" }, formulas, `${!back ? "In your code:" : step.parameter ? "Named in" : "Computed forward in"} ${step.place.where}`); if (step.place.text) make("code", {}, formulas, step.place.text); }
  step.notes.forEach((note) => make("p", {}, notes, note));
  verdict.hidden = !step.verdict; verdict.className = `panel ${step.verdict || ""}`;
  if (!step.verdict) return;
  const minus = (text) => text.replace(/-(?=\d)/g, MINUS);
  const words = { right: "✓ Yours is right", wrong: "✗ Yours is wrong", unchecked: "? Yours could not be checked" };
  make("p", { class: step.verdict }, verdict, `${words[step.verdict] || step.verdict}${step.said ? ": " + minus(step.said) : ""}${typeof step.error === "number" ? ` (relative error ${minus(step.error.toExponential(0))})` : ""}`);
  if (step.cause) make("p", {}, verdict, step.cause);
  if (step.fix && step.fix.length) {
    make("p", { class: "label" }, verdict, `Suggested change: ${step.where}`);
    const pre = make("pre", { tabindex: 0 }, verdict);
    step.fix.forEach((text) => make("span", { class: text[0] === "-" ? "minus" : text[0] === "+" ? "plus" : null }, pre, text + "\n"));
    make("p", {}, verdict, step.promise);
  }
}
function drawLedger() {
  const body = $("found"), backward = steps().map((s, i) => [s, i]).filter(([s]) => s.phase === "backward"), top = Math.max(...backward.map(([s]) => largest(s.result))) || 1;
  body.replaceChildren();
  const from = backward.length > 60 ? Math.max(0, backward.findIndex(([, i]) => i >= state.step) - 30) : 0;
  for (const [step, index] of backward.slice(from, from + 60)) {
    const done = index <= state.step && !(index === state.step && state.predict && !state.shown), line = make("tr", { class: index === state.step ? "now" : done ? null : "later" }, body);
    formula(step.result.math, make("th", { scope: "row" }, line)); make("td", {}, line, shapeOf(step.result).replace("one number", "()"));
    const cell = make("td", {}, line);
    if (!done) { cell.textContent = "not yet"; continue; }
    const size = largest(step.result);
    make("span", { class: "bar", style: `width: ${Math.max(2, 44 * Math.max(0, 1 + Math.log10(size / top || 1e-9) / 6))}px` }, cell);
    cell.append(shownNumber(size));
    if (step.verdict) cell.append({ right: " ✓", wrong: " ✗", unchecked: " ?" }[step.verdict] || "");
  }
}
function drawTimeline() {
  const area = $("timeline"), many = steps().length > 36;
  area.replaceChildren();
  if (many) {
    const holder = make("div", { style: "flex: 1" }, area), slider = make("input", { type: "range", min: 1, max: steps().length, value: state.step + 1, "aria-label": "Step" }, holder);
    slider.oninput = () => go(+slider.value - 1, false);
  } else for (const phase of ["forward", "backward"]) {
    const own = steps().map((s, i) => [s, i]).filter(([s]) => s.phase === phase), holder = make("div", { style: `flex: ${own.length}` }, area);
    make("span", {}, holder, phase);
    const ticks = make("div", { class: "ticks" }, holder);
    for (const [step, index] of own) make("button", { type: "button", class: `tick ${phase}${index <= state.step ? " done" : ""}${step.verdict === "wrong" ? " wrong" : ""}`, "aria-current": index === state.step ? "step" : null, "data-step": index, title: step.tick }, ticks, step.tick);
  }
  $("count").textContent = `step ${state.step + 1} of ${steps().length}`;
}
function render(timeline = true) {
  drawGraph(); drawStep(); drawNumbers(); drawLedger();
  if (timeline) drawTimeline(); else $("count").textContent = `step ${state.step + 1} of ${steps().length}`;
  const step = now();
  $("live").textContent = `Step ${state.step + 1} of ${steps().length}, ${step.phase}: ${step.code}${step.verdict ? `. Yours is ${step.verdict}` : ""}`;
  try { history.replaceState(null, "", `#step=${state.step + 1}${state.view ? `&view=${view().level}` : ""}`); } catch { /* in a frame of a notebook there is no address */ }
}
function go(index, timeline = true) {
  state.step = Math.max(0, Math.min(steps().length - 1, index)); state.shown = !state.predict;
  render(timeline);
}
function reveal() { state.shown = true; render(); $("live").textContent = `${now().tick} is shown`; }
function stop() { clearInterval(state.timer); state.timer = null; playing(false); }
function playing(on) { const b = document.querySelector(".play"); b.setAttribute("aria-label", on ? "Pause" : "Play"); b.querySelector("path").setAttribute("d", on ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11l9-5.5z"); }
function act(kind) {
  if (kind !== "play") stop();
  if (kind === "first") go(0); else if (kind === "last") go(steps().length - 1); else if (kind === "next") go(state.step + 1); else if (kind === "previous") go(state.step - 1);
  else if (state.timer) stop();
  else {
    if (state.step === steps().length - 1) go(0);
    playing(true);
    state.timer = setInterval(() => { if (state.step === steps().length - 1) stop(); else go(state.step + 1); }, reduced.matches ? 2600 : 1600);
  }
}
const matches = (node) => !state.search || [node.title, node.does, node.name].some((text) => (text || "").toLowerCase().includes(state.search.toLowerCase()));
function search(text, jump) {
  state.search = text.trim();
  if (jump && state.search) {
    const word = state.search.toLowerCase(), index = steps().findIndex((s) => s.tick.toLowerCase() === word), near = index >= 0 ? index : steps().findIndex((s) => s.tick.toLowerCase().includes(word) || s.code.toLowerCase().includes(word));
    if (near >= 0) { go(near); return; }
    const node = view().nodes.find(matches), step = node ? steps().findIndex((s) => s.node === node.id) : -1;
    if (step >= 0) { go(step); return; }
    $("live").textContent = `Nothing is called ${state.search}`;
  }
  drawGraph();
}
function choose(id) { // the next step of a node, in this pass first
  const own = steps().map((s, i) => [s, i]).filter(([s]) => s.node === id);
  if (!own.length) return;
  const same = own.filter(([s]) => s.phase === now().phase), after = (same.length ? same : own).find(([, i]) => i > state.step && view().level !== "operations") || (same.length ? same : own)[0];
  go(after[1]);
  document.querySelector(`[data-node="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}
function switchTo(index) {
  const before = now(); state.view = index; state.fit = true;
  const same = steps().findIndex((s) => s.tick === before.tick && s.phase === before.phase);
  $("view").value = index; fillNames(); go(same >= 0 ? same : Math.min(state.step, steps().length - 1));
}
function unfold(id) { // what a node is made of, in the next finer view
  const node = view().nodes.find((n) => n.id === id), size = (v) => v.nodes.length;
  if (!node || node.members < 2) return;
  const finer = data.views.map((v, i) => [v, i]).filter(([v]) => size(v) > size(view())).sort(([v], [w]) => size(v) - size(w))[0];
  if (finer) { stop(); switchTo(finer[1]); }
}
function fillNames() { $("names").replaceChildren(...[...new Set(steps().map((s) => s.tick))].slice(0, 500).map((name) => make("option", { value: name }))); }
function theme() { const dark = document.documentElement.dataset.theme === "dark"; document.documentElement.dataset.theme = dark ? "light" : "dark"; }
function exported() { // the graph at this step, its colours written in, with the step in words below
  const svg = $("graph").firstChild.cloneNode(true), live = $("graph").firstChild, kept = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font", "font-size"];
  const from = live.querySelectorAll("*"), to = svg.querySelectorAll("*");
  from.forEach((element, i) => { const style = getComputedStyle(element); to[i].setAttribute("style", kept.map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; ")); });
  const lines = [`Step ${state.step + 1} of ${steps().length}, ${now().phase}`, now().code, $("work").textContent].filter(Boolean);
  svg.setAttribute("xmlns", SVG); svg.setAttribute("viewBox", `0 -10 ${view().width} ${view().height + 30 + 22 * lines.length}`);
  svg.removeAttribute("width"); svg.removeAttribute("height");
  lines.forEach((line, i) => make("text", { x: 12, y: view().height + 20 + 22 * i, style: "font: 14px monospace; fill: #17202b" }, svg, line.slice(0, 200)));
  const ground = make("rect", { x: 0, y: -10, width: view().width, height: view().height + 30 + 22 * lines.length, style: `fill: ${getComputedStyle(document.documentElement).getPropertyValue("--panel")}` });
  svg.prepend(ground);
  return new XMLSerializer().serializeToString(svg);
}
function save() {
  const url = URL.createObjectURL(new Blob([exported()], { type: "image/svg+xml" })), link = make("a", { href: url, download: `step-${state.step + 1}.svg` });
  link.click(); setTimeout(() => URL.revokeObjectURL(url), 1000);
}
const mistakes = () => steps().map((s, i) => (s.verdict === "wrong" ? i : -1)).filter((i) => i >= 0);
function nextMistake() { const all = mistakes(), next = all.find((i) => i > state.step) ?? all[0]; if (next !== undefined) { stop(); go(next); } }
function setPredict(on) { state.predict = on; state.shown = !on; $("predict").setAttribute("aria-pressed", String(on)); render(); }

document.querySelector(".buttons").onclick = (event) => { const b = event.target.closest("[data-go]"); if (b) act(b.dataset.go); };
document.querySelector(".zoom").onclick = (event) => { const b = event.target.closest("[data-zoom]"); if (b) zoomBy(b.dataset.zoom); };
$("timeline").onclick = (event) => { const b = event.target.closest("[data-step]"); if (b) { stop(); const i = +b.dataset.step; go(i); document.querySelector(`[data-step="${i}"]`)?.focus(); } };
$("graph").onclick = (event) => {
  if (event.detail === 2) { unfold(state.clicked); return; } // the first click has drawn the graph anew
  const node = event.target.closest("[data-node]"); state.clicked = node?.dataset.node;
  if (node) { stop(); choose(node.dataset.node); }
};
$("graph").onwheel = (event) => { if (event.ctrlKey || event.metaKey) { event.preventDefault(); zoomBy(event.deltaY < 0 ? "in" : "out"); } };
$("graph").onpointerdown = (event) => {
  if (event.pointerType === "touch" || event.target.closest("[data-node]")) return;
  const graph = $("graph"), start = [event.clientX, event.clientY, graph.scrollLeft, graph.scrollTop];
  graph.setPointerCapture(event.pointerId);
  graph.onpointermove = (e) => { graph.scrollLeft = start[2] - (e.clientX - start[0]); graph.scrollTop = start[3] - (e.clientY - start[1]); };
  graph.onpointerup = () => { graph.onpointermove = null; };
};
$("tables").onmouseover = (event) => { const cell = event.target.closest("td"); if (cell && cell.closest("[data-key=result]")) work(+cell.dataset.i, +cell.dataset.j); };
$("view").onchange = () => switchTo(+$("view").value);
$("search").oninput = () => search($("search").value, false);
$("search").onkeydown = (event) => { if (event.key === "Enter") search($("search").value, true); if (event.key === "Escape") { $("search").value = ""; search("", false); $("search").blur(); } event.stopPropagation(); };
$("predict").onclick = () => setPredict(!state.predict);
$("theme").onclick = theme;
$("mistake").onclick = nextMistake; $("mistake").hidden = !mistakes().length;
$("export").onclick = save;
addEventListener("resize", () => { if (state.fit) zoom(); });
addEventListener("hashchange", fromAddress);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  const onNode = event.target.closest?.("[data-node]"), onButton = event.target.closest?.("button");
  const keys = { ArrowRight: () => act("next"), ArrowLeft: () => act("previous"), Home: () => act("first"), End: () => act("last"), f: () => go(0), b: () => go(steps().findIndex((s) => s.phase === "backward")),
    p: () => setPredict(!state.predict), e: nextMistake, u: () => unfold(now().node), t: theme, s: save, "/": () => $("search").focus(), "+": () => zoomBy("in"), "=": () => zoomBy("in"), "-": () => zoomBy("out"), 0: () => zoomBy("fit") };
  if (event.key === " " && !onButton && !onNode) { event.preventDefault(); act("play"); return; }
  if ((event.key === "Enter" || event.key === " ") && onNode) { event.preventDefault(); choose(onNode.dataset.node); return; }
  if (event.key === "Enter" && state.predict && !state.shown && !onButton) { event.preventDefault(); reveal(); return; }
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) { event.preventDefault(); action(); }
});
function fromAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1)), index = data.views.findIndex((v) => v.level === wanted.get("view"));
  if (index >= 0 && index !== state.view) { state.view = index; $("view").value = index; fillNames(); }
  const step = parseInt(wanted.get("step"), 10);
  if (Number.isFinite(step) && step - 1 !== state.step) go(step - 1);
}
const wrong = data.views[0].steps.findIndex((s) => s.fix !== undefined);
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
matchMedia("(prefers-color-scheme: dark)").onchange = (event) => { document.documentElement.dataset.theme = event.matches ? "dark" : "light"; };
$("title").textContent = data.title; $("summary").textContent = data.summary;
data.views.forEach((v, i) => make("option", { value: i }, $("view"), v.level));
fillNames(); state.step = Math.max(wrong, 0); fromAddress(); render();
