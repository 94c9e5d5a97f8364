import numpy as np


class LNRegressor:
    """Linear -> LayerNorm -> tanh -> Linear, mean squared error. Batch on axis 0."""

    EPS = 1e-5

    def __init__(self, params):
        self.params = params

    def __call__(self, X):
        W, b, gain, shift, V, c = (self.params[k] for k in ("W", "b", "gain", "shift", "V", "c"))
        self.X = X
        U = X @ W + b
        mean = U.mean(axis=1, keepdims=True)
        self.inv = 1.0 / np.sqrt(U.var(axis=1, keepdims=True) + self.EPS)
        self.N = (U - mean) * self.inv
        self.H = np.tanh(self.N * gain + shift)
        self.out = self.H @ V + c
        return self.out

    def loss(self, X, Y):
        return np.mean(np.sum((self(X) - Y) ** 2, axis=1))

    def backward(self, Y):
        p, g = self.params, {}
        batch = len(Y)
        dout = 2.0 * (self.out - Y) / batch
        g["V"] = self.H.T @ dout
        g["c"] = dout.sum(axis=0)

        dM = (dout @ p["V"].T) * (1.0 - self.H * self.H)
        g["gain"] = (dM * self.N).sum(axis=0)
        g["shift"] = dM.sum(axis=0)

        dN = dM * p["gain"]
        m1 = dN.mean(axis=0, keepdims=True)
        m2 = (dN * self.N).mean(axis=1, keepdims=True)
        dU = self.inv * (dN - m1 - self.N * m2)
        g["W"] = self.X.T @ dU
        g["b"] = dU.sum(axis=0)
        return g
