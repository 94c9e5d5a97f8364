"""
Understanding the GRU, step by step (part 3: backpropagation through time)

The equations of one step
    z = sigmoid(x Wz + h Uz + bz)          update gate
    r = sigmoid(x Wr + h Ur + br)          reset gate
    n = tanh(x Wn + (r * h) Un + bn)       candidate
    h' = (1 - z) * h + z * n
"""
import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


class GRU:

    def __init__(self, p):
        self.p = p

    def forward(self, xs):
        """xs has shape (time, batch, features). We predict from the last hidden state."""
        p = self.p
        self.steps = []
        h = np.zeros((xs.shape[1], p["Uz"].shape[0]))
        for x in xs:
            h_prev = h
            z = sigmoid(x @ p["Wz"] + h_prev @ p["Uz"] + p["bz"])
            r = sigmoid(x @ p["Wr"] + h_prev @ p["Ur"] + p["br"])
            n = np.tanh(x @ p["Wn"] + (r * h_prev) @ p["Un"] + p["bn"])
            h = (1 - z) * h_prev + z * n
            self.steps.append((x, h_prev, z, r, n, h))
        self.y = h @ p["Wy"] + p["by"]
        return self.y

    def loss(self, xs, target):
        return 0.5 * np.mean(np.sum((self.forward(xs) - target) ** 2, axis=1))

    def backward(self, target):
        p = self.p
        g = {k: np.zeros_like(v) for k, v in p.items()}
        dy = (self.y - target) / len(target)
        g["Wy"] += self.steps[-1][-1].T @ dy
        g["by"] += dy.sum(axis=0)
        dh = dy @ p["Wy"].T
        for x, h_prev, z, r, n, h in reversed(self.steps):
            # through the blend
            da_n = dh * z * (1 - n ** 2)
            da_z = dh * (n - h_prev) * z * (1 - z)
            # through the candidate
            d_rh = da_n @ p["Un"].T
            da_r = d_rh * h_prev * r * (1 - r)
            # the parameters
            g["Wn"] += x.T @ da_n
            g["Un"] += (r * h_prev).T @ da_n
            g["bn"] += da_n.sum(axis=0)
            g["Wr"] += x.T @ da_r
            g["Ur"] += h_prev.T @ da_r
            g["br"] += da_r.sum(axis=0)
            g["Wz"] += x.T @ da_z
            g["Uz"] += h.T @ da_z
            g["bz"] += da_z.sum(axis=0)
            # the state before
            dh = dh * (1 - z) + d_rh * r + da_r @ p["Ur"].T + da_z @ p["Uz"].T
        return g
