# Batch normalisation as a graph of 9 small steps
import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-6):
    N = x.shape[0]
    mu = 1. / N * np.sum(x, axis=0)          # step 1
    xmu = x - mu                             # step 2
    sq = xmu ** 2                            # step 3
    var = 1. / N * np.sum(sq, axis=0)        # step 4
    sqrtvar = np.sqrt(var + eps)             # step 5
    ivar = 1. / sqrtvar                      # step 6
    xhat = xmu * ivar                        # step 7
    gammax = gamma * xhat                    # step 8
    out = gammax + beta                      # step 9
    return out, (xhat, gamma, xmu, ivar, sqrtvar)


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar = cache
    N, D = dout.shape
    # 9
    dbeta = np.sum(dout, axis=0)
    # 8
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    # 7
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu = dxhat * ivar
    # 6
    dsqrtvar = -divar / sqrtvar ** 2
    # 5
    dvar = 0.5 * ivar * dsqrtvar
    # 4
    dsq = np.ones((N, D)) / N * dvar
    # 3
    dxmu = dxmu + 2 * xmu * dsq
    # 2
    dx = dxmu
    dmu = -np.sum(dxmu, axis=0)
    # 1
    dx = dx + np.tile(dmu / N, (N, 1))
    return dx, dgamma, dbeta


def model(X, y, p):
    a = X.dot(p['W1'])
    n, cache = batchnorm_forward(a, p['gamma'], p['beta'])
    h = 1 / (1 + np.exp(-n))
    o = h.dot(p['W2']) + p['b2']
    loss = .5 * np.square(o - y).sum(axis=1).mean()

    do = (o - y) / X.shape[0]
    dh = do.dot(p['W2'].T)
    dn = dh * h * (1 - h)
    da, dgamma, dbeta = batchnorm_backward(dn, cache)
    g = dict(W1=X.T.dot(da), gamma=dgamma, beta=dbeta, W2=h.T.dot(do), b2=do.sum(axis=0))
    return loss, g
