"""What the four modules share: the sigmoid, its cost, the update rule, and the checks at the door.

Forward code never converts or overwrites its arguments, so it runs on whatever behaves like an ndarray.
Labels are plain arrays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Arrays = dict[str, Array]
LinearCache = tuple[Array, Array, Array]  # A_prev, W, b
Cache = tuple[LinearCache, Array]  # and Z
Shape = tuple[int, ...]
Choice = TypeVar("Choice")


def sigmoid(z: Array) -> Array:
    """sigma(z) = 1 / (1 + e^-z) = exp(-log(e^0 + e^-z)): the last form is smooth and never overflows."""
    a: Array = np.exp(-np.logaddexp(0, -z))
    return a


def decide(A: Array) -> Array:
    """1 where A > 1/2, else 0."""
    return np.where(A > 0.5, 1, 0)


def xlogy(Y: Array, A: Array) -> Array:
    """Y log A, and 0 where Y = 0, which is the limit 0 log 0."""
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant: the price of being certain and wrong
        product: Array = Y * np.log(np.where(Y > 0, A, 1.0))
    return product


def compute_cost(AL: Array, Y: Array) -> Any:
    """J = -1/m sum(Y log AL + (1 - Y) log(1 - AL)).

    AL and Y have the same shape, (1, m) as a rule. J is infinite where AL is 0 or 1 and Y is the opposite.
    """
    Y = labels("compute_cost", Y, AL)
    return -np.sum(xlogy(Y, AL) + xlogy(1 - Y, 1 - AL)) / Y.shape[1]


def descend(who: str, parameters: Mapping[str, Any], grads: Mapping[str, Any], learning_rate: float) -> dict[str, Any]:
    """theta - learning_rate * dtheta for every theta, in a new dict."""
    for name, theta in parameters.items():
        if "d" + name not in grads:
            raise ValueError(f"{who}: grads has the keys {list(grads)}: d{name} is missing")
        check_same(who, **{"d" + name: shape(grads["d" + name]), name: shape(theta)})
    return {name: theta - learning_rate * grads["d" + name] for name, theta in parameters.items()}


def update_parameters(parameters: Arrays, grads: Arrays, learning_rate: float) -> Arrays:
    """W - learning_rate * dW,  b - learning_rate * db  for every layer, in a new dict."""
    count_layers("update_parameters", parameters)
    return descend("update_parameters", parameters, grads, learning_rate)


def labels(who: str, Y: npt.ArrayLike, A: Array, name: str = "AL") -> Array:
    """Y in the precision of A: it must have the shape of A, one column or more, and lie between 0 and 1."""
    Y = np.asarray(Y)
    check_same(who, **{"Y": Y.shape, name: shape(A)})
    if Y.ndim != 2 or Y.size == 0:
        raise ValueError(f"{who}: Y has shape {Y.shape}: it needs a column for each example")
    if not np.all((Y >= 0) & (Y <= 1)):
        raise ValueError(f"{who}: Y holds {Y.min()} to {Y.max()}: labels lie between 0 and 1")
    return Y.astype(A.dtype if np.issubdtype(A.dtype, np.floating) else np.float64, copy=False)


def choose(who: str, activation: str, choices: Mapping[str, Choice]) -> Choice:
    """What stands under the name of an activation; ValueError for a name that is not there."""
    if activation not in choices:
        names = " or ".join(map(repr, choices))
        raise ValueError(f"{who}: activation is {activation!r}: it must be {names}")
    return choices[activation]


def shape(x: Any) -> Shape:
    """The shape of an array; a plain number has the shape ()."""
    return tuple(getattr(x, "shape", ()))


def check_same(who: str, **shapes: Shape) -> None:
    """ValueError unless all the shapes, given by name, are equal."""
    if len(set(shapes.values())) > 1:
        found = ", ".join(f"{name} has shape {found}" for name, found in shapes.items())
        raise ValueError(f"{who}: {found}: they must have the same shape")


def check_linear(who: str, **shapes: Shape) -> None:
    """W A + b needs W (n, n_prev), A (n_prev, m) and b (n, 1); their shapes come by name, in this order."""
    (W, of_W), (A, of_A), (b, of_b) = shapes.items()
    found = f"{who}: {W} has shape {of_W}, {A} has shape {of_A}"
    if len(of_W) != 2 or len(of_A) != 2:
        raise ValueError(f"{found}: both need two dimensions, and {A} a column for each example")
    if of_W[1] != of_A[0]:
        raise ValueError(f"{found}: {W} needs as many columns as {A} has rows")
    if of_b != (of_W[0], 1):
        raise ValueError(f"{who}: {b} has shape {of_b}, {W} has shape {of_W}: {b} needs {(of_W[0], 1)}")


def count_layers(who: str, parameters: Mapping[str, Any]) -> int:
    """L, where the keys are exactly W1, b1, ..., WL, bL."""
    L = len(parameters) // 2
    if not L or set(parameters) != {f"{letter}{l}" for l in range(1, L + 1) for letter in "Wb"}:
        raise ValueError(f"{who}: parameters has the keys {list(parameters)}: it needs W1, b1, ..., WL, bL")
    return L


def check_network(who: str, X: Array, parameters: Arrays) -> int:
    """L, after every layer was found to fit the one before it, and the first to fit X."""
    A, of_A = "X", shape(X)
    L = count_layers(who, parameters)
    for l in range(1, L + 1):
        of_W, of_b = shape(parameters[f"W{l}"]), shape(parameters[f"b{l}"])
        check_linear(who, **{f"W{l}": of_W, A: of_A, f"b{l}": of_b})
        A, of_A = f"A{l}", (of_W[0], of_A[1])
    return L


def check_caches(who: str, AL: Array, caches: Sequence[Cache]) -> None:
    """ValueError unless there is a cache, and the last one belongs to AL."""
    if not caches:
        raise ValueError(f"{who}: caches is empty: it needs one from the forward pass for each layer")
    check_same(who, AL=shape(AL), Z=shape(caches[-1][1]))
