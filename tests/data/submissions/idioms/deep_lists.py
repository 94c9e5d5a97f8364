import numpy as np

# fully connected network kept in plain lists, one column = one example


def make_weights(sizes, seed=0):
    r = np.random.RandomState(seed)
    Ws = [r.randn(o, i) / np.sqrt(i) for i, o in zip(sizes[:-1], sizes[1:])]
    bs = [np.zeros((o, 1)) for o in sizes[1:]]
    return Ws, bs


def feed(x, Ws, bs):
    A = [x]
    for k, (W, b) in enumerate(zip(Ws, bs)):
        z = W @ A[-1] + b
        if k == len(Ws) - 1:
            A.append(1 / (1 + np.exp(-z)))
        else:
            A.append(np.tanh(z))
    return A


def loss(out, t):
    return -np.mean(np.sum(t * np.log(out) + (1 - t) * np.log(1 - out), axis=0))


def backward(A, t, Ws):
    n_examples = t.shape[1]
    dWs = [None] * len(Ws)
    dbs = [None] * len(Ws)
    delta = A[-1] - t
    for k in range(len(Ws) - 1, -1, -1):
        dWs[k] = delta @ A[k].T
        dbs[k] = delta.sum(axis=1, keepdims=True) / n_examples
        if k > 0:
            delta = (Ws[k].T @ delta) * (1 - A[k] ** 2)
    return dWs, dbs


def train(x, t, sizes, steps=500, lr=0.1):
    Ws, bs = make_weights(sizes)
    for _ in range(steps):
        A = feed(x, Ws, bs)
        dWs, dbs = backward(A, t, Ws)
        for k in range(len(Ws)):
            Ws[k] = Ws[k] - lr * dWs[k]
            bs[k] = bs[k] - lr * dbs[k]
    return Ws, bs
