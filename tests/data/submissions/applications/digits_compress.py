"""
Autoencoder exercise.

Encoder: code = sigmoid(E x + e)      Decoder: y = D code + d
Error:   average over the pictures of  || y - x ||^2
"""
import numpy as np


def squash(v):
    return 1.0 / (1.0 + np.exp(-v))


def encode(x, weights):
    return squash(np.dot(weights["E"], x) + weights["e"])


def decode(code, weights):
    return np.dot(weights["D"], code) + weights["d"]


def reconstruction_error(pictures, weights):
    error = 0.0
    for x in pictures:
        y = decode(encode(x, weights), weights)
        error = error + np.sum((y - x) ** 2)
    return error / len(pictures)


def reconstruction_gradient(pictures, weights):
    gradient = {}
    for name in weights:
        gradient[name] = np.zeros(weights[name].shape)

    for x in pictures:
        # forward again
        code = encode(x, weights)
        y = decode(code, weights)

        # backward
        g_y = y - x
        gradient["D"] += np.outer(g_y, code)
        gradient["d"] += g_y
        g_code = np.dot(weights["D"].T, g_y)
        g_pre = g_code * code * (1.0 - code)
        gradient["E"] += np.outer(g_pre, x)
        gradient["e"] += g_pre

    # average over pictures
    for name in gradient:
        gradient[name] /= len(pictures)
    return gradient


def train(pictures, weights, rate=0.05, epochs=100):
    history = []
    for epoch in range(epochs):
        gradient = reconstruction_gradient(pictures, weights)
        for name in weights:
            weights[name] = weights[name] - rate * gradient[name]
        history.append(reconstruction_error(pictures, weights))
    return history
