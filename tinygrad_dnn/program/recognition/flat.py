"""One vector of all parameters, theta, whose length is found by trial, with the sizes that a function takes beside it.

f(theta, X, y), f(theta, n_x, n_h, n_y, X, y), and f(w) of data that the module holds.
"""

import ast
import contextlib
import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .arguments import by_parts, role_of
from .cut import is_cut_up
from .guessing import is_called
from .offers import Function
from .values import SIZES, Layout, Sizes, Values, call, generic, layouts, sizes_of, tree_of

LONGEST = 160  # entries of a vector that are tried
MOST = 4  # numbers of the module that may be sizes


class Vector(NamedTuple):
    """A vector of parameters with data on which a function runs."""

    shapes: Values
    data: Values
    says: str
    form: str


def vectors_for(
    functions: list[Function], free: list[str], x: str, y: str, sizes: Sizes, settings: Values
) -> Iterator[Vector]:
    """Every length of a free argument with which functions run; what else is free are sizes in their order."""
    numbers = numbers_of(functions[0])
    for theta in free:
        rest = [name for name in free if name != theta]
        known = (sizes.features, sizes.hidden, sizes.classes)
        if len(rest) > len(known):
            continue
        given = settings | dict(zip(rest, known if len(rest) > 2 else (known[0], known[2]), strict=False))
        given |= by_parts(functions[0], sizes_of(sizes.classes, sizes) | settings)
        several = "classes" in map(role_of, rest)  # it takes the number of outputs
        given |= {name: list(known if n > 2 else (known[0], known[2])) for name in rest
                  if (n := unpacked(functions[0], name)) > 1}  # fmt: skip
        if not x:
            yield from lengths(functions, theta, given, None, sorted(arrays_of(functions[0])) or [sizes.features])
            continue
        widths = [sizes.features, *numbers]
        outputs = dict.fromkeys([sizes.classes, 1, *numbers] if several else [1, sizes.classes, *numbers])
        for features, output, rows in itertools.product(dict.fromkeys(widths), outputs, (True, False)):
            every = list(layouts(features, output, rows, sizes.examples))
            for ones in (False, True):
                yield from on_layouts(functions, theta, given, x, y, [with_ones(e, rows) if ones else e for e in every])


def on_layouts(
    functions: list[Function], theta: str, given: Values, x: str, y: str, every: list[Layout]
) -> Iterator[Vector]:
    running: list[int] = []
    for layout in every:
        data = given | {"X": layout.X, "Y": layout.Y, x: layout.X} | ({y: layout.Y} if y else {})
        if not (tried := running or possible(functions, theta, data)):
            continue
        yield from (found := list(lengths(functions, theta, data, layout, tried)))
        running = running or [vector.shapes[theta].size for vector in found]


def possible(functions: list[Function], theta: str, data: Values) -> list[int]:
    """The lengths that may run: every one where a function cuts the vector up, else those of its data."""
    cut = any(is_cut_up(partial(called_with, f, theta, data), LONGEST) for f in functions)
    return list(range(1, LONGEST)) if cut else sorted({*np.shape(data["X"]), *np.shape(data["Y"])} - {0})


def called_with(function: Function, theta: str, data: Values, vector: Any) -> Any:
    return call(function, data | {theta: vector, "parameters": {theta: vector}})


def lengths(functions: list[Function], theta: str, data: Values, layout: Layout | None, tried: Any) -> Iterator[Vector]:
    for length in tried:
        shapes = {theta: np.zeros(length)}
        if all(runs(f, data | generic(shapes)) for f in functions):
            says = f"{layout.says}; {theta} ({length},)" if layout else f"{theta} ({length},)"
            yield Vector(shapes, data, says, f"{theta} alone, {layout.form if layout else 'of the data of the module'}")


def runs(function: Function, values: Values) -> bool:
    with contextlib.suppress(Exception), np.errstate(all="ignore"):
        call(function, values | {"parameters": values})
        return True
    return False


def with_ones(layout: Layout, rows: bool) -> Layout:
    """The data with a column of ones, as a file has them whose first parameter is the bias."""
    X = (
        np.hstack([np.ones((len(layout.X), 1)), layout.X])
        if rows
        else np.vstack([np.ones((1, layout.X.shape[1])), layout.X])
    )
    return layout._replace(X=X, says=f"{layout.says}, with ones before the features", form=f"{layout.form}, ones")


def unpacked(function: Function, name: str) -> int:
    """Into how many names a function unpacks an argument, or how many parts of it it reads by their number."""
    most = 0
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Assign) and is_called(node.value, name) and isinstance(node.targets[0], ast.Tuple):
            most = max(most, len(node.targets[0].elts))
        elif isinstance(node, ast.Subscript) and is_called(node.value, name) and isinstance(node.slice, ast.Constant):
            most = max(most, node.slice.value + 1 if isinstance(node.slice.value, int) else 0)
    return most


def numbers_of(function: Function) -> list[int]:
    """The whole numbers that may be sizes: those that it gives such names to, and those of its module."""
    nodes = [n for n in ast.walk(tree_of(function)) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)]
    own = [n.value.value for n in nodes if role_of(ast.unparse(n.targets[0])) in SIZES]  # type: ignore[attr-defined]
    around = [v for n, v in function.__globals__.items() if not n.startswith("_")]
    found = [v for v in (*own, *around) if type(v) is int and 1 < v < LONGEST]
    return list(dict.fromkeys(found))[:MOST]


def arrays_of(function: Function) -> set[int]:
    """The lengths of the arrays that its module holds."""
    held = [v for n, v in function.__globals__.items() if isinstance(v, np.ndarray) and not n.startswith("_")]
    return {size for array in held for size in array.shape if 0 < size < LONGEST}
