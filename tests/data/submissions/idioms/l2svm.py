import numpy as np


def squared_hinge_naive(W, X, y, reg):
    """Multiclass SVM with squared margins.

    W (D, C), X (N, D), y (N,); returns the loss and dW of W's shape
    """
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin ** 2
                dW[:, j] += 2 * margin * X[i]
                dW[:, y[i]] -= 2 * margin * X[i]
    loss = loss / num_train + 0.5 * reg * np.sum(W * W)
    dW = dW / num_train + reg * W
    return loss, dW


class L2SVM:
    def __init__(self, D, C, reg=1e-2):
        self.W = np.zeros((D, C))
        self.reg = reg

    def train(self, X, y, lr=1e-2, iters=50, batch=16, seed=0):
        rng = np.random.RandomState(seed)
        hist = []
        for _ in range(iters):
            pick = rng.randint(0, len(X), batch)
            loss, dW = squared_hinge_naive(self.W, X[pick], y[pick], self.reg)
            self.W = self.W - lr * dW
            hist.append(loss)
        return hist

    def predict(self, X):
        return X.dot(self.W).argmax(axis=1)
