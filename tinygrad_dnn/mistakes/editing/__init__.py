"""Single edits of somebody's backward code: what a teacher would try, and how far each is from what is written.

An edit replaces one stretch of the text. Its distance is small for what is forgotten or mixed up every day (a factor
1/m, an axis, a transpose, += for =, a cache of the wrong layer), and larger for what has to be rewritten.
"""

import ast
from collections.abc import Iterator

import numpy as np

from ...program.replacing import Source
from .nodes import OfNodes
from .scope import Scope, scope_of
from .statements import OfStatements
from .values import OfValues
from .writer import Edit

__all__ = [
    "Edit",
    "Scope",
    "apply",
    "edits",
    "enclosing",
    "first_line",
    "forward_axes",
    "probes",
    "scope_of",
    "unit_of",
]


class Edits(OfStatements, OfValues, OfNodes):
    """Every edit of one statement."""

    def of_expressions(self) -> Iterator[Edit]:
        yield from self.renamed()
        yield from self.exchanged()
        for root in self.roots():
            yield from self.of_whole(root)
            for node in ast.walk(root):
                if hasattr(node, "lineno") and isinstance(node, ast.expr):
                    yield from self.of_node(node)


def edits(source: Source, far: dict[ast.stmt, float]) -> list[Edit]:
    """Every edit of the lines that ran, the nearest first. far: how much farther the edits of a statement are."""
    found: list[Edit] = []
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef):
            scope = scope_of(source, function)
            for block in blocks(function):
                for i, statement in enumerate(block):
                    ran = statement.lineno in source.lines or (statement.end_lineno or 0) in source.lines
                    more = far.get(statement, SOMEWHAT) + (statement.lineno in source.forward)
                    if ran and more < np.inf:
                        writer = Edits(source, function, scope, statement, alone=more < SOMEWHAT)
                        if writer.counts_loop:
                            continue
                        offered = [*writer.of_statement(block, i), *writer.of_expressions()]
                        found += [e._replace(distance=e.distance + more) for e in offered]
    return sorted(dict.fromkeys(found), key=lambda e: e.distance)


def forward_axes(source: Source) -> Iterator[Edit]:
    """Another axis for each sum, mean or the like in the lines that ran in the cost."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef):
            scope = scope_of(source, function)
            for block in blocks(function):
                for statement in block:
                    if statement.lineno in source.forward:
                        writer = Edits(source, function, scope, statement)
                        calls = [n for root in writer.roots() for n in ast.walk(root) if isinstance(n, ast.Call)]
                        yield from (e for call in calls for e in writer.of_keywords(call) if e.kind == "axis")


SOMEWHAT = 0.5  # for a statement of which it is not known what depends on it


def blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function, without those of functions within it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield from blocks(node)
    for field in ("body", "orelse", "finalbody"):
        block = getattr(function, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def apply(source: Source, edit: Edit) -> bytes:
    """The whole file with the edit made."""
    return source.text[: edit.start] + edit.text.encode() + source.text[edit.end :]


def unit_of(source: Source, edit: Edit) -> ast.stmt:
    """The definition at the top of the file in which the edit stands."""
    line = edit.statement.lineno
    return next(s for s in source.tree.body if first_line(s) <= line <= (s.end_lineno or s.lineno))


def enclosing(tree: ast.AST, statement: ast.stmt) -> ast.AST:
    """The innermost function that a statement stands in."""
    functions = [
        f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and any(s is statement for s in ast.walk(f))
    ]
    return min(functions, key=lambda f: (f.end_lineno or 0) - f.lineno)


def first_line(statement: ast.stmt) -> int:
    return min([statement.lineno, *(int(d.lineno) for d in getattr(statement, "decorator_list", []))])


def probes(source: Source) -> Iterator[tuple[ast.stmt, Edit]]:
    """Each assignment that ran with a hair added to what it assigns: to see which gradients it reaches."""
    for statement in ast.walk(source.tree):
        if isinstance(statement, ast.Assign | ast.AugAssign) and statement.lineno in source.lines:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [ast.unparse(t) for target in targets for t in parts(target)]
            text = "".join(f"; {name} = {name} * 1.001 + 1e-4" for name in names if name != "_")
            end = statement.end_lineno or statement.lineno
            stop = sum(len(line) + 1 for line in source.text.split(b"\n")[: end - 1]) + (statement.end_col_offset or 0)
            yield statement, Edit(0.0, "probe", statement, stop, stop, text)


def parts(target: ast.expr) -> list[ast.expr]:
    return [p for t in target.elts for p in parts(t)] if isinstance(target, ast.Tuple | ast.List) else [target]
