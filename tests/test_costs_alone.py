"""explain and draw take whatever check takes, and need no gradients."""

import textwrap

import pytest

from tinygrad_dnn.cli import main

NUMPY = "import numpy as np\n"
STATED = """
X, y = np.ones((3, 2)), np.arange(3.0)
parameters = {"w": np.array([0.5, -1.0])}
def cost(p):
    r = X @ p["w"] - y
    return np.mean(r**2)
"""
FUNCTIONS = """
def initialize(n_x, n_h, n_y):
    return {"W1": np.random.randn(n_h, n_x), "b1": np.zeros((n_h, 1)), "W2": np.random.randn(n_y, n_h)}
def forward(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    A2 = 1 / (1 + np.exp(-parameters["W2"] @ A1))
    return A2, {"A1": A1}
def compute_cost(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]
"""
LOSS = """
def loss(w, X, y):
    z = X @ w
    return np.mean((z - y) ** 2)
"""
TWO = LOSS.replace("loss", "square_loss") + LOSS.replace("loss", "other_loss").replace("** 2", "** 4")
KIND = """
class Net:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
    def forward(self, X):
        return np.tanh(X @ self.W + self.b)
    def loss(self, X, Y):
        return np.mean((self.forward(X) - Y) ** 2)
"""
SEARCHES = """
    def fit(self, X, Y, epochs=5):
        for _ in range(epochs):
            before, was = self.W, self.loss(X, Y)
            self.W = self.W + 0.1 * np.random.randn(*self.W.shape)
            if self.loss(X, Y) > was:
                self.W = before
"""
LOOP = """
X, y = np.random.RandomState(0).randn(20, 3), np.random.RandomState(1).randn(20)
w = np.zeros(3)
for i in range(5):
    z = np.tanh(X @ w)
    loss = np.mean((z - y) ** 2)
    w = w + 0.01 * np.random.randn(3)
"""
BROKEN = FUNCTIONS + "def backward(A2, X, Y):\n    return {'dW2': nowhere @ X.T}\n"
LAYERS = """
def dense_forward(X, W):
    return X @ W, (X, W)
def dense_backward(dout, cache):
    X, W = cache
    return dout @ W.T, X.T @ dout
def scale_forward(X, s):
    return X * s, (X, s)
def scale_backward(dout, cache):
    X, s = cache
    return dout * s, np.sum(dout * X)
"""

FILES = {
    "it says its cost": (STATED, ["dw = "]),
    "functions": (FUNCTIONS, ["dZ1 = ", "dW1 = ", "Assumed: initialize, forward, compute_cost belong together"]),
    "a loss alone": (LOSS, ["dw = ", "Assumed: loss is a cost of w ("]),
    "a class": (KIND, ["dW = ", "db = ", "Assumed: Net is the model"]),
    "a class that searches": (KIND + SEARCHES, ["dW = ", "Assumed: Net is the model"]),
    "a loop": (LOOP, ["dw = ", "Seen in its run: line 5: loss is computed of w."]),
    "a backward pass that does not run": (BROKEN, ["dW2 = ", "belong together"]),
}


@pytest.fixture
def outcome(tmp_path, capsys):
    """The exit code of a command on a text, and all that is said."""

    def run(command, text, *more):
        path = tmp_path / "homework.py"
        path.write_text(NUMPY + textwrap.dedent(text))
        code = main([command, str(path), *more])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.mark.parametrize(("text", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_without_gradients_is_explained(outcome, text, said):
    code, out, err = outcome("explain", text)
    assert (code, err) == (0, "")
    assert all(part in out for part in ["Backward", *said]), out


@pytest.mark.parametrize("about", ["it says its cost", "functions", "a loss alone", "a loop"])
def test_a_file_without_gradients_is_drawn(outcome, tmp_path, about):
    pytest.importorskip("graphviz")
    code, out, err = outcome("draw", FILES[about][0])
    assert (code, err) == (0, "")
    assert out.startswith("digraph {")
    page = tmp_path / "page.html"
    assert outcome("draw", FILES[about][0], "-o", str(page))[0] == 0
    assert "<svg" in page.read_text()


def test_of_several_costs_the_first_is_shown_and_the_others_are_named_and_picked(outcome):
    code, out, _ = outcome("explain", TWO)
    assert code == 0
    assert "2 * (" in out
    assert "Not shown: other_loss; --of NAME shows one of them." in out
    code, out, _ = outcome("explain", TWO, "--of", "other_loss")
    assert code == 0
    assert "4 * (" in out
    assert "Not shown: square_loss" in out
    code, out, err = outcome("draw", TWO, "--of", "other_loss")
    assert code == 0
    assert "Not shown: square_loss" in err
    assert "Not shown" not in out


def test_a_cost_that_is_not_there_is_told_with_those_that_are(outcome):
    code, _, err = outcome("explain", TWO, "--of", "hinge_loss")
    assert code == 2
    assert err.endswith("--of hinge_loss: there is square_loss, other_loss\n")


def test_of_a_sum_of_costs_one_of_them_is_shown(outcome):
    code, out, _ = outcome("explain", LAYERS)
    assert code == 0
    assert " of dense" not in out, "the name of the layer in the name of its parameter"
    names = [name.strip() for name in out.partition("Not shown: ")[2].partition(";")[0].split(",")]
    assert len(names) == 1
    assert outcome("explain", LAYERS, "--of", names[0])[0] == 0


def test_data_do_not_meet_their_labels_twice(outcome):
    """Where z is (m,), labels of (m, 1) would make examples by examples of z - y."""
    out = outcome("explain", LOSS.replace("X @ w", "(X @ w).ravel()"))[1]
    assert "examples as rows, y holds" in out, "a vector; Y would be a table"


def test_a_driver_whose_gradients_are_not_filled_in_is_explained(outcome):
    text = STATED + 'def gradients(p):\n    return {"dw": ...}\n'
    assert outcome("check", text)[0] == 2
    assert outcome("explain", text)[0] == 0
    code, _, err = outcome("explain", text.replace("np.arange(3.0)", "..."))
    assert code == 2
    assert "not filled in yet, line 3" in err


def test_where_there_is_no_cost_it_is_said_and_what_would_say_it(outcome):
    code, _, err = outcome("explain", "def area(r):\n    return np.pi * r**2\n")
    assert code == 2
    assert "homework.py: it computes no cost that could be run" in err
    assert "tinygrad-dnn check homework.py --driver PATH writes it; then: tinygrad-dnn explain PATH" in err
