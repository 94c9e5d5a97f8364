import numpy as np


class Dense:
    def __init__(self, n_in, n_out, use_bias=False, training=True, l2=0.0):
        self.weights = np.random.randn(n_in, n_out) * 0.1
        self.bias = np.zeros(n_out)
        self.use_bias, self.training, self.l2 = use_bias, training, l2

    def forward(self, x):
        if self.training:
            self.x = x
        out = x @ self.weights
        return out + self.bias if self.use_bias else out

    def backward(self, grad):
        self.dweights = self.x.T @ grad
        self.dbias = grad.sum(axis=0) if self.use_bias else np.zeros_like(self.bias)
        return grad @ self.weights.T
