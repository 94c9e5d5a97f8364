"""One step by itself: the local derivative of one variable, as a Jacobian and as the product that avoids it."""

import ast
from math import prod
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..tensor import Tensor
from ..walk import backpropagate
from .explanation import told
from .formulas import evaluate
from .writing import text

ENTRIES = 100  # of a Jacobian that is shown


class Local(NamedTuple):
    """What comes back to one of the variables that another was computed from.

    formula      of its gradient, by the gradient that comes in, as code
    jacobian     dy/dx as a table, a row for each entry of y; None where it is large
    entries      of the Jacobian; a product with it takes as many multiplications
    products     the multiplications that the formula takes
    """

    name: str
    shape: tuple[int, ...]
    formula: str
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
