"""The layers of a dense network, read from its parameters: which array is which, and which way round."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from .given import Array, are_names, array_of, short

Layer = tuple[str, Array, str, Array | None]  # the weights' name and array, the bias's name and array

EXPECTED = "W1 (n1, n0), W2 (n2, n1), as in W @ A, or W1 (n0, n1), W2 (n1, n2), as in A @ W, and a bias for each unit"


def layers_of(parameters: Any) -> list[Layer]:
    """The weights and biases in the order of their numbers."""
    if not isinstance(parameters, Mapping):
        came = type(parameters).__name__
        raise TypeError(f'network: a {came} came; a dict of arrays is expected, {{"W1": W1, "b1": b1, ...}}')
    found: dict[tuple[str, int], tuple[str, Array]] = {}
    for name, value in parameters.items():
        match = re.fullmatch(r"([Ww]|[Bb])([0-9]{0,9})", str(name))
        key = (match[1].lower(), int(match[2] or 1)) if match else ("", 0)
        if match is None or key in found:
            expected = "W1, b1, W2, b2, ... are drawn, each once; leave the others out"
            raise ValueError(f"network: no place for {short(name)!r}; {expected}")
        found[key] = name, checked(name, array_of("network", name, value), key[0] == "w")
    numbers = [n for _, n in found]
    every = range(min(numbers, default=1), max(numbers, default=1) + 1)
    for n in every:
        if ("w", n) not in found:
            came = short(", ".join(map(str, parameters)), 80) or "nothing"
            raise ValueError(f"network: W{n} is missing, {came} came; the weights of every layer are needed")
    return [(*found["w", n], *found.get(("b", n), ("", None))) for n in every]


def checked(name: str, array: Array, is_weight: bool) -> Array:
    fits = array.ndim in (1, 2) if is_weight else max(array.shape, default=1) == array.size
    if not fits or array.size == 0:
        expected = "a matrix, or the vector of a single unit," if is_weight else "a column, a row or a number"
        raise ValueError(f"network: {name} has shape {array.shape}; {expected} is expected")
    return array


def matrix(W: Array, course: bool) -> Array:
    """W with a row for each unit."""
    return W.reshape(1, -1) if W.ndim == 1 else W if course else W.T


def by_course(layers: list[Layer], inputs: Any, outputs: Any) -> bool:
    """Whether W is (units, inputs), as in W @ A, or (inputs, units), as in A @ W."""
    fitting = [course for course in (True, False) if chains([(matrix(W, course), b) for _, W, _, b in layers])]
    if not fitting:
        pairs = [(name, array) for W, w, B, b in layers for name, array in ((W, w), (B, b)) if array is not None]
        came = ", ".join(f"{name} {array.shape}" for name, array in pairs)
        raise ValueError(f"network: the shapes {came} do not chain; expected are {EXPECTED}")
    named = [course for course in fitting if are_named(layers, course, inputs, outputs)]
    if not named:
        ends = matrix(layers[0][1], fitting[0]).shape[1], len(matrix(layers[-1][1], fitting[0]))
        expected = f"{ends[0]} inputs and {ends[1]} outputs have to be named, or none"
        raise ValueError(f"network: inputs is {short(inputs, 60)}, outputs is {short(outputs, 60)}; {expected}")
    if len(named) == 1:
        return named[0]
    columns = [b.shape[1:] == (1,) for *_, b in layers if b is not None and b.ndim and b.shape != (1, 1)]
    name, W, _, b = layers[0]
    logistic = len(layers) == 1 and W.shape[1:] == (1,) and (name == "w" or (b is not None and b.ndim == 0))
    return any(columns) if columns else not logistic  # the course's logistic regression has w (n, 1) and a number b


def chains(layers: list[tuple[Array, Array | None]]) -> bool:
    """Whether each layer takes as many numbers as the one before gives, and has a bias for each unit."""
    linked = all(len(before) == after.shape[1] for (before, _), (after, _) in pairwise(layers))
    return linked and all(b is None or b.ndim == 0 or b.size == len(W) for W, b in layers)


def are_named(layers: list[Layer], course: bool, inputs: Any, outputs: Any) -> bool:
    first, last = matrix(layers[0][1], course), matrix(layers[-1][1], course)
    return are_names(inputs, first.shape[1]) and are_names(outputs, len(last))


def bias_of(layer: Layer, n: int) -> Array:
    """A number for each unit, 0 where a layer has no bias."""
    return np.resize(0.0 if layer[3] is None else layer[3].astype(float), n)
