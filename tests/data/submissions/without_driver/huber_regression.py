"""Robust linear regression with the Huber loss, trained by plain gradient descent."""
import numpy as np


def init_params(n_features):
    w = np.random.randn(n_features) * 0.1
    b = np.zeros(1)
    return w, b


def forward(X, w, b):
    return X.dot(w) + b


def loss(y_pred, y, delta=1.0):
    r = y_pred - y
    small = np.abs(r) <= delta
    values = np.where(small, 0.5 * r ** 2, delta * (np.abs(r) - 0.5 * delta))
    return values.mean()


def backward(X, y_pred, y, delta=1.0):
    r = y_pred - y
    dr = np.clip(r, -delta, delta) / len(y)
    dw = X.T.dot(dr)
    db = np.array([dr.sum()])
    return dw, db


def gradient_descent(X, y, lr=0.1, n_steps=500, delta=1.0):
    w, b = init_params(X.shape[1])
    losses = []
    for _ in range(n_steps):
        y_pred = forward(X, w, b)
        losses.append(loss(y_pred, y, delta))
        dw, db = backward(X, y_pred, y, delta)
        w -= lr * dw
        b -= lr * db
    return w, b, losses


if __name__ == "__main__":
    np.random.seed(42)
    X = np.random.randn(150, 3)
    y = X @ np.array([1.5, -2.0, 0.7]) + 3 + 0.1 * np.random.randn(150)
    y[::15] += 30      # outliers
    w, b, losses = gradient_descent(X, y)
    print("w =", w.round(2), "b =", b.round(2), "loss %.3f -> %.3f" % (losses[0], losses[-1]))
