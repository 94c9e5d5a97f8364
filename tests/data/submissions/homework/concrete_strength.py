import numpy as np

def squash(v):
    return 1 / (1 + np.exp(-v))

def run_one(x, layers):
    (W, b), (U, c) = layers
    s = squash(W.dot(x) + b)
    return s, U.dot(s) + c

def error(layers, data):
    e = 0.0
    for x, t in data:
        _, y = run_one(x, layers)
        e += np.sum((t - y) ** 2)
    return e / len(data)

def error_gradient(layers, data):
    (W, b), (U, c) = layers
    gW = np.zeros(W.shape)
    gb = np.zeros(b.shape)
    gU = np.zeros(U.shape)
    gc = np.zeros(c.shape)
    for x, t in data:
        s, y = run_one(x, layers)
        back_y = -2 * (t - y)
        gU += np.outer(back_y, s)
        gc += back_y
        # error signal of every hidden unit
        back_s = np.zeros(len(s))
        for j in range(len(s)):
            for k in range(len(y)):
                back_s[j] += back_y[k] * U[k, j]
        back_v = back_s
        gW += np.outer(back_v, x)
        gb += back_v
    n = len(data)
    return [(gW / n, gb / n), (gU / n, gc / n)]

def train(layers, data, rate=0.05, epochs=200):
    for _ in range(epochs):
        g = error_gradient(layers, data)
        layers = [(p - rate * dp, q - rate * dq) for (p, q), (dp, dq) in zip(layers, g)]
    return layers
