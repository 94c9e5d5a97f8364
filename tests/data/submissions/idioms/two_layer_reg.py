import numpy as np


class TwoLayerNet(object):
    """affine - relu - affine - softmax with weight decay"""

    def __init__(self, input_dim=5, hidden_dim=6, num_classes=3, weight_scale=0.1, reg=0.0):
        self.reg = reg
        self.params = {}
        self.params['W1'] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params['b1'] = np.zeros(hidden_dim)
        self.params['W2'] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params['b2'] = np.zeros(num_classes)

    def scores(self, X):
        hidden = np.maximum(0, X.dot(self.params['W1']) + self.params['b1'])
        return hidden, hidden.dot(self.params['W2']) + self.params['b2']

    def loss(self, X, y):
        N = X.shape[0]
        rows = np.arange(N)
        hidden, scores = self.scores(X)
        scores = scores - scores.max(axis=1)[:, np.newaxis]
        probs = np.exp(scores)
        probs /= probs.sum(axis=1)[:, np.newaxis]

        loss = np.mean(-np.log(probs[rows, y]))
        for name in ('W1', 'W2'):
            loss += self.reg * np.sum(self.params[name] ** 2)

        grads = {}
        target = np.zeros_like(probs)
        target[rows, y] = 1
        dscores = (probs - target) / N
        grads['W2'] = hidden.T.dot(dscores)
        grads['b2'] = dscores.sum(axis=0)
        dhidden = dscores.dot(self.params['W2'].T)
        dhidden[hidden <= 0] = 0
        grads['W1'] = X.T.dot(dhidden)
        grads['b1'] = dhidden.sum(axis=0)
        for name in ('W1', 'W2'):
            grads[name] += self.reg * self.params[name]
        return loss, grads

    def train(self, X, y, learning_rate=1e-1, num_iters=100, batch_size=20):
        history = []
        for it in range(num_iters):
            idx = np.random.choice(len(X), batch_size)
            loss, grads = self.loss(X[idx], y[idx])
            history.append(loss)
            for name in self.params:
                self.params[name] -= learning_rate * grads[name]
        return history
