import numpy as np

# Matrix factorisation:  rating(u, i) ~ mu + bu[u] + bi[i] + U[u] . M[i]
# obs is an integer array with rows (user, movie); r holds the stars
# objective:  1/2 sum of squared errors + reg/2 (|U|^2 + |M|^2)


def predict(obs, U, M, bu, bi, mu):
    u, i = obs[:, 0], obs[:, 1]
    return mu + bu[u] + bi[i] + (U[u] * M[i]).sum(axis=1)


def objective(obs, r, U, M, bu, bi, mu, reg):
    e = predict(obs, U, M, bu, bi, mu) - r
    return 0.5 * (e ** 2).sum() + 0.5 * reg * ((U ** 2).sum() + (M ** 2).sum())


def gradient(obs, r, U, M, bu, bi, mu, reg):
    u, i = obs[:, 0], obs[:, 1]
    e = predict(obs, U, M, bu, bi, mu) - r

    # biases: sum the errors of each user / movie
    g_bu = np.bincount(u, weights=e, minlength=len(bu))
    g_bi = np.bincount(i, weights=e, minlength=len(bi))

    # factors
    g_U = reg * U
    g_M = reg * M
    for k in range(len(e)):
        g_U[u[k]] += e[k] * M[i[k]]
    g_M[i] += e[:, None] * U[u]

    g_mu = e.sum()
    return g_U, g_M, g_bu, g_bi, g_mu


def als_like_sweep(obs, r, state, reg=0.1, lr=0.02, sweeps=20):
    U, M, bu, bi, mu = state
    for _ in range(sweeps):
        gU, gM, gbu, gbi, gmu = gradient(obs, r, U, M, bu, bi, mu, reg)
        U, M = U - lr * gU, M - lr * gM
        bu, bi, mu = bu - lr * gbu, bi - lr * gbi, mu - lr * gmu
    return U, M, bu, bi, mu
