"""Assignment 2 - binary classifier for the two-moons data.

Rows of X are samples.  Network: 2 -> h1 -> h2 -> 1, tanh, tanh, sigmoid.
"""
import numpy as np


class MoonClassifier:

    def __init__(self, h1=4, h2=3, seed=0):
        gen = np.random.default_rng(seed)
        self.p = {
            "W1": gen.normal(size=(2, h1)),
            "b1": np.zeros(h1),
            "W2": gen.normal(size=(h1, h2)),
            "b2": np.zeros(h2),
            "W3": gen.normal(size=(h2, 1)),
            "b3": np.zeros(1),
        }
        self.cache = None

    def forward(self, X):
        p = self.p
        h = np.tanh(X @ p["W1"] + p["b1"])
        g = np.tanh(h @ p["W2"] + p["b2"])
        prob = 1.0 / (1.0 + np.exp(-(g @ p["W3"] + p["b3"])))
        self.cache = (X, h, g, prob)
        return prob

    def loss(self, y):
        """Mean cross-entropy of the last forward pass; y has shape (n, 1)."""
        prob = self.cache[-1]
        return -np.mean(y * np.log(prob) + (1 - y) * np.log(1 - prob))

    def backward(self, y):
        X, h, g, prob = self.cache
        p = self.p
        out = {}

        d3 = (prob - y) / len(y)
        out["W3"] = g.T @ d3
        out["b3"] = d3.sum(axis=0)

        d2 = (d3 @ p["W3"].T) * (1 - g * g)
        out["W2"] = h.T @ d2
        out["b2"] = d2.sum(axis=0)

        d1 = d2 @ p["W2"].T
        out["W1"] = X.T @ d1
        out["b1"] = d1.sum(axis=0)
        return out

    def step(self, X, y, lr=0.5):
        self.forward(X)
        g = self.backward(y)
        for name in self.p:
            self.p[name] = self.p[name] - lr * g[name]
        return self.loss(y)
