import numpy as np

RHO = 0.1     # desired mean activation of hidden units
BETA = 0.3    # weight of sparsity term


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def encode(W, b, data):
    return sigmoid(W.dot(data) + b)


def decode(W, c, hidden):
    return sigmoid(W.T.dot(hidden) + c)


def autoencoder_cost(W, b, c, data):
    """
    data : each column is one patch
    W    : hidden x visible, the decoder uses the same matrix transposed
    """
    m = data.shape[1]
    hidden = encode(W, b, data)
    output = decode(W, c, hidden)
    rho_hat = np.mean(hidden, axis=1)
    kl = RHO * np.log(RHO / rho_hat) + (1 - RHO) * np.log((1 - RHO) / (1 - rho_hat))
    return np.sum((output - data) ** 2) / (2 * m) + BETA * np.sum(kl)


def autoencoder_grad(W, b, c, data):
    m = data.shape[1]
    hidden = encode(W, b, data)
    output = decode(W, c, hidden)
    rho_hat = np.mean(hidden, axis=1, keepdims=True)

    # output layer
    delta_out = (output - data) * output * (1 - output)
    c_grad = np.sum(delta_out, axis=1, keepdims=True) / m
    W_grad = hidden.dot(delta_out.T) / m

    # hidden layer, with the sparsity term
    sparsity = BETA * (-RHO / rho_hat + (1 - RHO) / (1 - rho_hat))
    delta_hid = (W.dot(delta_out) + sparsity) * hidden * (1 - hidden)
    b_grad = np.sum(delta_hid, axis=1, keepdims=True) / m
    W_grad = delta_hid.dot(data.T) / m

    return W_grad, b_grad, c_grad
