import numpy as np

LAM = 0.3


def sp(t): return np.log(1 + np.exp(t))
def dsp(t): return 1/(1 + np.exp(-t))


def fwd(p, X):
    Z1 = X@p["W1"] + p["b1"]; A1 = sp(Z1)
    Z2 = A1@p["W2"] + p["b2"]
    return Z1, A1, Z2

def cost(p, X, Y):
    Z2 = fwd(p, X)[2]
    N = X.shape[0]
    fit = np.sum((Z2 - Y)**2)/N
    # only the weight matrices are penalised
    penalty = 0.5*LAM*(np.sum(p["W1"]**2) + np.sum(p["W2"]**2))
    return fit + penalty

def bwd(p, X, Y):
    N = X.shape[0]
    Z1, A1, Z2 = fwd(p, X)
    g = {}
    d2 = 2*(Z2 - Y)/N
    g["W2"] = A1.T@d2
    g["b2"] = np.sum(d2, axis=0)
    d1 = (d2@p["W2"].T)*dsp(Z1)
    g["W1"] = X.T@d1
    g["b1"] = np.sum(d1, axis=0)
    for k in p:
        g[k] = g[k] + LAM*p[k]
    return g
