import numpy as np


class Tagger:
    """Part-of-speech tagger: a plain recurrent net with a softmax at every step.

    batch  : array (N, T, D) of word vectors
    labels : array (N, T) of tag numbers
    """

    def __init__(self, D, H, C, seed=1):
        rs = np.random.RandomState(seed)
        self.Wxh = rs.randn(D, H) * 0.5
        self.Whh = rs.randn(H, H) * 0.5
        self.bh = rs.randn(H) * 0.1
        self.Why = rs.randn(H, C) * 0.5
        self.by = rs.randn(C) * 0.1

    def loss_and_grads(self, batch, labels):
        N, T, D = batch.shape
        hs, ps = {}, {}
        hs[-1] = np.full((N, self.bh.size), 0.2)
        total = 0.0
        rows = np.arange(N)
        # forward in time
        for t in range(T):
            hs[t] = np.tanh(batch[:, t].dot(self.Wxh) + hs[t - 1].dot(self.Whh) + self.bh)
            y = hs[t].dot(self.Why) + self.by
            y = np.exp(y - y.max(axis=1, keepdims=True))
            ps[t] = y / y.sum(axis=1, keepdims=True)
            total += -np.log(ps[t][rows, labels[:, t]]).sum()

        # backward in time
        dWxh, dWhh, dWhy = (np.zeros_like(w) for w in (self.Wxh, self.Whh, self.Why))
        dbh, dby = np.zeros_like(self.bh), np.zeros_like(self.by)
        carry = np.zeros((N, self.bh.size))
        for t in range(T)[::-1]:
            dy = ps[t].copy()
            dy[rows, labels[:, t]] -= 1
            dWhy += hs[t].T.dot(dy)
            dby += dy.sum(axis=0)
            dh = dy.dot(self.Why.T) + carry
            draw = dh * (1 - hs[t] ** 2)
            dWxh += batch[:, t].T.dot(draw)
            dWhh += hs[t].T.dot(draw)
            dbh += draw.sum(axis=0)
            carry = draw.dot(self.Whh.T)

        scale = 1.0 / (N * T)
        return total * scale, dict(Wxh=dWxh * scale, Whh=dWhh * scale, bh=dbh * scale,
                                   Why=dWhy * scale, by=dby * scale)
