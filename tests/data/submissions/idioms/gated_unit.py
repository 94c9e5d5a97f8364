import numpy as np

# manual backprop practice: a self-gated hidden layer
#   u = x @ Wu + bu,  s = sigmoid(u @ Wg + bg),  h = u * s,  logits = h @ Wo + bo


def forward(x, y, Wu, bu, Wg, bg, Wo, bo):
    n = x.shape[0]
    u = x @ Wu + bu
    q = u @ Wg + bg
    s = 1 / (1 + np.exp(-q))
    h = u * s
    logits = h @ Wo + bo
    counts = np.exp(logits - logits.max(1, keepdims=True))
    probs = counts / counts.sum(1, keepdims=True)
    logprobs = np.log(probs)
    loss = -logprobs[range(n), y].mean()
    return loss, (x, y, u, s, h, probs)


def backward(saved, Wu, bu, Wg, bg, Wo, bo):
    x, y, u, s, h, probs = saved
    n = x.shape[0]
    dlogits = probs.copy()
    dlogits[range(n), y] -= 1
    dlogits /= n
    # output layer
    dh = dlogits @ Wo.T
    dWo = h.T @ dlogits
    dbo = dlogits.sum(0)
    # h = u * s
    du = dh * s
    ds = dh * u
    # the gate
    dq = ds * s * (1 - s)
    dWg = u.T @ dq
    dbg = dq.sum(0)
    du = dq @ Wg.T
    # first linear
    dWu = x.T @ du
    dbu = du.sum(0)
    return dict(dWu=dWu, dbu=dbu, dWg=dWg, dbg=dbg, dWo=dWo, dbo=dbo,
                du=du, dq=dq, dh=dh, dlogits=dlogits)


def cmp(name, mine, numeric):
    gap = np.abs(mine - numeric).max()
    print(f"{name:10s} max difference {gap:.2e}")
