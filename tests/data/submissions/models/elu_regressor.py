import numpy as np


def elu(u, alpha=1.0):
    return np.where(u > 0, u, alpha * (np.exp(np.minimum(u, 0)) - 1))


def d_elu(u, alpha=1.0):
    return np.where(u > 0, 1.0, alpha * np.exp(np.minimum(u, 0)))


class Regressor(object):
    '''Scalar regression.  Loss is the mean squared error over the batch.'''

    def __init__(self, nIn, nHid):
        R = np.random.RandomState(7)
        self.W_in = R.uniform(-1, 1, (nHid, nIn))
        self.b_in = np.zeros((nHid, 1))
        self.w_out = R.uniform(-1, 1, (1, nHid))
        self.b_out = np.zeros((1, 1))

    def predict(self, X):
        self.X = X
        self.U = np.dot(self.W_in, X) + self.b_in
        self.H = elu(self.U)
        self.Yhat = np.dot(self.w_out, self.H) + self.b_out
        return self.Yhat

    def mse(self, X, Y):
        return np.mean((self.predict(X) - Y) ** 2)

    def compute_gradients(self, X, Y):
        N = X.shape[1]
        err = self.predict(X) - Y              # (1, N)

        dY = err / N
        self.grad_w_out = np.dot(dY, self.H.T)
        self.grad_b_out = np.sum(dY, axis=1, keepdims=True)

        dU = np.dot(self.w_out.T, dY) * d_elu(self.U)
        self.grad_W_in = np.dot(dU, self.X.T)
        self.grad_b_in = np.sum(dU, axis=1, keepdims=True)

    def fit(self, X, Y, lr=0.01, epochs=500):
        for epoch in range(epochs):
            self.compute_gradients(X, Y)
            self.W_in -= lr * self.grad_W_in
            self.b_in -= lr * self.grad_b_in
            self.w_out -= lr * self.grad_w_out
            self.b_out -= lr * self.grad_b_out
            if epoch % 100 == 0:
                print("epoch", epoch, "mse", self.mse(X, Y))
        return self
