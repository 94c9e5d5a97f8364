import numpy as np

# learns a map R^4 -> R^4, all three layers are 4 x 4


def apply_net(Ws, bs, x):
    """x: (4, n).  Returns the list [x, h1, h2, y]."""
    acts = [x]
    for i in range(3):
        q = Ws[i] @ acts[i] + bs[i]
        if i < 2:
            q = np.sin(q)
        acts.append(q)
    return acts


def misfit(Ws, bs, x, goal):
    y = apply_net(Ws, bs, x)[-1]
    return np.mean(np.sum((y - goal) ** 2, axis=0))


def misfit_gradient(Ws, bs, x, goal):
    acts = apply_net(Ws, bs, x)
    n = x.shape[1]
    dWs, dbs = [], []

    # start at the output and walk down
    d = 2.0 / n * (acts[3] - goal)
    for i in (2, 1, 0):
        if i != 2:
            q = Ws[i] @ acts[i] + bs[i]
            d = d * np.cos(q)
        dWs.append(d @ acts[i].T)
        dbs.append(np.sum(d, axis=1, keepdims=True))
        d = Ws[i].T @ d

    return dWs, dbs


def improve(Ws, bs, x, goal, eta):
    dWs, dbs = misfit_gradient(Ws, bs, x, goal)
    Ws = [W - eta * dW for W, dW in zip(Ws, dWs)]
    bs = [b - eta * db for b, db in zip(bs, dbs)]
    return Ws, bs
