"""
Logistic model, but fitted by the Brier score (mean squared probability error)
instead of the likelihood. Exercise 4, written with loops so every index is visible.
"""
import math

import numpy as np


def prob(x, w, b):
    eta = b[0]
    for j in range(len(w)):
        eta += w[j] * x[j]
    return 1.0 / (1.0 + math.exp(-eta))


def brier_score(X, y, w, b):
    total = 0.0
    for i in range(len(y)):
        total += (prob(X[i], w, b) - y[i]) ** 2
    return total / len(y)


def brier_gradient(X, y, w, b):
    n = len(y)
    gw = np.zeros(len(w))
    gb = np.zeros(1)
    for i in range(n):
        p = prob(X[i], w, b)
        # chain rule: d(p-y)^2/dp = 2(p-y), dp/deta = p(1-p), deta/dw_j = x_j
        d_eta = 2 * (p - y[i]) * p * (1 - p)
        gb[0] += d_eta
        for j in range(len(w)):
            gw[j] += d_eta * X[i, j]
    for j in range(len(w)):
        gw[j] = gw[j] / n
    return gw, gb / n


def fit(X, y, rate=0.5, sweeps=1000):
    w, b = np.zeros(X.shape[1]), np.zeros(1)
    for _ in range(sweeps):
        gw, gb = brier_gradient(X, y, w, b)
        w -= rate * gw
        b -= rate * gb
    return w, b
