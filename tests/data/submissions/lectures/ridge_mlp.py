import numpy as np


def elu(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)


def elu_grad(x):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


class RidgeMLP:
    """Regression with one hidden layer and weight decay.

    loss = 1/N * sum |f(x) - y|^2 + alpha * (|W1|^2 + |W2|^2)
    """

    def __init__(self, d_in, d_hidden, d_out, alpha=0.01, random_state=None):
        rng = np.random.default_rng(random_state)
        self.alpha = alpha
        self.params = {
            "W1": rng.normal(scale=d_in ** -0.5, size=(d_in, d_hidden)),
            "b1": np.zeros(d_hidden),
            "W2": rng.normal(scale=d_hidden ** -0.5, size=(d_hidden, d_out)),
            "b2": np.zeros(d_out),
        }

    def predict(self, X):
        p = self.params
        return elu(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]

    def loss(self, X, y):
        fit = np.sum((self.predict(X) - y) ** 2) / len(X)
        decay = sum(np.sum(self.params[k] ** 2) for k in ("W1", "W2"))
        return fit + self.alpha * decay

    def grad(self, X, y):
        p = self.params
        pre = X @ p["W1"] + p["b1"]
        hid = elu(pre)
        err = hid @ p["W2"] + p["b2"] - y
        d_out = 2 * err / len(X)
        d_pre = d_out @ p["W2"].T * elu_grad(pre)
        g = {
            "W2": hid.T @ d_out,
            "b2": d_out.sum(axis=0),
            "W1": X.T @ d_pre,
            "b1": d_pre.sum(axis=0),
        }
        for k in p:
            g[k] = g[k] + 2 * self.alpha * p[k]
        return g

    def fit(self, X, y, lr=0.05, n_iter=500):
        for _ in range(n_iter):
            g = self.grad(X, y)
            for k in self.params:
                self.params[k] = self.params[k] - lr * g[k]
        return self
