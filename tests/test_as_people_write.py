"""Rows of arrays of several shapes, cells that write modules, and steps that are worked through line by line."""

import json

import pytest

from tinygrad_dnn.cli import main

ROWS = """
import numpy as np
class Net:
    def __init__(self, sizes):
        rng = np.random.default_rng(0)
        self.weights = np.array([rng.normal(size=(a, b)) for a, b in zip(sizes[:-1], sizes[1:])])
    def run(self, x):
        self.a = [x]
        for w in self.weights:
            self.a.append(np.tanh(self.a[-1] @ w))
        return self.a[-1]
    def step(self, x, y, rate):
        out = self.run(x)
        self.loss = 0.5 * np.sum((out - y) ** 2)
        d = (out - y) * (1 - out ** 2)
        moves = []
        for i in reversed(range(len(self.weights))):
            moves.insert(0, self.a[i].T @ d)
            d = (d @ self.weights[i].T) * (1 - self.a[i] ** 2)
        self.weights = self.weights - rate * np.array(moves)
net = Net([3, 4, 2])
rng = np.random.default_rng(1)
X, Y = rng.normal(size=(10, 3)), rng.normal(size=(10, 2))
for i in range(50):
    net.step(X, Y, 0.01)
"""
STEP = """
import numpy as np
rng = np.random.default_rng(4)
x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
W1, W2 = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
rate = 0.05
h = np.tanh(x @ W1)
y = h @ W2
print(y)
cost = np.sum((y - t) ** 2)
dy = 2 * (y - t)
dW2 = h.T @ dy
dW1 = x.T @ ((dy @ W2.T) * (1 - h ** 2))
W2 = W2 - rate * dW2
W1 -= rate * dW1
print(W1, W2)
"""
WRITING = [
    """%%writefile logistic.py
import numpy as np
def cost_and_slopes(w, b, X, y):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    cost = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return cost, X.T @ (p - y) / len(y), np.mean(p - y)
""",
    """import numpy as np
from logistic import cost_and_slopes as both
import logistic as lg
rng = np.random.default_rng(0)
X, y = rng.normal(size=(30, 3)), rng.integers(0, 2, 30)
w, b = 0.1 * np.ones(3), 0.2
for i in range(20):
    cost, dw, db = both(w, b, X, y)
    w = w - 0.1 * dw
    b = b - 0.1 * db
print(lg.cost_and_slopes(w, b, X, y)[0])
""",
]


def checked(path, capsys):
    main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    found = json.loads(capsys.readouterr().out)
    return {row["name"]: row["verdict"] for row in found["gradients"]}, " ".join(found["text"].split())


@pytest.mark.parametrize(("change", "wrong"), [(("", ""), set()), (("(1 - self.a[i] ** 2)", "(1 - self.a[i])"), {0})])
def test_weights_of_several_shapes_in_one_array_are_parameters(tmp_path, capsys, change, wrong):
    (tmp_path / "net.py").write_text(ROWS.replace(*change))
    found, said = checked(tmp_path / "net.py", capsys)
    assert found == {f"dweights{i}": "wrong" if i in wrong else "right" for i in (0, 1)}
    assert "makes a row of objects, as it did before NumPy 1.24" in said


@pytest.mark.parametrize(("change", "wrong"), [(("", ""), set()), (("(1 - h ** 2)", "(1 - h)"), {"dW1"})])
def test_a_step_that_is_worked_through_once_is_judged(tmp_path, capsys, change, wrong):
    (tmp_path / "step.py").write_text(STEP.replace(*change))
    found, said = checked(tmp_path / "step.py", capsys)
    assert found == {n: "wrong" if n in wrong else "right" for n in ("dW1", "dW2")}, said
    assert "lines 6 to 15 at the top level update W1, W2" in said


@pytest.mark.parametrize(
    ("change", "verdict"), [(("", ""), "right"), (("(p - y) / len(y)", "(p + y) / len(y)"), "wrong")]
)
def test_what_a_cell_writes_to_a_module_is_what_another_imports(tmp_path, capsys, change, verdict):
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
             for text in (WRITING[0].replace(*change), WRITING[1])]  # fmt: skip
    (tmp_path / "cells.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    found, said = checked(tmp_path / "cells.ipynb", capsys)
    assert found == {"dw": verdict, "db": "right"}, said
