import numpy as np


def one_hot(labels, classes):
    Y = np.zeros((classes, labels.size))
    Y[labels, np.arange(labels.size)] = 1
    return Y


def init(n_x, n_h, n_y):
    np.random.seed(10)
    return {'W1': np.random.rand(n_h, n_x) - 0.5,
            'b1': np.random.rand(n_h, 1) - 0.5,
            'W2': np.random.rand(n_y, n_h) - 0.5,
            'b2': np.random.rand(n_y, 1) - 0.5}


def forward_prop(params, X):
    Z1 = params['W1'].dot(X) + params['b1']
    A1 = np.tanh(Z1)
    Z2 = params['W2'].dot(A1) + params['b2']
    return A1, Z2


def cross_entropy(Z2, Y):
    E = np.exp(Z2)
    probs = E / np.sum(E, axis=0, keepdims=True)
    return -np.sum(Y * np.log(probs)) / Y.shape[1]


def backward_prop(params, X, Y, A1, Z2):
    m = Y.shape[1]
    E = np.exp(Z2)
    probs = E / np.sum(E, axis=1, keepdims=True)
    dZ2 = (probs - Y) / m
    dZ1 = params['W2'].T.dot(dZ2) * (1 - A1 * A1)
    return {'dW2': dZ2.dot(A1.T),
            'db2': np.sum(dZ2, axis=1, keepdims=True),
            'dW1': dZ1.dot(X.T),
            'db1': np.sum(dZ1, axis=1, keepdims=True)}


def get_predictions(params, X):
    return np.argmax(forward_prop(params, X)[1], axis=0)


def gradient_descent(X, labels, alpha, iterations, classes=10, n_h=10):
    Y = one_hot(labels, classes)
    params = init(X.shape[0], n_h, classes)
    for i in range(iterations):
        A1, Z2 = forward_prop(params, X)
        g = backward_prop(params, X, Y, A1, Z2)
        for key in params:
            params[key] -= alpha * g['d' + key]
    return params
