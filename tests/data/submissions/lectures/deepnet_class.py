"""Fully connected softmax classifier with any number of layers. Samples are rows."""
import numpy as np


class DeepNet:
    def __init__(self, sizes, seed=0):
        rs = np.random.RandomState(seed)
        self.Ws = [rs.normal(0, 1 / np.sqrt(i), (i, o)) for i, o in zip(sizes[:-1], sizes[1:])]
        self.bs = [np.zeros((1, o)) for o in sizes[1:]]
        self.caches = []

    def forward(self, X):
        self.caches = []
        A = X
        n = len(self.Ws)
        for k in range(n):
            Z = A @ self.Ws[k] + self.bs[k]
            self.caches.append((A, Z, self.Ws[k]))
            if k < n - 1:
                A = np.tanh(Z)
            else:
                e = np.exp(Z - Z.max(axis=1, keepdims=True))
                A = e / e.sum(axis=1, keepdims=True)
        self.P = A
        return A

    def loss(self, X, T):
        P = self.forward(X)
        return -np.mean(np.sum(T * np.log(P), axis=1))

    def backward(self, T):
        n = len(self.Ws)
        dWs = [None] * n
        dbs = [None] * n
        # output layer
        A_in, Z, W = self.caches[n - 1]
        dZ = (self.P - T) / T.shape[0]
        dWs[n - 1] = A_in.T @ dZ
        dbs[n - 1] = dZ.sum(axis=0, keepdims=True)
        dA = dZ @ W.T
        # hidden layers
        for k in range(n - 2, -1, -1):
            A_in, Z, W = self.caches[k + 1]
            dZ = dA * (1 - np.tanh(Z) ** 2)
            dWs[k] = A_in.T @ dZ
            dbs[k] = dZ.sum(axis=0, keepdims=True)
            dA = dZ @ W.T
        return dWs, dbs

    def fit(self, X, T, lr=0.1, epochs=100):
        for _ in range(epochs):
            self.forward(X)
            dWs, dbs = self.backward(T)
            for k in range(len(self.Ws)):
                self.Ws[k] = self.Ws[k] - lr * dWs[k]
                self.bs[k] = self.bs[k] - lr * dbs[k]
