import numpy as np


def embed(X, par):
    return np.tanh(X @ par["W"] + par["b"])


def compare(Xl, Xr, par):
    """probability that the two photos show the same person"""
    L, R = embed(Xl, par), embed(Xr, par)
    dist = ((L - R) ** 2) @ par["scale"]
    logit = par["bias"] - dist
    return L, R, logit


def siamese_loss(Xl, Xr, same, par):
    _, _, logit = compare(Xl, Xr, par)
    return np.mean(np.logaddexp(0, logit) - same * logit)


def siamese_grads(Xl, Xr, same, par):
    N = same.size
    L, R, logit = compare(Xl, Xr, par)
    prob = 1 / (1 + np.exp(-logit))

    grads = {k: np.zeros_like(v) for k, v in par.items()}
    dlogit = (prob - same) / N
    grads["bias"] += dlogit.sum()
    ddist = -dlogit
    grads["scale"] += ((L - R) ** 2).T @ ddist

    dL = 2 * (L - R) * np.outer(ddist, par["scale"])
    dR = -dL
    # both photos go through the same embedding network
    for X, H, dH in [(Xl, L, dL), (Xr, R, dR)]:
        dS = dH * (1 - H ** 2)
        grads["W"] = X.T @ dS
        grads["b"] += dS.sum(axis=0)
    return grads


def sgd(par, grads, lr=0.1):
    for k in par:
        par[k] = par[k] - lr * grads[k]
