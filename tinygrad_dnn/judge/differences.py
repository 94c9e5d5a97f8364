"""Derivatives by central differences, each with a bound on its own error.

Four values around a point give two central differences, at h and 2h. Extrapolated they have an error of order h^4; how
far the two are apart, the fourth difference, and the noise of the function bound it. A step that is too long for a
function can look precise by accident, so an estimate counts only if a shorter step agrees with it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

EPS = float(np.finfo(float).eps)
START = EPS ** (1 / 5)  # of the size of the variable: where truncation and rounding are about equal
CONFIRM = 1e-3  # the first shorter step
SHORTER = tuple(10.0**-k for k in (1, 2, 4, 5, 6, 7, 8, 9))  # tried in turn where truncation is the larger part
LONGER = (10.0, 100.0)  # where rounding is
ENOUGH = 1e-7  # relative error at which no better step is looked for

Line = Callable[[float], float]


class Estimate(NamedTuple):
    """A derivative and a bound on its error, infinite where no step gave one."""

    value: float
    truncation: float
    rounding: float

    @property
    def error(self) -> float:
        return self.truncation + self.rounding


NOTHING = Estimate(0.0, np.inf, 0.0)


def at_step(f: Line, center: float, h: float, noise: float) -> Estimate:
    """The extrapolated central difference at steps h and 2h."""
    with np.errstate(all="ignore"):
        far_left, left, right, far_right = (f(k * h) for k in (-2, -1, 1, 2))
        near, far = (right - left) / (2 * h), (far_right - far_left) / (4 * h)
        fourth = abs(far_left - 4 * left + 6 * center - 4 * right + far_right)
    value = near + (near - far) / 3
    truncation = abs(near - far) / 3 + fourth / (4 * h)
    return Estimate(value, truncation, 2 * noise / h) if np.isfinite(value + truncation) else NOTHING


def derivative(f: Line, center: float, size: float, noise: float, goal: float = 0.0, x: float = 0.0) -> Estimate:
    """df/dt at t = 0, where f(0) = center and t is added to a variable x.

    size: the length over which f varies; noise: the rounding error of f; goal: an error that is small enough.
    """

    def at(step: float) -> Estimate:
        return at_step(f, center, representable(step * START * size, x), noise)

    seen = {step: at(step) for step in (1.0, CONFIRM)}
    best = confirmed(seen)
    further = SHORTER if seen[1.0].truncation > seen[1.0].rounding else LONGER
    for step in further:
        if best.error <= max(ENOUGH * abs(best.value), goal):
            break
        seen[step] = at(step)
        best = confirmed(seen)
    return best


def representable(h: float, x: float) -> float:
    """The step nearest to h for which x + h and x + 2h are numbers of the machine, so that the step is exact."""
    grain = float(np.spacing(abs(x) + 2 * h))
    return max(round(h / grain), 1) * grain


def confirmed(seen: dict[float, Estimate]) -> Estimate:
    """The most precise of the estimates that every shorter step agrees with."""
    steps = sorted(seen)
    agreeing = [
        seen[step] for i, step in enumerate(steps) if i > 0 and all(confirms(seen[k], seen[step]) for k in steps[:i])
    ]
    return min(agreeing, key=lambda e: e.error, default=NOTHING)


def confirms(short: Estimate, long: Estimate) -> bool:
    """Whether the estimate of a shorter step agrees, and says something: its own step is not too long as well."""
    telling = short.truncation <= max(short.rounding, 0.1 * max(abs(short.value), abs(long.value)))
    return bool(telling and abs(short.value - long.value) <= 2 * (short.error + long.error) < np.inf)


def one_sided(f: Line, center: float, size: float, noise: float, x: float = 0.0) -> tuple[float, float] | None:
    """The lesser and the greater of the slopes on the two sides of a kink at t = 0, or None where f is smooth.

    The slopes of a smooth function come together as the step shrinks, however strongly it is curved; those at a kink
    stay apart down to the shortest step that rounding allows.
    """
    h = representable(EPS ** (1 / 3) * size, x)
    best, margin, persistent = (0.0, 0.0), np.inf, 0
    with np.errstate(all="ignore"):
        slopes = sides(f, center, h)
        while h > max(EPS**2 * size, 16 * np.spacing(abs(x))):
            h = representable(h / 8, x)
            before, slopes = slopes, sides(f, center, h)
            jump, moved = abs(slopes[1] - slopes[0]), max(abs(a - b) for a, b in zip(before, slopes, strict=True))
            if 16 * noise / h >= 0.1 * max(jump, abs(before[1] - before[0])):
                break
            persistent = persistent + 1 if moved < 0.1 * jump else 0
            best, margin = min((best, margin), (slopes, 2 * noise / h + moved), key=lambda pair: pair[1])
    return (min(best) - margin, max(best) + margin) if persistent >= 2 else None


def sides(f: Line, center: float, h: float) -> tuple[float, float]:
    return (center - f(-h)) / h, (f(h) - center) / h
