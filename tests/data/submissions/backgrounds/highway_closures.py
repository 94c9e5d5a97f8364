import numpy as np


def highway(x, Wh, bh, Wt, bt):
    """y = T(x) * H(x) + (1 - T(x)) * x"""
    cand = np.tanh(x @ Wh + bh)
    gate = 0.5 * (1 + np.tanh(0.5 * (x @ Wt + bt)))  # same as a sigmoid but never overflows
    y = x + gate * (cand - x)

    def back(dy):
        dcand = dy * gate
        dgate = dy * (cand - x)
        da_h = dcand - dcand * cand * cand
        da_t = dgate * gate - dgate * gate * gate
        dx = dy - dcand
        dx += np.dot(da_h, Wh.T)
        dx += np.dot(da_t, Wt.T)
        return dx, (x.T.dot(da_h), np.add.reduce(da_h), x.T.dot(da_t), np.add.reduce(da_t))

    return y, back


def smooth_hinge(score, y):
    """squared hinge, mean over the examples"""
    slack = np.clip(1 - y * score, 0, None)

    def back():
        return -2 * y * slack / y.shape[0]

    return np.dot(slack, slack) / y.shape[0], back


def evaluate(P, X, y, depth):
    tape = []
    h = X
    for i in range(depth):
        h, back = highway(h, P["Wh%d" % i], P["bh%d" % i], P["Wt%d" % i], P["bt%d" % i])
        tape.append((i, back))
    value, start = smooth_hinge((h @ P["Wo"]).ravel(), y)

    def pull():
        ds = start().reshape(-1, 1)
        g = {"Wo": h.T @ ds}
        d = ds * P["Wo"].T
        for i, back in tape[::-1]:
            d, (g["Wh%d" % i], g["bh%d" % i], g["Wt%d" % i], g["bt%d" % i]) = back(d)
        return g

    return value, pull
