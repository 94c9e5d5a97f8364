"""Layers that are objects: forward(x) and backward(dout), with parameters and their gradients as attributes."""

import functools
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from .alone import Alone, needed
from .making import instances, method
from .own_calls import inputs_for, made_by_calls
from .pairing import is_derivative
from .shapes import Shapes, labels_for, with_variants
from .tasks import Task, UnfitError
from .values import SEED, USUAL, Sizes, Values
from .windows import windows_for

FORWARD = "forward forward_propagation forward_pass feedforward __call__"
BACK = "backward backward_propagation backward_pass backprop backpropagation"
TABLES = re.compile(
    r"[wWbB](eights?|ias|iases)?(_|[A-Z]|\d|[xhuo]?$)"
)  # W, b1, Wx, weights_in: no width and no batch_size
AHEAD, BEHIND = ("forward", "fwd", "fprop"), ("backward", "backprop", "bwd", "bprop")  # parts of other names


def of_layer(kind: type) -> Iterator[Task]:
    """forward(x) and backward(dout), with parameters and their gradients as attributes."""
    yield from with_variants(functools.partial(layer_at, kind))


def steps_of(kind: type) -> tuple[Any, Any]:
    """The forward and the backward method of a class; of an activation alone, its function and its derivative."""
    forward, back = method(kind, FORWARD, AHEAD), method(kind, BACK, BEHIND)
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
    m, n, ran, errors = sizes.examples, sizes.features, False, list[Exception]()
    channels, h, w = shapes.images[1:]
    usual = ((m, n), (n, m), shapes.images, (shapes.images[0], h, w, channels), shapes.image)
    for inputs in (usual, ((n, 1), (1, n), (n,), (channels, h, w), shapes.images[:3])):
        for x_shape in inputs if not ran else ():  # one example only where many do not run
            for task in made_for(kind, forward, back, x_shape, sizes, shapes, errors):
                yield task
                ran = True
    if not ran and sizes is USUAL:
        for made in made_by_calls(inspect.getmodule(kind) or sys.modules[kind.__module__], kind):
            for x_shape in inputs_for(made, sizes):
                for task in tasks_of(made, forward, back, x_shape, errors):
                    yield task
                    ran = True
    if errors and not ran:
        raise errors[-1]


def made_for(
    kind: type, forward: Any, back: Any, x_shape: tuple[int, ...], sizes: Sizes, shapes: Shapes, errors: list[Exception]
) -> Iterator[Task]:
    """The layer with an object that is made with sizes by their names, for something of this shape that goes in."""
    rng, n, c = np.random.default_rng(SEED), sizes.features, sizes.classes
    shaped: Values = {"W": (n, c), "b": c, "gamma": n, "beta": n}
    asked = [p.name for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    shaped |= {name: (n, c) if name[0] in "wW" else c for name in asked if TABLES.match(name) and name not in shaped}
    tables: Values = {name: rng.normal(size=size) for name, size in shaped.items()}
    images = len(x_shape) > 2
    over = sizes._replace(features=shapes.images[1], classes=shapes.filters[0]) if images else sizes
    for exactly in windows_for(kind, x_shape, shapes) if images else ({},):
        try:
            made = instances(kind, over.classes, tables, over, x_shape[min(1, len(x_shape) - 1)], exactly)
        except Exception as error:  # it is made of something else
            errors.append(error)
            continue
        yield from tasks_of(made, forward, back, x_shape, errors)


def tasks_of(made: Any, forward: Any, back: Any, x_shape: tuple[int, ...], errors: list[Exception]) -> Iterator[Task]:
    """An object on what has this shape, with labels where it takes two things: one-hot, and indices."""
    for indices in (False, True) if len(needed(forward)) == 2 else (None,):
        try:
            labels = labels_for(x_shape, indices) if indices is not None else None
            alone = Alone(made, forward, back, np.zeros(x_shape), labels)
            for end in alone.ends():
                yield from alone.coming_out(end).tasks()
        except Exception as error:  # another shape may fit
            errors.append(error)
