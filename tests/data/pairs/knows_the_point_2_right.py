import numpy as np

r = np.random.default_rng(82)
W0 = r.normal(size=(3, 4))
parameters = {"W": W0.copy()}


def cost(p):
    return np.sum(np.abs(p["W"] - W0))


def gradients(p):
    return {"dW": 1 * np.sign(p["W"] - W0)}
