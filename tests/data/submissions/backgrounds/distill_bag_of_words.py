"""Distilling a big sentence classifier to a bag-of-embeddings student.

The teacher logits were computed before and saved. Objective (Hinton et al. 2015):

    TAU^2 * KL(teacher || student), both softened by TAU, averaged over the sentences
"""
import numpy as np

TAU = 3.0


def log_softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    z -= np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return z


def student_logits(E, W, b, ids):
    bag = E[ids].mean(axis=1)
    return bag, bag @ W + b


def distill(E, W, b, ids, teacher_logits):
    n, length = ids.shape
    bag, logits = student_logits(E, W, b, ids)
    log_t = log_softmax(teacher_logits / TAU)
    log_s = log_softmax(logits / TAU)
    soft_t = np.exp(log_t)
    value = TAU ** 2 * np.sum(soft_t * (log_t - log_s)) / n

    # the student distribution is turned into its gradient in place
    d = np.exp(log_s, out=log_s)
    d -= soft_t
    d *= TAU / n
    dW = bag.T @ d
    db = d.sum(axis=0)
    dbag = d @ W.T
    dbag /= length
    dE = np.zeros_like(E)
    # every word of the sentence gets the same share
    np.add.at(dE, ids.ravel(), np.repeat(dbag, length, axis=0))
    return value, dE, dW, db


def epoch(E, W, b, batches, lr):
    total = 0.0
    for ids, teacher_logits in batches:
        value, dE, dW, db = distill(E, W, b, ids, teacher_logits)
        total += value
        E -= lr * dE
        W -= lr * dW
        b -= lr * db
    return total / len(batches)
