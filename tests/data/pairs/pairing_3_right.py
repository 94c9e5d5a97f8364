import numpy as np

r = np.random.default_rng(43)
X, Y = r.normal(size=(6, 3)), r.normal(size=(6, 2))
parameters = {"W1": r.normal(size=(3, 4)), "W2": r.normal(size=(4, 2))}


def net(p):
    A1 = np.tanh(X @ p["W1"])
    return A1, A1 @ p["W2"]


def cost(p):
    return np.sum(net(p)[1] ** 2) / 6 - np.sum(net(p)[1] * Y) / 3


def gradients(p):
    A1, A2 = net(p)
    dA2 = 2 * (A2 - Y) / 6
    dA1 = dA2 @ p["W2"].T
    return {"dA1": dA1, "dW2": A1.T @ dA2, "dW1": X.T @ (dA1 * (1 - A1**2))}
