"""Arrays put together and taken apart."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..derivatives import join
from .places import flat, placing, positions

Function = Callable[..., Any]


def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    arrays = [np.asarray(a) if isinstance(a, list | tuple | int | float) else a for a in arrays]
    if axis is None:
        return join(*map(flat, arrays), axis=0)
    return join(*arrays, axis=normalize_axis_index(axis, arrays[0].ndim))


def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    arrays = [np.asarray(a) if not hasattr(a, "ndim") else a for a in arrays]
    axis = normalize_axis_index(axis, arrays[0].ndim + 1)
    return join(*(np.expand_dims(a, axis) for a in arrays), axis=axis)


def unstack(x: Any, axis: int = 0) -> list[Any]:
    index = [slice(None)] * (axis % x.ndim)
    return [x[(*index, i)] for i in range(x.shape[axis])]


def joined(at_least: Function, axis: Callable[[Any], int]) -> Function:
    """hstack and its like: arrays brought to a number of axes and joined."""
    return lambda tup: concatenate([at_least(a) for a in tup], axis(at_least(tup[0])))


def column(a: Any) -> Any:
    return np.reshape(a, (-1, 1)) if np.ndim(a) < 2 else a


def pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Any:
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return flat(array)[np.pad(positions(array), pad_width, mode)]  # type: ignore[call-overload]
    if mode != "constant":
        raise TypeError(
            f"np.pad: mode={mode!r} cannot be recorded; it knows constant, edge, reflect, symmetric and wrap"
        )
    inside = placing(np.pad)(array, pad_width)
    outside = np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values)
    return inside + outside if np.any(outside) else inside


def picked_from(function: Function, arrays: Sequence[Any]) -> Any:
    """What a function of arrays of places picks from the entries of these arrays."""
    arrays = [np.asarray(a) if not hasattr(a, "ndim") else a for a in arrays]
    starts = np.cumsum([0, *(a.size for a in arrays)])
    return join(*map(flat, arrays), axis=0)[function(*(positions(a) + n for a, n in zip(arrays, starts, strict=False)))]


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    return cast_to(picked_from(lambda a, v: np.insert(a, obj, v, axis), [arr, values]), arr)


def cast_to(y: Any, like: Any) -> Any:
    return y if y.dtype == like.dtype else y.astype(like.dtype)


def block(arrays: Any) -> Any:
    found: list[Any] = []

    def places(part: Any, at: Callable[[int], Any]) -> Any:
        if isinstance(part, list):
            return [places(p, at) for p in part]
        found.append(part)
        return at(len(found) - 1)

    places(arrays, lambda i: None)
    parts, found = found, []
    return picked_from(lambda *of: np.block(places(arrays, lambda i: of[i])), parts)


def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(a, shape) for a in args)


def meshgrid(*xi: Any, indexing: str = "xy", sparse: bool = False) -> tuple[Any, ...]:
    places = np.meshgrid(*map(positions, xi), indexing=indexing, sparse=sparse)  # type: ignore[call-overload]
    return tuple(flat(x)[p] for x, p in zip(xi, places, strict=True))


TABLE: dict[Function, Function] = {
    np.concatenate: concatenate,
    np.append: lambda arr, values, axis=None: concatenate([arr, values], axis),
    np.insert: insert,
    np.block: block,
    np.broadcast_arrays: broadcast_arrays,
    np.meshgrid: meshgrid,
    np.stack: stack,
    np.vstack: joined(np.atleast_2d, lambda a: 0),
    np.hstack: joined(np.atleast_1d, lambda a: 0 if a.ndim == 1 else 1),
    np.dstack: joined(np.atleast_3d, lambda a: 2),
    np.column_stack: joined(column, lambda a: 1),
    np.pad: pad,
}
VIEWS: set[Function] = set()
if hasattr(np, "unstack"):  # NumPy 2.1
    TABLE[np.unstack] = lambda x, *, axis=0: tuple(unstack(x, axis))
    VIEWS.add(np.unstack)
