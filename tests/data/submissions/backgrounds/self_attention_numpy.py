# Self-attention, by hand, in numpy.
#
# Shapes: X is (T, d), one token per row. Wq, Wk, Wv are (d, k), Wo is (k, d).
import numpy as np


def softmax_rows(s):
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


def attend(X, Wq, Wk, Wv, Wo):
    T = X.shape[0]
    Q = X @ Wq
    K = X @ Wk
    V = X @ Wv
    scale = 1.0 / np.sqrt(Q.shape[1])
    scores = Q @ K.T * scale
    # a token may only look at itself and to the left
    future = np.triu(np.ones((T, T), dtype=bool), k=1)
    scores = np.where(future, -1e9, scores)
    A = softmax_rows(scores)
    H = A @ V
    out = H @ Wo
    return out, (X, Wq, Wk, Wv, Wo, Q, K, V, A, H, scale)


def loss(out, Y):
    return np.mean((out - Y) ** 2)


def attend_backward(dout, cache):
    X, Wq, Wk, Wv, Wo, Q, K, V, A, H, scale = cache
    dWo = H.T @ dout
    dH = dout @ Wo.T
    dA = dH @ V.T
    dV = A.T @ dH
    # softmax: masked entries have A = 0 so nothing flows there
    dscores = A * (dA - np.sum(dA * A, axis=0, keepdims=True))
    dQ = dscores @ K * scale
    dK = dscores.T @ Q * scale
    return {
        "dWq": X.T @ dQ,
        "dWk": X.T @ dK,
        "dWv": X.T @ dV,
        "dWo": dWo,
        "dX": dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T,
    }
