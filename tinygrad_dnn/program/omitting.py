"""Somebody's source changed so that it goes without the small numbers that keep a logarithm or a quotient finite.

a + 1e-8 becomes a, np.clip(a, 1e-8, 1 - 1e-8) and np.maximum(a, 1e-8) become a: at run time, whatever the number is
called. What is small and computed from the parameters, as a penalty may be, is no such number: it is another at another
point. So the small numbers of two runs are noted first, and only those that both have are left out.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .sources import tree_of

LARGEST = 1e-4  # what is added and larger than this has a meaning of its own
OMITTER = "_left_out_by_tinygrad_dnn"
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub}
CLIPPING = {"clip", "maximum", "minimum", "fmax", "fmin", "max", "min"}


def is_small(value: Any) -> bool:
    """Whether a value is a number that only keeps something from 0."""
    return isinstance(value, int | float | np.number) and bool(0 < np.abs(value) <= LARGEST)


def is_beside(number: float, other: Any) -> bool:
    """Whether a number is small beside something else."""
    return 100 * number <= float(np.max(np.abs(other), initial=0.0))


def is_bound(value: Any) -> bool:
    """Whether a value is a bound that only keeps a probability from 0 or 1."""
    return isinstance(value, int | float | np.number) and (is_small(value) or is_small(1 - value))


class Omitter:
    """What the changed source calls.

    seen: the small numbers of this run. allowed: those that are left out, none as long as they are only noted.
    """

    def __init__(self) -> None:
        self.seen: set[float] = set()
        self.allowed: set[float] = set()

    def noted(self, number: Any) -> bool:
        """Whether a small number is to be left out."""
        self.seen.add(float(number))
        return float(number) in self.allowed

    def summed(self, name: str, a: Any, b: Any) -> Any:
        """a + b or a - b, without the one that is small beside something else."""
        if is_small(a) != is_small(b):
            small, other = (a, b) if is_small(a) else (b, a)
            bound = np.ndim(other) == 0 and other == 1  # 1 - eps, which is left out where it is used
            if is_beside(abs(small), other) and not bound and self.noted(abs(small)):
                return -other if small is a and name == "sub" else +other
        return getattr(operator, name)(a, b)

    def clipped(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """np.clip(a, 1e-8, 1 - 1e-8) and the like: a, where every bound only keeps a probability from 0 or 1."""
        owner = getattr(function, "__self__", None)
        values = [*([owner] if isinstance(owner, np.ndarray | np.generic) else []), *arguments, *keywords.values()]
        numbers = [v for v in values if v is None or (np.ndim(v) == 0 and (is_bound(v) or v in (0, 1)))]
        rest = [v for v in values if not any(v is n for n in numbers)]
        if len(rest) == 1:
            left_out = [self.noted(n) for n in numbers if is_bound(n)]
            if any(left_out):
                return rest[0]
        return function(*arguments, **keywords)


class Rewriter(ast.NodeTransformer):
    """The changes."""

    def call(self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], node: ast.expr) -> ast.Call:
        function = ast.Attribute(ast.Name(OMITTER, ast.Load()), name, ast.Load())
        return ast.fix_missing_locations(ast.copy_location(ast.Call(function, arguments, keywords), node))

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        change = OPERATORS.get(type(node.op))
        if change is None:
            return node
        return self.call("summed", [ast.Constant(change.__name__), node.left, node.right], [], node)

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        unpacked = any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
        reduces = isinstance(node.func, ast.Attribute) and name in ("max", "min")  # of an array, and not of two numbers
        if name not in CLIPPING or unpacked or reduces:
            return node
        return self.call("clipped", [node.func, *node.args], node.keywords, node)


def without_small_numbers(text: str | bytes, file: str) -> ast.Module:
    """The tree of a source with the changes made. SyntaxError where it is none."""
    tree = tree_of(text, file)
    Rewriter().visit(tree)
    return ast.fix_missing_locations(tree)
