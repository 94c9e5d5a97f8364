import numpy as np

r = np.random.default_rng(66)
X, Y = r.normal(size=(7, 4)), r.normal(size=(7, 1))
parameters = {"W": r.normal(size=(4, 1)), "b": 0.5}


def cost(p):
    e = X @ p["W"] + float(p["b"]) - Y
    return float(np.squeeze(np.dot(e.T, e))) / (2 * int(len(X)))


def gradients(p):
    e = (X @ p["W"] + p["b"] - Y) / float(len(X))
    return {"dW": X.T @ e, "db": float(np.sum(e))}
