import numpy as np


class Affine:
    def __init__(self, n_in, n_out, gen):
        self.w = gen.normal(0, 0.7, (n_in, n_out))
        self.b = gen.normal(0, 0.1, (1, n_out))

    def run(self, x):
        self.x = x
        return np.matmul(x, self.w) + self.b

    def rev(self, gy):
        self.gw = np.matmul(np.transpose(self.x), gy)
        self.gb = np.sum(gy, axis=0, keepdims=True)
        return np.matmul(gy, np.transpose(self.w))


class Logistic:
    def run(self, x):
        self.x = x
        self.y = 1.0 / (1.0 + np.exp(-x))
        return self.y

    def rev(self, gy):
        return gy * self.x * (1.0 - self.x)


class SquareLoss:
    """mean over all entries of the table"""

    def run(self, out, goal):
        self.diff = out - goal
        return np.mean(self.diff ** 2)

    def rev(self):
        return 2.0 * self.diff / self.diff.size


class Chain:
    def __init__(self, n_in, n_hid, n_out, seed=0):
        gen = np.random.default_rng(seed)
        self.parts = [Affine(n_in, n_hid, gen), Logistic(), Affine(n_hid, n_out, gen)]
        self.last = SquareLoss()

    def loss(self, x, goal):
        for part in self.parts:
            x = part.run(x)
        return self.last.run(x, goal)

    def backward(self):
        g = self.last.rev()
        for part in reversed(self.parts):
            g = part.rev(g)
        return g
