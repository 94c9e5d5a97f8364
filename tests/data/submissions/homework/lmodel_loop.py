import numpy as np


def L_model_forward(X, parameters):
    L = len(parameters) // 2
    caches = []
    A = X
    for l in range(1, L + 1):
        A_prev = A
        Z = np.dot(parameters['W' + str(l)], A_prev) + parameters['b' + str(l)]
        if l < L:
            A = np.maximum(0, Z)
        else:
            A = 1 / (1 + np.exp(-Z))
        caches.append({'A_prev': A_prev, 'Z': Z, 'W': parameters['W' + str(l)]})
    return A, caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = -(np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T)) / m
    return np.squeeze(cost)


def layer_backward(dZ, cache):
    m = cache['A_prev'].shape[1]
    dW = 1. / m * np.dot(dZ, cache['A_prev'].T)
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(cache['W'].T, dZ)
    return dA_prev, dW, db


def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    dZ = dAL * AL * (1 - AL)
    dA, grads['dW' + str(L)], grads['db' + str(L)] = layer_backward(dZ, caches[L - 1])
    for l in reversed(range(L - 1)):
        dZ = np.array(dA, copy=True)
        dZ[caches[l]['Z'] <= 0] = 0
        dA, grads['dW' + str(l + 1)], grads['db' + str(l + 1)] = layer_backward(dZ, caches[l])
    return grads


def update(parameters, grads, learning_rate):
    for key in parameters:
        parameters[key] = parameters[key] - learning_rate * grads['d' + key]
    return parameters
