import numpy as np

def sigmoid(t):
    return 1 / (1 + np.exp(-t))

def one_layer(A_in, W, b):
    A_out = sigmoid(W.dot(A_in) + b)
    return A_out, (A_in, W, A_out)

def predict_proba(X, weights, biases):
    stack = []
    A = X
    for W, b in zip(weights, biases):
        A, c = one_layer(A, W, b)
        stack.append(c)
    return A, stack

def J(P, Y):
    """Cross entropy for independent leaf diseases (several may be present)."""
    per_leaf = -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum(axis=0)
    return per_leaf.mean()

def one_layer_back(dZ, c, first=False):
    A_in, W, _ = c
    m = A_in.shape[1]
    dW = dZ.dot(A_in.T) / m
    db = np.squeeze(dZ.mean(axis=1, keepdims=True))
    if first:
        return None, dW, db
    dA_in = W.T.dot(dZ)
    return dA_in * A_in * (1 - A_in), dW, db

def gradients(P, Y, stack):
    dWs, dbs = [], []
    dZ = P - Y
    while stack:
        c = stack.pop()
        dZ, dW, db = one_layer_back(dZ, c, first=(len(stack) == 0))
        dWs.insert(0, dW)
        dbs.insert(0, db)
    return dWs, dbs
