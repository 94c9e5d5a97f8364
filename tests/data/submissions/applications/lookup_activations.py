import numpy as np
from math import sqrt

# ---------------------------------------------------------------
# activations: name -> (function of Z, derivative as function of Z)
# ---------------------------------------------------------------
ACTS = {
    "softplus": (lambda Z: np.log1p(np.exp(Z)), lambda Z: 1 / (1 + np.exp(-Z))),
    "arctan": (np.arctan, lambda Z: 1 / (1 + Z ** 2)),
    "none": (lambda Z: Z, lambda Z: np.ones_like(Z)),
}


def make_params(dims, seed):
    r = np.random.RandomState(seed)
    params = {}
    for l in range(1, len(dims)):
        params["W" + str(l)] = r.randn(dims[l], dims[l - 1]) / sqrt(dims[l - 1])
        params["b" + str(l)] = np.zeros((dims[l], 1))
    return params


def model_forward(X, params, acts):
    """acts = list with the name of the activation of each layer."""
    memory = []
    A = X
    for l, name in enumerate(acts, start=1):
        A_prev = A
        Z = params["W" + str(l)] @ A_prev + params["b" + str(l)]
        A = ACTS[name][0](Z)
        memory.append((A_prev, Z))
    return A, memory


def compute_loss(A, Y):
    return np.sum((A - Y) ** 2) / (2 * Y.shape[1])


def model_backward(A, Y, params, acts, memory):
    m = Y.shape[1]
    grads = {}
    dA = (A - Y) / m
    for l in range(len(acts), 0, -1):
        A_prev, Z = memory[l - 1]
        g_prime = ACTS[acts[l - 1]][1]
        dZ = dA
        grads["dW" + str(l)] = dZ @ A_prev.T
        grads["db" + str(l)] = np.sum(dZ, axis=1, keepdims=True)
        dA = params["W" + str(l)].T @ dZ
    return grads


def update(params, grads, alpha):
    return {key: params[key] - alpha * grads["d" + key] for key in params}
