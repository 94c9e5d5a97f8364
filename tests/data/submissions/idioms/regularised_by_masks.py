import numpy as np


def make_masks(widths, m, keep, seed):
    """Scaled 0/1 masks for the hidden layers (inverted dropout)."""
    rng = np.random.RandomState(seed)
    return [(rng.rand(w, m) < keep) / keep for w in widths]


def forward(X, P, masks):
    Z1 = P["W1"] @ X + P["b1"]
    T1 = np.tanh(Z1)
    H1 = T1 * masks[0]
    Z2 = P["W2"] @ H1 + P["b2"]
    T2 = np.tanh(Z2)
    H2 = T2 * masks[1]
    Z3 = P["W3"] @ H2 + P["b3"]
    out = 1 / (1 + np.exp(-Z3))
    return out, (T1, H1, T2, H2)


def cost(out, Y):
    m = Y.shape[1]
    return -(Y @ np.log(out).T + (1 - Y) @ np.log(1 - out).T).item() / m


def backward(X, Y, out, cache, P, masks):
    T1, H1, T2, H2 = cache
    m = Y.shape[1]
    ones = np.ones((m, 1))

    G3 = (out - Y) / m
    grads = {"W3": G3 @ H2.T, "b3": G3 @ ones}

    G2 = (P["W3"].T @ G3) * masks[1] * (1 - T2 ** 2)
    grads["W2"] = G2 @ H1.T
    grads["b2"] = G2 @ ones

    G1 = (P["W2"].T @ G2) * (1 - T1 ** 2)
    grads["W1"] = G1 @ X.T
    grads["b1"] = G1 @ ones
    return grads


def train(X, Y, P, keep=0.8, lr=0.3, iterations=200):
    widths = [P["b1"].shape[0], P["b2"].shape[0]]
    for it in range(iterations):
        masks = make_masks(widths, X.shape[1], keep, it)
        out, cache = forward(X, P, masks)
        grads = backward(X, Y, out, cache, P, masks)
        P = {k: P[k] - lr * grads[k] for k in P}
    return P
