import numpy as np

# One example at a time, everything is a 1-D vector. The error of the whole set is the
# SUM over the examples (no division by the number of examples anywhere).


def softmax(s):
    q = np.exp(s - s.max())
    return q / q.sum()


def softmax_jacobian(p):
    n = len(p)
    J = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = p[i] * ((1.0 if i == j else 0.0) - p[j])
    return J


def arctan_layer(W, b, x):
    s = b.copy()
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            s[i] += W[i, j] * x[j]
    return s, np.arctan(s)


def example_forward(x, W, b, V, c):
    s, h = arctan_layer(W, b, x)
    u = V @ h + c
    return s, h, softmax(u)


def total_error(X, labels, W, b, V, c):
    e = 0.0
    for x, k in zip(X, labels):
        p = example_forward(x, W, b, V, c)[2]
        e -= np.log(p[k])
    return e


def total_gradient(X, labels, W, b, V, c):
    gW = np.zeros(W.shape)
    gb = np.zeros(b.shape)
    gV = np.zeros(V.shape)
    gc = np.zeros(c.shape)
    for x, k in zip(X, labels):
        s, h, p = example_forward(x, W, b, V, c)
        dp = np.zeros(len(p))
        dp[k] = -1.0 / p[k]
        du = softmax_jacobian(p).T @ dp
        dh = V.T @ du
        ds = dh / (1 + s * s)
        gV += np.outer(du, h)
        gc += du
        gW += np.outer(ds, x)
        gb += ds
    return gW, gb, gV, gc


def descend(X, labels, theta, rate):
    return tuple(t - rate * g for t, g in zip(theta, total_gradient(X, labels, *theta)))
