import numpy as np

# multi-layer perceptron for regression; weights and biases in two lists


def softplus(z):
    return np.logaddexp(0, z)


def softplus_grad(z):
    return 1 / (1 + np.exp(-z))


def init_network(sizes, rng=np.random):
    Ws = [rng.randn(i, o) / np.sqrt(i) for i, o in zip(sizes[:-1], sizes[1:])]
    bs = [rng.randn(o) * 0.1 for o in sizes[1:]]
    return Ws, bs


def forward(X, Ws, bs):
    """Returns the lists of pre-activations and of activations (the first is X)."""
    zs, acts = [], [X]
    for i, (W, b) in enumerate(zip(Ws, bs)):
        z = acts[-1].dot(W) + b
        zs.append(z)
        acts.append(z if i == len(Ws) - 1 else softplus(z))
    return zs, acts


def mse_loss(Y_pred, Y):
    return np.mean(np.sum((Y_pred - Y) ** 2, axis=1))


def backward(zs, acts, Ws, Y):
    n = len(Y)
    dWs, dbs = [None] * len(Ws), [None] * len(Ws)
    delta = 2.0 * (acts[-1] - Y) / n
    for i in range(len(Ws) - 1, -1, -1):
        dWs[i] = acts[i].T.dot(delta)
        dbs[i] = delta.sum(axis=0)
        if i > 0:
            delta = delta.dot(Ws[i].T) * softplus_grad(acts[i])
    return dWs, dbs


def train(X, Y, sizes, lr=0.05, epochs=300, batch=25):
    Ws, bs = init_network(sizes)
    for _ in range(epochs):
        order = np.random.permutation(len(X))
        for k in range(0, len(X), batch):
            rows = order[k:k + batch]
            zs, acts = forward(X[rows], Ws, bs)
            dWs, dbs = backward(zs, acts, Ws, Y[rows])
            for W, b, dW, db in zip(Ws, bs, dWs, dbs):
                W -= lr * dW
                b -= lr * db
    return Ws, bs
