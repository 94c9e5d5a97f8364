"""A formula made shorter, and equal to what it was: signs, factors and ones gathered, products of tables for sums."""

import ast
import contextlib
from functools import lru_cache
from typing import Any

import numpy as np

from .evaluation import Scope, called_name, evaluate


class Folding(ast.NodeTransformer):
    """What needs no proof: 1 x as x, x / 1 as x, -(-x) as x, and numbers multiplied."""

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        left, right = number_of(node.left), number_of(node.right)
        if (signed := self.sign(node)) is not None:
            return signed
        if isinstance(node.op, ast.Mult):
            if spread_one(node.left):
                return node.right
            if left is None and same_name(node.left, node.right):
                return ast.BinOp(node.left, ast.Pow(), ast.Constant(2))
            if left == 1:
                return node.right
            if right == 1:
                return node.left
            if -1 in (left, right):
                return self.visit(ast.UnaryOp(ast.USub(), node.right if left == -1 else node.left))
            if left is not None and right is not None:
                return ast.Constant(left * right)
            if right is not None:  # numbers stand first
                return ast.BinOp(node.right, ast.Mult(), node.left)
        if isinstance(node.op, ast.Add) and same_name(node.left, node.right):
            return ast.BinOp(ast.Constant(2), ast.Mult(), node.left)
        if isinstance(node.op, ast.Div) and right == 1:
            return node.left
        if isinstance(node.op, ast.Pow) and right == 1:
            return node.left
        return node

    def sign(self, node: ast.BinOp) -> Any:
        """(-a) * b as -(a * b), a + -b as a - b, a - -b as a + b: exact, a sign is not rounded."""
        if isinstance(node.op, ast.Mult | ast.Div | ast.MatMult):
            if (inner := negated(node.left)) is not None:
                return self.visit(ast.UnaryOp(ast.USub(), ast.BinOp(inner, node.op, node.right)))
            if (inner := negated(node.right)) is not None:
                return self.visit(ast.UnaryOp(ast.USub(), ast.BinOp(node.left, node.op, inner)))
        elif isinstance(node.op, ast.Add | ast.Sub) and (inner := negated(node.right)) is not None:
            op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            return self.visit(ast.BinOp(node.left, op, inner))
        return None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A number with another axis is a number."""
        self.generic_visit(node)
        single = called_name(node) == "np.expand_dims" and number_of(node.args[0]) is not None
        return node.args[0] if single else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """(A B)^T as B^T A^T, and A^T^T as A."""
        self.generic_visit(node)
        inner = node.value
        if node.attr == "T" and isinstance(inner, ast.Attribute) and inner.attr == "T":
            return inner.value
        if node.attr == "T" and isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.MatMult):
            sides = [self.visit(ast.Attribute(side, "T", ast.Load())) for side in (inner.right, inner.left)]
            return ast.BinOp(sides[0], ast.MatMult(), sides[1])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.USub) and isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            return inner.operand
        return node


class Products(ast.NodeTransformer):
    """Products with a vector, which NumPy's rules spread over an axis, as outer and as products of tables; a number
    that was spread over a table as the number.

    Not right for all shapes: whoever uses this runs both.
    """

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult | ast.Div):
            node.left, node.right = spread_number(node.left), spread_number(node.right)
        if isinstance(node.op, ast.Add) and ast.unparse(node.left) == ast.unparse(node.right):
            return doubled(node.left)
        if isinstance(node.op, ast.Mult):
            left, right = spread_vector(node.left, -1), spread_vector(node.right, -1)
            if left is not None and right is None:
                return outer(left, spread_vector(node.right, -2) or node.right)
            if right is not None and left is None:
                return outer(right, spread_vector(node.left, -2) or node.left)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name, about = called_name(node), {k.arg: ast.unparse(k.value) for k in node.keywords}
        if name == "np.sum" and about == {"axis": "(0,)"} and isinstance(inner := node.args[0], ast.BinOp):
            for table, other in ((inner.left, inner.right), (inner.right, inner.left)):
                if isinstance(inner.op, ast.Mult) and (vector := spread_vector(other, -1)) is not None:
                    return ast.BinOp(
                        ast.Attribute(self.visit(table), "T", ast.Load()), ast.MatMult(), self.visit(vector)
                    )
        if name == "np.squeeze" and isinstance(inner := node.args[0], ast.BinOp):
            vector = spread_vector(inner.left, -2)
            if isinstance(inner.op, ast.MatMult) and vector is not None:
                table = ast.Attribute(self.visit(inner.right), "T", ast.Load())
                return ast.BinOp(table, ast.MatMult(), self.visit(vector))
        self.generic_visit(node)
        return node


def spread_vector(node: ast.AST, axis: int) -> Any:
    """v of np.expand_dims(v, axis)."""
    spread = isinstance(node, ast.Call) and called_name(node) == "np.expand_dims" and number_of(node.args[1]) == axis
    return node.args[0] if spread else None  # type: ignore[attr-defined]


def spread_number(node: ast.expr) -> ast.expr:
    """n of np.broadcast_to(n, ...), where n is a number, or m."""
    spread = isinstance(node, ast.Call) and called_name(node) == "np.broadcast_to"
    inner = node.args[0] if spread else node  # type: ignore[attr-defined]
    return inner if number_of(inner) is not None or ast.unparse(inner) in ("m", "1 / m") else node


def doubled(node: ast.expr) -> ast.expr:
    """2 x for x + x, 0.1 W for 0.05 W + 0.05 W."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and (n := number_of(node.left)) is not None:
        return ast.BinOp(ast.Constant(2 * n), ast.Mult(), node.right)
    return ast.BinOp(ast.Constant(2), ast.Mult(), node)


def outer(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "outer", ast.Load()), [left, right], [])


def as_products(code: str, scopes: list[Scope]) -> str:
    """The formula with what Products makes of it, where that gives the same at every point."""
    if "np.expand_dims" not in code and "np.broadcast_to" not in code:
        return code
    plain = folded(ast.unparse(ast.fix_missing_locations(Products().visit(ast.parse(code, mode="eval")))))
    with contextlib.suppress(Exception):  # not of these shapes
        if all(equal(evaluate(plain, scope), evaluate(code, scope)) for scope in scopes):
            return plain
    return code


def equal(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, 1e-12, 1e-300))


def same_name(a: ast.AST, b: ast.AST) -> bool:
    return isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id


def negated(node: ast.AST) -> ast.expr | None:
    """x of -x; None of a number."""
    plain = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and number_of(node) is None
    return node.operand if plain else None  # type: ignore[attr-defined]


def spread_one(node: ast.AST) -> bool:
    """Whether this is 1 for every entry."""
    return isinstance(node, ast.Call) and called_name(node) == "np.broadcast_to" and number_of(node.args[0]) == 1


def number_of(node: ast.AST) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@lru_cache(2048)
def folded(code: str) -> str:
    if not code:
        return ""
    return ast.unparse(ast.fix_missing_locations(Folding().visit(ast.parse(code, mode="eval"))))
