import numpy as np


class Denoiser:
    """Small ReLU network that maps a noisy window (row) to the clean window."""

    def __init__(self, width, hidden, seed=7):
        rng = np.random.default_rng(seed)
        self.We = rng.normal(0, np.sqrt(2 / width), (width, hidden))
        self.be = np.zeros(hidden)
        self.Wd = rng.normal(0, np.sqrt(1 / hidden), (hidden, width))
        self.bd = np.zeros(width)

    def forward(self, noisy):
        self.noisy = noisy
        self.pre = noisy @ self.We + self.be
        self.code = np.where(self.pre > 0, self.pre, 0.0)
        self.out = self.code @ self.Wd + self.bd
        return self.out

    def mse(self, noisy, clean):
        return np.mean((self.forward(noisy) - clean) ** 2)

    def backward(self, clean):
        g_out = (self.out - clean) / clean.size
        self.grad_Wd = self.code.T @ g_out
        self.grad_bd = g_out.sum(0)
        g_code = g_out @ self.Wd.T
        g_pre = np.where(self.pre > 0, g_code, 0.0)
        self.grad_We = self.noisy.T @ g_pre
        self.grad_be = g_pre.sum(0)

    def step(self, lr):
        for name in ("We", "be", "Wd", "bd"):
            value = getattr(self, name)
            setattr(self, name, value - lr * getattr(self, "grad_" + name))

    def fit(self, noisy, clean, lr=0.01, epochs=100):
        log = []
        for _ in range(epochs):
            log.append(self.mse(noisy, clean))
            self.backward(clean)
            self.step(lr)
        return log
