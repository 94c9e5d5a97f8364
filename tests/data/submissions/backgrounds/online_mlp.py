import numpy as np


class OnlineMLP:
    """Small MLP which learns sample by sample, during operation.

    hidden layer: logistic, output layer: linear. Vectors are one dimensional.
    """

    def __init__(self, n_in, n_hid, n_out, rate=0.05):
        self.rate = rate
        self.W1 = np.random.uniform(-0.5, 0.5, (n_hid, n_in))
        self.b1 = np.zeros(n_hid)
        self.W2 = np.random.uniform(-0.5, 0.5, (n_out, n_hid))
        self.b2 = np.zeros(n_out)

    def compute(self, x):
        self.h = 1.0 / (1.0 + np.exp(-(self.W1 @ x + self.b1)))
        return self.W2 @ self.h + self.b2

    def sample_error(self, x, d):
        e = self.compute(x) - d
        return 0.5 * float(e @ e)

    def learn(self, x, d):
        """One step of gradient descent. Returns the gradients for logging."""
        W2 = self.W2
        e = self.compute(x) - d

        # output layer
        gW2 = np.outer(e, self.h)
        gb2 = e
        self.W2 -= self.rate * gW2
        self.b2 -= self.rate * gb2

        # hidden layer
        delta = (W2.T @ e) * self.h * (1.0 - self.h)
        gW1 = np.outer(delta, x)
        gb1 = delta
        self.W1 -= self.rate * gW1
        self.b1 -= self.rate * gb1
        return {"dW1": gW1, "db1": gb1, "dW2": gW2, "db2": gb2}

    def learn_sequence(self, X, D):
        errors = []
        for x, d in zip(X, D):
            errors.append(self.sample_error(x, d))
            self.learn(x, d)
        return errors
