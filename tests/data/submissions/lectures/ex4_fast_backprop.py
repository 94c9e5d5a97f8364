# the short version: cross entropy and batchnorm each in one line
import numpy as np

eps = 1e-5


def step(params, Xb, Yb):
    C, W1, b1, g, beta, W2, b2 = params
    n = Xb.shape[0]

    # forward
    emb = C[Xb]
    embcat = emb.reshape(n, -1)
    hprebn = embcat @ W1 + b1
    mu = hprebn.mean(0, keepdims=True)
    var = hprebn.var(0, keepdims=True, ddof=1)
    ivar = (var + eps)**-0.5
    hn = (hprebn - mu) * ivar
    hpreact = g * hn + beta
    h = np.tanh(hpreact)
    logits = h @ W2 + b2
    mx = logits.max(1, keepdims=True)
    lse = mx[:, 0] + np.log(np.exp(logits - mx).sum(1))
    loss = (lse - logits[np.arange(n), Yb]).mean()

    # backward
    dlogits = np.exp(logits - lse[:, None])
    dlogits[np.arange(n), Yb] -= 1
    dlogits /= n
    dh = dlogits @ W2.T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1 - h**2) * dh
    dg = (hn * dhpreact).sum(0, keepdims=True)
    dbeta = dhpreact.sum(0, keepdims=True)
    dhprebn = g*ivar/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*hn*(dhpreact*hn).sum(0))
    dembcat = dhprebn @ W1.T
    dW1 = embcat.T @ dhprebn
    db1 = dhprebn.sum(0)            # should be ~0, batchnorm takes the bias away
    demb = dembcat.reshape(emb.shape)
    dC = np.zeros_like(C)
    np.add.at(dC, Xb, demb)
    return loss, [dC, dW1, db1, dg, dbeta, dW2, db2], [dlogits, dh, dhpreact, dhprebn, dembcat, demb]


def optimise(params, X, Y, steps=1000, batch_size=32):
    rng = np.random.default_rng(42)
    for i in range(steps):
        ix = rng.integers(0, X.shape[0], size=batch_size)
        loss, grads, _ = step(params, X[ix], Y[ix])
        lr = 0.1 if i < steps // 2 else 0.01
        params = [p - lr * d for p, d in zip(params, grads)]
    return params
