"""
Link prediction. Score of a pair (head h, tail t):

        s(h, t) = h^T M t + a^T h + c^T t + k

The probability of a link is sigmoid(s). Weights of the positive class can be changed
because there are much less positive pairs than negative.
"""
import numpy as np


class Scorer:

    def __init__(self, dim, pos_weight=2.0):
        self.M = np.eye(dim)
        self.a = np.zeros(dim)
        self.c = np.zeros(dim)
        self.k = np.zeros(1)
        self.pos_weight = pos_weight
        self.grad = {}

    def score(self, heads, tails):
        s = np.sum(heads @ self.M * tails, axis=1)
        return s + heads @ self.a + tails @ self.c + self.k

    def loss(self, heads, tails, labels):
        s = self.score(heads, tails)
        self.saved = heads, tails, labels, s
        per_pair = self.pos_weight * labels * np.logaddexp(0, -s) + (1 - labels) * np.logaddexp(0, s)
        return per_pair.mean()

    def backward(self):
        heads, tails, labels, s = self.saved
        prob = 1 / (1 + np.exp(-s))
        ds = self.pos_weight * labels * (prob - 1) + (1 - labels) * prob
        ds = ds / len(labels)
        self.grad["M"] = tails.T @ (ds[:, None] * heads)
        self.grad["a"] = heads.T @ ds
        self.grad["c"] = tails.T @ ds
        self.grad["k"] = np.array([ds.sum()])

    def step(self, lr):
        for name in ("M", "a", "c", "k"):
            setattr(self, name, getattr(self, name) - lr * self.grad[name])
