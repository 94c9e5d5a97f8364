"""Passes that nothing calls and whose arguments have the same names: shapes are found with which all of it counts."""

import json

import pytest

from tinygrad_dnn.cli import main

WINDOWS = """
import numpy as np
def filtered_forward(picture, mask, stride=1):
    k = mask.shape[0]
    rows, columns = ((n - k) // stride + 1 for n in picture.shape)
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(picture[i * stride : i * stride + k, j * stride : j * stride + k] * mask)
    return out
def filtered_backward(dout, picture, mask, stride=1):
    k = mask.shape[0]
    dpicture, dmask = np.zeros_like(picture), np.zeros_like(mask)
    for i, j in np.ndindex(dout.shape):
        a, b = i * stride, j * stride
        dmask += dout[i, j] * picture[a : a + k, b : b + k]
        dpicture[a : a + k, b : b + k] += dout[i, j] * mask
    return dpicture, dmask
"""
AFFINE = """
import numpy as np
def affine(x, w, b):
    return x.dot(w) + b
def affine_backward(dout, x, w, b):
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db
def leaky(x, slope):
    return np.where(x > 0, x, slope * x)
def leaky_backward(dout, x, slope):
    dx = np.where(x > 0, dout, slope * dout)
    return dx
"""
ATTENTION = """
import numpy as np
def weights(s):
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
def attend_forward(Q, K, V):
    A = weights(Q @ K.T / np.sqrt(Q.shape[-1]))
    return A @ V, A
def attend_backward(dO, A, Q, K, V):
    dV = A.T @ dO
    dA = dO @ V.T
    dS = A * (dA - np.sum(dA * A, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    dQ = dS @ K
    dK = dS.T @ Q
    return dQ, dK, dV
"""
CELL = """
import numpy as np
def cell(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
def cell_backward(dnext, x, h, W, U, b):
    dz = dnext * (1 - cell(x, h, W, U, b) ** 2)
    return dz @ W.T, dz @ U.T, x.T @ dz, h.T @ dz, dz.sum(0)
"""
NORM = """
import numpy as np
def norm_forward(x, gain, shift, eps=1e-5):
    return gain * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + shift
def norm_backward(dout, x, gain, shift, eps=1e-5):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dgain, dshift = np.sum(dout * h, axis=0), np.sum(dout, axis=0)
    g = dout * gain
    dx = (g - g.mean(0) - h * (g * h).mean(0)) / s
    return dx, dgain, dshift
"""
PROGRAMS = {
    "windows that overlap": (WINDOWS, {"dpicture", "dmask"}, ("b : b + k] +=", "b : b + k] ="), {"dpicture"}),
    "the first window alone": (WINDOWS, {"dpicture", "dmask"}, ("dmask += dout[i, j]", "dmask += dout[0, 0]"),
                               {"dmask"}),
    "a bias of the mean": (AFFINE, {"dx", "dw", "db"}, ("sum(axis=0)", "mean(axis=0)"), {"db"}),
    "a product": (AFFINE, {"dx", "dw", "db"}, ("dout.dot(w.T)", "dout.dot(w.T) * x"), {"dx"}),
    "keys": (ATTENTION, {"dQ", "dK", "dV"}, ("dS.T @ Q", "(dS @ Q)" ), {"dK"}),
    "a cell, in order": (CELL, {"dx", "dh", "dW", "dU", "db"}, ("h.T @ dz", "h.T @ dnext"), {"dU"}),
    "a batch": (NORM, {"dx", "dgain", "dshift"}, (" - h * (g * h).mean(0)", ""), {"dx"}),
}  # fmt: skip


def checked(tmp_path, capsys, text):
    path = tmp_path / "passes.py"
    path.write_text(text)
    code = main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    found = json.loads(capsys.readouterr().out)
    return {row["name"].split()[0]: row["verdict"] for row in found["gradients"]}, code, found["text"]


@pytest.mark.parametrize(("text", "names", "change", "wrong"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_passes_that_nothing_calls_are_called_with_shapes_that_hide_nothing(
    tmp_path, capsys, text, names, change, wrong
):
    found, code, said = checked(tmp_path, capsys, text)
    assert found == dict.fromkeys(names, "right"), said
    assert code == 0
    found, code, said = checked(tmp_path, capsys, text.replace(*change))
    assert code != 0
    assert {name for name, verdict in found.items() if verdict != "right"} >= wrong, said
    assert {name for name, verdict in found.items() if verdict == "wrong"} <= wrong, said
