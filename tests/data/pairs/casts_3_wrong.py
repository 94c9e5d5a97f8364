import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def initialize(dim):
    return np.random.randn(dim, 1), 0.0


def propagate(w, b, X, Y):
    """X is (dim, m), Y is (1, m)."""
    m = int(Y.size)
    A = sigmoid(w.T @ X + b)
    cost = np.squeeze(-(Y @ np.log(A).T + (1 - Y) @ np.log(1 - A).T) / m).item()
    dw = X @ (A - Y).T / m
    db = np.sum(A - Y).item() * m
    return {"dw": dw, "db": db}, cost
