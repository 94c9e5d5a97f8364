import numpy as np


# Number of bikes rented per hour ~ Poisson(rate), log(rate) comes from a small network.
# negative log likelihood (without the log(k!) constant):   rate - k * log(rate)

def predict_log_rate(X, A, a, v, v0):
    T = np.tanh(X.dot(A) + a)
    return T.dot(v) + v0, T


def nll(X, k, A, a, v, v0):
    eta, _ = predict_log_rate(X, A, a, v, v0)
    return np.mean(np.exp(eta) - k * eta)


def nll_grad(X, k, A, a, v, v0):
    eta, T = predict_log_rate(X, A, a, v, v0)
    hours = X.shape[0]
    rate = np.exp(eta)

    g_eta = (k - rate) / hours                        # shape (hours,)
    g_v = T.T.dot(g_eta)
    g_v0 = g_eta.sum()

    g_T = np.outer(g_eta, v)
    g_pre = g_T * (1. - T**2)
    g_A = X.T.dot(g_pre)
    g_a = g_pre.sum(axis=0)
    return g_A, g_a, g_v, g_v0


def minimise(X, k, start, rate=0.01, n_iter=100):
    par = list(start)
    trace = [nll(X, k, *par)]
    for _ in range(n_iter):
        grad = nll_grad(X, k, *par)
        for i in range(4):
            par[i] = par[i] - rate * grad[i]
        trace.append(nll(X, k, *par))
    return par, trace
