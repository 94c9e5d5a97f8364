"""What could be written in a function: its arrays, numbers and functions, with their values when it last returned."""

import ast
from typing import Any, NamedTuple

import numpy as np

from ...program.replacing import Source

NUMBERS = int | float | np.integer | np.floating


class Scope(NamedTuple):
    """What the variables of a function held: arrays, whole numbers and other numbers by how they are written."""

    arrays: dict[str, Any]
    whole: dict[str, int]
    real: dict[str, float]
    functions: dict[str, Any]
    held: dict[str, Any]
    outside: dict[str, Any]
    lists: dict[str, list[Any]]
    shapes: dict[str, tuple[int, ...] | None]


def scope_of(source: Source, function: ast.AST) -> Scope:
    """What could be written in a function, with its value when it last returned."""
    around = [f for f in ast.walk(source.tree) if isinstance(f, ast.FunctionDef) and function in ast.walk(f)]
    held: dict[str, Any] = {}
    for outer in around:  # the innermost last: its variables hide those of the functions it stands in
        for code, variables in source.variables.items():
            if code.co_firstlineno in lines_of_definition(outer) and code.co_name == outer.name:
                held = held | variables
    written: dict[str, Any] = {}
    for name, value in held.items():
        written[name] = value
        if isinstance(value, dict) and len(value) < 40:
            written |= {f"{name}[{key!r}]".replace("'", '"'): v for key, v in value.items() if isinstance(key, str)}
        elif name == "self":
            written |= {f"self.{key}": v for key, v in getattr(value, "__dict__", {}).items()}
            for key, v in getattr(value, "__dict__", {}).items():
                if isinstance(v, dict) and len(v) < 40:
                    written |= {f'self.{key}["{k}"]': kept for k, kept in v.items() if isinstance(k, str)}
    lists = {k: list(v) for k, v in written.items() if isinstance(v, list | tuple) and v and all(map(is_array, v))}
    for name, arrays in lists.items():  # the first, the last, and the one at a loop's index
        at = {k: v for k, v in held.items() if type(v) is int and 0 <= v < len(arrays) and k.isidentifier()}
        written |= {f"{name}[-1]": arrays[-1], f"{name}[0]": arrays[0]} | {
            f"{name}[{k}]": arrays[v] for k, v in at.items()
        }
    outside: dict[str, Any] = {}
    for f in source.functions:
        outside |= {k: v for k, v in f.__globals__.items() if k[:2] != "__"}
    everything = written | {k: v for k, v in outside.items() if k not in written}  # its own variables first
    numbers = {k: v for k, v in everything.items() if isinstance(v, NUMBERS) and not isinstance(v, bool)}
    return Scope(
        {k: v for k, v in written.items() if isinstance(v, np.ndarray) and v.ndim > 0},
        {k: int(v) for k, v in numbers.items() if isinstance(v, int | np.integer)},
        {k: float(v) for k, v in numbers.items() if isinstance(v, float)},
        functions_in(source, outside, held),
        held,
        outside,
        lists,
        {},
    )


def is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def functions_in(source: Source, outside: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """The functions of the file that can be called here: by their names, out of a dict, or by a variable's name."""
    named = dict(outside)
    for name, value in outside.items():
        if isinstance(value, dict):
            named |= {f'{name}["{key}"]': v for key, v in value.items() if isinstance(key, str)}
    named |= {name: value for name, value in held.items() if name != "self"}
    own = {k: v for k, v in named.items() if getattr(getattr(v, "__code__", None), "co_filename", None) == source.file}
    return {k: v for k, v in own.items() if v.__code__.co_argcount - len(v.__defaults__ or ()) == 1}


def lines_of_definition(node: ast.AST) -> range:
    decorators = getattr(node, "decorator_list", [])
    first = min([getattr(node, "lineno", 0), *(d.lineno for d in decorators)])
    return range(first, getattr(node, "lineno", 0) + 1)
