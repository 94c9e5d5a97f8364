import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    return x * (1 - x)


np.random.seed(3)
w1, w2 = np.random.rand(2, 4), np.random.rand(4, 1)

for epoch in range(4):
    z1 = X @ w1
    a1 = sigmoid(z1)
    z2 = a1 @ w2
    a2 = sigmoid(z2)
    d2 = (Y - a2) * sigmoid_derivative(a2)
    d1 = d2 @ w2.T * sigmoid_derivative(z1)
    w2 = w2 + a1.T @ d2
    w1 = w1 + X.T @ d1
