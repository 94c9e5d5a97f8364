"""Models made of functions: initialise, forward, cost, backward; or one that returns the cost and its gradients."""

import contextlib
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
    Layout,
    Values,
    call,
    generic,
    gradient_of,
    layouts,
    returned_names,
    sizes_of,
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
    shapes, lists = started(start, outputs)
    for X, Y, says in data_for(shapes):
        data = {"X": X, "Y": Y, "reg": 0.7, "keep": 0.8, "rate": 1.0}

        def run(p: Values, data: Values = data) -> Values:
            """What is known after the forward pass, by kind and by the names that it gives."""
            values = data | {"parameters": p} | p
            values |= {name: [p[f"{name}{i}"] for i in range(n)] for name, n in lists.items()}
            if forward is None:
                return values
            output = call(forward, values)
            parts: list[Any] = list(output) if isinstance(output, tuple) else [output]
            names = returned_names(forward)
            named = dict(zip(names, parts, strict=True)) if len(names) == len(parts) else {}
            arrays = [part for part in parts if getattr(part, "shape", ())]
            rest = [part for part in parts if not getattr(part, "shape", ())]
            cache = rest[0] if rest else tuple(parts[1:])
            if not arrays and rest and isinstance(rest[-1], list):
                arrays = rest[-1][-1:]  # zs, activations: the last of these is what comes out
            known = {"output": arrays[0]} if arrays else {}
            return values | {k: v for k, v in named.items() if k} | known | {"cache": cache}

        def cost(p: Values, run: Function = run) -> Any:
            found = call(costs, run(p))
            return found[0] if isinstance(found, tuple) else found

        def gradients(p: Values, run: Function = run) -> Values:
            result, names = call(backward, run(p), spare="cache"), returned_names(backward)
            return by_parameter(result, names, shapes) | of_lists(result, names, lists)

        together = [f.__name__ for f in (start, forward, costs, backward) if f is not None]
        names = f"{', '.join(together[:-1])} and {together[-1]}"
        assumed = f"Assumed: {names} belong together; {says}, all random from a seed."
        yield Task(cost, gradients, shapes, assumed)


def data_for(shapes: Values) -> Iterator[Layout]:
    """Data that fit parameters: the first table takes the features in, the last one gives the outputs."""
    matrices = [p for n, p in shapes.items() if np.ndim(p) == 2 and n.lower()[:1] != "b"]
    if not matrices:
        vectors = [p for p in shapes.values() if np.ndim(p) == 1]
        if vectors:
            yield from layouts(vectors[0].size, 1, True)
            yield from layouts(vectors[0].size, 1, False)
        return
    for rows in (False, True):
        first, final = (
            (matrices[0].shape, matrices[-1].shape) if rows else (matrices[0].shape[::-1], matrices[-1].shape[::-1])
        )
        yield from layouts(first[0], final[1], rows)


def started(start: Function, outputs: int) -> tuple[Values, dict[str, int]]:
    """The parameters that an initialising function makes, by name, and the lists of them with their lengths."""
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


# One function that returns the cost and the gradients


def of_one_function(module: ModuleType) -> Iterator[Callable[[], Iterator[Task]]]:
    """propagate(w, b, X, Y), svm_loss(W, X, y, reg), costFunction(theta, X, y, lambda_): all that run, as one task."""
    yield lambda: all_single(module)


def all_single(module: ModuleType) -> Iterator[Task]:
    raised: list[Exception] = []
    own = own_functions(module)
    starts = for_role(own, "start")
    tasks = [(name, first_fitting(partial(of_single, f, starts), raised)) for name, f in own.items()]
    found = [Part(name, task) for name, task in tasks if task is not None]
    if not found:
        raise most_telling(raised, str(module.__file__), "no function returns a cost and its gradients")
    yield merged(found, " ".join(part.task.assumed for part in found))


def of_single(function: Function, starts: list[Function]) -> Iterator[Task]:
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
    settings = {"reg": 0.7, "keep": 0.8}
    for start, outputs in itertools.product(starts, (1, CLASSES)):
        with contextlib.suppress(Exception):  # it may be of something else
            shapes, _ = started(start, outputs)
            if set(free) <= {*shapes, *(n for n in free if KIND_OF.get(n) == "parameters")}:
                for X, Y, says in data_for(shapes):
                    yield single(function, shapes, settings | {"X": X, "Y": Y}, says)
    for shapes, rows, outputs in guesses(free):
        for X, Y, says in layouts(FEATURES, outputs, rows):
            yield single(function, shapes, settings | {"X": X, "Y": Y}, says)


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
        results = call(function, data | {"parameters": p} | p)
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
