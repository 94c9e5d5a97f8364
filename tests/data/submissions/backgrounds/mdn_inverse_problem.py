# Mixture density network (Bishop 1994), K gaussians, scalar target
# heads: Wp -> mixing logits, Wm -> means, Ws -> log standard deviations
import numpy as np

LOG2PI = np.log(2 * np.pi)


def logsumexp(a):
    top = a.max(axis=1, keepdims=True)
    return top + np.log(np.exp(a - top).sum(axis=1, keepdims=True))


def network(P, x):
    h = np.tanh(x @ P["W1"] + P["b1"])
    logits = h @ P["Wp"] + P["bp"]
    mean = h @ P["Wm"] + P["bm"]
    logsig = h @ P["Ws"] + P["bs"]
    return h, logits, mean, logsig


def log_joint(logits, mean, logsig, y):
    """log pi_k + log N(y | mean_k, sigma_k), one row per example"""
    u = (y - mean) * np.exp(-logsig)
    return logits - logsumexp(logits) - 0.5 * u ** 2 - logsig - 0.5 * LOG2PI, u


def nll(P, x, y):
    h, logits, mean, logsig = network(P, x)
    lj, _ = log_joint(logits, mean, logsig, y)
    return -logsumexp(lj).mean()


def nll_grad(P, x, y):
    n = x.shape[0]
    h, logits, mean, logsig = network(P, x)
    lj, u = log_joint(logits, mean, logsig, y)
    prior = np.exp(logits - logsumexp(logits))
    resp = np.exp(lj - logsumexp(lj))

    d_logits = (prior - resp) / n
    d_mean = -resp * u * np.exp(-logsig) / n
    d_logsig = resp * (u ** 2 - 1) / n

    d_h = d_logits @ P["Wp"].T + d_mean @ P["Wm"].T + d_logsig @ P["Ws"].T
    d_a = d_h * (1 - h ** 2)
    return {
        "Wp": h.T @ d_logits, "bp": d_logits.sum(axis=0),
        "Wm": h.T @ d_mean, "bm": d_mean.sum(axis=0),
        "Ws": h.T @ d_logsig, "bs": d_logsig.sum(axis=0),
        "W1": x.T @ d_a, "b1": d_a.sum(axis=0),
    }
