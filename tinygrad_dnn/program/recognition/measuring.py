"""The costs that a file computes of parameters, without gradients: all that explain and draw need.

They are found as what is checked is: what the file says itself, what its loops compute of what they move, its classes,
its functions, a loss that takes its parameters itself. Of several forms of data, which no gradients decide between, the
first is taken that runs and in which nothing is spread over examples twice, as (m,) - (m, 1) is.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from ..limits import TooLong, limited, silence
from ..loops import Loops, Start
from ..recorded import record
from ..turns import Turn
from .costs import Cost, numbers_of
from .functions import by_role
from .learning import Learning, changes
from .making import FIT, own_classes
from .models import Parts, model
from .nameless import nearby
from .objects import of_class
from .offers import Function
from .one_function import Costs, of_single
from .pairing import is_derivative
from .roles import losses
from .runs import only_for
from .tasks import Part, Task, UnfitError, copied, fitting, number
from .telling import written
from .trial import is_made_up, made_up
from .values import ONE, OTHERS, SEED, USUAL, Values
from .words import tells_of_a_cost

RANDOM = ", all random from a seed."
SECONDS = 4.0  # for each way to find a cost
MOST = 240  # forms of data that are tried for one
EXAMPLES = {sizes.examples for sizes in (USUAL, *OTHERS, ONE)}


def none(_: Any) -> Values:
    """In place of gradients, where there are none."""
    return {}


def costs_of(module: ModuleType, loops: Loops, starts: list[Start], raised: list[Exception]) -> list[Part]:
    """The costs of a file, of the first way that finds any.

    starts: what its loops began with in its own run. raised: takes what guesses raised.
    """
    ways: list[Callable[[], Iterable[Part]]] = [
        partial(stated_in, module), partial(of_loops, module, loops, starts), partial(of_kinds, module, raised),
        partial(of_roles, module, raised), partial(of_losses_alone, module, raised),
    ]  # fmt: skip
    found: list[Part] = []
    for way in ways:
        with contextlib.suppress(TooLong), silence(), limited(SECONDS, of_cpu=True):
            for part in way():
                found.append(part)  # what was found before the time was over stays
        if found:
            break
    return found


def stated_in(module: ModuleType) -> Iterator[Part]:
    """The cost of the parameters that a file states as cost(parameters) and parameters."""
    parameters = getattr(module, "parameters", None)
    try:
        number(module.cost(copied(parameters) if isinstance(parameters, dict) else parameters))
    except Exception:  # it is a function of something else
        return
    yield Part("cost", Task(module.cost, none, parameters, ""))


# Loops


def of_loops(module: ModuleType, loops: Loops, starts: list[Start]) -> Iterator[Part]:
    """What is called a cost in loops, and depends on what they move."""
    seen = set[str]()
    for start in reversed(starts):
        turn = Turn(loops, start, module)
        with contextlib.suppress(Exception):  # somebody's code with other values
            for part in of_turn(turn):
                if part.name not in seen:
                    seen.add(part.name)
                    yield part


def of_turn(turn: Turn) -> Iterator[Part]:
    learning = Learning(turn)
    here, there = (learning.look(p, keep=True).values for p in (learning.point, nearby(learning.point)))
    moved = {key: value for key, value in here.items() if changes(value, there.get(key))}
    for key in numbers_of(learning, moved)[:1]:
        if tells_of_a_cost(key):
            cost = Cost(key)
            only = None if key[0] else only_for(learning, cost)

            def value(p: Values, cost: Cost = cost, only: Any = only) -> Any:
                return cost.of(learning.look(p, keep=True, only=only, watch=bool(cost.key[0])), p)

            where = f"{turn.function}, " * bool(turn.function) + f"line {turn.line}"
            said = f"Seen in its run: {where}: {written(key)} is computed of {', '.join(learning.places)}."
            yield Part(written(key), Task(value, none, learning.point, said))


# Classes and functions


def of_kinds(module: ModuleType, raised: list[Exception]) -> Iterator[Part]:
    """Classes with a loss; where they train themselves otherwise than by gradients, without that."""
    for kind in own_classes(module):
        if losses(kind):
            trains = [name for name in FIT.split() if callable(getattr(kind, name, None))]
            bare = type(kind.__name__, (kind,), dict.fromkeys(trains) | {"__module__": ""})
            for one in dict.fromkeys((kind, bare if trains else kind)):
                task = first_fitting(partial(of_class, one, raised), raised)
                if task is not None:
                    yield Part(kind.__name__, task)
                    break


def of_roles(module: ModuleType, raised: list[Exception]) -> Iterator[Part]:
    """initialize_parameters, forward_propagation, compute_cost: each cost with the first forward pass that fits it."""
    starts, forwards, costs, _ = by_role(module)
    for cost in costs:
        if is_derivative(cost.__name__):
            continue
        others = [f for f in forwards if f is not cost]
        makers = starts or made_up(others or [cost])
        task = first_fitting(partial(of_parts, makers, others, cost), raised)
        if task is not None:
            yield Part(cost.__name__, task)


def of_parts(starts: list[Function], forwards: list[Function], cost: Function) -> Iterator[Task]:
    for forward in [*forwards, None]:
        for start in starts:
            for outputs in (1, USUAL.classes):
                with contextlib.suppress(UnfitError):
                    for task in model(Parts(start, forward, cost, cost), outputs, USUAL):
                        given = [f for f in (start, forward, cost) if f is not None and not is_made_up(f)]
                        yield task._replace(assumed=assumed(task, given))


def assumed(task: Task, functions: list[Function]) -> str:
    """What is assumed of some functions: what belongs together, of parameters of which shapes, on which data."""
    names, data = [f.__name__ for f in functions], task.assumed.split("; ")[1].removesuffix(RANDOM)
    shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in task.parameters.items())
    together = f"{', '.join(names)} belong together, and " if len(names) > 1 else ""
    return f"Assumed: {together}{names[-1]} is a cost of {shapes}; {data}{RANDOM}"


def of_losses_alone(module: ModuleType, raised: list[Exception]) -> Iterator[Part]:
    """loss(w, X, y): a cost that takes its parameters itself."""
    starts, _, costs, _ = by_role(module)
    for cost in costs:
        if not is_derivative(cost.__name__):
            task = first_fitting(partial(of_single, cost, Costs(cost), starts), raised)
            if task is not None:
                yield Part(cost.__name__, task._replace(assumed=assumed(task, [cost])))


def first_fitting(candidates: Callable[[], Iterator[Task]], raised: list[Exception]) -> Task | None:
    """The first that is a cost of its parameters and of data, and spreads nothing; else the first that is a cost."""
    spreading: Task | None = None
    try:
        for _, candidate in zip(range(MOST), candidates(), strict=False):
            try:
                task = fitting(candidate._replace(gradients=zeros_of(candidate)))._replace(gradients=none)
            except UnfitError:
                continue
            except Exception as error:  # a guess that does not go together raises anything
                raised.append(error)
                continue
            if not spreads(task):
                return task
            spreading = spreading or task
    except Exception as error:
        raised.append(error)
    return spreading


def zeros_of(task: Task) -> Callable[[Any], Values]:
    """Zeros, where gradients are asked for and there are none."""
    return lambda _: {f"d{name}": np.zeros(np.shape(value)) for name, value in task.parameters.items()}


def spreads(task: Task) -> bool:
    """Whether a cost has a table of examples by examples on its way."""
    rng = np.random.default_rng(SEED)
    point = {
        name: np.asarray(value) + 0.1 * rng.normal(size=np.shape(value)) for name, value in task.parameters.items()
    }
    try:
        tensors = record(task.cost, point).tensors
    except Exception:  # it cannot be recorded, and is told where it is
        return False
    return any(t.shape.count(n) > 1 for t in tensors for n in EXAMPLES - {1, 4, 5, 6})
