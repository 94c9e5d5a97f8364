import numpy as np


def svm_net(params, X, y, delta=1.0, reg=0.0):
    """
    Two-layer net: affine - relu - affine - multiclass SVM loss.

    X: (N, D), y: (N,) integer labels.
    Returns loss and a dict of gradients with the same keys as params.
    """
    W1, b1, W2, b2 = params['W1'], params['b1'], params['W2'], params['b2']
    N = X.shape[0]
    rows = np.arange(N)

    # forward
    pre = X.dot(W1) + b1
    hidden = np.maximum(pre, 0)
    scores = hidden.dot(W2) + b2

    margins = np.maximum(0, scores - scores[rows, y][:, np.newaxis] + delta)
    margins[rows, y] = 0
    loss = margins.sum() / N
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    # backward
    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -1
    dscores /= N

    grads = {}
    grads['W2'] = hidden.T.dot(dscores) + reg * W2
    grads['b2'] = dscores.sum(axis=0)
    dhidden = dscores.dot(W2.T)
    dhidden[pre <= 0] = 0
    grads['W1'] = X.T.dot(dhidden) + reg * W1
    grads['b1'] = dhidden.sum(axis=0)
    return loss, grads


def predict(params, X):
    hidden = np.maximum(X.dot(params['W1']) + params['b1'], 0)
    return np.argmax(hidden.dot(params['W2']) + params['b2'], axis=1)
