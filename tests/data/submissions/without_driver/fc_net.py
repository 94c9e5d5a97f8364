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
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    return affine_backward(da, fc_cache)


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


class FullyConnectedNet(object):
    """
    {affine - relu} x (L - 1) - affine - softmax
    Learnable parameters are stored in the self.params dictionary.
    """

    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10,
                 reg=0.05, weight_scale=1e-2, dtype=np.float64, seed=None):
        self.reg = reg
        self.dtype = dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        rng = np.random.RandomState(seed)
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(1, self.num_layers + 1):
            self.params['W%d' % i] = weight_scale * rng.randn(dims[i - 1], dims[i])
            self.params['b%d' % i] = np.zeros(dims[i])
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = 'test' if y is None else 'train'

        caches = {}
        out = X
        for i in range(1, self.num_layers):
            out, caches[i] = affine_relu_forward(out, self.params['W%d' % i], self.params['b%d' % i])
        last = self.num_layers
        scores, caches[last] = affine_forward(out, self.params['W%d' % last], self.params['b%d' % last])

        if mode == 'test':
            return scores

        loss, dout = softmax_loss(scores, y)
        grads = {}
        for i in range(last, 0, -1):
            W, b = self.params['W%d' % i], self.params['b%d' % i]
            loss += 0.5 * self.reg * np.sum(W * W)
            backward = affine_backward if i == last else affine_relu_backward
            dout, dW, db = backward(dout, caches[i])
            grads['W%d' % i] = dW + self.reg * W
            grads['b%d' % i] = db + self.reg * b
        return loss, grads
