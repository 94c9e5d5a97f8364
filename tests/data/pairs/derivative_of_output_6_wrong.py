import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


def init_params(n_x, n_h, n_y):
    return {
        "W1": 0.5 * np.random.randn(n_h, n_x),
        "b1": np.zeros((n_h, 1)),
        "W2": 0.5 * np.random.randn(n_y, n_h),
        "b2": np.zeros((n_y, 1)),
    }


def forward_prop(X, params):
    z1 = params["W1"] @ X + params["b1"]
    a1 = sigmoid(z1)
    z2 = params["W2"] @ a1 + params["b2"]
    a2 = sigmoid(z2)
    return a2, (z1, a1, z2, a2)


def compute_cost(a2, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)) / m


def back_prop(X, Y, params, cache):
    z1, a1, z2, a2 = cache
    m = X.shape[1]
    dz2 = a2 - Y
    dz1 = params["W2"].T @ dz2 * sigmoid_derivative(a1)
    return {
        "dW2": dz2 @ a1.T / m,
        "db2": dz2.sum(axis=1, keepdims=True) / m,
        "dW1": dz1 @ X.T / m,
        "db1": dz1.sum(axis=1, keepdims=True) / m,
    }
