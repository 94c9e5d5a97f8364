import numpy as np

r = np.random.default_rng(13)
X, y = r.normal(size=(10, 3)), r.normal(size=(10, 1))
parameters = [r.normal(size=(3, 1)), 0.4]


def cost(parameters):
    w, b = parameters
    return np.mean((X @ w + b - y) ** 2)


def gradients(parameters):
    w, b = parameters
    d = X @ w + b - y
    return [2 * X.T @ d / 10, 1 * d.mean(axis=0)]
