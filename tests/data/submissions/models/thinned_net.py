import numpy as np


def make_mask(shape, keep, seed):
    """0/1 mask, the same for every call with the same seed."""
    return (np.random.default_rng(seed).random(shape) < keep).astype(float)


def thinned_forward(X, par, mask, keep):
    """X: features x examples.  Inverted dropout on the hidden layer."""
    Z1 = np.dot(par["W1"], X) + par["b1"]
    H = np.tanh(Z1)
    Hd = H * mask / keep
    Z2 = np.dot(par["W2"], Hd) + par["b2"]
    P = 1. / (1. + np.exp(-Z2))
    return P, (X, H, Hd)


def thinned_cost(P, T):
    M = T.shape[1]
    return float(-np.sum(T * np.log(P) + (1 - T) * np.log(1 - P)) / M)


def thinned_backward(P, T, par, mask, keep, store):
    X, H, Hd = store
    M = T.shape[1]

    E2 = (P - T) / M
    dW2 = np.dot(E2, Hd.T)
    db2 = np.sum(E2, axis=1, keepdims=True)

    EH = np.dot(par["W2"].T, E2) / keep
    E1 = EH * (1 - H * H)
    dW1 = np.dot(E1, X.T)
    db1 = np.sum(E1, axis=1, keepdims=True)

    return dict(W1=dW1, b1=db1, W2=dW2, b2=db2)


def train(X, T, par, keep=0.8, lr=0.1, rounds=50):
    costs = []
    for r in range(rounds):
        mask = make_mask((par["W1"].shape[0], X.shape[1]), keep, seed=r)
        P, store = thinned_forward(X, par, mask, keep)
        costs.append(thinned_cost(P, T))
        grad = thinned_backward(P, T, par, mask, keep, store)
        par = {k: par[k] - lr * grad[k] for k in par}
    return par, costs
