# makemore, becoming a backprop ninja -- my numpy version
# (no b1, the batch norm would subtract it anyway)
import numpy as np

EPS = 1e-5


def forward(p, Xb, Yb):
    n = Xb.shape[0]
    emb = p["C"][Xb]                       # (n, block_size, n_embd)
    embcat = emb.reshape(n, -1)
    hprebn = embcat @ p["W1"]
    # batchnorm, with bessel's correction
    bnmeani = hprebn.sum(0, keepdims=True) / n
    bndiff = hprebn - bnmeani
    bnvar = (bndiff ** 2).sum(0, keepdims=True) / (n - 1)
    bnvar_inv = (bnvar + EPS) ** -0.5
    bnraw = bndiff * bnvar_inv
    hpreact = p["bngain"] * bnraw + p["bnbias"]
    h = np.tanh(hpreact)
    logits = h @ p["W2"] + p["b2"]
    # cross entropy
    norm_logits = logits - logits.max(1, keepdims=True)
    counts = np.exp(norm_logits)
    probs = counts / counts.sum(1, keepdims=True)
    loss = -np.log(probs[range(n), Yb]).mean()
    return loss, (emb, embcat, bnraw, bnvar_inv, h, probs)


def backward(p, cache, Xb, Yb):
    emb, embcat, bnraw, bnvar_inv, h, probs = cache
    n = Xb.shape[0]
    dlogits = probs.copy()
    dlogits[range(n), Yb] -= 1
    dlogits /= n
    dh = dlogits @ p["W2"].T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1.0 - h ** 2) * dh
    dbngain = (bnraw * dhpreact).sum(0, keepdims=True)
    dbnbias = dhpreact.sum(0, keepdims=True)
    # all of batchnorm in one go
    dhprebn = p["bngain"] * bnvar_inv / n * (n * dhpreact - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
    dembcat = dhprebn @ p["W1"].T
    dW1 = embcat.T @ dhprebn
    demb = dembcat.reshape(emb.shape)
    dC = np.zeros_like(p["C"])
    for k in range(Xb.shape[0]):
        for j in range(Xb.shape[1]):
            ix = Xb[k, j]
            dC[ix] += demb[k, j]
    return {"C": dC, "W1": dW1, "W2": dW2, "b2": db2, "bngain": dbngain, "bnbias": dbnbias}
