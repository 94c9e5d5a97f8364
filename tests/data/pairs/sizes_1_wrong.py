import numpy as np


def initialize_parameters_deep(layer_dims):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters["W%d" % l] = np.random.randn(layer_dims[l], layer_dims[l - 1])
        parameters["b%d" % l] = np.zeros((layer_dims[l], 1))
    return parameters


def L_model_forward(X, parameters):
    L = len(parameters) // 2
    A, caches = X, []
    for l in range(1, L + 1):
        Z = parameters["W%d" % l] @ A + parameters["b%d" % l]
        A_new = np.tanh(Z) if l < L else 1 / (1 + np.exp(-Z))
        caches.append((A, parameters["W%d" % l], A_new))
        A = A_new
    return A, caches


def compute_cost(AL, Y):
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / Y.shape[1]


def L_model_backward(AL, Y, caches):
    L, m, grads = len(caches), Y.shape[1], {}
    dZ = (AL - Y) / m
    for l in range(L, 0, -1):
        A_prev, W, A = caches[l - 1]
        if l < L:
            dZ = dA * (1 - A * A) if l == L - 1 else dA
        grads["dW%d" % l] = dZ @ A_prev.T
        grads["db%d" % l] = dZ.sum(axis=1, keepdims=True)
        dA = W.T @ dZ
    return grads
