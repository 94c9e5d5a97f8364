import numpy as np

# multiclass SVM on top of a hidden layer, one example after the other (slow but I understand it)


def hidden(x, W, b):
    z = W @ x + b
    return np.array([zi if zi > 0 else 0.0 for zi in z])


def svm_objective(X, y, W, b, V, c, lam):
    loss = 0.0
    for x, right in zip(X, y):
        s = V @ hidden(x, W, b) + c
        for k in range(len(s)):
            if k != right:
                loss += max(0.0, s[k] - s[right] + 1.0)
    loss /= len(X)
    loss += lam * (np.sum(W * W) + np.sum(V * V))
    return loss


def svm_gradient(X, y, W, b, V, c, lam):
    dW = 2 * lam * W
    db = np.zeros(b.shape)
    dV = 2 * lam * V
    dc = np.zeros(c.shape)
    n = len(X)
    for x, right in zip(X, y):
        h = hidden(x, W, b)
        s = V @ h + c
        ds = np.zeros(s.shape)
        for k in range(len(s)):
            if k == right:
                continue
            if s[k] - s[right] + 1.0 > 0:
                ds[k] += 1.0 / n
                ds[right] -= 1.0 / n
        dV += np.outer(ds, h)
        dc += ds
        dh = V.T @ ds
        for j in range(len(h)):
            if h[j] > 0:
                dW[j] += dh[j] * x
                db[j] += dh[j]
    return dW, db, dV, dc
