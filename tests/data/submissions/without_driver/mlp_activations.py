"""A small MLP. Activations are objects with f and df so that they can be swapped."""
import numpy as np


class Tanh:
    @staticmethod
    def f(z):
        return np.tanh(z)

    @staticmethod
    def df(z):
        return 1.0 - np.tanh(z) ** 2


class LeakyReLU:
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def f(self, z):
        return np.where(z > 0, z, self.alpha * z)

    def df(self, z):
        return np.where(z > 0, 1.0, self.alpha)


class Identity:
    @staticmethod
    def f(z):
        return z

    @staticmethod
    def df(z):
        return np.ones_like(z)


class Layer:
    def __init__(self, n_in, n_out, activation):
        self.activation = activation
        self.W = np.random.normal(0, np.sqrt(1.0 / n_in), size=(n_out, n_in))
        self.b = np.zeros((n_out, 1))

    def forward(self, a_prev):
        self.a_prev = a_prev
        self.z = self.W @ a_prev + self.b
        return self.activation.f(self.z)


class MLP:
    def __init__(self, sizes, hidden=None, output=None):
        hidden = hidden or Tanh()
        output = output or Identity()
        self.layers = []
        for i in range(len(sizes) - 1):
            act = output if i == len(sizes) - 2 else hidden
            self.layers.append(Layer(sizes[i], sizes[i + 1], act))
        self.grads = {}

    def forward(self, X):
        a = X
        for layer in self.layers:
            a = layer.forward(a)
        return a

    def loss(self, y_hat, y):
        m = y.shape[1]
        return 0.5 * np.sum((y_hat - y) ** 2) / m

    def backward(self, y_hat, y):
        m = y.shape[1]
        da = (y_hat - y) / m
        for i in range(len(self.layers), 0, -1):
            layer = self.layers[i - 1]
            dz = da * layer.activation.df(layer.z)
            self.grads['dW%d' % i] = dz @ layer.a_prev.T
            self.grads['db%d' % i] = dz.sum(axis=1, keepdims=True)
            da = layer.W.T @ dz
        return self.grads

    def step(self, lr):
        for i, layer in enumerate(self.layers, start=1):
            layer.W -= lr * self.grads['dW%d' % i]
            layer.b -= lr * self.grads['db%d' % i]


if __name__ == "__main__":
    np.random.seed(3)
    X = np.linspace(-2, 2, 80).reshape(1, -1)
    Y = np.sin(2 * X)
    net = MLP([1, 12, 12, 1], hidden=LeakyReLU())
    for epoch in range(1001):
        Y_hat = net.forward(X)
        net.backward(Y_hat, Y)
        net.step(0.05)
        if epoch % 250 == 0:
            print(epoch, net.loss(Y_hat, Y))
