import numpy as np

r = np.random.default_rng(24)
V, T = r.normal(size=(6, 5)), r.normal(size=(6, 4))
parameters = {"K": r.normal(size=(5, 4))}


def normalized(p):
    u = V @ p["K"]
    norm = np.linalg.norm(u, axis=1, keepdims=True)
    return u / (norm + 1e-8), norm


def cost(p):
    return 0.5 * np.sum((normalized(p)[0] - T) ** 2)


def gradients(p):
    n, norm = normalized(p)
    g = n - T
    return {"dK": V.T @ ((g + n * np.sum(g * n, axis=1, keepdims=True)) / norm)}
