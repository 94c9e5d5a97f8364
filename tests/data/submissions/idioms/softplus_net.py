import numpy as np
from collections import namedtuple

Layer = namedtuple("Layer", "W b")


def softplus(z):
    return np.log1p(np.exp(z))


def softplus_slope(z):
    return 1 / (1 + np.exp(-z))


def build(sizes, seed=5):
    rng = np.random.default_rng(seed)
    return [Layer(rng.normal(size=(sizes[i + 1], sizes[i])) * 0.5, np.zeros((sizes[i + 1], 1)))
            for i in range(len(sizes) - 1)]


def run(net, X):
    """Last layer is linear; samples are columns."""
    zs, acts = [], [X]
    for i, layer in enumerate(net):
        z = layer.W @ acts[-1] + layer.b
        zs.append(z)
        acts.append(z if i == len(net) - 1 else softplus(z))
    return zs, acts


def half_mse(net, X, T):
    _, acts = run(net, X)
    return np.sum((acts[-1] - T) ** 2) / (2 * X.shape[1])


def backprop(net, X, T):
    zs, acts = run(net, X)
    grads = [None for _ in net]
    delta = (acts[-1] - T) / X.shape[1]
    for i in reversed(range(len(net))):
        grads[i] = Layer(delta @ acts[i].T, delta.sum(1, keepdims=True))
        if i > 0:
            delta = net[i].W.T @ delta
            delta = delta * softplus_slope(acts[i])
    return grads


def descend(net, X, T, lr=0.01, steps=100):
    for _ in range(steps):
        grads = backprop(net, X, T)
        net = [Layer(l.W - lr * g.W, l.b - lr * g.b) for l, g in zip(net, grads)]
    return net
