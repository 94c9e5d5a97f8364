import numpy as np

# Notation from the lecture:  a_k = h_{k-1} W_k + c_k ,  h_k = tanh(a_k)

def f(theta, x):
    a1 = x @ theta["W1"] + theta["c1"]
    h1 = np.tanh(a1)
    a2 = h1 @ theta["W2"] + theta["c2"]
    h2 = np.tanh(a2)
    yhat = h2 @ theta["W3"] + theta["c3"]
    return yhat, (a1, h1, a2, h2)


def E(theta, x, y):
    yhat, _ = f(theta, x)
    return ((yhat - y) ** 2).sum() / (2 * len(x))


def gradE(theta, x, y):
    yhat, (a1, h1, a2, h2) = f(theta, x)
    n = len(x)

    dyhat = (yhat - y) / n
    dW3 = h2.T @ dyhat
    dc3 = dyhat.sum(axis=0)

    dh2 = dyhat @ theta["W3"].T
    da2 = dh2 * (1 - h2 ** 2)
    dW2 = h1.T @ da2
    dc2 = da2.sum(axis=0)

    dh1 = da2 @ theta["W2"].T
    da1 = dh1 * (1 - a1 ** 2)
    dW1 = x.T @ da1
    dc1 = da1.sum(axis=0)

    return dict(W1=dW1, c1=dc1, W2=dW2, c2=dc2, W3=dW3, c3=dc3)
