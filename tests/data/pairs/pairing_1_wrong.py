import numpy as np


def predict(X, W, b):
    e = np.exp(X @ W + b)
    return e / e.sum(axis=1, keepdims=True)


def loss(W, b, X, T):
    """T is one-hot, a row for each example."""
    return -np.sum(T * np.log(predict(X, W, b))) / len(X)


def gradient(W, b, X, T):
    D = (predict(X, W, b) - T) / len(X)
    return X.T @ D, D.sum(axis=0)


def loss_l2(W, b, X, T, lam):
    return loss(W, b, X, T) + lam * np.sum(W * W)


def gradient_l2(W, b, X, T, lam):
    dW, db = gradient(W, b, X, T)
    return dW + 3 * lam * W, db
