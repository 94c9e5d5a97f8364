"""A task, and whether what was guessed makes one: the cost is one finite number that the parameters move."""

import contextlib
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..absent import MissingModuleError
from ..places import line_of
from ..watching import draws, seeded
from .values import SEED, Values, generic, gradient_of


class Task(NamedTuple):
    """A cost, its hand-written gradients and the parameters.

    assumed    in a sentence, what was taken for what
    left_out   what looks like a hand-written gradient and could not be run
    variants   the same at other sizes, where those are not the file's own
    beside     what else the file holds, each to be checked as well
    elsewise   the cost on other data, which it has to depend on: the softmax of a single output does not
    unsure     why it is not certain that what is not right is wrong: there was no time for every way to read the file
    doubts     what is not certain, each after a name and a colon
    form       in which of the possible ways it was read, whatever the sizes
    name       what it is called, where there are several
    parts      what it is put together of, where it is the sum of several
    positive   whether it is looked at between 0 and 1, where probabilities are
    """

    cost: Callable[[Any], Any]
    gradients: Callable[[Any], Any]
    parameters: Any
    assumed: str
    left_out: tuple[str, ...] = ()
    variants: "tuple[Variant, ...]" = ()
    beside: "tuple[Part, ...]" = ()
    elsewise: Callable[[Any], Any] | None = None
    form: str = ""
    unsure: str = ""
    doubts: tuple[str, ...] = ()
    name: str = ""
    parts: "tuple[Part, ...]" = ()
    positive: bool = False


class Variant(NamedTuple):
    """A task at other sizes.

    firm: the file ought to run there, so that an error of it has to be told. remark: it may be meant for the first size
    alone, as a model of one output is, so that what is wrong there is said and no more.
    """

    says: str
    make: Callable[[], Task]
    firm: bool = True
    remark: bool = False


RANDOM = " np.random.seed(1) was set before each call, as it draws random numbers."
STOCHASTIC = "draws random numbers that the cost does not draw: it may be the gradient on some of the data"
UNUSED = "moved no cost where it was looked at, and its gradient is nothing."
TELLING = NameError | ImportError | KeyError | ZeroDivisionError


class Raised(list[Exception]):
    """What guesses raised, and where, without what the functions held then: that is much, and nobody looks at it."""

    def append(self, error: Exception) -> None:
        traceback.clear_frames(error.__traceback__)
        super().append(error)


class UnfitError(Exception):
    """What was guessed does not go together."""


def fitting(task: Task, known: bool = False) -> Task:
    """The task with the parameters that move its cost, at random values of them; UnfitError where it is none.

    Where the cost is not finite, as a logarithm's, it is tried at positive values. known: that it is one, of other
    sizes, so that gradients of other shapes than their parameters are wrong.
    """
    if not task.positive:
        with contextlib.suppress(UnfitError):
            return fitting_at(task, generic(task.parameters), known)
    positive = {
        name: 0.15 + 0.7 * np.random.default_rng(SEED).random(np.shape(v)) for name, v in task.parameters.items()
    }
    return fitting_at(task, positive, known)


def fitting_at(task: Task, parameters: Values, known: bool) -> Task:
    with np.errstate(all="ignore"):
        found, drew = draws(task.cost, copied(parameters))
        value = number(found)
        if drew:  # dropout, it may be
            said = f"{task.assumed}{RANDOM}".strip()
            task = task._replace(cost=seeded(task.cost), gradients=seeded(task.gradients), assumed=said)
            value = number(task.cost(copied(parameters)))
        if task.elsewise is not None and number(task.elsewise(copied(parameters))) == value:
            raise UnfitError("the cost does not depend on the data")
        moving = {}
        for i, (name, array) in enumerate(parameters.items()):
            moved = copied(parameters) | {name: array + 0.1 * np.random.default_rng(i).normal(size=np.shape(array))}
            if number(task.cost(moved)) != value:
                moving[name] = array
        if not moving:
            raise UnfitError("no parameter moves the cost")
        found, drew_more = draws(task.gradients, copied(parameters))
        if drew_more and not drew:
            task = task._replace(unsure=task.unsure or STOCHASTIC)
        given = {name: found.get(f"d{name}", found.get(name)) for name in parameters}
        idle = [n for n, g in given.items() if n not in moving and g is not None and np.any(g)]
        unused = [n for n, g in given.items() if n not in moving and g is not None and n not in idle]
        still = {name: array for name, array in parameters.items() if name not in moving}
    if sum(name in found or f"d{name}" in found for name in moving) * 2 <= len(moving):
        raise UnfitError("it returns no gradients of most parameters")
    misshapen = [n for n in moving if f"d{n}" in found and np.size(found[f"d{n}"]) != np.size(moving[n])]
    if len(misshapen) == len(moving) and not known:
        raise UnfitError("no gradient has the shape of its parameter")

    def whole(p: Values) -> Values:
        return still | p

    def gradients(p: Values) -> Values:
        return {k: g for k, g in task.gradients(whole(p)).items() if k not in still and k[1:] not in still}

    if unused and UNUSED not in task.assumed:
        task = task._replace(assumed=f"{task.assumed} {', '.join(unused)} {UNUSED}".strip())
    doubts = tuple(f"d{name}: moved no cost where it was looked at" for name in idle)
    return task._replace(
        cost=lambda p: task.cost(whole(p)), gradients=gradients, parameters=moving, doubts=(*task.doubts, *doubts)
    )


class Part(NamedTuple):
    """One of several tasks of a file, by its name."""

    name: str
    task: Task


def merged(parts: list[Part], assumed: str) -> Task:
    """Several tasks as one: the sum of their costs, each with its own parameters."""
    if len(parts) == 1:
        return parts[0].task._replace(assumed=assumed, name=parts[0].name)

    def own(part: Part, p: Values) -> Values:
        return {n: p[f"{n} of {part.name}"] for n in part.task.parameters}

    def cost(p: Values) -> Any:
        return sum(np.sum(part.task.cost(own(part, p))) for part in parts)

    def gradients(p: Values) -> Values:
        return {f"{k} of {part.name}": g for part in parts for k, g in part.task.gradients(own(part, p)).items()}

    parameters = {f"{n} of {part.name}": v for part in parts for n, v in part.task.parameters.items()}
    named = [(part.name, v) for part in parts for v in part.task.variants]
    variants = tuple(v._replace(says=f"{name} with {v.says}") for name, v in named)
    doubts = tuple(doubt for part in parts for doubt in part.task.doubts)
    unsure = next((part.task.unsure for part in parts if part.task.unsure), "")
    return Task(
        cost, gradients, parameters, assumed, variants=variants, doubts=doubts, unsure=unsure, parts=tuple(parts)
    )


def parts_in(task: Task) -> list[Part]:
    """A task and those beside it, each by its name; of one that is the sum of several, these."""
    every = [Part(task.name, task), *(Part(one.task.name or one.name, one.task) for one in task.beside)]
    return [part for one in every for part in (one.task.parts or (one,))]


def shapely(task: Task) -> bool:
    """Whether every gradient that is returned of a parameter has its shape; of a number, one entry."""
    found = task.gradients(copied(task.parameters))
    pairs = [(found.get(f"d{name}"), value) for name, value in task.parameters.items()]
    return all(g is None or np.shape(g) == np.shape(v) or np.ndim(v) == 0 == np.size(g) - 1 for g, v in pairs)


def telling(raised: list[Exception], file: str) -> Exception | None:
    """Of several errors that guesses raised one that is the file's own whatever it is given: a name that is missing.

    What a module that is not here would give is none of it.
    """
    own = [error for error in raised if line_of(error, file) and not isinstance(error, MissingModuleError)]
    return next((e for e in own if isinstance(e, TELLING) or is_missing(e)), None)


def furthest(raised: list[Exception], file: str) -> Exception | None:
    """Of several errors that of the guess that came furthest in the file."""
    return max(raised, key=lambda error: (line_of(error, file) or ("", 0))[1], default=None)


def is_missing(error: Exception) -> bool:
    """Whether a module lacks a name, as NumPy does that of yesterday."""
    return isinstance(error, AttributeError) and isinstance(error.obj, ModuleType)


def number(value: Any) -> float:
    """The cost as a float; UnfitError where it is none, or not finite."""
    if isinstance(value, tuple | list | dict) or value is None or np.size(value) != 1:
        raise UnfitError("the cost is no number")
    found = float(np.reshape(np.asarray(value, dtype=float), ()))
    if not np.isfinite(found):
        raise UnfitError("the cost is not finite")
    return found


def copied(parameters: Values) -> Values:
    return {name: np.array(value) if np.ndim(value) else value for name, value in parameters.items()}


def by_parameter(result: Any, names: list[str], parameters: Values) -> Values:
    """The gradients that a function returned, under d and the name of their parameter; what else it has by its name.

    names: what the function calls the values it returns.
    """
    if isinstance(result, dict):
        found = {str(k): v for k, v in result.items()}
    elif isinstance(result, tuple | list):
        inner = [r for r in result if isinstance(r, dict)]
        if inner:
            return by_parameter(inner[0], [], parameters)
        named = dict(zip(names, result, strict=False)) if len(names) == len(result) else {}
        found = {k: v for k, v in named.items() if k}
        if not all(gradient_of(name, list(found)) for name in parameters) and len(result) == len(parameters):
            pairs = list(zip(parameters.items(), result, strict=True))
            if any(isinstance(g, np.ndarray | np.number | float) and np.size(g) == np.size(p) for (_, p), g in pairs):
                found = {f"d{name}": g for (name, _), g in pairs}
    else:
        found = {f"d{next(iter(parameters))}": result} if len(parameters) == 1 and result is not None else {}
    keys = {gradient_of(name, list(found)): f"d{name}" for name in parameters}
    return {keys.get(k, k): v for k, v in found.items() if v is not None and v is not ...}
