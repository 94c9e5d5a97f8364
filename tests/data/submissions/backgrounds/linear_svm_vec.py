import numpy as np


def svm_loss_vectorized(W, b, X, y, reg):
    """
    Structured SVM loss function, vectorized implementation.

    Inputs:
    - W: (D, C) weights, b: (C,) biases
    - X: (N, D) minibatch of data
    - y: (N,) labels, 0 <= y[i] < C
    - reg: (float) regularization strength
    """
    N = X.shape[0]
    rows = np.arange(N)

    scores = X.dot(W) + b
    correct = scores[rows, y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1.0)
    margins[rows, y] = 0
    loss = margins.sum() / N + 0.5 * reg * np.sum(W * W)

    # gradient: reuse the margins
    dscores = (margins > 0).astype(float)
    dscores /= N

    dW = X.T.dot(dscores) + reg * W
    db = dscores.sum(axis=0)
    return loss, dW, db


def train(W, b, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    loss_history = []
    for it in range(num_iters):
        idx = np.random.choice(X.shape[0], batch_size)
        loss, dW, db = svm_loss_vectorized(W, b, X[idx], y[idx], reg)
        loss_history.append(loss)
        W -= learning_rate * dW
        b -= learning_rate * db
        if verbose and it % 100 == 0:
            print('iteration %d / %d: loss %f' % (it, num_iters, loss))
    return loss_history


def predict(W, b, X):
    return np.argmax(X.dot(W) + b, axis=1)
