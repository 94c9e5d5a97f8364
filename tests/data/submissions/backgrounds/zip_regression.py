## Zero-inflated Poisson regression, ridge-penalised (ported from my R code)
##
##   y_i = 0            with probability pi_i
##   y_i ~ Poisson(mu_i) otherwise
##   log mu_i = x_i' beta + offset_i,   logit pi_i = z_i' gamma
##
## First column of X and of Z is the constant. The constants are not penalised.
import numpy as np


def linear_predictors(beta, gamma, X, Z, offset):
    mu = np.exp(X @ beta + offset)
    pi = 1.0 / (1.0 + np.exp(-(Z @ gamma)))
    return mu, pi


def penalised_nll(beta, gamma, X, Z, y, offset, lam):
    mu, pi = linear_predictors(beta, gamma, X, Z, offset)
    zero = y == 0
    ll = np.empty(len(y))
    ll[zero] = np.log(pi[zero] + (1 - pi[zero]) * np.exp(-mu[zero]))
    pos = ~zero
    # the log y! term is constant and dropped
    ll[pos] = np.log(1 - pi[pos]) - mu[pos] + y[pos] * np.log(mu[pos])
    ridge = 0.5 * lam * (beta[1:] @ beta[1:] + gamma[1:] @ gamma[1:])
    return -ll.sum() + ridge


def score(beta, gamma, X, Z, y, offset, lam):
    """Gradient of penalised_nll."""
    mu, pi = linear_predictors(beta, gamma, X, Z, offset)
    zero = y == 0
    p0 = pi + (1 - pi) * np.exp(-mu)
    # derivative with respect to the two linear predictors
    d_eta = np.where(zero, (1 - pi) * np.exp(-mu) * mu / p0, mu - y)
    d_zeta = np.where(zero, -(1 - np.exp(-mu)) * pi * (1 - pi) / p0, pi)
    g_beta = X.T @ d_eta
    g_gamma = Z.T @ d_zeta
    g_beta += lam * beta
    g_gamma[1:] += lam * gamma[1:]
    return g_beta, g_gamma


def fit(X, Z, y, offset, lam=0.1, step=1e-3, maxit=5000, tol=1e-8):
    beta, gamma = np.zeros(X.shape[1]), np.zeros(Z.shape[1])
    old = np.inf
    for _ in range(maxit):
        gb, gg = score(beta, gamma, X, Z, y, offset, lam)
        beta, gamma = beta - step * gb, gamma - step * gg
        new = penalised_nll(beta, gamma, X, Z, y, offset, lam)
        if abs(old - new) < tol:
            break
        old = new
    return beta, gamma
