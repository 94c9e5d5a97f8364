import numpy as np

r = np.random.default_rng(122)
X, y = r.normal(size=(8, 4)), (r.random(8) < 0.5) * 1.0
parameters = r.normal(size=4)


def cost(theta):
    s = X @ theta
    return np.mean(np.logaddexp(0, s) - y * s)


def gradients(theta):
    step = 1e-5
    base, g = cost(theta), np.zeros(4)
    for i in range(4):
        moved = theta.copy()
        moved[i] += step
        g[i] = (cost(moved) - base) / (2 * step)
    return g
