import numpy as np


def svm_loss_naive(W, X, y, reg):
    """
    Structured SVM loss function, naive implementation (with loops).

    - W: (D, C) weights, X: (N, D) minibatch, y: (N,) labels, reg: float
    Returns loss as single float and the gradient with respect to W.
    """
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # note delta = 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]

    loss /= num_train
    dW /= num_train

    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """
    Structured SVM loss function, vectorized implementation.
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    loss = margins.sum() / num_train + reg * np.sum(W * W)

    coeff = np.zeros_like(margins)
    coeff[margins > 0] = 1
    coeff[np.arange(num_train), y] -= coeff.sum(axis=1)
    dW = X.T.dot(coeff) / num_train + 2 * reg * W
    return loss, dW


if __name__ == "__main__":
    np.random.seed(0)
    X = np.random.randn(50, 8)
    y = np.random.randint(4, size=50)
    W = np.random.randn(8, 4) * 0.0001
    loss_naive, grad_naive = svm_loss_naive(W, X, y, 0.00005)
    loss_vec, grad_vec = svm_loss_vectorized(W, X, y, 0.00005)
    print("loss: %f %f" % (loss_naive, loss_vec))
    print("difference of the gradients: %e" % np.linalg.norm(grad_naive - grad_vec))
