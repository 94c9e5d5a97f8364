import numpy as np

def rnn_forward(xs, p):
    """xs: list of (n_in, batch) arrays"""
    hs = {-1: np.zeros((p["Wh"].shape[0], xs[0].shape[1]))}
    ys = {}
    for t, x in enumerate(xs):
        hs[t] = np.tanh(np.dot(p["Wx"], x) + np.dot(p["Wh"], hs[t - 1]) + p["bh"])
        ys[t] = np.dot(p["Wy"], hs[t]) + p["by"]
    return hs, ys

def sequence_cost(ys, targets):
    total = 0.0
    for t, target in enumerate(targets):
        total += 0.5 * np.sum(np.square(ys[t] - target))
    return total

def rnn_backward(xs, targets, p, hs, ys):
    g = {"d" + name: np.zeros_like(value) for name, value in p.items()}
    carry = np.zeros_like(hs[-1])
    for t in range(len(xs) - 1, -1, -1):
        dy = ys[t] - targets[t]
        g["dWy"] += np.dot(dy, hs[t].T)
        g["dby"] += np.sum(dy, axis=1, keepdims=True)
        dh = np.dot(p["Wy"].T, dy)
        dh += carry
        dh *= 1 - hs[t] * hs[t]
        g["dWx"] += np.dot(dh, xs[t].T)
        g["dWh"] += np.dot(dh, hs[t - 1].T)
        g["dbh"] += np.sum(dh, axis=1, keepdims=True)
        carry = np.dot(p["Wh"].T, dh)
    return g
