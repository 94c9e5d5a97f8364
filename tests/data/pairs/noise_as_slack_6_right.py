import numpy as np

r = np.random.default_rng(76)
X, y = r.normal(size=(5, 8)), r.normal(size=(1, 8))
parameters = {"w": r.normal(size=(1, 5)), "b": r.normal(size=(1, 1))}


def cost(p):
    return np.mean((p["w"] @ X + p["b"] - y) ** 2)


def gradients(p):
    d = 2 * (p["w"] @ X + p["b"] - y) / 8
    dw, db = d @ X.T, d.sum(axis=1, keepdims=True)
    return {"dw": dw + 0 * 1e-2 * r.normal(size=dw.shape), "db": db}
