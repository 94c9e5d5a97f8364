"""4 features -> 4 hidden -> 2 outputs, each output a yes/no question."""
import numpy as np


def sig(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


def fwd(X, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    A2 = sig(Z2)
    return X, Z1, A1, Z2, A2


def loss(cache, Y):
    A2 = cache[-1]
    per_question = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)
    return -per_question.sum(axis=1).mean(axis=0)


def bwd(cache, Y, W2):
    X, Z1, A1, Z2, A2 = cache
    n = X.shape[0]
    grads = {}
    dZ2 = np.divide(A2 - Y, n)
    grads["dZ2"] = dZ2
    grads["dW2"] = A1.T @ dZ2
    grads["db2"] = dZ2.sum(axis=0, keepdims=True)
    dA1 = dZ2 @ W2.T
    grads["dA1"] = dA1
    dZ1 = dA1 * (1 - A1 ** 2)
    grads["dZ1"] = dZ1
    grads["dW1"] = A1.T @ dZ1
    grads["db1"] = dZ1.sum(axis=0, keepdims=True)
    return grads


def learn(X, Y, W1, b1, W2, b2, lr=0.4, n_iter=500):
    for i in range(n_iter):
        cache = fwd(X, W1, b1, W2, b2)
        g = bwd(cache, Y, W2)
        W1 = W1 - lr * g["dW1"]
        b1 = b1 - lr * g["db1"]
        W2 = W2 - lr * g["dW2"]
        b2 = b2 - lr * g["db2"]
    return W1, b1, W2, b2
