"""Functions of parameters and data: one that returns the cost and its gradients, or two, for the cost and for these.

propagate(w, b, X, Y), svm_loss(W, X, y, reg); compute_loss(y, X, w) and compute_gradient(y, X, w).
"""

import ast
import contextlib
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from .arguments import by_parts, needed, role_of
from .called import is_called_a_gradient
from .flat import vectors_for
from .functions import TRAINING, by_role
from .fused import less_labels
from .making import instances, methods, own_classes
from .models import RECODED_FORM, Parts, data_for, recoded, says_recoded, started
from .offers import Function, computes, functions_at_hand, own_functions
from .pairing import is_derivative, partners
from .readings import at_form, best, compared, factor
from .stepping import descends
from .tasks import Part, Task, UnfitError, Variant, by_parameter, shapely
from .trial import guesses, transposed
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    USUAL,
    Layout,
    Sizes,
    Values,
    call,
    generic,
    returned_names,
    tree_of,
)
from .words import COST

SUM = "is {} times the gradient of a mean: what it is handed to may divide by that"


class Costs(NamedTuple):
    """Where the cost is from: of the function itself, of another, or of another of what a forward pass gives."""

    cost: Function | None = None
    forward: Function | None = None

    def of(self, values: Values) -> Any:
        assert self.cost is not None
        if self.forward is not None:
            found = call(self.forward, values, spare="X")
            output = found[0] if isinstance(found, tuple) else found
            values = values | {name: output for name in needed(self.cost) if KIND_OF.get(name) != "Y"}
        return call(self.cost, values | by_parts(self.cost, values))


def of_one_function(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """All of a file that run; of what it imports from beside it where it has none itself."""
    own = {n: f for n, f in own_functions(module).items() if computes(f, module)}
    starts, forwards, costs, backwards = by_role(module)
    tree = tree_of(module)
    found = alone_in(own, starts, raised)
    for backward in backwards:
        takes = set(needed(backward))
        alone = [c for c in costs if c is not backward and set(needed(c)) == takes]
        alone = alone or [f for f in own.values() if f not in backwards and set(needed(f)) == takes]
        options = [Costs(cost) for cost in partners(backward, alone, backwards, tree)]
        if not options:
            through = [f for f in forwards if f is not backward and set(needed(f)) < takes]
            others = [c for c in partners(backward, costs, backwards, tree) if c not in (backward, *through)]
            options = [Costs(c, f) for f in through for c in others]
        for option in options:
            task = read(backward, option, starts, raised)
            if task is not None and backward.__name__ not in [part.name for part in found]:
                found.append(Part(backward.__name__, task))
    beside = {n: f for n, f in functions_at_hand(module).items() if n not in own and computes(f, module)}
    return found or alone_in(beside, starts, raised) or of_methods(module, raised)


def of_methods(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """Methods that are given the parameters, and return the cost and its gradients; of an object of the usual sizes."""
    found: dict[str, Part] = {}
    for kind, outputs in itertools.product(own_classes(module), (USUAL.classes, 1)):
        with contextlib.suppress(Exception):  # nobody knows what it is made of
            made = instances(kind, outputs, {})
            bound = {m.__name__: getattr(made, m.__name__) for m in methods(kind) if looks_like_one(m)}
            parts = alone_in(bound, [], raised)
            found |= {p.name: Part(p.name, p.task._replace(variants=())) for p in parts if p.name not in found}
    return list(found.values())


def alone_in(functions: dict[str, Function], starts: list[Function], raised: list[Exception]) -> list[Part]:
    """The functions that return a cost and its gradients."""
    tasks = {name: read(function, Costs(), starts, raised) for name, function in functions.items()}
    return [Part(name, task) for name, task in tasks.items() if task is not None]


def read(function: Function, cost: Costs, starts: list[Function], raised: list[Exception]) -> Task | None:
    """In the way in which it is right; as one of a vector where it is of no tables, or its gradients are none."""
    found = best(partial(of_single, function, cost, starts), raised)
    if found is not None and shapely(found):
        alone = cost.cost is None and len(needed(function)) == 2
        return of_the_sum(found) if alone and is_divided_elsewhere(function) else found
    flat = best(partial(of_single, function, cost, starts, True), raised)
    return flat if flat is not None and (found is None or shapely(flat)) else found


def of_the_sum(task: Task) -> Task:
    """What a loss hands back of scores, where it is that of the sum and the loss is the mean: layers may divide it."""
    (name,) = task.parameters
    c = factor(*compared(task).get(name, (0.0, 0.0)))
    m = next((n for n in np.shape(task.parameters[name]) if c is not None and n > 1 and abs(c - n) < 1e-6), None)
    return task if m is None else task._replace(unsure=SUM.format(m))


def is_divided_elsewhere(function: Function) -> bool:
    """Whether another backward pass of the same file divides by something, as each layer may by the examples."""
    space: list[Any] = [v for v in function.__globals__.values() if getattr(v, "__module__", "") == function.__module__]
    every: list[Any] = [f for kind in space if inspect.isclass(kind) for f in methods(kind)]
    every += filter(inspect.isfunction, space)
    backs = [f for f in every if is_derivative(f.__name__) and f.__code__ is not function.__code__]
    return any(isinstance(n, ast.Div) for f in backs for n in ast.walk(tree_of(f)))


def looks_like_one(function: Function) -> bool:
    """Whether a function looks by its name and by what it returns like one that gives a cost and its gradients."""
    returned = returned_names(function)
    named = any(word in function.__name__.lower() for word in ("loss", "cost", "obj", "propagate"))
    named |= any(word in name.lower() for name in returned for word in COST) and any(
        map(is_called_a_gradient, returned)
    )
    return named and len(returned) > 1 and any(role_of(n) == "Y" for n in needed(function))


def of_single(function: Function, cost: Costs, starts: list[Function], alone: bool = False) -> Iterator[Task]:
    """The function and its cost in every way; alone: of a single vector of all parameters."""
    everything = list(inspect.signature(function).parameters.values())
    learns = any(role_of(p.name) == "rate" or any(word in p.name.lower() for word in TRAINING) for p in everything)
    if (cost.cost is None and learns) or descends(function):
        return  # what it returns is of the parameters after some steps
    at = partial(at_sizes, function, cost, starts) if not alone else partial(of_vector, function, cost)
    for task in at(USUAL):
        yield task._replace(variants=variants(at, task.form))


def variants(make: Callable[[Sizes], Iterator[Task]], form: str) -> tuple[Variant, ...]:
    """The same at other sizes, where the data are of the same form."""

    def at(sizes: Sizes) -> Task:
        return at_form(make(sizes), form)

    return tuple(Variant(sizes.says(), partial(at, sizes), sizes is not ONE) for sizes in (*OTHERS, ONE))


def at_sizes(function: Function, cost: Costs, starts: list[Function], sizes: Sizes) -> Iterator[Task]:
    arguments = needed(function)
    data = {name for name in arguments if role_of(name) in ("X", "Y", "reg", "keep")}
    free = [name for name in arguments if name not in data]
    if len(free) > 1 and not any(role_of(name) == "X" for name in arguments):
        for name in sorted(free, key=lambda name: "x" not in name.lower()):  # one of them is the data
            yield from with_free(function, cost, starts, sizes, [n for n in free if n != name], name)
    else:
        yield from with_free(function, cost, starts, sizes, free, "X")


def of_vector(function: Function, cost: Costs, sizes: Sizes) -> Iterator[Task]:
    """The function as one of a single vector; the data are found by trial where no name says which they are."""
    free = [name for name in needed(function) if role_of(name) not in ("X", "Y", "reg", "keep", "rate")]
    together = [f for f in (function, cost.cost) if f is not None]
    if cost.forward is not None or (cost.cost is None and not looks_like_one(function)):
        return
    kinds = {role_of(name): name for name in needed(function)}
    xs, ys = ([kinds[kind]] if kind in kinds else [] for kind in ("X", "Y"))
    pairs = [(x, y) for x in xs or free for y in ys or free if x != y]
    pairs += [(x, "") for x in xs] * (not ys) + [("", "")] * (not xs and not ys)
    for x, y in pairs:
        rest = [name for name in free if name not in (x, y)]
        for shapes, data, says, form in vectors_for(
            together, rest, x, y, sizes, {"reg": 0.7, "keep": 0.8, "rate": 0.6}
        ):
            yield single(function, cost, shapes, data, says, x)._replace(form=f"{x}, {y}, {form}")


def with_free(
    function: Function, cost: Costs, starts: list[Function], sizes: Sizes, free: list[str], x: str
) -> Iterator[Task]:
    """The function as one of these parameters, and of data under the name x."""
    arguments = needed(function)
    if not free and len(arguments) == 2 and role_of(arguments[1]) == "Y":
        free = arguments[:1]  # softmax_loss(x, y): the gradient of the scores
    if not free or not any(role_of(name) == "Y" for name in arguments) or len(free) > 6:
        return
    settings = {"reg": 0.7, "keep": 0.8}
    for start, outputs in itertools.product(starts, (1, sizes.classes)):
        with contextlib.suppress(Exception):  # it may be of something else
            shapes, _ = started(Parts(start, None, cost.cost or function, function), outputs, sizes)
            if set(free) <= {*shapes, *(n for n in free if role_of(n) == "parameters")}:
                for layout in data_for(shapes, sizes):
                    for made in either_form(function, cost, shapes, settings, layout, outputs, "", x):
                        yield made._replace(form=f"{start.__name__}, {x}, {made.form}")
    tables = transposed(function)
    for shapes, layout, form in guesses(free, sizes, len(arguments) == 2):
        if any(np.ndim(shapes[name]) < 2 for name in tables & set(shapes)):
            continue
        shaped = ", ".join(f"{name} {np.shape(value)}" for name, value in shapes.items())
        for made in either_form(function, cost, shapes, settings, layout, sizes.classes, f"; {shaped}", x):
            yield made._replace(form=f"{x}, {form}{RECODED_FORM * made.form.endswith(RECODED_FORM)}")


def either_form(
    function: Function, cost: Costs, shapes: Values, settings: Values, layout: Layout, classes: int, shaped: str, x: str
) -> Iterator[Task]:
    """The function on some data, and once more on the labels in the other form where another gives the cost."""
    data, says = settings | {"X": layout.X, "Y": layout.Y, x: layout.X}, f"{layout.says}{shaped}"
    scores = np.shape(next(iter(shapes.values()))) if cost.cost is not None and len(needed(function)) == 2 else None
    if goes_with(scores, layout.Y):
        yield single(function, cost, shapes, data, says, x)._replace(form=layout.form)
    other = recoded(layout, classes) if cost.cost is not None else None
    if other is not None and goes_with(scores, other):
        made = single(function, cost, shapes, data, says, x, {"Y": other})
        said = made.assumed + says_recoded(function, layout)
        yield made._replace(form=layout.form + RECODED_FORM, assumed=said)


def goes_with(scores: tuple[int, ...] | None, labels: Any) -> bool:
    """Whether a loss may compare something of this shape with labels: one for each entry, or an index for each row.

    Where both have other shapes and can be subtracted, a mean over the one may be that over the other. None: there
    are other arguments.
    """
    if scores is None or scores == np.shape(labels):
        return True
    try:
        np.broadcast_shapes(scores, np.shape(labels))
    except ValueError:
        return bool(np.asarray(labels).dtype.kind in "iu")
    return False


def single(
    function: Function,
    costs: Costs,
    shapes: Values,
    data: Values,
    says: str,
    x: str = "X",
    instead: Values | None = None,
) -> Task:
    """instead: what the function is given in the place of some of the data that the cost has."""
    names = returned_names(function)

    def both(p: Values, data: Values = data) -> tuple[Any, Any]:
        known = data | (instead or {})
        results = call(function, known | by_parts(function, known) | {"parameters": p} | p)
        if costs.cost is not None:
            return None, by_parameter(results, names, shapes)
        if isinstance(results, list) and len(results) == len(names):
            results = tuple(results)
        if not isinstance(results, tuple) or len(results) < 2:
            raise UnfitError(f"{function.__name__} does not return the cost and its gradients")
        called = names if len(names) == len(results) else [""] * len(results)
        numbers = [i for i, r in enumerate(results) if not isinstance(r, dict | list | tuple) and np.size(r) == 1]
        cost = next((i for i in numbers if not is_called_a_gradient(called[i])), None)
        if cost is None:
            raise UnfitError(f"{function.__name__} returns no cost")
        rest = [*results[:cost], *results[cost + 1 :]]
        called = names[:cost] + names[cost + 1 :] if len(names) == len(results) else []
        if len(shapes) == 1 and len(rest) > 1:  # the only gradient among what else it returns
            rest = [r for r, name in zip(rest, called, strict=False) if is_called_a_gradient(name)] or rest
        found = by_parameter(rest[0] if len(rest) == 1 else rest, called, shapes)
        return results[cost], found

    def cost(p: Values, data: Values = data) -> Any:
        return both(p, data)[0] if costs.cost is None else costs.of(data | {"parameters": p} | p)

    what = ", ".join(inspect.signature(function).parameters)
    returns = "the cost and its gradients" if costs.cost is None else f"the gradients of {costs.cost.__name__}"
    assumed = f"Assumed: {function.__name__}({what}) returns {returns}; {says}, all random from a seed."
    other = None
    if any(name == x or role_of(name) == "X" for name in needed(function) if name not in shapes):
        moved = 1.7 * data["X"] + 0.3
        other = partial(cost, data=data | {"X": moved, x: moved})
    task = Task(cost, lambda p: both(p)[1], generic(shapes), assumed, elsewise=other)
    if costs.cost is None or len(shapes) != 1 or len(needed(function)) != 2:
        return task
    return task._replace(unsure=less_labels(task, next(iter(shapes)), data["Y"] if instead is None else instead["Y"]))
