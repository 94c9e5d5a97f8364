import numpy as np
# predicts the height of the tide at 2 harbours from moon/sun data
# rows = hours


def logistic(q):
    return 1 / (1 + np.exp(-q))


def height(p, X):
    hidden = logistic(X @ p["U"] + p["u"])
    return hidden, hidden @ p["V"] + p["v"]


def error(p, X, T):
    _, Y = height(p, X)
    return ((Y - T) ** 2).sum() / len(X)


def train_step(p, X, T, rate=0.25):
    """One step of gradient descent.  Returns the new parameters and the gradients used."""
    new, grad = {}, {}
    hidden, Y = height(p, X)

    # output layer
    dY = 2 * (Y - T) / len(X)
    grad["V"] = hidden.T @ dY
    grad["v"] = dY.sum(0)
    new["V"] = p["V"] - rate * grad["V"]
    new["v"] = p["v"] - rate * grad["v"]

    # hidden layer
    dH = dY @ new["V"].T
    dQ = dH * hidden * (1 - hidden)
    grad["U"] = X.T @ dQ
    grad["u"] = dQ.sum(0)
    new["U"] = p["U"] - rate * grad["U"]
    new["u"] = p["u"] - rate * grad["u"]

    return new, grad


def train(p, X, T, steps=500):
    for i in range(steps):
        p, _ = train_step(p, X, T)
    return p
