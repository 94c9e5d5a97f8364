"""Functions that move, repeat, drop or order entries: run on the places of the entries, which are then picked."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..derivatives import scatter_add

Function = Callable[..., Any]


def flat(a: Any) -> Any:
    return np.reshape(a, (a.size,))


def positions(a: Any) -> Any:
    """The place of every entry in the flat array, in the shape of a."""
    return np.reshape(np.arange(a.size), a.shape)


def picking(function: Function) -> Function:
    """A function that only moves, repeats or drops entries; of one array, or into a list of them."""

    @functools.wraps(function)
    def pick(a: Any, *arguments: Any, **keywords: Any) -> Any:
        places = function(positions(a), *arguments, **keywords)
        if isinstance(places, list | tuple):
            return type(places)(flat(a)[p] for p in places)
        return flat(a)[places]

    return pick


def placing(function: Function) -> Function:
    """A function that puts entries into zeros."""

    @functools.wraps(function)
    def place(a: Any, *arguments: Any, **keywords: Any) -> Any:
        places = function(positions(a) + 1, *arguments, **keywords)
        return scatter_add(flat(a)[places[places > 0] - 1], places > 0, places.shape)

    return place


def at_least(function: Function) -> Function:
    """np.atleast_2d and its like: of one array, or a tuple of several."""
    one = picking(function)

    def brought(*arys: Any) -> Any:
        found = tuple(one(a) if not isinstance(a, np.ndarray | int | float) else function(a) for a in arys)
        return found[0] if len(arys) == 1 else found

    return brought


def sort(a: Any, axis: int | None = -1, kind: Any = None, *, stable: Any = None) -> Any:
    a, axis = (flat(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argsort(a, axis=axis, kind="stable"), axis)


def partition(a: Any, kth: Any, axis: int | None = -1) -> Any:
    a, axis = (flat(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argpartition(a, kth, axis=axis), axis)


def choose(a: Any, choices: Sequence[Any]) -> Any:
    if np.any((np.asarray(a) < 0) | (np.asarray(a) >= len(choices))):
        raise ValueError(f"np.choose: an index is not one of the {len(choices)} choices")
    return np.select([np.asarray(a) == i for i in range(len(choices))], list(choices))


PICKING = (
    np.flip, np.fliplr, np.flipud, np.roll, np.rollaxis, np.moveaxis, np.rot90, np.repeat, np.tile, np.resize,
    np.diagonal, np.delete, np.take_along_axis, np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit,
    np.matrix_transpose, np.linalg.matrix_transpose, np.linalg.diagonal,
)  # fmt: skip
PLACING = (np.diag, np.diagflat, np.tril, np.triu)

TABLE: dict[Function, Function] = {
    **{function: picking(function) for function in PICKING},
    **{function: placing(function) for function in PLACING},
    np.take: lambda a, indices, axis=None, *, mode="raise": picking(np.take)(a, indices, axis, mode=mode),
    np.compress: lambda condition, a, axis=None: picking(lambda p: np.compress(condition, p, axis))(a),
    np.extract: lambda condition, arr: picking(lambda p: np.extract(condition, p))(arr),
    np.choose: choose,
    np.atleast_1d: at_least(np.atleast_1d),
    np.atleast_2d: at_least(np.atleast_2d),
    np.atleast_3d: at_least(np.atleast_3d),
    np.sort: sort,
    np.partition: partition,
}

VIEWS = {
    np.flip, np.fliplr, np.flipud, np.rollaxis, np.moveaxis, np.rot90, np.diagonal, np.matrix_transpose,
    np.linalg.matrix_transpose, np.linalg.diagonal, np.diag,
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.atleast_1d, np.atleast_2d, np.atleast_3d,
}  # fmt: skip
