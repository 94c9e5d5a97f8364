"""a / b as Python 2 divided: of two integers no fraction is left, so that 1 / m is 0.

It is done in the tree and not in the text, so that a diff shows the division that somebody wrote. What is a float
whatever the variables are, such as 1. / m, stays as it is.
"""

import ast
from typing import Any

import numpy as np

HELPER = "_recorded_by_tinygrad_dnn"  # the name under which a module that was loaded finds divided
_FLOATS = {"float", "exp", "log", "sqrt", "tanh", "mean", "std", "randn", "rand", "uniform", "normal", "log2", "log10"}


def divided(a: Any, b: Any) -> Any:
    return a // b if whole(a) and whole(b) else a / b


def divided_in_place(a: Any, b: Any) -> Any:
    """What a stands for after a /= b."""
    if whole(a) and whole(b):
        a //= b
    else:
        a /= b
    return a


def whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) or (isinstance(value, np.ndarray) and value.dtype.kind in "iub")


class Dividing(ast.NodeTransformer):
    """Each division that may be one of integers as a call."""

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or surely_float(node.left) or surely_float(node.right):
            return node
        return ast.copy_location(call("divided", node.left, node.right), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        target = node.target
        if not isinstance(node.op, ast.Div) or surely_float(node.value):
            return node
        if any(isinstance(n, ast.Call | ast.NamedExpr) for n in ast.walk(target)):
            return node  # it would run twice
        before = ast.parse(ast.unparse(target), mode="eval").body
        return ast.copy_location(ast.Assign([target], call("divided_in_place", before, node.value)), node)


def call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(HELPER, ast.Load()), name, ast.Load()), list(arguments), [])


def surely_float(node: ast.expr) -> bool:
    """Whether a value is no integer, whatever the variables in it are."""
    if isinstance(node, ast.BinOp):
        return surely_float(node.left) or surely_float(node.right)
    if isinstance(node, ast.UnaryOp):
        return surely_float(node.operand)
    if isinstance(node, ast.Call):
        return (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in _FLOATS
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def as_python2(tree: ast.Module) -> ast.Module:
    """The tree with its divisions as Python 2 has them."""
    found: ast.Module = Dividing().visit(tree)
    return ast.fix_missing_locations(found)
