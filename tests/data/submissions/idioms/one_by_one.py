import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_one(x, W1, b1, W2, b2):
    a1 = np.tanh(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    return a1, a2


def total_cost(xs, ts, W1, b1, W2, b2):
    J = 0
    for x, t in zip(xs, ts):
        _, a2 = forward_one(x, W1, b1, W2, b2)
        J += -(t * np.log(a2[0]) + (1 - t) * np.log(1 - a2[0]))
    return J / len(xs)


def total_gradient(xs, ts, W1, b1, W2, b2):
    m = len(xs)
    dW1, db1 = 0 * W1, 0 * b1
    dW2, db2 = 0 * W2, 0 * b2
    for x, t in zip(xs, ts):
        a1, a2 = forward_one(x, W1, b1, W2, b2)
        dz2 = a2 - t
        dz1 = (W2.T @ dz2) * (1 - a1 ** 2)
        dW2 = dW2 + np.outer(dz2, a1) / m
        db2 = db2 + dz2 / m
        dW1 = (dW1 + np.outer(dz1, x)) / m
        db1 = db1 + dz1 / m
    return dW1, db1, dW2, db2


def optimise(xs, ts, n_hidden=3, lr=0.5, n_steps=200):
    np.random.seed(0)
    theta = [np.random.randn(n_hidden, len(xs[0])), np.zeros(n_hidden),
             np.random.randn(1, n_hidden), np.zeros(1)]
    for step in range(n_steps):
        grads = total_gradient(xs, ts, *theta)
        theta = [p - lr * g for p, g in zip(theta, grads)]
        if step % 50 == 0:
            print(step, total_cost(xs, ts, *theta))
    return theta
