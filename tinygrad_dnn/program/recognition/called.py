"""What a program calls its own functions with: a cost and its gradients, checked on the program's own data.

A function that returns a number and arrays of the shapes of some of its arguments; or one that returns such arrays,
and beside it one of the same arguments that returns a number.
"""

import ast
import contextlib
import copy
import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..held import Path, numbers_in, put, value_at
from ..limits import TooLong, limited, silence
from ..loops import Loops, is_of
from ..sources import place as place_of
from .functions import for_role
from .learning import generic, names_of, seeded
from .making import own_classes
from .offers import own_functions
from .readings import agreement, best
from .stepping import descends
from .tasks import Part, Task, Variant
from .values import KIND_OF, SEED, Values, gradient_of, returned_names, tree_of

SECONDS = 1.0  # for a call
Functions = dict[str, Callable[..., Any]]


class Called(NamedTuple):
    """A function and what it was called with first; around: what it read of its module then."""

    function: Callable[..., Any]
    given: Values
    around: Values = MappingProxyType({})  # type: ignore[assignment]

    def value_at(self, path: Path) -> Any:
        return value_at(self.given, path)


def results_of(one: Called) -> list[Any]:
    """What a function returns, as a list."""
    with as_it_was(one):
        result = seeded(partial(call_with, one.function), copy.deepcopy(one.given))
    written_out = isinstance(result, list) and len(result) == len(returned_names(one.function)) > 1
    return list(result) if isinstance(result, tuple) or written_out else [result]


@contextlib.contextmanager
def as_it_was(one: Called) -> Iterator[None]:
    """Within this, the module holds what the function read of it when it was called."""
    space = one.function.__globals__
    before = {name: space[name] for name in one.around if name in space}
    space.update(one.around)
    try:
        yield
    finally:
        space.update(before)


def around_with(around: Values, values: Values, p: Values) -> Values:
    """What a function reads of its module, with new values where it holds what an argument holds as well."""
    same = {
        name: p[of] for name, held in around.items() for of, value in values.items()
        if of in p and np.size(value) > 1 and np.shape(held) == np.shape(value) and np.array_equal(held, value)
    }  # fmt: skip
    return {**around, **same}


def named_results(one: Called) -> dict[str, Any]:
    """What a function returns, by the names that it gives, or by their order; a dict as it is."""
    return with_names(one.function, results_of(one))


def with_names(function: Callable[..., Any], parts: list[Any]) -> dict[str, Any]:
    names = returned_names(function)
    if len(parts) == 1 and isinstance(parts[0], dict):
        return {str(k): v for k, v in parts[0].items()}
    names = names if len(names) == len(parts) else [""] * len(parts)
    return {name or str(i): part for i, (name, part) in enumerate(zip(names, parts, strict=True))}


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
    found: list[Part] = []
    for name, function in (own | methods_of(module)).items():
        given = given_to(loops, function)
        one = Called(function, given or {}, read_by(loops, function))
        if given is None or one.function.__code__ in done or descends(one.function):
            continue
        ways = ways_of if name in own else of_method
        task = best(partial(ways, one, own if name in own else beside(name, module), loops), raised)
        if task is not None:
            costs = own if name in own else beside(name, module)
            again = partial(with_costs, ways, costs, loops)
            found.append(Part(name, with_later_calls(task, function, again, loops, raised)))
    return found


def with_costs(ways: Callable[..., Iterator[Task]], costs: Functions, loops: Loops, one: Called) -> Iterator[Task]:
    return ways(one, costs, loops)


def methods_of(module: ModuleType) -> Functions:
    """The methods of a file's classes, as Class.name."""
    return {
        f"{kind.__name__}.{n}": f for kind in own_classes(module) for n, f in vars(kind).items()
        if inspect.isfunction(f) and n[:2] != "__"
    }  # fmt: skip


def beside(name: str, module: ModuleType) -> Functions:
    """The methods of the same class."""
    kind = name.partition(".")[0]
    return {n.partition(".")[2]: f for n, f in methods_of(module).items() if n.startswith(f"{kind}.")}


def of_method(one: Called, own: Functions, loops: Loops) -> Iterator[Task]:
    """The gradients that a method returns of what its object holds, and the cost that another of its methods returns.

    That is called as the program called it, which may be on other data: what is not right is not certain to be wrong.
    """
    results = results_in_time(one)
    places = {n: own for n, own in parameters_in(one.given).items() if own[0][0] == next(iter(one.given))}
    where = gradients_among(results, places, one.given)
    for cost in for_role(own, "cost") if where else ():
        given = given_to(loops, cost)
        if given is not None and cost is not one.function and next(iter(given)) == next(iter(one.given)):
            other = Called(cost, {**given, next(iter(given)): one.given[next(iter(given))]})
            task = task_of(one, places, where, f"{cost.__name__}(...), as it is called", other)
            yield task._replace(unsure=f"is not the gradient of {cost.__name__}, as the file calls that")


def read_by(loops: Loops, function: Callable[..., Any]) -> Values:
    """What a function read of its module when it was called first."""
    start = next((s for key, s in loops.starts.items() if is_of(loops.nodes[key][0], function)), None)
    return {} if start is None else {n: v for n, v in start.variables.items() if n not in start.local}


def given_to(loops: Loops, function: Callable[..., Any]) -> Values | None:
    start = next((s for key, s in loops.starts.items() if is_of(loops.nodes[key][0], function)), None)
    return None if start is None else {n: v for n, v in start.variables.items() if n in start.local}


def with_later_calls(
    task: Task, function: Callable[..., Any], ways: Callable[[Called], Iterator[Task]], loops: Loops,
    raised: list[Exception],
) -> Task:  # fmt: skip
    """A task with the calls of a function that take branches which its first call does not take."""
    key = next((key for key in loops.later if is_of(loops.nodes[key][0], function)), None)
    variants, doubts, right = [], [], 0
    for line, given in loops.later[key] if key is not None else ():
        other = best(partial(ways, Called(function, given)), raised)
        says = f"the first call that takes the branch in {place_of(loops.file, line)}"
        if other is None:
            doubts.append(f"{function.__name__}: in {says}, it could not be compared")
        elif agreement(other) == 1.0:
            right += 1
        else:
            variants.append(Variant(says, lambda other=other: other))  # type: ignore[misc]
    said = f" Right as well in {right} other call{'s' * (right > 1)}." if right else ""
    return task._replace(
        assumed=task.assumed + said, variants=(*task.variants, *variants), doubts=(*task.doubts, *doubts)
    )


def results_in_time(one: Called) -> dict[str, Any]:
    """What a function returns, by name; nothing where that takes long."""
    with silence(), limited(SECONDS, of_cpu=True):
        try:
            return named_results(one)
        except TooLong:
            return {}


def ways_of(one: Called, own: Functions, loops: Loops) -> Iterator[Task]:
    """The cost and the gradients in what a function returns; or the gradients, and the cost of another."""
    results = results_in_time(one)
    places = parameters_in(one.given, one.function)
    numbers = [n for n, part in results.items() if is_a_number(part) and not is_called_a_gradient(n)]
    if len(results) > 1 and numbers:
        for number in numbers:
            rest = {n: part for n, part in results.items() if n != number}
            if where := gradients_among(rest, places, one.given):
                yield task_of(one, places, where, f"{one.function.__name__}(...)", number)
        return
    if not (where := gradients_among(results, places, one.given)):
        return
    for cost in for_role(own, "cost"):
        takes = set(inspect.signature(cost).parameters)
        if cost is not one.function and takes and takes <= set(one.given):
            other = Called(cost, {n: one.given[n] for n in takes})
            yield task_of(one, places, where, f"{cost.__name__}(...)", other)


def is_a_number(value: Any) -> bool:
    return (
        isinstance(value, int | float | np.number | np.ndarray) and np.size(value) == 1 and not isinstance(value, bool)
    )


def parameters_in(given: Values, function: Any = None) -> dict[str, list[Path]]:
    """The arrays and numbers of the arguments that may be learnt, by name.

    function: that takes them; what it takes apart, W, b = params, has the names that it gives.
    """
    found = [path for path, value in numbers_in(given, depth=2) if np.asarray(value).dtype.kind == "f"]
    inside = {(arg, i): name for arg, names in taken_apart(function).items() for i, name in enumerate(names)}
    named = {inside[path]: [path] for path in found if path in inside}
    return named | names_of([[path] for path in found if path not in inside])


def taken_apart(function: Any) -> dict[str, list[str]]:
    """The names of what a function takes apart of its arguments, W, b = params."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and len(node.targets) == 1:
            parts = getattr(node.targets[0], "elts", [])
            if parts and all(isinstance(part, ast.Name) for part in parts):
                found[node.value.id] = [part.id for part in parts]
    return found


def gradients_among(rest: dict[str, Any], places: dict[str, list[Path]], given: Values) -> dict[str, Path]:
    """Where the gradient of each parameter is, among what was returned: by its name, else by its shape and order."""
    values, back = dict(numbers_in(given, depth=2)), dict(numbers_in(rest, depth=2))
    found: dict[str, Path] = {}
    for name, (own, *_) in places.items():
        alike = (path for path, value in back.items() if np.size(value) == np.size(values[own]))
        taken = len(own) > 1 and isinstance(own[-1], int) and not name.startswith(str(own[-2]))  # out of a row
        named = next((path for path in alike if is_named_after(path, (name,) if taken else own)), None)
        if named is not None:
            found[name] = named
    arrays = [path for path, value in back.items() if np.ndim(value)]
    if found or not arrays:
        return found
    likely = {n: p for n, (p, *_) in places.items() if np.ndim(values[p]) and KIND_OF.get(str(p[0])) not in ("X", "Y")}
    if all(map(is_unnamed, arrays)):
        every = {n: p for n, (p, *_) in places.items() if np.ndim(values[p])}
        shapes = [np.shape(values[p]) for p in every.values()]
        if [np.shape(back[path]) for path in arrays] == shapes and len(set(shapes)) == len(shapes):
            return dict(zip(every, arrays, strict=True))
    for path in arrays:
        fitting = [n for n, p in likely.items() if np.shape(values[p]) == np.shape(back[path])]
        told = "grad" in str(path[-1]) or (len(arrays) == 1 and is_unnamed(path))
        if told and len(fitting) == 1 and fitting[0] not in found:
            found[fitting[0]] = path
    return found


def is_named_after(path: Path, own: Path) -> bool:
    """Whether what is returned bears the name of a parameter's gradient, and its number in a list."""
    said = [step for step in path if isinstance(step, str) and not step.isdigit()]
    mine = [step for step in own if isinstance(step, str)][-1]
    same = [s for s in path[1:] if isinstance(s, int)] == [s for s in own[1:] if isinstance(s, int)]
    return bool(said) and same and gradient_of(mine, [said[-1]]) not in (None, mine)


def not_compared(rest: dict[str, Any], where: dict[str, Path]) -> str:
    """What is said of returned values that are called gradients, or are arrays without a name, and of no argument."""
    others = [(p, value) for p, value in numbers_in(rest, depth=2) if p not in where.values()]
    left = [str(p[-1]) for p, _ in others if is_called_a_gradient(str(p[-1]))]
    left += [f"its value {int(p[0]) + 1}" for p, value in others if len(p) == 1 and is_unnamed(p) and np.ndim(value)]
    return f" Returned as well, and not compared: {', '.join(dict.fromkeys(left))}." if left else ""


def is_unnamed(path: Path) -> bool:
    return str(path[-1]).isdigit()


def is_called_a_gradient(name: str) -> bool:
    """Whether what is returned is called a gradient: dW, dj_db, grad."""
    said = name.lower()
    return "grad" in said or bool(re.match(r"d(j|l|loss|cost)?_?d?_?[wbxzauvh]\d*$", said))


def task_of(
    one: Called, places: dict[str, list[Path]], where: dict[str, Path], says: str, cost: "str | Called"
) -> Task:  # fmt: skip
    """The cost, a result of this name or what another function returns, and the gradients among the results."""
    rng = np.random.default_rng(SEED)
    values = dict(numbers_in(one.given, depth=2))
    start = {n: generic(np.array(values[places[n][0]], dtype=float), rng) for n in where}

    def at(of: Called, p: Values) -> Called:
        found = {n: values[places[n][0]] for n in where}
        return of._replace(given=put_all(of.given, places, p), around=around_with(of.around, found, p))

    def value(p: Values) -> Any:
        return named_results(at(one, p))[cost] if isinstance(cost, str) else results_of(at(cost, p))[0]

    def gradients(p: Values) -> Values:
        every = dict(numbers_in(named_results(at(one, p)), depth=2))
        return {f"d{name}": every[path] for name, path in where.items()}

    arguments = ", ".join(one.given)
    text = f"As the file calls {one.function.__name__}({arguments}): the cost is {says}, on the data that it gives."
    return Task(value, gradients, start, text + not_compared(named_results(one), where), form=says)
