import numpy as np


def conv_valid(sig, ker, off):
    """out[i] = sum_j sig[i+j] * ker[j] + off   (what deep learning people call convolution)"""
    K = len(ker)
    n_out = len(sig) - K + 1
    out = np.empty(n_out)
    for i in range(n_out):
        out[i] = np.dot(sig[i:i + K], ker) + off
    return out


def conv_back(dout, sig, ker):
    K = len(ker)
    d_ker = np.zeros(K)
    for i in range(len(dout)):
        d_ker = d_ker + dout[i] * sig[i:i + K]
    d_off = dout.sum()
    # gradient with respect to the signal is a "full" convolution
    d_sig = np.convolve(dout, ker[::-1], mode="full")
    return d_sig, d_ker, d_off


def predict_one(sig, p):
    s1 = conv_valid(sig, p["k1"], p["o1"])
    h1 = np.tanh(s1)
    s2 = conv_valid(h1, p["k2"], p["o2"])
    h2 = np.tanh(s2)
    return h2 @ p["v"], (sig, h1, h2)


def cost(signals, targets, p):
    total = 0.0
    for sig, y in zip(signals, targets):
        guess, _ = predict_one(sig, p)
        total += (guess - y) ** 2
    return total / len(signals)


def cost_grad(signals, targets, p):
    acc = {k: np.zeros(np.shape(v)) for k, v in p.items()}
    N = len(signals)
    for sig, y in zip(signals, targets):
        guess, (sig, h1, h2) = predict_one(sig, p)
        d = 2 * (guess - y) / N
        acc["v"] += d * h2
        d_s2 = d * p["v"] * (1 - h2 ** 2)
        d_h1, dk, do = conv_back(d_s2, h1, p["k2"])
        acc["k2"] += dk
        acc["o2"] += do
        d_s1 = d_h1 * (1 - h1 ** 2)
        _, dk, do = conv_back(d_s1, sig, p["k1"])
        acc["k1"] += dk
        acc["o1"] += do
    return acc
