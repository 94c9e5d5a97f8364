import numpy as np


def affine(X, W, b):
    return np.dot(X, W) + b, (X, W)


def affine_back(dZ, cache):
    X, W = cache
    return np.dot(dZ, W.T), np.dot(X.T, dZ), np.sum(dZ, axis=0)


def relu(Z):
    return np.where(Z > 0, Z, 0), Z


def relu_back(dA, Z):
    dZ = dA.copy()
    dZ[dA <= 0] = 0
    return dZ


def softmax_xent(S, y):
    S = S - S.max(axis=1, keepdims=True)
    logZ = np.log(np.exp(S).sum(axis=1, keepdims=True))
    logP = S - logZ
    n = len(y)
    cost = -logP[np.arange(n), y].sum() / n
    dS = np.exp(logP)
    dS[np.arange(n), y] -= 1
    return cost, dS / n


def forward_backward(X, y, params, num_layers):
    caches = []
    H = X
    for k in range(1, num_layers):
        Z, lin = affine(H, params['W%d' % k], params['b%d' % k])
        H, act = relu(Z)
        caches.append((lin, act))
    S, lin = affine(H, params['W%d' % num_layers], params['b%d' % num_layers])
    cost, dS = softmax_xent(S, y)

    grads = {}
    dH, grads['W%d' % num_layers], grads['b%d' % num_layers] = affine_back(dS, lin)
    for k in range(num_layers - 1, 0, -1):
        lin, act = caches.pop()
        dZ = relu_back(dH, act)
        dH, grads['W%d' % k], grads['b%d' % k] = affine_back(dZ, lin)
    return cost, grads


def sgd(params, grads, lr):
    for k in params:
        params[k] -= lr * grads[k]
