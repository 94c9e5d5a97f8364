import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    inv = 1.0 / np.sqrt(var + eps)
    x_hat = (x - mu) * inv
    out = gamma * x_hat + beta
    cache = (x, x_hat, gamma, mu, inv)
    return out, cache


def batchnorm_backward_alt(dout, cache):
    x, x_hat, gamma, mu, inv = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x, axis=0)
    dx_hat = dout * gamma
    dx = inv / N * (N * dx_hat - np.sum(dx_hat, axis=0) - x_hat * np.sum(dx_hat * x_hat, axis=0))
    return dx, dgamma, dbeta


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, x):
    return dout * (x > 0)


class FullyConnectedNet(object):
    """{affine - batchnorm - relu} x 2 - affine - softmax"""

    def __init__(self, params, reg=0.0):
        self.params = params
        self.reg = reg

    def loss(self, X, y):
        p = self.params
        out, caches = X, []
        for i in ('1', '2'):
            a = out.dot(p['W' + i])
            bn, bn_cache = batchnorm_forward(a, p['gamma' + i], p['beta' + i])
            act, relu_cache = relu_forward(bn)
            caches.append((out, bn_cache, relu_cache))
            out = act
        scores = out.dot(p['W3']) + p['b3']

        N = X.shape[0]
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs = e / e.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(probs[np.arange(N), y]))
        for w in ('W1', 'W2', 'W3'):
            loss += 0.5 * self.reg * np.sum(p[w] ** 2)

        grads = {}
        dscores = probs
        dscores[np.arange(N), y] -= 1
        dscores /= N
        grads['W3'] = out.T.dot(dscores)
        grads['b3'] = dscores.sum(axis=0)
        dout = dscores.dot(p['W3'].T)
        for i in ('2', '1'):
            x_in, bn_cache, relu_cache = caches[int(i) - 1]
            dbn = relu_backward(dout, relu_cache)
            da, grads['gamma' + i], grads['beta' + i] = batchnorm_backward_alt(dbn, bn_cache)
            grads['W' + i] = x_in.T.dot(da)
            dout = da.dot(p['W' + i].T)
        for w in ('W1', 'W2', 'W3'):
            grads[w] += self.reg * p[w]
        return loss, grads
