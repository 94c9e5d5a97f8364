import numpy as np

MARGIN = 0.5

# encoder: x -> W2 softplus(W1 x + b1), the same weights for anchor, positive and negative


def encode(P, x):
    z = P["W1"] @ x + P["b1"]
    h = np.logaddexp(0, z)
    return P["W2"] @ h, (x, z, h)


def encode_backward(P, de, cache, acc):
    x, z, h = cache
    acc["W2"] += de @ h.T
    dz = (P["W2"].T @ de) / (1 + np.exp(-z))
    acc["W1"] += dz @ x.T
    acc["b1"] += dz.sum(1, keepdims=True)


def triplet_cost(P, anchor, positive, negative):
    ea, ca = encode(P, anchor)
    ep, cp = encode(P, positive)
    en, cn = encode(P, negative)
    d_pos = np.sum((ea - ep) ** 2, axis=0)
    d_neg = np.sum((ea - en) ** 2, axis=0)
    viol = d_pos - d_neg + MARGIN
    cost = np.mean(np.maximum(viol, 0))
    return cost, (ea, ep, en, ca, cp, cn, viol)


def triplet_grads(P, caches):
    ea, ep, en, ca, cp, cn, viol = caches
    acc = {name: np.zeros(value.shape) for name, value in P.items()}
    active = (viol > 0) / viol.size
    # the anchor terms in ea cancel: 2(ea-ep) - 2(ea-en)
    encode_backward(P, 2 * (en - ep) * active, ca, acc)
    encode_backward(P, 2 * (ep - ea) * active, cp, acc)
    encode_backward(P, 2 * (ea - en) * active, cn, acc)
    return acc


def update(P, g, lr=0.01):
    for name in P:
        P[name] -= lr * g[name]
    return P
