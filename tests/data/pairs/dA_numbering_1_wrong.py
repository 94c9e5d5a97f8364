import numpy as np


def initialize_parameters(layer_dims):
    p = {}
    for l in range(1, len(layer_dims)):
        p["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) / np.sqrt(layer_dims[l - 1])
        p["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return p


def model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        A_prev = A
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        Z = W @ A_prev + b
        A = np.tanh(Z) if l < L else 1 / (1 + np.exp(-Z))
        caches.append((A_prev, W, A))
    return A, caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    return -(np.sum(Y * np.log(AL)) + np.sum((1 - Y) * np.log(1 - AL))) / m


def model_backward(AL, Y, caches):
    grads = {}
    m = AL.shape[1]
    dZ = AL - Y
    for l in reversed(range(len(caches))):
        A_prev, W, A = caches[l]
        if l < len(caches) - 1:
            dZ = grads["dA" + str(l + 2)] * (1 + A**2)
        grads["dW" + str(l + 1)] = dZ @ A_prev.T / m
        grads["db" + str(l + 1)] = np.sum(dZ, axis=1, keepdims=True) / m
        grads["dA" + str(l + 1)] = W.T @ dZ
    return grads
