"""The cells of a notebook that is open: IPython says which code is which, and nothing is run again.

A cell is called as IPython calls it in front of it and in its own tracebacks, In[7]: the seventh that was run.
"""

import ast
import inspect
import linecache
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any


def shell() -> Any:
    """IPython's shell where this runs in one, else None. It is not imported for that."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def cell_of(file: str) -> str | None:
    """In[7] for code that was compiled under this name; None where that is no cell."""
    compiler: Any = getattr(shell(), "compile", None)
    said = compiler.format_code_name(file) if hasattr(compiler, "format_code_name") else None
    return str(said[1]) if said else None


def cells_of(module: ModuleType) -> list[str]:
    """The names under which the cells of a module were compiled, in the order in which they ran; none of a file's."""
    if shell() is None or getattr(shell(), "user_module", None) is not module:
        return []
    numbers = {file: number_in(cell) for file in list(linecache.cache) if (cell := cell_of(file))}
    return sorted(numbers, key=lambda file: numbers[file])


def number_in(cell: str) -> int:
    return int("".join(filter(str.isdigit, cell)) or 0)


def lines_of_cell(file: str, names: Mapping[str, Any]) -> list[str]:
    """The lines of a cell; empty ones for what is no Python, and where a definition is no longer the one that counts.

    names: what they are bound to now. A cell that was edited and run again leaves its old text behind.
    """
    lines = [line.rstrip("\n") for line in linecache.getlines(file)]
    try:
        body = ast.parse("\n".join(lines)).body
    except SyntaxError:
        return [""] * len(lines)
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and not is_bound(statement, file, names):
            first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
            last = statement.end_lineno or first
            lines[first - 1 : last] = [""] * (last - first + 1)
    return lines


def is_bound(statement: ast.FunctionDef | ast.ClassDef, file: str, names: Mapping[str, Any]) -> bool:
    """Whether the name of a definition is bound to what that made; also where it cannot be told."""
    codes = [(code.co_filename, code.co_firstlineno) for code in codes_in(names.get(statement.name))]
    lines = range(
        min([statement.lineno, *(d.lineno for d in statement.decorator_list)]), (statement.end_lineno or 0) + 1
    )
    return statement.name in names and (not codes or any(f == file and line in lines for f, line in codes))


def codes_in(value: Any) -> Iterator[Any]:
    """The code of a function, or of the methods of a class."""
    for one in vars(value).values() if inspect.isclass(value) else [value]:
        if inspect.isfunction(one := inspect.unwrap(one) if callable(one) else one):
            yield one.__code__
