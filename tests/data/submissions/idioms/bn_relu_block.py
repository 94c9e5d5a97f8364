import numpy as np


def block_forward(x, w, gamma, beta, eps=1e-5):
    """affine (no bias) -> batch norm -> relu"""
    a = x.dot(w)
    mu = np.mean(a, axis=0)
    var = np.sum((a - mu) ** 2, axis=0) / (a.shape[0] - 1)
    inv = 1 / np.sqrt(var + eps)
    xhat = (a - mu) * inv
    out = np.maximum(gamma * xhat + beta, 0)
    return out, (x, w, gamma, xhat, inv, out)


def block_backward(dout, cache):
    x, w, gamma, xhat, inv, out = cache
    N = len(x)
    dy = dout * np.sign(out)
    dbeta = dy.sum(0)
    dgamma = np.einsum('ij,ij->j', dy, xhat)
    da = gamma * inv * (dy - dbeta / N - xhat * dgamma / (N - 1))
    return da.dot(w.T), x.T.dot(da), dgamma, dbeta


def loss_fn(X, y, params):
    h, cache1 = block_forward(X, params['w1'], params['gamma1'], params['beta1'])
    h, cache2 = block_forward(h, params['w2'], params['gamma2'], params['beta2'])
    scores = h.dot(params['w3']) + params['b3']
    top = scores.max(axis=1, keepdims=True)
    lse = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    loss = np.mean(lse[:, 0] - scores[np.arange(len(y)), y])

    grads = {}
    dscores = np.exp(scores - lse) - np.eye(scores.shape[1])[y]
    dscores = dscores / len(y)
    grads['w3'] = h.T.dot(dscores)
    grads['b3'] = dscores.sum(0)
    dh = dscores.dot(params['w3'].T)
    dh, grads['w2'], grads['gamma2'], grads['beta2'] = block_backward(dh, cache2)
    dh, grads['w1'], grads['gamma1'], grads['beta1'] = block_backward(dh, cache1)
    return loss, grads


def init(D, H1, H2, C, seed=0):
    r = np.random.RandomState(seed)
    return {'w1': r.randn(D, H1), 'gamma1': np.ones(H1), 'beta1': np.zeros(H1),
            'w2': r.randn(H1, H2), 'gamma2': np.ones(H2), 'beta2': np.zeros(H2),
            'w3': r.randn(H2, C), 'b3': np.zeros(C)}
