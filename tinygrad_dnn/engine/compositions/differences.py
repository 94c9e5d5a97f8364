"""Differences and integrals along an axis, and functions given by points or coefficients."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..derivatives import cast, join, records
from .joining import concatenate, stack
from .places import flat

Function = Callable[..., Any]


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    if n < 0:
        raise ValueError(f"np.diff: n is {n}; expected is a number of differences")
    index = (slice(None),) * normalize_axis_index(axis, a.ndim)
    for _ in range(n):
        a = a[(*index, slice(1, None))] - a[(*index, slice(None, -1))]
    return a


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    steps = varargs if len(varargs) == len(axes) else (varargs or (1.0,)) * len(axes)
    if edge_order not in (1, 2):
        raise ValueError(f"np.gradient: edge_order is {edge_order}; known are 1 and 2")
    found = [slope(f, np.asarray(step), i, edge_order) for step, i in zip(steps, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def slope(f: Any, step: Any, axis: int, edge_order: int) -> Any:
    """Differences along an axis: central inside, one-sided at the ends; step: their distance, or the coordinates."""
    n = f.shape[axis]
    if n < edge_order + 1:
        raise ValueError(f"np.gradient: {n} entries came; edge_order={edge_order} needs {edge_order + 1}")
    if step.ndim and step.shape != (n,):
        raise ValueError(f"np.gradient: coordinates of shape {step.shape} came for an axis of {n} entries")
    step = step.astype(float) if step.dtype.kind in "iub" else step
    widths = np.diff(step) if step.ndim else np.broadcast_to(step, (n - 1,))

    def weighed(weights: Any, start: int, stop: int | None) -> Any:
        weights = np.reshape(np.asarray(weights, f.dtype), [-1 if i == axis else 1 for i in range(f.ndim)])
        return weights * f[(*[slice(None)] * axis, slice(start, stop))]

    a, b = widths[:-1], widths[1:]  # before and behind each inner place
    inside = (
        weighed(-b / (a * (a + b)), 0, -2) + weighed((b - a) / (a * b), 1, -1) + weighed(a / (b * (a + b)), 2, None)
        if step.ndim
        else (f[(*[slice(None)] * axis, slice(2, None))] - f[(*[slice(None)] * axis, slice(None, -2))]) / (2 * step)
    )

    def end(a: Any, b: Any) -> list[Any]:
        """The weights of the parabola through three places, for its slope at the first."""
        return [-(2 * a + b) / (a * (a + b)), (a + b) / (a * b), -a / (b * (a + b))]

    def summed(terms: Any) -> Any:
        return np.sum(terms, axis=axis, keepdims=True)

    if edge_order == 1:
        first = summed(weighed([-1 / widths[0], 1 / widths[0]], 0, 2))
        last = summed(weighed([-1 / widths[-1], 1 / widths[-1]], -2, None))
    else:
        first = summed(weighed(end(widths[0], widths[1]), 0, 3))
        last = summed(weighed([-w for w in end(widths[-1], widths[-2])[::-1]], -3, None))
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


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    inside = diff(flat(ary))
    ends = [None if e is None else np.ravel(e) for e in (to_begin, to_end)]
    return concatenate([part for part in (ends[0], inside, ends[1]) if part is not None])


def interp(x: Any, xp: Any, fp: Any) -> Any:
    """The straight line between the neighbouring points; the first or the last value outside of them."""
    x, xp, fp = (np.asarray(v) if not hasattr(v, "astype") else v for v in (x, xp, fp))
    x, xp, fp = (v if v.dtype == float else v.astype(float) for v in (x, xp, fp))
    if np.any(np.diff(values_of(xp)) <= 0):
        raise ValueError("np.interp: xp does not increase")
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(xp.shape[0] - 2, 0))
    if xp.shape[0] == 1:
        return fp[i]
    part = np.clip((x - xp[i]) / (xp[i + 1] - xp[i]), 0, 1)
    return fp[i] + part * (fp[i + 1] - fp[i])


def values_of(a: Any) -> Any:
    """The plain array of a tensor."""
    return a.data if records(a) else a


def polyval(p: Any, x: Any) -> Any:
    """p_0 x^n + ... + p_n, by Horner's rule."""
    y = 0.0 * x
    for i in range(p.shape[0]):
        y = y * x + p[i]
    return y


TABLE: dict[Function, Function] = {
    np.diff: diff,
    np.ediff1d: ediff1d,
    np.gradient: gradient,
    np.trapezoid: trapezoid,
    np.linspace: linspace,
    np.logspace: lambda start, stop, num=50, endpoint=True, base=10.0, *, axis=0: (
        base ** linspace(start, stop, num, endpoint, axis=axis)
    ),
    np.interp: interp,
    np.vander: vander,
    np.polyval: polyval,
}
