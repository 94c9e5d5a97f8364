import numpy as np


class BiasedMF:
    """
    r_ui ~ mean + bu[u] + bi[i] + P[u] . Q[i]

    full batch gradient descent, only observed entries (mask == 1) count
    """

    def __init__(self, n_users, n_items, k=10, lam=0.05):
        self.P = np.random.normal(scale=1. / k, size=(n_users, k))
        self.Q = np.random.normal(scale=1. / k, size=(n_items, k))
        self.bu = np.zeros(n_users)
        self.bi = np.zeros(n_items)
        self.lam = lam

    def predict(self, mean):
        return mean + self.bu[:, None] + self.bi[None, :] + self.P.dot(self.Q.T)

    def cost(self, R, mask):
        n_obs = mask.sum()
        mean = (R * mask).sum() / n_obs
        err = mask * (self.predict(mean) - R)
        reg = 0.5 * self.lam * ((self.P ** 2).sum() + (self.Q ** 2).sum())
        return 0.5 * (err ** 2).sum() / n_obs + reg

    def gradients(self, R, mask):
        n_obs = mask.sum()
        mean = (R * mask).sum() / n_obs
        err = mask * (self.predict(mean) - R)
        dP = err.dot(self.Q) / n_obs + self.lam * self.P
        dQ = err.T.dot(self.P) / err.size + self.lam * self.Q
        dbu = err.sum(axis=1) / n_obs
        dbi = err.sum(axis=0) / n_obs
        return dP, dQ, dbu, dbi

    def fit(self, R, mask, lr=1.0, epochs=50):
        history = []
        for _ in range(epochs):
            dP, dQ, dbu, dbi = self.gradients(R, mask)
            self.P -= lr * dP
            self.Q -= lr * dQ
            self.bu -= lr * dbu
            self.bi -= lr * dbi
            history.append(self.cost(R, mask))
        return history
