from __future__ import print_function

import numpy as np


class TwoLayerNet(object):
    """
    Fully connected net: input - fully connected layer - ReLU - fully connected layer - softmax
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N, D = X.shape

        # Compute the forward pass
        z1 = X.dot(W1) + b1
        h1 = np.maximum(z1, 0)
        scores = h1.dot(W2) + b2
        if y is None:
            return scores

        # Compute the loss
        scores -= np.max(scores, axis=1).reshape(-1, 1)
        exp_s = np.exp(scores)
        p = exp_s / np.sum(exp_s, axis=1).reshape(-1, 1)
        loss = -np.mean(np.log(p[np.arange(N), y]))
        loss += reg * (np.sum(W2 * W2) + np.sum(W1 * W1))

        # Backward pass: compute gradients
        one_hot = np.zeros_like(p)
        one_hot[np.arange(N), y] = 1
        dout = (p - one_hot) / N
        dz1 = dout.dot(W2.T) * (z1 > 0)

        grads = {}
        grads['W2'] = h1.T.dot(dout) + 2 * reg * W2
        grads['b2'] = dout.sum(axis=0)
        grads['W1'] = X.T.dot(dz1) + reg * W1
        grads['b1'] = dz1.sum(axis=0)
        return loss, grads

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
