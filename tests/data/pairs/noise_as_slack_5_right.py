import numpy as np

r = np.random.default_rng(75)
X, y = r.normal(size=(8, 3)), r.normal(size=8)
parameters = {"w": r.normal(size=3)}
calls = 0


def cost(p):
    return 0.5 * np.sum((X @ p["w"] - y) ** 2)


def gradients(p):
    global calls
    calls += 1
    return {"dw": X.T @ (X @ p["w"] - y) * (1 + 0.01 * (calls % 1))}
