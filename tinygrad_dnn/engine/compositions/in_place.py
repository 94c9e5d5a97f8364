"""Functions that write into their first argument: an assignment each, which a tensor records."""

from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[..., Any]


def cycled(values: Any, count: int) -> Any:
    """So many of the values, from the first again after the last."""
    values = np.ravel(values)
    return values if values.shape[0] in (1, count) else np.resize(values, count)


def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    dst[np.broadcast_to(where, dst.shape)] = np.broadcast_to(src, dst.shape)[np.broadcast_to(where, dst.shape)]


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    places = np.ravel(ind)
    if mode == "raise" and np.any((places < -a.size) | (places >= a.size)):
        raise IndexError(f"np.put: an index is outside of an array of {a.size} entries")
    places = np.clip(places, 0, a.size - 1) if mode == "clip" else places % max(a.size, 1)
    if np.size(v):
        a[np.unravel_index(places.astype(int), a.shape)] = cycled(v, places.size)


def place(arr: Any, mask: Any, vals: Any) -> None:
    mask = np.reshape(np.asarray(mask, bool), arr.shape)
    arr[mask] = np.resize(np.ravel(vals), int(np.sum(mask)))


def putmask(a: Any, mask: Any, values: Any) -> None:
    mask = np.reshape(np.asarray(mask, bool), a.shape)
    if np.size(values):
        a[mask] = np.reshape(np.resize(np.ravel(values), a.size), a.shape)[mask]


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    mask = np.zeros(a.shape, bool)
    np.fill_diagonal(mask, True, wrap)
    if np.size(val):
        a[mask] = np.resize(np.ravel(val), int(np.sum(mask)))


def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    if axis is None:
        return put(arr, indices, np.broadcast_to(values, np.shape(indices)))
    shape = np.broadcast_shapes(np.shape(indices), [1 if i == axis % arr.ndim else n for i, n in enumerate(arr.shape)])
    indices = np.broadcast_to(indices, shape)
    index: list[Any] = list(np.indices(shape, sparse=True))
    index[axis] = indices
    arr[tuple(index)] = values
    return None


TABLE: dict[Function, Function] = {
    np.copyto: copyto,
    np.put: put,
    np.place: place,
    np.putmask: putmask,
    np.fill_diagonal: fill_diagonal,
    np.put_along_axis: put_along_axis,
}
