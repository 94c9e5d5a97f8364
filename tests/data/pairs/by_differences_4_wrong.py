import numpy as np

r = np.random.default_rng(124)
X, T = r.normal(size=(5, 3)), np.eye(4)[r.integers(4, size=5)]
parameters = {"W1": r.normal(size=(3, 4)), "b1": np.zeros(4)}


def cost(p):
    s = X @ p["W1"] + p["b1"]
    s = s - s.max(axis=1, keepdims=True)
    return -np.sum(T * (s - np.log(np.exp(s).sum(axis=1, keepdims=True)))) / 5


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    flat, out = x.reshape(-1), grad.reshape(-1)
    for k in range(flat.size):
        kept = flat[k]
        flat[k] = kept + h
        right = f()
        flat[k] = kept - h
        left = f()
        flat[k] = kept
        out[k] = (right - left) / (3 * h)
    return grad


def gradients(p):
    p = {k: np.array(v) for k, v in p.items()}
    return {"d" + k: numerical_gradient(lambda: cost(p), p[k]) for k in p}
