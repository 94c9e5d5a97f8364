"""What has no name: the differences in the lines of a turn, and what is compared, as its run finds them.

w -= rate * (x @ w - y) * x names neither its output nor its error. Each subtraction is kept with both of its sides:
one of them may be an output, and the other its labels.
"""

import ast
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor

MOST = 1000  # values of one expression that are kept


class Expression(str):
    """An expression of a file, where others have the name of a variable."""

    __slots__ = ()


class Difference(NamedTuple):
    """A subtraction, or a comparison, with its two sides; whole is None for a comparison."""

    whole: Expression | None
    left: Expression
    right: Expression


class Noting(ast.NodeTransformer):
    """Hands the differences of some lines to the keeper, each under its own text; of two that read alike the first.

    What an update takes a step from is none: W - rate * dW is the new W.
    """

    def __init__(self, keeper: str) -> None:
        self.keeper, self.found = keeper, list[Difference]()
        self.texts = set[str]()

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        value, own = node.value, {ast.unparse(target) for target in node.targets}
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub) and ast.unparse(value.left) in own:
            value.right = self.visit(value.right)
            return node
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.Sub):
            return self.generic_visit(node)
        whole, sides = ast.unparse(node), [ast.unparse(side) for side in (node.left, node.right)]
        if whole in self.texts:
            return node
        self.found.append(Difference(Expression(whole), *map(Expression, sides)))
        self.generic_visit(node)
        node.left, node.right = (
            self.kept(side, text) for side, text in zip((node.left, node.right), sides, strict=True)
        )
        return self.kept(node, whole)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        sides = [ast.unparse(side) for side in (node.left, node.comparators[0])]
        ordered = len(node.ops) == 1 and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
        self.generic_visit(node)
        if ordered:
            self.found.append(Difference(None, *map(Expression, sides)))
            node.left, node.comparators[0] = self.kept(node.left, sides[0]), self.kept(node.comparators[0], sides[1])
        return node

    def kept(self, node: ast.expr, text: str) -> ast.expr:
        if text in self.texts:
            return node
        self.texts.add(text)
        function = ast.Attribute(ast.Name(self.keeper, ast.Load()), "noted", ast.Load())
        call = ast.Call(function, [ast.Constant(text), node], [])
        for part in (function, function.value, call, call.args[0]):
            ast.copy_location(part, node)
        return call

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node


class Notes:
    """The values that expressions had in a run, in their order."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}

    def noted(self, text: str, value: Any) -> Any:
        kept = self.values.setdefault(text, [])
        if len(kept) <= MOST:
            kept.append(value)
        return value

    def tables(self) -> dict[Expression, Any]:
        """Of each expression its value, or those of every time that it was computed, together."""
        found = {}
        for text, values in self.values.items():
            alike = len({np.shape(value) for value in values}) == 1 and all(map(is_numeric, values))
            if alike and len(values) <= MOST:
                found[Expression(text)] = values[0] if len(values) == 1 else np.stack(values)
        return found


def is_numeric(value: Any) -> bool:
    return isinstance(value, Tensor | int | float | np.number) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "fiub"
    )
