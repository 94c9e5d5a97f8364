"""Products of vectors, matrices and tables, and convolutions."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..derivatives import scatter_add
from .einstein import einsum
from .places import flat

Function = Callable[..., Any]


def inner(a: Any, b: Any) -> Any:
    return a * b if 0 in (np.ndim(a), np.ndim(b)) else tensordot(a, b, (-1, -1))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    if np.ndim(axes) == 0:
        axes = (range(a.ndim - axes, a.ndim), range(axes))
    of_a, of_b = (
        list(normalize_axis_tuple(np.atleast_1d(part), x.ndim))
        for part, x in zip(map(list_of, axes), (a, b), strict=True)
    )
    rest_a, rest_b = ([i for i in range(x.ndim) if i not in used] for x, used in ((a, of_a), (b, of_b)))
    if [a.shape[i] for i in of_a] != [b.shape[i] for i in of_b]:
        raise ValueError(f"np.tensordot: axes {of_a} of shape {a.shape} do not fit axes {of_b} of shape {b.shape}")
    inner_size = prod(a.shape[i] for i in of_a)
    left = np.reshape(np.transpose(a, (*rest_a, *of_a)), (prod(a.shape[i] for i in rest_a), inner_size))
    right = np.reshape(np.transpose(b, (*of_b, *rest_b)), (inner_size, prod(b.shape[i] for i in rest_b)))
    return np.reshape(left @ right, (*(a.shape[i] for i in rest_a), *(b.shape[i] for i in rest_b)))


def list_of(axes: Any) -> Any:
    return list(axes) if isinstance(axes, range) else axes


def vecdot(x1: Any, x2: Any, *, axis: int = -1) -> Any:
    x1, x2 = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    return np.sum(x1 * x2, axis=-1)


def kron(a: Any, b: Any) -> Any:
    if 0 in (np.ndim(a), np.ndim(b)):
        return a * b
    n = max(a.ndim, b.ndim)
    of_a, of_b = ((1,) * (n - x.ndim) + tuple(x.shape) for x in (a, b))
    left = np.reshape(a, [k for size in of_a for k in (size, 1)])
    right = np.reshape(b, [k for size in of_b for k in (1, size)])
    return np.reshape(left * right, [i * j for i, j in zip(of_a, of_b, strict=True)])


def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError(f"np.cross: vectors of length {a.shape[-1]} and {b.shape[-1]} came; both need three entries")
    ahead, behind = [1, 2, 0], [2, 0, 1]
    return np.moveaxis(a[..., ahead] * b[..., behind] - a[..., behind] * b[..., ahead], -1, axisc)


def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """y_k = sum_j a_(k-j) v_j."""
    a, v = (v, a) if v.size > a.size else (a, v)
    n, m = a.size, v.size
    if m == 0:
        raise ValueError("np.convolve: an empty array came")
    place = np.arange(n + m - 1)[:, np.newaxis] - np.arange(m)
    inside = (place >= 0) & (place < n)
    row, column = np.nonzero(inside)
    y = scatter_add(a[place[inside]] * v[column], row, (n + m - 1,))
    start, stop = {"full": (0, n + m - 1), "same": ((m - 1) // 2, (m - 1) // 2 + n), "valid": (m - 1, n)}[mode]
    return y[start:stop]


def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    y = convolve(a, np.flip(v), "full")
    n, m = a.size, v.size
    if mode == "full":
        return y
    if mode == "valid":
        return y[min(n, m) - 1 : max(n, m)]
    if mode != "same":
        raise ValueError(f"np.correlate: mode is {mode!r}; known are full, same and valid")
    start = m - 1 - m // 2 if n >= m else n // 2
    return y[start : start + max(n, m)]


def outer(a: Any, b: Any) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def outer_of_vectors(x1: Any, x2: Any) -> Any:
    if (x1.ndim, x2.ndim) != (1, 1):
        raise ValueError(f"np.linalg.outer: arrays of {x1.ndim} and {x2.ndim} axes came; two vectors are expected")
    return outer(x1, x2)


TABLE: dict[Function, Function] = {
    np.outer: outer,
    np.inner: inner,
    np.vdot: lambda a, b: np.dot(flat(a), flat(b)),
    np.vecdot: vecdot,
    np.tensordot: tensordot,
    np.einsum: einsum,
    np.kron: kron,
    np.cross: cross,
    np.convolve: convolve,
    np.correlate: correlate,
    np.linalg.outer: outer_of_vectors,
    np.linalg.vecdot: vecdot,
    np.linalg.tensordot: lambda x1, x2, *, axes=2: tensordot(x1, x2, axes),
    np.linalg.matmul: lambda x1, x2: np.matmul(x1, x2),
    np.linalg.cross: lambda x1, x2, *, axis=-1: cross(x1, x2, axis=axis),
}
if hasattr(np, "matvec"):  # NumPy 2.2
    TABLE[np.matvec] = lambda x1, x2: np.matmul(x1, np.expand_dims(x2, -1))[..., 0]
    TABLE[np.vecmat] = lambda x1, x2: np.matmul(np.expand_dims(x1, -2), x2)[..., 0, :]
