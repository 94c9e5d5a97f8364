import numpy as np

# every layer is a function: input -> (output, pullback)


def affine(W, b):
    def layer(x):
        def pullback(dy):
            return dy @ W.T, (x.T @ dy, dy.sum(axis=0))
        return x @ W + b, pullback
    return layer


def leaky_relu(slope=0.1):
    def layer(x):
        neg = x < 0

        def pullback(dy):
            dx = dy.copy()
            dx[neg] = slope
            return dx, None
        return np.where(neg, slope * x, x), pullback
    return layer


def bce_with_logits(y):
    def layer(z):
        z = z[:, 0]
        n = len(y)

        def pullback():
            p = 1 / (1 + np.exp(-z))
            return ((p - y) / n)[:, None]
        return np.mean(np.logaddexp(0, z) - y * z), pullback
    return layer


def build(weights):
    layers = []
    for W, b in weights[:-1]:
        layers += [affine(W, b), leaky_relu()]
    layers.append(affine(*weights[-1]))
    return layers


def value_and_grad(weights, X, y):
    pullbacks = []
    out = X
    for layer in build(weights):
        out, pb = layer(out)
        pullbacks.append(pb)
    value, start = bce_with_logits(y)(out)
    d = start()
    grads = []
    while pullbacks:
        d, g = pullbacks.pop()(d)
        if g is not None:
            grads.append(g)
    return value, grads[::-1]
