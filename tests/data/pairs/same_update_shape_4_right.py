import numpy as np


class LogisticRegression:
    """x is (examples, features), y is (examples, 1)."""

    def __init__(self, features):
        self.w = np.random.randn(features, 1)
        self.b = np.zeros((1, 1))

    def forward(self, x):
        return 1 / (1 + np.exp(-(x @ self.w + self.b)))

    def loss(self, x, y):
        q = self.forward(x)
        return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))

    def gradients(self, x, y):
        error = self.forward(x) - y
        return x.T @ error / len(x), np.sum(error) / len(x)
