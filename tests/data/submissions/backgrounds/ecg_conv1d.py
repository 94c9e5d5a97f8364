"""Denoising of ECG traces with a tiny two stage FIR network.

stage 1: bank of filters + tanh, stage 2: recombination filter.
Signals are stored as (channels, samples).
"""
import numpy as np


def fir(x, w, b):
    """w: (out channels, in channels, taps). 'valid' part only."""
    n_out, n_in, taps = w.shape
    y = np.zeros((n_out, x.shape[1] - taps + 1))
    for o in range(n_out):
        for c in range(n_in):
            y[o] += np.correlate(x[c], w[o, c], mode="valid")
        y[o] += b[o]
    return y


def fir_grad(dy, x, w):
    n_out, n_in, taps = w.shape
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    for o in range(n_out):
        for c in range(n_in):
            dw[o, c] = np.correlate(x[c], dy[o], mode="valid")
            dx[c] += np.correlate(dy[o], w[o, c], mode="full")
    return dx, dw, dy.sum(axis=1)


def run(p, x):
    u = fir(x, p["w1"], p["b1"])
    v = np.tanh(u)
    return v, fir(v, p["w2"], p["b2"])


def objective(p, x, clean):
    _, y = run(p, x)
    r = y - clean
    return 0.5 * np.mean(r * r)


def objective_grad(p, x, clean):
    v, y = run(p, x)
    dy = (y - clean) / y.size
    dv, dw2, db2 = fir_grad(dy, v, p["w2"])
    du = dv * (1.0 - v * v)
    _, dw1, db1 = fir_grad(du, x, p["w1"])
    return {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2}
