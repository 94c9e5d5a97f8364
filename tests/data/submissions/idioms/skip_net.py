import numpy as np


class SkipNet:
    """x -> tanh(x W1 + b1) = h1 ;  h2 = h1 + tanh(h1 W2 + b2) ;  linear scores ;  softmax loss."""

    def __init__(self, dim, width, classes, scale=0.5):
        r = np.random.RandomState(12)
        self.p = dict(W1=scale * r.randn(dim, width), b1=np.zeros(width),
                      W2=scale * r.randn(width, width), b2=np.zeros(width),
                      W3=scale * r.randn(width, classes), b3=np.zeros(classes))

    def forward(self, x):
        p = self.p
        h1 = np.tanh(x @ p['W1'] + p['b1'])
        branch = np.tanh(h1 @ p['W2'] + p['b2'])
        h2 = h1 + branch
        scores = h2 @ p['W3'] + p['b3']
        self.memo = (x, h1, branch, h2)
        return scores

    def objective(self, x, y):
        scores = self.forward(x)
        scores = scores - scores.max(1, keepdims=True)
        logp = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        self.logp = logp
        return -logp[np.arange(len(y)), y].mean()

    def backward(self, y):
        p = self.p
        x, h1, branch, h2 = self.memo
        n = len(y)
        ds = np.exp(self.logp)
        ds[np.arange(n), y] -= 1
        ds /= n
        g = {'W3': h2.T @ ds, 'b3': ds.sum(0)}
        dh2 = ds @ p['W3'].T
        dbranch = dh2 * (1 - branch * branch)
        g['W2'] = h1.T @ dbranch
        g['b2'] = dbranch.sum(0)
        dh1 = dbranch @ p['W2'].T
        dpre = dh1 * (1 - h1 * h1)
        g['W1'] = x.T @ dpre
        g['b1'] = dpre.sum(0)
        return g

    def sgd(self, x, y, lr=0.2):
        value = self.objective(x, y)
        for k, g in self.backward(y).items():
            self.p[k] = self.p[k] - lr * g
        return value
