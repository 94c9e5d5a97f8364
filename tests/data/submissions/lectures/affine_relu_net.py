import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    out = x.reshape(N, -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = np.dot(x.reshape(N, -1).T, dout)
    db = np.dot(dout.T, np.ones(N))
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    dx = dout
    dx[cache < 0] = 0
    return dx


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def softmax_loss(x, y):
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = np.exp(log_probs)
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


class ThreeLayerNet(object):
    def __init__(self, params, reg):
        self.params, self.reg = params, reg

    def loss(self, X, y=None):
        p = self.params
        h1, c1 = affine_relu_forward(X, p['W1'], p['b1'])
        h2, c2 = affine_relu_forward(h1, p['W2'], p['b2'])
        scores, c3 = affine_forward(h2, p['W3'], p['b3'])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(p['W1']**2) + np.sum(p['W2']**2) + np.sum(p['W3']**2))

        grads = {}
        dh2, grads['W3'], grads['b3'] = affine_backward(dscores, c3)
        dh1, grads['W2'], grads['b2'] = affine_relu_backward(dh2, c2)
        dX, grads['W1'], grads['b1'] = affine_relu_backward(dh1, c1)
        grads['W3'] += self.reg * p['W3']
        grads['W2'] += self.reg * p['W2']
        grads['W1'] += self.reg * p['W1']
        return loss, grads
