"""The error of differences against their step: too large a step leaves terms out, too small a one loses digits."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tinygrad_dnn import grad

from ..label import GRADIENT, LOCAL
from ..text import number
from .given import Array, array_of
from .lines import FAINT, Line, chart
from .picture import DASHED, SOLID, Picture, write

STEPS = np.logspace(-13, 0, 79)


def step_sizes(f: Callable[[Any], Any], x: Any, *, entry: Any = None, derivative: Any = None) -> Picture:
    """The error of one-sided and central differences of f for one entry of x, over steps from 1e-13 to 1.

    f gives a number. The entry is the one with the largest derivative, unless given; the derivative, of the entry or
    an array of all, is that of grad(f), unless given.
    """
    x = array_of("step_sizes", "x", x)
    x = x if x.dtype == np.float32 else x.astype(float)
    place, exact = entry_of(f, x, entry, derivative)
    lines = []
    for name, back, color, dashes in (("one-sided", 0, LOCAL, DASHED), ("central", 1, GRADIENT, SOLID)):
        slopes = np.array([slope(f, x, place, h, back) for h in STEPS])
        errors = np.abs(slopes - exact) / (abs(exact) or 1.0)
        lines.append(Line(name, STEPS, errors, {"color": color, "linestyle": dashes}))
    what = "relative error" if exact else "error (the derivative is 0)"
    scales = {"xscale": "log", "yscale": "log", "xlabel": "step h", "ylabel": what}
    figure = chart("step_sizes", lines, "h = ", lambda axes: mark_steps(axes, float(np.finfo(x.dtype).eps)), **scales)
    words = [f"Differences for entry {list(place)} of x against the derivative {number(exact)}."]
    return Picture(figure, " ".join([*words, *map(best, lines)]))


def mark_steps(axes: Any, eps: float) -> None:
    """The steps that are about the best where x and the derivatives are about 1."""
    for power, side in ((2, "right"), (3, "left")):
        h = eps ** (1 / power)
        axes.axvline(h, **FAINT)
        above = {"xycoords": axes.get_xaxis_transform(), "va": "bottom", "ha": side, "fontsize": 10}
        write(axes, f"eps**(1/{power}) = {number(h)}", h, 1.01, **above)


def best(line: Line) -> str:
    """At which step the error is least."""
    if not np.any(np.isfinite(line.y)):
        return f"The {line.name} error is never finite."
    i = int(np.nanargmin(line.y))
    return f"The {line.name} error is least at h = {number(line.x[i])}: {number(line.y[i])}."


def entry_of(f: Callable[[Any], Any], x: Array, entry: Any, derivative: Any) -> tuple[tuple[int, ...], float]:
    """Which entry of x is moved, and the derivative with respect to it."""
    if not x.size:
        raise ValueError(f"step_sizes: x has shape {x.shape}; at least one number is expected")
    value_of(f, x.copy())
    given = grad(f)(x.astype(float)) if derivative is None else derivative
    slopes = array_of("step_sizes", "derivative", given).astype(float)
    if slopes.shape != x.shape and (slopes.ndim or entry is None):
        expected = f"that of x, {x.shape}, is expected, or a number together with entry="
        raise ValueError(f"step_sizes: derivative has shape {slopes.shape}; {expected}")
    if entry is None:
        entry = np.unravel_index(np.argmax(np.abs(np.nan_to_num(slopes))), x.shape)
    place = tuple(entry) if isinstance(entry, tuple | list) else (entry,)
    inside = [isinstance(i, int | np.integer) and -n <= i < n for i, n in zip(place, x.shape, strict=False)]
    if len(place) != x.ndim or not all(inside):
        expected = f"the place of one number is expected, such as {(0,) * x.ndim}"
        raise ValueError(f"step_sizes: entry is {entry!r}, x has shape {x.shape}; {expected}")
    place = tuple(map(int, place))
    exact = float(slopes[place] if slopes.shape == x.shape else slopes)
    if not np.isfinite(exact):
        raise ValueError(f"step_sizes: the derivative is {exact} at entry {entry!r}; choose another x or entry")
    return place, exact


def value_of(f: Callable[[Any], Any], x: Array) -> float:
    value = array_of("step_sizes", "the value of f", f(x))
    if value.size != 1:
        expected = "one number is expected, such as its np.sum"
        raise ValueError(f"step_sizes: f gives an array of shape {value.shape}; {expected}")
    return float(value.ravel()[0])


def slope(f: Callable[[Any], Any], x: Array, place: tuple[int, ...], h: float, back: int) -> float:
    """(f(x + h) - f(x - back h)) / (h + back h),  h at one entry."""
    ahead, behind = x.copy(), x.copy()
    ahead[place] += h
    behind[place] -= back * h
    with np.errstate(all="ignore"):
        return (value_of(f, ahead) - value_of(f, behind)) / (h + back * h)
