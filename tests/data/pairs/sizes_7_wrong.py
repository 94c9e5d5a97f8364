import numpy as np


def max_pool_forward(x, pool_param):
    k, s = pool_param["pool_height"], pool_param["stride"]
    n, c, h, w = x.shape
    ho, wo = 1 + (h - k) // s, 1 + (w - k) // s
    out = np.zeros((n, c, ho, wo))
    for i in range(ho):
        for j in range(wo):
            out[:, :, i, j] = np.max(x[:, :, i * s : i * s + k, j * s : j * s + k], axis=(2, 3))
    return out, (x, out, pool_param)


def max_pool_backward(dout, cache):
    x, out, pool_param = cache
    k, s = pool_param["pool_height"], pool_param["stride"]
    n, c, ho, wo = dout.shape
    dx = np.zeros(x.shape)
    for t in range(ho * wo):
        i, j = divmod(t, ho)
        window = x[:, :, i * s : i * s + k, j * s : j * s + k]
        top = out.reshape(n, c, -1)[:, :, t, None, None]
        dx[:, :, i * s : i * s + k, j * s : j * s + k] += (window == top) * dout.reshape(n, c, -1)[:, :, t, None, None]
    return dx
