"""Logistic regression for the heart disease table (UCI). One row per patient."""
import numpy as np


class LogitModel(object):

    def __init__(self, n_features, lr=0.3, epochs=300):
        self.theta = np.zeros(n_features)
        self.bias = 0.0
        self.lr = lr
        self.epochs = epochs
        self.history = []

    def hypothesis(self, X):
        score = np.einsum('ij,j->i', X, self.theta) + self.bias
        return 1.0 / (1.0 + np.exp(-score))

    def cost(self, X, y):
        h = self.hypothesis(X)
        return -np.average(y * np.log(h) + (1 - y) * np.log(1 - h))

    def gradient(self, X, y):
        residual = self.hypothesis(X) - y
        g_theta = np.einsum('ij,i->j', X, residual)
        g_bias = residual.sum()
        return g_theta, g_bias

    def fit(self, X, y):
        for epoch in range(self.epochs):
            g_theta, g_bias = self.gradient(X, y)
            self.theta = self.theta - self.lr * g_theta
            self.bias = self.bias - self.lr * g_bias
            if epoch % 50 == 0:
                self.history.append(self.cost(X, y))
        return self

    def predict(self, X):
        return (self.hypothesis(X) >= 0.5).astype(int)

    def accuracy(self, X, y):
        return np.mean(self.predict(X) == y)
