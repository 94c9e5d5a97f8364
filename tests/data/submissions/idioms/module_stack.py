import numpy as np


class Dense:
    def __init__(self, fan_in, fan_out, rng):
        self.weight = rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)
        self.bias = np.zeros((1, fan_out))

    def __call__(self, x):
        self.inp = x
        return x @ self.weight + self.bias

    def backward(self, dout):
        self.dweight = self.inp.T @ dout
        self.dbias = np.sum(dout, axis=0, keepdims=True)
        return dout @ self.weight.T


class Tanh:
    def __call__(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out ** 2)


class Softmax:
    def __call__(self, x):
        shifted = np.exp(x - x.max(axis=1, keepdims=True))
        self.out = shifted / shifted.sum(axis=1, keepdims=True)
        return self.out

    def backward(self, dout):
        dx = dout * self.out * (1 - self.out)
        return dx


class NLL:
    def __call__(self, probs, labels):
        self.probs, self.labels = probs, labels
        self.rows = np.arange(len(labels))
        return -np.log(probs[self.rows, labels]).mean()

    def backward(self):
        d = np.zeros_like(self.probs)
        d[self.rows, self.labels] = -1 / self.probs[self.rows, self.labels]
        return d / len(self.labels)


class Sequential:
    def __init__(self, *mods):
        self.mods = mods
        self.criterion = NLL()

    def loss(self, x, labels):
        for mod in self.mods:
            x = mod(x)
        return self.criterion(x, labels)

    def backward(self):
        d = self.criterion.backward()
        for mod in reversed(self.mods):
            d = mod.backward(d)
        return d


def build(n_in, n_hidden, n_out, seed=1):
    rng = np.random.default_rng(seed)
    return Sequential(Dense(n_in, n_hidden, rng), Tanh(), Dense(n_hidden, n_out, rng), Softmax())
