import numpy as np


def sigm(x):
    return 1 / (1 + np.exp(-x))


def lstm_forward(xs, p):
    """xs: (T, d).  p["W"] has 4 blocks of n rows, in the order i, f, o, candidate."""
    n = p["U"].shape[1]
    h, c = np.zeros(n), np.zeros(n)
    steps = []
    for x in xs:
        a = p["W"] @ x + p["U"] @ h + p["b"]
        i, f, o = sigm(a[:n]), sigm(a[n:2 * n]), sigm(a[2 * n:3 * n])
        g = np.tanh(a[3 * n:])
        c_new = f * c + i * g
        tc = np.tanh(c_new)
        steps.append((x, h, c, i, f, o, g, tc))
        h, c = o * tc, c_new
    return h, steps


def lstm_loss(xs, t, p):
    h, _ = lstm_forward(xs, p)
    y = p["V"] @ h + p["k"]
    return np.sum((y - t) ** 2)


def lstm_grads(xs, t, p):
    h, steps = lstm_forward(xs, p)
    y = p["V"] @ h + p["k"]
    d = {name: np.zeros_like(arr) for name, arr in p.items()}

    dy = 2 * (y - t)
    d["V"] += np.outer(dy, h)
    d["k"] += dy
    dh = p["V"].T @ dy
    dc = np.zeros_like(h)
    for x, h_old, c_old, i, f, o, g, tc in reversed(steps):
        dc = dc + dh * o * (1 - tc ** 2)
        da = np.concatenate([
            dc * g * i * (1 - i),
            dc * c_old * f * (1 - f),
            dh * tc * o * (1 - o),
            dc * i * (1 - g ** 2),
        ])
        d["W"] += np.outer(da, x)
        d["U"] += np.outer(da, h_old)
        d["b"] += da
        dh = p["U"].T @ da
        dc = dc * f
    return d
