# L-layer network from my lecture notes: tanh everywhere, sigmoid at the end
import numpy as np


def init(dims):
    p = {}
    for i in range(1, len(dims)):
        p["W" + str(i)] = np.random.randn(dims[i], dims[i - 1]) / np.sqrt(dims[i - 1])
        p["b" + str(i)] = np.zeros((dims[i], 1))
    return p


def forward(X, p):
    L = len(p) // 2
    cache = {"A0": X}
    A = X
    for i in range(1, L + 1):
        Z = np.matmul(p["W" + str(i)], A) + p["b" + str(i)]
        if i == L:
            A = 1 / (1 + np.exp(-Z))
        else:
            A = np.tanh(Z)
        cache["Z" + str(i)] = Z
        cache["A" + str(i)] = A
    return A, cache


def loss(A, Y):
    return np.mean(-Y * np.log(A) - (1 - Y) * np.log(1 - A))


def backward(Y, p, cache):
    L = len(p) // 2
    m = Y.shape[1]
    grads = {}

    AL = cache["A" + str(L)]
    grads["dA" + str(L)] = (-Y / AL + (1 - Y) / (1 - AL)) / m
    dZ = grads["dA" + str(L)] * AL * (1 - AL)
    grads["dW" + str(L)] = np.matmul(dZ, cache["A" + str(L - 1)].T)
    grads["db" + str(L)] = np.sum(dZ, axis=1, keepdims=True)
    grads["dA" + str(L - 1)] = np.matmul(p["W" + str(L)].T, dZ)

    for i in range(L - 1, 0, -1):
        dA = grads["dA" + str(L - 1)]
        dZ = dA * (1 - cache["A" + str(i)] ** 2)
        grads["dW" + str(i)] = np.matmul(dZ, cache["A" + str(i - 1)].T)
        grads["db" + str(i)] = np.sum(dZ, axis=1, keepdims=True)
        grads["dA" + str(i - 1)] = np.matmul(p["W" + str(i)].T, dZ)

    return grads


def step(p, grads, lr):
    for k in p:
        p[k] = p[k] - lr * grads["d" + k]
    return p
