"""affine - batchnorm - relu - affine - svm, to see whether batchnorm helps with large weight scales"""
import numpy as np


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(0)


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    if bn_param['mode'] == 'test':
        x_hat = (x - bn_param['running_mean']) / np.sqrt(bn_param['running_var'] + eps)
        return gamma * x_hat + beta, None
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    inv_std = 1. / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    out = gamma * x_hat + beta
    bn_param['running_mean'] = momentum * bn_param.get('running_mean', 0) + (1 - momentum) * mean
    bn_param['running_var'] = momentum * bn_param.get('running_var', 0) + (1 - momentum) * var
    return out, (x, x_hat, gamma, inv_std)


def batchnorm_backward(dout, cache):
    x, x_hat, gamma, inv_std = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x, axis=0)
    dx_hat = dout * gamma
    dx = inv_std / N * (N * dx_hat - dx_hat.sum(axis=0) - x_hat * (dx_hat * x_hat).sum(axis=0))
    return dx, dgamma, dbeta


def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


class BatchNormNet(object):
    def __init__(self, input_dim=20, hidden_dim=30, num_classes=4, weight_scale=1e-1, reg=0.0):
        self.reg = reg
        self.params = {
            'W1': weight_scale * np.random.randn(input_dim, hidden_dim),
            'b1': np.zeros(hidden_dim),
            'gamma1': np.ones(hidden_dim),
            'beta1': np.zeros(hidden_dim),
            'W2': weight_scale * np.random.randn(hidden_dim, num_classes),
            'b2': np.zeros(num_classes),
        }
        self.bn_param = {'mode': 'train'}

    def loss(self, X, y=None):
        p = self.params
        self.bn_param['mode'] = 'test' if y is None else 'train'
        a, fc1_cache = affine_forward(X, p['W1'], p['b1'])
        n, bn_cache = batchnorm_forward(a, p['gamma1'], p['beta1'], self.bn_param)
        h = np.maximum(0, n)
        scores, fc2_cache = affine_forward(h, p['W2'], p['b2'])
        if y is None:
            return scores

        grads = {}
        loss, dscores = svm_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(p['W1'] ** 2) + np.sum(p['W2'] ** 2))
        dh, grads['W2'], grads['b2'] = affine_backward(dscores, fc2_cache)
        dn = dh * (n > 0)
        da, grads['gamma1'], grads['beta1'] = batchnorm_backward(dn, bn_cache)
        _, grads['W1'], grads['b1'] = affine_backward(da, fc1_cache)
        grads['W1'] += self.reg * p['W1']
        grads['W2'] += self.reg * p['W2']
        return loss, grads


if __name__ == '__main__':
    np.random.seed(0)
    X = np.random.randn(256, 20)
    y = np.argmax(X[:, :4], axis=1)
    net = BatchNormNet()
    for it in range(301):
        loss, grads = net.loss(X, y)
        for k in net.params:
            net.params[k] -= 0.1 * grads[k]
        if it % 100 == 0:
            print(it, loss)
