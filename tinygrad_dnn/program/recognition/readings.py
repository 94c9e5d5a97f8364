"""Of several ways to read a file the one in which its gradients are right; where there is none, the likeliest.

Data may be rows or columns, labels indices or one-hot, an argument of a derivative may be z or what came out. Where the
file does not say which, every way is tried before anything is called wrong. What is right here is only what decides
between readings: the verdict is the judge's.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ...transforms import value_and_grad
from ..limits import TooLong, limited
from .tasks import Task, UnfitError, copied, fitting, shapely
from .values import Values

CLOSE = 2e-4  # of the largest entry: what two gradients may be apart that are the same but for a small number
NEAR = 1e-6  # that two factors are apart which are the same
SECONDS = 4.0  # for the readings of one thing
PATIENCE = 6.0  # where none of them has run yet
ALTOGETHER = 20.0  # for all of a file
_until = [float("inf")]
_patience = [float("inf")]  # until when another candidate is made
CUT = "is not right as it was read, and there was no time for every other way to read the file"


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Within this, no reading is begun once so many seconds are over, or those of what this is within."""
    before, _until[0] = _until[0], min(_until[0], time.process_time() + seconds)
    try:
        yield
    finally:
        _until[0] = before


def remaining(seconds: float) -> float:
    """So many seconds, or what is left of those for the whole."""
    return max(min(seconds, _until[0] - time.process_time()), 0.1)


class TimeOverError(BaseException):
    """Nothing more is read for want of time; no error that what tries one way after the other may go on from."""


def in_time() -> None:
    """What makes candidates says by this that it is about to try another, which may come to nothing."""
    if time.process_time() > _patience[0]:
        raise TimeOverError


def best(candidates: Callable[[], Iterator[Task]], raised: list[Exception]) -> Task | None:
    """The first that is right in all its gradients, else the one that is right in most, or None where none runs.

    raised: takes what the others raised.
    """
    found: Task | None = None
    score, started = (-1.0, 0.0, False), time.process_time()
    before, _patience[0] = _patience[0], min(_patience[0], started + PATIENCE, _until[0])
    try:
        for candidate in candidates():
            spent, over = time.process_time() - started, time.process_time() > _until[0]
            if found is not None and (spent > SECONDS or over):
                found = found._replace(unsure=CUT)
                break
            if spent > PATIENCE or over:
                break
            try:
                with limited(PATIENCE, of_cpu=True):
                    task = fitting(candidate)
                    reached = (*likeness(task), shapely(task))
            except UnfitError:
                continue
            except TooLong:  # another would take as long
                found = found._replace(unsure=CUT) if found is not None else None
                break
            except Exception as error:  # a guess that does not go together raises anything
                raised.append(error)
                continue
            if reached > score:
                found, score = task, reached
            if (reached[0], reached[2]) == (1.0, True):
                break
    except UnfitError:
        pass
    except TimeOverError:
        found = found._replace(unsure=CUT) if found is not None else None
    except Exception as error:
        raised.append(error)
    finally:
        _patience[0] = before
    return found


def at_form(tasks: Iterator[Task], form: str) -> Task:
    """The first of some tasks that is read in this way and runs; UnfitError where there is none."""
    raised: list[Exception] = []
    for task in tasks:
        if task.form == form:
            try:
                return fitting(task, known=True)
            except UnfitError:
                continue
            except Exception as error:  # another of the same form may run
                raised.append(error)
    raise raised[0] if raised else UnfitError("it does not run at these sizes")


def several_outputs(tasks: Callable[[], Iterator[Task]]) -> Task:
    """The best reading of a model that was read with one output, with several; UnfitError where there is none."""
    task = best(tasks, [])
    if task is None:
        raise UnfitError("it does not run with several outputs")
    return task


def agreement(task: Task) -> float:
    """The part of the parameters whose gradient is right, of those that are returned."""
    return likeness(task)[0]


def likeness(task: Task) -> tuple[float, float]:
    """The part of the parameters whose gradient is right, of those that are returned; and right but for a factor."""
    pairs = compared(task)
    right = [agree(g, t) for g, t in pairs.values()]
    alike = [factor(g, t) is not None for g, t in pairs.values()]
    return (sum(right) / len(right), sum(alike) / len(alike)) if pairs else (0.0, 0.0)


def agreeing(task: Task) -> dict[str, bool]:
    """Of each parameter whose gradient is returned whether it is right."""
    return {name: agree(g, t) for name, (g, t) in compared(task).items()}


def compared(task: Task) -> dict[str, tuple[Any, Any]]:
    """Of each parameter whose gradient is returned that, and the right one."""
    found, truths = task.gradients(copied(task.parameters)), truth(task)
    pairs = {name: (found.get(f"d{name}", found.get(name)), truths[name]) for name in task.parameters}
    return {name: (g, t) for name, (g, t) in pairs.items() if g is not None}


def agree(g: Any, truth: Any) -> bool:
    """Whether a gradient is the right one, whatever its shape."""
    if np.size(g) != np.size(truth):
        return False
    g, size = np.reshape(g, np.shape(truth)), float(np.max(np.abs(truth), initial=0.0))
    return bool(np.all(np.abs(g - truth) <= CLOSE * size + 1e-9))


def factor(taken: Any, value: Any) -> float | None:
    """c where taken = c * value, else None."""
    if np.size(taken) != np.size(value):
        return None
    v = np.reshape(value, np.shape(taken))
    size = float(np.sum(v * v))
    if not np.isfinite(size) or size == 0 or not np.any(taken):
        return None
    c = float(np.sum(taken * v) / size)
    return c if np.allclose(taken, c * v, NEAR, 1e-9 * float(np.max(np.abs(taken)))) else None


def truth(task: Task) -> Values:
    """The gradients, recorded; by differences where the cost cannot be recorded."""
    found = recorded(task)
    return differences(task) if found is None else found


def recorded(task: Task) -> Values | None:
    """The gradients, recorded; None where the cost cannot be."""
    try:
        value, found = value_and_grad(lambda p: task.cost(dict(p)))(copied(task.parameters))
        plain = float(np.reshape(np.asarray(task.cost(copied(task.parameters)), dtype=float), ()))
        if abs(float(np.reshape(value, ())) - plain) <= 1e-9 * max(abs(plain), 1e-9):
            return dict(found)
    except Exception:  # whatever somebody's code does with tensors
        pass
    return None


def moves_in_steps(task: Task) -> bool:
    """Whether a cost does not see a change that is too small for single precision: it computes in that."""
    near = {name: np.asarray(value) * (1 + 1e-11) for name, value in copied(task.parameters).items()}
    return bool(np.all(task.cost(near) == task.cost(copied(task.parameters))))


def differences(task: Task, h: float = 1e-5) -> Values:
    """Central differences of every entry."""
    point = {name: np.array(value, dtype=float) for name, value in copied(task.parameters).items()}
    slopes = {name: np.zeros(value.shape) for name, value in point.items()}

    def moved(name: str, entry: tuple[int, ...], by: float) -> float:
        p = copied(point)
        p[name][entry] += by
        return float(np.reshape(np.asarray(task.cost(p), dtype=float), ()))

    with np.errstate(all="ignore"):
        for name, value in point.items():
            for entry in np.ndindex(value.shape):
                slopes[name][entry] = (moved(name, entry, h) - moved(name, entry, -h)) / (2 * h)
    return slopes
