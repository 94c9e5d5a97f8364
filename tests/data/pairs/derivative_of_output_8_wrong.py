import numpy as np

gen = np.random.default_rng(5)
inputs, targets = gen.normal(size=(9, 4)), gen.normal(size=(9, 2))
parameters = {"V": gen.normal(size=(4, 5)), "U": gen.normal(size=(5, 2))}


def tanh_prime(y):
    return (1 - y) * (1 + y)


def passes(p):
    s = inputs @ p["V"]
    h = np.tanh(s)
    return s, h, h @ p["U"]


def cost(p):
    return 0.5 * np.mean(np.sum((passes(p)[2] - targets) ** 2, axis=1))


def gradients(p):
    s, h, out = passes(p)
    delta = (out - targets) / 9
    return {"dU": h.T @ delta, "dV": inputs.T @ (delta @ p["U"].T * tanh_prime(s))}
