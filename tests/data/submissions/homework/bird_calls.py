import numpy as np


def sg(v):
    return 1 / (1 + np.exp(-v))


def forward(p, X):
    s = {"X": X}
    s["h1"] = sg(np.einsum("nf,fh->nh", X, p["A"]) + p["a"])
    s["h2"] = sg(np.einsum("nh,hk->nk", s["h1"], p["B"]) + p["b"])
    s["o"] = np.einsum("nk,kc->nc", s["h2"], p["C"]) + p["c"]
    e = np.exp(s["o"] - s["o"].max(1, keepdims=True))
    s["pr"] = e / np.einsum("nc->n", e)[:, None]
    return s


def objective(p, X, T):
    return -np.einsum("nc,nc->", T, np.log(forward(p, X)["pr"])) / len(X)


def derivs(p, X, T):
    s = forward(p, X)
    h1, h2 = s["h1"], s["h2"]
    g = {}

    do = (s["pr"] - T) / len(X)
    g["C"] = np.einsum("nk,nc->kc", h2, do)
    g["c"] = np.einsum("nc->c", do)

    dh2 = np.einsum("nc,kc->nk", do, p["C"])
    dv2 = dh2 * h2 * (1 - h2)
    g["B"] = np.einsum("nh,nk->hk", h1, dv2)
    g["b"] = np.einsum("nk->k", dv2)

    dh1 = np.einsum("nk,hk->nh", dv2, p["B"])
    dv1 = dh1 * h2 * (1 - h2)
    g["A"] = np.einsum("nf,nh->fh", X, dv1)
    g["a"] = np.einsum("nh->h", dv1)
    return g
