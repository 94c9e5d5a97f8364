import numpy as np
# text CNN: filters over word vectors, max over time, softmax. Sum over the batch (no mean!)

def conv_scores(X, F, f0):
    # X: batch, time, dim    F: filters, width, dim
    B, T, D = X.shape
    M, K, _ = F.shape
    S = np.zeros((B, T-K+1, M))
    for t in range(T-K+1):
        S[:, t, :] = np.einsum('bkd,mkd->bm', X[:, t:t+K, :], F) + f0
    return S

def text_cnn(X, y, F, f0, W, w0):
    B = X.shape[0]
    M, K, D = F.shape
    S = conv_scores(X, F, f0)
    best = S.argmax(axis=1)                       # batch, filters
    top = np.max(S, axis=1)
    h = np.where(top > 0, top, 0.1*top)           # leaky relu
    z = h.dot(W) + w0
    z = z - z.max(axis=1)[:, None]
    logp = z - np.log(np.exp(z).sum(axis=1))[:, None]
    loss = -logp[np.arange(B), y].sum()

    dz = np.exp(logp)
    dz[np.arange(B), y] -= 1
    dW = h.T.dot(dz)
    dw0 = dz.sum(axis=0)
    dtop = dz.dot(W.T)
    dtop[top <= 0] *= 0.1
    dF = np.zeros(F.shape)
    df0 = dtop.sum(axis=0)
    for b in range(B):
        for m in range(M):
            t = best[b, m]
            dF[m] += dtop[b, m] * X[b, t:t+K]
    return loss, dF, df0, dW, dw0
