"""Sentence classifier: embedding -> mean over the words -> linear -> softmax cross entropy."""
import numpy as np


class Embedding:
    def __init__(self, vocab_size, dim):
        self.W = 0.1 * np.random.randn(vocab_size, dim)
        self.dW = None

    def forward(self, ids):
        self.ids = ids
        return self.W[ids]

    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        self.dW[self.ids] += dout


class MeanPool:
    def forward(self, x):
        self.length = x.shape[1]
        return x.mean(axis=1)

    def backward(self, dout):
        return np.repeat(dout[:, None, :], self.length, axis=1) / self.length


class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) / np.sqrt(n_in)
        self.b = np.zeros(n_out)
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class SoftmaxCrossEntropy:
    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        self.labels = labels
        return -np.log(self.p[np.arange(len(labels)), labels]).mean()

    def backward(self):
        d = self.p.copy()
        d[np.arange(len(self.labels)), self.labels] -= 1
        return d / len(self.labels)


class BagOfWordsModel:
    def __init__(self, vocab_size, dim, n_classes):
        self.layers = [Embedding(vocab_size, dim), MeanPool(), Linear(dim, n_classes)]
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, ids, labels):
        x = ids
        for layer in self.layers:
            x = layer.forward(x)
        return self.criterion.forward(x, labels)

    def backward(self):
        d = self.criterion.backward()
        for layer in self.layers[::-1]:
            d = layer.backward(d)


if __name__ == "__main__":
    np.random.seed(4)
    ids = np.random.randint(0, 50, size=(200, 7))
    labels = ((ids < 12).sum(axis=1) > 1).astype(int)
    model = BagOfWordsModel(50, 8, 2)
    for epoch in range(301):
        loss = model.forward(ids, labels)
        model.backward()
        emb, _, lin = model.layers
        emb.W -= 20 * emb.dW
        lin.W -= 0.5 * lin.dW
        lin.b -= 0.5 * lin.db
        if epoch % 100 == 0:
            print(epoch, round(loss, 4))
