"""One step by itself: the local derivative of one variable, as a Jacobian and as the product that avoids it."""

import ast
from collections.abc import Sequence
from math import prod
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..naming import labels
from ..recorded import Recorded
from ..tensor import Tensor, record
from ..walk import backpropagate, graph
from .deriving import Derivation, examples, is_mask
from .explanation import told
from .formulas import evaluate, folded, names_in, renamed
from .points import called_anew
from .writing import WITHOUT_A_TRACE, called, text, tree

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

    They may be in between or parameters. Where they are the operands of y itself, in order, and one of them stands
    there twice, each place has its own derivative. ValueError where one that is no operand is named twice.
    """
    if len({t for t, _ in ends}) < len(ends) and len(y.parents) != len(ends):
        raise ValueError(f"local_derivatives: {', '.join(own for _, own in ends)}; each is expected once")
    places = [(record(np.positive, (Tensor(t.recorded),)), own) for t, own in distinct(ends)]  # as variables
    if list(map(id, y.parents)) == [id(t) for t, _ in ends]:
        each = iter(places)
        arguments = tuple(next(each)[0] if type(a) is Tensor else a for a in y.arguments)
        again = record(y.function, arguments, y.keywords)
    else:
        fresh = {t: place for (t, _), (place, _) in zip(ends, places, strict=True)}
        between = inside(y, set(fresh))
        again = called_anew([t for t in graph(y) if t in between and t not in fresh] + [y], fresh)[y]
    g = np.random.default_rng(0).normal(size=y.shape)
    J: Tensor = np.sum(again * g) if y.ndim else again  # its gradient by y is g, or 1
    known = {**dict(places), again: name} | ({J: "J"} if y.ndim else {})
    step = Derivation(Recorded(J, {}, it.arrays | {f"d{name}": [g]}, {}, {}, [], None), known, None, examples(J))
    said = {own: plain for (_, plain), (_, own) in zip(ends, places, strict=True)}
    inputs, names, parts = {place for place, _ in places}, {*said, name, *it.arrays}, []
    for (t, plain), (place, _) in zip(ends, places, strict=True):
        formula = step.step(place).formula
        masks = {c: "mask" for c, held in step.reader.constants.items() if is_mask(held) and c not in names}
        count = multiplications(formula, step.scopes[0]) if formula else 0
        formula = folded(renamed(formula, said) if y.ndim or not formula else f"d{name} * ({renamed(formula, said)})")
        table, alone = jacobian(again, place, inputs), factor(renamed(formula, masks), f"d{name}", names)
        parts.append(Local(plain, t.shape, formula, alone, table, y.size * t.size, count))
    return OneStep(name, step.forward(again), y.shape, parts)


def distinct(ends: Sequence[tuple[Tensor, str]]) -> list[tuple[Tensor, str]]:
    """The same with a mark where a name comes a second time."""
    found: dict[str, Tensor] = {}
    for t, name in ends:
        while name in found:
            name += "_"
        found[name] = t
    return [(t, name) for name, t in found.items()]


def factor(formula: str, g: str, known: set[str]) -> str:
    """A formula without the gradient that comes in: × (1 - A^2) for g * (1 - A ** 2), W^T · for W.T @ g.

    Nothing where a constant stands in it that the code has no name for.
    """
    if not formula or names_in(formula) - known - {g, "np", "scatter_add", "mask", "m"}:
        return ""
    node = tree(formula)
    if called(node) == "scatter_add" and ast.unparse(node.args[0]) == g:  # type: ignore[attr-defined]
        return f"· at [{ast.unparse(node.args[1]).strip('()')}], else 0"  # type: ignore[attr-defined]
    if any(g in {k.id for k in ast.walk(n) if isinstance(k, ast.Name)} for n in ast.walk(node) if is_whole(n)):
        written = text(renamed(formula, {g: "DOT"})).replace("DOT", "·")
        return "× 1" if written == "·" else written
    left = folded(renamed(formula, {g: "1"}))
    alone = text(left)
    one = isinstance(tree(left), ast.Name | ast.Constant | ast.Call | ast.Compare)
    return f"× {alone}" if one else f"× ({alone})"


def is_whole(node: ast.AST) -> bool:
    """Whether this does more to a table than something to each of its entries."""
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    plain = isinstance(node, ast.Call) and called(node) in WITHOUT_A_TRACE
    return product or (isinstance(node, ast.Call | ast.Subscript | ast.Attribute) and not plain)


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
