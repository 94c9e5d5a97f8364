import numpy as np


def logistic_loss(w, X, y):
    """Mean logistic loss and its gradient. y holds -1 and 1, of shape (m,); w is (n,)."""
    margin = y * (X @ w)
    loss = np.mean(np.log(1 + np.exp(-margin)))
    grad = +X.T @ (y / (1 + np.exp(margin))) / len(y)
    return loss, grad
