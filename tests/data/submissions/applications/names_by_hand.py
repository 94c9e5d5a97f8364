# manual backprop, every intermediate value gets its own d-variable
import numpy as np

# C : (chars, emb)   table of letters
# W1: (2*emb, hid)   two letters of context
# W2: (hid, chars)


def fwd(p, xb, yb):
    n = xb.shape[0]
    emb = p['C'][xb]                       # n, 2, emb
    flat = emb.reshape(n, -1)
    pre = flat @ p['W1'] + p['b1']
    h = np.tanh(pre)
    logits = h @ p['W2'] + p['b2']
    mx = logits.max(1, keepdims=True)
    shifted = logits - mx
    counts = np.exp(shifted)
    tot = counts.sum(1, keepdims=True)
    totinv = tot**-1
    probs = counts * totinv
    logp = np.log(probs)
    loss = -logp[np.arange(n), yb].mean()
    return loss, (emb, flat, h, counts, tot, totinv, probs)


def bwd(p, xb, yb, saved):
    n = len(xb)
    emb, flat, h, counts, tot, totinv, probs = saved

    dlogp = np.zeros_like(probs)
    dlogp[np.arange(n), yb] = -1.0
    dprobs = dlogp / probs
    dcounts = totinv * dprobs
    dtotinv = (counts * dprobs).sum(1, keepdims=True)
    dtot = -(tot**-2) * dtotinv
    dcounts += np.ones_like(counts) * dtot
    dshifted = counts * dcounts
    dlogits = dshifted.copy()              # (the max has no influence on the loss)

    dh = dlogits @ p['W2'].T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dpre = (1.0 - h**2) * dh
    dW1 = flat.T @ dpre
    db1 = dpre.sum(0)
    dflat = dpre @ p['W1'].T
    demb = dflat.reshape(emb.shape)
    dC = np.zeros_like(p['C'])
    for i in range(n):
        for j in range(xb.shape[1]):
            dC[xb[i, j]] += demb[i, j]
    return {'C': dC, 'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
