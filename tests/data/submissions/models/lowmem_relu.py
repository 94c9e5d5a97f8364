import numpy as np

# saves memory: the activation is written into the same array as the linear output


def relu_(z):
    z[z < 0] = 0
    return z


def forward_all(X, layers):
    """layers: list of dicts with keys 'w' (in, out) and 'c' (out,)"""
    stash = []
    cur = X
    for idx, lay in enumerate(layers):
        z = cur @ lay['w'] + lay['c']
        stash.append((cur, z))
        cur = relu_(z) if idx + 1 < len(layers) else z
    return cur, stash


def loss_fn(out, Y):
    return np.sum(np.square(out - Y)) / Y.shape[0]


def backward_all(out, Y, layers, stash):
    d = 2 * (out - Y) / Y.shape[0]
    result = [None] * len(layers)
    for idx in range(len(layers) - 1, -1, -1):
        below, z = stash[idx]
        if idx + 1 < len(layers):
            d = d.copy()
            d[z < 0] = 0
        result[idx] = {'w': below.T @ d, 'c': d.sum(axis=0)}
        d = d @ layers[idx]['w'].T
    return result


def update(layers, result, lr):
    for lay, g in zip(layers, result):
        lay['w'] = lay['w'] - lr * g['w']
        lay['c'] = lay['c'] - lr * g['c']
