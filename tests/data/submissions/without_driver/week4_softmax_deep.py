# Deep L-layer network, [LINEAR -> RELU] * (L-1) -> LINEAR -> SOFTMAX
# (my version of the week 4 assignment for more than two classes)
import numpy as np


def softmax(Z):
    expZ = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return expZ / np.sum(expZ, axis=0, keepdims=True)


def initialize_parameters_he_deep(layers_dims, seed=3):
    np.random.seed(seed)
    parameters = {}
    for l in range(1, len(layers_dims)):
        parameters['W' + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * np.sqrt(2. / layers_dims[l - 1])
        parameters['b' + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


def deep_model_forward(X, parameters):
    """
    Returns:
    AL -- softmax probabilities, shape (classes, m)
    caches -- list of (A_prev, W, Z), one per layer
    """
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        A_prev = A
        W, b = parameters['W' + str(l)], parameters['b' + str(l)]
        Z = np.dot(W, A_prev) + b
        A = softmax(Z) if l == L else np.maximum(0, Z)
        caches.append((A_prev, W, Z))
    return A, caches


def compute_cost_softmax(AL, Y):
    m = Y.shape[1]
    cost = -np.sum(Y * np.log(AL + 1e-12)) / m
    return float(np.squeeze(cost))


def deep_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    m = AL.shape[1]
    Y = Y.reshape(AL.shape)

    dZ = AL - Y
    for l in reversed(range(L)):
        A_prev, W, _ = caches[l]
        grads['dW' + str(l + 1)] = np.dot(dZ, A_prev.T) / m
        grads['db' + str(l + 1)] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 0:
            dA_prev = np.dot(W.T, dZ)
            Z_prev = caches[l - 1][2]
            dZ = np.array(dA_prev, copy=True)
            dZ[Z_prev <= 0] = 0
    return grads


def update_parameters(parameters, grads, learning_rate):
    L = len(parameters) // 2
    for l in range(1, L + 1):
        parameters["W" + str(l)] = parameters["W" + str(l)] - learning_rate * grads["dW" + str(l)]
        parameters["b" + str(l)] = parameters["b" + str(l)] - learning_rate * grads["db" + str(l)]
    return parameters


def L_layer_softmax_model(X, Y, layers_dims, learning_rate=0.05, num_iterations=500, print_cost=False):
    costs = []
    parameters = initialize_parameters_he_deep(layers_dims)
    for i in range(num_iterations):
        AL, caches = deep_model_forward(X, parameters)
        costs.append(compute_cost_softmax(AL, Y))
        grads = deep_model_backward(AL, Y, caches)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 100 == 0:
            print("Cost after iteration %i: %f" % (i, costs[-1]))
    return parameters, costs
