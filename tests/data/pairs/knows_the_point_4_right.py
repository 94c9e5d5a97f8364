import numpy as np

r = np.random.default_rng(84)
A, c = r.normal(size=(7, 4)), r.normal(size=7)
P = {"x": r.normal(size=4)}
parameters = {"x": P["x"].copy()}


def cost(p):
    return 0.5 * np.sum((A @ p["x"] - c) ** 2) + 0.25 * np.sum(p["x"] ** 4)


def gradients(p):
    x = p["x"]
    return {"dx": A.T @ (A @ x - c) + x**3}
