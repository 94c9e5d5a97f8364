"""What is not filled in yet in the blank of an exercise or of a driver: None, ..., pass, or an error that says so."""

import ast
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import NamedTuple

from ..sources import place
from .values import tree_of

MOST = 4  # that are named
NOT_YET = "not filled in yet, {}"


class Blank(NamedTuple):
    """What is not filled in yet, of which function or method, if of one, and in which line."""

    what: str
    line: int
    path: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.what} {NOT_YET.format(place(self.path, self.line))}"


def blanks(module: ModuleType) -> dict[str, Blank]:
    """By function or method what is not filled in yet in it."""
    found: dict[str, Blank] = {}
    for name, function in functions_in(tree_of(module)):
        said = [("it is", function.lineno)] if does_nothing(function) else list(left_open(function))
        if said:
            found[name] = Blank(*said[0], str(module.__file__), name)
    return found


def dots(module: ModuleType) -> list[Blank]:
    """The statements that hold ... in the place of a value, as X, Y = ... and make(...) do."""
    return [Blank(f"{said}:", line, str(module.__file__)) for line, said in sorted(dotted(tree_of(module)).items())]


def dotted(tree: ast.AST) -> dict[int, str]:
    """By its line each statement that holds ... in the place of a value."""
    found: dict[int, str] = {}
    for statement in (n for n in ast.walk(tree) if isinstance(n, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr)):
        value = statement.value
        alone = isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)  # the body of what does nothing
        if value is not None and not alone and has_dots(value):
            found.setdefault(statement.lineno, ast.unparse(statement).split("\n")[0])
    return found


def has_dots(node: ast.AST) -> bool:
    """Whether ... stands for a value in an expression; in an index it is one, and in a list it may be a subscript."""
    if isinstance(node, ast.Subscript | ast.Compare | ast.List | ast.Lambda):
        return has_dots(node.value) if isinstance(node, ast.Subscript) else False
    return (isinstance(node, ast.Constant) and node.value is ...) or any(map(has_dots, ast.iter_child_nodes(node)))


def functions_in(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module, and the methods of its classes by Class.method; none of abstract ones."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and not any("abstract" in ast.unparse(d) for d in node.decorator_list):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            methods = list(functions_in(node, f"{node.name}."))
            whole = [m for _, m in methods if m.name[:2] != "__"]
            yield from (
                methods if not whole or not all(map(does_nothing, whole)) else ()
            )  # it is there to be derived from


def does_nothing(function: ast.FunctionDef) -> bool:
    """Whether the body is nothing but a docstring, pass, ..., return None or raise NotImplementedError."""
    return all(map(is_empty, function.body)) and function.name[:2] != "__"


def is_empty(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise):
        return node.exc is not None and "NotImplemented" in ast.unparse(node.exc)
    if isinstance(node, ast.Return):
        return node.value is None or is_blank(node.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def is_blank(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, ...)


def left_open(function: ast.FunctionDef) -> Iterator[tuple[str, int]]:
    """The variables that are None and nothing else, and that the function computes with or returns, and where."""
    nodes = list(ast.walk(function))
    values: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for name in (n for target in node.targets for n in names_bound(target)):
                values.setdefault(name, []).append(node.value)
    other = {name for n in nodes if isinstance(n, ast.For | ast.With | ast.AugAssign | ast.NamedExpr)
             for name in names_bound(n)}  # fmt: skip
    tested = {name for n in nodes if isinstance(n, ast.Compare | ast.If | ast.IfExp) for name in names_in(tested_by(n))}
    used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for name, given in values.items():
        nothing_else = is_blank(given[0]) and all(is_blank(value) or name in names_in(value) for value in given)
        if nothing_else and name in used and name not in other | tested:
            yield f"{name} is {ast.unparse(given[0])}:", given[0].lineno


def names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def names_bound(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def tested_by(node: ast.AST) -> ast.AST:
    return node if isinstance(node, ast.Compare) else node.test if isinstance(node, ast.If | ast.IfExp) else node


def said_of(blank: Iterable[Blank]) -> str:
    """What is not filled in, in words."""
    return "; ".join(f"{it.of}: {it}" if it.of else str(it) for it in list(blank)[:MOST])
