# robust fit of a static nonlinearity, Huber's rho function
# model: yhat = w * tanh(V u + a) + c     (u: columns are the samples)
import numpy as np

K = 1.345


def rho(r):
    small = np.abs(r) <= K
    return np.where(small, 0.5 * r ** 2, K * np.abs(r) - 0.5 * K ** 2)


def psi(r):
    """influence function = derivative of rho"""
    return np.clip(r, -K, K)


def model(U, V, a, w, c):
    H = np.tanh(V @ U + a)
    return H, w @ H + c


def criterion(U, y, V, a, w, c):
    # sum over the samples, as in the book, no division by their number
    _, yhat = model(U, V, a, w, c)
    return rho(y - yhat).sum()


def jac(U, y, V, a, w, c):
    H, yhat = model(U, V, a, w, c)
    p = -psi(y - yhat)
    gw = p @ H.T
    gc = p.sum(axis=1, keepdims=True)
    back = (1 - H) * (1 + H) * (w.T @ p)
    gV = np.zeros_like(V)
    ga = np.zeros_like(a)
    for k in range(U.shape[1]):
        gV += back[:, [k]] * U[:, k]
        ga += back[:, [k]]
    return gV, ga, gw, gc


def heavy_ball(U, y, V, a, w, c, eta=1e-3, mom=0.9, n_iter=1000):
    theta = [V.copy(), a.copy(), w.copy(), c.copy()]
    speed = [np.zeros_like(t) for t in theta]
    for _ in range(n_iter):
        for t, s, g in zip(theta, speed, jac(U, y, *theta)):
            s *= mom
            s -= eta * g
            t += s
    return theta
