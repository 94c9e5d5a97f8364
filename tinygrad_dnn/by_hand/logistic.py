"""Logistic regression: one sigmoid unit.

w is a column (n, 1) and b a number, so Z = w^T X + b has the shape (1, m).
"""

from typing import Any

import numpy as np

from .common import Array, check_linear, compute_cost, decide, descend, labels, shape
from .common import sigmoid as sigmoid


def initialize_with_zeros(dim: int) -> tuple[Array, float]:
    """w = 0 of shape (dim, 1),  b = 0."""
    if dim < 1:
        raise ValueError(f"initialize_with_zeros: dim is {dim}: it must be 1 or more")
    return np.zeros((dim, 1)), 0.0


def _activation(who: str, w: Array, b: Any, X: Array) -> Array:
    """A = sigma(w^T X + b)."""
    if len(shape(w)) != 2 or shape(w)[1] != 1 or shape(b):
        raise ValueError(f"{who}: w has shape {shape(w)}, b has shape {shape(b)}: w needs one column, b is a number")
    check_linear(who, **{"w.T": shape(w.T), "X": shape(X), "b": (1, 1)})
    return sigmoid(np.dot(w.T, X) + b)


def propagate(w: Array, b: Any, X: Array, Y: Array) -> tuple[dict[str, Any], Any]:
    """A = sigma(w^T X + b),  dw = 1/m X (A - Y)^T,  db = 1/m sum(A - Y).

    Returns ({"dw": (n, 1), "db": number}, cost). Y has the shape (1, m).
    """
    A = _activation("propagate", w, b, X)
    Y = labels("propagate", Y, A, "A")
    cost = compute_cost(A, Y)
    dZ, m = A - Y, Y.shape[1]
    return {"dw": np.dot(X, dZ.T) / m, "db": np.sum(dZ) / m}, cost


def optimize(
    w: Array, b: Any, X: Array, Y: Array, num_iterations: int, learning_rate: float
) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """w <- w - learning_rate dw,  b <- b - learning_rate db, num_iterations times.

    Returns ({"w", "b"}, the last gradients, the cost before every step).
    """
    params, grads, costs = {"w": w, "b": b}, dict[str, Any](), []
    for _ in range(num_iterations):
        grads, cost = propagate(params["w"], params["b"], X, Y)
        params = descend("optimize", params, grads, learning_rate)
        costs.append(cost)
    return params, grads, costs


def predict(w: Array, b: Any, X: Array) -> Array:
    """1 where sigma(w^T X + b) > 1/2, else 0; shape (1, m)."""
    return decide(_activation("predict", w, b, X))
