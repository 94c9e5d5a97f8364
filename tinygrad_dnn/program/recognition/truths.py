"""What the gradients of a turn should be: recorded, or known along two directions where it cannot be."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...transforms import value_and_grad
from .tasks import Task
from .values import SEED, Values

CLOSE = 1e-6  # of the largest entry: what two gradients may be apart that are the same


def truth(task: Task) -> Values:
    """The right gradients, recorded; where that cannot be, functions that tell whether one is right.

    ArithmeticError where the cost is not finite.
    """
    if not np.isfinite(float(np.asarray(task.cost(dict(task.parameters))))):
        raise ArithmeticError("the cost is not finite")
    try:
        value, found = value_and_grad(lambda p: task.cost(dict(p)))(dict(task.parameters))
        again = float(np.asarray(task.cost(dict(task.parameters))))
        if abs(float(np.reshape(value, ())) - again) <= 1e-9 * max(abs(again), 1e-9):
            return dict(found)
    except Exception:  # whatever somebody's code does with tensors
        pass
    return {name: along(task, name) for name in task.parameters}


def holds(g: Any, t: Any) -> bool:
    """Whether a gradient is the right one, whatever its shape."""
    if callable(t) or np.size(g) != np.size(t):
        return callable(t) and bool(t(g))
    size = float(np.max(np.abs(t), initial=0.0))
    return bool(np.all(np.abs(np.reshape(g, np.shape(t)) - t) <= CLOSE * size))


def along(task: Task, name: str) -> Callable[[Any], bool]:
    """Whether a gradient is right along two random directions, by central differences."""
    rng, value = np.random.default_rng(SEED + 3), task.parameters[name]
    h = 1e-5 * max(1.0, float(np.max(np.abs(value))))
    slopes = []
    for _ in range(2):
        d = rng.normal(size=np.shape(value))
        up, down = (float(np.asarray(task.cost(task.parameters | {name: value + s * h * d}))) for s in (1, -1))
        slopes.append((d, (up - down) / (2 * h)))

    def is_right(g: Any) -> bool:
        found = [(slope, float(np.sum(np.reshape(g, np.shape(value)) * d))) for d, slope in slopes]
        return all(abs(a - b) <= 1e-4 * max(abs(a), abs(b)) + 1e-9 for a, b in found) and any(a for a, _ in found)

    is_right.moves = any(slope for _, slope in slopes)  # type: ignore[attr-defined]
    return is_right


def matters(t: Any) -> bool:
    """Whether the cost depends on a parameter, by its gradient."""
    return bool(getattr(t, "moves", True)) if callable(t) else bool(np.any(np.abs(np.asarray(t)) > 1e-14))
