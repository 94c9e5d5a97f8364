import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """
    - x: Input data, of shape (N, D)
    - prev_h: Previous hidden state, of shape (N, H)
    - prev_c: previous cell state, of shape (N, H)
    - Wx: (D, 4H), Wh: (H, 4H), b: (4H,)
    """
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    ai, af, ao, ag = np.split(a, 4, axis=1)
    i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    do = dnext_h * np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - np.tanh(prev_c) ** 2)
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dprev_c = dc * f
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g ** 2)))
    dx = da.dot(Wx.T)
    dprev_h = da.dot(Wh.T)
    dWx = x.T.dot(da)
    dWh = prev_h.T.dot(da)
    db = da.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def loss_and_grads(x, h0, target, p):
    """x: (T, N, D). Squared error of a linear read-out of the last hidden state."""
    h, c = h0, np.zeros_like(h0)
    caches = []
    for t in range(x.shape[0]):
        h, c, cache = lstm_step_forward(x[t], h, c, p['Wx'], p['Wh'], p['b'])
        caches.append(cache)
    y = h.dot(p['Wy']) + p['by']
    N = len(target)
    loss = np.sum((y - target) ** 2) / N

    grads = {k: np.zeros_like(v) for k, v in p.items()}
    dy = 2 * (y - target) / N
    grads['Wy'] = h.T.dot(dy)
    grads['by'] = dy.sum(axis=0)
    dh, dc = dy.dot(p['Wy'].T), np.zeros_like(h0)
    for cache in reversed(caches):
        _, dh, dc, dWx, dWh, db = lstm_step_backward(dh, dc, cache)
        grads['Wx'] += dWx
        grads['Wh'] += dWh
        grads['b'] += db
    return loss, grads
