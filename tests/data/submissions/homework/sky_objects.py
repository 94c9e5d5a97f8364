import numpy as np

# classify sky objects: star / galaxy / quasar / artefact

def loss_and_grads(X, y, W1, b1, W2, b2, W3, b3):
    num = X.shape[0]
    idx = np.arange(num)

    h1 = X.dot(W1)
    h1 += b1
    on1 = h1 > 0
    h1 *= on1                      # relu
    h2 = h1.dot(W2)
    h2 += b2
    on2 = h2 > 0
    h2 *= on2
    out = h2.dot(W3) + b3

    out -= out.max(axis=1, keepdims=True)
    logp = out - np.log(np.exp(out).sum(axis=1, keepdims=True))
    loss = -logp[idx, y].mean()

    # ---- going back ----
    p = np.exp(logp)
    dout = p.copy()
    dout[idx, y] -= p[idx, y]
    dout /= num

    dW3 = h2.T.dot(dout)
    db3 = dout.sum(0)

    dh2 = dout.dot(W3.T)
    dh2 *= on2
    dW2 = h1.T.dot(dh2)
    db2 = dh2.sum(0)

    dh1 = dh2.dot(W2.T)
    dh1 *= on1
    dW1 = X.T.dot(dh1)
    db1 = dh1.sum(0)

    return loss, (dW1, db1, dW2, db2, dW3, db3)
