import numpy as np
# 4 layer network for the shapes data set (4 classes)
# columns = samples

SIZES = [3, 4, 4, 4, 4]
L = len(SIZES) - 1


def init(seed):
    np.random.seed(seed)
    par = {}
    for i in range(1, L + 1):
        par["W%d" % i] = np.random.randn(SIZES[i], SIZES[i - 1]) * 0.8
        par["b%d" % i] = np.random.randn(SIZES[i], 1) * 0.3
    return par


def forward(X, par):
    A = {0: X}
    for i in range(1, L):
        A[i] = np.tanh(par["W%d" % i] @ A[i - 1] + par["b%d" % i])
    scores = par["W%d" % L] @ A[L - 1] + par["b%d" % L]
    scores = scores - scores.max(axis=0, keepdims=True)
    A[L] = np.exp(scores) / np.exp(scores).sum(axis=0, keepdims=True)
    return A


def loss(A, labels):
    m = labels.size
    return -np.log(A[L][labels, np.arange(m)]).sum() / m


def backward(A, labels, par):
    m = labels.size
    delta = {}
    delta[L] = A[L].copy()
    delta[L][labels, np.arange(m)] -= 1
    delta[L] /= m
    for i in range(L - 1, 0, -1):
        back = par["W%d" % (i + 1)].T @ delta[L]
        delta[i] = back * (1 - A[i] ** 2)

    grads = {}
    for i in range(1, L + 1):
        grads["W%d" % i] = delta[i] @ A[i - 1].T
        grads["b%d" % i] = delta[i].sum(axis=1).reshape(-1, 1)
    return grads


def accuracy(X, labels, par):
    return (forward(X, par)[L].argmax(axis=0) == labels).mean()
