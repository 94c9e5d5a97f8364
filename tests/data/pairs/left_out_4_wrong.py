import numpy as np


def fc_forward(X, W, b):
    return X @ W + b, (X, W)


def fc_backward(dout, cache):
    X, W = cache
    return dout @ W.T, X.T @ dout, np.sum(dout, axis=0)


def dropout_forward(X, keep_prob):
    mask = (np.random.rand(*X.shape) < keep_prob) / keep_prob
    return X * mask, mask


def dropout_backward(dout, cache):
    return dout + cache
