"""Bengio-style language model: three previous words predict the next one."""
import numpy as np


def softmax_rows(s):
    s = np.exp(s - s.max(axis=-1, keepdims=True))
    return s / s.sum(axis=-1, keepdims=True)


def lm_forward(context, emb, Wh, bh, Wo, bo):
    # context: (n, 3) ints, emb: (vocab, k)
    n, width = context.shape
    e = emb[context].reshape(n, width * emb.shape[1])
    h = np.tanh(e @ Wh + bh)
    probs = softmax_rows(h @ Wo + bo)
    return e, h, probs


def lm_loss(context, nxt, emb, Wh, bh, Wo, bo):
    probs = lm_forward(context, emb, Wh, bh, Wo, bo)[2]
    return -np.mean(np.log(np.take_along_axis(probs, nxt[:, None], axis=1)))


def lm_grads(context, nxt, emb, Wh, bh, Wo, bo):
    e, h, probs = lm_forward(context, emb, Wh, bh, Wo, bo)
    n, width = context.shape
    dscores = probs / n

    dWo = h.T @ dscores
    dbo = dscores.sum(axis=0)
    dh = dscores @ Wo.T
    dpre = dh - dh * h * h
    dWh = e.T @ dpre
    dbh = dpre.sum(axis=0)

    de = (dpre @ Wh.T).reshape(n, width, -1)
    demb = np.zeros_like(emb)
    np.add.at(demb, context, de)
    return demb, dWh, dbh, dWo, dbo


def perplexity(*args):
    return float(np.exp(lm_loss(*args)))
