import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def initialize_parameters(n_x, n_h, n_y):
    return {
        "W1": np.random.randn(n_h, n_x) / np.sqrt(n_x),
        "b1": np.zeros((n_h, 1)),
        "W2": np.random.randn(n_y, n_h) / np.sqrt(n_h),
        "b2": np.zeros((n_y, 1)),
    }


def forward_propagation(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.maximum(0, Z1)
    A2 = sigmoid(parameters["W2"] @ A1 + parameters["b2"])
    return A2, (Z1, A1, A2)


def compute_cost(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]


def backward_propagation(parameters, cache, X, Y):
    Z1, A1, A2 = cache
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = parameters["W2"].T @ dZ2 * (Z1 > 0)
    return {"dW1": dZ1 @ X.T, "db1": dZ1.sum(1, keepdims=True), "dW2": dZ2 @ A1.T, "db2": dZ2.sum(1, keepdims=True)}


def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    np.random.seed(7)
    Z1 = parameters["W1"] @ X + parameters["b1"]
    D1 = (np.random.rand(*Z1.shape) < keep_prob) / keep_prob
    A1 = np.maximum(0, Z1) * D1
    A2 = sigmoid(parameters["W2"] @ A1 + parameters["b2"])
    return A2, (Z1, D1, A1, A2)


def backward_propagation_with_dropout(parameters, cache, X, Y):
    Z1, D1, A1, A2 = cache
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = parameters["W2"].T @ dZ2 * D1 + (Z1 > 0)
    return {"dW1": dZ1 @ X.T, "db1": dZ1.sum(1, keepdims=True), "dW2": dZ2 @ A1.T, "db2": dZ2.sum(1, keepdims=True)}
