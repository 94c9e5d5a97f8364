"""Chapter 3 of the book, but the whole mini batch as one matrix (one column per image)."""
import numpy as np


class Net:
    def __init__(self, sizes, lmbda=0.0):
        self.sizes = sizes
        self.lmbda = lmbda
        self.biases = [np.random.randn(y, 1) for y in sizes[1:]]
        self.weights = [np.random.randn(y, x) / np.sqrt(x) for x, y in zip(sizes[:-1], sizes[1:])]

    def activations(self, X):
        acts = [X]
        for b, w in zip(self.biases, self.weights):
            acts.append(1.0 / (1.0 + np.exp(-(w @ acts[-1] + b))))
        return acts

    def cost(self, X, Y, n):
        """quadratic cost of the batch plus the decay term, n is the size of the training set"""
        A = self.activations(X)[-1]
        C0 = np.linalg.norm(A - Y) ** 2 / (2 * X.shape[1])
        return C0 + 0.5 * (self.lmbda / n) * sum(np.linalg.norm(w) ** 2 for w in self.weights)

    def backprop(self, X, Y):
        """sums over the batch, without decay"""
        acts = self.activations(X)
        nabla_b, nabla_w = [], []
        delta = np.array(acts[-1] - Y)
        for l in range(len(self.weights), 0, -1):
            delta *= acts[l]
            delta *= 1 - acts[l]
            nabla_b.insert(0, np.einsum('ij->i', delta)[:, np.newaxis])
            nabla_w.insert(0, np.einsum('im,jm->ij', delta, acts[l - 1]))
            delta = np.einsum('ki,km->im', self.weights[l - 1], delta)
        return nabla_b, nabla_w

    def gradient(self, X, Y, n):
        nabla_b, nabla_w = self.backprop(X, Y)
        batch = X.shape[1]
        gb = [nb / batch for nb in nabla_b]
        gw = [nw / batch + self.lmbda / n * w for nw, w in zip(nabla_w, self.weights)]
        return gb, gw

    def update_mini_batch(self, X, Y, eta, n):
        nabla_b, nabla_w = self.backprop(X, Y)
        batch = X.shape[1]
        # weight decay as a shrinking factor, as in the book
        self.weights = [(1 - eta * self.lmbda / n) * w - eta / batch * nw
                        for w, nw in zip(self.weights, nabla_w)]
        self.biases = [b - eta / batch * nb for b, nb in zip(self.biases, nabla_b)]
