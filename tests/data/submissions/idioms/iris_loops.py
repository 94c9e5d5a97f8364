import numpy as np


def softmax(z):
    z = z - np.max(z)
    return np.exp(z) / np.sum(np.exp(z))


def loss_and_grad(W, b, X, y):
    """Softmax regression on the iris table.

    W: classes x features, b: classes, X: flowers x features, y: class numbers
    """
    n = X.shape[0]
    loss = 0.0
    gW = np.zeros(W.shape)
    gb = np.zeros(b.shape)
    for i in range(n):
        p = softmax(W.dot(X[i]) + b)
        loss -= np.log(p[y[i]])
        p[y[i]] -= 1.0
        gb += p
        for k in range(W.shape[0]):
            gW[k] += p[k] * X[i]
    return loss / n, gW / n, gb


def train(X, y, classes=3, lr=0.1, epochs=100):
    W = np.zeros((classes, X.shape[1]))
    b = np.zeros(classes)
    losses = []
    for epoch in range(epochs):
        loss, gW, gb = loss_and_grad(W, b, X, y)
        W = W - lr * gW
        b = b - lr * gb
        losses.append(loss)
    return W, b, losses


def predict(W, b, X):
    return np.array([np.argmax(W.dot(x) + b) for x in X])
