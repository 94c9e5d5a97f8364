import numpy as np

ALPHA = 1.0


def elu(z):
    return np.where(z > 0, z, ALPHA * (np.exp(np.minimum(z, 0)) - 1))


def elu_slope(z):
    return np.where(z > 0, 1.0, ALPHA * np.exp(np.minimum(z, 0)))


class EluNet:
    """Regression network. ELU in all hidden layers, last layer is linear.

    Samples are the columns of X.
    """

    def __init__(self, sizes, seed=None):
        rng = np.random.RandomState(seed)
        self.weights = [rng.randn(n, k) * np.sqrt(2.0 / k) for k, n in zip(sizes, sizes[1:])]
        self.offsets = [np.zeros((n, 1)) for n in sizes[1:]]

    def _propagate(self, X):
        self.pre = []
        self.post = [X]
        last = len(self.weights) - 1
        for i, (W, b) in enumerate(zip(self.weights, self.offsets)):
            z = W.dot(self.post[-1]) + b
            self.pre.append(z)
            self.post.append(z if i == last else elu(z))
        return self.post[-1]

    def error(self, X, T):
        R = self._propagate(X) - T
        return 0.5 * np.sum(R ** 2) / X.shape[1]

    def gradient(self, X, T):
        n_samples = X.shape[1]
        delta = (self._propagate(X) - T) / n_samples
        grad_w, grad_b = [], []
        for i in range(len(self.weights) - 1, -1, -1):
            grad_w.insert(0, delta.dot(self.post[i].T))
            grad_b.insert(0, delta.sum(axis=1, keepdims=True))
            if i > 0:
                delta = self.weights[i].T.dot(delta) * elu_slope(self.post[i])
        return grad_w, grad_b

    def train(self, X, T, rate=0.01, epochs=100):
        for _ in range(epochs):
            grad_w, grad_b = self.gradient(X, T)
            for i in range(len(self.weights)):
                self.weights[i] -= rate * grad_w[i]
                self.offsets[i] -= rate * grad_b[i]
        return self.error(X, T)
