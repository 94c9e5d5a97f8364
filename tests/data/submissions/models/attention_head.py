import numpy as np


def row_softmax(S):
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    return E / np.sum(E, axis=1, keepdims=True)


class AttentionHead:
    """One self-attention head on one sequence X with shape (T, d); mean pooling, linear read-out."""

    def __init__(self, Wq, Wk, Wv, wo, bo):
        self.Wq, self.Wk, self.Wv, self.wo, self.bo = Wq, Wk, Wv, wo, bo

    def forward(self, X):
        Q, K, V = X @ self.Wq, X @ self.Wk, X @ self.Wv
        A = row_softmax(Q @ K.T / np.sqrt(Q.shape[1]))
        O = A @ V
        pooled = O.mean(axis=0)
        self.saved = X, Q, K, V, A, pooled
        return pooled @ self.wo + self.bo

    def loss(self, X, target):
        return np.sum((self.forward(X) - target) ** 2)

    def backward(self, X, target):
        dy = 2 * (self.forward(X) - target)
        X, Q, K, V, A, pooled = self.saved
        T = X.shape[0]

        dwo = np.outer(pooled, dy)
        dpooled = self.wo @ dy
        dO = np.tile(dpooled / T, (T, 1))

        dA = dO @ V.T
        dV = A.T @ dO
        # softmax, row by row: dS_i = A_i * (dA_i - <A_i, dA_i>)
        dS = A * (dA - np.sum(A * dA, axis=1, keepdims=True))
        dS /= np.sqrt(Q.shape[1])
        dQ = dS @ K
        dK = dS.T @ Q

        return {"Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV, "wo": dwo, "bo": dy}
