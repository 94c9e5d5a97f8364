import numpy as np

r = np.random.default_rng(53)
A0, Y = r.normal(size=(4, 7)), r.normal(size=(2, 7))
parameters = {"W1": r.normal(size=(5, 4)), "W2": r.normal(size=(3, 5)), "W3": r.normal(size=(2, 3))}


def forward(p):
    A1 = np.tanh(p["W1"] @ A0)
    A2 = np.tanh(p["W2"] @ A1)
    A3 = p["W3"] @ A2
    return A1, A2, A3


def cost(p):
    A1, A2, A3 = forward(p)
    return np.sum((A3 - Y) ** 2) / 14


def gradients(p):
    A1, A2, A3 = forward(p)
    dA4 = (A3 - Y) / 7
    dA3 = p["W3"].T @ dA4
    dZ2 = dA3 * (1 - A2**2)
    dA2 = p["W2"].T @ dZ2
    dZ1 = dA2 * (1 - A1**2)
    dA1 = p["W1"].T @ dZ1
    return {"dW3": dA4 @ A2.T, "dW2": dZ2 @ A1.T, "dW1": dZ1 @ A0.T, "dA4": dA4, "dA3": dA3, "dA2": dA2, "dA1": dA1}
