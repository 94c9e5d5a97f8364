"""Models made of functions: initialise, forward, cost, backward."""

import contextlib
import copy
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from ..watching import follow
from .pairing import partners
from .readings import at_form, best, several_outputs
from .tasks import Part, Task, UnfitError, Variant, by_parameter, copied
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    SIZE_OF,
    USUAL,
    Layout,
    Sizes,
    Values,
    by_place,
    call,
    gradient_of,
    layouts,
    one_example,
    returned_names,
    sizes_of,
    speaks_of_many,
    tree_of,
)

Function = Callable[..., Any]
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


def own_functions(module: ModuleType) -> dict[str, Function]:
    return {n: f for n, f in list(vars(module).items()) if inspect.isfunction(f) and f.__module__ == module.__name__}


def for_role(own: dict[str, Function], role: str) -> list[Function]:
    """The functions that may have this role, the likeliest first."""
    usual, has = ROLES[role]
    named = [f for name in usual for other, f in own.items() if other == name]
    named += [f for name in usual for other, f in own.items() if other.startswith(name)]
    named += [f for other, f in own.items() if any(word in other.lower() for word in has)]
    if role == "start":
        named += [f for f in own.values() if (n := inspect.signature(f).parameters) and all(k in SIZE_OF for k in n)]
    if role != "backward":
        named = [f for f in named if "backward" not in f.__name__.lower()]
    return list(dict.fromkeys(named))


def of_functions(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """initialize_parameters, forward_propagation, compute_cost, backward_propagation, and names like these.

    Each backward pass is one thing, with the cost and the forward pass that its name says or that make it right.
    """
    own = own_functions(module)
    starts, forwards, costs, backwards = (for_role(own, role) for role in ROLES)
    found: list[Part] = []
    ran: set[Any] = set()
    tree = tree_of(module)
    for backward in backwards:
        if backward.__code__ in ran or not costs or not starts:
            continue
        chosen = partners(backward, costs, backwards, tree), partners(backward, forwards, backwards, tree)
        task = None
        for sizes in (USUAL, *OTHERS):  # others where the backward pass does not run with the usual ones
            task = task or best(partial(models, starts, *chosen, backward, sizes), raised)
        if task is not None:
            found.append(Part(backward.__name__, task))
            ran |= codes_run(task)
    return found


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
        with contextlib.suppress(UnfitError):
            for task in model(start, forward, cost, backward, outputs, sizes):
                parts = start, forward, cost, backward, outputs
                yield task._replace(variants=variants(starts, parts, task.form, sizes))


def variants(
    starts: list[Function], parts: tuple[Function, Function | None, Function, Function, int], form: str, own: Sizes
) -> tuple[Variant, ...]:
    """The same functions at other sizes, and from the other functions that make parameters."""
    start, forward, cost, backward, outputs = parts
    others = [other for other in starts if other is not start]

    def at(begin: Function, sizes: Sizes) -> Task:
        return at_form(model(begin, forward, cost, backward, outputs, sizes), form)

    every = (USUAL, *OTHERS)
    tried = [(start, sizes) for sizes in every if sizes is not own]
    tried += [(other, sizes) for other in others for sizes in every]
    made = [Variant(f"{f.__name__} and {s.says()}", partial(at, f, s), f is start) for f, s in tried]
    made.append(Variant(ONE.says(), partial(at, start, ONE), False))
    if outputs == 1 and "classes" in map(SIZE_OF.get, inspect.signature(start).parameters):
        tasks = partial(model, start, forward, cost, backward, own.classes, own)
        made.append(Variant("several outputs", partial(several_outputs, tasks), False, True))
    return tuple(made)


def model(
    start: Function, forward: Function | None, costs: Function, backward: Function, outputs: int, sizes: Sizes
) -> Iterator[Task]:
    if outputs > 1:
        outputs = sizes.classes
    shapes, lists = started(start, outputs, sizes)
    many = speaks_of_many(f for f in (forward, costs, backward) if f is not None)
    for X, Y, says, form in data_for(shapes, sizes, many):
        data = {"X": X, "Y": Y, "reg": 0.7, "keep": 0.8, "rate": 1.0}

        def run(p: Values, data: Values = data) -> Values:
            """What is known after the forward pass, by kind and by the names that it gives."""
            values = data | {"parameters": p} | p
            values |= {name: [p[f"{name}{i}"] for i in range(n)] for name, n in lists.items()}
            if forward is None:
                return values
            output = call(forward, values, spare="X")
            parts: list[Any] = list(output) if isinstance(output, tuple) else [output]
            names = returned_names(forward)
            named = dict(zip(names, parts, strict=True)) if len(names) == len(parts) else {}
            arrays = [part for part in parts if getattr(part, "shape", ())]
            rest = [part for part in parts if not getattr(part, "shape", ())]
            cache = rest[0] if rest else tuple(parts[1:])
            if not arrays and rest and isinstance(rest[-1], list):
                arrays = rest[-1][-1:]  # zs, activations: the last of these is what comes out
            if not arrays and rest and isinstance(rest[0], dict):
                arrays = [v for v in rest[0].values() if getattr(v, "shape", ())][-1:]  # a cache alone: its last
            called = [value for name, value in named.items() if KIND_OF.get(name) == "output"]
            known = {"output": (called or arrays)[-1 if called else 0]} if called or arrays else {}
            return values | {k: v for k, v in named.items() if k} | known | {"cache": cache}

        def cost(p: Values, run: Function = run) -> Any:
            found = call(costs, run(p), spare="output")
            return found[0] if isinstance(found, tuple) else found

        def gradients(p: Values, run: Function = run) -> Values:
            result, names = call(backward, run(p), spare="cache"), returned_names(backward)
            return by_parameter(result, names, shapes) | of_lists(result, names, lists)

        together = [f.__name__ for f in (start, forward, costs, backward) if f is not None]
        names = f"{', '.join(together[:-1])} and {together[-1]}"
        assumed = f"Assumed: {names} belong together; {says}, all random from a seed."
        other = partial(run, data=data | {"X": 1.7 * X + 0.3})
        yield Task(cost, gradients, shapes, assumed, elsewise=partial(cost, run=other), form=form)


def data_for(shapes: Values, sizes: Sizes, many: bool = True) -> Iterator[Layout]:
    """Data that fit parameters: the first table takes the features in, the last one gives the outputs.

    many: whether the code is certain to take several examples at once.
    """
    matrices = [p for n, p in shapes.items() if np.ndim(p) == 2 and n.lower()[:1] != "b"]
    if not matrices:
        vectors = [p for p in shapes.values() if np.ndim(p) == 1]
        if vectors:
            yield from layouts(vectors[0].size, 1, True, sizes.examples)
            yield from layouts(vectors[0].size, 1, False, sizes.examples)
        return
    for rows in (False, True):
        first, final = (
            (matrices[0].shape, matrices[-1].shape) if rows else (matrices[0].shape[::-1], matrices[-1].shape[::-1])
        )
        yield from layouts(first[0], final[1], rows, sizes.examples)
        if not many:
            yield from one_example(first[0], final[1])


def started(start: Function, outputs: int, sizes: Sizes) -> tuple[Values, dict[str, int]]:
    """The parameters that an initialising function makes, by name, and the lists of them with their lengths."""
    known = sizes_of(outputs, sizes)
    needed = [p for p in inspect.signature(start).parameters.values() if p.default is p.empty]
    kinds = {p.name: SIZE_OF.get(p.name, KIND_OF.get(p.name, p.name)) for p in needed}
    given = {name: known[kind] for name, kind in kinds.items() if kind in known}
    given |= by_place(
        [n for n in kinds if n not in given], outputs, sizes, {kinds[n]: v for n, v in given.items()}, "hidden"
    )
    if list(kinds.values()) == ["sizes"]:
        given = {name: [sizes.features, *sizes.deep, outputs] for name in kinds}
    made = call(start, known | given)
    names = returned_names(start)
    if isinstance(made, Mapping):
        return {k: v for k, v in made.items() if np.ndim(v) or isinstance(v, float)}, {}
    if isinstance(made, tuple) and len(names) == len(made) and all(names):
        lists = {n: v for n, v in zip(names, made, strict=True) if isinstance(v, list)}
        flat = {f"{n}{i}": a for n, v in lists.items() for i, a in enumerate(v)}
        return {n: v for n, v in zip(names, made, strict=True) if n not in lists} | flat, {
            n: len(v) for n, v in lists.items()
        }
    raise UnfitError(f"{start.__name__} returned no parameters by name")


def of_lists(result: Any, names: list[str], lists: dict[str, int]) -> Values:
    """The gradients that come as lists with an array for each layer."""
    if not lists or not isinstance(result, tuple) or len(names) != len(result):
        return {}
    named = dict(zip(names, result, strict=True))
    keys = {name: gradient_of(name, list(named)) for name in lists}
    return {f"d{name}{i}": g for name, key in keys.items() if key for i, g in enumerate(named[key])}
