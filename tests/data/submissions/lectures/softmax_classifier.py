import numpy as np


class SoftmaxClassifier:
    """Linear softmax classifier with bias, for the assignment on the 2-D spiral data."""

    def __init__(self, dim, num_classes, reg=1e-3):
        self.W = 0.01 * np.random.randn(dim, num_classes)
        self.b = np.zeros((1, num_classes))
        self.reg = reg

    def scores(self, X):
        return np.dot(X, self.W) + self.b

    def probabilities(self, X):
        s = self.scores(X)
        s -= np.max(s, axis=1, keepdims=True)
        e = np.exp(s)
        return e / np.sum(e, axis=1, keepdims=True)

    def loss(self, X, y):
        num_examples = X.shape[0]
        probs = self.probabilities(X)
        correct_logprobs = -np.log(probs[range(num_examples), y])
        data_loss = np.sum(correct_logprobs) / num_examples
        reg_loss = 0.5 * self.reg * np.sum(self.W * self.W)
        return data_loss + reg_loss

    def gradient(self, X, y):
        num_examples = X.shape[0]
        probs = self.probabilities(X)
        dscores = np.zeros_like(probs)
        dscores[range(num_examples), y] = probs[range(num_examples), y] - 1
        dscores /= num_examples
        dW = np.dot(X.T, dscores)
        db = np.sum(dscores, axis=0, keepdims=True)
        dW += self.reg * self.W
        return dW, db

    def train(self, X, y, step_size=1.0, iters=200):
        for i in range(iters):
            if i % 10 == 0:
                print("iteration %d: loss %f" % (i, self.loss(X, y)))
            dW, db = self.gradient(X, y)
            self.W += -step_size * dW
            self.b += -step_size * db

    def accuracy(self, X, y):
        predicted_class = np.argmax(self.scores(X), axis=1)
        return np.mean(predicted_class == y)
