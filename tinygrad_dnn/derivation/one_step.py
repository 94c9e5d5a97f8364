"""One step by itself: the local derivative of one variable, as a Jacobian and as the product that avoids it."""

import ast
import keyword
from collections.abc import Sequence
from math import prod
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor, record
from ..engine.walk import backpropagate, graph
from ..program.naming import labels
from ..program.recorded import Recorded
from .deriving import Derivation
from .evaluation import evaluate, names_in, renamed
from .explanation import told
from .factors import factor
from .folding import folded
from .points import called_anew
from .writing import text

ENTRIES = 100  # of a Jacobian that is shown


class Local(NamedTuple):
    """What comes back to one of the variables that another was computed from.

    formula      of its gradient, by the gradient that comes in, as code
    factor       the local derivative as text: what the gradient that comes in, written ·, is multiplied with
    jacobian     dy/dx as a table, a row for each entry of y; None where it is large
    entries      of the Jacobian; a product with it takes as many multiplications
    products     the multiplications that the formula takes
    """

    name: str
    shape: tuple[int, ...]
    formula: str
    factor: str
    jacobian: Any
    entries: int
    products: int


class OneStep:
    """The local derivatives of one variable by those it was computed from. str() is text in 80 columns."""

    def __init__(self, name: str, formula: str, shape: tuple[int, ...], parts: list[Local]) -> None:
        self.name, self.formula, self.shape, self.parts = name, formula, shape, parts

    def __repr__(self) -> str:
        return f"<OneStep: {self.name} by {', '.join(part.name for part in self.parts)}>"

    def __getitem__(self, name: str) -> Local:
        for part in self.parts:
            if name in (part.name, f"d{part.name}"):
                return part
        raise KeyError(f"{self.name} is not computed from {name!r}; it is from {', '.join(p.name for p in self.parts)}")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self)}

    def __str__(self) -> str:
        lines = told(f"{self.name} = {text(self.formula)}", str(self.shape))
        for part in self.parts:
            lines += ["", *told(f"d{part.name} = {text(part.formula)}", str(part.shape))]
            table = f"d{self.name}/d{part.name} is a table of {prod(self.shape)} x {prod(part.shape)}"
            said = f"{table}: a product with it takes {part.entries:,} multiplications, the formula {part.products:,}"
            lines += wrap(said, 80, initial_indent="    ", subsequent_indent="    ")
            if part.jacobian is not None:
                with np.printoptions(precision=4, suppress=True, linewidth=76):
                    lines += ["    " + line for line in str(part.jacobian).split("\n")]
        return "\n".join(lines)


def one_step(it: Recorded) -> OneStep:
    """The step to a tensor from the named variables that it was computed from."""
    y = it.cost
    if y.function is None:
        raise ValueError(f"explain: {y.name or 'this tensor'} was given and not computed; there is no step to explain")
    names = {t: name for t, name in labels(y, graph(y), it.made, {""}).items() if t is not y}
    name = next((place.name for place in it.made.get(y, [])), "y")
    between = inside(y, set(names))
    return local_derivatives(it, y, name, [(t, names[t]) for t in between if t in names])


def local_derivatives(it: Recorded, y: Tensor, name: str, ends: Sequence[tuple[Tensor, str]]) -> OneStep:
    """The step to a tensor from others that it was computed from, which are taken as inputs, with their names.

    They may be in between or parameters. Where they are the operands of y itself, in order, each place has its own
    derivative, also of one that stands there twice. ValueError for what y is not computed from, for one that is no
    operand and named twice, and for names that no variable can have, or two have.
    """
    refuse(y, name, ends)
    places = [record(np.positive, (Tensor(t.recorded),)) for t, _ in ends]  # as variables
    if list(map(id, y.parents)) == [id(t) for t, _ in ends]:
        each = iter(places)
        again = record(y.function, tuple(next(each) if type(a) is Tensor else a for a in y.arguments), y.keywords)
    else:
        fresh = {t: place for (t, _), place in zip(ends, places, strict=True)}
        between = inside(y, set(fresh))
        again = called_anew([t for t in graph(y) if t in between and t not in fresh] + [y], fresh)[y]
    g = np.random.default_rng(0).normal(size=y.shape)
    J: Tensor = np.sum(again * g) if y.ndim else again  # its gradient by y is g, or 1
    own = {place: f"in{i}_" for i, place in enumerate(places)}  # names that nothing else has
    known = {**own, again: "out_"} | ({J: "J_"} if y.ndim else {})
    step = Derivation(Recorded(J, {}, it.arrays, {}, {}, [], None), known, None, None, ends={again})
    said = {own[place]: plain for (_, plain), place in zip(ends, places, strict=True)} | {"out_": name}
    inputs, parts = set(places), []
    for (t, plain), place in zip(ends, places, strict=True):
        formula = step.step(place).formula if place in step.backward else "0"
        scope, truth = step.scopes[0], step.backward.get(place, np.zeros(t.shape))
        count = multiplications(formula, scope) if formula else 0
        alone = factor(formula, "dout_", said | named(step, formula, it), scope, getattr(truth, "recorded", truth))
        full = said | {"dout_": f"d{name}"}
        full |= {c: f"{c}_" for c in names_in(formula) & step.reader.constants.keys() if c in full.values()}
        formula = formula if y.ndim or not formula else f"dout_ * ({formula})"
        table = jacobian(again, place, inputs)
        parts.append(Local(plain, t.shape, folded(renamed(formula, full)), alone, table, y.size * t.size, count))
    return OneStep(name, renamed(step.forward(again), said), y.shape, parts)


def refuse(y: Tensor, name: str, ends: Sequence[tuple[Tensor, str]]) -> None:
    """An error for ends that are none, and for names that are none."""
    told, reached = ", ".join(own for _, own in ends), set(graph(y)) - {y}
    twice = len({t for t, _ in ends}) < len(ends)
    if not all(t in reached for t, _ in ends):
        raise ValueError(f"local_derivatives: {name} is not computed from all of {told}")
    if twice and list(map(id, y.parents)) != [id(t) for t, _ in ends]:
        raise ValueError(f"local_derivatives: {told}: a tensor stands there twice and is no operand of {name}")
    words = [name, *{own for _, own in ends}]
    if not all(word.isidentifier() and not keyword.iskeyword(word) for word in words):
        raise ValueError(f"local_derivatives: {told}, {name}: names are expected that variables may have")
    first: dict[str, Tensor] = {}
    if any(own == name or first.setdefault(own, t) is not t for t, own in ends):
        raise ValueError(f"local_derivatives: {told}, {name}: two tensors have one name")


def named(step: Derivation, formula: str, it: Recorded) -> dict[str, str]:
    """What the constants of a formula are called: as in the code, and a mask that has no name there mask."""
    found, masks = dict[str, str](), 0
    for name in sorted(names_in(formula) & step.reader.constants.keys()):
        held = step.reader.constants[name]
        if name in it.arrays:
            found[name] = name
        elif isinstance(held, np.ndarray) and held.dtype == bool:
            masks += 1
            found[name] = f"mask{masks}"
    if masks == 1:
        found = {name: "mask" if own == "mask1" else own for name, own in found.items()}
    return {} if masks and "mask" in it.arrays else found


def jacobian(y: Tensor, x: Tensor, ends: set[Tensor]) -> Any:
    """dy/dx with every other variable held, a row for each entry of y; None where it has many entries."""
    if y.size * x.size > ENTRIES:
        return None
    rows = []
    for i in range(y.size):
        unit = np.zeros(y.size)
        unit[i] = 1.0
        found = backpropagate(y, unit.reshape(y.shape), through=inside(y, ends))
        rows.append(np.ravel(found[x]) if x in found else np.zeros(x.size))
    return np.array(rows)


def inside(y: Tensor, ends: set[Tensor]) -> set[Tensor]:
    """What lies between a variable and those it was computed from, and these; not what they were computed from."""
    found, waiting = set[Tensor](), list(y.parents)
    while waiting:
        p = waiting.pop()
        if p not in found:
            found.add(p)
            waiting += [] if p in ends else list(p.parents)
    return found


def multiplications(code: str, scope: dict[str, Any]) -> int:
    """How many a formula takes: one for each entry of a product, and rows x inner x columns for one of tables."""
    total = 0
    for node in ast.walk(ast.parse(code, mode="eval")):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Mult | ast.Div | ast.Pow):
            shape = np.shape(evaluate(ast.unparse(node), scope))
            inner = np.shape(evaluate(ast.unparse(node.left), scope))[-1] if isinstance(node.op, ast.MatMult) else 1
            total += prod(shape) * inner
    return total
