"""Endless programs with hand-written gradients, half of them wrong, every label measured by differences.

The families stand in data/generators/driven.txt: <<a||b>> is a choice, <<@tag a||b>> is the same choice wherever the
tag stands, and «macro x;y» is a spelling. A right program is drawn and measured; a wrong one is the same
with a planted mistake.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from .driven_labels import RIGHT, SMALL_EFFECT, UNCLEAR, WRONG, copied, exact_text, load, slopes, small_effect, verdicts

DATA = Path(__file__).parents[1] / "data" / "generators"
Rng = np.random.Generator
T = TypeVar("T")
SIZES = {"m": (3, 8), "n": (2, 5), "h": (2, 5), "k": (2, 4), "steps": (2, 4)}
TEMPLATES = dict(re.findall(r"=== (.+)\n((?:(?!===).*\n)+)", (DATA / "driven.txt").read_text()))
DENSE_SHARE = 0.2
FAILURES = (ArithmeticError, AttributeError, LookupError, NameError, SyntaxError, TypeError, ValueError)
SMALL = ["{} + 1e-8", "{} + 1e-7", "{} + 1e-10", "np.clip({}, 1e-12, 1 - 1e-12)", "np.maximum({}, 1e-10)"]


class Program(NamedTuple):
    name: str
    text: str
    wrong: frozenset[str]
    family: str
    mistake: str


GELU = "0.79788456 * (z + 0.044715 * z ** 3)"
# name: the function of z, and ways to write its derivative with z and the value a
ACTIVATIONS: dict[str, tuple[str, list[str]]] = {
    "sigmoid": ("1 / (1 + np.exp(-z))", ["a * (1 - a)", "a - a ** 2", "np.exp(-z) / (1 + np.exp(-z)) ** 2"]),
    "tanh": ("np.tanh(z)", ["1 - a ** 2", "1 - np.tanh(z) ** 2", "(1 - a) * (1 + a)", "1 / np.cosh(z) ** 2"]),
    "relu": ("np.maximum(0, z)", ["z > 0", "np.where(z > 0, 1, 0)", "(a > 0).astype(float)", "np.heaviside(z, 0)"]),
    "ramp": ("z * (z > 0)", ["a > 0", "np.sign(a)", "1.0 * (z >= 0)"]),
    "leaky_relu": ("np.where(z > 0, z, 0.1 * z)", ["np.where(z > 0, 1, 0.1)", "(z > 0) + 0.1 * (z <= 0)"]),
    "elu": ("np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)", ["np.where(z > 0, 1, a + 1)"]),
    "softplus": ("np.log(1 + np.exp(z))", ["1 / (1 + np.exp(-z))", "1 - np.exp(-a)"]),
    "log1pexp": ("np.logaddexp(0, z)", ["np.exp(z) / (1 + np.exp(z))", "1 - np.exp(-a)"]),
    "swish": ("z / (1 + np.exp(-z))", ["a + (1 - a) / (1 + np.exp(-z))"]),
    "gelu": (
        f"0.5 * z * (1 + np.tanh({GELU}))",
        [f"0.5 * (1 + np.tanh({GELU})) + 0.5 * z * 0.79788456 * (1 + 0.134145 * z ** 2) / np.cosh({GELU}) ** 2"],
    ),
    "softsign": ("z / (1 + np.abs(z))", ["1 / (1 + np.abs(z)) ** 2", "(1 - np.abs(a)) ** 2"]),
    "sine": ("np.sin(z)", ["np.cos(z)"]),
    "arctan": ("np.arctan(z)", ["1 / (1 + z ** 2)", "np.cos(a) ** 2"]),
    "bump": ("np.exp(-z ** 2)", ["-2 * z * a"]),
    "square": ("z ** 2", ["2 * z"]),
    "hard_tanh": ("np.clip(z, -1, 1)", ["(z > -1) & (z < 1)", "np.abs(z) < 1"]),
}

AXIS, SHAPE = "<<@lay 1||0||1>>", "<<@lay m, k||k, m||m, k>>"
PICK = "<<@lay np.arange(m), t||t, np.arange(m)||np.arange(m), t>>"
SOFTMAX = f"""def softmax(Z):
    e = np.exp(Z<<|| - Z.max(axis={AXIS}, keepdims=True)||- np.max(Z)>>)
    return e / e.sum(axis={AXIS}, keepdims=True)
"""
SIGMOID = "def squash(Z):\n    return 1 / (1 + np.exp(-Z))\n"
ONE_HOT = "Y = np.eye(k)[rng.integers(0, k, size=m)]<<@lay ||.T||>>"
BITS = f"Y = (rng.random(({SHAPE})) > 0.5)<< * 1.0||.astype(int)>>"
# name: labels, functions, the summed loss of the last Z, the statement that makes its derivative D
HEADS: dict[str, tuple[str, str, str, str]] = {
    "squares": (f"Y = «N {SHAPE}»", "", "<<@half 0.5 * ||>>np.sum((Z - Y) ** 2)", "D = <<@half ||2 * >>(Z - Y)"),
    "softmax one-hot": (ONE_HOT, SOFTMAX, "-np.sum(Y * «log softmax(Z)»)", "D = softmax(Z) - Y"),
    "softmax indices": (
        "t = rng.integers(0, k, size=m)",
        SOFTMAX,
        f"-np.sum(«log softmax(Z)[{PICK}]»)",
        f"D = softmax(Z)\n    D[{PICK}] -= 1",
    ),
    "sigmoid": (
        BITS,
        SIGMOID,
        "-np.sum(Y * «log squash(Z)» + (1 - Y) * «log 1 - squash(Z)»)",
        "<<D = squash(Z) - Y||P = squash(Z)\n    D = -(Y / P - (1 - Y) / (1 - P)) * P * (1 - P)>>",
    ),
    "logits": (BITS, "", "np.sum(np.logaddexp(0, Z) - Y * Z)", "D = 1 / (1 + np.exp(-Z)) - Y"),
    "absolute": (f"Y = «N {SHAPE}»", "", "np.abs(Z - Y).sum()", "D = <<np.sign(Z - Y)||np.where(Z > Y, 1.0, -1.0)>>"),
    "hinge": (f"Y = np.sign(«N {SHAPE}»)", "", "np.sum(np.maximum(0, 1 - Y * Z))", "D = -Y * (Y * Z < 1)"),
    "log-cosh": (f"Y = «N {SHAPE}»", "", "np.sum(np.log(np.cosh(Z - Y)))", "D = np.tanh(Z - Y)"),
}


def planted(kind: str) -> list[list[str]]:
    """The mistakes of a kind: their name, and what makes them."""
    lines = (DATA / "mistakes.txt").read_text().splitlines()
    return [line.split(" | ", 2)[1:] for line in lines if line.startswith(f"{kind} | ")]


EDITS = [(name, *code.replace("NOTHING", "").split(" ==> ")) for name, code in planted("edit")]
KINDS = ("small", "bend", "harmless")
SMALL_BENDS, BENDS, HARMLESS = ([(n, code.replace("\\n", "\n")) for n, code in planted(kind)] for kind in KINDS)


def dense(r: Rng) -> tuple[str, str]:
    """A network of one to four layers, written out layer by layer, in one of three layouts."""
    depth, (head, (labels, functions, loss, slope)) = int(r.integers(1, 5)), pick(r, list(HEADS.items()))
    widths = ["n", *(pick(r, ["h", "h", "n", "3"]) for _ in range(depth - 1)), "k"]
    mean, decay, as_dict = pick(r, ["sum", "dZ", "dW"]), r.random() < 0.3, depth == 1 or r.random() < 0.4
    layers, names = range(1, depth + 1), list[str]()
    start, forward, back, results = [], [], [], list[str]()
    for i in layers:
        a, b, A = widths[i - 1], widths[i], f"A{i - 1}" if i > 1 else "X"
        W, bias = f'p["W{i}"]', f'p["b{i}"]'
        start.append(f'"W{i}": 0.7 * «N <<@lay {a},{b}||{b},{a}||{b},{a}>>»')
        start.append(f'"b{i}": 0.3 * «N <<@lay <<@flat {b}||1,{b}>>||{b},1||{b}>>»')
        forward.append(f"Z{i} = <<@lay «mm {A};{W}»||«mm {W};{A}»||«mm {A};{W}.T»>> + {bias}")
        names.append(f"Z{i}")
        if i < depth:
            forward.append(f"A{i} = «f1 Z{i}»")
            names.append(f"A{i}")
    seen = {name: f'c["{name}"]' if as_dict else name for name in names} | {"X": "X"}
    over, last = " / m" if mean == "dW" else "", f"Z{depth}"
    for i in reversed(layers):
        W, A = f'p["W{i}"]', seen[f"A{i - 1}" if i > 1 else "X"]
        extra = f" + 0.2 * {W}" if decay else ""
        back.append(f"dW{i} = <<@lay «mm {A}.T;dZ{i}»||«mm dZ{i};{A}.T»||«mm dZ{i}.T;{A}»>>{over}{extra}")
        rows, columns = f"«sum dZ{i};0»", f"«sumk dZ{i};1»"
        sums = f"<<@lay <<@flat {rows}||<<«sumk dZ{i};0»||{rows}>>>>||{columns}||{rows}>>"
        back.append(f"db{i} = {sums}{over}")
        results = [f'"dW{i}": dW{i}', f'"db{i}": db{i}', *results]
        if i > 1:
            Z, A = seen[f"Z{i - 1}"], seen[f"A{i - 1}"]
            back.append(f"dA{i - 1} = <<@lay «mm dZ{i};{W}.T»||«mm {W}.T;dZ{i}»||«mm dZ{i};{W}»>>")
            back.append(f"dZ{i - 1} = dA{i - 1} * «g1 {Z};{A}»")
            results += pick(r, [[], [], [f'"dA{i - 1}": dA{i - 1}', f'"dZ{i - 1}": dZ{i - 1}']])
    given = "{" + ", ".join(f'"{name}": {name}' for name in names) + "}" if as_dict else ", ".join(names)
    unpack = "c = forward(p)" if as_dict else f"{', '.join(names)} = forward(p)"
    penalty = "".join(f' + 0.1 * np.sum(p["W{i}"] ** 2)' for i in layers) if decay else ""
    loss, found = (loss if mean == "sum" else f"({loss}) / m"), f'forward(p)["{last}"]' if as_dict else "forward(p)[-1]"
    lines = [f"X, {labels.split(' = ')[0]} = «N <<@lay m,n||n,m||m,n>>», {labels.split(' = ', 1)[1]}"]
    lines += [f"parameters = {{{', '.join(start)}}}", functions + "def forward(p):", *("    " + f for f in forward)]
    lines += [f"    return {given}", "def cost(p):", f"    Z = {found}", f"    return {loss}{penalty}"]
    lines += ["def gradients(p):", f"    {unpack}", "    " + re.sub(r"\bZ\b", lambda _: seen[last], slope)]
    lines += [f"    dZ{depth} = D" + (" / m" if mean == "dZ" else ""), *("    " + b for b in back)]
    return f"dense: {head}", "\n".join([*lines, f"    return {{{', '.join(results)}}}", ""])


def pick(r: Rng, options: Sequence[T]) -> T:
    return options[int(r.integers(len(options)))]


def bracketed(code: str) -> str:
    """The code in parentheses, unless it is one name, an entry, a call or has them already."""
    return code if re.fullmatch(r"[\w.]+(\[[^\[\]]*\])*(\.T)?|\([^()]*\)(\.T)?", code) else f"({code})"


def choices(text: str, r: Rng) -> str:
    """The text with all choices made, from the inside out."""
    made: dict[str, int] = {}

    def choose(found: re.Match[str]) -> str:
        index = int(r.integers(len(options := found[2].split("||"))))
        return options[made.setdefault(found[1], index) % len(options) if found[1] else index]

    inner = re.compile(r"<<(?:@(\w+) )?((?:(?!<<|>>).)*)>>", re.DOTALL)
    while inner.search(text):
        text = inner.sub(choose, text)
    return text


def spelled(text: str, r: Rng) -> str:
    """The text with all macros written out, and the functions that they call defined."""
    name = pick(r, list(ACTIVATIONS))
    value, slopes_of = ACTIVATIONS[name]
    slope, inline, small = pick(r, slopes_of), r.random() < 0.6, pick(r, ["", "", *SMALL])
    normal = pick(r, ["rng.normal(size={})", "rng.standard_normal({})", "rng.normal(0, 1, {})"])

    def spell(found: re.Match[str]) -> str:
        macro, args = found[1], found[2].split(";")
        a, b = bracketed(args[0]), bracketed(args[-1])
        if macro == "N":
            return normal.format("(" + re.sub(r", *", ", ", args[0]) + ")" if "," in args[0] else args[0])
        if macro == "f1":
            return f"{name}({args[0]})"
        if macro == "g1" and not inline:
            return f"{name}_slope({args[0]}, {args[1]})"
        if macro == "g1":
            return "(" + re.sub(r"\b[az]\b", lambda v: args[v[0] == "a"], slope) + ")"
        if macro == "log":
            return f"np.log({small.format(args[0])})" if small else f"np.log({args[0]})"
        if macro in ("sum", "sumk"):
            axis = f"axis={b}" + ", keepdims=True" * (macro == "sumk") if len(args) > 1 else ""
            return pick(r, [f"np.sum({args[0]}{', ' * bool(axis)}{axis})", f"{a}.sum({axis})"])
        forms = [f"{a} @ {b}", f"{a} @ {b}", f"np.dot({args[0]}, {args[1]})", f"{a}.dot({args[1]})"]
        if macro == "mm":
            forms += [f"np.matmul({args[0]}, {args[1]})", f'np.einsum("ij,jk->ik", {args[0]}, {args[1]})']
        if macro == "mv":
            forms += [f"({a} * {b}).sum(axis=1)", f'np.einsum("ij,j->i", {args[0]}, {args[1]})']
            forms += [f"np.array([np.dot(row, {args[1]}) for row in {a}])"]
        return pick(r, forms + [f"np.sum({a} * {b})"] * (macro == "dot"))

    while "«" in text:
        text = re.sub(r"«(\w+) ([^«»]*)»", spell, text)
    if f"{name}_slope(" in text:
        text = text.replace("def gradients", f"def {name}_slope(z, a):\n    return {slope}\ndef gradients")
    if re.search(rf"(?<![.\w]){name}\(", text) and f"def {name}(" not in text:
        text = re.sub(r"^(?=def |class )", f"def {name}(z):\n    return {value}\n", text, count=1, flags=re.MULTILINE)
    weight = pick(r, ["W", "W", "W", "M", "w", "Theta"])
    return text if re.search(rf'"{weight}["\d]', text) else re.sub(r'"(d?)W(?=[\d"{])', rf'"\1{weight}', text)


def styled(text: str, seed: int) -> str:
    """The whole file: sizes, imports, names, and functions as they are, in a class or in a closure."""
    r = np.random.default_rng(seed)
    sizes = {name: int(r.integers(low, high + 1)) for name, (low, high) in SIZES.items()}
    literal, parameter = r.random() < 0.4, pick(r, ["p", "p", "params", "parameters", "model", "values_of"])
    rename = {"p": parameter} | ({name: str(size) for name, size in sizes.items()} if literal else {})
    words = re.compile(r'("[^"\n]*")|(?<![.\w])(' + "|".join(rename) + r")\b")
    text = words.sub(lambda f: f[1] or rename[f[2]], text)
    first, *functions = re.split(r"^(?=def |class )", text, flags=re.MULTILINE)
    used = [name for name in sizes if not literal and re.search(rf"\b{name}\b", text)]
    head = f"import numpy as np\n\nrng = np.random.default_rng({r.integers(1000)})\n"
    if used:
        head += f"{', '.join(used)} = {', '.join(str(sizes[name]) for name in used)}\n"
    form = pick(r, ["plain", "plain", "plain", "class", "closure"])
    if form == "class" and "class " not in text:
        names = "|".join(re.findall(r"^def (\w+)", text, flags=re.MULTILINE))
        methods = [re.sub(rf"(?<![\w.])(?<!def )({names})\(", r"self.\1(", f) for f in functions]
        methods = [re.sub(r"^def (\w+)\(", r"def \1(self, ", f) for f in methods]
        body = "\n".join(re.sub(r"^(?=.)", "    ", f, flags=re.MULTILINE) for f in methods)
        functions = [f"class Model:\n{body}", "model_ = Model()\ncost, gradients = model_.cost, model_.gradients\n"]
    elif form == "closure" and "class " not in text:
        body = "\n".join(re.sub(r"^(?=.)", "    ", f, flags=re.MULTILINE) for f in functions)
        functions = [f"def build():\n{body}\n    return cost, gradients\n", "cost, gradients = build()\n"]
    whole = head + "\n\n".join([first, *functions])
    return "import math\n\n" + whole if "math." in whole else whole


class Facts(NamedTuple):
    """A right program and what was measured of it, here and at a second point."""

    parameters: dict[str, Any]
    cost: float
    truth: dict[str, np.ndarray]
    given: dict[str, np.ndarray]
    effect: float
    gradients: dict[str, Any]
    elsewhere: dict[str, Any]
    there: dict[str, np.ndarray]


def examined(text: str, r: Rng) -> Facts | None:
    """The facts of a program all of whose gradients are right, or None."""
    program = load(text)
    parameters = copied(program["parameters"])
    given = truth = slopes(program["cost"], parameters)
    effect, plain = 0.0, exact_text(text)
    if plain != text:
        truth = slopes(load(plain)["cost"], parameters)
        effect = small_effect(truth, given)
    gradients = program["gradients"](copied(parameters))
    if effect > SMALL_EFFECT or set(verdicts(parameters, gradients, truth).values()) != {RIGHT}:
        return None
    elsewhere = {
        n: v + 0.1 * float(r.normal()) if isinstance(v, float) else v + 0.1 * r.normal(size=v.shape)
        for n, v in parameters.items()
    }
    there = program["gradients"](copied(elsewhere))
    there = {
        n: np.broadcast_to(np.squeeze(there["d" + n]) if np.ndim(v) == 0 else there["d" + n], np.shape(v))
        for n, v in parameters.items()
    }
    cost = float(np.squeeze(program["cost"](copied(parameters))))
    return Facts(parameters, cost, truth, given, effect, gradients, elsewhere, there)


def judged(text: str, facts: Facts) -> frozenset[str] | None:
    """The parameters whose gradient is wrong in the changed program, or None if one is neither right nor wrong."""
    program = load(text)
    here = copied(facts.parameters)
    costs = [float(np.squeeze(program["cost"](here)))]
    gradients, again = program["gradients"](here), program["gradients"](copied(facts.parameters))
    costs.append(float(np.squeeze(program["cost"](here))))
    same = all(np.array_equal(gradients["d" + n], again["d" + n]) for n in here)
    untouched = all(np.array_equal(here[n], v) for n, v in facts.parameters.items())
    if not (same and untouched and costs == [facts.cost] * 2):
        return None
    found = verdicts(here, gradients, facts.truth)
    wrong = frozenset(n for n, v in found.items() if v == WRONG)
    if wrong and facts.effect:
        loosely = verdicts(here, gradients, facts.given)
        if facts.effect > 1e-4 or any(loosely[n] != WRONG for n in wrong):
            return None
    there = verdicts(facts.elsewhere, program["gradients"](copied(facts.elsewhere)), facts.there)
    return None if UNCLEAR in found.values() or any(there[n] != RIGHT for n in found if n not in wrong) else wrong


def bent(text: str, facts: Facts, code: str, r: Rng) -> str:
    """The program with a line about one gradient at the end of its gradients."""
    if code == "AT_ROUNDED":
        return re.sub(r"def gradients.*\n", r"\g<0>    p = {n: np.round(v, 2) for n, v in p.items()}\n", text)
    names = list(facts.truth)
    share = np.sqrt([facts.truth[n].size for n in names])
    name = names[int(r.choice(len(names), p=share / share.sum()))]
    shape, slope, value = facts.truth[name].shape, np.ravel(facts.truth[name]), np.ravel(facts.parameters[name])
    i, j, top = int(r.integers(slope.size)), int(r.integers(slope.size)), float(np.abs(slope).max()) or 1.0
    if code == "SQUEEZE":
        code = "g = g.ravel()" if shape[:1] == (1,) else "g = g.reshape(g.shape)"
    row, digits = int(r.integers((shape or (1,))[0])), int(np.ceil(-np.log10(top))) + int(r.integers(1, 3))
    line = code.format(
        i=i,
        j=j,
        row=row,
        w=f'p["{name}"]',
        limit=f"{0.8 * top:.3g}",
        digits=digits,
        below=f"{value[i] - 0.01:.4f}",
        name=name,
    )
    head, result = text.rsplit("\n    return ", 1)
    return (
        f'{head}\n    grads = {result.rstrip()}\n    g = np.array(grads["d{name}"], dtype=float)\n'
        f'    {line}\n    grads["d{name}"] = g\n    return grads\n'
    )


def edited(text: str, r: Rng) -> tuple[str, str]:
    """A mistake in the code of the gradients, which stands behind that of the cost, and the program with it."""
    start = min(i for i in (text.find(f"\n{word} ", text.index("def cost")) for word in ("def", "class")) if i > 0)
    found = [(name, f, new) for name, old, new in EDITS for f in re.compile(old).finditer(text, start)]
    name = pick(r, sorted({name for name, _, _ in found}))
    _, match, new = pick(r, [f for f in found if f[0] == name])
    return name, text[: match.start()] + match.expand(new) + text[match.end() :]


def drawn(r: Rng, family: str, wish_wrong: bool) -> Program | None:
    """A program of the family with the wished label, or None if this draft does not give one."""
    title, template = dense(r) if family == "dense" else (family, TEMPLATES[family])
    draft, style = spelled(choices(template, r), r), int(r.integers(2**31))
    facts = examined(styled(draft, style), r)
    if facts is None:
        return None
    for _ in range(8):
        text, mistake = draft, ""
        if wish_wrong and r.random() < (0.8 if "<<@big" in template else 0.5):
            mistake, code = pick(r, SMALL_BENDS if r.random() < 0.6 else BENDS)
            text = bent(draft, facts, code, r)
        elif wish_wrong:
            mistake, text = edited(draft, r)
        elif r.random() < 0.4:
            text = bent(draft, facts, pick(r, HARMLESS)[1], r)
        text = styled(text, style)
        try:
            wrong = judged(text, facts)
        except FAILURES:  # a planted mistake may make the code fail
            continue
        if wrong is not None and bool(wrong) == wish_wrong:
            return Program("", text, wrong, title + (" (small number)" if facts.effect else ""), mistake)
    return None


def programs(seed: int) -> Iterator[Program]:
    """Endless programs, the same for the same seed, one half of them wrong."""
    r, number = np.random.default_rng(seed), 0
    while True:
        wish_wrong, program = bool(r.random() < 0.5), None
        family = "dense" if r.random() < DENSE_SHARE else pick(r, list(TEMPLATES))
        for _ in range(20):
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                program = program or drawn(r, family, wish_wrong)
        if program:
            yield program._replace(name=f"{seed}-{number} {program.family}")
            number += 1
