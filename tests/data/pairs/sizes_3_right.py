import numpy as np


def dense_forward(x, w, b):
    return x @ w + b, (x, w)


def dense_backward(dout, cache):
    x, w = cache
    rows, cols = dout.shape
    if cols == len(x) != rows:  # somebody handed in columns
        dout = dout.T
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
