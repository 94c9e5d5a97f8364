import numpy as np


def f(x, theta):
    W1, b1, W2, b2 = theta
    h = np.tanh(W1 @ x + b1)
    return h, W2 @ h + b2


def mean_loss(xs, labels, theta):
    values = []
    for x, c in zip(xs, labels):
        _, s = f(x, theta)
        values.append(np.log(np.sum(np.exp(s - s.max()))) + s.max() - s[c])
    return sum(values) / len(values)


def downhill(x, c, theta):
    """Steepest descent direction for one example."""
    W1, b1, W2, b2 = theta
    h, s = f(x, theta)
    e = -np.exp(s) / np.exp(s).sum()
    e[c] += 1
    r = (e @ W2) * (1 - h ** 2)
    return np.outer(r, x), r, np.outer(e, h), e


def mean_gradient(xs, labels, theta):
    avg = [np.zeros_like(p) for p in theta]
    for k, (x, c) in enumerate(zip(xs, labels)):
        for a, d in zip(avg, downhill(x, c, theta)):
            a += (d - a) / (k + 1)
    return [-a for a in avg]


def train(xs, labels, theta, rate=0.3, rounds=100):
    trace = []
    for _ in range(rounds):
        gradient = mean_gradient(xs, labels, theta)
        theta = [p - rate * g for p, g in zip(theta, gradient)]
        trace.append(mean_loss(xs, labels, theta))
    return theta, trace


def classify(xs, theta):
    return [int(np.argmax(f(x, theta)[1])) for x in xs]
