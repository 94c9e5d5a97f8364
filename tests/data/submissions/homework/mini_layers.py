import numpy as np


class Layer:
    def params(self):
        return {}


class Affine(Layer):
    def __init__(self, fan_in, fan_out, rs):
        self.w = rs.randn(fan_in, fan_out) * np.sqrt(2 / fan_in)
        self.b = np.zeros(fan_out)
        self.cache = None

    def forward(self, inp):
        self.cache = inp
        return np.matmul(inp, self.w) + self.b

    def backward(self, dout):
        inp = self.cache
        self.dw = np.matmul(inp.T, dout)
        self.db = np.mean(dout, axis=0)
        return np.matmul(dout, self.w.T)


class Softplus(Layer):
    def forward(self, inp):
        self.cache = inp
        return np.log1p(np.exp(inp))

    def backward(self, dout):
        return dout / (1 + np.exp(-self.cache))


class SquaredError:
    def forward(self, pred, target):
        self.cache = pred - target
        return 0.5 * np.sum(self.cache ** 2) / pred.shape[0]

    def backward(self):
        return self.cache / self.cache.shape[0]


class Sequential:
    def __init__(self, *layers):
        self.layers = layers
        self.crit = SquaredError()

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        return self.crit.forward(x, t)

    def backprop(self):
        g = self.crit.backward()
        for layer in self.layers[::-1]:
            g = layer.backward(g)
        return g


def build(d_in, d_hidden, d_out, seed=0):
    rs = np.random.RandomState(seed)
    return Sequential(Affine(d_in, d_hidden, rs), Softplus(), Affine(d_hidden, d_out, rs))
