"""Norms, powers, decompositions and least squares."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..derivatives import eigenvalues, eigenvectors, left_vectors, log_abs_det, right_vectors, singular_values
from .differences import values_of
from .places import flat
from .reductions import root

Function = Callable[..., Any]


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1)


def matrix_power(a: Any, n: int) -> Any:
    a = np.linalg.inv(a) if n < 0 else a
    if n == 0:
        return np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy()
    y = a
    for _ in range(abs(n) - 1):
        y = y @ a
    return y


def multi_dot(arrays: Sequence[Any]) -> Any:
    return functools.reduce(np.dot, arrays)


def slogdet(a: Any) -> Any:
    return type(np.linalg.slogdet(np.eye(1)))(np.linalg.slogdet(values_of(a))[0], log_abs_det(a))


def eigh(a: Any, UPLO: str = "L") -> Any:
    upper = {"L": False, "U": True}[UPLO.upper()]
    a = np.matrix_transpose(a) if upper else a  # the lower triangle is read
    return type(np.linalg.eigh(np.eye(1)))(eigenvalues(a, upper), eigenvectors(a, upper))


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        return singular_values(a)
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise TypeError("np.linalg.svd: write full_matrices=False to record it; the other vectors are not unique")
    return type(np.linalg.svd(np.eye(1)))(left_vectors(a), singular_values(a), right_vectors(a))


def lstsq(a: Any, b: Any, rcond: float | None = None) -> Any:
    x = np.linalg.pinv(a) @ b
    s = singular_values(values_of(a))
    smallest = np.finfo(a.dtype).eps * (max(a.shape) if rcond is None else 1) if rcond in (None, -1) else rcond
    rank = int(np.sum(s > smallest * np.max(s, initial=0)))
    if rank < min(a.shape):
        raise ValueError(f"np.linalg.lstsq: the matrix has rank {rank} of {min(a.shape)}: the solution jumps there")
    residuals = np.sum(np.square(b - a @ x), axis=0, keepdims=b.ndim == 1) if a.shape[1] < a.shape[0] else np.zeros(0)
    return x, residuals, rank, singular_values(a)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord is None and axis is None:
        y = root(np.sum(np.square(flat(x))))
        return np.reshape(y, (1,) * x.ndim) if keepdims else y
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if len(axes) == 1:
        return vector_norm(x, 2 if ord is None else ord, axes[0], keepdims)
    return matrix_norm(x, "fro" if ord is None else ord, axes, keepdims)


def vector_norm(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    size = np.abs(x)
    if ord == np.inf:
        return np.max(size, axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(size, axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.where(x != 0, 1.0, 0.0), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if ord == 2:
        return root(np.sum(np.square(x), axis=axis, keepdims=keepdims))
    return np.power(np.sum(np.power(size, ord), axis=axis, keepdims=keepdims), 1 / ord)


def matrix_norm(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    rows, columns = axes
    if ord == "fro":
        return root(np.sum(np.square(x), axis=axes, keepdims=keepdims))
    if ord in (1, -1, np.inf, -np.inf):
        summed, kept = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = np.sum(np.abs(x), axis=summed, keepdims=True)
        y = (np.max if ord > 0 else np.min)(sums, kept, keepdims=True)
    elif ord in (2, -2, "nuc"):
        s = svd(np.moveaxis(x, axes, (-2, -1)), compute_uv=False)
        y = np.sum(s, axis=-1) if ord == "nuc" else (np.max if ord == 2 else np.min)(s, -1)
        return np.expand_dims(y, tuple(sorted(axes))) if keepdims else y
    else:
        raise ValueError(
            f"np.linalg.norm: ord={ord!r} of a matrix; it knows None, 'fro', 'nuc', inf, 1, 2 and their negatives"
        )
    return y if keepdims else np.squeeze(y, axes)


def cond(x: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        s = singular_values(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return norm(x, p, (-2, -1)) * norm(np.linalg.inv(x), p, (-2, -1))


def norm_of_vectors(x: Any, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    if axis is None or np.ndim(axis):
        raise TypeError("np.linalg.vector_norm: give one axis to record it, or write np.linalg.norm(x.ravel(), ord)")
    return norm(x, ord, axis, keepdims)


TABLE: dict[Function, Function] = {
    np.trace: trace,
    np.linalg.trace: lambda x, *, offset=0: trace(x, offset, -2, -1),
    np.linalg.norm: norm,
    np.linalg.vector_norm: norm_of_vectors,
    np.linalg.matrix_norm: lambda x, *, keepdims=False, ord="fro": norm(x, ord, (-2, -1), keepdims),
    np.linalg.cond: cond,
    np.linalg.matrix_power: matrix_power,
    np.linalg.multi_dot: multi_dot,
    np.linalg.slogdet: slogdet,
    np.linalg.eigh: eigh,
    np.linalg.eigvalsh: lambda a, UPLO="L": eigh(a, UPLO)[0],
    np.linalg.svd: svd,
    np.linalg.svdvals: lambda x: singular_values(x),
    np.linalg.lstsq: lstsq,
}
