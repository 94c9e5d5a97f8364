import numpy as np

def forward_propagation(X, params):
    z1 = np.dot(params["W1"], X) + params["b1"]
    a1 = np.arctan(z1)
    z2 = np.dot(params["W2"], a1) + params["b2"]
    a2 = np.tanh(z2)
    z3 = np.dot(params["W3"], a2) + params["b3"]
    a3 = 1 / (1 + np.exp(-z3))
    return a3, (z1, a1, z2, a2, z3, a3)

def cost_with_regularization(a3, Y, params, lambd):
    m = Y.shape[1]
    data_cost = -np.sum(np.multiply(Y, np.log(a3)) + np.multiply(1 - Y, np.log(1 - a3))) / m
    penalty = 0
    for name in ("W1", "W2", "W3"):
        penalty += np.sum(np.square(params[name]))
    return data_cost + lambd / (2 * m) * penalty

def backward_with_regularization(X, Y, params, cache, lambd):
    m = X.shape[1]
    z1, a1, z2, a2, z3, a3 = cache
    g = {}
    dz3 = a3 - Y
    g["dW3"] = 1 / m * np.dot(dz3, a2.T)
    g["db3"] = 1 / m * np.sum(dz3, axis=1, keepdims=True)
    dz2 = np.multiply(np.dot(params["W3"].T, dz3), 1 - np.square(a2))
    g["dW2"] = 1 / m * np.dot(dz2, a1.T)
    g["db2"] = 1 / m * np.sum(dz2, axis=1, keepdims=True)
    dz1 = np.divide(np.dot(params["W2"].T, dz2), 1 + np.square(z1))
    g["dW1"] = 1 / m * np.dot(dz1, X.T)
    g["db1"] = 1 / m * np.sum(dz1, axis=1, keepdims=True)
    # add the penalty
    for name in ("W1", "W2", "W3"):
        g["d" + name] += lambd * params[name]
    return g
