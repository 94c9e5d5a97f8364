"""What the statements of a program say before they run; and a step that it takes once, line by line at the top."""

import ast
from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)  # what is there, and not run again


class Straight(NamedTuple):
    """The statements from where all that is moved is there to where the last of it has moved."""

    first: ast.stmt
    body: list[ast.stmt]


def straight_steps(statements: list[ast.stmt]) -> Iterator[Straight]:
    """Each step among the statements at the top of a program, from after its parameters are made to its last update.

    Where something moves once more after anything else, the next step has begun.
    """
    moved = [(i, base) for i, s in enumerate(statements) for base in [moves(s)] if base]
    after = 0  # the step before
    while moved:
        begin, names = after, set[str]()
        last = first = moved[0][0]
        for i, base in moved:
            made = [j for j in range(first) if base in binds(statements[j]) and not moves(statements[j])]
            between = statements[last + 1 : i]
            again = any(names & binds(s) and not moves(s) for s in statements[first:i]) or (base in names and between)
            if again or not made:
                break
            begin, last, names = max(begin, made[-1] + 1), i, names | {base}
        after, moved = last + 1, [(i, base) for i, base in moved if i > last]
        body: list[ast.stmt] = [s for s in statements[begin : last + 1] if not isinstance(s, DEFINES)]
        trains = any(moves(n) in names for s in body for n in ast.walk(s) if n is not s and isinstance(n, ast.stmt))
        if names and len(body) > len(names) and not trains:
            yield Straight(body[0], body)


def moves(statement: ast.stmt) -> str:
    """The variable to which a statement adds or from which it takes something away, W of W["1"] -= ..., or ""."""
    if isinstance(statement, ast.AugAssign):
        target: ast.expr = statement.target
        value, sign = statement.value, statement.op
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
        target = statement.targets[0]
        value, sign = statement.value.right, statement.value.op
        if ast.unparse(statement.value.left) != ast.unparse(target):
            return ""
    else:
        return ""
    if not isinstance(sign, ast.Sub | ast.Add) or isinstance(value, ast.Constant):
        return ""
    return next((n.id for n in ast.walk(target) if isinstance(n, ast.Name)), "")


def binds(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def bound_from_cells(statement: ast.stmt, module: ModuleType, written: set[str]) -> bool:
    """Whether a statement imports what a cell of the same notebook writes to a file: it is bound to what is here."""
    if isinstance(statement, ast.ImportFrom) and statement.module in written:
        held = vars(module)
        held |= {a.asname or a.name: held[a.name] for a in statement.names if a.name in held}
        return True
    if isinstance(statement, ast.Import) and all(a.name in written for a in statement.names):
        vars(module).update({a.asname or a.name.partition(".")[0]: module for a in statement.names})
        return True
    return False


def names_bound(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def is_main_block(statement: ast.stmt) -> bool:
    """Whether it is if __name__ == "__main__"."""
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and {ast.unparse(statement.test.left), *map(ast.unparse, statement.test.comparators)}
        == {"__name__", "'__main__'"}
    )


def annotations_flag(tree: ast.Module) -> int:
    asked = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    return 0x1000000 if any(alias.name == "annotations" for n in asked for alias in n.names) else 0


def calls_in(tree: ast.Module) -> dict[str, int]:
    """What a file calls by name, with the number of names that it unpacks the result into; 0 where it does not."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.setdefault(ast.unparse(node.func).rpartition(".")[2], 0)
        elif isinstance(node, ast.alias):
            found.setdefault(node.asname or node.name, 0)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Call):
            found[ast.unparse(node.value.func).rpartition(".")[2]] = len(node.targets[0].elts)
    return found
