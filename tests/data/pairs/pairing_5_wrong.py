import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    """y (N,) holds the index of the class, W is (D, C), X is (N, D)."""
    N = X.shape[0]
    scores = X @ W
    right = scores[np.arange(N), y][:, None]
    margins = np.maximum(0, scores - right + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    binary = (margins > 0).astype(float)
    binary[np.arange(N), y] = binary.sum(axis=1)
    dW = X.T @ binary / N + 2 * reg * W
    return loss, dW
