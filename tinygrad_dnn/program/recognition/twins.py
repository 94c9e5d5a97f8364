"""Two functions of the same arguments that nothing calls: a number, and its gradient by one of them.

objective(w, lam, Z) and its slope(w, lam, Z): which argument it is by is told by the shape of what comes back, and
where several have that by which makes it right. Two functions whose names do not say that one is the gradient are a
pair only where they are right.
"""

import contextlib
import inspect
import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from .called import Called, is_a_number, results_of
from .calling import Manner, ways_on_forms
from .functions import for_role
from .inventing import said_of
from .learning import generic
from .offers import own_functions
from .pairing import is_derivative
from .readings import agreement, best, remaining
from .tasks import Part, Task
from .tried_passes import with_others
from .values import SEED, Values

SECONDS = 4.0  # for each two
ALTOGETHER = 8.0
MOST = 8  # calls that are looked at
MANY = 20  # shapes of which the most general are taken
Function = Callable[..., Any]


def of_twins(module: ModuleType, raised: list[Exception], ran: set[CodeType]) -> list[Part]:
    """Every function that is the gradient of another, or is called so and is not."""
    own = {n: f for n, f in own_functions(module).items() if f.__code__ not in ran}
    named = [f for f in own.values() if is_derivative(f.__name__) or f in for_role(own, "backward")]
    until, found = time.process_time() + remaining(ALTOGETHER), list[Part]()
    for name, slope in own.items():
        takes = set(inspect.signature(slope).parameters)
        others = [f for f in own.values() if f is not slope and f not in named]
        for value in (f for f in others if takes and set(inspect.signature(f).parameters) == takes):
            if time.process_time() > until:
                return found
            task = best(partial(ways_of, module, value, slope, raised), raised)
            if task is not None and (slope in named or agreement(task) == 1.0):
                found.append(Part(name, task))
                break
    return found


def ways_of(module: ModuleType, value: Function, slope: Function, raised: list[Exception]) -> Iterator[Task]:
    """The ways to call both, each with every argument that the gradient may be by."""
    until = time.process_time() + remaining(SECONDS)
    calls = ways_on_forms(module, value, None, raised, Manner(partial(both, slope), shapes=MANY))
    for says, group in itertools.groupby(itertools.islice(calls, MOST), key=lambda call: call[1]):
        tried: dict[str, list[tuple[Values, Task]]] = {}
        for given, _ in group:
            for name in arguments_like(slope_at(slope, given), given):
                tried.setdefault(name, []).append((given, task_of(value, slope, given, name, says)))
        for every in tried.values():
            (_, first), *others = sorted(every, key=lambda one: -agreement(one[1]))
            yield with_others(first, others)
        if time.process_time() > until:
            return


@contextlib.contextmanager
def both(slope: Function) -> Iterator[Callable[[Any, Values], None]]:
    """How the one is run with the other; ValueError where it is no number, or the other has no argument's shape."""

    def run(value: Function, given: Values) -> None:
        number, back = results_of(Called(value, given)), slope_at(slope, given)
        if len(number) != 1 or not is_a_number(number[0]) or not arguments_like(back, given):
            raise ValueError("it is no number, or the other is no gradient of it")

    yield run


def slope_at(slope: Function, given: Values) -> Any:
    names = inspect.signature(slope).parameters
    found = results_of(Called(slope, {name: given[name] for name in names}))
    return found[0] if len(found) == 1 else None


def arguments_like(back: Any, given: Values) -> list[str]:
    """The arguments that have the shape of what comes back, tables before numbers."""
    if not isinstance(back, np.ndarray | float | np.number):
        return []
    real = [n for n, v in given.items() if isinstance(v, np.ndarray | float) and np.asarray(v).dtype.kind == "f"]
    return [name for name in real if np.shape(given[name]) == np.shape(back)]


def task_of(value: Function, slope: Function, given: Values, name: str, says: str) -> Task:
    start = {name: generic(np.array(given[name], dtype=float), np.random.default_rng(SEED))}

    def cost(p: Values) -> Any:
        return results_of(Called(value, given | p))[0]

    def gradients(p: Values) -> Values:
        return {f"d{name}": slope_at(slope, given | p)}

    text = (
        f"Called on data that are made up: {slope.__name__}({', '.join(inspect.signature(slope).parameters)}) is taken "
    )
    text += f"for the gradient of {value.__name__} by {name}; {says}.{said_of(given)}"
    return Task(cost, gradients, start, text)
