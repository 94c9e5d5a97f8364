# L-layer network for the moons exercise, my own version of the week 4 notebook
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def init_params_deep(layers):
    rng = np.random.RandomState(3)
    params = {}
    for l in range(1, len(layers)):
        params["W%d" % l] = rng.randn(layers[l], layers[l - 1]) * np.sqrt(2.0 / layers[l - 1])
        params["b%d" % l] = np.zeros((layers[l], 1))
    return params


def model_forward(X, params):
    """relu, relu, ..., sigmoid. memory[l-1] = (A of the layer before, Z)"""
    memory = []
    A = X
    L = len(params) // 2
    for l in range(1, L + 1):
        A_prev = A
        Z = np.dot(params["W%d" % l], A_prev) + params["b%d" % l]
        A = sigmoid(Z) if l == L else np.maximum(Z, 0)
        memory.append((A_prev, Z))
    return A, memory


def compute_cost(AL, Y):
    m = Y.shape[1]
    logprobs = Y * np.log(AL) + (1 - Y) * np.log(1 - AL)
    return float(-np.sum(logprobs) / m)


def relu_gradient(dA, Z):
    dZ = np.array(dA, copy=True)
    assert dZ.shape == Z.shape
    dZ[dA <= 0] = 0
    return dZ


def model_backward(AL, Y, memory, params):
    grads = {}
    L = len(memory)
    m = Y.shape[1]
    dZ = AL - Y
    for l in range(L, 0, -1):
        A_prev, _ = memory[l - 1]
        grads["dW%d" % l] = np.dot(dZ, A_prev.T) / m
        grads["db%d" % l] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dA = np.dot(params["W%d" % l].T, dZ)
            dZ = relu_gradient(dA, memory[l - 2][1])
    return grads


def update(params, grads, lr):
    for key in params:
        params[key] = params[key] - lr * grads["d" + key]
    return params


def train(X, Y, layers, lr=0.1, epochs=1000, verbose=True):
    params = init_params_deep(layers)
    costs = []
    for i in range(epochs):
        AL, memory = model_forward(X, params)
        cost = compute_cost(AL, Y)
        grads = model_backward(AL, Y, memory, params)
        params = update(params, grads, lr)
        if i % 100 == 0:
            costs.append(cost)
            if verbose:
                print("epoch %4d  cost %.4f" % (i, cost))
    return params, costs


def make_moons(n=200, noise=0.15):
    rng = np.random.RandomState(0)
    t = np.pi * rng.rand(n)
    y = (np.arange(n) % 2).reshape(1, n)
    x0 = np.where(y[0] == 0, np.cos(t), 1 - np.cos(t))
    x1 = np.where(y[0] == 0, np.sin(t), 0.5 - np.sin(t))
    return np.vstack([x0, x1]) + noise * rng.randn(2, n), y


if __name__ == "__main__":
    X, Y = make_moons()
    params, costs = train(X, Y, [2, 5, 5, 1], lr=0.3, epochs=800)
    AL, _ = model_forward(X, params)
    print("accuracy:", np.mean((AL > 0.5) == Y))
