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

from ..loops import Loops
from .called import Called, given_to, gradients_among, parameters_in, put_all, results_of
from .learning import generic
from .offers import own_functions
from .pairing import derivative_pairs
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
    for name, forward, back in derivative_pairs(own_functions(module)):
        given = given_to(loops, forward)
        if given is None or back.__code__ in done:
            continue
        task = best(partial(ways_of, Called(forward, given), back), raised)
        if task is not None:
            found.append(Part(back.__name__ or name, task))
    return found


def ways_of(one: Called, back: Any) -> Iterator[Task]:
    outs = results_of(one, {})
    names = returned_names(one.function)
    names = names if len(names) == len(outs) else [""] * len(outs)
    flow = flow_of(back, outs, names, list(one.given))
    places = parameters_in(one.given)
    values = {n: one.value_at(own[0]) for n, own in places.items()}

    def run(p: Values) -> tuple[list[Any], Any]:
        made = put_all(one.given, places, p)
        return results_of(Called(one.function, made), {}), made

    def cost(p: Values) -> Any:
        found, _ = run(p)
        return sum(np.sum(table * found[i]) for i, table in flow.tables.values())

    def back_of(p: Values) -> dict[str, Any]:
        found, made = run(p)
        given = {n: np.array(table) for n, (_, table) in flow.tables.items()}
        given |= {n: found[i] for n, i in flow.kept.items()} | {n: made[other] for n, other in flow.same.items()}
        named = returned_names(back)
        results = results_of(Called(back, given), {})
        if len(results) == 1 and isinstance(results[0], dict):
            return {str(k): v for k, v in results[0].items()}
        named = named if len(named) == len(results) else [""] * len(results)
        return {n or str(i): v for i, (n, v) in enumerate(zip(named, results, strict=True))}

    rng = np.random.default_rng(SEED)
    start = {n: generic(np.array(v, dtype=float), rng) for n, v in values.items()}
    where = gradients_among(back_of(start), places, one.given)
    if not where:
        raise UnfitError("no gradient is told apart")

    def gradients(p: Values) -> Values:
        found = back_of(start | p)
        return {f"d{n}": at(found, path) for n, path in where.items()}

    said = (
        f"As the file calls {one.function.__name__}({', '.join(one.given)}): what {back.__name__} gives for a random "
    )
    said += f"{' and '.join(flow.tables)} is checked against that."
    point = {n: start[n] for n in where}
    task = Task(lambda p: cost(start | p), gradients, point, said)
    yield task
    for m in sorted({size for v in values.values() for size in np.shape(v)} - {1}):
        yield divided(task, m)


def divided(task: Task, m: int) -> Task:
    """The same where all but the gradients of what goes in, which are right, are 1/m of the sum's."""
    right = agreeing(task)
    rest = {f"d{n}" for n, holds in right.items() if not holds}
    if len(rest) == len(right):
        raise UnfitError("nothing is right before it is divided")

    def gradients(p: Values) -> Values:
        return {k: np.asarray(g) * m if k in rest else g for k, g in task.gradients(p).items()}

    said = f"{task.assumed} {', '.join(sorted(rest))} divided by m = {m}, as in the course."
    return task._replace(gradients=gradients, assumed=said)


def at(root: Any, path: Any) -> Any:
    for step in path:
        root = root[step]
    return root


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
        if named or KIND_OF.get(p.name) == "gradient" or (p.name[:1] == "d" and not tables):
            free = [i for i in arrays if i not in [k for k, _ in tables.values()]]
            if not (named or free):
                raise UnfitError(f"nothing is known of its parameter {p.name}")
            i = named[0] if named else free[0]
            tables[p.name] = i, np.random.default_rng([SEED, i]).normal(size=np.shape(outs[i]))
        elif p.name in names:
            kept[p.name] = names.index(p.name)
        elif p.name in arguments:
            same[p.name] = p.name
        elif any(word in p.name.lower() for word in CACHES) and others:
            kept[p.name] = others[-1]
        elif p.default is p.empty:
            raise UnfitError(f"nothing is known of its parameter {p.name}")
    if not tables:
        raise UnfitError("nothing goes in from above")
    return Flow(tables, kept, same)
