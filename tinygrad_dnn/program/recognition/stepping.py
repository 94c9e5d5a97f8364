"""Statements that take a step: they take something away from what they assign to."""

import ast
from typing import Any

from .values import tree_of


def trains(f: Any, done: set[str]) -> bool:
    """Whether a function takes steps with what was checked: it makes use of gradients in a loop, and is none.

    w = w - rate * gradient(w) or w -= ... stands in a loop that calls it; a backward pass over layers has no such line.
    """
    for loop in loops_of(f):
        inside = list(ast.walk(loop))
        calls = {ast.unparse(n.func).split(".")[-1] for n in inside if isinstance(n, ast.Call)}
        if calls & done and any(map(is_a_step, inside)):
            return True
    return False


def descends(f: Any) -> bool:
    """Whether a function moves in a loop what it was given: what it returns is of the parameters after some steps."""
    given = set(getattr(getattr(f, "__code__", None), "co_varnames", ())[: f.__code__.co_argcount])
    for loop in loops_of(f):
        for node in ast.walk(loop):
            if is_a_step(node) and any(isinstance(t, ast.Name) and t.id in given for t in targets_of(node)):
                return True
    return False


def loops_of(f: Any) -> list[ast.AST]:
    return [n for n in ast.walk(tree_of(f)) if isinstance(n, ast.For | ast.While)]


def is_a_step(node: ast.AST) -> bool:
    """Whether a statement takes something away from what it assigns to."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Sub)
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub)):
        return False
    return any(ast.unparse(target) == ast.unparse(node.value.left) for target in node.targets)


def targets_of(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AugAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []
