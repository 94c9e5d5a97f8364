import numpy as np

# Exercise 3: deep network for the iris flowers (columns = flowers)

def softmax(Z):
    expZ = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = expZ / np.sum(expZ, axis=0, keepdims=True)
    return A, Z

def tanh(Z):
    return np.tanh(Z), Z

def linear_activation_forward(A_prev, W, b, activation):
    Z = np.dot(W, A_prev) + b
    if activation == "softmax":
        A, activation_cache = softmax(Z)
    else:
        A, activation_cache = tanh(Z)
    linear_cache = (A_prev, W, b)
    return A, (linear_cache, activation_cache)

def model_forward(X, parameters):
    caches = []
    A, cache = linear_activation_forward(X, parameters["W1"], parameters["b1"], "tanh")
    caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters["W2"], parameters["b2"], "softmax")
    caches.append(cache)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(AL)) / m

def linear_backward(dZ, linear_cache):
    A_prev, W, b = linear_cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db

def linear_activation_backward(dA, cache, activation):
    linear_cache, Z = cache
    if activation == "softmax":
        S, _ = softmax(Z)
        dZ = dA * S * (1 - S)
    elif activation == "tanh":
        dZ = dA * (1 - np.tanh(Z) ** 2)
    return linear_backward(dZ, linear_cache)

def model_backward(AL, Y, caches):
    grads = {}
    dAL = -Y / AL
    dA1, grads["dW2"], grads["db2"] = linear_activation_backward(dAL, caches[1], "softmax")
    _, grads["dW1"], grads["db1"] = linear_activation_backward(dA1, caches[0], "tanh")
    return grads
