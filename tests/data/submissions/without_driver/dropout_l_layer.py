"""L-layer classifier with inverted dropout on every hidden layer."""
import numpy as np


def initialize_params(layer_sizes, seed=None):
    rng = np.random.RandomState(seed)
    params = {}
    for i in range(1, len(layer_sizes)):
        fan_in = layer_sizes[i - 1]
        params["W" + str(i)] = rng.randn(layer_sizes[i], fan_in) * np.sqrt(2.0 / fan_in)
        params["b" + str(i)] = np.zeros((layer_sizes[i], 1))
    return params


def forward_dropout(X, params, keep_prob=0.8):
    n_layers = len(params) // 2
    memory = {"A0": X}
    A = X
    for i in range(1, n_layers + 1):
        Z = np.dot(params["W" + str(i)], A) + params["b" + str(i)]
        if i < n_layers:
            A = np.maximum(Z, 0)
            D = np.random.rand(A.shape[0], A.shape[1]) < keep_prob
            A = A * D / keep_prob
            memory["D" + str(i)] = D
        else:
            A = 1.0 / (1.0 + np.exp(-Z))
        memory["Z" + str(i)] = Z
        memory["A" + str(i)] = A
    return A, memory


def cost_function(A_out, Y):
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A_out), Y) + np.multiply(np.log(1 - A_out), 1 - Y)
    return -np.sum(logprobs) / m


def backward_dropout(Y, params, memory, keep_prob=0.8):
    n_layers = len(params) // 2
    m = Y.shape[1]
    gradients = {}
    dZ = memory["A" + str(n_layers)] - Y
    for i in range(n_layers, 0, -1):
        gradients["dW" + str(i)] = (1.0 / m) * np.dot(dZ, memory["A" + str(i - 1)].T)
        gradients["db" + str(i)] = (1.0 / m) * np.sum(dZ, axis=1, keepdims=True)
        if i > 1:
            dA = np.dot(params["W" + str(i)].T, dZ)
            dA = dA * memory["D" + str(i - 1)]
            dZ = dA * np.int64(memory["Z" + str(i - 1)] > 0)
    return gradients


def gradient_step(params, gradients, lr):
    return {k: v - lr * gradients["d" + k] for k, v in params.items()}


def fit(X, Y, layer_sizes, keep_prob=0.8, lr=0.3, num_epochs=1000, print_every=0):
    params = initialize_params(layer_sizes, seed=2)
    for epoch in range(num_epochs):
        A_out, memory = forward_dropout(X, params, keep_prob)
        gradients = backward_dropout(Y, params, memory, keep_prob)
        params = gradient_step(params, gradients, lr)
        if print_every and epoch % print_every == 0:
            print("epoch %4d  cost %.5f" % (epoch, cost_function(A_out, Y)))
    return params
