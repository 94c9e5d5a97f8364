import numpy as np


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def compute_loss(y, tx, w):
    """y is (m,), tx is (m, n), w is (n,)."""
    return np.mean(np.logaddexp(0, tx @ w) - y * (tx @ w))


def compute_gradient(y, tx, w):
    return tx.T @ (sigmoid(tx @ w) + y) / len(y)
