import numpy as np

### Assignment: deep network for cat pictures, with ELU in place of ReLU

def elu(Z):
    A = np.where(Z > 0, Z, np.exp(np.minimum(Z, 0)) - 1)
    return A, Z

def elu_backward(dA, cache):
    Z = cache
    return dA * np.where(Z > 0, 1.0, np.exp(np.minimum(Z, 0)))

def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z

def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db

def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        linear_cache = (A, W, b)
        Z = np.dot(W, A) + b
        A, activation_cache = sigmoid(Z) if l == L else elu(Z)
        caches.append((linear_cache, activation_cache))
    return A, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = -(np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T)) / m
    return np.squeeze(cost)

def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)

    # last layer: I do not need dAL, dZ can be written down at once
    dZL = (AL - Y) * AL * (1 - AL)
    dA, grads["dW" + str(L)], grads["db" + str(L)] = linear_backward(dZL, caches[L - 1][0])

    # layers L-1 ... 1
    for l in range(L - 1, 0, -1):
        linear_cache, activation_cache = caches[l - 1]
        dZ = elu_backward(dA, activation_cache)
        dA, grads["dW" + str(l)], grads["db" + str(l)] = linear_backward(dZ, linear_cache)

    return grads

def update_parameters(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        for s in ("W", "b"):
            key = s + str(l)
            parameters[key] = parameters[key] - learning_rate * grads["d" + key]
    return parameters
