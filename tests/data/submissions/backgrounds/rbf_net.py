# RBF network  f(x) = b + sum_j w_j exp(-|x - c_j|^2 / (2 s_j^2))
# all parameters (centres too) are adapted by gradient method
import numpy as np


def basis(X, C, s):
    n, k = X.shape[0], C.shape[0]
    Phi = np.zeros((n, k))
    D2 = np.zeros((n, k))
    for j in range(k):
        diff = X - C[j]
        D2[:, j] = np.sum(diff * diff, axis=1)
        Phi[:, j] = np.exp(-D2[:, j] / (2 * s[j] ** 2))
    return Phi, D2


def rbf_output(X, C, s, w, b):
    Phi, _ = basis(X, C, s)
    return Phi @ w + b[0]


def rbf_cost(X, y, C, s, w, b):
    e = rbf_output(X, C, s, w, b) - y
    return e @ e / (2 * len(y))


def rbf_gradient(X, y, C, s, w, b):
    n, k = X.shape[0], C.shape[0]
    Phi, D2 = basis(X, C, s)
    e = Phi @ w + b[0] - y
    gw = Phi.T @ e / n
    gb = np.array([np.mean(e)])
    gC = np.zeros_like(C)
    gs = np.zeros_like(s)
    for j in range(k):
        # sensitivity of the cost to the j-th basis function
        v = e * w[j] * Phi[:, j]
        gC[j] = v @ (X - C[j]) / s[j] ** 2
        gs[j] = v @ D2[:, j] / (n * s[j] ** 3)
    return gC, gs, gw, gb


def adapt(X, y, C, s, w, b, eta=0.1, steps=500):
    for it in range(steps):
        gC, gs, gw, gb = rbf_gradient(X, y, C, s, w, b)
        C = C - eta * gC
        s = np.maximum(s - eta * gs, 1e-2)
        w = w - eta * gw
        b = b - eta * gb
    return C, s, w, b
