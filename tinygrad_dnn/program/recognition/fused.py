"""Steps that are meant together, a softmax and its loss: alone, each is no vector-Jacobian product, and no mistake."""

from typing import Any

import numpy as np

from .readings import factor, truth
from .tasks import Task, copied
from .values import SEED, generic

PASSED_ON = (
    "hands on what comes from above as it is: right where that is the gradient by the scores already, of a softmax and "
    "its loss together"
)
LESS_LABELS = (
    "is the output less the labels: the gradient by the scores, of a softmax or a sigmoid and the loss together, and "
    "not that by the output"
)


def together(task: Task, out: Any, labels: Any, scale: Any) -> str:
    """What speaks for a step that is meant together with another: then it is not wrong for not being right alone.

    A softmax that hands on what comes in, and a loss that gives the output less the labels, and is no sum of squares.
    """
    if labels is not None:
        return less_labels(task, "x", labels)
    try:
        dx = task.gradients(copied(generic(task.parameters))).get("dx")
    except Exception:  # it is told where it is judged
        return ""
    if dx is None or np.shape(dx) != np.shape(task.parameters["x"]):
        return ""
    tables = (out, np.exp(np.minimum(out, 0)))  # probabilities, or their logarithms
    adds_up = np.ndim(out) > 1 and any(np.allclose(np.sum(t, axis=i), 1) for t in tables for i in range(np.ndim(out)))
    return PASSED_ON if adds_up and np.shape(scale) == np.shape(dx) and np.allclose(dx, scale) else ""


def less_labels(task: Task, name: str, labels: Any) -> str:
    """Whether a loss gives its argument of this name, or what a softmax makes of it, less the labels."""
    rng = np.random.default_rng(SEED)
    point = {n: 0.15 + 0.7 * rng.random(np.shape(value)) for n, value in task.parameters.items()}  # it may be a log's
    try:
        dx = task.gradients(copied(point)).get(f"d{name}")
        off, right = point[name] - labels, truth(task._replace(parameters=point))[name]
    except Exception:  # it is told where it is judged
        return ""
    if not np.shape(dx) == np.shape(off) == np.shape(point[name]) or factor(dx, right) is not None:
        return ""
    by_scores = any(np.allclose(np.sum(dx + labels, axis=i), 1) for i in range(np.ndim(dx))) and np.all(dx + labels > 0)
    return LESS_LABELS if (factor(dx, off) is not None and factor(right, off) is None) or by_scores else ""
