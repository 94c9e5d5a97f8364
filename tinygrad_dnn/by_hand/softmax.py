"""Several classes: (linear -> leaky relu) L - 1 times, then linear -> softmax.

Z is (classes, m). Labels come in two forms: y (1, m) holds class numbers, Y (classes, m) is one-hot.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .common import (
    Array,
    Arrays,
    Cache,
    Shape,
    check_caches,
    check_network,
    check_same,
    choose,
    labels,
    shape,
    xlogy,
)
from .common import update_parameters as update_parameters
from .deep import initialize_parameters as initialize_parameters
from .deep import initialize_parameters_deep as initialize_parameters_deep
from .deep import linear_backward, linear_forward, name_grads, relu_backward

SLOPE = 0.01  # of the leaky relu below 0


def _class_numbers(who: str, y: npt.ArrayLike, of_Z: Shape) -> Array:
    """y as an array: whole numbers from 0 to classes - 1, one for each column of Z."""
    y = np.asarray(y)
    if len(of_Z) != 2:
        raise ValueError(f"{who}: Z has shape {of_Z}: it needs two dimensions, (classes, m)")
    classes, m = of_Z
    if y.shape != (1, m) or m == 0:
        raise ValueError(f"{who}: y has shape {y.shape}: it needs the shape (1, m), here with m = {m}")
    if not np.issubdtype(y.dtype, np.integer):
        raise ValueError(f"{who}: y has the dtype {y.dtype}: class numbers need an integer dtype")
    if y.min() < 0 or y.max() >= classes:
        raise ValueError(f"{who}: y holds {y.min()} to {y.max()}: {classes} classes are 0 to {classes - 1}")
    return y


def _distributions(who: str, Y: npt.ArrayLike, A: Array, name: str) -> Array:
    """Y as in labels, with columns that sum to 1: only then is softmax(Z) - Y a gradient."""
    Y = labels(who, Y, A, name)
    if not np.allclose(np.sum(Y, axis=0), 1, atol=1e-2):  # half precision rounds at 1e-3
        raise ValueError(f"{who}: Y has columns that do not sum to 1: it must be one-hot")
    return Y


def one_hot(y: npt.ArrayLike, classes: int) -> Array:
    """Y_jk = 1 where y_k = j, else 0: from (1, m) to (classes, m)."""
    numbers = _class_numbers("one_hot", y, (classes, np.size(y)))
    Y: Array = (np.arange(classes)[:, np.newaxis] == numbers).astype(np.float64)
    return Y


def _shifted(Z: Array) -> Array:
    """Z minus the largest entry of each column: softmax stays the same, and exp cannot overflow."""
    shifted: Array = Z - np.max(Z, axis=0, keepdims=True)
    return shifted


def softmax(Z: Array) -> Array:
    """A_j = e^Z_j / sum_k e^Z_k in every column."""
    exps = np.exp(_shifted(Z))
    A: Array = exps / np.sum(exps, axis=0, keepdims=True)
    return A


def _log_softmax(Z: Array) -> Array:
    """log A_j = Z_j - log sum_k e^Z_k: finite even where A_j is rounded to 0."""
    shifted = _shifted(Z)
    log_A: Array = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
    return log_A


def compute_cost(AL: Array, Y: Array) -> Any:
    """J = -1/m sum(Y log AL),  Y one-hot. Infinite where AL gives the true class the probability 0."""
    Y = _distributions("compute_cost", Y, AL, "AL")
    return -np.sum(xlogy(Y, AL)) / Y.shape[1]


def _loss_backward(Z: Array, Y: Array) -> Array:
    """dZ = softmax(Z) - Y, for the summed loss -sum(Y log softmax(Z))."""
    dZ: Array = softmax(Z) - Y
    return dZ


def cross_entropy_one_hot(Z: Array, Y: Array) -> Any:
    """J = -1/m sum(Y log softmax(Z))."""
    Y = _distributions("cross_entropy_one_hot", Y, Z, "Z")
    return -np.sum(Y * _log_softmax(Z)) / Y.shape[1]


def delta_cross_entropy_one_hot(Z: Array, Y: Array) -> Array:
    """dJ/dZ = (softmax(Z) - Y) / m."""
    Y = _distributions("delta_cross_entropy_one_hot", Y, Z, "Z")
    dZ: Array = _loss_backward(Z, Y) / Y.shape[1]
    return dZ


def cross_entropy(Z: Array, y: Array) -> Any:
    """J = -1/m sum over examples of log softmax(Z)_y,  y (1, m) the class numbers."""
    y = _class_numbers("cross_entropy", y, shape(Z))
    m = y.shape[1]
    return -np.sum(_log_softmax(Z)[y, range(m)]) / m


def delta_cross_entropy(Z: Array, y: Array) -> Array:
    """dJ/dZ = (softmax(Z) - Y) / m,  Y the one-hot form of y."""
    y = _class_numbers("delta_cross_entropy", y, shape(Z))
    return delta_cross_entropy_one_hot(Z, one_hot(y, Z.shape[0]))


def leaky_relu(Z: Array, slope: float = SLOPE) -> Array:
    """A = Z where Z > 0, else slope * Z."""
    return np.where(Z > 0, Z, slope * Z)


def leaky_relu_backward(dA: Array, Z: Array, slope: float = SLOPE) -> Array:
    """dZ = dA where Z > 0, else slope * dA."""
    check_same("leaky_relu_backward", dA=shape(dA), Z=shape(Z))
    return np.where(Z > 0, dA, slope * dA)


def L_layer_forward(X: Array, parameters: Arrays, slope: float = SLOPE) -> tuple[Array, list[Cache]]:
    """A0 = X,  A_l = leaky_relu(W_l A_{l-1} + b_l) for l < L,  AL = softmax(W_L A_{L-1} + b_L).

    Returns (AL, caches); a cache is ((A_prev, W, b), Z).
    """
    L = check_network("L_layer_forward", X, parameters)
    A, caches = X, []
    for l in range(1, L + 1):
        Z, linear_cache = linear_forward(A, parameters[f"W{l}"], parameters[f"b{l}"])
        A = leaky_relu(Z, slope) if l < L else softmax(Z)
        caches.append((linear_cache, Z))
    return A, caches


def back_prop_single_step(
    dA: Any, Y: Any, cache: Cache, activation: str, slope: float = SLOPE
) -> tuple[Array, Array, Array]:
    """dZ = softmax(Z) - Y for "softmax", dA * g'(Z) for "leaky_relu" and "relu"; then linear_backward.

    The softmax step holds the loss, so it reads Y and not dA; the others read dA and not Y. What a step does
    not read may be None. The slope is that of the forward pass. Returns (dA_prev, dW, db).
    """
    who = "back_prop_single_step"
    linear_cache, Z = cache
    backward = {
        "softmax": lambda: _loss_backward(Z, _distributions(who, Y, Z, "Z")),
        "leaky_relu": lambda: leaky_relu_backward(dA, Z, slope),
        "relu": lambda: relu_backward(dA, Z),
    }
    return linear_backward(choose(who, activation, backward)(), linear_cache)


def L_Layer_Back_Prop(AL: Array, Y: Array, caches: Sequence[Cache], slope: float = SLOPE) -> Arrays:
    """From dZ_L = AL - Y down: (dA_{l-1}, dW_l, db_l) of every layer, each under the name it belongs to."""
    check_caches("L_Layer_Back_Prop", AL, caches)
    Y = _distributions("L_Layer_Back_Prop", Y, AL, "AL")
    L = len(caches)
    grads = name_grads(L, back_prop_single_step(None, Y, caches[-1], "softmax"))
    for l in range(L - 1, 0, -1):
        step = back_prop_single_step(grads[f"dA{l}"], None, caches[l - 1], "leaky_relu", slope)
        grads |= name_grads(l, step)
    return grads


def predict(X: Array, parameters: Arrays, slope: float = SLOPE) -> Array:
    """The number of the most probable class of every example, shape (1, m)."""
    AL, _ = L_layer_forward(X, parameters, slope)
    y: Array = np.argmax(AL, axis=0, keepdims=True)
    return y
