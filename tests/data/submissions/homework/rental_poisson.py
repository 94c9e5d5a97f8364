import numpy as np


class BikeCounts:
    decay = 0.02

    def __init__(self, P):
        self.P = P

    def rate(self, X):
        P = self.P
        self.X = X
        self.h = X.dot(P["W1"]) + P["b1"]
        self.off = self.h < 0
        self.h[self.off] = 0
        self.skip = self.h + np.tanh(self.h.dot(P["W2"]))
        self.lograte = self.skip.dot(P["w3"]) + P["b3"]
        return np.exp(self.lograte)

    def loss(self, X, count):
        mu = self.rate(X)
        fit = np.mean(mu - count * self.lograte)
        return fit + self.decay * sum(np.sum(self.P[k] ** 2) for k in ("W1", "W2", "w3"))

    def grad(self, X, count):
        P = self.P
        dlog = self.rate(X)
        dlog -= count
        dlog /= count.size
        g = {"b3": dlog.sum(keepdims=True)}
        g["w3"] = self.skip.T.dot(dlog)
        dskip = np.outer(dlog, P["w3"])
        u = self.skip - self.h            # = tanh(...)
        du = dskip * (1 - u * u)
        g["W2"] = self.h.T.dot(du)
        dh = du.dot(P["W2"].T)
        dh += dskip
        dh[self.off] = 0
        g["W1"] = X.T.dot(dh)
        g["b1"] = dh.sum(0)
        for k in ("W1", "W2", "w3"):
            g[k] += 2 * self.decay * P[k]
        return g
