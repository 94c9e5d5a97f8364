import numpy as np


class SpamFilter:
    def __init__(self, vocab, units=4, learning_rate=0.1):
        np.random.seed(99)
        self.weights_in = np.random.normal(0.0, vocab ** -0.5, (vocab, units))
        self.bias_in = np.zeros((1, units))
        self.weights_out = np.random.normal(0.0, units ** -0.5, (units, 1))
        self.bias_out = np.zeros((1, 1))
        self.lr = learning_rate

    @staticmethod
    def _sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def feedforward(self, X):
        self.X = X
        self.hidden = self._sigmoid(np.dot(X, self.weights_in) + self.bias_in)
        self.output = self._sigmoid(np.dot(self.hidden, self.weights_out) + self.bias_out)
        return self.output

    def cross_entropy(self, X, y):
        out = self.feedforward(X)
        total = 0.0
        for target, p in zip(y[:, 0], out[:, 0]):
            total += -np.log(p) if target == 1 else -np.log(1 - p)
        return total / len(y)

    def backpropagate(self, y):
        n = len(y)
        error = y - self.output
        hidden_error = np.dot(error, self.weights_out.T)
        hidden_term = hidden_error * self.hidden * (1 - self.hidden)
        return {
            "weights_out": np.dot(self.hidden.T, error) / n,
            "bias_out": np.sum(error, axis=0, keepdims=True) / n,
            "weights_in": np.dot(self.X.T, hidden_term) / n,
            "bias_in": np.sum(hidden_term, axis=0, keepdims=True) / n,
        }

    def train(self, X, y, epochs=10):
        for _ in range(epochs):
            self.feedforward(X)
            for name, gradient in self.backpropagate(y).items():
                setattr(self, name, getattr(self, name) - self.lr * gradient)
        return self.cross_entropy(X, y)
