"""What a program calls its own functions with: a cost and its gradients, checked on the program's own data.

A function that returns a number and arrays of the shapes of some of its arguments; or one that returns such arrays,
and beside it one of the same arguments that returns a number.
"""

import copy
import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..held import Path, numbers_in, put, value_at
from ..limits import TooLong, limited, silence
from ..loops import Loops, is_of
from .functions import for_role
from .learning import generic, names_of, seeded
from .offers import own_functions
from .readings import best
from .stepping import descends
from .tasks import Part, Task
from .values import KIND_OF, SEED, Values, gradient_of, returned_names

SECONDS = 1.0  # for a call


class Called(NamedTuple):
    """A function and what it was called with first."""

    function: Callable[..., Any]
    given: Values

    def run(self, given: Values | None = None) -> Any:
        values = copy.deepcopy(self.given if given is None else given)
        return seeded(partial(call_with, self.function), values)

    def value_at(self, path: Path) -> Any:
        return value_at(self.given, path)


def results_of(one: Called, p: Values) -> list[Any]:
    """What a function returns, as a list."""
    result = seeded(partial(call_with, one.function), copy.deepcopy(one.given) | p)
    return list(result) if isinstance(result, tuple) else [result]


def put_all(given: Values, places: dict[str, list[Path]], p: Values) -> Values:
    """The arguments with these values in their places, copied."""
    made = copy.deepcopy(given)
    for name, value in p.items():
        if places[name][0][0] in made:
            put(made, places[name][0], value)
    return made


def call_with(function: Callable[..., Any], values: Values) -> Any:
    """function(**values), those that it takes by position first."""
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.VAR_POSITIONAL:
            positional += list(values.get(p.name, ()))
        elif p.kind is p.VAR_KEYWORD:
            keywords |= dict(values.get(p.name, {}))
        elif p.kind is p.KEYWORD_ONLY:
            keywords[p.name] = values[p.name]
        elif p.name in values:
            positional.append(values[p.name])
    return function(*positional, **keywords)


def of_calls(module: ModuleType, loops: Loops, raised: list[Exception], done: set[Any]) -> list[Part]:
    """All that the program calls and that has run nowhere else."""
    own = own_functions(module)
    called = {name: Called(f, given) for name, f in own.items() if (given := given_to(loops, f)) is not None}
    found: list[Part] = []
    for name, one in called.items():
        if one.function.__code__ in done or descends(one.function):
            continue
        task = best(partial(ways_of, one, called, own), raised)
        if task is not None:
            found.append(Part(name, task))
    return found


def given_to(loops: Loops, function: Callable[..., Any]) -> Values | None:
    start = next((s for key, s in loops.starts.items() if is_of(loops.nodes[key][0], function)), None)
    return None if start is None else {n: v for n, v in start.variables.items() if n in start.local}


def ways_of(one: Called, called: dict[str, Called], own: dict[str, Callable[..., Any]]) -> Iterator[Task]:
    """The cost and the gradients in what a function returns; or the gradients, and the cost of another."""
    with silence(), limited(SECONDS, of_cpu=True):
        try:
            result = one.run()
        except TooLong:
            return
    places = parameters_in(one.given)
    names = returned_names(one.function)
    parts = list(result) if isinstance(result, tuple) else [result]
    names = names if len(names) == len(parts) else [""] * len(parts)
    numbers = [i for i, part in enumerate(parts) if is_a_number(part) and not is_called_a_gradient(names[i])]
    if len(parts) > 1 and numbers:
        for i in numbers:
            rest = {n or str(k): part for k, (n, part) in enumerate(zip(names, parts, strict=True)) if k != i}
            where = gradients_among(rest, places, one.given)
            if where:
                yield task_of(one, places, where, partial(part_of, i), f"{one.function.__name__}(...)")
        return
    where = gradients_among(
        {n or str(k): part for k, (n, part) in enumerate(zip(names, parts, strict=True))}, places, one.given
    )
    if not where:
        return
    for cost in for_role(own, "cost"):
        takes = set(inspect.signature(cost).parameters)
        if cost is not one.function and takes and takes <= set(one.given):
            yield task_of(
                one, places, where, None, f"{cost.__name__}(...)", Called(cost, {n: one.given[n] for n in takes})
            )


def is_a_number(value: Any) -> bool:
    return (
        isinstance(value, int | float | np.number | np.ndarray) and np.size(value) == 1 and not isinstance(value, bool)
    )


def part_of(index: int, result: Any) -> Any:
    return result[index]


def parameters_in(given: Values) -> dict[str, list[Path]]:
    """The arrays and numbers of the arguments that may be learnt, by name."""
    found = [path for path, value in numbers_in(given, depth=2) if np.asarray(value).dtype.kind == "f"]
    return names_of([[path] for path in found])


def gradients_among(rest: dict[str, Any], places: dict[str, list[Path]], given: Values) -> dict[str, Path]:
    """Where the gradient of each parameter is, among what was returned: by its name, else by its shape alone."""
    values = dict(numbers_in(given, depth=2))
    back = dict(numbers_in(rest, depth=2))
    found: dict[str, Path] = {}
    for name, (place, *_) in places.items():
        for path, value in back.items():
            said = [step for step in path if isinstance(step, str) and not step.isdigit()]
            same = [s for s in path[1:] if isinstance(s, int)] == [s for s in place[1:] if isinstance(s, int)]
            mine = [step for step in place if isinstance(step, str)][-1]
            if (
                said
                and same
                and np.size(value) == np.size(values[place])
                and gradient_of(mine, [said[-1]]) not in (None, mine)
            ):
                found.setdefault(name, path)
    arrays = [path for path, value in back.items() if np.ndim(value)]
    back = {p: back[p] for p in arrays if "grad" in str(p[-1]) or (len(arrays) == 1 and is_unnamed(p))}
    if found:
        return found
    likely = {n: p for n, (p, *_) in places.items() if np.ndim(values[p]) and KIND_OF.get(str(p[0])) not in ("X", "Y")}
    for path, value in back.items():
        fitting = [n for n, p in likely.items() if np.shape(values[p]) == np.shape(value) and np.ndim(value)]
        if len(fitting) == 1 and fitting[0] not in found:
            found[fitting[0]] = path
    return found


def is_unnamed(path: Path) -> bool:
    return str(path[-1]).isdigit()


def is_called_a_gradient(name: str) -> bool:
    """Whether what is returned is called a gradient: dW, dj_db, grad."""
    said = name.lower()
    return "grad" in said or bool(re.match(r"d(j|l|loss|cost)?_?d?_?[wbxzauvh]\d*$", said))


def task_of(
    one: Called, places: dict[str, list[Path]], where: dict[str, Path], pick: Any, says: str, cost: Called | None = None
) -> Task:  # fmt: skip
    rng = np.random.default_rng(SEED)
    values = dict(numbers_in(one.given, depth=2))
    start = {n: generic(np.array(values[places[n][0]], dtype=float), rng) for n in where}

    def value(p: Values) -> Any:
        if cost is not None:
            return seeded(partial(call_with, cost.function), put_all(cost.given, places, p))
        return pick(seeded(partial(call_with, one.function), put_all(one.given, places, p)))

    def gradients(p: Values) -> Values:
        result = seeded(partial(call_with, one.function), put_all(one.given, places, p))
        names = returned_names(one.function)
        parts = list(result) if isinstance(result, tuple) else [result]
        names = names if len(names) == len(parts) else [""] * len(parts)
        back = {n or str(k): part for k, (n, part) in enumerate(zip(names, parts, strict=True))}
        every = dict(numbers_in(back, depth=2))
        return {f"d{name}": every[path] for name, path in where.items()}

    arguments = ", ".join(one.given)
    text = f"As the file calls {one.function.__name__}({arguments}): the cost is {says}, on the data that it gives."
    return Task(value, gradients, start, text, form=says)
