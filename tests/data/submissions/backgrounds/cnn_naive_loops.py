import numpy as np


def conv_forward_naive(x, w, b, pad=1):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    Ho, Wo = H + 2 * pad - HH + 1, W + 2 * pad - WW + 1
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i:i + HH, j:j + WW] * w[f]) + b[f]
    return out, (xp, w, pad)


def conv_backward_naive(dout, cache):
    xp, w, pad = cache
    F, _, HH, WW = w.shape
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    N, _, Ho, Wo = dout.shape
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    dw[f] += dout[n, f, i, j] * xp[n, :, i:i + HH, j:j + WW]
                    dxp[n, :, i:i + HH, j:j + WW] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad:-pad, pad:-pad], dw, np.einsum('nfij->f', dout)


def pool_forward(x):
    """2x2 max pooling, stride 2, with the reshape trick"""
    N, C, H, W = x.shape
    xr = x.reshape(N, C, H // 2, 2, W // 2, 2)
    return xr.max(axis=(3, 5)), xr


def pool_backward(dout, xr):
    top = xr.max(axis=(3, 5), keepdims=True)
    mask = (xr == top).astype(float)
    mask /= mask.sum(axis=(3, 5), keepdims=True)   # ties share the gradient
    dx = mask * dout[:, :, :, None, :, None]
    N, C, h, _, v, _ = xr.shape
    return dx.reshape(N, C, 2 * h, 2 * v)


def cnn_loss(x, y, w, b, W2, b2):
    # conv - relu - pool - affine - softmax
    a, cc = conv_forward_naive(x, w, b)
    r = np.maximum(a, 0)
    p, pc = pool_forward(r)
    flat = p.reshape(len(p), -1)
    s = flat @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    N = len(y)
    loss = -logp[range(N), y].sum() / N

    ds = np.exp(logp)
    ds[range(N), y] -= 1
    ds /= N
    dp = (ds @ W2.T).reshape(p.shape)
    da = pool_backward(dp, pc)
    da[a <= 0] = 0
    _, dw, db = conv_backward_naive(da, cc)
    return loss, {'dw': dw, 'db': db, 'dW2': flat.T @ ds, 'db2': np.sum(ds, axis=0)}
