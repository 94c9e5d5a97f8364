"""Means, variances, quantiles, and reductions that leave out what is not a number."""

from collections.abc import Callable
from math import ceil, floor, prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..derivatives import cast
from .joining import stack, unstack
from .places import flat

Function = Callable[..., Any]


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
    return root(var(a, axis, ddof=ddof, keepdims=keepdims))


def root(x: Any) -> Any:
    """The square root, with slope 0 at 0: what it is taken of is a sum of squares, and stands at its kink."""
    return np.sqrt(x) if np.all(x != 0) else np.where(x == 0, x, np.sqrt(np.where(x == 0, 1.0, x)))


def average(a: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False) -> Any:
    if weights is None:
        return mean(a, axis, keepdims=keepdims)
    weights = np.asarray(weights) if isinstance(weights, list | tuple) else weights
    if weights.shape != a.shape:
        if not isinstance(axis, int) or weights.shape != (a.shape[axis],):
            raise TypeError("np.average: weights of another shape need one axis, and an entry for each of its places")
        weights = np.reshape(weights, [-1 if i == axis % a.ndim else 1 for i in range(a.ndim)])
    wider = np.result_type(a.dtype, weights.dtype)  # in which NumPy adds the weights up
    weights = weights.astype(wider) if weights.dtype.kind == "f" and weights.dtype != wider else weights
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


# Hyndman and Fan, 1996: the quantile q of n sorted entries stands at n q + alpha + q (1 - alpha - beta), from 1 on.
LINES = {
    "linear": (1, 1), "hazen": (1 / 2, 1 / 2), "weibull": (0, 0), "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8), "interpolated_inverted_cdf": (0, 1),
}  # fmt: skip
STEPS: dict[str, Callable[[float], float]] = {
    "lower": floor, "higher": ceil, "nearest": round, "midpoint": lambda place: (floor(place) + ceil(place)) / 2
}  # fmt: skip


def place_of(q: float, n: int, method: str) -> float:
    """Where the quantile q stands among n sorted entries, the first at 0."""
    if method in STEPS:
        return STEPS[method]((n - 1) * q)
    alpha, beta = LINES[method]
    place = (n - 1) * q if method == "linear" else n * q + alpha + q * (1 - alpha - beta) - 1
    return min(max(place, 0), n - 1)


def quantile(a: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """The value at a place among the sorted entries, on the straight line between its neighbours."""
    if method not in LINES.keys() | STEPS.keys():
        raise TypeError(f"np.quantile: method={method!r} cannot be recorded; it knows {', '.join([*LINES, *STEPS])}")
    x, shape = along_one_axis(a, axis)
    n, x = x.shape[-1], np.sort(x)
    if np.any((np.asarray(q) < 0) | (np.asarray(q) > 1)):
        raise ValueError(f"np.quantile: q is {q}; expected are numbers from 0 to 1")

    def at(q: float) -> Any:
        place = place_of(q, n, method)
        low = int(place)
        part, left, right = place - low, x[..., low], x[..., min(low + 1, n - 1)]
        if part == 0:
            return reduced(with_nans(left, x, -1), shape, keepdims)
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
        if np.isinf(filling) and np.any((y == filling) & beside):
            raise ValueError(f"np.nanmax, np.nanmin: the extreme is {filling} and has no gradient")
        return y + nan_where(nothing, a) if np.isinf(filling) else y

    return reduction


def nanmean(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    number = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims).astype(a.dtype)
    return np.nansum(a, axis=axis, keepdims=keepdims) / number


def nanvar(a: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    there = ~np.isnan(a)
    deviation = np.where(there, a - nanmean(a, axis, keepdims=True), 0.0)
    number = np.sum(there, axis=axis, keepdims=keepdims).astype(a.dtype) - ddof
    y = np.sum(np.square(deviation), axis=axis, keepdims=keepdims) / np.where(number > 0, number, 1)
    return y + nan_where(number <= 0, a)


def nanmedian(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    x, shape = along_one_axis(a, axis)
    number = np.sum(~np.isnan(x), axis=-1, keepdims=True)
    x = np.sort(x)  # the nans come last
    low, high = (np.take_along_axis(x, np.maximum(0, n), -1)[..., 0] for n in ((number - 1) // 2, number // 2))
    return reduced(np.where(number[..., 0] % 2 == 1, low, (low + high) / 2), shape, keepdims)


def without_nans(accumulate: Function, filling: float) -> Function:
    return lambda a, axis=None: accumulate(np.where(np.isnan(a), filling, a), axis)


def cumulative(accumulate: Function) -> Function:
    """The names of the array standard: an axis is needed where there are several."""

    def accumulated(x: Any, *, axis: int | None = None) -> Any:
        if axis is None and x.ndim != 1:
            raise ValueError(f"np.cumulative_sum, np.cumulative_prod: x has {x.ndim} axes; give the axis")
        return accumulate(x, 0 if axis is None else axis)

    return accumulated


TABLE: dict[Function, Function] = {
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
    np.percentile: lambda a, q, axis=None, *, method="linear", keepdims=False: quantile(
        a, np.asarray(q) / 100, axis, method=method, keepdims=keepdims
    ),
    np.nansum: nan_reduction(np.sum, 0.0),
    np.nanprod: nan_reduction(np.prod, 1.0),
    np.nanmax: nan_reduction(np.max, -np.inf),
    np.nanmin: nan_reduction(np.min, np.inf),
    np.nanmean: nanmean,
    np.nanvar: nanvar,
    np.nanstd: lambda a, axis=None, *, ddof=0, keepdims=False: root(nanvar(a, axis, ddof=ddof, keepdims=keepdims)),
    np.nanmedian: nanmedian,
    np.nancumsum: without_nans(np.cumsum, 0.0),
    np.nancumprod: without_nans(np.cumprod, 1.0),
}
if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    TABLE |= {np.cumulative_sum: cumulative(np.cumsum), np.cumulative_prod: cumulative(cumprod)}
