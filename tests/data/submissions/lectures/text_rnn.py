"""Vanilla RNN over characters. Row vectors, so x_t @ Wxh."""
import numpy as np


class CharRNN:
    def __init__(self, vocab_size, hidden_size):
        k = 0.1
        self.Wxh = np.random.randn(vocab_size, hidden_size) * k
        self.Whh = np.random.randn(hidden_size, hidden_size) * k
        self.Who = np.random.randn(hidden_size, vocab_size) * k
        self.bh = np.zeros(hidden_size)
        self.bo = np.zeros(vocab_size)

    def forward(self, idx, h0=None):
        self.idx = idx
        T = len(idx)
        H = self.bh.size
        # hs[0] is the state before the first character
        self.hs = np.zeros((T + 1, H))
        if h0 is not None:
            self.hs[0] = h0
        self.ps = np.zeros((T, self.bo.size))
        for t in range(T):
            # multiplying with a one-hot row = taking a row of Wxh
            self.hs[t + 1] = np.tanh(self.Wxh[idx[t]] + self.hs[t] @ self.Whh + self.bh)
            o = self.hs[t + 1] @ self.Who + self.bo
            o = np.exp(o - o.max())
            self.ps[t] = o / o.sum()
        return self.ps

    def loss(self, idx, targets):
        ps = self.forward(idx)
        return -np.log(ps[np.arange(len(targets)), targets]).sum()

    def backward(self, targets):
        T = len(targets)
        do = self.ps.copy()
        do[np.arange(T), targets] -= 1.
        dWho = self.hs[1:].T @ do
        dbo = do.sum(axis=0)
        dWxh = np.zeros_like(self.Wxh)
        dWhh = np.zeros_like(self.Whh)
        dbh = np.zeros_like(self.bh)
        da = np.zeros(self.bh.size)
        for t in range(T)[::-1]:
            dh = self.Who @ do[t] + self.Whh @ da
            da = dh * (1. - self.hs[t + 1] ** 2)
            dWxh[self.idx[t]] += da
            dWhh += np.outer(self.hs[t], da)
            dbh += da
        return {'Wxh': dWxh, 'Whh': dWhh, 'Who': dWho, 'bh': dbh, 'bo': dbo}

    def sample(self, first, n, h):
        out = [first]
        for _ in range(n):
            h = np.tanh(self.Wxh[out[-1]] + h @ self.Whh + self.bh)
            o = np.exp(h @ self.Who + self.bo)
            out.append(np.random.choice(o.size, p=o / o.sum()))
        return out
