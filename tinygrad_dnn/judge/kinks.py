"""Kinks in a recorded run: where the chain rule leaves a choice, and the gradients that other choices give.

At a tie of np.maximum, at 0 of np.absolute, where both choices of np.where are equal, and where several entries attain
np.max, any slope between the one-sided ones is right. The table of derivatives takes one. Here are others that people
take: the other side, or the middle.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..engine.derivatives import DERIVATIVES, spread
from ..engine.tensor import Tensor

Rules = dict[Callable[..., Any], Any]


def weighted(first: float, wins: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    """The rules of np.maximum or np.minimum that give this part of a tie to the first argument."""
    return (
        lambda g, y, a, b: g * (wins(a, b) + first * (a == b)),
        lambda g, y, a, b: g * (wins(b, a) + (1 - first) * (a == b)),
    )


def absolute(slope: float) -> tuple[Any]:
    return (lambda g, y, x: g * np.where(x == 0, slope, np.sign(x)),)


def where(first: float) -> tuple[Any, Any, Any]:
    """np.where with this part of a tie given to what stands first, whatever the condition says there."""

    def part(condition: Any, x: Any, y: Any) -> Any:
        return np.where(x == y, first, np.where(condition, 1.0, 0.0))

    return (
        None,
        lambda g, _, condition, x, y: g * part(condition, x, y),
        lambda g, _, condition, x, y: g * (1 - part(condition, x, y)),
    )


def first_attained(g: Any, y: Any, a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """All of the gradient of an extreme to the first entry that attains it, as argmax finds it."""
    attained = a == spread(y, a, axis, keepdims)
    flat = np.reshape(attained, -1) if axis is None else attained
    along = 0 if axis is None else axis
    if isinstance(along, tuple):
        return spread(g, a, axis, keepdims) * attained
    first = np.reshape(flat & (np.cumsum(flat, axis=along) == 1), a.shape)
    return spread(g, a, axis, keepdims) * first


def relu_like(first: float) -> Rules:
    """The functions with two choices, this part of a tie given to the first."""
    return {np.maximum: weighted(first, np.greater), np.minimum: weighted(first, np.less), np.where: where(first)}


CHOICES: list[Rules] = [
    relu_like(0.0),
    relu_like(1.0),
    relu_like(0.5),
    {np.absolute: absolute(1.0)},
    {np.absolute: absolute(-1.0)},
    {np.max: (first_attained,), np.min: (first_attained,)},
]


def tied(tensor: Tensor) -> bool:
    """Whether a recorded call stands exactly at a kink."""
    values = [a.recorded if type(a) is Tensor else a for a in tensor.arguments]
    if tensor.function in (np.maximum, np.minimum):
        return bool(np.any(values[0] == values[1]))
    if tensor.function is np.where:
        return bool(np.any(np.equal(values[1], values[2])))
    if tensor.function is np.absolute:
        return bool(np.any(values[0] == 0))
    if tensor.function in (np.max, np.min):
        attained = values[0] == spread(tensor.recorded, values[0], *values[1:2], **tensor.keywords)
        return bool(np.sum(attained) > tensor.size)
    return False


def other_rules(tensors: list[Tensor]) -> Iterator[Rules]:
    """The table of derivatives under each combination of choices that matters for these tensors."""
    at_kink = {tensor.function for tensor in tensors if tied(tensor)}
    relevant = [rules for rules in CHOICES if at_kink & set(rules)]
    groups: dict[frozenset[Any], list[Rules]] = {}
    for rules in relevant:
        groups.setdefault(frozenset(rules), [{}]).append(rules)
    for combination in itertools.product(*groups.values()):
        if any(combination):
            yield {**DERIVATIVES, **{k: v for rules in combination for k, v in rules.items()}}
