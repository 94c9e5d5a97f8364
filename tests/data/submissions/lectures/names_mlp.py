import numpy as np

# bigger-context name model (Bengio et al. 2003), gradients written out instead of loss.backward()

def init(vocab=27, n_embd=10, n_hidden=200, context=3, seed=2147483647 % 2**31):
    g = np.random.default_rng(seed)
    C  = g.normal(size=(vocab, n_embd))
    W1 = g.normal(size=(n_embd * context, n_hidden)) * (5/3) / (n_embd * context)**0.5
    b1 = g.normal(size=n_hidden) * 0.01
    W2 = g.normal(size=(n_hidden, vocab)) * 0.01
    b2 = np.zeros(vocab)
    return [C, W1, b1, W2, b2]


def forward(ps, X, Y):
    C, W1, b1, W2, b2 = ps
    e = C[X]                                   # (N, context, n_embd)
    x = e.reshape(X.shape[0], -1)
    z = x @ W1 + b1
    h = np.tanh(z)
    logits = h @ W2 + b2
    s = logits - logits.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(len(Y)), Y].mean()
    return loss, (e, x, z, h, logp)


def backward(ps, X, Y, acts):
    C, W1, b1, W2, b2 = ps
    e, x, z, h, logp = acts
    N = len(Y)

    dlogits = np.exp(logp)
    dlogits[np.arange(N), Y] -= 1
    dlogits /= N
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dh = dlogits @ W2.T
    dz = dh * (1 - h*h)
    dW1 = x.T @ dz
    db1 = dz.sum(0)
    dx = dz @ W1.T
    de = dx.reshape(e.shape)
    dC = np.zeros_like(C)
    dC[X] += de
    return dict(dlogits=dlogits, dh=dh, dz=dz, dx=dx, de=de, dC=dC, dW1=dW1, db1=db1, dW2=dW2, db2=db2)


def train(ps, X, Y, steps, bs=32, lr=0.1, seed=1):
    g = np.random.default_rng(seed)
    for i in range(steps):
        ix = g.integers(0, X.shape[0], bs)
        loss, acts = forward(ps, X[ix], Y[ix])
        gr = backward(ps, X[ix], Y[ix], acts)
        ps = [p - lr * gr[k] for p, k in zip(ps, ('dC', 'dW1', 'db1', 'dW2', 'db2'))]
    return ps, loss
