import numpy as np


class MLPClassifier:
    """One hidden layer, sklearn-like interface, full batch gradient descent."""

    def __init__(self, n_hidden=10, lr=0.5, epochs=200, random_state=0):
        self.n_hidden = n_hidden
        self.lr = lr
        self.epochs = epochs
        self.random_state = random_state

    def _init_weights(self, n_features, n_classes):
        rng = np.random.RandomState(self.random_state)
        self.W1 = rng.randn(n_features, self.n_hidden) / np.sqrt(n_features)
        self.b1 = np.zeros(self.n_hidden)
        self.W2 = rng.randn(self.n_hidden, n_classes) / np.sqrt(self.n_hidden)
        self.b2 = np.zeros(n_classes)

    def _forward(self, X):
        A1 = np.tanh(X @ self.W1 + self.b1)
        Z2 = A1 @ self.W2 + self.b2
        E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
        return A1, E / E.sum(axis=1, keepdims=True)

    def _loss(self, P, T):
        return -np.sum(T * np.log(P)) / len(T)

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        T = (y[:, None] == self.classes_[None, :]).astype(float)
        self._init_weights(X.shape[1], T.shape[1])
        self.loss_curve_ = []
        for epoch in range(self.epochs):
            A1, P = self._forward(X)
            self.loss_curve_.append(self._loss(P, T))
            self._backprop_and_update(X, A1, P, T)
        return self

    def _backprop_and_update(self, X, A1, P, T):
        delta2 = (P - T) / len(X)
        new_W2 = self.W2 - self.lr * A1.T @ delta2
        new_b2 = self.b2 - self.lr * delta2.sum(axis=0)

        delta1 = (delta2 @ new_W2.T) * (1 - A1 ** 2)
        new_W1 = self.W1 - self.lr * X.T @ delta1
        new_b1 = self.b1 - self.lr * delta1.sum(axis=0)

        self.W1, self.b1, self.W2, self.b2 = new_W1, new_b1, new_W2, new_b2

    def predict_proba(self, X):
        return self._forward(X)[1]

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def score(self, X, y):
        return np.mean(self.predict(X) == y)


if __name__ == "__main__":
    rng = np.random.RandomState(7)
    X = rng.randn(240, 2)
    y = (X[:, 0] > 0).astype(int) + 2 * (X[:, 1] > 0).astype(int)
    clf = MLPClassifier(n_hidden=8, lr=0.8, epochs=300).fit(X, y)
    print("loss", clf.loss_curve_[0], "->", clf.loss_curve_[-1])
    print("accuracy", clf.score(X, y))
