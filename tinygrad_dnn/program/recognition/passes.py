"""A forward and a backward pass that the program calls: checked against each other on what it gives the forward pass.

What goes into the backward pass is a random table for each output that it names, da_next for a_next; the cost is the
sum of the outputs times these tables.
"""

import inspect
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..held import Path, numbers_in
from ..limits import TooLong, limited, silence
from ..loops import Loops
from .called import (
    SECONDS,
    Called,
    around_with,
    given_to,
    gradients_among,
    is_a_number,
    is_unnamed,
    named_results,
    not_compared,
    parameters_in,
    put_all,
    read_by,
    results_of,
    with_later_calls,
)
from .learning import generic
from .offers import own_functions
from .pairing import derivative_pairs, is_derivative, is_downstream
from .readings import agreeing, best
from .tasks import Part, Task, UnfitError
from .values import KIND_OF, SEED, Values, returned_names

CACHES = ("cache", "caches", "mem", "memory", "state")


class Flow(NamedTuple):
    """How a backward pass is called: what each of its arguments is: an output's table, something kept, an argument."""

    tables: dict[str, tuple[int, Any]]
    kept: dict[str, int]
    same: dict[str, str]


def of_halves(module: ModuleType, loops: Loops, raised: list[Exception], done: set[Any]) -> list[Part]:
    """Every pair of a forward and a backward pass of which the forward pass was called."""
    found = []
    for name, forward, back in pairs_in(module, loops):
        given = given_to(loops, forward)
        if given is None or back.__code__ in done:
            continue
        beside = read_by(loops, back)
        ways = partial(ways_of, back, beside)
        task = best(partial(ways, Called(forward, given, read_by(loops, forward))), raised)
        if task is not None:
            whole = with_later_calls(task, forward, ways, loops, raised)
            found.append(Part(back.__name__ or name, whole))
    return found


def pairs_in(module: ModuleType, loops: Loops) -> Iterator[tuple[str, Any, Any]]:
    """Passes that belong together: one is called with what the other returned, or bears the name of its derivative."""
    own = own_functions(module)
    called = {f: given for f in own.values() if (given := given_to(loops, f)) is not None}
    paired = set[Any]()
    for back, taken in called.items():
        for forward, given in called.items() if is_derivative(back.__name__) else ():
            if not is_derivative(forward.__name__) and hands_on(Called(forward, given), taken):
                paired.add(back)
                yield forward.__name__, forward, back
    yield from (pair for pair in derivative_pairs(own) if pair[2] not in paired)


def hands_on(one: Called, taken: Values) -> bool:
    """Whether something that a function returns, more than a number, is an argument of another's call."""
    try:
        with silence(), limited(SECONDS, of_cpu=True):
            outs = results_of(one)
    except (Exception, TooLong):  # it needs what was there when it was called, or it is the whole program
        return False
    return any(is_alike(out, value) for out in outs for value in taken.values() if not is_a_number(out))


def is_alike(a: Any, b: Any) -> bool:
    """Whether two values hold the same arrays and numbers, in the same places."""
    parts = [dict(numbers_in({"": value}, depth=4)) for value in (a, b)]
    same = bool(parts[0]) and parts[0].keys() == parts[1].keys()
    return same and all(np.array_equal(v, parts[1][path], equal_nan=False) for path, v in parts[0].items())


def ways_of(back: Any, beside: Values, one: Called) -> Iterator[Task]:
    """beside: what the backward pass reads of its module."""
    outs = results_of(one)
    flow = flow_of(back, outs, names_of_results(one, outs), list(one.given))
    places = parameters_in(one.given)
    values = {n: one.value_at(own[0]) for n, own in places.items()}

    def run(p: Values) -> tuple[list[Any], Any]:
        made = put_all(one.given, places, p)
        return results_of(Called(one.function, made, around_with(one.around, values, p))), made

    def cost(p: Values) -> Any:
        found, _ = run(p)
        return sum(np.sum(table * found[i]) for i, table in flow.tables.values())

    def back_of(p: Values) -> dict[str, Any]:
        found, made = run(p)
        return named_results(Called(back, given_back(flow, found, made), around_with(beside, values, p)))

    rng = np.random.default_rng(SEED)
    drawn = {n: generic(np.array(v, dtype=float), rng) for n, v in values.items()}
    start = {n: v if np.ndim(values[n]) else values[n] for n, v in drawn.items()}  # a 1e-6 is a setting
    returned = back_of(start)
    where = gradients_among(returned, places, one.given)
    if not where:
        raise UnfitError("no gradient is told apart")
    start |= {n: drawn[n] for n in where}

    def task_with(where: dict[str, Path], said: str) -> Task:
        def gradients(p: Values) -> Values:
            found = back_of(start | p)
            return {f"d{n}": at(found, path) for n, path in where.items()}

        point = {n: start[n] for n in where}
        return Task(lambda p: cost(start | p), gradients, point, said + not_compared(returned, where))

    said = (
        f"As the file calls {one.function.__name__}({', '.join(one.given)}): what {back.__name__} gives for a random "
    )
    said += f"{' and '.join(flow.tables)} is checked against that."
    shared = [n for n, v in around_with(beside, values, start).items() if v is not beside[n]]
    if shared:
        said += f" {back.__name__} reads {', '.join(shared)} of the module, which held what it was given."
    task = task_with(where, said)
    if more := left_among(returned, where, places, one.given):
        right = agreeing(wider := task_with(where | more, said))
        if all(right[n] for n in more):  # by its shape alone nothing is called wrong
            task, where = wider, where | more
    yield task
    rest = [n for n, holds in agreeing(task).items() if not holds]
    shapes = [set(np.shape(v)) for n, v in values.items() if n not in rest]
    examples = set[int]().union(*shapes) & set[int]().union(*(np.shape(outs[i]) for i, _ in flow.tables.values()))
    whole = [np.shape(values[n]) for n in where if n not in rest]  # of what goes in, and of no parameter
    yield from (divided(task, rest, m) for m in sorted(examples - {1}) if rest and all(m in shape for shape in whole))


def left_among(
    rest: dict[str, Any], where: dict[str, Path], places: dict[str, list[Path]], given: Values
) -> dict[str, Path]:
    """Where else there may be a gradient, by shape alone: of each argument left the only one that has its shape."""
    values, back = dict(numbers_in(given, depth=2)), dict(numbers_in(rest, depth=2))
    args = {n: np.shape(values[own]) for n, (own, *_) in places.items() if n not in where and np.ndim(values[own])}
    outs = {
        p: np.shape(v)
        for p, v in back.items()
        if p not in where.values() and (is_downstream(str(p[-1])) or is_unnamed(p))
    }
    fitting = {n: [p for p, shape in outs.items() if shape == args[n]] for n in args}
    return {n: ps[0] for n, ps in fitting.items() if len(ps) == 1 and list(fitting.values()).count(ps) == 1}


def divided(task: Task, rest: list[str], m: int) -> Task:
    """The same where these gradients, those of what does not go in, are 1/m of the sum's."""

    def gradients(p: Values) -> Values:
        return {k: np.asarray(g) * m if k[1:] in rest else g for k, g in task.gradients(p).items()}

    said = f"{task.assumed} {', '.join(f'd{name}' for name in sorted(rest))} divided by m = {m}, as in the course."
    return task._replace(gradients=gradients, assumed=said)


def at(root: Any, path: Any) -> Any:
    for step in path:
        root = root[step]
    return root


def names_of_results(one: Called, outs: list[Any]) -> list[str]:
    """What a function calls what it returned, "" where it does not say."""
    names = returned_names(one.function)
    return names if len(names) == len(outs) else [""] * len(outs)


def given_back(flow: Flow, outs: list[Any], given: Values) -> Values:
    """What a backward pass is called with, of what the forward pass returned and was called with."""
    found = {n: np.array(table) for n, (_, table) in flow.tables.items()}
    return found | {n: outs[i] for n, i in flow.kept.items()} | {n: given[other] for n, other in flow.same.items()}


def flow_of(back: Any, outs: list[Any], names: list[str], arguments: list[str]) -> Flow:
    """What each argument of a backward pass is; UnfitError where one is unknown."""
    arrays = [i for i, out in enumerate(outs) if isinstance(out, np.ndarray | float)]
    others = [i for i in range(len(outs)) if i not in arrays]
    tables: dict[str, tuple[int, Any]] = {}
    kept: dict[str, int] = {}
    same: dict[str, str] = {}
    for p in inspect.signature(back).parameters.values():
        bare = p.name.lower().removeprefix("d").removeprefix("_")
        named = [i for i in arrays if names[i] and names[i].lower() == bare and p.name[:1] == "d"]
        if named or KIND_OF.get(p.name) == "gradient" or (is_downstream(p.name) and not tables):
            free = [i for i in arrays if i not in [k for k, _ in tables.values()]]
            if not (named or free):
                raise UnfitError(f"nothing is known of its parameter {p.name}")
            i = named[0] if named else free[0]
            tables[p.name] = i, np.random.default_rng([SEED, i]).normal(size=np.shape(outs[i]))
        elif p.name in names:
            kept[p.name] = names.index(p.name)
        elif p.name in arguments:
            same[p.name] = p.name
        elif any(word in p.name.lower() for word in CACHES) and len(outs) > 1:
            kept[p.name] = others[-1] if others else len(outs) - 1  # a cache may be an array
        elif p.default is p.empty:
            raise UnfitError(f"nothing is known of its parameter {p.name}")
    if not tables:
        raise UnfitError("nothing goes in from above")
    if not kept and not same:
        raise UnfitError("it is not told where it is: it may be a derivative, of what it is given")
    return Flow(tables, kept, same)
