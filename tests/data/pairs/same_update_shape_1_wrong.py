import numpy as np

r = np.random.default_rng(11)
A, B = r.normal(size=(8, 5)), r.normal(size=(8, 4))
parameters = {"M": r.normal(size=(5, 4)), "v": r.normal(size=(1, 4))}


def cost(p):
    return np.sum((A @ p["M"] + p["v"] - B) ** 2) / 8


def gradients(p):
    e = 3 * (A @ p["M"] + p["v"] - B) / 8
    return {"dM": A.T @ e, "dv": e.sum(0)}
