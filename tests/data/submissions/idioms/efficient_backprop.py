"""Network with the scaled tanh of LeCun's 'Efficient BackProp'; targets are +-1, cost is the RMSE."""
import numpy as np

AMP, SLOPE = 1.7159, 2.0 / 3.0


def act(s):
    return AMP * np.tanh(SLOPE * s)


def act_slope_from_output(f):
    return SLOPE / AMP * (AMP - f) * (AMP + f)


class LeNetish:
    def __init__(self, sizes, seed=0):
        rng = np.random.RandomState(seed)
        self.W = [rng.randn(a, b) / np.sqrt(a) for a, b in zip(sizes, sizes[1:])]
        self.b = [np.zeros(b) for b in sizes[1:]]

    def outputs(self, x):
        outs = [x]
        for W, b in zip(self.W, self.b):
            outs.append(act(outs[-1] @ W + b))
        return outs

    def rmse(self, x, t):
        return np.sqrt(np.mean((self.outputs(x)[-1] - t) ** 2))

    def gradients(self, x, t):
        outs = self.outputs(x)
        diff = outs[-1] - t
        rms = np.sqrt(np.mean(diff ** 2))
        back = diff / (diff.size * rms)
        gW, gb = [], []
        for W, out, inp in zip(self.W[::-1], outs[:0:-1], outs[-2::-1]):
            local = back * act_slope_from_output(out)
            gW.append(inp.T @ local)
            gb.append(local.sum(axis=0))
            back = local @ W.T
        return gW[::-1], gb[::-1]

    def update(self, x, t, lr=0.05):
        gW, gb = self.gradients(x, t)
        self.W = [p - lr * g for p, g in zip(self.W, gW)]
        self.b = [p - lr * g for p, g in zip(self.b, gb)]
        return self.rmse(x, t)
