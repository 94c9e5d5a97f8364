import numpy as np

EPS = 1e-5


class FullyConnected:
    def __init__(self, W):
        self.params = {"W": W}

    def fprop(self, X):
        self.cache = X
        return X @ self.params["W"]

    def bprop(self, G):
        self.grads = {"W": self.cache.T @ G}
        return G @ self.params["W"].T


class BatchNormalization:
    """Normalises every column over the minibatch, then scale and shift (training mode only)."""

    def __init__(self, scale, shift):
        self.params = {"scale": scale, "shift": shift}

    def fprop(self, X):
        centre = X - X.mean(axis=0)
        inv = 1.0 / np.sqrt((centre ** 2).mean(axis=0) + EPS)
        normal = centre * inv
        self.cache = (normal, inv)
        return normal * self.params["scale"] + self.params["shift"]

    def bprop(self, G):
        normal, inv = self.cache
        self.grads = {"scale": (G * normal).sum(axis=0), "shift": G.sum(axis=0)}
        D = G * self.params["scale"]
        return D * inv


class Tanh:
    params = {}
    grads = {}

    def fprop(self, X):
        self.cache = np.tanh(X)
        return self.cache

    def bprop(self, G):
        return G * (1.0 - self.cache ** 2)


def run_forward(stack, X):
    for layer in stack:
        X = layer.fprop(X)
    return X


def half_mse(out, Y):
    return 0.5 * np.mean(np.sum((out - Y) ** 2, axis=1))


def run_backward(stack, out, Y):
    G = (out - Y) / Y.shape[0]
    for layer in reversed(stack):
        G = layer.bprop(G)
    return [dict(layer.grads) for layer in stack]
