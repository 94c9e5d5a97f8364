# toy VAE on binary vectors -- quick experiment for the reading group
# notation: q(z|x) = N(mu, diag exp(lv)),  p(x|z) = Bernoulli(sigmoid(logit))
import numpy as np


def sigm(a):
    return 1.0 / (1.0 + np.exp(-a))


def init(dx, dh, dz, seed=0):
    r = np.random.RandomState(seed)
    th = dict(We=r.randn(dx, dh), Wmu=r.randn(dh, dz), Wlv=r.randn(dh, dz), Wd=r.randn(dz, dh), Wo=r.randn(dh, dx))
    th = {k: 0.1 * v for k, v in th.items()}
    th.update(be=np.zeros(dh), bmu=np.zeros(dz), blv=np.zeros(dz), bd=np.zeros(dh), bo=np.zeros(dx))
    return th


def elbo(th, x, eps):
    """negative ELBO, averaged over the batch; eps is the frozen noise"""
    n = len(x)
    he = np.tanh(x @ th["We"] + th["be"])
    mu = he @ th["Wmu"] + th["bmu"]
    lv = he @ th["Wlv"] + th["blv"]
    z = mu + eps * np.exp(0.5 * lv)
    hd = np.tanh(z @ th["Wd"] + th["bd"])
    logit = hd @ th["Wo"] + th["bo"]
    rec = np.sum(np.logaddexp(0, logit) - x * logit) / n
    kl = 0.5 * np.sum(np.exp(lv) + mu ** 2 - 1 - lv) / n
    return rec + kl, (he, mu, lv, z, hd, logit)


def elbo_grad(th, x, eps, mem):
    he, mu, lv, z, hd, logit = mem
    n = len(x)
    g = {}
    # decoder
    dlogit = (sigm(logit) - x) / n
    g["Wo"] = hd.T @ dlogit
    g["bo"] = dlogit.sum(0)
    dhd = (dlogit @ th["Wo"].T) * (1 - hd ** 2)
    g["Wd"] = z.T @ dhd
    g["bd"] = dhd.sum(0)
    # reparametrisation
    dz = dhd @ th["Wd"].T
    dmu = dz
    dlv = 0.5 * dz * eps * np.exp(0.5 * lv)
    # KL
    dmu = mu / n
    dlv = dlv + 0.5 * (np.exp(lv) - 1) / n
    # encoder
    g["Wmu"] = he.T @ dmu
    g["bmu"] = dmu.sum(0)
    g["Wlv"] = he.T @ dlv
    g["blv"] = dlv.sum(0)
    dhe = (dmu @ th["Wmu"].T + dlv @ th["Wlv"].T) * (1 - he ** 2)
    g["We"] = x.T @ dhe
    g["be"] = dhe.sum(0)
    return g
