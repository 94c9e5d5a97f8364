import numpy as np

r = np.random.default_rng(21)
X, y = r.normal(size=(12, 3)), (r.random((12, 1)) < 0.5) * 1.0
parameters = {"w": r.normal(size=(3, 1)), "b": np.array([[0.2]])}
lam = 0.3


def predict(p):
    return 1 / (1 + np.exp(-(X @ p["w"] + p["b"])))


def cost(p):
    q = predict(p)
    return -np.mean(y * np.log(q + 1e-8) + (1 - y) * np.log(1 - q + 1e-8)) + lam / 2 * np.sum(p["w"] ** 2)


def gradients(p):
    d = (predict(p) - y) / 12
    return {"dw": X.T @ d + lam * p["w"], "db": d.sum(axis=0, keepdims=True)}
