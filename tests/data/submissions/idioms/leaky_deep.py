import numpy as np

ALPHA = 0.1


def lrelu(z):
    return np.where(z < 0, ALPHA * z, z)


def lrelu_backward(dA, z):
    dZ = dA.copy()
    dZ[z < 0] = ALPHA
    return dZ


def init_weights(dims):
    rng = np.random.default_rng(17)
    return {i: {'W': rng.normal(0, np.sqrt(2 / dims[i - 1]), (dims[i], dims[i - 1])), 'b': np.zeros((dims[i], 1))}
            for i in range(1, len(dims))}


def forward(X, net):
    """net[i] is the dict of layer i; adds 'Z' and 'A' to a fresh dict of the same form"""
    mem = {0: {'A': X}}
    last = max(net)
    for i in sorted(net):
        Z = net[i]['W'] @ mem[i - 1]['A'] + net[i]['b']
        A = lrelu(Z) if i < last else np.exp(Z) / np.exp(Z).sum(axis=0)
        mem[i] = {'Z': Z, 'A': A}
    return mem


def loss(mem, Y):
    A = mem[max(mem)]['A']
    return -np.sum(Y * np.log(A)) / Y.shape[1]


def backward(mem, net, Y):
    last = max(net)
    m = Y.shape[1]
    grads = {}
    dA = None
    for i in sorted(net, reverse=True):
        if i == last:
            dZ = (mem[i]['A'] - Y) / m
        else:
            dZ = lrelu_backward(dA, mem[i]['Z'])
        grads[i] = {'W': dZ @ mem[i - 1]['A'].T, 'b': dZ.sum(axis=1).reshape(-1, 1)}
        dA = net[i]['W'].T @ dZ
    return grads


def sgd(X, Y, net, lr=0.05, steps=100):
    for _ in range(steps):
        grads = backward(forward(X, net), net, Y)
        net = {i: {k: net[i][k] - lr * grads[i][k] for k in ('W', 'b')} for i in net}
    return net
