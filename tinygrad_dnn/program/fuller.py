"""The turn of a loop whose example has the fewest zeros: what is multiplied with a zero does not move.

The examples of a truth table, or of words that are counted, begin with zeros, and the first turn moves a bias alone.
"""

import ast
from typing import Any

import numpy as np

FIRST = 8  # turns that are looked at
FEW = 1000  # numbers of an example


def zeros_in(loop: Any, variables: dict[str, Any]) -> int:
    """The zeros in what a turn of a for loop is about: in what it runs over, or at the place that this says."""
    if not isinstance(loop, ast.For):
        return 0
    names = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    held = [variables[n] for n in sorted(names) if n in variables]
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Name):
            whole, at = variables.get(node.value.id), variables.get(node.slice.id)
            if (
                node.slice.id in names
                and isinstance(whole, list | tuple | np.ndarray)
                and isinstance(at, int | np.integer)
            ):
                held += [whole[at]] if -len(whole) <= at < len(whole) else []
    return sum(zeros_of(value) for value in held if isinstance(value, list | tuple | np.ndarray))


def zeros_of(value: Any) -> int:
    """How many numbers of an example are zero."""
    if isinstance(value, np.ndarray):
        return int(np.sum(value == 0)) if value.size <= FEW and value.dtype.kind in "fiu" else 0
    inner = [v for v in value if isinstance(v, list | tuple | np.ndarray)]
    numbers = [v for v in value if isinstance(v, int | float | np.number)]
    return len([v for v in numbers[:FEW] if v == 0]) + sum(map(zeros_of, inner[:FEW]))
