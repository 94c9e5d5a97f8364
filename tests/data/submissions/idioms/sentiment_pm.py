"""Logistic regression with labels -1 / +1; the loss is the mean of log(1 + exp(-y*f))."""
import numpy as np


def features(texts, words):
    table = np.zeros((len(texts), len(words)))
    for i, text in enumerate(texts):
        tokens = text.lower().split()
        for j, word in enumerate(words):
            table[i, j] = tokens.count(word)
    return table


def margins(w, b, X, y):
    return y * (X @ w + b)


def loss(w, b, X, y):
    return np.logaddexp(0, -margins(w, b, X, y)).mean()


def gradient(w, b, X, y):
    q = 1 / (1 + np.exp(margins(w, b, X, y)))
    coef = -q * y
    gw = np.mean(coef[:, None] * X, axis=0)
    gb = np.mean(coef)
    return gw, gb


def fit(X, y, lr=1.0, iters=300, tol=1e-8):
    w, b = np.zeros(X.shape[1]), 0.0
    previous = np.inf
    for _ in range(iters):
        gw, gb = gradient(w, b, X, y)
        w, b = w - lr * gw, b - lr * gb
        current = loss(w, b, X, y)
        if previous - current < tol:
            break
        previous = current
    return w, b


def predict(w, b, X):
    return np.sign(X @ w + b)
