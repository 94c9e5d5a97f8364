import numpy as np

# iris: 4 features, one hidden layer of sigmoids, 3 classes. One flower per column.

def sigma(u):
    return 1.0 / (1.0 + np.exp(-u))

def sigma_backward(dA, A):
    return dA * A * (1.0 - A)

def softmax(u):
    u = u - np.max(u, axis=0, keepdims=True)
    ex = np.exp(u)
    return ex / np.sum(ex, axis=0, keepdims=True)

def softmax_backward(dA, A):
    return dA * A * (1.0 - A)

def cross_entropy(A, Y):
    return -np.sum(Y * np.log(A)) / Y.shape[1]

def cross_entropy_backward(A, Y):
    return -(Y / A) / Y.shape[1]


def predict_proba(theta, X):
    H = sigma(theta["W1"] @ X + theta["b1"])
    P = softmax(theta["W2"] @ H + theta["b2"])
    return H, P


def loss(theta, X, Y):
    H, P = predict_proba(theta, X)
    return cross_entropy(P, Y)


def gradients(theta, X, Y):
    H, P = predict_proba(theta, X)
    dP = cross_entropy_backward(P, Y)
    dU2 = softmax_backward(dP, P)
    dW2 = dU2 @ H.T
    db2 = np.sum(dU2, axis=1, keepdims=True)
    dH = theta["W2"].T @ dU2
    dU1 = sigma_backward(dH, H)
    dW1 = dU1 @ X.T
    db1 = np.sum(dU1, axis=1, keepdims=True)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def fit(theta, X, Y, rate=0.3, n=500):
    for k in range(n):
        g = gradients(theta, X, Y)
        theta = {name: theta[name] - rate * g[name] for name in theta}
    return theta
