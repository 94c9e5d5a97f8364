import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    out = x
    out[out < 0] = 0
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    return dout * (x >= 0)


def softmax_loss(x, y):
    N = x.shape[0]
    logits = x - np.max(x, axis=1, keepdims=True)
    logZ = np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    log_probs = logits - logZ
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = np.exp(log_probs)
    dx[np.arange(N), y] -= 1
    return loss, dx / N


class FullyConnectedNet:
    def __init__(self, dims, weight_scale=0.5, seed=231):
        rng = np.random.RandomState(seed)
        self.num_layers = len(dims) - 1
        self.params = {}
        for i in range(self.num_layers):
            self.params['W%d' % (i + 1)] = weight_scale * rng.randn(dims[i], dims[i + 1])
            self.params['b%d' % (i + 1)] = np.zeros(dims[i + 1])

    def loss(self, X, y=None):
        caches = {}
        out = X
        for i in range(1, self.num_layers + 1):
            out, fc = affine_forward(out, self.params['W%d' % i], self.params['b%d' % i])
            nl = None
            if i < self.num_layers:
                out, nl = relu_forward(out)
            caches[i] = fc, nl
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        grads = {}
        for i in range(self.num_layers, 0, -1):
            fc, nl = caches[i]
            if nl is not None:
                dout = relu_backward(dout, nl)
            dout, grads['W%d' % i], grads['b%d' % i] = affine_backward(dout, fc)
        return loss, grads
