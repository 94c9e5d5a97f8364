import numpy as np


def squash(v):
    return 1.0 / (1.0 + np.exp(-v))


class Net:
    """inputs -> sigmoid hidden -> sigmoid outputs, trained on the squared error"""

    def __init__(self, n_in, n_hid, n_out):
        rs = np.random.RandomState(4)
        self.V = rs.uniform(-1, 1, (n_hid, n_in))
        self.vb = np.zeros(n_hid)
        self.U = rs.uniform(-1, 1, (n_out, n_hid))
        self.ub = np.zeros(n_out)

    def activate(self, x):
        h = squash(self.V.dot(x) + self.vb)
        o = squash(self.U.dot(h) + self.ub)
        return h, o

    def error(self, samples, targets):
        E = 0.0
        for x, t in zip(samples, targets):
            _, o = self.activate(x)
            E += 0.5 * np.sum((t - o) ** 2)
        return E

    def deltas(self, samples, targets):
        gV, gvb = np.zeros_like(self.V), np.zeros_like(self.vb)
        gU, gub = np.zeros_like(self.U), np.zeros_like(self.ub)
        for x, t in zip(samples, targets):
            h, o = self.activate(x)
            delta_o = o - t
            delta_h = np.dot(delta_o, self.U) * h * (1 - h)
            gU += np.outer(delta_o, h)
            gub += delta_o
            gV += np.outer(delta_h, x)
            gvb += delta_h
        return gV, gvb, gU, gub

    def learn(self, samples, targets, eta=0.5, epochs=50):
        for _ in range(epochs):
            gV, gvb, gU, gub = self.deltas(samples, targets)
            self.V = self.V - eta * gV
            self.vb = self.vb - eta * gvb
            self.U = self.U - eta * gU
            self.ub = self.ub - eta * gub
        return self.error(samples, targets)
