import numpy as np


def house_net(X, price, W1, b1, W2, b2, W3, b3):
    """Return (loss, grads) of a three layer regression network, 0.5*mean squared error.

    X      one house per row
    price  shape (houses, targets): price and rent
    """
    n = X.shape[0]

    # ---- forward ----
    pre1 = np.matmul(X, W1) + b1
    hid1 = np.tanh(pre1)
    pre2 = np.matmul(hid1, W2) + b2
    hid2 = np.logaddexp(0, pre2)          # softplus
    pred = np.matmul(hid2, W3) + b3

    resid = pred - price
    loss = 0.5 * np.sum(np.square(resid)) / n

    # ---- backward ----
    grads = dict()
    g3 = resid / n
    grads['dW3'] = np.matmul(hid2.T, g3)
    grads['db3'] = np.add.reduce(g3, axis=0)

    g2 = np.matmul(g3, W3.T)
    g2 *= 1 / (1 + np.exp(-pre2))
    grads['dW2'] = np.matmul(hid1.T, g2)
    grads['db2'] = np.add.reduce(g2, axis=1)

    g1 = np.matmul(g2, W2.T)
    g1 *= 1 - hid1 ** 2
    grads['dW1'] = np.matmul(X.T, g1)
    grads['db1'] = np.add.reduce(g1, axis=0)

    return loss, grads
