"""One hidden layer: linear -> tanh -> linear -> sigmoid."""

import numpy as np

from . import common
from .common import Array, Arrays, check_same, labels, shape, sigmoid
from .common import compute_cost as compute_cost
from .deep import initialize_parameters as initialize_parameters
from .deep import linear_backward, linear_forward


def _check(who: str, X: Array, parameters: Arrays) -> None:
    """X and the parameters must be those of two layers, and fit."""
    if common.check_network(who, X, parameters) != 2:
        raise ValueError(f"{who}: parameters has the keys {list(parameters)}: it needs W1, b1, W2, b2")


def forward_propagation(X: Array, parameters: Arrays) -> tuple[Array, Arrays]:
    """Z1 = W1 X + b1,  A1 = tanh Z1,  Z2 = W2 A1 + b2,  A2 = sigma(Z2).

    Returns (A2, {"Z1", "A1", "Z2", "A2"}).
    """
    _check("forward_propagation", X, parameters)
    Z1, _ = linear_forward(X, parameters["W1"], parameters["b1"])
    A1 = np.tanh(Z1)
    Z2, _ = linear_forward(A1, parameters["W2"], parameters["b2"])
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def backward_propagation(parameters: Arrays, cache: Arrays, X: Array, Y: Array) -> Arrays:
    """dZ2 = A2 - Y,  dA1 = W2^T dZ2,  dZ1 = dA1 * (1 - A1^2); dW and db follow from dZ in both layers.

    cache is the one forward_propagation returned. Returns dZ2, dW2, db2, dA1, dZ1, dW1, db1 by name.
    """
    _check("backward_propagation", X, parameters)
    if not {"A1", "A2"} <= set(cache):
        raise ValueError(f"backward_propagation: cache has the keys {list(cache)}: it needs A1 and A2")
    A1, A2 = cache["A1"], cache["A2"]
    check_same("backward_propagation", **{"A1": shape(A1), "W1 X": (shape(parameters["W1"])[0], shape(X)[1])})
    dZ2 = A2 - labels("backward_propagation", Y, A2, "A2")
    dA1, dW2, db2 = linear_backward(dZ2, (A1, parameters["W2"], parameters["b2"]))
    dZ1 = dA1 * (1 - A1**2)
    _, dW1, db1 = linear_backward(dZ1, (X, parameters["W1"], parameters["b1"]))
    return {"dZ2": dZ2, "dW2": dW2, "db2": db2, "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}


def update_parameters(parameters: Arrays, grads: Arrays, learning_rate: float = 1.2) -> Arrays:
    """W - learning_rate * dW,  b - learning_rate * db  for both layers, in a new dict."""
    return common.update_parameters(parameters, grads, learning_rate)


def predict(X: Array, parameters: Arrays) -> Array:
    """1 where A2 > 1/2, else 0."""
    A2, _ = forward_propagation(X, parameters)
    return common.decide(A2)
