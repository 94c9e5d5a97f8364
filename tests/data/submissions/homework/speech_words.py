import numpy as np


def lrelu(z):
    return np.where(z > 0, z, 0.1 * z)


def lrelu_back(d, z):
    d = d.copy()
    d[z < 0] *= 0.01
    return d


class SpeechCommandNet:
    def __init__(self, dims, seed=7):
        gen = np.random.default_rng(seed)
        self.theta = {}
        for k in range(1, len(dims)):
            self.theta[f"W{k}"] = gen.standard_normal((dims[k], dims[k - 1])) * np.sqrt(2 / dims[k - 1])
            self.theta[f"b{k}"] = np.zeros((dims[k], 1))
        self.depth = len(dims) - 1

    def forward(self, X):
        self.z, self.a = {}, {0: X}
        for k in range(1, self.depth + 1):
            self.z[k] = self.theta[f"W{k}"] @ self.a[k - 1] + self.theta[f"b{k}"]
            self.a[k] = lrelu(self.z[k]) if k < self.depth else self.z[k]
        e = np.exp(self.z[self.depth] - self.z[self.depth].max(axis=0))
        self.prob = e / e.sum(axis=0)
        return self.prob

    def cost(self, X, labels):
        prob = self.forward(X)
        return -np.log(prob[labels, np.arange(labels.size)]).mean()

    def backward(self, labels):
        B = labels.size
        grad = {}
        dz = self.prob.copy()
        dz[labels, np.arange(B)] -= 1
        dz /= B
        for k in range(self.depth, 0, -1):
            grad[f"W{k}"] = dz @ self.a[k - 1].T
            grad[f"b{k}"] = dz.sum(axis=1, keepdims=True)
            if k > 1:
                dz = lrelu_back(self.theta[f"W{k}"].T @ dz, self.z[k - 1])
        return grad
