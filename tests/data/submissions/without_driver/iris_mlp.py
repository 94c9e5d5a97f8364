import numpy as np


class NeuralNetwork(object):
    def __init__(self, n_input, n_hidden, n_output, seed=0):
        rng = np.random.RandomState(seed)
        self.W1 = rng.randn(n_input, n_hidden) * np.sqrt(1.0 / n_input)
        self.b1 = np.zeros(n_hidden)
        self.W2 = rng.randn(n_hidden, n_output) * np.sqrt(1.0 / n_hidden)
        self.b2 = np.zeros(n_output)

    def softmax(self, z):
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    def forward(self, X):
        self.Z1 = X.dot(self.W1) + self.b1
        self.A1 = np.tanh(self.Z1)
        self.Z2 = self.A1.dot(self.W2) + self.b2
        self.A2 = self.softmax(self.Z2)
        return self.A2

    def loss(self, y, y_hat):
        """categorical cross entropy, y one-hot"""
        return -np.sum(y * np.log(y_hat)) / y.shape[0]

    def backward(self, X, y):
        m = X.shape[0]
        dZ2 = (self.A2 - y) / m
        dW2 = self.A1.T.dot(dZ2)
        db2 = np.sum(dZ2, axis=0)
        dZ1 = dZ2.dot(self.W2.T)
        dW1 = X.T.dot(dZ1)
        db1 = np.sum(dZ1, axis=0)
        return dW1, db1, dW2, db2

    def fit(self, X, y, lr=0.1, epochs=300, batch_size=25):
        history = []
        for epoch in range(epochs):
            for start in range(0, len(X), batch_size):
                xb = X[start:start + batch_size]
                yb = y[start:start + batch_size]
                self.forward(xb)
                dW1, db1, dW2, db2 = self.backward(xb, yb)
                self.W1 -= lr * dW1
                self.b1 -= lr * db1
                self.W2 -= lr * dW2
                self.b2 -= lr * db2
            history.append(self.loss(y, self.forward(X)))
        return history

    def score(self, X, labels):
        return np.mean(self.forward(X).argmax(axis=1) == labels)


def fake_iris(n_per_class=50):
    # three gaussian blobs with the class means of iris, so that no download is needed
    rng = np.random.RandomState(1)
    means = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
    X = np.vstack([m + 0.4 * rng.randn(n_per_class, 4) for m in means])
    labels = np.repeat(np.arange(3), n_per_class)
    order = rng.permutation(len(X))
    return X[order], labels[order]


if __name__ == "__main__":
    X, labels = fake_iris()
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    net = NeuralNetwork(4, 8, 3)
    history = net.fit(X, np.eye(3)[labels], epochs=60)
    print("loss %.4f -> %.4f" % (history[0], history[-1]))
    print("accuracy %.3f" % net.score(X, labels))
