"""Functions of each entry by itself."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..derivatives import scatter_add

Function = Callable[..., Any]


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


def full_like(a: Any, fill_value: Any, dtype: Any = None, *, shape: Any = None) -> Any:
    shape, dtype = np.shape(a) if shape is None else shape, dtype or a.dtype
    if isinstance(fill_value, np.ndarray | np.generic | float | int | list | tuple):
        return np.full(shape, fill_value, dtype)
    return fill_value.astype(dtype) * np.ones(shape, dtype)


def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    single = not isinstance(condlist, list | tuple) or not (np.ndim(condlist[0]) or x.ndim == 0)
    given = [condlist] if single and (x.ndim or np.ndim(condlist) == 0) else condlist
    conditions = [np.broadcast_to(np.asarray(c, bool), x.shape) for c in given]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(conditions, axis=0))
    if len(funclist) != len(conditions):
        raise ValueError(f"np.piecewise: {len(conditions)} conditions came with {len(funclist)} functions")
    y = np.zeros(x.shape, x.dtype)
    for i, (condition, function) in enumerate(zip(conditions, funclist, strict=True)):
        own = np.nonzero(condition & ~np.any(conditions[i + 1 :], axis=0))  # the last of two that hold
        if not own[0].size:
            continue
        part = function(x[own], *args, **kw) if callable(function) else np.asarray(function, x.dtype)
        y = y + scatter_add(np.broadcast_to(part, own[0].shape), own, x.shape)
    return y


TABLE: dict[Function, Function] = {
    np.clip: clip,
    np.sinc: sinc,
    np.nan_to_num: nan_to_num,
    np.select: select,
    np.piecewise: piecewise,
    np.real: lambda val: np.positive(val),
    np.imag: lambda val: np.zeros(np.shape(val), val.dtype),
    np.real_if_close: lambda a, tol=100: np.positive(a),
    np.full_like: full_like,
    np.divmod: lambda x1, x2: (np.floor_divide(x1, x2), np.remainder(x1, x2)),
    np.modf: lambda x: (x - np.trunc(x), np.trunc(x)),
    np.ldexp: lambda x1, x2: x1 * np.ldexp(np.ones((), x1.dtype), x2),
}
if hasattr(np, "astype"):  # NumPy 2.1
    TABLE[np.astype] = lambda x, dtype, *, copy=True: x.astype(dtype, copy=copy)
VIEWS = {np.real, np.real_if_close}
