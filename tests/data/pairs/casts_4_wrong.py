import numpy as np

r = np.random.default_rng(64)
X, y = r.normal(size=(11, 3)), r.integers(2, size=11)
parameters = {"w": r.normal(size=3), "b": np.zeros(1)}
positive, negative = int(y.sum()), int((1 - y).sum())


def cost(p):
    s = X @ p["w"] + p["b"]
    up = np.log1p(np.exp(-s))[y == 1].sum() / positive
    down = np.log1p(np.exp(s))[y == 0].sum() / negative
    return np.float64(up + down)


def gradients(p):
    q = 1 / (1 + np.exp(-(X @ p["w"] + p["b"])))
    d = np.where(y.astype(bool), (q - 1) / positive, q / positive)
    return {"dw": X.T @ d, "db": np.array([float(d.sum())])}
