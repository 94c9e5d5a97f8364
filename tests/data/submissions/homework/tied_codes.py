import numpy as np


class TiedAutoencoder:
    """code = tanh(X W + p),  reconstruction = code W' + q"""

    def __init__(self, n_in, n_code, rs):
        self.W = rs.standard_normal((n_in, n_code)) * 0.3
        self.p = np.zeros(n_code)
        self.q = np.zeros(n_in)

    def reconstruct(self, X):
        self.X = X
        self.code = np.tanh(X.dot(self.W) + self.p)
        self.R = self.code.dot(self.W.T) + self.q
        return self.R

    def loss(self, X):
        diff = self.reconstruct(X) - X
        return np.sum(diff ** 2) / (2 * X.shape[0])

    def backward(self):
        n = self.X.shape[0]
        grads = {}

        # decoder
        dR = (self.R - self.X) / n
        grads["q"] = dR.sum(axis=0)
        grads["W"] = dR.T.dot(self.code)
        dcode = dR.dot(self.W)

        # encoder
        dpre = dcode * (1 - self.code * self.code)
        grads["p"] = dpre.sum(axis=0)
        grads["W"] = self.X.T.dot(dpre)
        return grads

    def fit(self, X, lr=0.05, steps=300):
        history = []
        for _ in range(steps):
            history.append(self.loss(X))
            g = self.backward()
            for name in g:
                setattr(self, name, getattr(self, name) - lr * g[name])
        return history
