"""
Feed-forward half of a transformer block, numpy reference for the C version.
Layout follows the C code: activations (B, T, C), weights (OC, C).
"""
import numpy as np

GELU_SCALING_FACTOR = np.sqrt(2.0 / np.pi)


def matmul_forward(inp, weight, bias):
    return np.einsum("btc,oc->bto", inp, weight) + bias


def matmul_backward(dout, inp, weight):
    dinp = np.einsum("bto,oc->btc", dout, weight)
    dweight = np.einsum("bto,btc->oc", dout, inp)
    dbias = dout.sum(axis=(0, 1))
    return dinp, dweight, dbias


def gelu_forward(x):
    cube = 0.044715 * x * x * x
    return 0.5 * x * (1.0 + np.tanh(GELU_SCALING_FACTOR * (x + cube)))


def gelu_backward(x, dout):
    cube = 0.044715 * x * x * x
    tanh_out = np.tanh(GELU_SCALING_FACTOR * (x + cube))
    sech_out = 1.0 - tanh_out * tanh_out
    dinner = GELU_SCALING_FACTOR * (1.0 + 3.0 * 0.044715 * x * x)
    local_grad = 0.5 * (1.0 + tanh_out) + 0.5 * sech_out * dinner
    return local_grad * dout


def mlp_forward(x, p):
    fch = matmul_forward(x, p["wfc"], p["bfc"])
    fch_gelu = gelu_forward(fch)
    fcproj = matmul_forward(fch_gelu, p["wproj"], p["bproj"])
    return fcproj + x, {"x": x, "fch": fch, "fch_gelu": fch_gelu}


def mean_squared(out, target):
    return np.mean((out - target) ** 2)


def mlp_backward(dout, acts, p):
    g = {}
    dfch_gelu, g["wproj"], g["bproj"] = matmul_backward(dout, acts["fch_gelu"], p["wproj"])
    dfch = gelu_backward(acts["fch"], dfch_gelu)
    dx, g["wfc"], g["bfc"] = matmul_backward(dfch, acts["x"], p["wfc"])
    g["x"] = dx + dout
    return g
