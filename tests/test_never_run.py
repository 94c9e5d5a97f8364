"""Classes that nobody runs, updates without a cost, gradients that are imported, and what Python and NumPy once had."""

import json

import pytest

from tinygrad_dnn.cli import main
from tinygrad_dnn.program.recognition.guessing import said_by_parts, word_for


def checked(tmp_path, capsys, text, beside=None):
    """The verdicts on a file, by name, its exit code, and what is said."""
    for name, content in (beside or {}).items():
        (tmp_path / name).write_text(content)
    path = tmp_path / "handed_in.py"
    path.write_text("import numpy as np\n" + text)
    code = main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    out, err = capsys.readouterr()
    found = json.loads(out) if out else {"gradients": [], "text": err}
    return {row["name"]: row["verdict"] for row in found["gradients"]}, code, found["text"]


NETWORK = """
class Net:
    def __init__(self, inNum, hidNum, outNum, kind, speed_rate):
        self.first = 0.3 * np.random.randn(hidNum, inNum)
        self.last = 0.3 * np.random.randn(outNum, hidNum)
        self.kind, self.step = kind, speed_rate
        if kind == "logistic":
            self.squash, self.slope = lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)
        elif kind == "hyperbolic":
            self.squash, self.slope = np.tanh, lambda a: 1 - a * a
        else:
            raise ValueError(kind)

    def learn(self, sample, wanted):
        sample, wanted = np.array(sample, ndmin=2).T, np.array(wanted, ndmin=2).T
        middle = self.squash(self.first @ sample)
        out = self.squash(self.last @ middle)
        off = (wanted - out) * self.slope(out)
        back = self.last.T @ off
        self.last += self.step * off @ middle.T
        self.first += self.step * (back * self.slope(middle)) @ sample.T
"""


def test_a_class_that_nobody_runs_is_given_sizes_by_the_parts_of_their_names_and_the_words_it_knows(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, NETWORK)
    assert (verdicts, code) == ({"dfirst": "right", "dlast": "right"}, 0), said
    assert "half the sum of squares" in said


def test_where_the_last_layer_tells_the_loss_an_earlier_one_that_is_not_its_gradient_is_wrong(tmp_path, capsys):
    wrong = NETWORK.replace("back = self.last.T @ off", "back = self.last.T @ (wanted - out)")
    verdicts, code, said = checked(tmp_path, capsys, wrong)
    assert (verdicts, code) == ({"dfirst": "wrong", "dlast": "right"}, 1), said
    assert "It is exactly that for last" in " ".join(said.split())


def test_a_layer_with_a_rate_of_its_own_is_not_called_wrong(tmp_path, capsys):
    own_rate = NETWORK.replace("self.first += self.step *", "self.first += 0.2 * self.step *")
    verdicts, code, said = checked(tmp_path, capsys, own_rate)
    assert sorted(verdicts.values()) == ["right", "unchecked"], said  # of which layer it is the own one nobody knows
    assert code == 2
    assert "its rate may be its own" in " ".join(said.split())


EXAMPLES = """
class Rides:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.w_in = 0.4 * np.random.randn(input_nodes, hidden_nodes)
        self.w_out = 0.4 * np.random.randn(hidden_nodes, output_nodes)
        self.rate = learning_rate

    def ahead(self, x):
        h = 1 / (1 + np.exp(-x @ self.w_in))
        return h @ self.w_out, h

    def back(self, out, h, x, y, d_in, d_out):
        error = y - out
        term = (self.w_out @ error) * h * (1 - h)
        return d_in + term * x[:, None], d_out + error * h[:, None]

    def train(self, features, targets):
        d_in, d_out = np.zeros(self.w_in.shape), np.zeros(self.w_out.shape)
        for x, y in zip(features, targets):
            out, h = self.ahead(x)
            d_in, d_out = self.back(out, h, x, y, d_in, d_out)
        self.settle(d_in, d_out, len(features))

    def settle(self, d_in, d_out, n):
        self.w_out += self.rate * d_out / n
        self.w_in += self.rate * d_in / n
"""


def test_a_loss_of_many_examples_one_after_the_other_is_that_of_all_of_them(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, EXAMPLES)
    assert (verdicts, code) == ({"dw_in": "right", "dw_out": "right"}, 0), said


def test_a_mistake_in_what_each_example_adds_is_wrong(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, EXAMPLES.replace("* h * (1 - h)", "* (1 - h)"))
    assert (verdicts, code) == ({"dw_in": "wrong", "dw_out": "right"}, 1), said


LOSS = """from __future__ import division
import numpy as np
from past.builtins import xrange
from random import shuffle

def hinge_each(W, X, y, reg):
    dW, loss = np.zeros_like(W), 0.0
    for i in xrange(X.shape[0]):
        scores = X[i].dot(W)
        for j in xrange(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
"""
LOADING = """
from losses import hinge_each

def load():
    return np.load("pictures.npy"), np.load("what_they_show.npy")

pictures, shown = load()
value, slope = hinge_each(0.01 * np.random.randn(3073, 10), pictures, shown, 0.1)
"""


def test_a_loss_with_its_gradient_is_judged_where_it_is_imported_and_its_data_are_not_there(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, LOADING, {"losses.py": LOSS})
    assert (set(verdicts.values()), code) == ({"right"}, 0), said
    twice = LOSS.replace("2 * reg * W", "reg * W")
    verdicts, code, said = checked(tmp_path, capsys, LOADING, {"losses.py": twice})
    assert (set(verdicts.values()), code) == ({"wrong"}, 1), said


TURNED = """
from scipy.io import loadmat

found = loadmat("digits.mat")
inputs = found["inputs"]
labels = found["labels"]

def start():
    return 0.05 * np.random.randn(6, 196), np.zeros((6, 1)), 0.3 * np.random.randn(1, 6)

def ahead(x, A, c, V):
    h = np.tanh(A @ x + c)
    return h, V @ h

def penalty(out, y):
    return 0.5 * np.sum((out.T - y) ** 2)

A, c, V = start()
for turn in range(30):
    h, out = ahead(inputs, A, c, V)
    loss = penalty(out, labels)
    d = out.T - labels
    dh = (d @ V).T * (1 - h**2)
    A -= 0.01 * dh @ inputs.T
    c -= 0.01 * dh.sum(axis=1, keepdims=True)
    V -= 0.01 * d.T @ h.T
"""


def test_data_stand_in_where_examples_are_columns_here_and_rows_there(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, TURNED)
    assert (verdicts, code) == ({"dA": "right", "dc": "right", "dV": "right"}, 0), said
    verdicts, code, said = checked(tmp_path, capsys, TURNED.replace("(1 - h**2)", "(1 - h)"))
    assert (verdicts, code) == ({"dA": "wrong", "dc": "wrong", "dV": "right"}, 1), said


def test_a_text_that_is_not_there_is_long_enough(tmp_path, capsys):
    text = """
words = open("poems.txt").read().split()
names = sorted(set(words))
number = {w: i for i, w in enumerate(names)}
n = len(names)
W = 0.1 * np.random.randn(n, n)
step = 60
for k in range(20):
    come = [number[w] for w in words[k * step : (k + 1) * step]]
    follow = [number[w] for w in words[k * step + 1 : (k + 1) * step + 1]]
    scores = W[come]
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(step), follow]).mean()
    p[np.arange(step), follow] -= 1
    dW = np.zeros_like(W)
    np.add.at(dW, come, p / step)
    W -= 0.5 * dW
"""
    verdicts, code, said = checked(tmp_path, capsys, text)
    assert (verdicts, code) == ({"dW": "right"}, 0), said
    assert "a small text of ours" in " ".join(said.split())


def test_what_numpy_had_once_without_saying_so_is_read(tmp_path, capsys):
    text = """
def cost(p):
    return np.asscalar(np.array([np.sum(p["w"] ** 2)]))

def gradients(p):
    return {"dw": 2 * p["w"]}

parameters = {"w": np.array([1.0, -2.0])}
"""
    verdicts, code, said = checked(tmp_path, capsys, text)
    assert (verdicts, code) == ({"dw": "right"}, 0), said


@pytest.mark.parametrize(
    ("name", "kind"),
    [("in_nodes", "features"), ("hidNum", "hidden"), ("n_outs", "classes"), ("learning_speed", "rate"),
     ("hid_layers", "layers"), ("alphabet", None), ("inner", None), ("layers", None)],
)  # fmt: skip
def test_the_parts_of_a_name_say_what_size_it_is(name, kind):
    assert said_by_parts(name) == kind


def test_a_word_is_one_that_an_argument_is_compared_with():
    def compared(kind, other):
        return other == "no" or kind.lower() in ("yes", "perhaps")

    def looked_up(kind):
        return {"soft": 1, "hard": 2}[kind]

    assert (word_for(compared, "kind"), word_for(looked_up, "kind"), word_for(looked_up, "z")) == ("yes", "soft", None)


COUNTING = """
class Steps:
    def __init__(self, words, memory):
        rng = np.random.default_rng(0)
        self.come, self.stay = 0.3 * rng.normal(size=(memory, words)), 0.3 * rng.normal(size=(memory, memory))
        self.leave = 0.3 * rng.normal(size=(words, memory))

    def ahead(self, said):
        held, chances = [np.zeros(len(self.stay))], []
        for word in said:
            held.append(np.tanh(self.come[:, word] + self.stay @ held[-1]))
            e = np.exp(self.leave @ held[-1])
            chances.append(e / e.sum())
        return held, chances

    def total_loss(self, every, wanted):
        return sum(-np.log(self.ahead(a)[1][t][w]) for a, b in zip(every, wanted) for t, w in enumerate(b))

    def bptt(self, said, wanted):
        held, chances = self.ahead(said)
        d_come, d_stay, d_leave = 0 * self.come, 0 * self.stay, 0 * self.leave
        later = np.zeros(len(self.stay))
        for t in reversed(range(len(said))):
            off = chances[t] - np.eye(len(self.leave))[wanted[t]]
            d_leave += np.outer(off, held[t + 1])
            now = (self.leave.T @ off + later) * (1 - held[t + 1] ** 2)
            d_come[:, said[t]] += now
            d_stay += np.outer(now, held[t])
            later = self.stay.T @ now
        return [d_come, d_leave, d_stay]

    def look(self, said, wanted):
        return self.bptt(said, wanted), self.total_loss([said], [wanted])

Steps(9, 5).look([0, 3, 1, 1], [3, 1, 1, 8])
"""


def test_a_method_that_the_program_calls_is_judged_with_the_cost_as_it_calls_that(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, COUNTING)
    assert (verdicts, code) == ({"dcome": "right", "dleave": "right", "dstay": "right"}, 0), said
    verdicts, code, said = checked(tmp_path, capsys, COUNTING.replace("+ later) * (1", ") * (1"))
    assert "right" not in (verdicts["dcome"], verdicts["dstay"]), said
    assert verdicts["dleave"] == "right", said


def test_the_memory_of_an_optimizer_is_not_called_wrong(tmp_path, capsys):
    text = """
class Fit:
    def __init__(self, n_features):
        self.w, self.m_w, self.v_w = 0.1 * np.ones(n_features), np.zeros(n_features), np.zeros(n_features)

    def loss(self, X, y):
        return np.mean((X @ self.w - y) ** 2) / 2

    def gradients(self, X, y):
        g = X.T @ (X @ self.w - y) / len(y)
        return {"w": g, "m_w": g, "v_w": g**2}
"""
    verdicts, _, said = checked(tmp_path, capsys, text)
    assert verdicts.get("dw") == "right", said
    assert "wrong" not in verdicts.values(), said


def test_a_derivative_of_one_argument_is_not_given_what_comes_from_above(tmp_path, capsys):
    text = """
def squash(data):
    return np.tanh(data)

def d_squash(data):
    return 1 / np.cosh(data) ** 2

print(squash(np.linspace(-1, 1, 7)), d_squash(np.linspace(-1, 1, 7)))
"""
    verdicts, _, said = checked(tmp_path, capsys, text)
    assert "wrong" not in verdicts.values(), said


STEPS = """
rng = np.random.default_rng(0)
X, debug, theta = rng.normal(size=(8, 3)), 0, np.zeros(3)
t = X @ np.array([1.0, -2.0, 0.5])
start = np.zeros(3)

def slope(theta, x, t):
    return {}

for turn in range(40):
    i = turn % 8
    theta = theta - 0.1 * slope(theta, X[i], t[i])
"""


def test_no_setting_is_taken_for_labels_and_no_gradient_for_an_output(tmp_path, capsys):
    right = STEPS.format("2 * (x @ theta - t) * x")
    _, _, said = checked(tmp_path, capsys, right)
    assert "of slope" not in said, said
    assert "debug" not in said, said
    assert "start" not in said.partition("checked as that of")[2].partition(",")[0], said
    verdicts, _, said = checked(tmp_path, capsys, STEPS.format("2 * np.tanh(x @ theta - t) * x"))
    assert "right" not in verdicts.values(), said


def test_another_loss_that_the_file_computes_is_named(tmp_path, capsys):
    text = """
rng = np.random.default_rng(0)
X, labels = rng.normal(size=(9, 4)), np.eye(3)[np.arange(9) % 3]
W = 0.1 * rng.normal(size=(4, 3))
for turn in range(20):
    e = np.exp(X @ W)
    p = e / e.sum(axis=1, keepdims=True)
    loss = np.mean((p - labels) ** 2)
    W = W - 0.3 * X.T @ (p - labels) / 9
"""
    verdicts, code, said = checked(tmp_path, capsys, text)
    assert (verdicts, code) == ({"dW": "right"}, 0), said
    assert "It is not the gradient of loss, which the file computes as well." in " ".join(said.split())


CELL = """
rng = np.random.default_rng(2)

def cell_forward(x, h, p):
    U, V = p["U"], p["V"]
    new = np.tanh(U @ x + V @ h)
    return new, (new, h, x, p)

def cell_backward(d_new, cache):
    new, h, x, p = cache
    dz = (1 - new**2) * d_new
    return {"dU": dz @ x.T, "dV": dz @ h.T, "dx": U.T @ dz, "dh": V.T @ dz}

U, V = rng.normal(size=(4, 3)), rng.normal(size=(4, 4))
x, h = rng.normal(size=(3, 6)), rng.normal(size=(4, 6))
new, cache = cell_forward(x, h, {"U": U, "V": V})
found = cell_backward(rng.normal(size=(4, 6)), cache)
U, V = rng.normal(size=(5, 2)), rng.normal(size=(5, 5))
"""


def test_what_a_function_reads_of_its_module_is_what_it_was_when_it_was_called(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, CELL)
    assert (set(verdicts.values()), code) == ({"right"}, 0), said
    assert "reads U, V of the module, which held what it was given" in " ".join(said.split())
    verdicts, code, said = checked(tmp_path, capsys, CELL.replace('"dx": U.T', '"dx": -U.T'))
    assert (verdicts["dx"], verdicts["dh"], code) == ("wrong", "right", 1), said


LAZY = """
bend = lambda z: 1 / (1 + np.exp(-z))
off = lambda a, y: a - y

class Odds:
    def __init__(self, shape_of_it, slope_of_it, turns=50):
        self.w, self.b, self.a = None, 0.0, None
        self.bend, self.slope_of_it, self.turns = shape_of_it, slope_of_it, turns
        self.shape_of_it = shape_of_it

    def ahead(self, x):
        if self.w is None:
            self.w = np.zeros(x.shape[1])
        self.a = self.shape_of_it(x @ self.w + self.b)

    def fit(self, x, y, rate=0.5):
        for turn in range(self.turns):
            self.ahead(x)
            loss = -np.mean(y * np.log(self.a) + (1 - y) * np.log(1 - self.a))
            d = self.slope_of_it(self.a, y)
            self.w = self.w - rate * x.T @ d / len(y)
            self.b = self.b - rate * d.mean()
"""


def test_what_a_class_makes_in_its_first_turn_is_looked_at_in_the_second_and_is_given_the_file_s_functions(
    tmp_path, capsys
):
    verdicts, code, said = checked(tmp_path, capsys, LAZY)
    assert (verdicts, code) == ({"dw": "right", "db": "right"}, 0), said
    verdicts, code, said = checked(tmp_path, capsys, LAZY.replace("x.T @ d / len(y)", "x.T @ d"))
    assert (verdicts["dw"], code) == ("wrong", 1), said


RATINGS = """
rng = np.random.default_rng(4)
seen = [(0, 1, 4.0), (2, 0, 1.0), (1, 2, 5.0), (3, 1, 2.0)]

class Tastes:
    def __init__(self, people, things, kinds, decay):
        self.P, self.Q = rng.normal(size=(people, kinds)), rng.normal(size=(things, kinds))
        self.b, self.decay = np.zeros(people), decay

    def learn(self, times):
        for _ in range(times):
            for u, i, stars in seen:
                off = stars - self.b[u] - self.P[u] @ self.Q[i]
                before = self.P[u].copy()
                self.b[u] += 0.01 * (off - self.decay * self.b[u])
                self.P[u] += 0.01 * (off * self.Q[i] - self.decay * self.P[u])
                self.Q[i] += 0.01 * (off * before - self.decay * self.Q[i])

Tastes(4, 3, 5, 0.2).learn(30)
"""


def test_weight_decay_is_told_from_the_gradient_of_a_loss_that_nobody_computes(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, RATINGS)
    assert (verdicts, code) == ({"dP": "right", "dQ": "right", "db": "right"}, 0), said
    assert "0.2 / 2 times the sum of squares of" in " ".join(said.split())


def test_what_is_wrong_beside_a_decay_is_wrong(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, RATINGS.replace(".copy()", ""))  # it changes with what it shows
    assert (verdicts["dP"], verdicts["dQ"], code) == ("right", "wrong", 1), said
    verdicts, _, said = checked(tmp_path, capsys, RATINGS.replace("off * self.Q[i]", "off * self.Q[i] ** 2"))
    assert verdicts.get("dP") != "right", said


def test_a_step_that_is_added_is_not_called_no_gradient(tmp_path, capsys):
    text = """
class Line:
    def climb(self, table, odd_thing):
        for row in table.rows_of(odd_thing):
            self.w += self.rate * (row.y - self.w * row.x) * row.x
"""
    _, _, said = checked(tmp_path, capsys, text)
    assert "no gradient in it is written by hand" not in said


def test_no_command_is_run(tmp_path, capsys):
    text = f"import os\\nos.system('touch {tmp_path}/here')\\n"
    checked(tmp_path, capsys, text)
    assert not (tmp_path / "here").exists()


HELD = """
class Odds:
    def __init__(self, inputs, classes, decay):
        self.inputs, self.classes, self.decay = inputs, classes, decay
        self.start = 0.1 * np.random.randn(inputs * classes)

    def odds_cost(self, start, data, labels):
        W = start.reshape(self.classes, self.inputs)
        e = np.exp(W @ data)
        p, n = e / e.sum(axis=0), data.shape[1]
        cost = -np.sum(np.log(p[labels, np.arange(n)])) / n + self.decay / 2 * np.sum(W**2)
        p[labels, np.arange(n)] -= 1
        return [cost, (p @ data.T / n + self.decay * W).flatten()]
"""


def test_a_method_that_returns_the_cost_and_its_gradient_is_judged(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, HELD)
    assert (set(verdicts.values()), code) == ({"right"}, 0), said
    verdicts, code, said = checked(tmp_path, capsys, HELD.replace("self.decay * W).", "2 * self.decay * W)."))
    assert (set(verdicts.values()), code) == ({"wrong"}, 1), said


def test_a_table_in_a_text_has_the_classes_that_the_file_names(tmp_path, capsys):
    text = """
def rows(name):
    lines = open(name).read().split()
    table = np.array([[float(x) for x in line.split(",")] for line in lines])
    return table[:, 1:] / 255, table[:, 0].astype(int)

x, t = rows("digits.csv")
y = (t[:, None] == np.arange(10)) * 1.0
W = np.zeros((10, 64))
for turn in range(30):
    e = np.exp(x @ W.T)
    p = e / e.sum(axis=1, keepdims=True)
    W = W - 0.2 * (p - y).T @ x
"""
    verdicts, code, said = checked(tmp_path, capsys, text)
    assert (verdicts, code) == ({"dW": "right"}, 0), said


LAYERS = """
class Bend:
    def forward(self, inputs):
        return np.tanh(inputs)

    def backward(self, inputs, delta):
        return delta * (1 - np.tanh(inputs) ** 2)

class Odds:
    def forward(self, z):
        e = np.exp(z)
        self.p = e / e.sum(axis=1, keepdims=True)
        return self.p

    def backward(self, dz):
        return dz

class Surprise:
    def forward(self, p, y):
        return -np.sum(y * np.log(p))

    def backward(self, p, y):
        return p - y

class Squares:
    def forward(self, p, y):
        return np.mean((p - y) ** 2)

    def backward(self, p, y):
        return 2 * (p - y) / p.size
"""


def test_steps_that_are_meant_together_are_not_called_wrong_alone(tmp_path, capsys):
    verdicts, _, said = checked(tmp_path, capsys, LAYERS)
    assert "wrong" not in verdicts.values(), said
    assert list(verdicts.values()).count("right") == 2, said  # Bend and Squares
    assert "is the output less the labels" in " ".join(said.split())
    assert "hands on what comes from above" in " ".join(said.split())


@pytest.mark.parametrize(
    ("old", "new"),
    [("delta * (1 - np.tanh(inputs) ** 2)", "delta * (1 - np.tanh(inputs))"), ("/ p.size", "/ len(p)"),
     ("return delta * (1 - np.tanh(inputs) ** 2)", "return delta")],
)  # fmt: skip
def test_a_mistake_in_one_step_is_wrong_nevertheless(tmp_path, capsys, old, new):
    assert LAYERS.count(old) == 1
    verdicts, code, said = checked(tmp_path, capsys, LAYERS.replace(old, new))
    assert (list(verdicts.values()).count("wrong"), code) == (1, 1), said


KEPT = """
def squash(z):
    return 1 / (1 + np.exp(-z))

def d_squash(x):
    return squash(x) * (1 - squash(x))

class Gate:
    def __init__(self):
        self.kept = {"open": np.zeros((4, 9))}

    def ahead(self, z, t):
        opened = squash(z)
        self.kept["open"][:, t] = opened[:, 0]
        return opened

    def back(self, d, t):
        return d * d_squash(self.kept["open"][:, t]).reshape(-1, 1)
"""


def test_what_a_derivative_is_given_is_followed_through_what_keeps_it(tmp_path, capsys):
    verdicts, _, said = checked(tmp_path, capsys, KEPT)
    assert "wrong" in verdicts.values(), said  # it is given what came out, and takes it for what went in
    right = KEPT.replace("squash(x) * (1 - squash(x))", "x * (1 - x)")
    verdicts, _, said = checked(tmp_path, capsys, right)
    assert "right" in verdicts.values(), said
    assert "wrong" not in verdicts.values(), said


EITHER = """
def shares(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def shares_backward(z, df):
    p = shares(z)
    return p * (df - np.sum(p * df, axis=1, keepdims=True))

def miss(y, t):
    return np.mean((y - t) ** 2)

def miss_gradient(y, t):
    return 2 * (y - t) / y.size
"""


def test_which_argument_comes_from_above_and_which_holds_the_labels_is_tried_both_ways(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, EITHER)
    assert (set(verdicts.values()), len(verdicts), code) == ({"right"}, 2, 0), said
    for old, new in (("- np.sum(p * df", "+ np.sum(p * df"), ("2 * (y - t)", "(y - t)")):
        verdicts, code, said = checked(tmp_path, capsys, EITHER.replace(old, new))
        assert (sorted(verdicts.values()), code) == (["right", "wrong"], 1), said


MASKED = """
class Masked:
    def forward(self, x, mask):
        return x * mask

    def backward(self, mask, above):
        return above * mask

class Gate:
    def forward(self, z):
        return np.maximum(z, 0)

    def backward(self, dout, z):
        return dout * (z > 0)
"""


def test_a_layer_of_two_inputs_is_given_what_comes_from_above(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, MASKED)
    assert (set(verdicts.values()), code) == ({"right"}, 0), said


@pytest.mark.parametrize(
    ("old", "new"),
    [("return above * mask", "return above"), ("return dout * (z > 0)", "return z * (dout > 0)")],
)
def test_no_order_of_arguments_makes_a_mistake_right(tmp_path, capsys, old, new):
    verdicts, _, said = checked(tmp_path, capsys, MASKED.replace(old, new))
    assert sorted(verdicts.values()) in (["right", "wrong"], ["right", "unchecked"]), said


CODED = """
def init_params(n_features, n_classes):
    return {"W": 0.3 * np.random.randn(n_features, n_classes), "b": np.zeros(n_classes)}
def probs(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def forward(X, params):
    return X @ params["W"] + params["b"]
def cross_entropy_loss(Z, y):
    P = probs(Z)
    return -np.mean(np.log(P[range(len(y)), y]))
def backward_coded(X, Z, y):
    dZ = (probs(Z) - y) / len(X)
    return {"dW": X.T @ dZ, "db": dZ.sum(axis=0)}
"""
CODED_SCORES = """
def probs(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def softmax_loss(Z, y):
    return -np.sum(y * np.log(probs(Z))) / len(Z)
def softmax_loss_gradient(Z, y):
    dZ = probs(Z)
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(Z)
"""


@pytest.mark.parametrize(("text", "wrong"), [(CODED, ("- y)", "+ y)")), (CODED_SCORES, ("-= 1", "-= 2"))])
def test_labels_may_be_indices_in_the_cost_and_one_hot_in_the_gradient(tmp_path, capsys, text, wrong):
    found, _, said = checked(tmp_path, capsys, text)
    assert set(found.values()) == {"right"}, said
    assert "and the cost as they are" in " ".join(said.split())
    found, _, said = checked(tmp_path, capsys, text.replace(*wrong))
    assert set(found.values()) == {"wrong"}, said


JACOBIANS = """
def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)
def softmax_gradient(x):
    s = softmax(x)
    return np.diag(s.ravel()) - np.outer(s, s)
"""


def test_a_jacobian_of_one_example_is_judged_as_that(tmp_path, capsys):
    found, _, said = checked(tmp_path, capsys, JACOBIANS)
    assert found == {"dx": "right"}
    assert "a Jacobian of one example" in " ".join(said.split())
    found, _, _ = checked(tmp_path, capsys, JACOBIANS.replace("- np.outer", "+ np.outer"))
    assert found == {"dx": "wrong"}


FUSED = """
class LogSoftmax:
    def forward(self, x):
        return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))
    def backward(self, dout):
        return dout
class NegativeLogLikelihood:
    def forward(self, x, t):
        self.x, self.t = x, t
        return -np.sum(x * t) / len(x)
    def backward(self):
        return (np.exp(self.x) - self.t) / len(self.x)
class Halved:
    def forward(self, x):
        self.x = x
        return np.tanh(x)
    def backward(self, dout):
        return dout * (1 - np.tanh(self.x) ** 2) / 2
"""


def test_a_loss_beside_an_activation_that_is_meant_together_with_one_is_not_called_wrong(tmp_path, capsys):
    found, _, _ = checked(tmp_path, capsys, FUSED)
    assert found == {
        "dx of LogSoftmax": "unchecked",
        "dx of NegativeLogLikelihood": "unchecked",
        "dx": "wrong",
    }


BATCH = """
class Rents:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.first = 0.3 * np.random.randn(input_nodes, hidden_nodes)
        self.last = 0.3 * np.random.randn(hidden_nodes, output_nodes)
        self.step = learning_rate

    def train(self, features, targets):
        by_first, by_last = np.zeros(self.first.shape), np.zeros(self.last.shape)
        for x, y in zip(features, targets):
            inner = 1 / (1 + np.exp(-np.dot(x, self.first)))
            outer = np.dot(inner, self.last)
            off = y - outer
            back = np.dot(self.last, off) * inner * (1 - inner)
            by_last += off * inner[:, None]
            by_first += back * x[:, None]
        self.last += self.step * by_last / len(features)
        self.first += self.step * by_first / len(features)
"""


def test_a_batch_that_is_gone_through_example_by_example_adds_up_what_each_of_them_moves(tmp_path, capsys):
    verdicts, code, said = checked(tmp_path, capsys, BATCH)
    assert (verdicts, code) == ({"dfirst": "right", "dlast": "right"}, 0), said


@pytest.mark.parametrize(("old", "new"), [("by_first += back", "by_first = back"), ("inner * (1 - inner)", "inner")])
def test_a_batch_of_which_one_example_alone_counts_is_not_called_right(tmp_path, capsys, old, new):
    verdicts, code, said = checked(tmp_path, capsys, BATCH.replace(old, new))
    assert code != 0, said
    assert "right" not in verdicts.values(), said


SINGLE = """
class Pair:
    def __init__(self, n_in, n_out):
        self.W = [0.4 * np.random.randn(6, n_in), 0.4 * np.random.randn(n_out, 6)]
        self.b = [0.1 * np.random.randn(6, 1), 0.1 * np.random.randn(n_out, 1)]
    def forward(self, x):
        self.a = [x, np.tanh(self.W[0] @ x + self.b[0])]
        return self.W[1] @ self.a[1] + self.b[1]
    def backward(self, x, y):
        d = self.forward(x) - y
        inner = (self.W[1].T @ d) * (1 - self.a[1] ** 2)
        return [inner @ self.a[0].T, d @ self.a[1].T], [inner, d]
"""


def test_a_network_of_one_example_at_a_time_is_not_called_wrong_of_several(tmp_path, capsys):
    found, _, said = checked(tmp_path, capsys, SINGLE)
    assert "wrong" not in found.values(), said


DRAWING = """
def hinge_cost(W, X, y):
    return np.mean(np.maximum(0, 1 - y * (X @ W))) + 0.01 * np.sum(W * W)
def hinge_gradient(W, X, y):
    i = np.random.randint(len(y))
    inside = y[i] * (X[i] @ W) < 1
    return 0.02 * W - inside * y[i] * X[i]
"""


def test_a_gradient_on_an_example_that_is_drawn_is_not_called_wrong(tmp_path, capsys):
    found, _, said = checked(tmp_path, capsys, DRAWING)
    assert "wrong" not in found.values(), said


ENDING = """
class Hidden:
    def __init__(self, n_upper, n):
        self.w, self.b = 0.3 * np.random.randn(n_upper, n), np.zeros(n)
    def forward(self, x):
        self.x, self.u = x, x @ self.w + self.b
        self.y = np.tanh(self.u)
        return self.y
    def backward(self, grad_y):
        delta = grad_y * (1 - self.y ** 2)
        self.grad_w, self.grad_b = self.x.T @ delta, delta.sum(axis=0)
        self.grad_x = delta @ self.w.T
        return self.grad_x
class Ending:
    def __init__(self, n_upper, n):
        self.w, self.b = 0.3 * np.random.randn(n_upper, n), np.zeros(n)
    def forward(self, x):
        self.x, self.y = x, x @ self.w + self.b
        return self.y
    def backward(self, t):
        delta = self.y - t
        self.grad_w, self.grad_b = self.x.T @ delta, delta.sum(axis=0)
        self.grad_x = delta @ self.w.T
        return self.grad_x
"""


def test_a_last_layer_that_is_given_the_labels_on_its_way_back_is_not_called_wrong(tmp_path, capsys):
    found, _, said = checked(tmp_path, capsys, ENDING)
    assert "wrong" not in found.values(), said
    assert list(found.values()).count("right") >= 3, said


@pytest.mark.parametrize(("body", "verdict"), [("1 - np.tanh(x) ** 2", "right"), ("1 * (1 - x)", "wrong")])
def test_a_derivative_is_known_by_its_name_in_other_languages(tmp_path, capsys, body, verdict):
    text = f"def tangente(x):\n    return np.tanh(x)\ndef derivada_tangente(x):\n    return {body}\n"
    assert checked(tmp_path, capsys, text)[0] == {"dx": verdict}


SUMS = """
X, y = np.array([[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]]), np.array([[0], [1], [1], [0]])
first, last = 2 * np.random.random((3, 4)) - 1, 2 * np.random.random((4, 1)) - 1
for i in range(100):
    inner = 1 / (1 + np.exp(-X @ first))
    outer = 1 / (1 + np.exp(-inner @ last))
    off = (y - outer) * (1 - outer)
    back = off.dot(last.T) * (1 - inner)
    last += inner.T.dot(off)
    first += X.T.dot(back)
"""


def test_a_step_up_by_a_product_that_is_called_is_one(tmp_path, capsys):
    found, code, said = checked(tmp_path, capsys, SUMS)
    assert (found, code) == ({}, 2)
    assert "update first, last, but no cost is computed there, and it is the gradient of no usual loss" in said


HIDDEN = """
class Perceptron:
    def __init__(self, n_inputs, n_hidden, n_classes):
        wide = [n_inputs] + list(n_hidden) + [n_classes]
        self.W = [0.3 * np.random.randn(a, b) for a, b in zip(wide[:-1], wide[1:])]
    def forward(self, x):
        self.a = [x]
        for w in self.W[:-1]:
            self.a.append(np.tanh(self.a[-1] @ w))
        return self.a[-1] @ self.W[-1]
    def loss(self, x, y):
        return 0.5 * np.sum((self.forward(x) - y) ** 2)
    def backward(self, x, y):
        d, found = self.forward(x) - y, []
        for w, a in zip(self.W[::-1], self.a[::-1]):
            found.insert(0, a.T @ d)
            d = (d @ w.T) * (1 - a ** 2)
        return found
"""


def test_a_number_of_hidden_units_that_turns_out_to_be_a_list_is_one(tmp_path, capsys):
    found, _, said = checked(tmp_path, capsys, HIDDEN)
    assert set(found.values()) == {"right"}, said
    found, _, said = checked(tmp_path, capsys, HIDDEN.replace("(1 - a ** 2)", "(1 - a)"))
    assert "wrong" in found.values(), said
