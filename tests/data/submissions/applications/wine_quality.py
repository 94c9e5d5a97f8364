import numpy as np


class WineNet:
    """in -> tanh -> tanh -> softmax.  One wine per row, class given as one-hot."""

    def __init__(self, sizes, rng):
        self.layers = []
        for fan_in, fan_out in zip(sizes, sizes[1:]):
            self.layers.append({
                "W": rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in),
                "b": np.zeros(fan_out),
            })

    def predict(self, X):
        a = X
        self.inputs = []
        for k, lay in enumerate(self.layers):
            self.inputs.append(a)
            s = np.einsum("ni,io->no", a, lay["W"]) + lay["b"]
            a = np.tanh(s) if k + 1 < len(self.layers) else s
        s = s - s.max(axis=1, keepdims=True)
        e = np.exp(s)
        return e / e.sum(axis=1, keepdims=True)

    def objective(self, X, T):
        P = self.predict(X)
        return -np.einsum("nc,nc->", T, np.log(P)) / len(X)

    def gradient(self, X, T):
        """Returns a list of {"W": ..., "b": ...}, lowest layer first."""
        n = len(X)
        d = self.predict(X) - T
        out = []
        for k in range(len(self.layers) - 1, -1, -1):
            a = self.inputs[k]
            gW = np.einsum("ni,no->io", a, d)
            gb = np.einsum("no->o", d) / n
            out.insert(0, {"W": gW, "b": gb})
            if k:
                d = np.einsum("no,io->ni", d, self.layers[k]["W"])
                d = d * (1 - a * a)
        return out

    def descend(self, X, T, rate):
        for lay, g in zip(self.layers, self.gradient(X, T)):
            for key in g:
                lay[key] = lay[key] - rate * g[key]
