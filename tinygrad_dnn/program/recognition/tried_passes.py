"""A forward and a backward pass that nothing calls, and whose arguments have the same names: called on trial.

norm_forward(x, gain) and norm_backward(dout, x, gain): the shapes are those with which both run and each gradient is as
large as what it is the gradient of.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from .called import Called, with_names
from .calling import Manner, ways_on_forms
from .following import without
from .inventing import said_of
from .passes import flow_of, given_back, names_of_results, ways_of
from .readings import agreeing, best
from .tasks import Task
from .values import Values, gradient_of, returned_names

MOST = 8  # calls that are looked at
WITH_OTHERS = "is right with these shapes, and wrong with {}: one of the two may not be meant"
MANY = 20  # shapes of which the most general are taken: what has one window only hides what others add


def of_tried(module: ModuleType, forward: Any, back: Any, raised: list[Exception]) -> Iterator[Task]:
    """The ways to call both, each with the ways to read what comes back."""
    takes, returned = list(parameters_of(forward)), returned_names(back)
    derived = {name: key for name in takes if (key := gradient_of(name, returned)) not in (None, name)}
    if not any(returned) and len(returned) == len(takes):
        derived = {name: str(i) for i, name in enumerate(takes)}  # in their order
    manner = Manner(partial(both, back, derived), frozenset(derived), MANY)
    calls = itertools.islice(ways_on_forms(module, forward, None, raised, manner), MOST)
    for says, group in itertools.groupby(calls, key=lambda call: call[1]):
        tried = [(given, best(partial(ways_of, back, {}, Called(forward, given)), raised)) for given, _ in group]
        found = [(given, task) for given, task in tried if task is not None]
        if found:
            said = found[0][1].assumed.replace("As the file calls", "Called on data that are made up:", 1)
            said = f"{said} {says[:1].upper()}{says[1:]}.{said_of(found[0][0])}".rstrip(".")
            yield with_others(found[0][1]._replace(assumed=said), found[1:])


def with_others(task: Task, others: list[tuple[Values, Task]]) -> Task:
    """The task; what is right in it and wrong with other shapes is not certain, as one of these may not be meant."""
    right = {name for name, holds in agreeing(task).items() if holds}
    for given, other in others:
        wrong = [name for name, holds in agreeing(other).items() if name in right and not holds]
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in given.items() if np.ndim(value))
        task, right = without(task, wrong, WITH_OTHERS.format(shapes)), right - set(wrong)
    return task


def parameters_of(function: Any) -> list[str]:
    code = function.__code__
    return list(code.co_varnames[: code.co_argcount])


def parts_of(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple) else [result]


@contextlib.contextmanager
def both(back: Any, derived: Mapping[str, str]) -> Iterator[Callable[[Any, Values], None]]:
    """How a forward pass is run with its backward pass; ValueError where a gradient has another shape than its own."""

    def run(forward: Any, given: Values) -> None:
        outs = parts_of(forward(*given.values()))
        if not all(map(np.size, outs)):
            raise ValueError("nothing comes out")
        flow = flow_of(back, outs, names_of_results(Called(forward, given), outs), list(given))
        returned = with_names(back, parts_of(back(**given_back(flow, outs, given))))
        for name, key in derived.items():
            found, own = np.shape(returned[key]), np.shape(given[name])
            if found != own:
                raise ValueError(f"the gradient of {name}, {own}, has the shape {found}")

    yield run
