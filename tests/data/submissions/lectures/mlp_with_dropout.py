"""MLP for the 'wine' homework: relu, inverted dropout on the hidden layer, softmax."""
import numpy as np


class MLP:
    def __init__(self, n_in, n_hidden, n_out, keep=0.8):
        self.w_ih = np.random.randn(n_in, n_hidden) * np.sqrt(2 / n_in)
        self.b_h = np.zeros(n_hidden)
        self.w_ho = np.random.randn(n_hidden, n_out) * np.sqrt(2 / n_hidden)
        self.b_o = np.zeros(n_out)
        self.keep = keep

    def forward(self, x, training=True, seed=None):
        self.x = x
        self.pre = x @ self.w_ih + self.b_h
        self.hid = np.maximum(self.pre, 0)
        if training:
            rng = np.random.default_rng(seed)
            self.mask = (rng.random(self.hid.shape) < self.keep) / self.keep
            self.hid = self.hid * self.mask
        out = self.hid @ self.w_ho + self.b_o
        out = np.exp(out - out.max(1, keepdims=True))
        self.p = out / out.sum(1, keepdims=True)
        return self.p

    def loss(self, y):
        return -np.log(self.p[np.arange(y.size), y]).mean()

    def backward(self, y):
        n = y.size
        d_out = self.p.copy()
        d_out[np.arange(n), y] -= 1
        d_out /= n
        self.d_w_ho = self.hid.T @ d_out
        self.d_b_o = d_out.sum(0)
        d_hid = d_out @ self.w_ho.T
        d_pre = d_hid * (self.pre > 0)
        self.d_w_ih = self.x.T @ d_pre
        self.d_b_h = d_pre.sum(0)

    def step(self, lr):
        self.w_ih -= lr * self.d_w_ih
        self.b_h -= lr * self.d_b_h
        self.w_ho -= lr * self.d_w_ho
        self.b_o -= lr * self.d_b_o
