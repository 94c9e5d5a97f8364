import numpy as np


class TiedAutoencoder:
    # encoder uses W, decoder uses W transposed
    # x: one picture per row, values between 0 and 1

    def __init__(self, n_visible, n_hidden):
        rand = np.random.RandomState(11)
        self.W = rand.normal(scale=0.7, size=(n_visible, n_hidden))
        self.bHid = np.zeros(n_hidden)
        self.bVis = np.zeros(n_visible)

    @staticmethod
    def _sig(a):
        return 1.0 / (1.0 + np.exp(-a))

    def encode(self, x):
        return self._sig(np.dot(x, self.W) + self.bHid)

    def decode(self, code):
        return self._sig(np.dot(code, self.W.T) + self.bVis)

    def reconstruction_error(self, x):
        rec = self.decode(self.encode(x))
        return np.mean(np.sum((rec - x) ** 2, axis=1))

    def gradient(self, x):
        n = float(x.shape[0])
        code = self.encode(x)
        rec = self.decode(code)

        dRec = 2.0 * (rec - x) / n
        dVisIn = dRec * rec * (1.0 - rec)
        gW = np.dot(dVisIn.T, code)            # decoder's share
        gbVis = np.sum(dVisIn, 0)

        dCode = np.dot(dVisIn, self.W)
        dHidIn = dCode * code * (1.0 - code)
        gW = gW + np.dot(x.T, dHidIn)          # encoder's share
        gbHid = np.sum(dHidIn, 0)
        return gW, gbHid, gbVis

    def train(self, x, lr=0.2, epochs=30):
        for _ in range(epochs):
            gW, gbHid, gbVis = self.gradient(x)
            self.W -= lr * gW
            self.bHid -= lr * gbHid
            self.bVis -= lr * gbVis
        return self.reconstruction_error(x)
