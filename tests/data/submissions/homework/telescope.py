import numpy as np


class BinaryCrossEntropy:
    def value(self, p, y):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    # together with the sigmoid at the output
    def delta(self, p, y):
        return (p - y) / len(y)


class GammaHadronNet:
    """Telescope events: gamma (1) or background (0)."""

    def __init__(self, sizes, rng):
        self.loss = BinaryCrossEntropy()
        self.W = [rng.normal(size=(i, o)) / np.sqrt(i) for i, o in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros((1, o)) for o in sizes[1:]]

    @staticmethod
    def _sig(z):
        return 1.0 / (1.0 + np.exp(-z))

    def forward(self, x):
        self.acts = [x]
        for W, b in zip(self.W, self.b):
            self.acts.append(self._sig(self.acts[-1] @ W + b))
        return self.acts[-1]

    def cost(self, x, y):
        return self.loss.value(self.forward(x), y)

    def backward(self, y):
        n = len(y)
        L = len(self.W)
        self.dW, self.db = [None] * L, [None] * L
        d = self.loss.delta(self.acts[-1], y)
        for k in reversed(range(L)):
            self.dW[k] = self.acts[k].T @ d / n
            self.db[k] = d.sum(axis=0, keepdims=True) / n
            if k > 0:
                d = d @ self.W[k].T
                d = d * self.acts[k] * (1 - self.acts[k])

    def step(self, lr):
        for k in range(len(self.W)):
            self.W[k] -= lr * self.dW[k]
            self.b[k] -= lr * self.db[k]
