import numpy as np


class Activation:
    def __init__(self, f, df):
        self.f, self.df = f, df


def relu(z):
    return z * (z > 0)


def identity(z):
    return z


ACTIVATIONS = {
    'relu': Activation(relu, relu),
    'tanh': Activation(np.tanh, lambda z: 1.0 / np.cosh(z) ** 2),
    'identity': Activation(identity, np.ones_like),
}


class Layer:
    def __init__(self, n_in, n_out, activation):
        self.w = np.random.randn(n_out, n_in) * (1.0 / n_in) ** 0.5
        self.b = np.zeros((n_out, 1))
        self.act = ACTIVATIONS[activation]

    def forward(self, a):
        self.a_in = a
        self.z = self.w @ a + self.b
        return self.act.f(self.z)

    def backward(self, da):
        dz = da * self.act.df(self.z)
        self.dw = dz @ self.a_in.T
        self.db = dz @ np.ones((dz.shape[1], 1))
        return self.w.T @ dz


class Model:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, y):
        diff = self(x) - y
        return 0.5 * np.mean(np.sum(diff ** 2, axis=0))

    def backward(self, x, y):
        da = (self(x) - y) / x.shape[1]
        for layer in self.layers[::-1]:
            da = layer.backward(da)
        return da

    def update(self, lr):
        for layer in self.layers:
            layer.w -= lr * layer.dw
            layer.b -= lr * layer.db
