import math
import numpy as np


def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s


def tanh(x):
    return np.tanh(x)


def initialize(nx, n1, n2, ny=1):
    np.random.seed(5)
    weights = {
        "w1": np.random.randn(n1, nx) * np.sqrt(1 / nx),
        "b1": np.zeros((n1, 1)),
        "w2": np.random.randn(n2, n1) * np.sqrt(1 / n1),
        "b2": np.zeros((n2, 1)),
        "w3": np.random.randn(ny, n2) * np.sqrt(1 / n2),
        "b3": np.zeros((ny, 1)),
    }
    return weights


def forward_propagation(weights, x):
    z1 = np.dot(weights["w1"], x) + weights["b1"]
    a1 = tanh(z1)
    z2 = np.dot(weights["w2"], a1) + weights["b2"]
    a2 = tanh(z2)
    z3 = np.dot(weights["w3"], a2) + weights["b3"]
    a3 = sigmoid(z3)
    return a3, (z1, a1, z2, a2, z3, a3)


def cross_entropy_cost(a3, y):
    m = y.shape[1]
    losses = -(y * np.log(a3) + (1 - y) * np.log(1 - a3))
    return np.sum(losses) / m


def back_propagation(weights, cache, x, y):
    m = x.shape[1]
    z1, a1, z2, a2, z3, a3 = cache

    dz3 = 1. / m * (a3 - y) * a3 * (1 - a3)
    dw3 = np.dot(dz3, a2.T)
    db3 = np.sum(dz3, axis=1, keepdims=True)

    da2 = np.dot(weights["w3"].T, dz3)
    dz2 = np.multiply(da2, 1 - np.power(a2, 2))
    dw2 = np.dot(dz2, a1.T)
    db2 = np.sum(dz2, axis=1, keepdims=True)

    da1 = np.dot(weights["w2"].T, dz2)
    dz1 = np.multiply(da1, 1 - np.power(a1, 2))
    dw1 = np.dot(dz1, x.T)
    db1 = np.sum(dz1, axis=1, keepdims=True)

    return {"dw3": dw3, "db3": db3, "dw2": dw2, "db2": db2, "dw1": dw1, "db1": db1}


def random_mini_batches(x, y, mini_batch_size=64, seed=0):
    np.random.seed(seed)
    m = x.shape[1]
    permutation = np.random.permutation(m)
    x, y = x[:, permutation], y[:, permutation]
    batches = []
    for k in range(math.ceil(m / mini_batch_size)):
        part = slice(k * mini_batch_size, (k + 1) * mini_batch_size)
        batches.append((x[:, part], y[:, part]))
    return batches


def model(x, y, hidden=(5, 3), learning_rate=0.1, num_epochs=100, print_cost=True):
    weights = initialize(x.shape[0], hidden[0], hidden[1], y.shape[0])
    for epoch in range(num_epochs):
        for mini_x, mini_y in random_mini_batches(x, y, seed=epoch):
            a3, cache = forward_propagation(weights, mini_x)
            grads = back_propagation(weights, cache, mini_x, mini_y)
            for k in weights:
                weights[k] -= learning_rate * grads["d" + k]
        if print_cost and epoch % 10 == 0:
            a3, _ = forward_propagation(weights, x)
            print("Cost after epoch %i: %f" % (epoch, cross_entropy_cost(a3, y)))
    return weights
