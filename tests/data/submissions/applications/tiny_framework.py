import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, a, b):
        self.W = Param(np.random.standard_normal((a, b)) * a ** -0.5)
        self.bias = Param(np.zeros((1, b)))

    def __call__(self, x):
        self.inp = x
        return x @ self.W.value + self.bias.value

    def vjp(self, g):
        self.W.grad = self.inp.T @ g
        self.bias.grad = g.sum(axis=0, keepdims=True)
        return g @ self.W.value.T

    def params(self):
        return [self.W, self.bias]


class Tanh:
    latest = None            # handy for plotting how saturated the units are

    def __call__(self, x):
        self.out = np.tanh(x)
        Tanh.latest = self.out
        return self.out

    def vjp(self, g):
        y = Tanh.latest
        return g * (1 - y * y)

    def params(self):
        return []


class Net:
    def __init__(self, n_in, n_hid, n_out):
        self.seq = [Linear(n_in, n_hid), Tanh(), Linear(n_hid, n_hid), Tanh(), Linear(n_hid, n_out)]

    def params(self):
        return [p for s in self.seq for p in s.params()]

    def loss(self, x, labels):
        for s in self.seq:
            x = s(x)
        self.labels = labels
        x = x - x.max(axis=1, keepdims=True)
        self.logp = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
        return -self.logp[np.arange(len(labels)), labels].mean()

    def backprop(self):
        n = len(self.labels)
        g = np.exp(self.logp)
        g[np.arange(n), self.labels] -= 1
        g /= n
        for s in self.seq[::-1]:
            g = s.vjp(g)
