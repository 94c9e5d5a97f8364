import numpy as np


class LinearClassifier(object):

    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100,
              batch_size=200, verbose=False):
        """Train this linear classifier using stochastic gradient descent."""
        num_train, dim = X.shape
        num_classes = np.max(y) + 1
        if self.W is None:
            # lazily initialize W
            self.W = 0.001 * np.random.randn(dim, num_classes)

        loss_history = []
        for it in range(num_iters):
            rows = np.random.choice(num_train, batch_size, replace=True)
            loss, grad = self.loss(X[rows], y[rows], reg)
            loss_history.append(loss)
            self.W -= learning_rate * grad
            if verbose and it % 100 == 0:
                print('iteration %d / %d: loss %f' % (it, num_iters, loss))
        return loss_history

    def predict(self, X):
        return np.argmax(X.dot(self.W), axis=1)

    def loss(self, X_batch, y_batch, reg):
        """Subclasses override this. Returns (loss, gradient wrt self.W)."""
        raise NotImplementedError


class LinearSVM(LinearClassifier):
    """ A subclass that uses the Multiclass SVM loss function """

    def loss(self, X_batch, y_batch, reg):
        N = X_batch.shape[0]
        scores = X_batch.dot(self.W)
        correct = scores[np.arange(N), y_batch].reshape(-1, 1)
        margins = np.maximum(0, scores - correct + 1.0)
        margins[np.arange(N), y_batch] = 0
        loss = np.sum(margins) / N + 0.5 * reg * np.sum(self.W ** 2)

        mask = (margins > 0).astype(float)
        mask[np.arange(N), y_batch] = -1
        dW = X_batch.T.dot(mask) / N + reg * self.W
        return loss, dW


class Softmax(LinearClassifier):
    """ A subclass that uses the Softmax + Cross-entropy loss function """

    def loss(self, X_batch, y_batch, reg):
        N = X_batch.shape[0]
        scores = X_batch.dot(self.W)
        scores -= np.max(scores, axis=1, keepdims=True)
        probs = np.exp(scores)
        probs /= np.sum(probs, axis=1, keepdims=True)
        loss = -np.mean(np.log(probs[np.arange(N), y_batch])) + 0.5 * reg * np.sum(self.W ** 2)

        probs[np.arange(N), y_batch] -= 1
        dW = X_batch.T.dot(probs) / N + reg * self.W
        return loss, dW


if __name__ == '__main__':
    np.random.seed(231)
    X = np.random.randn(500, 6)
    y = np.argmax(X[:, :4], axis=1)
    for cls in (LinearSVM, Softmax):
        clf = cls()
        hist = clf.train(X, y, learning_rate=5e-2, num_iters=300)
        print(cls.__name__, hist[0], hist[-1], np.mean(clf.predict(X) == y))
