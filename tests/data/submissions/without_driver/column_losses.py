import numpy as np

# loss functions for linear classifiers, data in COLUMNS
# W: C x D, X: D x N, y: N labels 0..C-1


def svm_loss(W, X, y, reg):
    """
    Structured SVM loss, vectorized.
    Returns (loss, dW)
    """
    num_train = X.shape[1]
    cols = np.arange(num_train)
    scores = W.dot(X)
    correct = scores[y, cols]
    margins = np.maximum(0, scores - correct + 1.0)
    margins[y, cols] = 0
    loss = np.sum(margins) / num_train + 0.5 * reg * np.sum(W * W)

    coeff = (margins > 0).astype(float)
    coeff[y, cols] = -np.sum(coeff, axis=0)
    dW = coeff.dot(X.T) / num_train + reg * W
    return loss, dW


def softmax_loss(W, X, y, reg):
    """
    Softmax loss, vectorized. Same inputs and outputs as svm_loss.
    """
    num_train = X.shape[1]
    cols = np.arange(num_train)
    scores = W.dot(X)
    scores -= np.max(scores, axis=0)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=0)
    loss = -np.sum(np.log(probs[y, cols])) / num_train + 0.5 * reg * np.sum(W * W)

    dscores = probs.copy()
    dscores[y, cols] -= probs[y, cols]
    dW = dscores.dot(X.T) / num_train + reg * W
    return loss, dW


def train_linear(loss_fn, X, y, reg=1e-4, learning_rate=1e-2, num_iters=200, batch_size=50):
    dim, num_train = X.shape
    W = np.random.randn(np.max(y) + 1, dim) * 0.001
    history = []
    for it in range(num_iters):
        idx = np.random.choice(num_train, batch_size)
        loss, dW = loss_fn(W, X[:, idx], y[idx], reg)
        history.append(loss)
        W -= learning_rate * dW
    return W, history


if __name__ == "__main__":
    np.random.seed(1)
    y = np.random.randint(0, 4, size=300)
    X = np.vstack([np.random.randn(6, 300) + 1.5 * np.random.randn(6, 4)[:, y], np.ones((1, 300))])
    for fn in (svm_loss, softmax_loss):
        W, history = train_linear(fn, X, y)
        acc = np.mean(np.argmax(W.dot(X), axis=0) == y)
        print("%s: first loss %.3f last loss %.3f accuracy %.2f" % (fn.__name__, history[0], history[-1], acc))
