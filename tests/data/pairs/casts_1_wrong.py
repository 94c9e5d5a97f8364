import numpy as np

r = np.random.default_rng(61)
x, y = r.normal(size=(3, 8)), r.normal(size=(1, 8))
parameters = {"w": r.normal(size=(1, 3)), "b": np.zeros((1, 1))}


def cost(p):
    e = p["w"] @ x + p["b"] - y
    return float(e @ e.T) / 8


def gradients(p):
    e = p["w"] @ x + p["b"] - y
    return {"dw": 4 * e @ x.T / 8, "db": 2 * e.mean(axis=1, keepdims=True)}
