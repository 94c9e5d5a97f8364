"""Autoencoder, decoder uses the transpose of the encoder matrix."""
import numpy as np


def sigm(a):
    return 1 / (1 + np.exp(-a))


def encode(X, theta):
    return sigm(X @ theta['W'] + theta['b'])


def decode(H, theta):
    return H @ theta['W'].T + theta['c']


def reconstruction_error(X, theta):
    R = decode(encode(X, theta), theta)
    return 0.5 * np.sum((R - X) ** 2) / X.shape[0]


def reconstruction_grad(X, theta):
    n = X.shape[0]
    H = encode(X, theta)
    R = decode(H, theta)
    grad = {}

    # decoder
    dR = (R - X) / n
    grad['c'] = dR.sum(axis=0)
    grad['W'] = dR.T @ H

    # encoder
    dH = dR @ theta['W']
    dA = dH * H * (1 - H)
    grad['b'] = dA.sum(axis=0)
    grad['W'] = X.T @ dA

    return grad


def train(X, k, lr=0.05, epochs=200):
    rng = np.random.default_rng(0)
    theta = {'W': 0.1 * rng.standard_normal((X.shape[1], k)),
             'b': np.zeros(k),
             'c': X.mean(axis=0)}
    curve = []
    for _ in range(epochs):
        grad = reconstruction_grad(X, theta)
        for name in theta:
            theta[name] = theta[name] - lr * grad[name]
        curve.append(reconstruction_error(X, theta))
    return theta, curve
