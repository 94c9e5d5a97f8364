import numpy as np


def layernorm_forward(x, gain, shift, eps=1e-5):
    # every row (one example) is normalised on its own
    mu = x.mean(axis=1, keepdims=True)
    rstd = 1.0 / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xn = (x - mu) * rstd
    return gain * xn + shift, (xn, rstd, gain)


def layernorm_backward(dout, cache):
    xn, rstd, gain = cache
    dshift = dout.sum(axis=0)
    dgain = (dout * xn).sum(axis=0)
    dxn = dout * gain
    avg1 = dxn.mean(axis=0, keepdims=True)
    avg2 = (dxn * xn).mean(axis=1, keepdims=True)
    dx = rstd * (dxn - avg1 - xn * avg2)
    return dx, dgain, dshift


def net_forward(x, p):
    pre = x @ p["W"] + p["b"]
    norm, ln_cache = layernorm_forward(pre, p["gain"], p["shift"])
    act = np.tanh(norm)
    pred = act @ p["V"] + p["c"]
    return pred, (x, ln_cache, act)


def net_loss(pred, target):
    return 0.5 * np.mean(np.sum((pred - target) ** 2, axis=1))


def net_backward(pred, target, cache, p):
    x, ln_cache, act = cache
    dpred = (pred - target) / len(target)
    dV = act.T @ dpred
    dc = dpred.sum(axis=0)
    dnorm = (dpred @ p["V"].T) * (1 - act ** 2)
    dpre, dgain, dshift = layernorm_backward(dnorm, ln_cache)
    dW = x.T @ dpre
    db = dpre.sum(axis=0)
    return {"dW": dW, "db": db, "dgain": dgain, "dshift": dshift, "dV": dV, "dc": dc}


def sgd_step(x, target, p, lr=0.1):
    pred, cache = net_forward(x, p)
    g = net_backward(pred, target, cache, p)
    return {k: p[k] - lr * g["d" + k] for k in p}, net_loss(pred, target)
