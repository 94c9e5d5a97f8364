# Regression with one hidden layer, all functions take the four arrays explicitly.
import numpy as np


def init(n_features, n_hidden):
    W1 = np.random.randn(n_features, n_hidden) * 0.1
    b1 = np.zeros((1, n_hidden))
    W2 = np.random.randn(n_hidden, 1) * 0.1
    b2 = np.zeros((1, 1))
    return W1, b1, W2, b2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(X, W1, b1, W2, b2):
    N1 = np.dot(X, W1) + b1
    O1 = sigmoid(N1)
    P = np.dot(O1, W2) + b2
    forward_info = {'X': X, 'N1': N1, 'O1': O1, 'P': P}
    return P, forward_info


def loss(P, y):
    return np.mean(np.power(y - P, 2))


def backward(forward_info, y, W1, b1, W2, b2):
    X, O1, P = forward_info['X'], forward_info['O1'], forward_info['P']
    dLdP = -2 * (y - P) / y.shape[0]
    dLdW2 = np.dot(O1.T, dLdP)
    dLdb2 = dLdP.sum(axis=0, keepdims=True)
    dLdO1 = np.dot(dLdP, W2.T)
    dLdN1 = dLdO1 * O1 * (1 - O1)
    dLdW1 = np.dot(X.T, dLdN1)
    dLdb1 = dLdN1.sum(axis=0, keepdims=True)
    return dLdW1, dLdb1, dLdW2, dLdb2


def generate_batch(X, y, start, batch_size):
    return X[start:start + batch_size], y[start:start + batch_size]


def train(X, y, n_hidden=13, n_iter=1000, batch_size=23, lr=0.01, seed=1):
    np.random.seed(seed)
    W1, b1, W2, b2 = init(X.shape[1], n_hidden)
    losses = []
    start = 0
    for i in range(n_iter):
        if start >= X.shape[0]:
            perm = np.random.permutation(X.shape[0])
            X, y = X[perm], y[perm]
            start = 0
        X_batch, y_batch = generate_batch(X, y, start, batch_size)
        start += batch_size
        P, info = forward(X_batch, W1, b1, W2, b2)
        losses.append(loss(P, y_batch))
        gW1, gb1, gW2, gb2 = backward(info, y_batch, W1, b1, W2, b2)
        W1 = W1 - lr * gW1
        b1 = b1 - lr * gb1
        W2 = W2 - lr * gW2
        b2 = b2 - lr * gb2
    return losses, (W1, b1, W2, b2)


def mae(P, y):
    return np.mean(np.abs(y - P))
