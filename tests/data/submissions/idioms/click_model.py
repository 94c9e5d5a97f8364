import numpy as np

# total negative log likelihood of clicks (reduction="sum"), one hidden layer


def unpack(vec, d, h):
    i = d * h
    W = vec[:i].reshape(d, h)
    c = vec[i:i + h]
    v = vec[i + h:i + 2 * h]
    k = vec[-1]
    return W, c, v, k


def pack(*arrays):
    return np.concatenate([np.ravel(a) for a in arrays])


def sigma(z):
    return 1. / (1. + np.exp(-z))


def neg_log_lik(vec, X, clicked, h):
    W, c, v, k = unpack(vec, X.shape[1], h)
    p = sigma(np.tanh(X @ W + c) @ v + k)
    return -np.sum(clicked * np.log(p) + (1 - clicked) * np.log(1 - p))


def neg_log_lik_grad(vec, X, clicked, h):
    W, c, v, k = unpack(vec, X.shape[1], h)
    hid = np.tanh(X @ W + c)
    p = sigma(hid @ v + k)
    e = (p - clicked) / clicked.size
    gv = e @ hid
    gk = e.sum()
    ehid = np.outer(e, v) * (1 - hid ** 2)
    gW = X.T @ ehid
    gc = ehid.sum(axis=0)
    return pack(gW, gc, gv, gk)


def minimise(X, clicked, h=3, eta=0.02, n_iter=500, seed=8):
    d = X.shape[1]
    vec = np.random.RandomState(seed).randn(d * h + 2 * h + 1) * 0.1
    for _ in range(n_iter):
        vec = vec - eta * neg_log_lik_grad(vec, X, clicked, h)
    return vec
