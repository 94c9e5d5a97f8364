import numpy as np


class Affine:
    def __init__(self, W, b=None):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        out = np.dot(x, self.W)
        return out if self.b is None else out + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class BatchNorm:
    def __init__(self, gamma, beta):
        self.gamma = gamma
        self.beta = beta

    def forward(self, x):
        mu = x.mean(axis=0)
        self.xc = x - mu
        var = np.mean(self.xc ** 2, axis=0)
        self.std = np.sqrt(var + 1e-7)
        self.xn = self.xc / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        N = dout.shape[0]
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc += (2.0 / N) * self.xc * dvar
        return dxc


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out ** 2)


class Net:
    def __init__(self, p):
        self.affine1 = Affine(p['W1'])
        self.bn = BatchNorm(p['gamma'], p['beta'])
        self.affine2 = Affine(p['W2'], p['b2'])
        self.layers = [self.affine1, self.bn, Tanh(), self.affine2]

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        self.diff = x - t
        return np.sum(self.diff ** 2) / (2 * len(t))

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.diff / len(t)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return {'W1': self.affine1.dW, 'gamma': self.bn.dgamma, 'beta': self.bn.dbeta,
                'W2': self.affine2.dW, 'b2': self.affine2.db}
