import numpy as np


class RegNet:
    """Binary classifier, relu hidden layers, one sigmoid output. Columns are examples."""

    def __init__(self, layer_dims, lambd=0.1, seed=3):
        rng = np.random.RandomState(seed)
        self.L = len(layer_dims) - 1
        self.lambd = lambd
        self.params = {}
        for l in range(1, self.L + 1):
            n, p = layer_dims[l], layer_dims[l - 1]
            self.params['W%d' % l] = rng.randn(n, p) * np.sqrt(2.0 / p)
            self.params['b%d' % l] = np.zeros((n, 1))

    def forward(self, X):
        self.Z, self.A = {}, {0: X}
        for l in range(1, self.L + 1):
            Z = self.params['W%d' % l].dot(self.A[l - 1]) + self.params['b%d' % l]
            self.Z[l] = Z
            self.A[l] = np.maximum(Z, 0) if l < self.L else 1.0 / (1.0 + np.exp(-Z))
        return self.A[self.L]

    def cost(self, X, Y):
        m = X.shape[1]
        P = self.forward(X)
        data = -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum() / m
        penalty = 0.0
        for l in range(1, self.L + 1):
            penalty += np.sum(np.square(self.params['W%d' % l]))
        return data + self.lambd / (2.0 * m) * penalty

    def gradients(self, X, Y):
        m = X.shape[1]
        P = self.forward(X)
        grads = {}
        dZ = P - Y
        for l in range(self.L, 0, -1):
            W = self.params['W%d' % l]
            grads['dW%d' % l] = dZ.dot(self.A[l - 1].T) / m + self.lambd * W
            grads['db%d' % l] = dZ.sum(axis=1, keepdims=True) / m
            if l > 1:
                dZ = W.T.dot(dZ) * (self.Z[l - 1] > 0)
        return grads

    def descend(self, X, Y, lr=0.05, iterations=1000):
        for _ in range(iterations):
            grads = self.gradients(X, Y)
            for name in self.params:
                self.params[name] = self.params[name] - lr * grads['d' + name]
        return self.cost(X, Y)
