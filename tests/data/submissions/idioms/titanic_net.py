"""Titanic survival with a small deep net. Passengers are rows."""
import numpy as np


def linear_step(inputs, W, b):
    return np.matmul(inputs, W) + b


def linear_back(dz, inputs, W):
    n = inputs.shape[1]
    dW = np.matmul(inputs.T, dz) / n
    db = np.sum(dz, axis=0, keepdims=True) / n
    dinputs = np.matmul(dz, W.T)
    return dinputs, dW, db


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, weights):
    """weights is a list of (W, b) pairs"""
    saved = []
    out = X
    for i, (W, b) in enumerate(weights):
        saved.append(out)
        z = linear_step(out, W, b)
        out = sigmoid(z) if i + 1 == len(weights) else np.tanh(z)
    return out, saved


def bce(p, y):
    p = p.ravel()
    y = y.ravel()
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


def backward(p, y, saved, weights):
    result = []
    dz = p - y
    for i in range(len(weights) - 1, -1, -1):
        W, b = weights[i]
        dinputs, dW, db = linear_back(dz, saved[i], W)
        result.insert(0, (dW, db))
        dz = dinputs * (1 - saved[i] ** 2)
    return result


def fit(X, y, weights, rate=0.1, rounds=300):
    for _ in range(rounds):
        p, saved = forward(X, weights)
        steps = backward(p, y, saved, weights)
        weights = [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(weights, steps)]
    return weights
