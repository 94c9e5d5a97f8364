import numpy as np


def get_masks(layer_dims, m, keep_prob, seed):
    """Inverted dropout: the masks contain 0 and 1/keep_prob. One for each hidden layer."""
    rng = np.random.default_rng(seed)
    return [(rng.random((n, m)) < keep_prob) / keep_prob for n in layer_dims[1:-1]]


def softmax(Z):
    T = np.exp(Z - np.max(Z, axis=0))
    return T / np.sum(T, axis=0)


def full_forward(X, params, masks):
    L = len(params) // 2
    store = {"A0": X}
    for l in range(1, L):
        Z = np.dot(params[f"W{l}"], store[f"A{l-1}"]) + params[f"b{l}"]
        store[f"T{l}"] = np.tanh(Z)
        store[f"A{l}"] = store[f"T{l}"] * masks[l - 1]
    Z = np.dot(params[f"W{L}"], store[f"A{L-1}"]) + params[f"b{L}"]
    store[f"A{L}"] = softmax(Z)
    return store


def cross_entropy(AL, Y):
    return -np.sum(Y * np.log(AL)) / Y.shape[1]


def full_backward(store, Y, params, masks, keep_prob):
    L = len(params) // 2
    m = Y.shape[1]
    grads = {}
    dZ = store[f"A{L}"] - Y
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = 1.0 / m * np.dot(dZ, store[f"A{l-1}"].T)
        grads[f"db{l}"] = 1.0 / m * np.sum(dZ, axis=1, keepdims=True)
        if l > 1:
            dA = np.dot(params[f"W{l}"].T, dZ)
            dT = dA * masks[l - 2] / keep_prob
            dZ = dT * (1 - store[f"T{l-1}"] ** 2)
    return grads
