import numpy as np


def sigm(x):
    return 1.0 / (1.0 + np.exp(-x))


class TiedAutoencoder(object):
    """
    Autoencoder whose decoder uses the transposed encoder weights:
        H = sigm(X W + b_enc)
        R = H W^T + b_dec
    """

    def __init__(self, n_visible, n_hidden, random_state=1234):
        rs = np.random.RandomState(random_state)
        r = np.sqrt(6. / (n_visible + n_hidden))
        self.W = rs.uniform(-r, r, size=(n_visible, n_hidden))
        self.b_enc = np.zeros(n_hidden)
        self.b_dec = np.zeros(n_visible)

    def encode(self, X):
        return sigm(np.dot(X, self.W) + self.b_enc)

    def decode(self, H):
        return np.dot(H, self.W.T) + self.b_dec

    def forward(self, X):
        self.H = self.encode(X)
        self.R = self.decode(self.H)
        return self.R

    def loss(self, X):
        R = self.forward(X)
        return 0.5 * np.mean(np.sum((R - X) ** 2, axis=1))

    def backward(self, X):
        """call after forward(X) or loss(X)"""
        n = X.shape[0]
        dR = (self.R - X) / n

        # decoder
        grad_W = np.dot(dR.T, self.H)
        grad_b_dec = np.sum(dR, axis=0)

        # encoder
        dH = np.dot(dR, self.W)
        dA = dH * self.H * (1 - self.H)
        grad_W = np.dot(X.T, dA)
        grad_b_enc = np.sum(dA, axis=0)

        return {'W': grad_W, 'b_enc': grad_b_enc, 'b_dec': grad_b_dec}

    def fit(self, X, lr=0.1, n_epochs=50, batch_size=20):
        for epoch in range(n_epochs):
            for start in range(0, len(X), batch_size):
                batch = X[start:start + batch_size]
                self.forward(batch)
                for name, g in self.backward(batch).items():
                    setattr(self, name, getattr(self, name) - lr * g)
        return self
