from __future__ import print_function

import numpy as np


class ThreeLayerNet(object):
    """
    input - fully connected - leaky ReLU - fully connected - leaky ReLU - fully connected - SVM
    """

    def __init__(self, input_size, hidden1, hidden2, output_size, std=1e-1, leak=0.1):
        self.leak = leak
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden1)
        self.params['b1'] = np.zeros(hidden1)
        self.params['W2'] = std * np.random.randn(hidden1, hidden2)
        self.params['b2'] = np.zeros(hidden2)
        self.params['W3'] = std * np.random.randn(hidden2, output_size)
        self.params['b3'] = np.zeros(output_size)

    def _leaky(self, z):
        return np.where(z > 0, z, self.leak * z)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        W3, b3 = self.params['W3'], self.params['b3']
        N = X.shape[0]

        z1 = X.dot(W1) + b1
        h1 = self._leaky(z1)
        z2 = h1.dot(W2) + b2
        h2 = self._leaky(z2)
        scores = h2.dot(W3) + b3
        if y is None:
            return scores

        # multiclass hinge loss
        margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
        margins[np.arange(N), y] = 0
        data_loss = margins.sum() / N
        reg_loss = reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(W3 * W3))
        loss = data_loss + reg_loss

        dscores = np.zeros_like(scores)
        dscores[margins > 0] = 1
        dscores[np.arange(N), y] -= dscores.sum(axis=1)
        dscores /= N

        grads = {}
        grads['W3'] = h2.T.dot(dscores) + 2 * reg * W3
        grads['b3'] = dscores.sum(axis=0)
        dh2 = dscores.dot(W3.T)
        dh2[z2 <= 0] *= self.leak
        grads['W2'] = h1.T.dot(dh2) + 2 * reg * W2
        grads['b2'] = dh2.sum(axis=0)
        dh1 = dh2.dot(W2.T)
        dh1[z1 <= 0] *= self.leak
        grads['W1'] = X.T.dot(dh1) + 2 * reg * W1
        grads['b1'] = dh1.sum(axis=0)

        return loss, grads

    def train(self, X, y, learning_rate=1e-2, reg=1e-5, num_iters=100, batch_size=32, verbose=False):
        loss_history = []
        for it in range(num_iters):
            batch = np.random.choice(X.shape[0], batch_size)
            loss, grads = self.loss(X[batch], y=y[batch], reg=reg)
            loss_history.append(loss)
            for name in self.params:
                self.params[name] -= learning_rate * grads[name]
            if verbose and it % 100 == 0:
                print('iteration %d / %d: loss %f' % (it, num_iters, loss))
        return loss_history

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
