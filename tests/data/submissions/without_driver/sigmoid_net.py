import numpy as np


def fc_forward(x, W, b):
    return np.dot(x, W) + b, (x, W, b)


def fc_backward(dout, cache):
    x, W, b = cache
    dx = np.dot(dout, W.T)
    dW = np.dot(x.T, dout)
    db = np.sum(dout, axis=0)
    return dx, dW, db


def sigmoid_forward(x):
    s = 1.0 / (1.0 + np.exp(-x))
    return s, s


def sigmoid_backward(dout, cache):
    s = cache
    return dout * s * (1.0 - s)


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = np.exp(log_probs)
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


class SigmoidNet(object):
    """ fc - sigmoid - fc - sigmoid - fc - softmax """

    def __init__(self, input_dim, hidden_dims, num_classes, scale=0.5, reg=0.0):
        self.reg = reg
        self.weights = {}
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        self.num_layers = len(dims) - 1
        for i in range(self.num_layers):
            self.weights['W%d' % (i + 1)] = scale * np.random.randn(dims[i], dims[i + 1])
            self.weights['b%d' % (i + 1)] = np.zeros(dims[i + 1])

    def scores(self, X):
        caches, h = [], X
        for i in range(1, self.num_layers + 1):
            h, fc_cache = fc_forward(h, self.weights['W%d' % i], self.weights['b%d' % i])
            s_cache = None
            if i < self.num_layers:
                h, s_cache = sigmoid_forward(h)
            caches.append((fc_cache, s_cache))
        return h, caches

    def loss(self, X, y):
        scores, caches = self.scores(X)
        loss, dout = softmax_loss(scores, y)
        grads = {}
        for i in range(self.num_layers, 0, -1):
            fc_cache, s_cache = caches[i - 1]
            if s_cache is not None:
                dout = sigmoid_backward(dout, s_cache)
            dout, dW, db = fc_backward(dout, fc_cache)
            W = self.weights['W%d' % i]
            loss += 0.5 * self.reg * np.sum(W ** 2)
            grads['W%d' % i] = dW + self.reg * W
            grads['b%d' % i] = db
        return loss, grads


if __name__ == '__main__':
    np.random.seed(3)
    X = np.random.randn(120, 4)
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0).astype(int)
    net = SigmoidNet(4, [10, 8], 3, scale=1.0, reg=1e-3)
    for step in range(400):
        loss, grads = net.loss(X, y)
        for k in net.weights:
            net.weights[k] -= 0.5 * grads[k]
    print('loss %.4f, accuracy %.3f' % (loss, (net.scores(X)[0].argmax(axis=1) == y).mean()))
