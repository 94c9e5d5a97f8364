"""Regularised logistic regression for spam, labels are -1 (ham) and +1 (spam).

   J(w, b) = 1/N sum_i log(1 + exp(-y_i (w.x_i + b)))  +  lam/(2N) |w|^2
"""
import numpy as np


def margins(w, b, X, y):
    return y * (X @ w + b)


def J(w, b, X, y, lam):
    N = len(y)
    data_term = np.logaddexp(0.0, -margins(w, b, X, y)).sum() / N
    return data_term + lam / (2 * N) * (w @ w)


def dJ(w, b, X, y, lam):
    N = len(y)
    # probability of being on the wrong side
    q = 1.0 / (1.0 + np.exp(margins(w, b, X, y)))
    r = -y * q
    dw = X.T @ r / N + lam * w
    db = r.sum() / N
    return dw, db


def fit(X, y, lam=1.0, lr=0.1, iters=1000, tol=1e-6):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in range(iters):
        dw, db = dJ(w, b, X, y, lam)
        w, b = w - lr * dw, b - lr * db
        if max(np.abs(dw).max(), abs(db)) < tol:
            break
    return w, b
