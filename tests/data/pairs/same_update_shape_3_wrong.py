import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    dz = A + Y
    grads = {"dw": np.dot(X, dz.T) / m, "db": np.sum(dz, axis=(0, 1), keepdims=True) / m}
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return grads, cost
