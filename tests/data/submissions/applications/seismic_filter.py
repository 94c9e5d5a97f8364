import numpy as np


def forward(trace, k1, k2, bias):
    """Two filters one after the other; np.correlate does not flip the kernel."""
    u = np.correlate(trace, k1, mode="valid") + bias[0]
    a = np.tanh(u)
    v = np.correlate(a, k2, mode="valid") + bias[1]
    return a, v


def loss(traces, picks, k1, k2, bias):
    total = 0.0
    for trace, pick in zip(traces, picks):
        _, v = forward(trace, k1, k2, bias)
        total += np.sum((v - pick) ** 2)
    return total / (2 * len(traces))


def grads(traces, picks, k1, k2, bias):
    g_k1, g_k2, g_bias = np.zeros_like(k1), np.zeros_like(k2), np.zeros_like(bias)

    for trace, pick in zip(traces, picks):
        a, v = forward(trace, k1, k2, bias)
        dv = (v - pick) / len(traces)

        # second filter
        g_k2 += np.correlate(a, dv, mode="valid")
        g_bias[1] += dv.sum()
        da = np.convolve(dv, k2[::-1], mode="full")

        # first filter
        du = da * (1 - a ** 2)
        g_k1 += np.correlate(trace, du, mode="valid")
        g_bias[0] += du.sum()

    return g_k1, g_k2, g_bias
