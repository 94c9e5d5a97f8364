"""Files with hand-written gradients as people hand them in, without a driver, half of them with a planted mistake.

The templates (data/generators/undriven.txt) are Python with four marks, resolved in this order: $name is a name bound
once for a file, @macro(a,b) a formula in the file's convention, ‹a‖b› a free choice, and «right¦kind→wrong¦...» a place
for a mistake; ¦+ adds factors and signs to it, ¦* also a single entry. Below ---- stands the driver, which only
verification sees."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from .undriven_labels import complaint


class Program(NamedTuple):
    """One file, whether its gradients are right, where it comes from, and what verifies the label."""

    name: str
    text: str
    right: bool
    family: str
    mistake: str
    driver: str


DATA = Path(__file__).parents[1] / "data" / "generators"
Names = dict[str, str]
Draft = tuple[str, Names, Names]  # a template, the names bound in it, its macros

SECTIONS = re.split(r"^==== (\w+)\n", (DATA / "undriven.txt").read_text(), flags=re.M)
TEMPLATES = {name: text.rstrip("\n") for name, text in zip(SECTIONS[1::2], SECTIONS[2::2], strict=False)}
VOCABULARY, COLUMNS, ROWS = (
    dict(line.split(": ", 1) for line in TEMPLATES[name].splitlines()) for name in ("vocabulary", "columns", "rows")
)
TOGETHER: list[list[Names]] = [  # names that go together
    [{"halfreg": "reg", "twice": "2 * reg"}, {"halfreg": "0.5 * reg", "twice": "reg"}],
    [{"na": "input_size", "nb": "hidden_size", "nc": "output_size"}, {"na": "n_in", "nb": "n_hidden", "nc": "n_out"}],
    [{"naive": ""}, {"naive": "_naive"}],
    [{"small": ""}, {"small": ""}, {"small": " + 1e-9"}],
    [{"lnarg": "eps=1e-5", "lneps": "", "ln": "[]"},
     {"lnarg": "ln_param", "lneps": '    eps = ln_param.get("eps", 1e-5)\n', "ln": "[{}]"}],
    [{"bnback": TEMPLATES["bn_back_short"]}, {"bnback": TEMPLATES["bn_back_staged"]}],
    [{"flags": "weight_decay=False, decay_rate=0.05", "decay":
      "        if self.decays:\n            self.dW = self.dW + self.rate * self.W\n", "keepflags":
      "        self.decays = weight_decay\n        self.rate = decay_rate\n"},
     {"flags": "use_bias=True", "decay": "", "keepflags": "        self.use_bias = use_bias\n"},
     {"flags": "scale=0.1", "decay": "", "keepflags": ""}],
    [{"stem": "leaky_relu", "forward": "np.where(x > 0, x, 0.1 * x)", "derivative": "np.where(x > 0, 1.0, 0.1)",
      "mistaken": "np.where(x > 0, 1.0, 0.0)"},
     {"stem": "softplus", "forward": "np.log(1 + np.exp(x))", "derivative": "1 / (1 + np.exp(-x))", "mistaken":
      "1 / (1 + np.exp(x))"},
     {"stem": "elu", "forward": "np.where(x > 0, x, np.exp(x) - 1)", "derivative": "np.where(x > 0, 1.0, np.exp(x))",
      "mistaken": "np.where(x > 0, 1.0, np.exp(x) - 1)"},
     {"stem": "swish", "forward": "x / (1 + np.exp(-x))", "mistaken": "1 / (1 + np.exp(-x))", "derivative":
      "(1 + np.exp(-x) + x * np.exp(-x)) / (1 + np.exp(-x)) ** 2"}],
]  # fmt: skip
# forward, the right derivatives at z = {0} and a = {1}, and wrong ones: of another function, of the other variable
ACTIVATIONS = {
    "tanh": ("np.tanh({0})", "(1 - {1} ** 2)‖(1 - np.power({1}, 2))‖(1 - {1} * {1})‖tanh_derivative({0})",
             ["(1 - {1})", "{1} * (1 - {1})"], ["(1 - {0} ** 2)", "tanh_derivative({1})"]),
    "sigmoid": ("sigmoid({0})",
                "{1} * (1 - {1})‖sigmoid({0}) * (1 - sigmoid({0}))‖sigmoid_derivative({0})‖d_sigmoid({1})",
                ["(1 - {1} ** 2)", "(1 - {1})"], ["{0} * (1 - {0})", "sigmoid_derivative({1})", "d_sigmoid({0})"]),
    "relu": ("‹np.maximum(0, {0})‖relu({0})›", "({0} > 0)‖({1} > 0)‖relu_derivative({0})",
             ["({0} < 0)", "(1 - {1} ** 2)"], ["({0} > 1)"]),
    "leaky_relu": ("np.where({0} > 0, {0}, 0.1 * {0})", "np.where({0} > 0, 1, 0.1)",
                   ["({0} > 0)", "np.where({0} > 0, 1, 0.01)"], []),
}  # fmt: skip
HELPERS = {name: text for name, text in TEMPLATES.items() if name in TEMPLATES["helpers"].split()}
BESIDE = TEMPLATES["beside"].split("\n\n")
# forward, sign of the cost, what is summed, the error that goes back (of a = {0} and y = {1}), units, labels
OUTPUTS = {
    "sigmoid": ("sigmoid({0})", "-", "{1} * np.log({0}) + (1 - {1}) * np.log(1 - {0})",
                "‹dZ{2} = «({0} - {1})¦wrong_sign→({1} - {0})¦*»‖dA{2} = «-({1} / {0} - (1 - {1}) / (1 - {0}))¦*»\n    "
                "dZ{2} = dA{2}« * {0} * (1 - {0})¦missing_activation_derivative→¦wrong_derivative→ * (1 - {0} ** 2)»›"
                "@c()", 1, "(draw(*s) > 0) * 1.0"),
    "softmax": ("softmax({0})", "-", "{1} * np.log({0})", "dZ{2} = «({0} - {1})¦wrong_sign→({1} - {0})¦*»@c()",
                3, "np.eye(3)[rng.integers(3, size=7)]"),
    "integers": ("softmax({0})", "-", "np.log({0}[$pick])", "dZ{2} = {0}.copy()\n    dZ{2}[$pick] -= «1¦wrong_constant→"
                 "1.001¦wrong_sign→-1»\n    dZ{2} = dZ{2}@c()", 3, "rng.integers(3, size=7)"),
    "linear": ("{0}", "‹0.5 * ‖1 / 2 * ›", "({0} - {1}) ** 2", "dZ{2} = «({0} - {1})¦*»@c()", 2, "draw(*s)"),
    "linear_2": ("{0}", "", "‹({0} - {1}) ** 2‖np.square({0} - {1})›",
                 "dZ{2} = «2 * ({0} - {1})¦missing_factor_2→({0} - {1})¦*»@c()", 2, "draw(*s)"),
    "quadratic": ("sigmoid({0})", "0.5 * ", "({0} - {1}) ** 2",
                  "dZ{2} = «({0} - {1})¦*»« * {0} * (1 - {0})¦missing_activation_derivative→»@c()", 2, "draw(*s)"),
}  # fmt: skip
PER_M = "« / $m¦missing_1_over_m→¦divided_twice_by_m→ / $m / $m¦integer_division→ // $m¦wrong_count→ / ($m - 1)»"
BEFORE = "«(1 / $m) * ¦missing_1_over_m→¦integer_division→(1 // $m) * ¦factor→(2 / $m) * »"
SCALES = {  # where a mean is divided: at each weight, before each, in dZ, nowhere
    "each": {"s": PER_M, "p": "", "c": ""}, "before": {"s": "", "p": BEFORE, "c": ""},
    "carried": {"s": "", "p": "", "c": PER_M}, "summed": {"s": "", "p": "", "c": ""},
}  # fmt: skip
REGULARISATION = [  # in the cost, in the gradient, and wrong there
    ("$lam / (2 * $m) * ", "$lam / $m * ", ["$lam * ", "$lam / (2 * $m) * "]),
    ("0.5 * $lam * ", "$lam * ", ["0.5 * $lam * ", "-$lam * "]),
    ("$lam * ", "2 * $lam * ", ["$lam * ", "2.01 * $lam * "]),
]  # fmt: skip
SUMS = {  # the gradient of a bias; that of a single unit may be a number
    "COLUMNS": "np.sum({0}, axis=1, keepdims=True)",
    "ROWS": "‹np.sum({0}, axis=0)‖np.sum({0}, axis=0, keepdims=True)‖{0}.sum(axis=0)›",
}


def activation(kind: str) -> Names:
    """The macros f(z) and d(z,a): an activation, and how its derivative is multiplied to what comes back."""
    forward, right, other, variable = ACTIVATIONS[kind]
    wrong = [f"¦wrong_derivative→ * {w}" for w in other]
    wrong += [f"¦derivative_of_the_wrong_variable→ * {w}" for w in variable]
    start = f"« * ‹{right}›¦missing_activation_derivative→¦activation_for_its_derivative→ * {{1}}"
    return {"f": forward, "d": start + "".join(wrong) + "»"}


def convention(rng: Random, outputs: str, last: str) -> tuple[Names, Names]:
    """Names and macros that a network is written in; the last layer's output is called `last`."""
    columns, kind, scale = rng.random() < 0.5, rng.choice(outputs.split()), rng.choice(list(SCALES))
    out, sign, inner, error, units, labels = OUTPUTS[kind]
    log, flat = "np.log" in inner, kind == "sigmoid" and rng.random() < 0.2
    mean = ["np.sum(@e())"] if scale == "summed" else ["np.sum(@e()) / $m", "(1 / $m) * np.sum(@e())"]
    mean += ["np.mean(@e())"] * (scale != "summed" and (units == 1 or kind == "integers"))
    epsilon = rng.choice(["", "", "", " + 1e-8"])
    inner = re.sub(r"np\.log\((.*?)\)", rf"np.log(\1{epsilon})", inner.replace("{0}", last).replace("{1}", "$Y"))
    weight, slope, wrong = rng.choice(REGULARISATION[scale == "summed" :])
    shape = f"{units}, 7" if columns else f"7, {units}"
    sums, number = SUMS["COLUMNS" if columns else "ROWS"], "‖np.sum({0})" * (units == 1)
    names = {
        "ax": "0" if columns else "1", "k": str(units), "data": "draw(4, 7)" if columns else "draw(7, 4)",
        "labels": labels.replace("*s", "7" if flat else shape) + ".T" * (columns and kind == "softmax"), "sign": sign,
        "clip": f"    {last} = np.clip({last}, 1e-10, 1 - 1e-10)\n" * (log and rng.random() < 0.15), "weight": weight,
        "count": "$Y.size" if kind == "integers" or flat else "$Y.shape[1]" if columns else "len($Y)",
        "mean": rng.choice(mean), "pick": "$Y, np.arange($m)" if columns else "np.arange($m), $Y",
        "flat": f"    $Y = $Y.reshape({'1, -1' if columns else '-1, 1'})\n" * flat,
    }  # fmt: skip
    weights = "".join(f"¦wrong_regularization→ + {b}{{0}}" for b in wrong)
    regular = f"« + {slope}{{0}}¦missing_regularization→{weights}»"
    macros = {**(COLUMNS if columns else ROWS), **SCALES[scale], **activation(rng.choice(list(ACTIVATIONS)))}
    row = rng.choice(["(1, {0})", "{0}"])
    sums = sums.replace("‖np.sum({0}, axis=0, keepdims=True)", "") if row == "{0}" else sums
    macros |= {k: macros["gb"].replace("$axes", f"‹{sums}{n}›") for k, n in (("gl", number), ("gb", ""))}
    if "softmax" not in out:  # of one unit, both are right
        macros["gl"] = re.sub("¦(bias_squeezed|summed_over_all)→[^¦»]*", "", macros["gl"])
    macros["bs"] = macros["bs"].replace("$brow", row)
    return names, macros | {"r": regular, "none": "", "e": inner, "out": out, "err": error}


def joined(*names: str) -> str:
    """Templates one below the other, each with its driver below its text."""
    texts, drivers = zip(*(TEMPLATES[name].partition("\n----\n")[::2] for name in names), strict=False)
    return "\n\n\n".join(texts) + ("\n----\n" + "\n".join(drivers) if any(drivers) else "")


def replaced(text: str, by: Names) -> str:
    """The text with every key exchanged for its value."""
    return re.sub("|".join(map(re.escape, by)), lambda found: by[found[0]], text)


def quartet(dropout: bool, both: bool) -> Callable[[Random], Draft]:
    """initialize, forward, cost, backward of two layers; with a mask; or with both passes once more, regularised."""

    def draft(rng: Random) -> Draft:
        names, macros = convention(rng, "sigmoid sigmoid softmax softmax integers linear linear_2 quadratic", "A2")
        loose, regular, packed = rng.random() < 0.3, not both and rng.random() < 0.35, rng.random() < 0.6
        keys = ["Z1", "A1", "Z2", "A2"] + ["H1", "$D1"] * dropout
        every, kept, weights = ", ".join(keys), ", $keep" * dropout, "$w1, $b1, $w2, $b2"
        orders = ["$params, $cache, $X, $Y", "$X, $Y, $params, $cache", "$cache, $params, $X, $Y"]
        mask = rng.choice(["np.random.rand(*H1.shape) < $keep", "(np.random.rand(*H1.shape) < $keep).astype(float)"])
        undrop = "« * $D1¦missing_mask→¦wrong_mask→ * (1 - $D1)»« / $keep¦missing_keep_prob→¦wrong_keep_prob→ * $keep»"
        looks = ("$params", weights), ("$cache", every)
        stored, caches = (", ".join(f'"{k}": {k}' for k in ks.split(", ")) for ks in (weights, every))
        looked, cached = (", ".join(f'{of}["{k}"]' for k in ks.split(", ")) for of, ks in looks)
        names |= {
            "h": "H1" if dropout else "A1", "costname": "$cost", "backname": "$back", "loose": "pass",
            "undrop": undrop * dropout, "drop": f"    $D1 = {mask}\n    A1 = H1 * $D1 / $keep\n" * dropout,
            "arrays": TEMPLATES["arrays"], "made": f"{{{stored}}}", "fsig": f"$X, $params{kept}", "got": "A2, $cache",
            "unpack": f"    {weights} = {looked}\n", "returned": f"A2, {{{caches}}}" if packed else f"A2, ({every})",
            "uncache": f"    {every} = {cached if packed else '$cache'}\n", "bsig": rng.choice(orders) + kept,
            "slopes": f"{{{stored}}}".replace("$", "d$"),
        }  # fmt: skip
        squares, weighed = '(np.sum($params["$w1"] ** 2) + np.sum(np.square($params["$w2"])))', ", $params"
        if loose:
            squares, weighed = "(np.sum($w1 ** 2) + np.sum($w2 ** 2))", ", $w1, $w2"
            names |= {"unpack": "", "uncache": "", "made": weights, "fsig": f"$X, {weights}{kept}", "returned": every,
                      "got": every, "bsig": f"$X, $Y, {every}, $w1, $w2{kept}",
                      "loose": f"{weights} = $params.values()", "slopes": weights.replace("$", "d$")}  # fmt: skip
        plain = {"penalty": f" + $weight{squares}" * regular, "csig": "A2, $Y" + f"{weighed}, $lam" * regular}
        names |= plain | {"bsig": names["bsig"] + ", $lam" * regular}
        text, tail = joined("two", "cost", "two_back"), TEMPLATES["data"] + "\n\n\n" + TEMPLATES["run"]
        text = text if regular else text.replace("@r(", "@none(")
        if both:
            long = {"$costname": "$cost_with_regularization", "$backname": "$back_with_regularization",
                    "$penalty": f" + $weight{squares}", "$csig": f"A2, $Y{weighed}, $lam",
                    "$bsig": names["bsig"] + ", $lam"}  # fmt: skip
            text += "\n\n\n" + replaced(joined("cost", "two_back"), long)
            tail += "\n\n\n" + replaced(TEMPLATES["run"], long)
        return f"{text}\n----\n{tail}", names, macros

    return draft


def deep(rng: Random) -> Draft:
    """The same of any number of layers, in loops; dA is numbered from nought or from one."""
    names, macros = convention(rng, "sigmoid sigmoid softmax integers linear linear_2", "AL")
    regular, number = rng.random() < 0.3, rng.choice([("l", "l - 1", "L - 1"), ("l + 1", "l", "L")])
    penalty = ' + $weightnp.sum([np.sum($params["W" + str(l)] ** 2) for l in range(1, len($params) // 2 + 1)])'
    names |= dict(zip(("read", "write", "badly"), number, strict=False)) | {
        "csig": "AL, $Y" + ", $params, $lam" * regular, "bsig": "AL, $Y, caches" + ", $lam" * regular,
        "got": "AL, caches", "init": rng.choice(["initialize_parameters_deep", "init_layers", "initialize_network"]),
        "fsig": "$X, $params", "penalty": penalty.replace("$weight", names["weight"]) * regular, "costname": "$cost",
        "loose": "pass", "backname": rng.choice(["L_model_backward", "$back"]), "arrays": TEMPLATES["deep_arrays"],
    }  # fmt: skip
    text = joined("deep", "cost", "deep_back")
    text = text if regular else text.replace("@r(", "@none(")
    return text + "\n----\n" + TEMPLATES["data"] + "\n\n\n" + TEMPLATES["run"], names, macros


def class_network(rng: Random) -> Draft:
    """A class that keeps its layers in attributes, and stores or returns the gradients."""
    names, macros = convention(rng, "sigmoid sigmoid softmax integers linear linear_2 quadratic", "A2")
    weights, stores = ["$w1", "$b1", "$w2", "$b2"], rng.random() < 0.5
    steps = "".join(f"        self.{k} -= $lr * self.d{k}\n" for k in weights)
    gave = "        return {" + ", ".join(f'"d{k}": d{k}' for k in weights) + "}"
    names |= {k: re.sub(r"(?m)^(?=.)", "    ", names[k]) for k in ("flat", "clip")}
    names |= {f"d{k}": "self." * stores + f"d${k}" for k in "wb"} | {"arrays": TEMPLATES["arrays"]}
    names |= {"finish": f"\n    def update(self, $lr):\n{steps.rstrip()}" if stores else gave}
    return TEMPLATES["class_network"], names, macros | {"err": macros["err"].replace("\n    ", "\n        ")}


def written(*templates: str) -> Callable[[Random], Draft]:
    """What stands in the templates as it is, in any convention."""

    def draft(rng: Random) -> Draft:
        names, macros = convention(rng, "sigmoid", "A")
        before = any("@p()" in TEMPLATES[t] for t in templates) and rng.random() < 0.5
        macros |= SCALES["before" if before else "each"]
        return joined(*templates), names | {"ax": "1"}, macros

    return draft


def several(among: str) -> Callable[[Random], Draft]:
    """A file of two to four of these, of which one is wrong where one is."""
    return lambda rng: written(*rng.sample(TEMPLATES[among].split(), rng.randint(2, 4)))(rng)


FAMILIES: dict[str, tuple[float, Callable[[Random], Draft]]] = {  # how often, and what
    "quartet": (6, quartet(False, False)), "quartet_with_dropout": (3, quartet(True, False)),
    "quartet_plain_and_regularized": (3, quartet(False, True)), "quartet_deep": (6, deep),
    "class_network": (5, class_network), "several_layers": (3, several("layers")),
    "several_pairs": (3, several("pairs")),
    **{name: (1, written(name)) for name in joined("alone", "layers", "pairs").split()},
}  # fmt: skip


def resolved(text: str, names: Names, macros: Names, rng: Random) -> str:
    """The template with its names, macros and choices put in; the places for mistakes are left."""
    for _ in range(9):
        text = re.sub(r"\$([A-Za-z]+)", lambda found: names[found[1]], text)
        text = re.sub(r"@([a-z]+)\(([^()]*)\)", lambda found: fill(macros[found[1]], found[2].split(",")), text)
    while "‹" in text:
        text = re.sub(r"‹([^‹›]*)›", lambda found: rng.choice(found[1].split("‖")), text)
    return text


def fill(formula: str, arguments: list[str]) -> str:
    """A macro's formula with {0}, {1}, ... exchanged for its arguments."""
    return replaced(formula, {f"{{{i}}}": a for i, a in enumerate([*arguments, "", ""])})


def mistakes(text: str) -> dict[str, list[tuple[int, str, str]]]:
    """What can be planted: of each kind, the place, what stands there then, and a line that follows it."""
    kinds: dict[str, list[tuple[int, str, str]]] = {}
    for place, slot in enumerate(re.finditer("«([^»]*)»", text)):
        right, *others = slot[1].split("¦")
        line = text[: slot.start()].rpartition("\n")[2]
        name = line.strip().removesuffix(" =")
        for other in others:
            if "→" in other:
                kinds.setdefault(other.split("→")[0], []).append((place, other.split("→")[1], ""))
                continue
            for factor in ("2", "0.5", "1.001", "0.999"):
                kinds.setdefault(f"factor_{factor}", []).append((place, f"{factor} * ({right})", ""))
            kinds.setdefault("wrong_sign", []).append((place, f"-({right})", ""))
            if other == "*" and line.endswith(" = "):
                index = "[0, 0]" if re.search(r"W|nabla_w|w\d", name) else "[0]"
                entry = f"{line[: -len(line.lstrip())]}{name}{index} *= "
                kinds.setdefault("single_entry", []).extend((place, right, entry + f) for f in ("1.001", "0.999"))
    return kinds


def planted(text: str, at: int, instead: str, after: str) -> str:
    """The text with the right code at every place but one."""
    count = itertools.count()
    marked = re.sub("«([^»]*)»", lambda m: f"{instead}\0" if next(count) == at else m[1].split("¦")[0], text)
    return re.sub(r"\0(.*)", lambda found: found[1] + ("\n" + after if after else ""), marked)


def finished(text: str, names: Names, rng: Random) -> str:
    """The file: what it imports, the helpers it calls, now and then docstrings and functions that are no gradients."""
    for name, helper in HELPERS.items():
        if re.search(rf"\b{name}\(", text) and f"def {name}(" not in text:
            text = resolved(helper, names, {}, rng) + "\n\n\n" + text
    if rng.random() < 0.4:
        text += "".join("\n\n\n" + extra for extra in rng.sample(BESIDE, rng.randint(1, 2)))
    described = r'(?m)^( *)def ([a-z]\w*)(\(.*\):)$(?!\n +""")'
    text = re.sub(r"(?m)^ *(dZ\w*) = \1\n", "", re.sub(r"(?m)^( *dZ\w* = )\(([^()]*)\)$", r"\1\2", text))
    often = rng.choice([0.0, 0.0, 0.5, 1.0])

    def said(found: re.Match[str]) -> str:
        sentence = found[2].replace("_", " ").capitalize()
        return found[0] + f'\n{found[1]}    """{sentence}."""' * (rng.random() < often)

    text = re.sub(described, said, text)
    return "import numpy as np\n\n" + rng.choice(["", "", "np.random.seed(1)\n\n"]) + "\n" + text + "\n"


def drafts(seed: int) -> Iterator[Program]:
    """Programs whose label follows from how they were made, and is not verified yet."""
    rng = Random(seed)
    for number in itertools.count():
        family = rng.choices(list(FAMILIES), [often for often, _ in FAMILIES.values()])[0]
        template, names, macros = FAMILIES[family][1](rng)
        names = {k: rng.choice(v.split()) for k, v in VOCABULARY.items()} | names
        for together in TOGETHER:
            names |= rng.choice(together)
        names["seed"] = str(rng.randrange(10**6))
        text, _, driver = resolved(template, names, macros, rng).partition("\n----\n")
        right, mistake, plant = rng.random() < 0.52, "", (-1, "", "")
        if not right:
            kinds = mistakes(text)
            if names["mean"].startswith("np.mean"):
                kinds.pop("factor_0.5", None)  # right of two units
            general = [k for k in kinds if k.startswith(("factor_", "single_entry")) or k == "wrong_sign"]
            special = [k for k in kinds if k not in general]
            mistake = rng.choice(general if not special or (general and rng.random() < 0.35) else special)
            plant = rng.choice(kinds[mistake])
        text = finished(planted(text, *plant), names, rng)
        prelude = resolved(TEMPLATES["prelude"], names, {}, rng)
        driver = f"\n\n{prelude}\n\n\n{driver}\n{TEMPLATES['epilogue']}\n"
        yield Program(f"{family}_{seed}_{number}", text, right, family, mistake, driver)


def programs(seed: int) -> Iterator[Program]:
    """Programs without end whose labels hold, no text twice; the same for the same seed."""
    seen: set[str] = set()
    for program in drafts(seed):
        if program.text not in seen and not complaint(program):
            seen.add(program.text)
            yield program
