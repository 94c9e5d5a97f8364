import numpy as np


def ln_fwd(x, gain, offs):
    mean = x.mean(-1, keepdims=True)
    std = np.sqrt(x.var(-1, keepdims=True) + 1e-6)
    xn = (x - mean) / std
    return gain * xn + offs, (xn, std, gain)


def ln_bwd(dy, ctx):
    xn, std, gain = ctx
    D = xn.shape[-1]
    dgain = np.einsum('nd,nd->d', dy, xn)
    doffs = np.einsum('nd->d', dy)
    dxn = dy * gain
    # three terms: direct, through the mean, through the variance
    dx = (dxn
          - dxn.sum(-1, keepdims=True) / D
          - xn * (dxn * xn).sum(-1, keepdims=True) / D) / std
    return dx, dgain, doffs


def clf_loss(prm, x, y01):
    """sum (not mean!) of binary cross-entropies, y01 has shape (n,)"""
    logit = clf_fwd(prm, x)[0]
    return np.sum(np.logaddexp(0, logit) - y01 * logit)


def clf_fwd(prm, x):
    lin = x @ prm['A']
    nrm, ctx = ln_fwd(lin, prm['gain'], prm['offs'])
    act = np.maximum(nrm, 0)
    return act @ prm['v'] + prm['v0'], (x, ctx, nrm, act)


def clf_bwd(prm, x, y01):
    logit, (x, ctx, nrm, act) = clf_fwd(prm, x)
    dlogit = 1 / (1 + np.exp(-logit)) - y01
    g = {'v': act.T @ dlogit, 'v0': np.sum(dlogit)}
    dact = dlogit[:, None] * prm['v'][None, :]
    dnrm = dact * (act > 0)
    dlin, g['gain'], g['offs'] = ln_bwd(dnrm, ctx)
    g['A'] = x.T @ dlin
    return g
