"""Models made of functions: initialise, forward, cost, backward."""

import contextlib
import copy
import inspect
import itertools
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from ..watching import follow
from .losses import of_losses, slopes_named
from .models import Composed, Parts, compositions, model, started
from .offers import Function, computes, functions_at_hand, makes_arrays, own_functions
from .pairing import is_derivative, partners
from .readings import at_form, best, in_time, several_outputs
from .tasks import Part, Task, UnfitError, Variant, copied
from .trial import is_made_up, made_up
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    SIZE_OF,
    USUAL,
    Sizes,
    tree_of,
)

ROLES = {  # the usual names first, then any that has the word
    "start": (
        ["initialize_parameters_deep", "initialize_parameters", "init_params"],
        ["init", "make_", "new_", "create_", "random_"],
    ),
    "forward": (
        ["L_model_forward", "L_layer_forward", "forward_propagation", "forward_prop", "model_forward", "forward"],
        ["forward", "feedforward", "predict"],
    ),
    "cost": (
        ["compute_cost_with_regularization", "compute_cost", "compute_loss", "cost_function", "cost", "loss"],
        ["cost", "loss", "error", "objective", "nll", "likelihood"],
    ),
    "backward": (
        ["L_model_backward", "L_layer_back_prop", "L_layer_backward", "backward_propagation", "back_propagation",
         "backward_prop", "model_backward", "backward"],
        ["backward", "backprop", "back_prop", "grad"],
    ),
}  # fmt: skip
TRAINING = ("iter", "epoch", "steps", "batch_size")  # in the arguments of what updates parameters
ENOUGH = 240  # combinations that are tried


def for_role(own: dict[str, Function], role: str) -> list[Function]:
    """The functions that may have this role, the likeliest first."""
    usual, has = ROLES[role]
    named = [f for name in usual for other, f in own.items() if other == name]
    named += [f for name in usual for other, f in own.items() if other.startswith(name)]
    named += [f for other, f in own.items() if any(word in other.lower() for word in has)]
    if role == "start":
        named += [f for f in own.values() if (n := inspect.signature(f).parameters) and all(k in SIZE_OF for k in n)]
        named += [f for f in own.values() if makes_arrays(f)]
    if role != "backward":
        named = [f for f in named if "backward" not in f.__name__.lower()]
    return list(dict.fromkeys(named))


def by_role(module: ModuleType) -> tuple[list[Function], list[Function], list[Function], list[Function]]:
    """The functions that may start, run forward, give the cost and run backward; gradients are the file's own first."""
    offered = {n: f for n, f in functions_at_hand(module).items() if computes(f, module)}
    taking, own = of_something(offered), of_something(own_functions(module))
    forwards, costs = for_role(taking, "forward"), for_role(taking, "cost")
    return for_role(offered, "start"), forwards, costs, for_role(own, "backward") or for_role(taking, "backward")


def of_something(functions: dict[str, Function]) -> dict[str, Function]:
    """Those that take arguments: nothing else is a function of parameters."""
    return {name: f for name, f in functions.items() if inspect.signature(f).parameters}


def of_functions(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """initialize_parameters, forward_propagation, compute_cost, backward_propagation, and names like these.

    Each backward pass is one thing, with the cost and the forward pass that its name says or that make it right.
    """
    starts, forwards, costs, backwards = by_role(module)
    found: list[Part] = []
    ran: set[Any] = set()
    tree = tree_of(module)
    for backward in backwards:
        if backward.__code__ in ran:
            continue
        chosen = partners(backward, costs, backwards, tree), partners(backward, forwards, backwards, tree)
        task = of_backward(module, starts, *chosen, backward, raised)
        if task is not None:
            found.append(Part(backward.__name__, task))
            ran |= codes_run(task)
    return found


def of_backward(
    module: ModuleType,
    starts: list[Function],
    costs: list[Function],
    forwards: list[Function],
    backward: Function,
    raised: list[Exception],
) -> Task | None:
    """A backward pass with what belongs to it.

    What the file lacks is made up: parameters, of every usual shape, where nothing makes them; the cost, of a table of
    losses. A cost may come out of the forward pass.
    """
    starts = [f for f in starts if may_start(Parts(f, None, backward, backward))]
    whole = [f for f in forwards if any(KIND_OF.get(name) == "Y" for name in inspect.signature(f).parameters)]
    begins = starts or made_up(whole or forwards)
    for costing in (costs, [f for f in whole if f not in costs]):
        for sizes in (USUAL, *OTHERS[:2]):  # others where the backward pass does not run with the usual ones
            options = partial(models, begins, costing, forwards, backward, sizes)
            if begins and costing and (task := best(options, raised)) is not None:
                return task
    slopes = slopes_named(list(functions_at_hand(module).values()), is_derivative)
    return without_cost(begins, forwards, backward, slopes, raised)


def may_start(parts: Parts) -> bool:
    """Whether a function makes parameters, or cannot be run: then it may."""
    try:
        return bool(started(parts, 1, USUAL)[0])
    except UnfitError:
        return False
    except Exception:  # it is told where nothing else runs
        return True


def without_cost(
    starts: list[Function], forwards: list[Function], backward: Function, slopes: list[str], raised: list[Exception]
) -> Task | None:
    """A backward pass with the cost that it is of, of a table of losses, for whatever runs without one."""
    running: list[Composed] = []
    for forward, start, outputs in itertools.product(forwards, starts, (1, USUAL.classes)):
        with contextlib.suppress(Exception):
            every = compositions(Parts(start, forward, no_cost, backward), outputs, USUAL)
            running += [composed for composed in every if composed.runs(raised)]

    def make(loss: Function) -> Iterator[Task]:
        for composed in running:
            task = composed.with_cost(loss).task()
            parts, outputs = composed.parts._replace(cost=loss), composed.outputs
            yield task._replace(variants=variants(starts, parts, outputs, task.form, USUAL))

    return of_losses(make, slopes, raised)


def no_cost() -> None:
    """In place of a cost that is not known yet."""


def codes_run(task: Task) -> set[Any]:
    """The code of the functions that a task runs, in its cost and in its gradients."""
    point = copied(task.parameters)
    return codes_of(task.cost, task.gradients, {name: np.array(value) for name, value in point.items()})


def codes_of(cost: Function, gradients: Function, point: Any) -> set[Any]:
    both = [follow(f, copy.deepcopy(point)) for f in (cost, gradients)]
    return {code for ran in both for file in ran.values() for code in file.variables}


def models(
    starts: list[Function], costs: list[Function], forwards: list[Function], backward: Function, sizes: Sizes
) -> Iterator[Task]:
    """Every way to put functions together with a backward pass, the likeliest first."""
    every = itertools.product(costs, [*forwards, None], starts, (1, USUAL.classes))
    for cost, forward, start, outputs in itertools.islice(every, ENOUGH):
        in_time()
        with contextlib.suppress(UnfitError):
            parts = Parts(start, forward, cost, backward)
            for task in model(parts, outputs, sizes):
                yield task._replace(variants=variants(starts, parts, outputs, task.form, sizes))


def variants(starts: list[Function], parts: Parts, outputs: int, form: str, own: Sizes) -> tuple[Variant, ...]:
    """The same functions at other sizes, and from the other functions that make parameters."""
    start = parts.start
    others = [] if is_made_up(start) else [other for other in starts if other is not start]

    def at(begin: Function, sizes: Sizes) -> Task:
        return at_form(model(parts._replace(start=begin), outputs, sizes), form)

    every = (USUAL, *OTHERS)
    tried = [(start, sizes) for sizes in every if sizes is not own]
    tried += [(other, sizes) for other in others for sizes in every]
    made = [Variant(f"{f.__name__} and {s.says()}", partial(at, f, s), f is start) for f, s in tried]
    made.append(Variant(ONE.says(), partial(at, start, ONE), False))
    if outputs == 1 and "classes" in map(SIZE_OF.get, inspect.signature(start).parameters):
        tasks = partial(model, parts, own.classes, own)
        made.append(Variant("several outputs", partial(several_outputs, tasks), False, True))
    return tuple(made)
