"""
SIGNS-like digits with a 3 layer net, the numpy version of the tensorflow notebook.
All hidden layers have as many units as there are inputs.
"""
import numpy as np

N_X = 6
N_CLASSES = 4


def one_hot_matrix(labels, C):
    return np.eye(C)[labels.reshape(-1)].T


def softmax(Z):
    T = np.exp(Z - Z.max(axis=0, keepdims=True))
    return T / T.sum(axis=0, keepdims=True)


def initialize_parameters_he():
    np.random.seed(1)
    parameters = {}
    dims = [N_X, N_X, N_X, N_CLASSES]
    for l in range(1, len(dims)):
        parameters["W" + str(l)] = np.random.randn(dims[l], dims[l - 1]) * np.sqrt(2. / dims[l - 1])
        parameters["b" + str(l)] = np.zeros((dims[l], 1))
    return parameters


def forward_propagation(X, parameters):
    z1 = parameters["W1"].dot(X) + parameters["b1"]
    a1 = np.maximum(0, z1)
    z2 = parameters["W2"].dot(a1) + parameters["b2"]
    a2 = np.maximum(0, z2)
    z3 = parameters["W3"].dot(a2) + parameters["b3"]
    a3 = softmax(z3)
    cache = (z1, a1, z2, a2, z3, a3)
    return a3, cache


def compute_loss(a3, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(a3 + 1e-8)) / m


def backward_propagation(X, Y, cache, parameters):
    m = X.shape[1]
    (z1, a1, z2, a2, z3, a3) = cache

    dz3 = 1. / m * (a3 - Y)
    dW3 = np.dot(dz3, a2.T)
    db3 = np.sum(dz3, axis=1, keepdims=True)

    da2 = np.dot(parameters["W3"].T, dz3)
    dz2 = np.multiply(da2, np.int64(a2 > 0))
    dW2 = np.dot(dz2, a1.T)
    db2 = np.sum(dz2, axis=1, keepdims=True)

    da1 = np.dot(parameters["W2"].T, dz2)
    dz1 = np.multiply(da1, np.int64(a1 > 0))
    dW1 = np.dot(dz1, X.T)
    db1 = np.sum(dz1, axis=1, keepdims=True)

    return {"dz3": dz3, "dW3": dW3, "db3": db3, "da2": da2, "dz2": dz2, "dW2": dW2,
            "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}


def model(X, Y, learning_rate=0.1, num_iterations=500):
    parameters = initialize_parameters_he()
    for i in range(num_iterations):
        a3, cache = forward_propagation(X, parameters)
        loss = compute_loss(a3, Y)
        grads = backward_propagation(X, Y, cache, parameters)
        for k in parameters.keys():
            parameters[k] = parameters[k] - learning_rate * grads["d" + k]
        if i % 100 == 0:
            print("loss after iteration {}: {:.5f}".format(i, loss))
    return parameters


if __name__ == "__main__":
    rng = np.random.RandomState(5)
    X = rng.randn(N_X, 120)
    Y = one_hot_matrix(np.argmax(X[:N_CLASSES], axis=0), N_CLASSES)
    model(X, Y)
