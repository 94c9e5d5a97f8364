# Salimans & Kingma (2016), weight normalisation:  w = g * v / ||v||
# One weight vector per row of V.
import numpy as np


def wn(V, g):
    norm = np.sqrt(np.einsum("ij,ij->i", V, V))
    return np.einsum("i,ij->ij", g / norm, V), norm


def wn_backward(dW, V, g, norm):
    """Equation (3) of the paper, for all rows together."""
    dg = np.einsum("ij,ij->i", dW, V) / norm
    dV = np.einsum("i,ij->ij", g / norm, dW) - np.einsum("i,i,ij->ij", g / norm ** 2, dg, V)
    return dV, dg


def objective(par, x, y):
    W1, n1 = wn(par["V1"], par["g1"])
    W2, n2 = wn(par["v2"], par["g2"])
    u = np.einsum("bi,oi->bo", x, W1) + par["b1"]
    h = np.arctan(u)
    out = np.einsum("bi,oi->bo", h, W2) + par["b2"]
    r = out[:, 0] - y
    value = np.mean(r ** 2)

    grad = {}
    dout = (2 * r / r.size)[:, None]
    grad["b2"] = np.einsum("bo->o", dout)
    grad["v2"], grad["g2"] = wn_backward(np.einsum("bo,bi->oi", dout, h), par["v2"], par["g2"], n2)
    du = np.einsum("bo,oi->bi", dout, W2) / (1 + u ** 2)
    grad["b1"] = np.einsum("bo->o", du)
    grad["V1"], grad["g1"] = wn_backward(np.einsum("bo,bi->oi", du, x), par["V1"], par["g1"], n1)
    return value, grad


def initialise(n_in, n_hidden, rng):
    V1 = 0.05 * rng.standard_normal((n_hidden, n_in))
    v2 = 0.05 * rng.standard_normal((1, n_hidden))
    return {"V1": V1, "g1": np.ones(n_hidden), "b1": np.zeros(n_hidden), "v2": v2, "g2": np.ones(1), "b2": np.zeros(1)}
