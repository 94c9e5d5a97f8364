import numpy as np

def relu(z):
    return np.maximum(0.0, z)

def relu_deriv(z):
    return (z > 0) * 1.0

def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))

def predict(x, params):
    a1 = relu(params["W1"] @ x + params["b1"])
    return sigmoid(params["W2"] @ a1 + params["b2"])

def bce(y_hat, y):
    m = y.shape[1]
    return -(y @ np.log(y_hat).T + (1 - y) @ np.log(1 - y_hat).T).item() / m

def train_step(x, y, params, lr):
    """One step of gradient descent. params is changed; returns the cost before the step and the gradients."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    m = x.shape[1]

    # forward
    z1 = W1 @ x + b1
    a1 = relu(z1)
    z2 = W2 @ a1 + b2
    y_hat = sigmoid(z2)
    cost = bce(y_hat, y)

    # layer 2
    dz2 = (y_hat - y) / m
    dW2 = dz2 @ a1.T
    db2 = np.sum(dz2, axis=1, keepdims=True)
    params["W2"] = W2 - lr * dW2
    params["b2"] = b2 - lr * db2

    # layer 1
    dz1 = (params["W2"].T @ dz2) * relu_deriv(z1)
    dW1 = dz1 @ x.T
    db1 = np.sum(dz1, axis=1, keepdims=True)
    params["W1"] = W1 - lr * dW1
    params["b1"] = b1 - lr * db1

    return cost, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

def train(x, y, params, lr=0.5, epochs=100):
    for e in range(epochs):
        cost, _ = train_step(x, y, params, lr)
        if e % 10 == 0:
            print("epoch", e, "cost", cost)
    return params
