import numpy as np

r = np.random.default_rng(83)
X, Y = r.normal(size=(6, 4)), r.normal(size=(6, 2))
parameters = {"W": np.zeros((4, 3)), "b": np.zeros(3), "V": r.normal(size=(3, 2))}


def cost(p):
    return 0.5 * np.sum((np.maximum(0, X @ p["W"] + p["b"]) @ p["V"] - Y) ** 2)


def gradients(p):
    z = X @ p["W"] + p["b"]
    h = np.maximum(0, z)
    d = h @ p["V"] - Y
    dz = d @ p["V"].T * (z > 0)
    return {"dW": X.T @ dz, "db": dz.sum(axis=0), "dV": h.T @ d}
