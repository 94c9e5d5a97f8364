"""Layers that are objects: forward(x) and backward(dout), with parameters and their gradients as attributes."""

import contextlib
import copy
import functools
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from .holdings import STEP, gradients_in, install, parameters_of, without_states
from .making import instances, method
from .pairing import is_derivative, is_downstream
from .readings import truth
from .shapes import OF_INPUT, OF_OUTPUT, Shapes, labels_for, upstream, with_variants
from .taking import factor
from .tasks import Task, UnfitError, copied
from .values import DATA_OF, KIND_OF, SEED, Sizes, Values, generic

FORWARD = "forward forward_propagation forward_pass feedforward __call__"
LABELLED, TABLE = ", with labels", ", a loss that is a table"
BACK = "backward backward_propagation backward_pass backprop backpropagation"
MEANT = {"x": "what went in", "y": "what came out", "g": "what comes from above", "t": "the labels"}
PASSED_ON = (
    "hands on what comes from above as it is: right where that is the gradient by the scores already, of a softmax and "
    "its loss together"
)
LESS_LABELS = (
    "is the output less the labels: the gradient by the scores, of a softmax or a sigmoid and the loss together, and "
    "not that by the output"
)


def of_layer(kind: type) -> Iterator[Task]:
    """forward(x) and backward(dout), with parameters and their gradients as attributes."""
    yield from with_variants(functools.partial(layer_at, kind))


def steps_of(kind: type) -> tuple[Any, Any]:
    """The forward and the backward method of a class; of an activation alone, its function and its derivative."""
    forward, back = method(kind, FORWARD), method(kind, BACK)
    public = {n: f for n, f in vars(kind).items() if inspect.isfunction(f) and (n[:1] != "_" or n == "__call__")}
    if back is None:
        back = next((f for name, f in public.items() if is_derivative(name)), None)
    if forward is None and back is not None:
        rest = [f for f in public.values() if f is not back]
        forward = rest[0] if len(rest) == 1 else None
    return forward, back


def layer_at(kind: type, sizes: Sizes, shapes: Shapes) -> Iterator[Task]:
    forward, back = steps_of(kind)
    if forward is None or back is None:
        raise UnfitError("it has no forward and backward")
    arguments = [p.name for p in list(inspect.signature(forward).parameters.values())[1:] if p.default is p.empty]
    labelled = len(arguments) == 2
    last: Exception | None = None
    m, n, ran = sizes.examples, sizes.features, False
    for inputs in (
        ((m, n), (n, m), shapes.images, shapes.image),
        ((n, 1), (1, n), (n,)),
    ):  # one example only where many do not run
        for x_shape, indices in itertools.product(inputs if not ran else (), (False, True) if labelled else (False,)):
            try:
                for task in one_layer(kind, forward, back, x_shape, labelled, indices, sizes):
                    yield task
                    ran = True
            except Exception as error:  # another shape may fit
                last = error
    if last is not None and not ran:
        raise last


def one_layer(
    kind: type, forward: Any, back: Any, x_shape: tuple[int, ...], labelled: bool, indices: bool, sizes: Sizes
) -> Iterator[Task]:
    rng, n, c = np.random.default_rng(SEED), sizes.features, sizes.classes
    shaped: Values = {"W": (n, c), "b": c, "gamma": n, "beta": n}
    needed = [p.name for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    shaped |= {name: (n, c) if name[0] in "wW" else c for name in needed if name[0] in "wWbB" and name not in shaped}
    tables: Values = {name: rng.normal(size=size) for name, size in shaped.items()}
    made = instances(kind, c, tables, sizes, x_shape[min(1, len(x_shape) - 1)])
    places = parameters_of(made)
    after, x = copy.deepcopy(made), np.ones(x_shape)
    with contextlib.suppress(Exception):  # it is told where it is run for its cost
        getattr(after, forward.__name__)(*((x, labels_for(x_shape, indices)) if labelled else (x,)))
        places = without_states(places, made, after)
    shapes = {"x": np.zeros(x_shape)} | {name: own[0].get(made) for name, own in places.items()}
    labels = labels_for(x_shape, indices)
    labels_first = KIND_OF.get(next(iter(list(inspect.signature(forward).parameters)[1:]), "")) == "Y"

    def run(p: Values) -> tuple[Any, Any]:
        layer = copy.deepcopy(made)
        install(layer, places, p)
        given = ((labels, p["x"]) if labels_first else (p["x"], labels)) if labelled else (p["x"],)
        return layer, getattr(layer, forward.__name__)(*given)

    out = run(shapes)[1]
    scale = upstream(np.shape(out)) if np.size(out) > 1 else 1.0
    needs = [p for p in list(inspect.signature(back).parameters.values())[1:] if p.default is p.empty]

    def gradients(p: Values, reading: str = "", order: str = "") -> Values:
        values = copied(p)
        layer, y = run(values)
        in_order = {"x": np.array(p["x"]), "y": np.array(y), "g": np.array(scale), "t": labels}
        first = np.array(scale) if not reading else np.array(y if reading == OF_OUTPUT else p["x"])
        given = [first if i == 0 else STEP for i, _ in enumerate(needs)]
        alone = False
        if order:
            given, alone = [in_order[what] for what in order], "g" not in order
        elif len(needs) > 1:  # backward(x, dout), backward(output, target)
            known = {"X": np.array(p["x"]), "Y": labels, "gradient": np.array(scale)}
            known["output"] = np.array(p["x"] if labelled else y)
            kinds = [DATA_OF.get(n.name, KIND_OF.get(n.name, "")) for n in needs]
            rest = iter([] if "gradient" in kinds else [np.array(scale)])
            given = [known[kind] if kind in known else next(rest, STEP) for kind in kinds]
            alone = "gradient" not in kinds and all(kind in known for kind in kinds)  # nothing comes in from above
        result = getattr(layer, back.__name__)(*given)
        dx = result[0] if isinstance(result, tuple) else result
        own = {name: p[name] for name in places}
        found = gradients_in(layer, None, [], places, own, True) if places else {}
        if dx is None:
            return found
        dx = scale * dx if reading or alone else dx
        same = np.squeeze(np.empty(np.shape(dx))).shape == np.squeeze(np.empty(x_shape)).shape
        return found | {"dx": np.reshape(dx, x_shape) if same else dx}

    def cost(p: Values) -> Any:
        return np.sum(scale * run(p)[1])

    if places:
        made = with_unit_rates(made, gradients, shapes)
    if places and "dx" not in gradients(shapes):  # the first layer of all
        x = rng.normal(size=x_shape)
        yield from of_parameters(Task(cost, gradients, shapes, ""), x, f"{len(x_shape)} axes")
        return
    form = f"{len(x_shape)} axes{LABELLED * labelled}{TABLE if labelled and np.size(out) > 1 else ''}"
    every = [Task(cost, gradients, shapes, "", form=form)]
    if len(needs) == 2 and not places:  # backward(x, delta), backward(delta, output), backward(labels, output)
        for order in orders([n.name for n in needs], labelled, np.shape(out) == x_shape):
            says = f"{kind.__name__}.{back.__name__} takes {' and '.join(MEANT[what] for what in order)}"
            way = functools.partial(gradients, order=order)
            every.append(Task(cost, way, shapes, says, form=f"{form}, {order}"))
    every = running(every)
    meant = (together(task, out, labels if labelled else None, scale) for task in every)
    unsure = next(filter(None, meant), "")
    yield from (task._replace(unsure=unsure) for task in every)
    if len(needs) == 1 and not places and np.shape(out) == x_shape and KIND_OF.get(needs[0].name) != "gradient":
        for reading in (OF_OUTPUT, OF_INPUT):
            says = reading.format(f"{kind.__name__}.{back.__name__}")
            yield Task(cost, functools.partial(gradients, reading=reading), shapes, says, form=f"{form}, {reading}")


def orders(names: list[str], labelled: bool, as_large: bool) -> list[str]:
    """What two arguments of a backward pass may be, where their names do not say it of both.

    Something comes in from above wherever what goes out is as large as what goes in, and is no loss.
    """
    kinds = ["gradient" if is_downstream(name) else DATA_OF.get(name, KIND_OF.get(name, "")) for name in names]
    known = {"X": "x", "output": "x" if labelled else "y", "Y": "t", "gradient": "g"}
    above = ("xg", "gx", "yg", "gy", *(("tg", "gt") if labelled else ()))
    every = ("xt", "tx") if labelled and not as_large else above
    return [order for order in every if all(known.get(k, o) == o for k, o in zip(kinds, order, strict=True))]


def running(tasks: list[Task]) -> list[Task]:
    """The tasks whose gradients run; the error of the first where none does."""
    found, errors = [], list[Exception]()
    for task in tasks:
        try:
            task.gradients(copied(task.parameters))
            found.append(task)
        except Exception as error:  # it takes other things
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def together(task: Task, out: Any, labels: Any, scale: Any) -> str:
    """What speaks for a step that is meant together with another: then it is not wrong for not being right alone.

    A softmax that hands on what comes in, and a loss that gives the output less the labels, and is no sum of squares.
    """
    try:
        task = task._replace(parameters=generic(task.parameters))
        dx = task.gradients(copied(task.parameters)).get("dx")
        off = None if labels is None else task.parameters["x"] - labels
        right = None if off is None else truth(task)["x"]
    except Exception:  # it is told where it is judged
        return ""
    if dx is None or np.shape(dx) != np.shape(task.parameters["x"]):
        return ""
    if off is None:
        tables = (out, np.exp(np.minimum(out, 0)))  # probabilities, or their logarithms
        adds_up = np.ndim(out) > 1 and any(
            np.allclose(np.sum(t, axis=i), 1) for t in tables for i in range(np.ndim(out))
        )
        return PASSED_ON if adds_up and np.shape(scale) == np.shape(dx) and np.allclose(dx, scale) else ""
    if np.shape(off) != np.shape(dx) or factor(dx, right) is not None:
        return ""
    by_scores = any(np.allclose(np.sum(dx + labels, axis=i), 1) for i in range(np.ndim(dx))) and np.all(dx + labels > 0)
    return LESS_LABELS if (factor(dx, off) is not None and factor(right, off) is None) or by_scores else ""


def with_unit_rates(made: Any, gradients: Any, shapes: Values) -> Any:
    """The layer with each number of its own that its steps are in proportion to at STEP: that is their rate."""
    point = generic(shapes)
    first = {k: np.array(g) for k, g in gradients(point).items() if k != "dx"}
    for name, value in list(vars(made).items()):
        if isinstance(value, float) and value and f"d{name}" not in first:
            setattr(made, name, 2 * value)
            then = {k: g for k, g in gradients(point).items() if k != "dx"}
            alike = then.keys() == first.keys() and any(np.any(g) for g in first.values())
            doubled = alike and all(np.allclose(then[k], 2 * g, 1e-9) for k, g in first.items())
            setattr(made, name, STEP if doubled else value)
    return made


def of_parameters(task: Task, x: Any, form: str) -> Iterator[Task]:
    """A layer whose backward pass gives no gradient of what goes in: of its parameters alone."""
    rest = {name: value for name, value in task.parameters.items() if name != "x"}

    def cost(p: Values) -> Any:
        return task.cost({"x": x.copy()} | p)

    def gradients(p: Values) -> Values:
        found: Values = task.gradients({"x": x.copy()} | p)
        return found

    yield Task(cost, gradients, rest, "its backward pass gives no gradient of what goes in", form=form)
