import numpy as np


class SwishClassifier:
    def __init__(self, sizes, scale=0.5):
        self.depth = len(sizes) - 1
        self.theta = {}
        for l in range(1, len(sizes)):
            self.theta["W%d" % l] = scale * np.random.randn(sizes[l], sizes[l - 1])
            self.theta["b%d" % l] = np.zeros((sizes[l], 1))

    def _forward(self, X):
        a = X
        self.store = [(None, X)]
        for l in range(1, self.depth + 1):
            z = self.theta["W%d" % l] @ a + self.theta["b%d" % l]
            if l == self.depth:
                z = z - z.max(axis=0)
                e = np.exp(z)
                a = e / e.sum(axis=0)
                gate = None
            else:
                gate = 1 / (1 + np.exp(-z))
                a = z * gate
            self.store.append((gate, a))
        return a

    def objective(self, X, labels):
        P = self._forward(X)
        return -np.log(P[labels, np.arange(labels.size)]).sum() / labels.size

    def backprop(self, labels):
        m = labels.size
        out = {}
        P = self.store[self.depth][1]
        delta = P / m
        delta[labels, np.arange(m)] -= 1.0 / m
        for l in range(self.depth, 0, -1):
            a_in = self.store[l - 1][1]
            out["dW%d" % l] = delta @ a_in.T
            out["db%d" % l] = delta.sum(axis=1, keepdims=True)
            if l > 1:
                gate, a = self.store[l - 1]
                # swish' = s + z s (1 - s) = a + s (1 - a)
                delta = (self.theta["W%d" % l].T @ delta) * (a + gate * (1 - a))
        return out

    def fit(self, X, labels, rate=0.3, steps=300):
        for _ in range(steps):
            self.objective(X, labels)
            g = self.backprop(labels)
            for k in self.theta:
                self.theta[k] = self.theta[k] - rate * g["d" + k]
