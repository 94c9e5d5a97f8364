import numpy as np


def initialize_parameters(layer_dims):
    p = {}
    for l in range(1, len(layer_dims)):
        p[f"W{l}"] = np.random.randn(layer_dims[l], layer_dims[l - 1])
        p[f"b{l}"] = np.zeros((layer_dims[l], 1))
    return p


def L_model_forward(X, parameters):
    A, caches = X, []
    L = len(parameters) // 2
    for l in range(1, L):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        caches.append((A, parameters[f"W{l}"], Z))
        A = np.maximum(Z, 0)
    Z = parameters[f"W{L}"] @ A + parameters[f"b{L}"]
    caches.append((A, parameters[f"W{L}"], Z))
    return 1 / (1 + np.exp(-Z)), caches


def compute_cost(AL, Y):
    return np.sum(-Y * np.log(AL) - (1 - Y) * np.log(1 - AL)) / Y.shape[1]


def L_model_backward(AL, Y, caches):
    grads = {}
    L, m = len(caches), Y.shape[1]
    A, W, Z = caches[L - 1]
    dZ = AL - Y
    grads[f"dW{L}"], grads[f"db{L}"] = dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m
    grads[f"dA{L}"] = dA = W.T @ dZ
    for l in range(L - 1, 0, -1):
        A, W, Z = caches[l - 1]
        dZ = np.where(Z > 0, dA, 0)
        grads[f"dW{l}"], grads[f"db{l}"] = dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m
        grads[f"dA{l - 1}"] = dA = W.T @ dZ
    return grads
