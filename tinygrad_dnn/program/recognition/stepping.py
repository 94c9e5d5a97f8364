"""Statements that take a step: they take something away from what they assign to."""

import ast
from collections.abc import Iterable
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
    """Whether a function takes something away from what it was given and returns that: parameters after some steps."""
    given, nodes = set(f.__code__.co_varnames[: f.__code__.co_argcount]), list(ast.walk(tree_of(f)))
    moved = {t.id for n in nodes if is_a_step(n) for t in targets_of(n) if isinstance(t, ast.Name)} & given
    returned = [n.value for n in nodes if isinstance(n, ast.Return) and n.value is not None]
    return any(isinstance(n, ast.Name) and n.id in moved for value in returned for n in parts_of(value))


def parts_of(value: ast.expr) -> list[ast.expr]:
    return list(value.elts) if isinstance(value, ast.Tuple | ast.List) else [value]


def loops_of(f: Any) -> list[ast.AST]:
    return [n for n in ast.walk(tree_of(f)) if isinstance(n, ast.For | ast.While)]


def updating(tree: ast.AST) -> list[tuple[ast.For | ast.While, list[str]]]:
    """The loops in which steps are taken, each with what it takes them from; none within another, and no countdown."""
    found: list[tuple[ast.For | ast.While, list[str]]] = []
    for loop in (n for n in ast.walk(tree) if isinstance(n, ast.For | ast.While)):
        names = [name for node in ast.walk(loop) for name in stepped(node)]
        within = any(outer.lineno <= loop.lineno and loop.end_lineno <= outer.end_lineno for outer, _ in found)  # type: ignore[operator]
        if names and not within:
            found.append((loop, list(dict.fromkeys(names))))
    return found


def stepped(node: ast.AST) -> list[str]:
    """What a statement takes something away from that is no countdown; of W, b = W - dW, b - db both."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = zip(node.targets[0].elts, node.value.elts, strict=False)
        return [name for target, value in pairs for name in stepped(ast.Assign([target], value))]
    return [ast.unparse(t) for t in targets_of(node)] if is_a_step(node) and not counts(node) else []


def steps_taken(nodes: Iterable[ast.AST]) -> list[str]:
    """What some statements take something away from, each once."""
    return list(dict.fromkeys(name for node in nodes for name in stepped(node)))


def adds_a_product(node: ast.AST) -> bool:
    """Whether a statement adds a product to what it assigns to, W += rate * d: a step up, or only a sum."""
    if isinstance(node, ast.AugAssign):
        added: Any = node.value if isinstance(node.op, ast.Add) else None
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Add):
        own = ast.unparse(node.value.left)
        added = node.value.right if any(ast.unparse(t) == own for t in node.targets) else None
    else:
        return False
    while isinstance(added, ast.UnaryOp) or (isinstance(added, ast.BinOp) and isinstance(added.op, ast.Div)):
        added = added.operand if isinstance(added, ast.UnaryOp) else added.left
    called = ast.unparse(added.func).rpartition(".")[2] if isinstance(added, ast.Call) else ""
    return called in ("dot", "matmul", "outer") or (
        isinstance(added, ast.BinOp) and isinstance(added.op, ast.Mult | ast.MatMult)
    )


def counts(node: ast.AST) -> bool:
    """Whether a step is one of a whole number, as i -= 1 is."""
    taken = getattr(node, "value", None)
    taken = taken.right if isinstance(taken, ast.BinOp) else taken
    return isinstance(taken, ast.Constant) and type(taken.value) is int


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
