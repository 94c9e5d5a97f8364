"""When two gradients agree: the one rule, and what rounding and differences are allowed.

The error of an entry is |a - b| relative to the larger of the two; an entry far below the largest one of its gradient
is measured against a small part of that one. What rounding alone moves the entry by, or the error that a difference
has by its own estimate, is its slack, and never counts as a disagreement. No absolute tolerance: a gradient of size
1e-9 is judged like any other.
"""

from typing import Any, NamedTuple

import numpy as np

from .differences import derivative, one_sided
from .subject import Subject

TOLERANCE = 1e-6  # by hand against recorded: mistakes are larger, and rounding is allowed for
FLOOR = 1e-9  # of the largest entry: below, an entry counts as this large
NUMERIC_TOLERANCE = 1e-6  # against differences, whose own error is allowed for
NUMERIC_FLOOR = 1e-3
FAINT = 0.03  # of what an entry adds to a slope: a slack that hardly hides one
RESOLVED = 1e-3  # a difference with a larger relative error than this cannot call a gradient right


def entry_errors(a: Any, b: Any, slack: Any) -> Any:
    """The error of every entry; it is above TOLERANCE where a and b disagree by more than their slack."""
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        scale = np.maximum(np.maximum(size, FLOOR * largest(size)), np.nan_to_num(slack) / TOLERANCE)
        errors = np.where(a == b, 0.0, np.abs(a - b) / np.where(scale > 0, scale, 1))
    return np.where(np.isfinite(errors), errors, np.inf)


def agree(a: Any, b: Any, slack: Any) -> bool:
    return np.shape(a) == np.shape(b) and largest(entry_errors(a, b, slack)) <= TOLERANCE


def outside_choices(g: Any, choices: list[Any], slack: Any) -> bool:
    """Whether some entry of g is beyond all the gradients that slopes at kinks may give."""
    low, high = np.min(choices, axis=0), np.max(choices, axis=0)
    with np.errstate(invalid="ignore"):
        below, above = low - slack - TOLERANCE * np.abs(low), high + slack + TOLERANCE * np.abs(high)
    return not bool(np.all((g >= below) & (g <= above)))


def largest(values: Any) -> float:
    """The largest finite size, 0 where there is none."""
    sizes = np.abs(np.asarray(values, dtype=float))
    return float(np.max(sizes, initial=0.0, where=np.isfinite(sizes) | np.isinf(sizes)))


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
        """How far g is off, 0 between the slopes of a kink. size: of the largest derivative."""
        found = self.along(g)
        low, high = self.kink or (self.value, self.value)
        off = max(low - found, found - high, 0.0)
        slack = 0.0 if self.kink else self.slack
        scale = max(abs(found), abs(low), abs(high), NUMERIC_FLOOR * size, slack / NUMERIC_TOLERANCE)
        return off / scale if off and np.isfinite(scale) else 0.0

    @property
    def sharp(self) -> bool:
        """Whether it can contradict a recorded gradient."""
        return not self.kink and self.slack <= RESOLVED * abs(self.value)


def probe(subject: Subject, name: str, entry: tuple[int, ...] | None, direction: Any, goal: float) -> Probe:
    """Differences along a direction; where they stay blunt, the slopes on either side as well."""
    line, x = subject.line(name, direction), subject.parameters[name]
    own = float(x[entry]) if entry is not None else 0.0
    size = max(abs(own), float(np.sqrt(np.mean(np.square(x))))) or 1.0
    estimate = derivative(line, subject.value, size, subject.noise, goal, own)
    blunt = estimate.truncation > NUMERIC_TOLERANCE * abs(estimate.value)  # at a kink the fourth difference is large
    kink = one_sided(line, subject.value, size, subject.noise, own) if blunt else None
    return Probe(entry, direction, estimate.value, 4 * estimate.error, kink)


def contradict(probes: list[Probe], g: Any) -> bool:
    """Whether a sharp difference says otherwise than a gradient."""
    size = max((abs(p.value) for p in probes), default=0.0)
    return any(p.sharp and p.error(g, size) > NUMERIC_TOLERANCE for p in probes)


def unit(shape: tuple[int, ...], entry: tuple[int, ...]) -> Any:
    direction = np.zeros(shape)
    direction[entry] = 1.0
    return direction


def random_direction(rng: np.random.Generator, shape: tuple[int, ...], g: Any = None) -> Any:
    """A random direction of length 1. Along one that is drawn for a gradient g every entry of it adds about as much."""
    direction = rng.normal(size=shape)
    if g is not None and np.shape(g) == shape and 0 < largest(g) < np.inf:
        direction = direction / np.maximum(np.abs(g), NUMERIC_FLOOR * largest(g))
    return direction / np.linalg.norm(direction)


def uncovered(probes: list[Probe], g: Any) -> str:
    """Nothing, where one wrong entry could not have stayed hidden; else how many were looked at.

    A wrong entry shows along a random direction unless its own part of it happens to be below the slack: where the
    slack is FAINT of the usual part, with a probability of 0.024. Three directions leave it 1 in 70,000.
    """
    seen = len({p.entry for p in probes if p.entry is not None})
    sharp = [p for p in probes if p.entry is None and p.slack <= FAINT * rms(g * p.direction) and not p.kink]
    if seen >= np.size(g) or len(sharp) >= 3 or not np.any(g):
        return ""
    return f"central differences looked at {seen:,} of {np.size(g):,} entries, and are too rough for the others at once"


def rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def resolved(probes: list[Probe], g: Any, whole: float) -> bool:
    """Whether the differences are sharp enough to call g right. whole: the largest entry of all gradients.

    A gradient that is zero up to rounding needs no sharp difference, only one that does not contradict it.
    """
    enough = RESOLVED * max((abs(p.value) for p in probes), default=0.0)
    nothing = largest(g) <= 1e-13 * whole and all(p.slack <= 1e-6 * whole for p in probes)
    return nothing or all(p.kink or p.slack <= enough for p in probes)
