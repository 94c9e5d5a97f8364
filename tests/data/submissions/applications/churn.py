import numpy as np

# customer churn: label +1 = leaves, -1 = stays
# f(x) = v . s(Wx + c) + k ,   loss = mean log(1 + exp(-label * f))

def s(u): return 1/(1+np.exp(-u))

def f(X, W, c, v, k):
    H = s(X.dot(W.T) + c)
    return H.dot(v) + k, H

def loss(X, lab, W, c, v, k):
    out, _ = f(X, W, c, v, k)
    return np.mean(np.log1p(np.exp(-lab*out)))

def lossgrad(X, lab, W, c, v, k):
    out, H = f(X, W, c, v, k)
    N = lab.shape[0]
    # d/df log(1+exp(-lab f))
    dout = lab * s(-lab*out) / N
    dv = H.T.dot(dout)
    dk = dout.sum()
    dU = np.outer(dout, v) * H * (1-H)
    dW = dU.T.dot(X)
    dc = dU.sum(0)
    return dW, dc, dv, dk

def who_leaves(X, W, c, v, k):
    out, _ = f(X, W, c, v, k)
    return np.flatnonzero(out > 0)
