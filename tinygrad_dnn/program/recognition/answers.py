"""What returns gradients and is never called: it is called on data that are made up, and what it returns is looked at.

A function or a method that gives a cost and its gradients, or gradients beside a function that gives the cost.
"""

import inspect
import time
from collections.abc import Iterator
from functools import partial
from types import CodeType, ModuleType
from typing import Any

from ..loops import Loops
from .called import Called, beside, is_called_a_gradient, methods_of, parameters_in, results_in_time, ways_of
from .calling import ways_on_forms
from .inventing import said_of
from .offers import own_functions
from .pairing import is_derivative
from .readings import agreeing, best, remaining
from .stepping import descends
from .tasks import Part, Task
from .values import Values, gradient_of, returned_names

SECONDS = 4.0  # for one function
ALTOGETHER = 10.0
SOMEWHERE = "is right where it is called with data of another form"


def of_answers(module: ModuleType, loops: Loops, raised: list[Exception], ran: set[CodeType]) -> list[Part]:
    """Of each function and method that returns gradients, the way to call it that makes most of it right."""
    own, until = own_functions(module), time.process_time() + remaining(ALTOGETHER)
    found = list[Part]()
    for name, function in (own | methods_of(module)).items():
        if time.process_time() > until or function.__code__ in ran or not answers(function) or descends(function):
            continue
        kind = vars(module).get(name.partition(".")[0]) if name not in own else None
        costs = own if kind is None else beside(name, module)
        task = best_answer(module, function, kind, costs, loops, raised)
        found += [Part(name, task)] if task is not None else []
    return found


def answers(function: Any) -> bool:
    """Whether a function returns what is called a gradient, of something that it reads, or is called one itself."""
    names, code = returned_names(function), function.__code__
    own = {*code.co_varnames, *code.co_names}
    called = any(is_called_a_gradient(n) or any(gradient_of(a, [n]) not in (None, a) for a in own) for n in names if n)
    return called or (is_derivative(function.__name__) and bool(names))


def best_answer(
    module: ModuleType, function: Any, kind: Any, costs: dict[str, Any], loops: Loops, raised: list[Exception]
) -> Task | None:
    found, score, right = None, -1.0, set[str]()
    until = time.process_time() + remaining(SECONDS)
    for given, says in ways_on_forms(module, function, kind if inspect.isclass(kind) else None, raised):
        if time.process_time() > until:
            break
        task = best(partial(called, function, given, costs, loops, says), raised)
        if task is None:
            continue
        every = agreeing(task)
        right |= {name for name, holds in every.items() if holds}
        reached = sum(every.values()) / (len(every) + len(task.doubts) or 1)
        if reached > score:
            found, score = task, reached
        if score == 1.0:
            return found
    return found._replace(unsure=SOMEWHERE) if found is not None and right - set(rights(found)) else found


def rights(task: Task) -> list[str]:
    return [name for name, holds in agreeing(task).items() if holds]


def called(function: Any, given: Values, costs: dict[str, Any], loops: Loops, says: str) -> Iterator[Task]:
    one = Called(function, given)
    for task in ways_of(one, costs, loops):
        task = task._replace(doubts=(*task.doubts, *misshapen(one, task)))
        said = task.assumed.replace("As the file calls", "Called on data that are made up:", 1)
        yield task._replace(assumed=said.replace("on the data that it gives", says, 1) + said_of(given))


def misshapen(one: Called, task: Task) -> list[str]:
    """What is returned under the name of a gradient and is not of the size of what it would be that of."""
    back, places = results_in_time(one), parameters_in(one.given, one.function)
    pairs = ((n, key) for n in places if n not in task.parameters and (key := gradient_of(n, list(back))) is not None)
    return [f"{key}: does not have the shape of {name}, as it was called" for name, key in pairs if key != name]
