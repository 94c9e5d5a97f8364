import numpy as np

r = np.random.default_rng(50)
X, y = r.normal(size=(8, 3)), r.normal(size=(8, 1))
parameters = {"W1": r.normal(size=(3, 5)), "W2": r.normal(size=(5, 1))}


def forward(p):
    Z1 = X @ p["W1"]
    A1 = 1 / (1 + np.exp(-Z1))
    return A1, A1 @ p["W2"]


def cost(p):
    return 0.5 * np.mean((forward(p)[1] - y) ** 2) + 0.5 * np.mean(np.abs(forward(p)[1] - y) ** 2)


def gradients(p):
    A1, out = forward(p)
    half = (out - y) / 8
    dA1 = half @ p["W2"].T
    return {"dW2": 3 * A1.T @ half, "dA1": dA1, "dW1": 2 * X.T @ (dA1 * A1 * (1 - A1))}
