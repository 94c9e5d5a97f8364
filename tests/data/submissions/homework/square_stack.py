import numpy as np

def elu(z):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)

def elu_slope(z):
    return np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))

def forward(X, W1, b1, W2, b2, W3, b3):
    Z1 = np.matmul(W1, X) + b1
    A1 = elu(Z1)
    Z2 = np.matmul(W2, A1) + b2
    A2 = elu(Z2)
    Yhat = np.matmul(W3, A2) + b3
    return Z1, A1, Z2, A2, Yhat

def cost(Yhat, Y):
    m = Y.shape[1]
    return np.sum((Yhat - Y) ** 2) / (2 * m)

def backward(X, Y, W2, W3, Z1, A1, Z2, A2, Yhat):
    m = X.shape[1]

    dYhat = (Yhat - Y) / m
    dW3 = np.matmul(dYhat, A2.T)
    db3 = np.sum(dYhat, axis=1, keepdims=True)

    dA2 = np.matmul(W3.T, dYhat)
    dZ2 = dA2 * elu_slope(Z2)
    dW2 = np.matmul(dZ2, A1.T)
    db2 = np.sum(dZ2, axis=1, keepdims=True)

    dA1 = np.matmul(W2, dZ2)
    dZ1 = dA1 * elu_slope(Z1)
    dW1 = np.matmul(dZ1, X.T)
    db1 = np.sum(dZ1, axis=1, keepdims=True)

    return dW1, db1, dW2, db2, dW3, db3
