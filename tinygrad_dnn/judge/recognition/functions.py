"""Models made of functions: initialise, forward, cost, backward; or one that returns the cost and its gradients."""

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from .tasks import Part, Task, UnfitError, by_parameter, first_fitting, merged, most_telling
from .values import (
    CLASSES,
    EXAMPLES,
    FEATURES,
    HIDDEN,
    KIND_OF,
    Values,
    call,
    generic,
    layouts,
    returned_names,
    sizes_of,
)

Function = Callable[..., Any]
ROLES = {  # the usual names first, then any that has the word
    "start": (["initialize_parameters_deep", "initialize_parameters", "init_params"], ["init"]),
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
ENOUGH = 60  # combinations that are tried


def own_functions(module: ModuleType) -> dict[str, Function]:
    return {n: f for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__}


def for_role(own: dict[str, Function], role: str) -> list[Function]:
    """The functions that may have this role, the likeliest first."""
    usual, has = ROLES[role]
    named = [f for name in usual for other, f in own.items() if other == name]
    named += [f for name in usual for other, f in own.items() if other.startswith(name)]
    named += [f for other, f in own.items() if any(word in other.lower() for word in has)]
    if role != "backward":
        named = [f for f in named if "backward" not in f.__name__.lower()]
    return list(dict.fromkeys(named))


def of_functions(module: ModuleType) -> Iterator[Callable[[], Iterator[Task]]]:
    """initialize_parameters, forward_propagation, compute_cost, backward_propagation, and names like these."""
    own = own_functions(module)
    starts, forwards, costs, backwards = (for_role(own, role) for role in ROLES)
    every = itertools.product(starts, costs, backwards, [*forwards, None], (1, CLASSES))
    for start, cost, backward, forward, outputs in itertools.islice(every, ENOUGH):
        yield partial(model, start, forward, cost, backward, outputs)


def model(
    start: Function, forward: Function | None, costs: Function, backward: Function, outputs: int
) -> Iterator[Task]:
    shapes = started(start, outputs)
    tables = [p for p in shapes.values() if np.ndim(p) == 2]
    if not tables:
        raise UnfitError("no parameter is a table")
    for rows in (False, True):
        features, last = (
            (tables[0].shape, tables[-1].shape) if rows else (tables[0].shape[::-1], tables[-1].shape[::-1])
        )
        for X, Y, says in layouts(features[0], last[1], rows):
            data = {"X": X, "Y": Y, "reg": 0.7, "keep": 0.8, "rate": 1.0}

            def run(p: Values, data: Values = data) -> Values:
                values = data | {"parameters": p} | p
                if forward is None:
                    return values
                output = call(forward, values)
                parts = output if isinstance(output, tuple) else (output,)
                names = returned_names(forward)
                values |= dict(zip(names, parts, strict=True)) if len(names) == len(parts) else {}
                known: list[Any] = list(parts)
                arrays = [part for part in known if getattr(part, "shape", ())]
                rest = [part for part in parts if not getattr(part, "shape", ())]
                cache = rest[0] if rest else tuple(parts[1:])
                values.pop("", None)
                return values | ({"output": arrays[0]} if arrays else {}) | {"cache": cache}

            def cost(p: Values, run: Function = run) -> Any:
                found = call(costs, run(p))
                return found[0] if isinstance(found, tuple) else found

            def gradients(p: Values, run: Function = run) -> Values:
                return by_parameter(call(backward, run(p), spare="cache"), returned_names(backward), shapes)

            together = [f.__name__ for f in (start, forward, costs, backward) if f is not None]
            names = f"{', '.join(together[:-1])} and {together[-1]}"
            assumed = f"Assumed: {names} belong together; {says}, all random from a seed."
            yield Task(cost, gradients, shapes, assumed)


def started(start: Function, outputs: int) -> Values:
    """The parameters that an initialising function makes, by name."""
    sizes = sizes_of(outputs)
    needed = [p for p in inspect.signature(start).parameters.values() if p.default is p.empty]
    unknown = [p.name for p in needed if KIND_OF.get(p.name, p.name) not in sizes]
    if len(needed) == len(unknown):
        known: dict[int, list[Any]] = {
            1: [[FEATURES, HIDDEN, outputs]],
            2: [FEATURES, HIDDEN],
            3: [FEATURES, HIDDEN, outputs],
        }
        sizes |= dict(zip(unknown, known.get(len(unknown), []), strict=False))
    if [KIND_OF.get(p.name) for p in needed] == ["sizes"]:
        sizes["sizes"] = [FEATURES, HIDDEN, 3, outputs]
    made = call(start, sizes)
    names = returned_names(start)
    if isinstance(made, Mapping):
        return {k: v for k, v in made.items() if np.ndim(v) or isinstance(v, float)}
    if isinstance(made, tuple) and len(names) == len(made) and all(names):
        return dict(zip(names, made, strict=True))
    raise UnfitError(f"{start.__name__} returned no parameters by name")


# One function that returns the cost and the gradients


def of_one_function(module: ModuleType) -> Iterator[Callable[[], Iterator[Task]]]:
    """propagate(w, b, X, Y), svm_loss(W, X, y, reg), costFunction(theta, X, y, lambda_): all that run, as one task."""
    yield lambda: all_single(module)


def all_single(module: ModuleType) -> Iterator[Task]:
    raised: list[Exception] = []
    tasks = [(name, first_fitting(partial(of_single, f), raised)) for name, f in own_functions(module).items()]
    found = [Part(name, task) for name, task in tasks if task is not None]
    if not found:
        raise most_telling(raised, str(module.__file__), "no function returns a cost and its gradients")
    yield merged(found, " ".join(part.task.assumed for part in found))


def of_single(function: Function) -> Iterator[Task]:
    everything = list(inspect.signature(function).parameters.values())
    if any(KIND_OF.get(p.name) == "rate" or any(word in p.name.lower() for word in TRAINING) for p in everything):
        return  # what it returns is of the parameters after some steps
    arguments = [p.name for p in everything if p.default is p.empty]
    data = {name for name in arguments if KIND_OF.get(name) in ("X", "Y", "reg", "keep")}
    free = [name for name in arguments if name not in data]
    if not free and len(arguments) == 2 and KIND_OF.get(arguments[1]) == "Y":
        free = arguments[:1]  # softmax_loss(x, y): the gradient of the scores
    if not free or not any(KIND_OF.get(name) == "Y" for name in arguments) or len(free) > 6:
        return
    for shapes, rows, outputs in guesses(free):
        for X, Y, says in layouts(FEATURES, outputs, rows):
            yield single(function, shapes, {"X": X, "Y": Y, "reg": 0.7, "keep": 0.8}, says)


def guesses(free: list[str]) -> Iterator[tuple[Values, bool, int]]:
    """Shapes for parameters by their names, whether examples are rows, and how many outputs there are."""
    for rows, outputs in ((False, 1), (True, CLASSES), (True, 1), (False, CLASSES)):
        weights = (
            [(FEATURES, outputs), (outputs, FEATURES), (FEATURES,)]
            if outputs == 1
            else [(FEATURES, outputs), (outputs, FEATURES)]
        )
        if len(free) == 1 and free[0] in ("x", "scores", "logits", "z", "Z"):
            weights = [(EXAMPLES, outputs) if rows else (outputs, EXAMPLES)]
        for weight in weights:
            for bias in [(), (outputs,), (1, outputs) if rows else (outputs, 1)]:
                shapes = {n: np.zeros(bias if n.lower().startswith("b") else weight) for n in free}
                yield shapes, rows, outputs
                if not any(n.lower().startswith("b") for n in free):
                    break


def single(function: Function, shapes: Values, data: Values, says: str) -> Task:
    names = returned_names(function)

    def both(p: Values) -> tuple[Any, Any]:
        results = call(function, data | p)
        if not isinstance(results, tuple) or len(results) < 2:
            raise UnfitError(f"{function.__name__} does not return the cost and its gradients")
        cost = next(i for i, r in enumerate(results) if not isinstance(r, dict | list | tuple) and np.size(r) == 1)
        rest = results[:cost] + results[cost + 1 :]
        called = names[:cost] + names[cost + 1 :] if len(names) == len(results) else []
        found = by_parameter(rest[0] if len(rest) == 1 else rest, called, shapes)
        return results[cost], found

    what = ", ".join(inspect.signature(function).parameters)
    assumed = (
        f"Assumed: {function.__name__}({what}) returns the cost and its gradients; {says}, all random from a seed."
    )
    return Task(lambda p: both(p)[0], lambda p: both(p)[1], generic(shapes), assumed)
