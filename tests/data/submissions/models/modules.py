import numpy as np


class Module:
    def params(self):
        return []

    def grads(self):
        return []


class Affine(Module):
    def __init__(self, fan_in, fan_out, rs):
        self.w = rs.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
        self.b = rs.standard_normal(fan_out) * 0.1
        self.gw = np.zeros_like(self.w)
        self.gb = np.zeros_like(self.b)

    def __call__(self, x):
        self.x = x
        return x @ self.w + self.b

    def back(self, up):
        self.gw[:] = self.x.T @ up
        self.gb[:] = up.sum()
        return up @ self.w.T

    def params(self):
        return [self.w, self.b]

    def grads(self):
        return [self.gw, self.gb]


class Rectifier(Module):
    def __call__(self, x):
        self.alive = (x > 0)
        return np.where(self.alive, x, 0.0)

    def back(self, up):
        return np.where(self.alive, up, 0.0)


class MeanSquare:
    """sum of squares over outputs, mean over rows, with the usual 1/2"""

    def __call__(self, guess, truth):
        self.diff = guess - truth
        return 0.5 * np.sum(self.diff ** 2) / len(truth)

    def back(self):
        return self.diff / len(self.diff)


class Chain(Module):
    def __init__(self, *mods):
        self.mods = mods

    def __call__(self, x):
        for mod in self.mods:
            x = mod(x)
        return x

    def back(self, up):
        for mod in self.mods[::-1]:
            up = mod.back(up)
        return up

    def params(self):
        return [q for mod in self.mods for q in mod.params()]

    def grads(self):
        return [q for mod in self.mods for q in mod.grads()]


def build(seed=0):
    rs = np.random.default_rng(seed)
    return Chain(Affine(3, 5, rs), Rectifier(), Affine(5, 2, rs))
