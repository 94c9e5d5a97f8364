import numpy as np

# y = tanh(x P) ; z = y + tanh(y Q + q) ; out = z R      (x: rows)


def net(prm, x):
    y = np.tanh(x.dot(prm['P']))
    t = np.tanh(y.dot(prm['Q']) + prm['q'])
    z = y + t
    return y, t, z, z.dot(prm['R'])


def energy(prm, x, target):
    out = net(prm, x)[-1]
    return .5 * ((out - target) ** 2).sum(axis=1).mean()


def energy_grad(prm, x, target):
    y, t, z, out = net(prm, x)
    g = {}

    dout = (out - target) / x.shape[0]
    g['R'] = z.T.dot(dout)
    dz = dout.dot(prm['R'].T)

    # branch: dz flows into t and, unchanged, into y
    dy = dz
    dz *= 1 - t**2
    g['Q'] = y.T.dot(dz)
    g['q'] = dz.sum(axis=0)
    dy = dy + dz.dot(prm['Q'].T)

    dy *= 1 - y**2
    g['P'] = x.T.dot(dy)
    return g
