"""When two gradients agree: the one rule, and what rounding and differences are allowed.

The error of an entry is |a - b| relative to the larger of the two. An entry far below the largest one of its gradient
is measured against FLOOR times that one. What rounding alone moves the entry by, or the error a difference has by its
own estimate, is its slack, and never counts as a disagreement. No absolute tolerance: a gradient of size 1e-9 is
judged like any other.
"""

from typing import Any, NamedTuple

import numpy as np

from .differences import derivative, one_sided
from .subject import Arrays, Subject

TOLERANCE = 1e-6  # by hand against autograd in double precision: mistakes are larger, rounding is smaller
NUMERIC_TOLERANCE = 1e-5  # against differences, whose own error comes on top
FLOOR = 1e-3
RESOLVED = 1e-3  # a difference with a larger relative error than this cannot call a gradient right


def entry_errors(a: Any, b: Any, slack: Any, tolerance: float) -> Any:
    """The error of every entry; it is above the tolerance where a and b disagree by more than their slack."""
    size = np.maximum(np.abs(a), np.abs(b))
    scale = np.maximum(np.maximum(size, FLOOR * size.max(initial=0)), slack / tolerance)
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(a - b) / np.where(scale > 0, scale, 1)
    return np.where(np.isfinite(errors), errors, np.inf)


def largest(errors: Any) -> float:
    return float(np.max(errors, initial=0.0))


class Probe(NamedTuple):
    """The derivative of the cost along a direction of a parameter, from differences; an entry has its unit vector."""

    entry: tuple[int, ...] | None
    direction: Any
    value: float
    slack: float
    kink: tuple[float, float] | None

    def along(self, g: Any) -> float:
        """What the gradient g says the derivative is."""
        return float(g[self.entry] if self.entry is not None else np.sum(g * self.direction))

    def error(self, g: Any, size: float) -> float:
        """How far g is off; 0 between the one-sided slopes of a kink. size: of the largest derivative."""
        found = self.along(g)
        if self.kink and self.kink[0] <= found <= self.kink[1]:
            return 0.0
        scale = max(abs(found), abs(self.value), FLOOR * size, self.slack / NUMERIC_TOLERANCE)
        return abs(found - self.value) / scale if scale and np.isfinite(scale) else 0.0


def probe(subject: Subject, name: str, index: tuple[int, ...] | None, direction: Any) -> Probe:
    """Differences along a direction; where two step sizes disagree widely, the slopes on either side as well."""
    line, x = subject.line(name, direction), subject.parameters[name]
    size = abs(float(x[index])) if index is not None else 0.0
    size = max(size, float(np.sqrt(np.mean(np.square(x))))) or 1.0
    value, error = derivative(line, subject.value, size, subject.eps)
    blunt = error > NUMERIC_TOLERANCE * abs(value)  # a kink always is: it shows in the fourth difference
    kink = one_sided(line, subject.value, size, subject.eps) if blunt else None
    return Probe(index, direction, value, 4 * error, kink)


def unit(shape: tuple[int, ...], index: tuple[int, ...]) -> Any:
    direction = np.zeros(shape)
    direction[index] = 1.0
    return direction


def random_direction(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """A random direction of length 1."""
    direction = rng.normal(size=shape)
    return direction / np.linalg.norm(direction)


def resolved(probes: list[Probe], g: Any, whole: float) -> bool:
    """Whether the differences are sharp enough to call g right. whole: the largest entry of all gradients.

    A gradient that is zero up to rounding needs no sharp difference, only one that does not contradict it.
    """
    sharp = RESOLVED * max((abs(p.value) for p in probes), default=0.0)
    nothing = largest(np.abs(g)) <= 1e-13 * whole
    return nothing or all(p.slack <= sharp or p.kink for p in probes)


def rounding(first: Arrays, others: list[Arrays], most: float) -> Arrays:
    """For every gradient how far rounding moves its entries, seen by computing it at points next to each other.

    What moves more than most is not rounding, and counts as most.
    """
    return {
        name: np.minimum(sum(np.abs(other[name] - g) for other in others if name in other), most)
        for name, g in first.items()
        if all(name not in other or other[name].shape == g.shape for other in others)
    }
