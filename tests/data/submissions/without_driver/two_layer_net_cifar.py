import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            'W1': std * np.random.randn(input_size, hidden_size),
            'b1': np.zeros(hidden_size),
            'W2': std * np.random.randn(hidden_size, output_size),
            'b2': np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        """
        Compute the loss and gradients for the two layer net.

        - X: (N, D)
        - y: (N,) labels, optional. Without labels the scores are returned.
        - reg: regularization strength
        """
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N = X.shape[0]

        hidden = X @ W1 + b1
        hidden[hidden < 0] = 0
        scores = hidden @ W2 + b2
        if y is None:
            return scores

        scores = scores - scores.max(axis=1, keepdims=True)
        log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        loss = -log_probs[np.arange(N), y].mean()
        loss += reg * np.sum(W1 ** 2)
        loss += reg * np.sum(W2 ** 2)

        grads = {}
        dscores = np.exp(log_probs)
        dscores[np.arange(N), y] -= 1
        dscores /= N
        grads['W2'] = hidden.T @ dscores + reg * W2
        grads['b2'] = dscores.sum(axis=0)
        dhidden = dscores @ W2.T
        dhidden[hidden == 0] = 0
        grads['W1'] = X.T @ dhidden + 2 * reg * W1
        grads['b1'] = dhidden.sum(axis=0)
        return loss, grads

    def predict(self, X):
        return self.loss(X).argmax(axis=1)


def sgd(net, X, y, lr=1e-1, reg=1e-3, steps=200, batch=50, seed=0):
    rng = np.random.RandomState(seed)
    history = []
    for _ in range(steps):
        pick = rng.choice(len(X), batch)
        loss, grads = net.loss(X[pick], y[pick], reg)
        for name, g in grads.items():
            net.params[name] -= lr * g
        history.append(loss)
    return history


if __name__ == '__main__':
    np.random.seed(1)
    X = np.random.randn(300, 10)
    y = np.argmax(X[:, :3] + 0.1 * np.random.randn(300, 3), axis=1)
    net = TwoLayerNet(10, 20, 3, std=1e-1)
    hist = sgd(net, X, y)
    print('first loss %.3f  last loss %.3f' % (hist[0], hist[-1]))
    print('train accuracy', np.mean(net.predict(X) == y))
