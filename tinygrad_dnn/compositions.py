"""NumPy functions said with others: what they are made of is recorded, so they need no derivative of their own.

Many only move, repeat or drop entries: such a function is run on the positions of the entries, which are then picked.
An entry's parameters have NumPy's names; those that NumPy takes but an entry does not are refused by name.
"""

import functools
import string
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from .derivatives import (
    cast,
    eigenvalues,
    eigenvectors,
    join,
    left_vectors,
    log_abs_det,
    right_vectors,
    scatter_add,
    singular_values,
)  # fmt: skip

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


# Reductions


def count(x: Any, axis: Any) -> int:
    """How many entries a reduction of x over axis takes together."""
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    return prod(x.shape[i] for i in axes)


def mean(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    if a.dtype == np.float16:  # whose sums would overflow; NumPy adds in single precision too
        return cast(mean(cast(a, np.dtype(np.float32)), axis, keepdims=keepdims), a.dtype)
    return np.sum(a, axis=axis, keepdims=keepdims) / count(a, axis)


def var(a: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    deviation = a - mean(a, axis, keepdims=True)
    return np.sum(np.square(deviation), axis=axis, keepdims=keepdims) / max(count(a, axis) - ddof, 0)


def std(a: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.sqrt(var(a, axis, ddof=ddof, keepdims=keepdims))


def average(a: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False) -> Any:
    if weights is None:
        return mean(a, axis, keepdims=keepdims)
    if weights.shape != a.shape:
        if not isinstance(axis, int) or weights.shape != (a.shape[axis],):
            raise TypeError("np.average: weights of another shape need one axis, and an entry for each of its places")
        weights = np.reshape(weights, [-1 if i == axis % a.ndim else 1 for i in range(a.ndim)])
    weights = np.broadcast_to(weights, a.shape)
    total = np.sum(weights, axis=axis, keepdims=keepdims)
    if np.any(total == 0):
        raise ZeroDivisionError("np.average: the weights sum to zero")
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / total


def along_one_axis(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """a with the axes of a reduction made its last one, and the shape that keepdims would leave."""
    axes = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
    others = [i for i in range(a.ndim) if i not in axes]
    shape = tuple(1 if i in axes else n for i, n in enumerate(a.shape))
    moved = np.transpose(a, (*others, *axes))
    return np.reshape(moved, (*(a.shape[i] for i in others), prod(a.shape[i] for i in axes))), shape


def reduced(y: Any, shape: tuple[int, ...], keepdims: bool) -> Any:
    return np.reshape(y, shape) if keepdims else y


def cumprod(a: Any, axis: int | None = None) -> Any:
    a, axis = (flat(a), 0) if axis is None else (a, axis)
    parts = unstack(a, axis)
    for i in range(1, len(parts)):
        parts[i] = parts[i - 1] * parts[i]
    return stack(parts, axis) if parts else +a


def median(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    x, shape = along_one_axis(a, axis)
    n, x = x.shape[-1], np.sort(x)
    middle = (x[..., (n - 1) // 2] + x[..., n // 2]) / 2
    return reduced(with_nans(middle, x, -1), shape, keepdims)


def with_nans(y: Any, x: Any, axis: int) -> Any:
    """y, but nan where x holds one."""
    return y + nan_where(np.any(np.isnan(x), axis=axis), x)


def nan_where(mask: Any, like: Any) -> Any:
    """nan where the mask holds, else 0, in the precision of another array."""
    return np.where(mask, np.nan, 0.0).astype(like.dtype)


def quantile(a: Any, q: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The value at place q (n - 1) of the sorted entries, on the straight line between its neighbours."""
    x, shape = along_one_axis(a, axis)
    n, x = x.shape[-1], np.sort(x)
    if np.any((np.asarray(q) < 0) | (np.asarray(q) > 1)):
        raise ValueError(f"np.quantile: q is {q}; expected are numbers from 0 to 1")

    def at(q: float) -> Any:
        low = min(int(q * (n - 1)), n - 1)
        part, left, right = q * (n - 1) - low, x[..., low], x[..., min(low + 1, n - 1)]
        y = left + (right - left) * part if part < 0.5 else right - (right - left) * (1 - part)
        return reduced(with_nans(y, x, -1), shape, keepdims)

    if np.ndim(q) == 0:
        return at(float(q))
    return np.reshape(stack([at(float(v)) for v in np.ravel(q)], 0), (*np.shape(q), *at(0.0).shape))


def nan_reduction(reduce: Function, filling: float) -> Function:
    """A reduction without the nans; nan where there is nothing else, if the filling is infinite."""

    def reduction(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
        y = reduce(np.where(np.isnan(a), filling, a), axis=axis, keepdims=keepdims)
        nothing = np.all(np.isnan(a), axis=axis, keepdims=keepdims)
        beside = np.any(np.isnan(a), axis=axis, keepdims=keepdims) & ~nothing
        if filling and np.any((y == filling) & beside):
            raise ValueError(f"np.nanmax, np.nanmin: the extreme is {filling} and has no gradient")
        return y + nan_where(nothing, a) if filling else y

    return reduction


def nanmean(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    number = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims).astype(a.dtype)
    return np.nansum(a, axis=axis, keepdims=keepdims) / number


# Putting together and taking apart


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


# Sorting


def sort(a: Any, axis: int | None = -1, kind: Any = None, *, stable: Any = None) -> Any:
    a, axis = (flat(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argsort(a, axis=axis, kind="stable"), axis)


def partition(a: Any, kth: Any, axis: int | None = -1) -> Any:
    a, axis = (flat(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argpartition(a, kth, axis=axis), axis)


# Elementwise


def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    if (a_min is not None and min is not None) or (a_max is not None and max is not None):
        raise ValueError("np.clip: a bound was given twice, as a_min and min or as a_max and max")
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    a = +a if low is None else np.maximum(low, a)
    return a if high is None else np.minimum(high, a)


def sinc(x: Any) -> Any:
    """sin(pi x) / (pi x); near 0 its series, whose derivatives are right at 0 too."""
    z = np.pi * x
    near = np.abs(z) < 1e-2
    away = np.where(near, 1.0, z)
    square = np.where(near, z * z, 0.0)
    return np.where(near, 1 - square / 6 * (1 - square / 20 * (1 - square / 42)), np.sin(away) / away)


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if not copy:
        raise TypeError("np.nan_to_num: copy=False would change its argument; leave it out")
    largest = np.finfo(x.dtype).max
    filling = np.where(
        np.isnan(x), nan, np.where(x > 0, largest if posinf is None else posinf, -largest if neginf is None else neginf)
    )
    filling = filling.astype(x.dtype)
    return np.where(np.isfinite(x), x, np.where(np.isfinite(x), 0.0, filling))


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    if any(np.result_type(condition).kind != "b" for condition in condlist):
        raise TypeError("np.select: a condition is not an array of booleans")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = np.where(condition, choice, y)
    return y


def full_like(a: Any, fill_value: Any) -> Any:
    if isinstance(fill_value, np.ndarray | np.generic | float | int):
        return np.full(np.shape(a), fill_value, a.dtype)
    return cast(np.broadcast_to(fill_value, np.shape(a)), a.dtype)


# Differences and integrals


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    if n < 0:
        raise ValueError(f"np.diff: n is {n}; expected is a number of differences")
    index = (slice(None),) * normalize_axis_index(axis, a.ndim)
    for _ in range(n):
        a = a[(*index, slice(1, None))] - a[(*index, slice(None, -1))]
    return a


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    axes = tuple(range(f.ndim)) if axis is None else tuple(int(i) % f.ndim for i in np.atleast_1d(axis))
    steps = varargs if len(varargs) == len(axes) else (varargs or (1.0,)) * len(axes)
    if any(np.ndim(step) for step in steps) or edge_order not in (1, 2):
        raise TypeError("np.gradient: only steps that are numbers, and edge_order 1 or 2, can be recorded")
    found = [slope(f, step, i, edge_order) for step, i in zip(steps, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def slope(f: Any, h: Any, axis: int, edge_order: int) -> Any:
    """Differences along an axis: central inside, one-sided at the ends."""

    def at(start: int, stop: int | None) -> Any:
        return f[(*[slice(None)] * axis, slice(start, stop))]

    if f.shape[axis] < edge_order + 1:
        raise ValueError(f"np.gradient: {f.shape[axis]} entries came; edge_order={edge_order} needs {edge_order + 1}")
    inside = (at(2, None) - at(0, -2)) / (2 * h)
    if edge_order == 1:
        first, last = (at(1, 2) - at(0, 1)) / h, (at(-1, None) - at(-2, -1)) / h
    else:
        first = (-1.5 * at(0, 1) + 2 * at(1, 2) - 0.5 * at(2, 3)) / h
        last = (0.5 * at(-3, -2) - 2 * at(-2, -1) + 1.5 * at(-1, None)) / h
    return join(first, inside, last, axis=axis)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    index = (slice(None),) * (axis % y.ndim)
    width = dx if x is None else np.diff(x, axis=axis if x.ndim > 1 else -1)
    if x is not None and x.ndim == 1:
        width = np.reshape(width, [-1 if i == axis % y.ndim else 1 for i in range(y.ndim)])
    return np.sum(width * (y[(*index, slice(1, None))] + y[(*index, slice(None, -1))]) / 2.0, axis=axis)


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, *, axis: int = 0) -> Any:
    span = stop - start
    steps = (np.arange(num) / max(num - 1 if endpoint else num, 1)).astype(span.dtype)
    y = np.reshape(steps, (-1, *[1] * np.ndim(span))) * span + start
    return np.moveaxis(y, 0, axis) if axis else y


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    if x.ndim != 1:
        raise ValueError(f"np.vander: x has shape {x.shape}; expected is one axis")
    x = cast(x, np.promote_types(x.dtype, int))  # as NumPy does
    powers = range(x.size if N is None else N)
    return stack([np.power(x, k) for k in (powers if increasing else reversed(powers))], -1)


# Linear algebra


def inner(a: Any, b: Any) -> Any:
    return a * b if 0 in (np.ndim(a), np.ndim(b)) else tensordot(a, b, (-1, -1))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    if isinstance(axes, int):
        axes = (range(a.ndim - axes, a.ndim), range(axes))
    of_a, of_b = (
        [int(i) % x.ndim for i in np.atleast_1d(part)] for part, x in zip(map(list_of, axes), (a, b), strict=True)
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
    if x1.shape[axis] != x2.shape[axis]:
        raise ValueError(f"np.vecdot: vectors of length {x1.shape[axis]} and {x2.shape[axis]} came")
    return np.sum(x1 * x2, axis=axis)


def kron(a: Any, b: Any) -> Any:
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


def values_of(a: Any) -> Any:
    """The plain array of a tensor."""
    return a if isinstance(a, np.ndarray) else a.data


def eigh(a: Any, UPLO: str = "L") -> Any:
    if UPLO != "L":
        raise TypeError(
            f"np.linalg.eigh: UPLO={UPLO!r} cannot be recorded; write np.linalg.eigh(a.T) for the upper half"
        )
    return type(np.linalg.eigh(np.eye(1)))(eigenvalues(a), eigenvectors(a))


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        return singular_values(a)
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise TypeError("np.linalg.svd: write full_matrices=False to record it; the other vectors are not unique")
    return type(np.linalg.svd(np.eye(1)))(left_vectors(a), singular_values(a), right_vectors(a))


def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    if rcond is not None:
        raise TypeError("np.linalg.lstsq: rcond cannot be recorded; leave it out")
    x = np.linalg.pinv(a) @ b
    rank = int(np.linalg.matrix_rank(values_of(a)))
    full = rank == a.shape[1] < a.shape[0]
    residuals = np.sum(np.square(b - a @ x), axis=0, keepdims=b.ndim == 1) if full else np.zeros(0)
    return x, residuals, rank, singular_values(a)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord is None and axis is None:
        y = np.sqrt(np.sum(np.square(flat(x))))
        return np.reshape(y, (1,) * x.ndim) if keepdims else y
    axes = tuple(range(x.ndim)) if axis is None else tuple(int(i) % x.ndim for i in np.atleast_1d(axis))
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
        return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))
    return np.power(np.sum(np.power(size, ord), axis=axis, keepdims=keepdims), 1 / ord)


def matrix_norm(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    rows, columns = axes
    if ord == "fro":
        return np.sqrt(np.sum(np.square(x), axis=axes, keepdims=keepdims))
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


# Einstein summation


def einsum(subscripts: str, *operands: Any) -> Any:
    """Operands are brought together two at a time: batch indices, summed ones and the rest, then a matrix product."""
    if not isinstance(subscripts, str):
        raise TypeError("np.einsum: only the form with a string, such as 'ij,jk->ik', can be recorded")
    inputs, output = parse_subscripts(subscripts, [np.ndim(x) for x in operands])
    terms = [diagonals(x, indices) for x, indices in zip(operands, inputs, strict=True)]
    while len(terms) > 1:
        (a, of_a), (b, of_b), *rest = terms
        needed = set(output).union(*(indices for _, indices in rest))
        terms = [contract(a, of_a, b, of_b, needed), *rest]
    x, indices = terms[0]
    x, indices = sum_out(x, indices, set(output))
    return np.transpose(x, [indices.index(i) for i in output]) if len(output) > 1 else x


def parse_subscripts(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The indices of each operand and of the output as plain letters, an ellipsis spelled out."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ndims):
        raise ValueError(f"np.einsum: {subscripts!r} names {len(inputs)} operands, {len(ndims)} came")
    free = [c for c in string.ascii_letters if c not in subscripts]
    most = max(n - len(i.replace("...", "")) for n, i in zip(ndims, inputs, strict=True))
    dots = "".join(free[: max(most, 0)])
    spelled = [
        i.replace("...", dots[len(dots) - (n - len(i) + 3) :]) if "..." in i else i
        for n, i in zip(ndims, inputs, strict=True)
    ]
    if arrow:
        output = right.replace("...", dots)
        if set(output) - set("".join(spelled)) or len(set(output)) < len(output) or (dots and "..." not in right):
            raise ValueError(f"np.einsum: the output of {subscripts!r} does not follow from its inputs")
        return spelled, output
    once = sorted(c for c in set(left) - set(",.") if left.count(c) == 1)
    return spelled, (dots if "..." in left else "") + "".join(once)


def diagonals(x: Any, indices: str) -> tuple[Any, str]:
    """An operand in which each index stands once: the diagonal where it stood twice."""
    if len(indices) != np.ndim(x):
        raise ValueError(f"np.einsum: {indices!r} has {len(indices)} indices, its operand {np.ndim(x)} axes")
    for c in dict.fromkeys(indices):
        while indices.count(c) > 1:
            i, j = indices.index(c), indices.rindex(c)
            if x.shape[i] != x.shape[j]:
                raise ValueError(f"np.einsum: {c!r} stands for the lengths {x.shape[i]} and {x.shape[j]}")
            x = np.diagonal(x, 0, i, j)
            indices = indices[:i] + indices[i + 1 : j] + indices[j + 1 :] + c
    return x, indices


def sum_out(x: Any, indices: str, needed: set[str]) -> tuple[Any, str]:
    """The sum over the indices that nobody needs any more."""
    axes = tuple(i for i, c in enumerate(indices) if c not in needed)
    return (np.sum(x, axis=axes), "".join(c for c in indices if c in needed)) if axes else (x, indices)


def contract(a: Any, of_a: str, b: Any, of_b: str, needed: set[str]) -> tuple[Any, str]:
    a, of_a = sum_out(a, of_a, needed | set(of_b))
    b, of_b = sum_out(b, of_b, needed | set(of_a))
    sizes = {
        c: max(n, m)
        for c, n in zip(of_a, a.shape, strict=True)
        for m in [dict(zip(of_b, b.shape, strict=True)).get(c, n)]
    }
    sizes |= {c: n for c, n in zip(of_b, b.shape, strict=True) if c not in sizes}
    batch = [c for c in of_a if c in of_b and c in needed]
    summed = [c for c in of_a if c in of_b and c not in needed]
    rest_a, rest_b = [c for c in of_a if c not in of_b], [c for c in of_b if c not in of_a]

    def table(x: Any, indices: str, *groups: list[str]) -> Any:
        order = [c for group in groups for c in group]
        x = np.broadcast_to(x, [sizes[c] for c in indices])
        x = np.transpose(x, [indices.index(c) for c in order]) if order else x
        return np.reshape(x, (*(sizes[c] for c in batch), *(prod(sizes[c] for c in group) for group in groups[1:])))

    y = table(a, of_a, batch, rest_a, summed) @ table(b, of_b, batch, summed, rest_b)
    result = [*batch, *rest_a, *rest_b]
    return np.reshape(y, [sizes[c] for c in result]), "".join(result)


PICKING = (
    np.flip, np.fliplr, np.flipud, np.roll, np.rollaxis, np.moveaxis, np.rot90, np.repeat, np.tile, np.resize,
    np.diagonal, np.delete, np.take_along_axis, np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit,
    np.matrix_transpose,
)  # fmt: skip
PLACING = (np.diag, np.diagflat, np.tril, np.triu)

COMPOSED_VIEWS = {
    np.flip, np.fliplr, np.flipud, np.rollaxis, np.moveaxis, np.rot90, np.diagonal, np.matrix_transpose, np.real,
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.diag,
}  # fmt: skip

COMPOSED: dict[Function, Function] = {
    **{function: picking(function) for function in PICKING},
    **{function: placing(function) for function in PLACING},
    np.take: lambda a, indices, axis=None, *, mode="raise": picking(np.take)(a, indices, axis, mode=mode),
    np.atleast_1d: at_least(np.atleast_1d),
    np.atleast_2d: at_least(np.atleast_2d),
    np.atleast_3d: at_least(np.atleast_3d),
    # reductions
    np.mean: mean,
    np.var: var,
    np.std: std,
    np.average: average,
    np.cumprod: cumprod,
    np.amax: lambda a, axis=None, *, keepdims=False: np.max(a, axis, keepdims=keepdims),
    np.amin: lambda a, axis=None, *, keepdims=False: np.min(a, axis, keepdims=keepdims),
    np.ptp: lambda a, axis=None, *, keepdims=False: (
        np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)
    ),
    np.median: median,
    np.quantile: quantile,
    np.percentile: lambda a, q, axis=None, *, keepdims=False: quantile(a, np.asarray(q) / 100, axis, keepdims=keepdims),
    np.nansum: nan_reduction(np.sum, 0.0),
    np.nanmax: nan_reduction(np.max, -np.inf),
    np.nanmin: nan_reduction(np.min, np.inf),
    np.nanmean: nanmean,
    # putting together and taking apart
    np.concatenate: concatenate,
    np.stack: stack,
    np.vstack: joined(np.atleast_2d, lambda a: 0),
    np.hstack: joined(np.atleast_1d, lambda a: 0 if a.ndim == 1 else 1),
    np.dstack: joined(np.atleast_3d, lambda a: 2),
    np.column_stack: joined(column, lambda a: 1),
    np.pad: pad,
    # sorting
    np.sort: sort,
    np.partition: partition,
    # elementwise
    np.clip: clip,
    np.sinc: sinc,
    np.nan_to_num: nan_to_num,
    np.select: select,
    np.real: lambda val: np.positive(val),
    np.imag: lambda val: np.zeros(np.shape(val), val.dtype),
    np.full_like: full_like,
    # differences and integrals
    np.diff: diff,
    np.gradient: gradient,
    np.trapezoid: trapezoid,
    np.linspace: linspace,
    np.vander: vander,
    # linear algebra
    np.outer: lambda a, b: np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1)),
    np.inner: inner,
    np.vdot: lambda a, b: np.dot(flat(a), flat(b)),
    np.vecdot: vecdot,
    np.tensordot: tensordot,
    np.einsum: einsum,
    np.kron: kron,
    np.cross: cross,
    np.trace: trace,
    np.convolve: convolve,
    np.correlate: correlate,
    np.linalg.norm: norm,
    np.linalg.matrix_power: matrix_power,
    np.linalg.multi_dot: multi_dot,
    np.linalg.slogdet: slogdet,
    np.linalg.eigh: eigh,
    np.linalg.svd: svd,
    np.linalg.lstsq: lstsq,
}
if hasattr(np, "unstack"):  # NumPy 2.1
    COMPOSED[np.unstack] = lambda x, *, axis=0: tuple(unstack(x, axis))
    COMPOSED_VIEWS.add(np.unstack)
if hasattr(np, "astype"):
    COMPOSED[np.astype] = lambda x, dtype: cast(x, np.dtype(dtype))
