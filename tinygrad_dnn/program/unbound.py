"""Names that a file reads and that nothing binds: what is misspelt, forgotten, or was in another file."""

import ast
import builtins
import difflib
import re
import symtable
from typing import NamedTuple

from .sources import place

ALIKE = 0.85  # of two names: a letter left out of seven, or two that changed places
RUNS = re.compile(r"%\s*(pylab|run|load|edit|store|aimport)\b|get_ipython\(")
ELSEWISE = ("globals", "exec", "locals", "vars")  # what binds names unseen


class Unbound(NamedTuple):
    """A name, the function that reads it ("" at the top), and the line where it does so first."""

    name: str
    function: str
    line: int


def unbound(tree: ast.Module) -> list[Unbound]:
    """Every name that is read as one of the module and is bound in none of its scopes, in the order of lines."""
    top = symtable.symtable(ast.unparse(tree), "program", "exec")
    tables = [top, *inside(top)]
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    bound |= {s.get_name() for t in tables for s in t.get_symbols() if s.is_declared_global() and s.is_assigned()}
    bound |= {*vars(builtins), "__file__", "__name__", "__doc__", "__package__", "__builtins__"}
    read = {s.get_name() for t in tables for s in t.get_symbols() if s.is_global() and s.is_referenced()} - bound
    read |= {s.get_name() for s in top.get_symbols() if s.is_referenced()} - bound
    found: dict[str, Unbound] = {}
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in read and isinstance(node.ctx, ast.Load):
            around = [f for f in functions if f.lineno <= node.lineno <= (f.end_lineno or 0) and node.id not in own(f)]
            if node.id not in found or node.lineno < found[node.id].line:
                found[node.id] = Unbound(node.id, around[-1].name if around else "", node.lineno)
    return sorted(found.values(), key=lambda one: one.line)


def slips(left: list[Unbound], tree: ast.Module, path: str, text: str) -> list[str]:
    """What is said of the names that functions read and nothing binds, and of those that are misspelt.

    text: the file, with the lines of IPython that were left out: %pylab binds names, and so does what %run runs.
    """
    nothing = [] if binds_unseen(tree) or RUNS.search(text) else [one for one in left if one.function]
    said = [(one, f"{one.function} reads {one.name}, and nothing binds it") for one in nothing]
    for one, bound in misspelt(tree):
        said.append(
            (one, f"{one.function} reads {one.name} of the module; what it binds itself is {bound}, and not read")
        )
    return [f"{(at := place(path, one.line))[:1].upper()}{at[1:]}: {text}." for one, text in said]


def misspelt(tree: ast.Module) -> list[tuple[Unbound, str]]:
    """What a function reads of its module, beside a variable of almost that name which it binds and never reads."""
    found = []
    for table in inside(symtable.symtable(ast.unparse(tree), "program", "exec")):
        symbols = table.get_symbols() if table.get_type() == "function" else []
        idle = [s.get_name() for s in symbols if s.is_local() and s.is_assigned() and not s.is_referenced()]
        read = [s.get_name() for s in symbols if s.is_global() and s.is_referenced()]
        for name in idle:
            for meant in difflib.get_close_matches(name, read, 1, ALIKE):
                line = next(
                    (
                        line
                        for f in ast.walk(tree)
                        if isinstance(f, ast.FunctionDef) and f.name == table.get_name()
                        for n in ast.walk(f)
                        if isinstance(n, ast.Name) and n.id == meant
                        for line in [n.lineno]
                    ),
                    0,
                )
                found.append((Unbound(meant, table.get_name(), line), name))
    return found


def inside(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [t for child in table.get_children() for t in (child, *inside(child))]


def own(function: ast.FunctionDef) -> set[str]:
    """What a function calls its arguments and variables."""
    names = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return names | {n.arg for n in ast.walk(function) if isinstance(n, ast.arg)}


def binds_unseen(tree: ast.Module) -> bool:
    """Whether a file may bind names that its text does not show: import *, globals()[...], exec."""
    return any(
        (isinstance(n, ast.ImportFrom) and any(a.name == "*" for a in n.names))
        or (isinstance(n, ast.Name) and n.id in ELSEWISE)
        for n in ast.walk(tree)
    )
