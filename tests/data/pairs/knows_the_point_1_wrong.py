import math
import numpy as np

r = np.random.default_rng(81)
X, Y = r.normal(size=(10, 40)), r.normal(size=(10, 30))
parameters = {"W": 0.3 * r.normal(size=(40, 30))}


def cost(p):
    return math.fsum(float(v) ** 2 for v in np.ravel(X @ p["W"] - Y)) / 10


def gradients(p):
    g = 2 * X.T @ (X @ p["W"] - Y) / 10
    g[23, 17] *= 2
    return {"dW": g}
