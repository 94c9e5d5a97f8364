import numpy as np


class BatchNorm:
    """Normalises every unit (row) over the examples (columns)."""

    def __init__(self, units, eps=1e-5):
        self.gamma = np.ones((units, 1))
        self.beta = np.zeros((units, 1))
        self.eps = eps

    def forward(self, Z):
        centred = Z - Z.mean(axis=1, keepdims=True)
        self.std = np.sqrt((centred ** 2).mean(axis=1, keepdims=True) + self.eps)
        self.Zn = centred / self.std
        return self.gamma * self.Zn + self.beta

    def backward(self, dY):
        self.dgamma = (dY * self.Zn).sum(axis=1, keepdims=True)
        self.dbeta = dY.sum(axis=1, keepdims=True)
        g = dY * self.gamma
        return g / self.std


class Model:
    def __init__(self, n_in, units, seed=3):
        rng = np.random.RandomState(seed)
        self.W = rng.randn(units, n_in) * 0.7
        self.bn = BatchNorm(units)
        self.v = rng.randn(1, units)
        self.c = np.zeros((1, 1))

    def predict(self, X):
        self.X = X
        self.H = np.tanh(self.bn.forward(self.W @ X))
        self.P = 1 / (1 + np.exp(-(self.v @ self.H + self.c)))
        return self.P

    def loss(self, X, Y):
        P = self.predict(X)
        return np.mean(-Y * np.log(P) - (1 - Y) * np.log(1 - P))

    def backward(self, Y):
        dS = (self.P - Y) / Y.shape[1]
        self.dv = dS @ self.H.T
        self.dc = dS.sum(axis=1, keepdims=True)
        dH = self.v.T @ dS
        dZ = self.bn.backward(dH * (1 - self.H ** 2))
        self.dW = dZ @ self.X.T

    def step(self, X, Y, lr):
        value = self.loss(X, Y)
        self.backward(Y)
        self.W = self.W - lr * self.dW
        self.v = self.v - lr * self.dv
        self.c = self.c - lr * self.dc
        self.bn.gamma = self.bn.gamma - lr * self.bn.dgamma
        self.bn.beta = self.bn.beta - lr * self.bn.dbeta
        return value
