"""Two functions of the same arguments that nothing calls: a number, and its gradient by one of them."""

import json

import pytest

from tinygrad_dnn.cli import main

MARGINS = """
import numpy as np
def objective(w, lam, Z):
    n = Z.shape[1]
    return np.sum(np.maximum(0, 1 - Z.T @ w) ** 2) / n + lam * np.linalg.norm(w) ** 2
def computegrad(w, lam, Z):
    n = Z.shape[1]
    return -2 / n * Z @ np.maximum(0, 1 - Z.T @ w) + 2 * lam * w
"""
DUAL = """
import numpy as np
def dual_value(a, G, s):
    return a.sum() - 0.5 * a @ (np.outer(s, s) * G) @ a
def dual_slope(a, G, s):
    return 1 - (np.outer(s, s) * G) @ a
"""
ENERGY = """
import numpy as np
def energy(u, A, f):
    r = A @ u - f
    return 0.5 * r @ r
def direction(u, A, f):
    return A.T @ (A @ u - f)
"""
NO_PAIR = """
import numpy as np
def energy(u, A, f):
    return 0.5 * np.sum((A @ u - f) ** 2)
def outcome(u, A, f):
    return np.sign(A @ u - f)
"""


def checked(tmp_path, capsys, text):
    path = tmp_path / "functions.py"
    path.write_text(text)
    code = main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    out = capsys.readouterr().out
    found = json.loads(out) if out else {"gradients": [], "text": ""}
    return {row["name"]: row["verdict"] for row in found["gradients"]}, code


@pytest.mark.parametrize(
    ("text", "name", "change", "wrong"),
    [
        (MARGINS, "dw", ("2 * lam * w", "lam * w"), "wrong"),
        (MARGINS, "dw", ("-2 / n * Z", "-2 / n * -Z"), "wrong"),
        (DUAL, "da", ("1 - (np", "1 - 0.5 * (np"), None),  # its name does not say that it is a gradient
        (ENERGY, "du", ("A.T @ (A @ u - f)", "A.T @ (A @ u + f)"), None),
    ],
)
def test_a_function_that_is_the_gradient_of_another_is_judged(tmp_path, capsys, text, name, change, wrong):
    found, code = checked(tmp_path, capsys, text)
    assert found == {name: "right"}
    assert code == 0
    assert change[0] in text
    found, code = checked(tmp_path, capsys, text.replace(*change))
    assert found.get(name) == wrong
    assert code != 0


def test_what_is_no_gradient_and_is_not_called_one_is_none(tmp_path, capsys):
    assert checked(tmp_path, capsys, NO_PAIR) == ({}, 2)
