"""Files that say nothing of what to check, and are known by the names of their functions and classes."""

import contextlib
import io
import json
import warnings

import numpy as np
import pytest
from sampling import one_in, thorough
from submissions import DATA, SETS, labels_of

from tinygrad_dnn import check, load
from tinygrad_dnn.cli import main
from tinygrad_dnn.program.recognition import UnknownError, task_of

KNOWN = (
    [f"llayer_{c}.py" for c in "abcdefg"] + [f"shallow_{c}.py" for c in "abcde"] + [f"logreg_{c}.py" for c in "abcd"]
)
KNOWN += [f"softmax_{c}.py" for c in "abf"]
DRIVERLESS = labels_of("without_driver")
RUN = [  # the gradient is seen in an update of the parameters only, inside of a loop that trains
    "eleven_lines.py", "mlp_classifier.py", "build_model_wildml.py", "bag_of_words_layers.py", "oo_neural_network.py",
    thorough("numpy_two_layer_train.py"),
]  # fmt: skip
SLOW = ["min_char_rnn.py"]  # its parameters are variables of the module, and its data is a text that is not there
NOT_BY_NAME = {*(one if isinstance(one, str) else one.values[0] for one in RUN), *SLOW}


def quietly(path):
    """The task of a file, whatever it prints or warns of."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return task_of(load(path))


def report_on(path):
    task = quietly(path)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return task, check(task.cost, task.gradients, task.parameters, suggest=False)


@pytest.mark.parametrize("file", one_in(4, KNOWN))
def test_a_file_with_the_courses_names_needs_no_driver(file):
    task, report = report_on(DATA / "course" / file)
    label = SETS["course"][file]
    assert task.assumed.startswith("Assumed: ")
    assert bool(report.having("wrong")) != label["correct"]
    assert {name for name in report.having("wrong") if not name.startswith("dA")} <= set(label["wrong_gradients"])


@pytest.mark.parametrize("file", one_in(4, [file for file in DRIVERLESS if file not in NOT_BY_NAME]))
def test_a_file_from_elsewhere_needs_no_driver(file):
    task, report = report_on(DATA / "without_driver" / file)
    correct = DRIVERLESS[file]["correct"]
    assert task.assumed.startswith("Assumed: ")
    for part in task.beside:  # a loss stands beside its layers
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report.rows += check(part.task.cost, part.task.gradients, part.task.parameters, suggest=False).rows
    assert report.ok == correct, str(report)
    assert bool(report.having("wrong")) != correct, str(report)


@pytest.mark.parametrize("file", RUN)
def test_what_names_do_not_say_its_run_does(file, capsys):
    label = DRIVERLESS[file]
    code = main(["check", str(DATA / "without_driver" / file), "--no-suggest", "--json"])
    found = json.loads(capsys.readouterr().out)
    wrong = {row["name"] for row in found["gradients"] if row["verdict"] == "wrong"}
    assert code == (0 if label["correct"] else 1), found["text"]
    assert len(wrong) == len(label["wrong_gradients"]), found["text"]
    assert "Seen in its run: the loop of lines" in found["text"]


@pytest.mark.thorough
@pytest.mark.parametrize("file", SLOW)
def test_what_is_not_known_is_not_called_right(file, capsys):
    """It may be found wrong, as it is, or be unchecked."""
    assert main(["check", str(DATA / "without_driver" / file), "--no-suggest"]) in (1, 2)


def test_a_file_without_such_names_is_not_guessed_at(tmp_path):
    (tmp_path / "plain.py").write_text("import numpy as np\n\ndef area(r):\n    return np.pi * r**2\n")
    assert quietly(tmp_path / "plain.py") is None


def test_where_nothing_fits_it_is_said_what_was_tried():
    with pytest.raises(UnknownError, match="Tried: the functions forward, backward"):
        quietly(DATA / "course" / "ninja_a.py")


LAYER = """
import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout{}, dout.sum(axis=0){}
        return dout @ self.W.T
"""


@pytest.mark.parametrize(("dW", "db", "wrong"), [("", "", set()), (" / 7", " / 7", set()), (" / 7", "", {"dW"})])
def test_a_layer_alone_may_divide_by_m_and_not_half_of_it(tmp_path, dW, db, wrong):
    (tmp_path / "layer.py").write_text(LAYER.format(dW, db))
    _, report = report_on(tmp_path / "layer.py")
    assert {row.name for row in report} == {"dx", "dW", "db"}
    assert set(report.having("wrong")) == wrong


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("squash", "regression.py:3: NameError: name 'squash' is not defined"),
        ("sigmoid", "Taken for what the textbook has"),
    ],
)
def test_an_error_in_their_lines_is_told_and_not_hidden(tmp_path, capsys, name, message):
    text = f"import numpy as np\ndef propagate(w, b, X, Y):\n    A = {name}(w.T @ X + b)\n    return {{}}, np.sum(A)\n"
    (tmp_path / "regression.py").write_text(text)
    assert main(["check", str(tmp_path / "regression.py")]) == 2
    assert message in capsys.readouterr().err


def test_where_no_guess_runs_the_lines_that_would_say_it_have_the_names_of_the_file(tmp_path, capsys):
    text = """
import numpy as np

def init_net(table):
    return {"W1": np.array(table["first"])}

def run_forward(X, params):
    A1 = np.tanh(params["W1"] @ X)
    return A1, X

def total_loss(A1, Y):
    return np.sum((A1 - Y) ** 2)

def run_backward(A1, X, Y):
    return {"dW1": 2 * (A1 - Y) * (1 - A1**2) @ X.T}
"""
    (tmp_path / "net.py").write_text(text)
    assert main(["check", str(tmp_path / "net.py")]) == 2
    error = capsys.readouterr().err
    assert "Tried: the functions init_net, run_forward, total_loss, run_backward" in error
    for line in ("parameters = init_net(...)", "A1, _ = run_forward(X, p)", "return total_loss(A1, Y)"):
        assert line in error
    assert "return run_backward(A1, X, Y)" in error


def test_the_parameters_of_an_object_are_random_and_not_those_it_starts_with():
    task = quietly(DATA / "without_driver" / "two_layer_net_cifar.py")
    assert all(np.std(value) > 0.1 for value in task.parameters.values())


def test_what_looks_like_a_gradient_and_did_not_run_is_named(tmp_path, capsys):
    text = """
import numpy as np

def softmax_loss(W, X, y, reg):
    s = X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(len(y)), y])) + reg * np.sum(W * W)
    p[np.arange(len(y)), y] -= 1
    return loss, X.T @ p / len(y) + 2 * reg * W

def odd_loss(W, X, y, reg):
    assert X.shape[1] == 9
    return np.sum(W), 5 * W
"""
    (tmp_path / "two.py").write_text(text)
    assert main(["check", str(tmp_path / "two.py")]) == 2
    assert "odd_loss: was not run" in capsys.readouterr().out


DERIVATIVE = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def sigmoid_prime(a):
    return a * (1 - a)

def step(X, y, W):
    z = X @ W
    a = sigmoid(z)
    return X.T @ ((a - y) * {})
"""


@pytest.mark.parametrize(
    ("use", "code"),
    [("sigmoid_prime(a)", 0), ("sigmoid_prime(z)", 1), ("sigmoid_prime(X @ W)", 1), ("sigmoid_prime(sigmoid(z))", 0),
     ("list(map(sigmoid_prime, [a]))[0]", 2), ("1", 0)],
)  # fmt: skip
def test_what_a_file_calls_a_derivative_with_counts_alone(tmp_path, use, code, capsys):
    (tmp_path / "net.py").write_text(DERIVATIVE.format(use))
    assert main(["check", str(tmp_path / "net.py"), "--no-suggest"]) == code, capsys.readouterr().out


def test_what_a_file_calls_together_belongs_together(tmp_path, capsys):
    text = """
import numpy as np

def init_params(n_x, n_y):
    return {"W": np.random.randn(n_y, n_x)}

def forward(X, parameters):
    return parameters["W"] @ X

def mse_loss(A, Y):
    return np.mean((A - Y) ** 2)

def half_loss(A, Y):
    return np.sum((A - Y) ** 2) / (2 * Y.shape[1])

def backward(A, X, Y):
    return {"dW": (A - Y) @ X.T / Y.shape[1]}
"""
    (tmp_path / "net.py").write_text(text)
    assert main(["check", str(tmp_path / "net.py"), "--no-suggest"]) == 0
    train = "\ndef train(X, Y, p):\n    A = forward(X, p)\n    print({}(A, Y))\n    return backward(A, X, Y)\n"
    (tmp_path / "net.py").write_text(text + train.format("mse_loss"))
    assert main(["check", str(tmp_path / "net.py"), "--no-suggest"]) == 1
    (tmp_path / "net.py").write_text(text + train.format("half_loss"))
    assert main(["check", str(tmp_path / "net.py"), "--no-suggest"]) == 0
    capsys.readouterr()


POOLING = """
import numpy as np

def max_pool_forward(x, pool_param):
    k, s = pool_param["pool_height"], pool_param["stride"]
    h, w = 1 + (x.shape[2] - k) // s, 1 + (x.shape[3] - pool_param["pool_width"]) // s
    out = np.zeros((*x.shape[:2], h, w))
    for i, j in np.ndindex(h, w):
        out[:, :, i, j] = x[:, :, i * s : i * s + k, j * s : j * s + k].max(axis=(2, 3))
    return out, (x, k, s)

def max_pool_backward(dout, cache):
    x, k, s = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * s : i * s + k, j * s : j * s + k]
        row, col = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * s + row, j * s + col] {} dout[n, c, i, j]
    return dx
"""


@pytest.mark.parametrize(("sign", "code"), [("+=", 0), ("=", 1)])
def test_windows_that_overlap_are_tried_too(tmp_path, sign, code, capsys):
    (tmp_path / "pooling.py").write_text(POOLING.format(sign))
    assert main(["check", str(tmp_path / "pooling.py"), "--no-suggest"]) == code, capsys.readouterr().out


LAYERS = """
import numpy as np

def dense_forward(X, W, b):
    return X @ W + b, (X, W)

def dense_backward(dout, cache):
    X, W = cache
    return dout @ W.T, X.T @ dout, dout.sum(axis=0)
"""


def test_a_backward_pass_that_loops_over_layers_is_not_left_out_in_silence(tmp_path, capsys):
    backward = """
def model_backward(dout, caches):
    grads = {}
    for i in reversed(range(len(caches))):
        dout, grads[f"dW{i}"], grads[f"db{i}"] = dense_backward(dout, caches[i])
    return grads
"""
    descent = """
def gradient_steps(X, dout, W, b):
    for _ in range(3):
        W = W - 0.1 * dense_backward(dout, (X, W))[1]
    return W
"""
    for rest, code in (("", 0), (backward, 2), (descent, 0)):
        (tmp_path / "layers.py").write_text(LAYERS + rest)
        assert main(["check", str(tmp_path / "layers.py"), "--no-suggest"]) == code, rest
    capsys.readouterr()


def test_a_d_at_the_end_of_a_name_makes_no_derivative_of_it(tmp_path):
    text = LAYERS.replace("dense_forward", "pool1d").replace("dense_backward", "pool1d_backward")
    (tmp_path / "layers.py").write_text(text)
    assert quietly(tmp_path / "layers.py").assumed.startswith("Assumed: pool1d is checked alone")
