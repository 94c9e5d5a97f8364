"""What may be wrong and was not looked at is named: nothing is right by being left out."""

import json

import pytest

from tinygrad_dnn.cli import main

TRAINED = """
import numpy as np
rng = np.random.default_rng(0)
X, y = rng.normal(size=(300, 30)), rng.normal(size=300)
def train(X, y):
    w = np.full(30, 0.1)
    for i in range(20000):
        loss = np.sum((X @ w - y) ** 2) / 2
        dw = X.T @ (X @ w - y)
        w = w - 0.0001 * dw
    return w
"""
FOLDS = """
v = rng.normal(size=30)
for fold in range(3):
    w = train(X, y)
    cost = np.sum((X @ v - y) ** 2) / 2
    dv = 2 * X.T @ (X @ v + y)
    v = v - 0.0001 * dv
"""
SLOW = """
v = rng.normal(size=30)
train(X, y)
for turn in range(3):
    for k in range(3_000_000):
        k * k
    cost = np.sum((X @ v - y) ** 2) / 2
    dv = 2 * X.T @ (X @ v + y)
    v -= 0.0001 * dv
"""
NEVER = """
def tanh(z):
    return np.tanh(z)
def dtanh(z, scale, shift, odd):
    assert odd == "never"
    return scale * z
def backward():
    return model.slope() * 3
for i in range(3):
    e = tanh(X @ w) - y
    cost = np.sum(e**2) / 2
    dw = X.T @ (e * (1 - tanh(X @ w) ** 2))
    w -= 0.0001 * dw
"""
LAYER = """
import numpy as np
class Layer:
    def __init__(self, n_in, n_out):
        self.W, self.b = 0.1 * np.random.randn(n_in, n_out), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = np.sum(dout, axis=0)
        return dout
"""
SCALE = """
import numpy as np
class Scale:
    def __init__(self, n):
        self.gamma, self.beta = np.random.randn(n), np.zeros(n)
    def forward(self, x):
        self.x = x
        return self.gamma * x + self.beta
    def backward(self, dout):
        self.dgamma = np.sum(dout * self.x, axis=0)
        self.dbeta = np.sum(dout, axis=0)
        return dout
"""
TWICE = """
import numpy as np
rng = np.random.default_rng(0)
X, y, W = rng.normal(size=(12, 3)), rng.normal(size=(12, 2)), rng.normal(size=(3, 2))
A = np.tanh(X @ W)
loss = np.sum((A - y) ** 2) / 2
dW = X.T @ ((A - y) * (1 - A ** 2))
W = W - 0.1 * dW
A = np.zeros_like(y)
for i in range(len(X)):
    A[i] = np.tanh(X[i] @ W)
loss = np.sum((A - y) ** 2) / 2
dW = X.T @ ((A - y) * (1 - A ** 2))
W = W - 0.1 * dW
"""


@pytest.fixture
def checked(tmp_path, capsys):
    def check(text, name="handed_in.py"):
        (tmp_path / name).write_text(text)
        main(["check", str(tmp_path / name), "--json", "--seed", "3", "--no-suggest"])
        found = json.loads(capsys.readouterr().out)
        return {row["name"]: row["verdict"] for row in found["gradients"]}, " ".join(found["text"].split())

    return check


def test_a_loop_that_trains_what_is_understood_and_steps_itself_is_judged(checked):
    found, said = checked(TRAINED + FOLDS)
    assert found["dw"] == "right", said
    assert [verdict for name, verdict in found.items() if name.startswith("dv")] in (["unchecked"], ["wrong"]), said


def test_a_loop_for_which_there_was_no_time_is_named(checked):
    found, said = checked(TRAINED + SLOW)
    assert [verdict for name, verdict in found.items() if name.startswith("dv")] in (["unchecked"], ["wrong"]), said


def test_a_derivative_that_takes_too_much_and_a_gradient_of_the_modules_own_are_named(checked):
    found, said = checked(TRAINED.replace("def train", "w = np.full(30, 0.1)\ndef train") + NEVER)
    assert (found["dtanh"], found["backward"]) == ("unchecked", "unchecked"), said


def test_what_a_layer_hands_on_as_it_is_is_wrong_of_each_entry_and_named_of_a_product(checked):
    found, said = checked(SCALE)
    assert found == {"dgamma": "right", "dbeta": "right", "dx": "wrong"}, said
    found, said = checked(LAYER)
    assert found == {"dW": "right", "db": "right", "dx": "unchecked"}, said
    assert "right only of the first layer" in said


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_two_steps_that_are_worked_through_are_two(checked, wrong):
    parts = TWICE.split("(1 - A ** 2)")
    slopes = ["(1 - A)" if wrong == i else "(1 - A ** 2)" for i in (1, 2)]
    found, said = checked(parts[0] + slopes[0] + parts[1] + slopes[1] + parts[2])
    assert list(found.values()) == ["wrong" if wrong == i else "right" for i in (1, 2)], said


def test_names_that_ipython_binds_are_not_said_to_be_bound_by_nothing(checked):
    cells = ["%pylab inline", "import numpy as np\ndef show(c):\n    plot(c)\n" + TRAINED + "train(X, y)"]
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells]
    text = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    found, said = checked(text, "shown.ipynb")
    assert found == {"dw": "right"}
    assert "nothing binds it" not in said
    assert "show reads plot, and nothing binds it" in checked(text.replace("%pylab", "%matplotlib"), "other.ipynb")[1]


STEPS = """
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))
"""
LOST = """
stuff = read_it_from_somewhere()
w = np.zeros(3)
for thing in stuff["these"]:
    w -= 0.1 * (sigmoid(thing.q @ w) - 1) * thing.q
"""
ANSWER = """
def loss_of_it(theta, n, odd):
    assert odd == "never"
    W = theta.reshape(n, -1)
    A = sigmoid(W)
    grad = (A - 1) * sigmoid_prime(W)
    return np.sum((A - 1) ** 2) / 2, grad
"""


def test_beside_steps_that_are_right_what_did_not_run_is_named(checked):
    """A loop at the top that was left out, and a function that returns a gradient and is not called one."""
    assert set(checked(STEPS)[0].values()) == {"right"}
    found, said = checked(STEPS + LOST)
    assert found.pop("dw") == "unchecked", said
    assert set(found.values()) == {"right"}
    found, said = checked(STEPS + ANSWER)
    assert found.pop("loss_of_it") == "unchecked", said
    assert set(found.values()) == {"right"}
