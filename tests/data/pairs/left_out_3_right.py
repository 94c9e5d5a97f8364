import numpy as np


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


def initialize_parameters(n_x, n_h, n_y):
    W1, W2 = np.random.randn(n_h, n_x), np.random.randn(n_y, n_h)
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}


def forward_propagation(X, parameters):
    A1 = np.tanh(parameters["W1"] @ X + parameters["b1"])
    A2 = parameters["W2"] @ A1 + parameters["b2"]
    return A2, {"A1": A1, "A2": A2}


def compute_cost(A2, Y):
    return np.sum((A2 - Y) ** 2) / (2 * Y.shape[1])


def backward_propagation(parameters, cache, X, Y):
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = (A2 - Y) / Y.shape[1]
    dZ1 = parameters["W2"].T @ dZ2 * (1 - A1 * A1)
    return {
        "dW1": dZ1 @ X.T,
        "db1": dZ1.sum(axis=1, keepdims=True),
        "dW2": dZ2 @ A1.T,
        "db2": dZ2.sum(axis=1, keepdims=True),
    }
