import numpy as np


class FraudNet:
    """Binary classifier for unbalanced data: positives count pos_weight times."""

    def __init__(self, n_features, n_hidden, pos_weight=3.0, seed=None):
        rng = np.random.default_rng(seed)
        self.W1 = rng.normal(0, 1 / np.sqrt(n_features), (n_hidden, n_features))
        self.b1 = np.zeros((n_hidden, 1))
        self.W2 = rng.normal(0, 1 / np.sqrt(n_hidden), (1, n_hidden))
        self.b2 = np.zeros((1, 1))
        self.pos_weight = pos_weight

    def forward(self, X):
        """X: (n_features, batch)"""
        self.X = X
        self.z1 = self.W1 @ X + self.b1
        self.sig1 = 1 / (1 + np.exp(-self.z1))
        self.a1 = self.z1 * self.sig1            # swish
        self.z2 = self.W2 @ self.a1 + self.b2
        self.y_hat = 1 / (1 + np.exp(-self.z2))
        return self.y_hat

    def loss(self, y):
        """weighted cross entropy of the last forward pass, y: (1, batch)"""
        p = self.y_hat
        return -np.mean(self.pos_weight * y * np.log(p) + (1 - y) * np.log(1 - p))

    def backward(self, y):
        m = y.shape[1]
        p = self.y_hat
        d2 = ((1 - y) * p - self.pos_weight * y * (1 - p)) / m
        self.dW2 = d2 @ self.a1.T
        self.db2 = d2.sum(axis=1, keepdims=True)
        d1 = (self.W2.T @ d2) * (self.sig1 + self.z1 * self.sig1 * (1 - self.sig1))
        self.dW1 = d1 @ self.X.T
        self.db1 = d1.sum(axis=1, keepdims=True)

    def step(self, lr):
        for name in ("W1", "b1", "W2", "b2"):
            setattr(self, name, getattr(self, name) - lr * getattr(self, "d" + name))

    def train(self, X, y, lr=0.2, epochs=200):
        for _ in range(epochs):
            self.forward(X)
            self.backward(y)
            self.step(lr)
        return self.loss(y)


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    X = rng.normal(size=(6, 400))
    y = (X[0] + X[1] * X[2] > 1.7).astype(float).reshape(1, -1)
    net = FraudNet(6, 12, seed=0)
    print("final loss", net.train(X, y))
    caught = (net.forward(X) > 0.5)[y == 1].mean()
    print("share of positives found: %.2f" % caught)
