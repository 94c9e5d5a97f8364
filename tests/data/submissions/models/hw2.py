# hw2: fit y = f(x) with one hidden layer
# everything in one function because it is short enough
import numpy as np


def run(weights, x, t, want_grad=True):
    # x: (inputs, samples)     t: (outputs, samples)
    V, a, U, c = weights
    n = x.shape[1]

    # ---- forward ----
    s = V @ x + a           # hidden, before tanh
    h = np.tanh(s)
    o = U @ h + c           # linear output
    e = o - t
    J = (e ** 2).sum() / (2 * n)
    if not want_grad:
        return J

    # ---- backward ----
    do = e / n
    gU = do @ h.T
    gc = do.sum(1, keepdims=True)
    dh = U.T @ do
    ds = dh * (1 - np.square(s))
    gV = ds @ x.T
    ga = ds.sum(1, keepdims=True)

    return J, [gV, ga, gU, gc]


def train(weights, x, t, eta=0.05, steps=200):
    hist = []
    for k in range(steps):
        J, g = run(weights, x, t)
        weights = [w - eta * gw for w, gw in zip(weights, g)]
        hist.append(J)
    return weights, hist
