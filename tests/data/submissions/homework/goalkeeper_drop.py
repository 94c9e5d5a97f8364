import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def forward_dropout(X, par, keep_prob, seed):
    np.random.seed(seed)
    Z1 = par["W1"] @ X + par["b1"]
    A1 = np.tanh(Z1)
    D1 = (np.random.rand(*A1.shape) < keep_prob).astype(int)
    A1 = A1 * D1
    A1 = A1 / keep_prob
    Z2 = par["W2"] @ A1 + par["b2"]
    A2 = sigmoid(Z2)
    S2 = A2
    D2 = (np.random.rand(*A2.shape) < keep_prob).astype(int)
    A2 = A2 * D2
    A2 = A2 / keep_prob
    A3 = sigmoid(par["W3"] @ A2 + par["b3"])
    return A3, (Z1, D1, A1, S2, D2, A2, A3)

def cost(A3, Y):
    return -np.mean(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))

def backward_dropout(X, Y, par, cache, keep_prob):
    m = X.shape[1]
    Z1, D1, A1, S2, D2, A2, A3 = cache

    dZ3 = (A3 - Y) / m
    dW3 = dZ3 @ A2.T
    db3 = np.sum(dZ3, axis=1, keepdims=True)

    dA2 = par["W3"].T @ dZ3
    dA2 = dA2 * D2 / keep_prob
    dZ2 = dA2 * S2 * (1 - S2)
    dW2 = dZ2 @ A1.T
    db2 = np.sum(dZ2, axis=1, keepdims=True)

    dA1 = par["W2"].T @ dZ2
    dA1 = dA1 * D1
    dZ1 = dA1 * (1 - np.tanh(Z1) ** 2)
    dW1 = dZ1 @ X.T
    db1 = np.sum(dZ1, axis=1, keepdims=True)

    return {"dW3": dW3, "db3": db3, "dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}
