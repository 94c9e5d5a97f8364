# my version of the "neural network in 11 lines" post, with a proper log loss
import numpy as np


def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


def predict(X, syn0, syn1):
    l1 = nonlin(np.dot(X, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    return l1, l2


def log_loss(y, l2):
    return -np.mean(y * np.log(l2) + (1 - y) * np.log(1 - l2))


def updates(X, y, syn0, syn1):
    l1, l2 = predict(X, syn0, syn1)

    # how far are we from the target
    l2_error = (l2 - y) / y.size
    l2_delta = l2_error * nonlin(l2, deriv=True)

    # how much did each l1 value contribute
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)

    return X.T.dot(l1_delta), l1.T.dot(l2_delta)


def run(X, y, hidden=4, rounds=6000, alpha=1.0):
    np.random.seed(1)
    syn0 = 2 * np.random.random((X.shape[1], hidden)) - 1
    syn1 = 2 * np.random.random((hidden, 1)) - 1
    for j in range(rounds):
        d0, d1 = updates(X, y, syn0, syn1)
        syn0 -= alpha * d0
        syn1 -= alpha * d1
        if j % 1000 == 0:
            print("loss:", log_loss(y, predict(X, syn0, syn1)[1]))
    return syn0, syn1


if __name__ == "__main__":
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0], [1], [1], [0]])
    run(X, y)
