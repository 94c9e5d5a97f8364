"""A local derivative as it is written on an edge: what the gradient that comes in, ·, is multiplied with.

What is written leaves out much that code has, new axes and shapes. So each is read as it stands, run, and written only
if that gives the gradient.
"""

import ast
import contextlib
import re
from typing import Any

import numpy as np

from .evaluation import Scope, evaluate, names_in, renamed
from .folding import folded
from .writing import WITHOUT_A_TRACE, as_text, called, new_axis, tree

OF_CODE = re.compile(r"\bnp\.|False|True|\b(swapaxes|transpose|assign|scatter_add|cast|join|nan|inf)\b")
KNOWN = {"np", "slice", "Ellipsis", "scatter_add"}


def factor(formula: str, g: str, said: dict[str, str], scope: Scope, expected: Any) -> str:
    """× (1 - A^2) for g * (1 - A ** 2), W^T · for W.T @ g; nothing where it cannot be said so.

    said: what the names in the formula are called, also its masks. scope: their values, and that of g.
    """
    if not formula or names_in(formula) - said.keys() - KNOWN - {g}:
        return ""
    node = tree(formula)
    if called(node) == "scatter_add" and ast.unparse(node.args[0]) == g:  # type: ignore[attr-defined]
        return at_index(node.args[1], said)  # type: ignore[attr-defined]
    alone = folded(renamed(formula, {g: "1"}))
    dot = "DOT"
    while dot in said.values():
        dot += "_"
    ways = [(renamed(formula, {g: dot}), 1.0, False)]
    if not re.search(rf"\b{g}(\.T|\[)", formula):
        ways.insert(0, (alone, scope.get(g, 1.0), True))
    for code, weight, sign in ways:
        with contextlib.suppress(Exception):  # as it is written it means nothing
            value = weight * evaluate(ast.unparse(literal(tree(code))), {**scope, dot: scope.get(g)})
            if not reads_as(value, expected):
                continue
            written = as_text(tree(renamed(code, {name: own for name, own in said.items() if name != own})), 1)
            if OF_CODE.search(written):
                return ""
            if sign:
                one = isinstance(tree(code), ast.Name | ast.Constant | ast.Call | ast.Compare)
                return f"× {written}" if one else f"× ({written})"
            return re.sub(rf"\b{dot}\b", "·", written)
    return ""


def at_index(index: ast.expr, said: dict[str, str]) -> str:
    """What indexing hands back: the gradient at its place. Where an index may repeat, the shares are added."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    written = [part_of(part, said) for part in parts]
    if not all(written):
        return ""
    repeating = any(isinstance(part, ast.Name | ast.List) for part in parts)
    return f"· {'added ' * repeating}at [{', '.join(written)}], else 0"


def part_of(index: ast.expr, said: dict[str, str]) -> str:
    """1, 1:3, or the name of an array of indices; nothing for what is none of these."""
    if isinstance(index, ast.Name):
        return said.get(index.id, "")
    if isinstance(index, ast.Call) and called(index) == "slice":
        start, stop, step = ("" if ast.unparse(a) == "None" else ast.unparse(a) for a in index.args)
        return f"{start}:{stop}" + (f":{step}" if step else "")
    return ast.unparse(index) if isinstance(index, ast.Constant | ast.UnaryOp) and ast.unparse(index) != "None" else ""


def reads_as(value: Any, expected: Any) -> bool:
    """Whether a value is the gradient, or is repeated to it by the rules of broadcasting."""
    shape = np.shape(expected)
    if np.broadcast_shapes(np.shape(value), shape) != shape:
        return False
    return bool(np.allclose(np.broadcast_to(value, shape), expected, 1e-9, 1e-300))


def literal(node: Any) -> Any:
    """The formula as its text reads: without the calls that leave no trace there."""
    if isinstance(node, ast.BinOp):
        return ast.BinOp(literal(node.left), node.op, literal(node.right))
    if isinstance(node, ast.UnaryOp):
        return ast.UnaryOp(node.op, literal(node.operand))
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return ast.Attribute(literal(node.value), "T", node.ctx)
    if isinstance(node, ast.Compare):
        return ast.Compare(literal(node.left), node.ops, [literal(c) for c in node.comparators])
    if isinstance(node, ast.Subscript):
        return ast.Subscript(literal(node.value), node.slice, node.ctx)
    if isinstance(node, ast.Call):
        if new_axis(node):
            return ast.Call(node.func, [literal(node.args[0]), *node.args[1:]], node.keywords)
        if called(node) in WITHOUT_A_TRACE:
            return literal(node.args[0])
        return ast.Call(node.func, [literal(a) for a in node.args], node.keywords)
    return node
