"""What the first turn of a loop, the first call of a function or the first of two loops does not show."""

import pytest

from tinygrad_dnn.cli import main

START = """
import numpy as np
rng = np.random.default_rng(3)
X, Y = rng.normal(size=(12, 3)), rng.normal(size=(12, 2))
W = rng.normal(size=(3, 2))
"""
TWO_LOOPS = (
    START
    + """
for step in range(20):
    E = X @ W - Y
    loss = np.sum(E**2) / 2
    dW = X.T @ E
    W = W - 0.01 * dW
W = rng.normal(size=(3, 2))
for step in range(20):
    E = np.tanh(X @ W) - Y
    loss = np.sum(E**2) / 2
    dW = X.T @ (E * (1 - np.tanh(X @ W) ** 2))
    W = W - 0.01 * dW
"""
)
LATER_STEP = (
    START
    + """
for step in range(20):
    E = X @ W - Y
    loss = np.sum(E**2) / 2
    if step == 0:
        dW = X.T @ E
    else:
        dW = np.dot(X.T, E)
    W -= 0.01 * dW
"""
)
OTHER_EXAMPLES = (
    START
    + """
w = rng.normal(size=3)
for x, t in zip(X, [1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0]):
    q = 1 / (1 + np.exp(-x @ w))
    if t == 1:
        loss = -np.log(q)
        g = (q - 1) * x
    else:
        loss = -np.log(1 - q)
        g = q * x
    w -= 0.1 * g
"""
)
THAWED = (
    START
    + """
V = rng.normal(size=(2, 2))
step = 0
while step < 30:
    step += 1
    H = np.tanh(X @ W)
    E = H @ V - Y
    loss = np.sum(E**2) / 2
    dV = H.T @ E
    dW = X.T @ (E @ V.T * (1 - H**2))
    V -= 0.01 * dV
    if step > 5:
        W -= 0.01 * dW
"""
)
OTHER_CALLS = """
import numpy as np

def act_forward(Z, kind):
    if kind == "tanh":
        return np.tanh(Z), Z
    return 1 / (1 + np.exp(-Z)), Z

def act_backward(dA, cache, kind):
    if kind == "tanh":
        return dA * (1 - np.tanh(cache) ** 2)
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)

for kind in ("tanh", "sigmoid"):
    A, cache = act_forward(np.random.randn(3, 4), kind)
    print(act_backward(np.ones((3, 4)), cache, kind))
"""
PROGRAMS = {
    "the second of two loops that learn arrays of the same names": (TWO_LOOPS, "(E * (1 - np", "(E * (1 + np"),
    "a later step": (LATER_STEP, "np.dot(X.T, E)", "np.dot(X.T, np.abs(E))"),
    "another example": (OTHER_EXAMPLES, "g = q * x", "g = q * (1 - q) * x"),
    "what is learnt from a later step on": (THAWED, "(1 - H**2))", "(1 - H)**2)"),
    "another call": (OTHER_CALLS, "dA * s * (1 - s)", "dA * s * s"),
}


def outcome(path, text, capsys):
    path.write_text(text)
    code = main(["check", str(path), "--no-suggest"])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("what", PROGRAMS)
def test_what_comes_later_is_judged_too(what, tmp_path, capsys):
    text, right, wrong = PROGRAMS[what]
    assert text.count(right) == 1
    code, said = outcome(tmp_path / "work.py", text, capsys)
    assert code == 0, said
    code, said = outcome(tmp_path / "work.py", text.replace(right, wrong), capsys)
    assert code == 1, said


def test_two_loops_that_learn_arrays_of_the_same_names_have_rows_of_their_own(tmp_path, capsys):
    _, said = outcome(tmp_path / "work.py", TWO_LOOPS, capsys)
    assert "dW " in said
    assert "dW of line 13" in said


def test_a_branch_that_is_taken_later_is_named(tmp_path, capsys):
    _, said = outcome(tmp_path / "work.py", LATER_STEP, capsys)
    assert "Right as well in 1 other turn." in " ".join(said.split())
    _, said = outcome(tmp_path / "work.py", LATER_STEP.replace("np.dot(X.T, E)", "2 * np.dot(X.T, E)"), capsys)
    assert "the first turn that takes the branch in line 13" in " ".join(said.split())


ROOT = """
import numpy as np
rng = np.random.default_rng(3)
X, Y = rng.normal(size=(12, 3)), rng.normal(size=(12, 2))
V = rng.normal(size=(3, 2))
def distance(V):
    return np.sqrt(np.mean((X @ V - Y) ** 2))
def slopes(V):
    return X.T @ (X @ V - Y)
for step in range(20):
    loss = distance(V)
    dV = slopes(V)
    V = V - 0.01 * dV
"""


def test_a_gradient_of_the_square_of_what_is_printed_is_not_called_wrong(tmp_path, capsys):
    code, out = outcome(tmp_path / "root.py", ROOT, capsys)
    assert "WRONG" not in out, (code, out)
    code, out = outcome(tmp_path / "root.py", ROOT.replace("X.T @ (X @ V - Y)", "X.T @ (X @ V + Y)"), capsys)
    assert "WRONG" in out, (code, out)
