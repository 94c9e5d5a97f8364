import numpy as np


class CreditModel(object):
    def __init__(self, d, h, lam=0.3, seed=0):
        rs = np.random.RandomState(seed)
        self.lam = lam
        self.theta = {
            'hidden_w': rs.randn(h, d) * .5,
            'hidden_b': np.zeros((h, 1)),
            'out_w': rs.randn(1, h) * .5,
            'out_b': np.zeros((1, 1)),
        }

    def _forward(self, X):
        th = self.theta
        self._X = X
        self._H = np.tanh(th['hidden_w'].dot(X) + th['hidden_b'])
        self._p = 1. / (1. + np.exp(-th['out_w'].dot(self._H) - th['out_b']))
        return self._p

    def _penalty(self):
        # weights only, biases are free
        return self.lam * sum(np.sum(v ** 2) for k, v in self.theta.items() if k.endswith('_w'))

    def cost(self, X, y):
        p = self._forward(X)
        m = X.shape[1]
        data = -np.sum(y * np.log(p) + (1. - y) * np.log(1. - p)) / m
        return data + self._penalty()

    def gradients(self, X, y):
        m = X.shape[1]
        p = self._forward(X)
        g = {}
        delta = (p - y) / m
        g['out_w'] = delta.dot(self._H.T)
        g['out_b'] = delta.sum(axis=1, keepdims=True)
        delta = self.theta['out_w'].T.dot(delta) * (1. - self._H ** 2)
        g['hidden_w'] = delta.dot(self._X.T)
        g['hidden_b'] = delta.sum(axis=1, keepdims=True)
        for k in g:
            if k.endswith('_w'):
                g[k] += self.lam * self.theta[k]
        return g

    def fit(self, X, y, step=0.1, n=200):
        for _ in range(n):
            g = self.gradients(X, y)
            for k in self.theta:
                self.theta[k] = self.theta[k] - step * g[k]
        return self
