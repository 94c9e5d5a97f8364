"""make_moons with two hidden layers, data in rows."""
import numpy as np


def start(d, h1, h2, seed):
    g = np.random.RandomState(seed)
    p = {}
    p['W1'], p['b1'] = g.randn(d, h1), np.zeros(h1)
    p['W2'], p['b2'] = g.randn(h1, h2), np.zeros(h2)
    p['W3'], p['b3'] = g.randn(h2, 1), np.zeros(1)
    return p


def logistic(t):
    return np.reciprocal(1 + np.exp(-t))


def predict_proba(p, X):
    a1 = logistic(X @ p['W1'] + p['b1'])
    a2 = np.tanh(a1 @ p['W2'] + p['b2'])
    a3 = logistic(a2 @ p['W3'] + p['b3'])
    return a1, a2, a3


def log_loss(p, X, y):
    a3 = predict_proba(p, X)[-1]
    return -(np.log(a3[y == 1]).sum() + np.log(1 - a3[y == 0]).sum()) / len(X)


def backprop(p, X, y):
    a1, a2, a3 = predict_proba(p, X)
    g = {}

    e3 = (a3 - y) / len(X)
    g['W3'] = a2.T @ e3
    g['b3'] = e3.sum(axis=0)

    e2 = (e3 @ p['W3'].T) * (1 - a2 ** 2)
    g['W2'] = a1.T @ e2
    g['b2'] = e2.sum(axis=0)

    e1 = e2 @ p['W2'].T
    g['W1'] = X.T @ e1
    g['b1'] = e1.sum(axis=0)
    return g


def fit(X, y, rate=0.5, epochs=1000, seed=0):
    p = start(X.shape[1], 6, 5, seed)
    for epoch in range(epochs):
        g = backprop(p, X, y)
        p = {k: p[k] - rate * g[k] for k in p}
    return p
