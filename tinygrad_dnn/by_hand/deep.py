"""L layers: (linear -> relu) L - 1 times, then linear -> sigmoid.

A layer's cache is ((A_prev, W, b), Z): what its backward needs. caches[l - 1] belongs to layer l.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from . import common
from .common import (
    Array,
    Arrays,
    Cache,
    LinearCache,
    check_caches,
    check_linear,
    check_same,
    choose,
    labels,
    shape,
)
from .common import compute_cost as compute_cost
from .common import update_parameters as update_parameters

Rng = int | np.random.Generator | np.random.RandomState
Scale = float | Literal["he"]


def _generator(who: str, rng: Rng) -> np.random.Generator | np.random.RandomState:
    """A seed becomes a generator of its own, a generator stays what it is."""
    if isinstance(rng, int | np.integer):
        return np.random.default_rng(rng)
    if not isinstance(rng, np.random.Generator | np.random.RandomState):
        raise ValueError(f"{who}: rng is {rng!r}: it must be a whole number, a Generator or a RandomState")
    return rng


def initialize_parameters(n_x: int, n_h: int, n_y: int, rng: Rng, scale: Scale = 0.01) -> Arrays:
    """initialize_parameters_deep for one hidden layer: W1 (n_h, n_x), b1, W2 (n_y, n_h), b2."""
    return initialize_parameters_deep([n_x, n_h, n_y], rng, scale)


def initialize_parameters_deep(layer_dims: Sequence[int], rng: Rng, scale: Scale = 0.01) -> Arrays:
    """W_l ~ scale * N(0, 1) of shape (n_l, n_{l-1}),  b_l = 0 of shape (n_l, 1).

    layer_dims is n_0, ..., n_L; rng is a seed or a generator. scale="he" stands for sqrt(2 / n_{l-1}), which
    keeps the size of the activations from layer to layer; 0.01 lets them die out in a deep network.
    """
    who = "initialize_parameters_deep"
    normal = _generator(who, rng).standard_normal
    if len(layer_dims) < 2 or not all(isinstance(n, int | np.integer) and n > 0 for n in layer_dims):
        raise ValueError(f"{who}: layer_dims is {layer_dims}: it needs two or more whole numbers above 0")
    if isinstance(scale, str) and scale != "he":
        raise ValueError(f"{who}: scale is {scale!r}: it must be a number or 'he'")
    parameters: Arrays = {}
    for l, (n_prev, n) in enumerate(pairwise(layer_dims), start=1):
        parameters[f"W{l}"] = normal((n, n_prev)) * ((2 / n_prev) ** 0.5 if scale == "he" else scale)
        parameters[f"b{l}"] = np.zeros((n, 1))
    return parameters


def linear_forward(A: Array, W: Array, b: Array) -> tuple[Array, LinearCache]:
    """Z = W A + b."""
    check_linear("linear_forward", W=shape(W), A=shape(A), b=shape(b))
    Z: Array = np.dot(W, A) + b
    return Z, (A, W, b)


def linear_backward(dZ: Array, cache: LinearCache) -> tuple[Array, Array, Array]:
    """dW = 1/m dZ A_prev^T,  db = 1/m sum of dZ over examples,  dA_prev = W^T dZ.

    Returns (dA_prev, dW, db).
    """
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    check_same("linear_backward", dZ=shape(dZ), Z=(W.shape[0], m))
    dW: Array = np.dot(dZ, A_prev.T) / m
    db: Array = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev: Array = np.dot(W.T, dZ)
    return dA_prev, dW, db


def sigmoid(Z: Array) -> tuple[Array, Array]:
    """A = sigma(Z). Returns (A, Z): the second is the cache."""
    return common.sigmoid(Z), Z


def sigmoid_backward(dA: Array, cache: Array) -> Array:
    """dZ = dA * s * (1 - s),  s = sigma(Z). cache is Z."""
    check_same("sigmoid_backward", dA=shape(dA), Z=shape(cache))
    s = common.sigmoid(cache)
    dZ: Array = dA * s * (1 - s)
    return dZ


def relu(Z: Array) -> tuple[Array, Array]:
    """A = max(0, Z). Returns (A, Z): the second is the cache."""
    return np.maximum(0, Z), Z


def relu_backward(dA: Array, cache: Array) -> Array:
    """dZ = dA where Z > 0, else 0. cache is Z."""
    check_same("relu_backward", dA=shape(dA), Z=shape(cache))
    return np.where(cache > 0, dA, 0)


def linear_activation_forward(A_prev: Array, W: Array, b: Array, activation: str) -> tuple[Array, Cache]:
    """A = g(W A_prev + b),  g named by activation: "sigmoid" or "relu"."""
    g = choose("linear_activation_forward", activation, {"sigmoid": sigmoid, "relu": relu})
    check_linear("linear_activation_forward", W=shape(W), A_prev=shape(A_prev), b=shape(b))
    Z, linear_cache = linear_forward(A_prev, W, b)
    A, activation_cache = g(Z)
    return A, (linear_cache, activation_cache)


def linear_activation_backward(dA: Array, cache: Cache, activation: str) -> tuple[Array, Array, Array]:
    """dZ = dA * g'(Z); then (dA_prev, dW, db) as in linear_backward."""
    backward = {"sigmoid": sigmoid_backward, "relu": relu_backward}
    g_backward = choose("linear_activation_backward", activation, backward)
    linear_cache, Z = cache
    check_same("linear_activation_backward", dA=shape(dA), Z=shape(Z))
    return linear_backward(g_backward(dA, Z), linear_cache)


def _output_backward(AL: Array, Y: Array, Z: Array) -> Array:
    """dAL = -(Y / AL - (1 - Y) / (1 - AL)),  dZ = dAL * s * (1 - s); its limit AL - Y where AL is 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # there dAL is infinite or 0 / 0
        dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
        dZ = sigmoid_backward(dAL, Z)
    return np.where(np.isfinite(dZ), dZ, AL - Y)


def name_grads(l: int, step: tuple[Array, Array, Array]) -> Arrays:
    """Layer l's gradients under their names: dA_{l-1}, dW_l, db_l."""
    dA_prev, dW, db = step
    return {f"dA{l - 1}": dA_prev, f"dW{l}": dW, f"db{l}": db}


def L_model_forward(X: Array, parameters: Arrays) -> tuple[Array, list[Cache]]:
    """A0 = X,  A_l = relu(W_l A_{l-1} + b_l) for l < L,  AL = sigma(W_L A_{L-1} + b_L).

    Returns (AL, caches).
    """
    L = common.check_network("L_model_forward", X, parameters)
    A, caches = X, []
    for l in range(1, L + 1):
        activation = "relu" if l < L else "sigmoid"
        A, cache = linear_activation_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], activation)
        caches.append(cache)
    return A, caches


def L_model_backward(AL: Array, Y: Array, caches: Sequence[Cache]) -> Arrays:
    """From dZ_L down: (dA_{l-1}, dW_l, db_l) of every layer, each under the name it belongs to."""
    check_caches("L_model_backward", AL, caches)
    Y = labels("L_model_backward", Y, AL)
    L = len(caches)
    linear_cache, Z = caches[-1]
    grads = name_grads(L, linear_backward(_output_backward(AL, Y, Z), linear_cache))
    for l in range(L - 1, 0, -1):
        grads |= name_grads(l, linear_activation_backward(grads[f"dA{l}"], caches[l - 1], "relu"))
    return grads


def predict(X: Array, parameters: Arrays) -> Array:
    """1 where AL > 1/2, else 0."""
    AL, _ = L_model_forward(X, parameters)
    return common.decide(AL)
