"""The walk over a recorded graph, from the output back: where the chain rule is applied and broadcasting undone.

Nothing here knows how a tensor is made: those among the arguments are of the output's own type.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .constants import as_floats
from .derivatives import DERIVATIVES, cast, unbroadcast
from .versions import changes, describe, state

BROADCASTING = {f for f in DERIVATIVES if isinstance(f, np.ufunc)} | {np.where, np.dot, np.linalg.solve}
NUMBER = operator.attrgetter("number")


def graph(output: Any) -> list[Any]:
    """Every tensor the output was computed from, and itself, in the order of recording."""
    found, waiting, Tensor = {output}, [output], type(output)
    while waiting:
        for argument in waiting.pop().arguments:
            if type(argument) is Tensor and argument not in found:
                found.add(argument)
                waiting.append(argument)
    return sorted(found, key=NUMBER)


def start(output: Any, gradient: Any = None) -> Any:
    """The gradient to begin with: the given one if its shape is the output's, or 1 for an output of one entry."""
    if changes.any:
        output.check_base()
    if gradient is None:
        if output.size != 1:
            raise ValueError(
                f"backward: {describe(output)} is not a scalar; give the gradient of what it is for: "
                "t.backward(gradient) with an array of the same shape"
            )
        return np.ones_like(output._data)
    if type(gradient) is type(output):
        raise TypeError("backward: the gradient is a Tensor; give an array, or use grad for gradients of gradients")
    if np.shape(gradient) != output.shape:
        raise ValueError(f"backward: gradient has shape {np.shape(gradient)}, the tensor has shape {output.shape}")
    return as_floats(gradient).astype(output.dtype)


def backpropagate(
    output: Any,
    gradient: Any,
    through: set[Any] | None = None,
    recording: bool = False,
    rules: dict[Callable[..., Any], Any] = DERIVATIVES,
    order: list[Any] | None = None,
) -> dict[Any, Any]:
    """The gradient of every tensor the output was computed from: one walk over the graph, newest tensor first.

    through: only tensors in this set are given gradients. recording: the rules get the tensors in place of their
    values, so that the gradients are recorded as well. rules: a table of derivatives. order: graph(output), if known.
    """
    before, state.records = state.records, recording
    try:
        return walk_back(order or graph(output), output, gradient, through, recording, rules)
    finally:
        state.records = before


def walk_back(
    order: list[Any], output: Any, gradient: Any, through: Any, recording: bool, rules: Any
) -> dict[Any, Any]:
    gradients, Tensor = {output: gradient}, type(output)
    for tensor in reversed(order):
        function = tensor.function
        if function is None or tensor not in gradients:
            continue
        operands = tensor.arguments
        g, y, arguments = gradients[tensor], tensor, operands
        if not recording:
            y, arguments = y._data, [a._data if type(a) is Tensor else a for a in operands]
        for argument, rule in zip(operands, rules[function], strict=False):
            if type(argument) is Tensor and rule is not None and (through is None or argument in through):
                contribution = fit(rule(g, y, *arguments, **tensor.keywords), argument._data, function)
                before = gradients.get(argument)
                gradients[argument] = contribution if before is None else before + contribution
    return gradients


def fit(g: Any, data: Any, function: Any) -> Any:
    """g on the shape and precision of what it belongs to: broadcasting is undone, and anything else is an error."""
    shape = data.shape
    if g.shape != shape:
        g = unbroadcast(g, shape) if function in BROADCASTING else g
        if g.shape != shape:
            raise ValueError(f"{function.__name__}: gradient has shape {g.shape}, its input has shape {shape}")
    return g if g.dtype == data.dtype else cast(g, data.dtype)


def dependents(order: list[Any], leaves: list[Any]) -> set[Any] | None:
    """The tensors of this order that were computed from a leaf, and the leaves; None where these are all."""
    found = set(leaves)
    if all(tensor in found for tensor in order if tensor.function is None):
        return None
    for tensor in order:
        if any(argument in found for argument in tensor.parents):
            found.add(tensor)
    return found
