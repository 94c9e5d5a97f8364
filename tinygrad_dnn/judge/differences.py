"""Derivatives by central differences, each with an estimate of its own error.

Four values around a point give two central differences, at h and 2h. Extrapolated they have an error of order h^4;
how far the two are apart, the fourth difference, and the rounding of the function bound it. The step begins at
eps^(1/5) of the variable's size and moves where the larger part of the error says: down for truncation, up for
rounding.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ENOUGH = 1e-7  # relative error at which no better step is looked for
TRIES = 4


class Estimate(NamedTuple):
    """A derivative and a bound on its error, infinite where the function is not finite around the point."""

    value: float
    error: float


def derivative(f: Callable[[float], float], center: float, size: float, eps: float) -> Estimate:
    """df/dt at t = 0, where f(0) = center. size: over what length f varies; eps: the precision f is computed in."""
    step = eps ** (1 / 5) * size
    best, truncation, rounding = at_step(f, center, step, eps)
    for _ in range(TRIES - 1):
        if best.error <= ENOUGH * abs(best.value):
            break
        step *= 0.1 if truncation > rounding else 10
        other, truncation, rounding = at_step(f, center, step, eps)
        if not other.error < best.error:
            break
        best = other
    return best


def at_step(f: Callable[[float], float], center: float, h: float, eps: float) -> tuple[Estimate, float, float]:
    """The extrapolated central difference at steps h and 2h, and its error from truncation and from rounding."""
    with np.errstate(all="ignore"):
        far_left, left, right, far_right = (f(k * h) for k in (-2, -1, 1, 2))
        near, far = (right - left) / (2 * h), (far_right - far_left) / (4 * h)
        fourth = abs(far_left - 4 * left + 6 * center - 4 * right + far_right)
    value = near + (near - far) / 3
    rounding = 2 * eps * abs(center) / h
    truncation = abs(near - far) / 3 + fourth / (4 * h)
    if not np.isfinite(value + truncation):
        return Estimate(0.0, np.inf), np.inf, rounding
    return Estimate(value, truncation + rounding), truncation, rounding


def one_sided(f: Callable[[float], float], center: float, size: float, eps: float) -> tuple[float, float] | None:
    """The slopes to the left and to the right of a kink at t = 0, or None where f is smooth there.

    The slopes of a smooth function approach each other as the step shrinks, those at a kink do not.
    """
    h = eps ** (1 / 3) * size
    with np.errstate(all="ignore"):
        (left, right), (near_left, near_right) = [
            ((center - f(-step)) / step, (f(step) - center) / step) for step in (h, h / 8)
        ]
    jump, near_jump = abs(right - left), abs(near_right - near_left)
    noise = 32 * eps * abs(center) / h
    if not (near_jump > 0.5 * jump and near_jump > noise):
        return None
    return min(near_left, near_right) - noise, max(near_left, near_right) + noise
