"""Predicting hourly bike rentals: 1 hidden layer, linear output.  J = 1/(2m) * sum of squares."""
import numpy as np


def model(X, W1, b1, w2, b2):
    hidden = np.tanh(X.dot(W1) + b1)
    pred = hidden.dot(w2) + b2
    return pred, hidden


def J(pred, y):
    m = y.shape[0]
    err = pred - y
    return 1.0 / (2 * m) * err.T.dot(err).item()


def gradients(X, y, W1, b1, w2, b2):
    m = y.shape[0]
    pred, hidden = model(X, W1, b1, w2, b2)
    dpred = 2.0 / m * (pred - y)
    dw2 = hidden.T.dot(dpred)
    db2 = dpred.sum(axis=0)
    dhidden = dpred.dot(w2.T) * (1 - hidden * hidden)
    dW1 = X.T.dot(dhidden)
    db1 = dhidden.sum(axis=0)
    return dW1, db1, dw2, db2


def gradient_descent(X, y, theta, alpha=0.05, iters=400):
    costs = []
    for it in range(iters):
        step = gradients(X, y, *theta)
        theta = tuple(p - alpha * g for p, g in zip(theta, step))
        if it % 20 == 0:
            costs.append(J(model(X, *theta)[0], y))
    return theta, costs
