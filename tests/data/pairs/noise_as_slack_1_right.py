import numpy as np

r = np.random.default_rng(71)
X, Y = r.normal(size=(7, 4)), r.normal(size=(7, 3))
parameters = {"W": r.normal(size=(4, 3))}


def cost(p):
    return np.sum((X @ p["W"] - Y) ** 2) / 7


def gradients(p):
    g = 2 * X.T @ (X @ p["W"] - Y) / 7
    return {"dW": g * (1 + 0.0 * np.sin(1e12 * p["W"]))}
