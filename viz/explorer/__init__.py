"""The page: one file that steps through the chain rule of a recorded cost, with its numbers. It loads nothing."""

import base64
import hashlib
import html
import inspect
import json
import os
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tinygrad_dnn import Recorded, Report, Tensor, check, convention_of, explain

from ..dot import recorded
from ..form import Form, form_of
from .arrays import packed
from .layout import HEIGHT, WIDTH, layout_of
from .steps import steps_of

HERE = Path(__file__).parent
ARRAY = ("shape", "rows", "heat", "whole", "min", "max", "norm", "lost")
FINEST = 240  # tensors: up to so many, each operation can be a step of its own
DRAWN = 700  # nodes: a view with more is left out


class Page:
    """A page that steps through the chain rule; .save writes it, and in Jupyter it shows itself."""

    def __init__(self, source: str, picture: str, alt: str) -> None:
        self.source, self.picture, self.alt = source, picture, alt

    def __repr__(self) -> str:
        return f'Page: .save("page.html") writes it. {self.alt}'

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page; the path ends in .html."""
        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"save: {path.name!r} has the ending {path.suffix!r}; a page ends in .html")
        path.write_text(self.source, encoding="utf-8")
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """A picture, and over it, in one cell of a grid, the page; what is not trusted leaves the page out."""
        image = base64.b64encode(self.picture.encode()).decode()
        place, alt = "grid-area:1/1;width:100%;", html.escape(self.alt)
        shown = (
            f'<div style="display:grid"><div style="{place}background:#fff">'
            f'<img alt="{alt}" style="max-width:100%;max-height:690px" src="data:image/svg+xml;base64,{image}">'
            "<p>The picture alone: trust the notebook, or .save(&quot;page.html&quot;), to step through it.</p></div>"
            f'<iframe sandbox="allow-scripts allow-downloads" srcdoc="{html.escape(self.source)}" title="{alt}" '
            f'style="{place}height:760px;border:0;background:#fff"></iframe></div>'
        )
        return {"text/html": shown, "text/plain": repr(self)}


def page(
    J: Tensor | Callable[..., Any] | Recorded,
    parameters: Mapping[str, Any] | None = None,
    gradients: Callable[..., Any] | None = None,
    *,
    report: Report | None = None,
    convention: str | None = None,
    fold: str = "auto",
    title: str = "The chain rule, step by step",
) -> Page:
    """The page of a recorded cost J, or of a function J(parameters), which is run here.

    Its formulas are explain's, in the convention that the gradients are written in where none is given. With
    gradients(parameters), or with the report of a check, each step has its verdict, and the first wrong one the change
    that mends it. Of what repeats many times, the first and the last time have their steps, and of a large graph in
    which nothing repeats the first and the last part; fold="calls" gives them to every variable, whatever the size.
    """
    frame = inspect.currentframe()
    it = recorded(J, parameters, frame.f_back if frame else None, "page")
    if it.cost.size != 1:
        raise ValueError(f"page: J has shape {it.cost.shape}; expected is a cost, one number")
    if gradients is not None and report is None:
        if not callable(J) or parameters is None:
            raise TypeError("page: gradients need the cost as a function: viz.page(cost, parameters, gradients)")
        report = check(J, gradients, parameters)
    if convention is None:
        known = gradients is not None and parameters is not None
        convention = convention_of(it, gradients, parameters) if known else "course"  # type: ignore[arg-type]
    views = views_of(it, convention, fold, report)
    steps = views[0]["steps"]
    alt = f"{len(it.tensors)} tensors, {len(steps)} steps from {steps[0]['tick']} to {steps[-1]['tick']}"
    why = "those of the first and the last part" if views[0]["level"] == "chunks" else "the others repeat what these do"
    left = f" of {len(steps) + views[0]['left']:,}; {why}" if views[0]["left"] else ""
    summary = f"{alt}{left}. {report.summary()}" if report else f"{alt}{left}"
    data = {"title": title, "summary": summary, "views": views, "box": [WIDTH, HEIGHT]}
    return Page(assembled(data, title), still(views[0]), alt)


def views_of(it: Recorded, convention: str, fold: str, report: Report | None) -> list[dict[str, Any]]:
    """The same run at several sizes: a node for each variable, for each operation, and folded."""
    folded = explain(it, convention=convention)
    variables = form_of(it, "calls")
    views = []
    if len(variables.nodes) <= DRAWN or fold == "calls":
        views.append(view(it, "variables", variables, folded, report))
    fewer = form_of(it, fold)
    if fewer.level not in ("none", "calls"):
        views.insert(0, view(it, fewer.level, fewer, folded, report))
    elif len(it.tensors) <= FINEST:
        layers = form_of(it, "layers")
        if len(layers.nodes) < len(variables.nodes) - 2:
            views.append(view(it, "layers", layers, folded, report))
    if len(it.tensors) <= FINEST:
        unfolded = explain(it, convention=convention, unfold=True)
        views.append(view(it, "operations", form_of(it, "none"), unfolded, report))
    return views


def view(it: Recorded, level: str, form: Form, explanation: Any, report: Report | None) -> dict[str, Any]:
    """The graph with its places, and the steps with the node that each belongs to."""
    layout = layout_of(form)
    home = homes(it, form, explanation)
    nodes, edges = [], []
    for node in form.nodes:
        place = layout.places[node.id]
        name = explanation.names.get(node.tensor, "") if node.tensor is not None else ""
        title = node.title if node.tensor is None or node.members > 1 or not name else name
        found = {"id": node.id, "x": round(place.x), "y": round(place.y), "role": node.role, "name": name,
                 "title": title, "does": node.subtitle.partition("  ")[0] if node.role == "operation" else "",
                 "layer": node.layer, "members": node.members, "shape": str(tuple(getattr(node.data, "shape", ()))),
                 "value": packed(node.data)}  # fmt: skip
        if title.isidentifier():
            found["math"] = explanation.typeset(title)
        if name and (gradient := explanation.value(f"d{name}")) is not None:
            found["gradient"] = packed(gradient)
        nodes.append(found)
    for edge, path in zip(form.edges, layout.paths, strict=True):
        edges.append({"from": edge.source, "to": edge.target, "path": path, "times": edge.times})
    left = {explanation.names[t] for t in form.left if t in explanation.names}
    if report:  # what is wrong has its step
        left -= {row.name.removeprefix("d") for row in report if row.verdict == "wrong"}
    steps = steps_of(explanation, report, left)
    for step in steps:
        step["node"] = home.get(step["name"], "")
    count = len(explanation.forward) + len(explanation.steps) + 1
    return {
        "level": level, "nodes": nodes, "edges": edges, "steps": steps, "left": count - len(steps),
        "width": round(layout.width), "height": round(layout.height),
    }  # fmt: skip


def homes(it: Recorded, form: Form, explanation: Any) -> dict[str, str]:
    """By name of a variable, the node that it is in: its own, or the one that it is folded into."""
    number = {t: i for i, t in enumerate(it.tensors)}
    own = {n.tensor: n.id for n in form.nodes if n.tensor is not None}
    ends = sorted(int(n.id) for n in form.nodes if n.role == "operation")
    used: dict[Tensor, Tensor] = {}
    for t in it.tensors:
        for p in t.parents:
            used.setdefault(p, t)
    found = {}
    for t, name in explanation.names.items():
        at = number[t if t.function is not None else used.get(t, t)]
        found[name] = own.get(t) or str(ends[min(bisect_left(ends, at), len(ends) - 1)])
    return found


def assembled(data: dict[str, Any], title: str) -> str:
    """The file: template, style, script and data in one, with a policy that lets nothing else run."""
    style, script = (HERE / "page.css").read_text(encoding="utf-8"), (HERE / "page.js").read_text(encoding="utf-8")
    pool: dict[str, int] = {}
    whole = {**pooled(data, pool), "pool": [json.loads(text) for text in pool]}
    numbers = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    numbers = numbers.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    numbers = re.sub(r"[\ud800-\udfff]", "\ufffd", numbers)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {"TITLE": html.escape(title), "STYLE": style, "SCRIPT": script, "DATA": numbers, "HASH": digest}
    template = (HERE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], template)


def pooled(value: Any, pool: dict[str, int]) -> Any:
    """The same with every table of numbers, and every long text, once: in its place stands its number in the pool."""
    if isinstance(value, list):
        return [pooled(part, pool) for part in value]
    if isinstance(value, str) and len(value) > 20:
        return {"@": pool.setdefault(json.dumps(value, ensure_ascii=False), len(pool))}
    if not isinstance(value, dict):
        return value
    numbers = {key: value[key] for key in ARRAY if key in value}
    if "rows" not in numbers and "heat" not in numbers:
        return {key: pooled(part, pool) for key, part in value.items()}
    rest = {key: pooled(part, pool) for key, part in value.items() if key not in ARRAY}
    return rest | {"#": pool.setdefault(json.dumps(numbers, ensure_ascii=False), len(pool))}


def still(view: dict[str, Any]) -> str:
    """The graph of a view as SVG by itself, for where no script may run."""
    width, height = WIDTH, HEIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {view["width"]} {view["height"]}" '
             'font-family="sans-serif" font-size="13">'
             '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
             '<path d="M0,1L7,4L0,7Z" fill="#0072B2"/></marker></defs>']  # fmt: skip
    parts += [f'<path d="{e["path"]}" fill="none" stroke="#0072B2" marker-end="url(#a)"/>' for e in view["edges"]]
    for node in view["nodes"]:
        x, y = node["x"] - width / 2, node["y"] - height / 2
        colour = "#00795A" if node["role"] == "parameter" else "#5B6776"
        dash = ' stroke-dasharray="4 3"' if node["role"] == "constant" else ""
        lines = [node["title"][:15], node["shape"], node["does"][:18]]
        parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="9" fill="#fff" stroke="{colour}"{dash}/>'
        )
        parts += [
            f'<text x="{node["x"]}" y="{y + 24 + 20 * i}" text-anchor="middle">{html.escape(line)}</text>'
            for i, line in enumerate(lines)
        ]
    return "".join([*parts, "</svg>"])
