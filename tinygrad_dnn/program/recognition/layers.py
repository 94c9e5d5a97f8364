"""Layers that are objects: forward(x) and backward(dout), with parameters and their gradients as attributes."""

import functools
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from .alone import Alone
from .making import instances, method
from .pairing import is_derivative
from .shapes import Shapes, labels_for, with_variants
from .tasks import Task, UnfitError
from .values import SEED, Sizes, Values

FORWARD = "forward forward_propagation forward_pass feedforward __call__"
BACK = "backward backward_propagation backward_pass backprop backpropagation"


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
    alone = Alone(made, forward, back, np.zeros(x_shape), labels_for(x_shape, indices) if labelled else None)
    for end in alone.ends():
        yield from alone.coming_out(end).tasks()
