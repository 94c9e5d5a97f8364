import numpy as np

# word2vec homework: skip-gram with negative sampling
# V : vectors of center words  (one row per word)
# U : vectors of context words (one row per word)


def sigmoid(x):
    return 1. / (1. + np.exp(-x))


def draw_negatives(freqs, k, rng):
    p = freqs ** 0.75
    return rng.choice(len(freqs), size=k, p=p / p.sum())


def ns_loss(V, U, pairs, negatives):
    J = 0.
    for (center, outside), neg in zip(pairs, negatives):
        v = V[center]
        J -= np.log(sigmoid(U[outside].dot(v)))
        J -= np.sum(np.log(sigmoid(-U[neg].dot(v))))
    return J / len(pairs)


def ns_grad(V, U, pairs, negatives):
    dV = np.zeros_like(V)
    dU = np.zeros_like(U)
    n = len(pairs)
    for (center, outside), neg in zip(pairs, negatives):
        v = V[center]
        # positive pair
        g_pos = (sigmoid(U[outside].dot(v)) - 1) / n
        dV[center] += g_pos * U[outside]
        dU[outside] += g_pos * v
        # the K negative samples at once
        g_neg = sigmoid(U[neg].dot(v)) / n
        dV[center] += g_neg.dot(U[neg])
        dU[neg] += g_neg[:, None] * v[None, :]
    return dV, dU


def train_step(V, U, pairs, freqs, lr, k, rng):
    negatives = [draw_negatives(freqs, k, rng) for _ in pairs]
    dV, dU = ns_grad(V, U, pairs, negatives)
    V -= lr * dV
    U -= lr * dU
    return ns_loss(V, U, pairs, negatives)


def nearest(V, word, topn=5):
    W = V / np.linalg.norm(V, axis=1, keepdims=True)
    return np.argsort(-W.dot(W[word]))[1:topn + 1]
