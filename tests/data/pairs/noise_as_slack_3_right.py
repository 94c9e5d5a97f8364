import numpy as np

r = np.random.default_rng(73)
X, y = r.normal(size=(9, 3)), (r.random(9) < 0.5).astype(float)
parameters = {"w": r.normal(size=3)}


def cost(p):
    s = X @ p["w"]
    return np.mean(np.logaddexp(0, s) - y * s)


def gradients(p):
    q = 1 / (1 + np.exp(-X @ p["w"]))
    return {"dw": np.round(X.T @ (q - y) / 9, 15)}
