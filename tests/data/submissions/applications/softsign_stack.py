import numpy as np


def softsign(z):
    return z / (1 + np.abs(z))


def softsign_prime(z):
    return 1 / (1 + np.abs(z)) ** 2


class Stack:
    """Stack of softsign layers of equal width, half squared error, columns are samples."""

    def __init__(self, width, depth, seed=1):
        r = np.random.RandomState(seed)
        self.W = [r.uniform(-1, 1, (width, width)) for _ in range(depth)]
        self.b = [r.uniform(-.3, .3, (width, 1)) for _ in range(depth)]

    def forward(self, x):
        self.memory = []          # one (input, z) per layer
        for W, b in zip(self.W, self.b):
            z = np.dot(W, x) + b
            self.memory.append((x, z))
            x = softsign(z)
        self.out = x
        return x

    def error(self, x, t):
        return 0.5 * np.sum((self.forward(x) - t) ** 2) / x.shape[1]

    def backward(self, t):
        m = t.shape[1]
        depth = len(self.W)
        gW, gb = [0] * depth, [0] * depth

        # top layer
        x, z = self.memory[-1]
        delta = (self.out - t) * softsign_prime(z) / m
        gW[-1], gb[-1] = np.dot(delta, x.T), delta.sum(1)[:, None]

        # the others
        for i in reversed(range(depth - 1)):
            x, z = self.memory[i + 1]
            delta = np.dot(self.W[i + 1].T, delta) * softsign_prime(z)
            gW[i], gb[i] = np.dot(delta, x.T), delta.sum(1)[:, None]
        return gW, gb
