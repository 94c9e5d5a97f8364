"""A formula as a value: code in NumPy's words and the user's names, run on what the names stand for."""

import ast
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import numpy as np

ROUNDING, SINGLE = 1e-14, 1e-5
Scope = dict[str, Any]  # the values of names


def cancelling(code: str, scope: Scope) -> float:
    """The largest of what is added in a formula: where it cancels, the rounding of that is left."""
    largest = 0.0
    for node in ast.walk(ast.parse(code, mode="eval")):
        parts: list[ast.AST] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            parts = [node.left, node.right]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            product = np.abs(evaluate(ast.unparse(node.left), scope)) @ np.abs(evaluate(ast.unparse(node.right), scope))
            largest = max(largest, float(np.max(product, initial=0.0)))
        elif isinstance(node, ast.Call) and called_name(node) == "np.sum" and node.args:
            largest = max(largest, float(np.sum(np.abs(evaluate(ast.unparse(node.args[0]), scope)))))
        for part in parts:
            largest = max(largest, float(np.max(np.abs(evaluate(ast.unparse(part), scope)), initial=0.0)))
    return largest


def evaluate(code: str, scope: MutableMapping[str, Any]) -> Any:
    return eval(
        compile(code, "<formula>", "eval"), {"np": np, "slice": slice, "Ellipsis": ..., "__builtins__": {}}, scope
    )


def close(a: Any, b: Any, tolerance: float, added: float = 0.0) -> bool:
    """Whether two gradients agree. added: the size of what was added to make them, of which the rounding stays."""
    single = np.asarray(b).dtype == np.float32
    size = max(float(np.max(np.abs(b), initial=0.0)), 1e-300)
    allowed = max((SINGLE if single else tolerance) * size, (SINGLE if single else ROUNDING) * added)
    return bool(np.all(np.abs(np.asarray(a) - b) <= allowed))


def called_name(node: ast.Call) -> str:
    return ast.unparse(node.func)


@lru_cache(2048)
def names_in(code: str) -> frozenset[str]:
    if not code:
        return frozenset()
    return frozenset(n.id for n in ast.walk(ast.parse(code, mode="eval")) if isinstance(n, ast.Name))


class Renaming(ast.NodeTransformer):
    """Each of some names as a formula."""

    def __init__(self, formulas: dict[str, str]) -> None:
        self.formulas = {name: ast.parse(code, mode="eval").body for name, code in formulas.items()}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.formulas.get(node.id, node)


def renamed(code: str, formulas: dict[str, str]) -> str:
    if not code:
        return ""
    own = {name: formulas[name] for name in names_in(code) & formulas.keys()}
    return ast.unparse(ast.fix_missing_locations(Renaming(own).visit(ast.parse(code, mode="eval"))))
