"""The cost that a file leaves out: of a table of losses the one whose derivative its backward pass begins with.

A is what comes out, Y the labels as a table of the same shape. Each loss is a sum over all entries, or that divided by
the number of examples or of entries. Which of them is meant is known only if the gradients of a layer fit it.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from .offers import Function
from .readings import agreeing, best
from .tasks import Task, UnfitError, copied
from .values import KIND_OF

Loss = Callable[[Any, Any, int], Any]


def plain(A: Any) -> Any:
    return np.asarray(getattr(A, "data", A) if type(A) is not np.ndarray else A)


def softmax(S: Any, axis: int) -> Any:
    e = np.exp(S - np.max(plain(S), axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


LOSSES: dict[str, tuple[str, Loss]] = {  # by its name: its derivative by what comes out, and the entries it sums
    "the cross-entropy of a softmax": ("the scores before it is A - Y", lambda A, Y, axis: -Y * np.log(A)),
    "the binary cross-entropy": (
        "what stands before a sigmoid is A - Y", lambda A, Y, axis: -Y * np.log(A) - (1 - Y) * np.log(1 - A),
    ),
    "half the sum of squares": ("what comes out is A - Y", lambda A, Y, axis: (A - Y) ** 2 / 2),
    "the sum of squares": ("what comes out is 2 (A - Y)", lambda A, Y, axis: (A - Y) ** 2),
    "the cross-entropy of the softmax of the scores": (
        "the scores S is softmax(S) - Y", lambda S, Y, axis: -Y * np.log(softmax(S, axis)),
    ),
    "the binary cross-entropy of the sigmoid of the scores": (
        "the scores S is sigmoid(S) - Y", lambda S, Y, axis: np.log(1 + np.exp(S)) - Y * S,
    ),
}  # fmt: skip
DIVIDED: dict[str, Callable[[Any, int], float]] = {
    "": lambda A, axis: 1.0,
    ", divided by the number of examples": lambda A, axis: np.shape(A)[axis] if np.ndim(A) else 1.0,
    ", divided by the number of entries": lambda A, axis: float(np.size(A)),
}
AMBIGUOUS = "some gradients fit {}, others {}, and none all"
NEGATIVE = "the cross-entropy of a softmax"  # is one only of what sums to 1 over the classes


def table_of_losses() -> list[Function]:
    """Every loss as a function of what came out, of the labels and of the axis along which examples lie."""
    return [of_loss(name, by) for by in DIVIDED for name in LOSSES]


def of_loss(name: str, by: str) -> Function:
    slope, entries = LOSSES[name]

    def loss(AL: Any, Y: Any, examples_axis: int) -> Any:
        target = targets(Y, np.shape(AL), examples_axis)
        classes = 1 - examples_axis if np.ndim(AL) == 2 else 0
        if name == NEGATIVE and not np.allclose(np.sum(plain(AL), axis=classes), 1.0):
            raise UnfitError("what comes out is no softmax")
        return np.sum(entries(AL, target, classes)) / DIVIDED[by](AL, examples_axis)

    loss.__name__ = f"{name}{by}"
    loss.__doc__ = f"{name}, whose derivative by {slope}{by}"
    return loss


def targets(Y: Any, shape: tuple[int, ...], axis: int) -> Any:
    """Labels in the shape of what comes out: indices become one-hot."""
    Y = np.asarray(Y)
    if Y.shape == shape and Y.dtype.kind == "f":
        return Y
    if Y.dtype.kind in "iu" and len(shape) == 2 and Y.size == shape[axis] and shape[1 - axis] > 1:
        table = np.eye(shape[1 - axis])[Y.ravel()]
        return table if axis == 0 else table.T
    if Y.size == int(np.prod(shape)) and Y.dtype.kind == "f":
        return Y.reshape(shape)
    raise UnfitError("the labels do not fit what comes out")


def of_losses(make: Callable[[Function], Iterator[Task]], slopes: list[str], raised: list[Exception]) -> Task | None:
    """Of the table the loss that the most gradients fit; None where none fits any.

    make: the tasks with a loss as their cost. slopes: what the file calls the derivative of its cost.
    """
    found: list[tuple[list[str], Function, Task]] = []
    for loss in table_of_losses():
        task = best(partial(make, loss), raised)
        if task is not None and (fits := fitting_names(task)):
            right = agreeing(task)
            found.append((fits, loss, task))
            if all(right.values()):
                break
    if not found:
        return None
    most = max(len(fitting) for fitting, _, _ in found)
    ties = [each for each in found if len(each[0]) == most]
    fitting, loss, task = ties[0]
    named = f" (which the file has as {slopes[0]})" if slopes else ""
    assumed = f"{task.assumed} Assumed too, as there is no cost in the file, that it is {loss.__doc__}{named}."
    others = [other for names, other, _ in ties if names != fitting]
    unsure = f"there is no cost in the file: {AMBIGUOUS.format(loss.__name__, others[0].__name__)}" if others else ""
    return task._replace(assumed=assumed, unsure=task.unsure or unsure)


def fitting_names(task: Task) -> list[str]:
    """The parameters whose gradient fits; one that is zero fits every cost, and tells nothing."""
    found = task.gradients(copied(task.parameters))
    fits = [name for name, right in agreeing(task).items() if right]
    return [name for name in fits if np.any(found.get(f"d{name}", found.get(name)))]


def slopes_named(functions: list[Function], is_derivative: Callable[[str], bool]) -> list[str]:
    """The functions that bear the name of a derivative and compare something with the labels."""
    takes = {f.__name__: [KIND_OF.get(n) for n in inspect.signature(f).parameters if n != "self"] for f in functions}
    return [name for name, kinds in takes.items() if len(kinds) == 2 and "Y" in kinds and is_derivative(name)]
