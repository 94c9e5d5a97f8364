"""Whole networks: objectives that an optimizer is given, recurrent networks, and what a turn does beside learning."""

import itertools
import json

import numpy as np
import pytest

from tinygrad_dnn.cli import main
from tinygrad_dnn.program.recognition import learning, readings
from tinygrad_dnn.program.recognition.arguments import role_of
from tinygrad_dnn.program.recognition.cutting import is_cut


def checked(tmp_path, capsys, text, beside=None):
    """The verdicts on a file, by name, and what is said."""
    for name, content in (beside or {}).items():
        (tmp_path / name).write_text(content)
    path = tmp_path / "handed_in.py"
    path.write_text("import numpy as np\n" + text)
    main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    out, err = capsys.readouterr()
    found = json.loads(out) if out else {"gradients": [], "text": err}
    return {row["name"]: row["verdict"] for row in found["gradients"]}, " ".join(found["text"].split())


OBJECTIVE = """
from scipy.io import loadmat

def squash(v):
    return 1.0 / (1.0 + np.exp(-v))

def netObj(vector, *args):
    n_input, n_hidden, n_class, training_data, training_label, lambdaval = args
    cut = n_hidden * (n_input + 1)
    first = vector[:cut].reshape((n_hidden, n_input + 1))
    second = vector[cut:].reshape((n_class, n_hidden + 1))
    count = training_data.shape[0]
    ones = np.ones((count, 1))
    fed = np.hstack((training_data, ones))
    middle = np.hstack((squash(fed.dot(first.T)), ones))
    out = squash(middle.dot(second.T))
    wanted = np.zeros((count, n_class))
    wanted[np.arange(count), training_label.astype(int)] = 1
    value = -np.sum(wanted * np.log(out) + (1 - wanted) * np.log(1 - out)) / count
    value = value + lambdaval / (2.0 * count) * (np.sum(first**2) + np.sum(second**2))
    off = out - wanted
    to_second = (off.T.dot(middle) + lambdaval * second) / count
    back = (off.dot(second) * middle * (1 - middle))[:, :-1]
    to_first = (back.T.dot(fed) + lambdaval * first) / count
    return value, np.concatenate((to_first.ravel(), to_second.ravel()))

stored = loadmat("digits_of_ours.mat")
"""


def test_what_an_objective_unpacks_of_its_further_arguments_is_given_by_what_it_is(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, OBJECTIVE)
    assert verdicts == {"dvector": "right"}, said


def test_an_objective_that_forgets_the_penalty_of_a_layer_is_wrong(tmp_path, capsys):
    verdicts, said = checked(
        tmp_path, capsys, OBJECTIVE.replace("off.T.dot(middle) + lambdaval * second", "off.T.dot(middle)")
    )
    assert verdicts == {"dvector": "wrong"}, said


SEVERAL = """
def softmaxObj(theta, *args):
    train_images, Targets = args
    n_class = 6
    n = train_images.shape[0]
    table = theta.reshape((train_images.shape[1] + 1, n_class))
    rows = np.hstack((np.ones((n, 1)), train_images))
    e = np.exp(rows.dot(table))
    p = e / e.sum(axis=1).reshape((n, 1))
    error = -np.sum(Targets * np.log(p)) / n
    error_grad = rows.T.dot(p - Targets) / n
    return error, error_grad.flatten()
"""


def test_a_number_of_classes_that_a_function_writes_out_is_that_of_its_labels(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, SEVERAL)
    assert verdicts == {"dtheta": "right"}, said
    assert "6 classes" in said


@pytest.mark.parametrize(
    ("name", "role"),
    [("training_data", "X"), ("labels_i", "Y"), ("lambdaval", "reg"), ("n_class", "classes"), ("n_train_data", None),
     ("initialWeights", None), ("theta", "parameters"), ("x_rows", "X")],
)  # fmt: skip
def test_an_argument_is_known_by_parts_of_its_name(name, role):
    assert role_of(name) == role


COMPARED = """
def entropy_cost(score, y):
    n = len(y)
    shifted = score - np.max(score, axis=1, keepdims=True)
    odds = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    cost = -np.sum(np.log(odds[range(n), y])) / n
    grad = odds.copy()
    grad[range(n), y] -= 1
    return cost, grad
"""


def test_what_stands_beside_labels_alone_is_compared_with_them(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, COMPARED)
    assert verdicts == {"dscore": "wrong"}, said  # it is the sum's
    assert "score (7, 3)" in said
    assert "indices of 3 classes;" in said


LETTERS = """
words = open("some_letters.txt").read()
letters = sorted(set(words))
place = {c: i for i, c in enumerate(letters)}

class Speller:
    def __init__(self, kinds, units, rate):
        self.kinds, self.units, self.rate = kinds, units, rate
        self.Wx = np.random.randn(units, kinds) * 0.1
        self.Wh = np.random.randn(units, units) * 0.1
        self.Wo = np.random.randn(kinds, units) * 0.1
        self.memory = {n: np.zeros_like(getattr(self, n)) for n in ("Wx", "Wh", "Wo")}

    def study(self, given, wanted, state):
        seen, states, odds, loss = {}, {-1: state}, {}, 0.0
        for t in range(len(given)):
            seen[t] = np.zeros((self.kinds, 1))
            seen[t][given[t]] = 1
            states[t] = np.tanh(self.Wx @ seen[t] + self.Wh @ states[t - 1])
            scores = np.exp(self.Wo @ states[t])
            odds[t] = scores / scores.sum()
            loss -= np.log(odds[t][wanted[t], 0])
        grads = {n: np.zeros_like(m) for n, m in self.memory.items()}
        later = np.zeros_like(state)
        for t in reversed(range(len(given))):
            off = odds[t].copy()
            off[wanted[t]] -= 1
            grads["Wo"] += off @ states[t].T
            inner = (1 - states[t] ** 2) * (self.Wo.T @ off + later)
            grads["Wx"] += inner @ seen[t].T
            grads["Wh"] += inner @ states[t - 1].T
            later = self.Wh.T @ inner
        return loss, grads, states[len(given) - 1]

    def write(self, state, count):
        at, found = 0, []
        for _ in range(count):
            x = np.zeros((self.kinds, 1))
            x[at] = 1
            state = np.tanh(self.Wx @ x + self.Wh @ state)
            odds = np.exp(self.Wo @ state)
            at = np.random.choice(self.kinds, p=(odds / odds.sum()).ravel())
            found.append(letters[at])
        return "".join(found)

speller, state, start = Speller(len(letters), 6, 0.1), np.zeros((6, 1)), 0
for turn in range(1000):
    part = [place[c] for c in words[start : start + 9]]
    loss, grads, state = speller.study(part[:-1], part[1:], state)
    for n in grads:
        speller.memory[n] += grads[n] ** 2
        setattr(speller, n, getattr(speller, n) - speller.rate * grads[n] / np.sqrt(speller.memory[n] + 1e-8))
    if turn % 100 == 0:
        print(turn, loss, speller.write(state, 50))
    start = (start + 8) % (len(words) - 10)
"""
SPELLS = "a line of a few letters that says nothing at all. " * 20


def test_a_memory_of_squares_is_never_negative_so_that_what_is_sampled_after_the_update_has_odds(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, LETTERS, {"some_letters.txt": SPELLS})
    assert verdicts == {"dWx": "right", "dWh": "right", "dWo": "right"}, said


def test_what_a_turn_only_shows_and_takes_long_is_left_out_of_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(learning, "SLOW", 0.0)
    slow = LETTERS.replace("write(state, 50)", "write(state, 2000)")
    verdicts, said = checked(tmp_path, capsys, slow, {"some_letters.txt": SPELLS})
    assert verdicts == {"dWx": "right", "dWh": "right", "dWo": "right"}, said
    forgets = slow.replace("later = self.Wh.T @ inner", "later = self.Wh @ inner")
    verdicts, said = checked(tmp_path, capsys, forgets, {"some_letters.txt": SPELLS})
    assert verdicts == {"dWx": "wrong", "dWh": "wrong", "dWo": "right", "dstate": "unchecked"}, said


FITTING = """
X, y = np.random.randn(30, 4), np.random.randn(30)

def mean_square_error(w):
    return np.mean((X @ w - y) ** 2)

w = np.zeros(4)
for step in range(200):
    g = 2 * X.T @ (X @ w - y) / 30
    w = w - 0.05 * g
    if step % 10 == 0:
        print(mean_square_error(w))
"""


def test_a_cost_that_is_only_shown_is_not_left_out(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(learning, "SLOW", 0.0)
    verdicts, said = checked(tmp_path, capsys, FITTING)
    assert verdicts == {"dw": "right"}, said
    assert "mean_square_error" in said


ROWS = """
W, b, V = np.random.randn(5, 9) * 0.3, np.zeros((5, 1)), np.random.randn(3, 5) * 0.3
inputs, targets = np.random.randn(6, 4, 1), [0, 2, 1, 1, 0, 2]
for turn in range(50):
    h, Z, H, P, loss = np.zeros((5, 1)), [], [], [], 0
    for t in range(6):
        z = np.row_stack((h, inputs[t]))
        h = np.tanh(W @ z + b)
        e = np.exp(V @ h)
        p = e / np.sum(e)
        loss += -np.log(p[targets[t], 0])
        Z.append(z); H.append(h); P.append(p)
    dW, db, dV, back = np.zeros_like(W), np.zeros_like(b), np.zeros_like(V), np.zeros((5, 1))
    for t in range(5, -1, -1):
        dy = P[t].copy()
        dy[targets[t]] -= 1
        dV += dy @ H[t].T
        da = (V.T @ dy + back) * (1 - H[t] ** 2)
        dW += da @ Z[t].T
        db += da
        back = (W.T @ da)[:5]
    W -= 0.1 * dW
    b -= 0.1 * db
    V -= 0.1 * dV
"""


@pytest.mark.filterwarnings("ignore:.*row_stack")
def test_what_is_put_in_rows_by_its_old_name_is_recorded(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, ROWS)
    assert verdicts == {"dW": "right", "db": "right", "dV": "right"}, said
    assert "could not be recorded" not in said


def test_a_gradient_that_is_cut_off_is_seen_where_the_right_one_is_known_along_directions_alone():
    def never(g):
        return False

    plain = np.linspace(-3, 4, 12)
    cut = np.clip(plain, -1, 1)
    assert is_cut([{"dW": cut}] * 2, [{"W": never}] * 2)
    assert not is_cut([{"dW": plain}] * 2, [{"W": never}] * 2)


def test_what_finds_no_candidate_ends_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(readings, "PATIENCE", 0.05)

    def candidates():
        for _ in itertools.count():
            readings.in_time()
            yield from ()

    assert readings.best(candidates, []) is None
    readings.in_time()  # outside of it nothing is over


WORDS = """
def softly(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()

class Phrases:
    def __init__(self, word_dim, hidden_dim=20, truncate_after=2):
        self.word_dim, self.hidden_dim, self.truncate_after = word_dim, hidden_dim, truncate_after
        self.U = np.random.uniform(-0.3, 0.3, (hidden_dim, word_dim))
        self.V = np.random.uniform(-0.3, 0.3, (word_dim, hidden_dim))
        self.W = np.random.uniform(-0.3, 0.3, (hidden_dim, hidden_dim))

    def forward_propagation(self, x):
        s, o = np.zeros((len(x) + 1, self.hidden_dim)), np.zeros((len(x), self.word_dim))
        for t in range(len(x)):
            s[t] = np.tanh(self.U[:, x[t]] + self.W.dot(s[t - 1]))
            o[t] = softly(self.V.dot(s[t]))
        return [o, s]

    def total_loss(self, x, y):
        L = 0
        for i in range(len(y)):
            o, s = self.forward_propagation(x[i])
            L -= np.sum(np.log(o[np.arange(len(y[i])), y[i]]))
        return L

    def through_time(self, x, y):
        o, s = self.forward_propagation(x)
        dLdU, dLdV, dLdW = np.zeros(self.U.shape), np.zeros(self.V.shape), np.zeros(self.W.shape)
        o[np.arange(len(y)), y] -= 1.0
        for t in range(len(y))[::-1]:
            dLdV += np.outer(o[t], s[t])
            d = self.V.T.dot(o[t]) * (1 - s[t] ** 2)
            for step in range(max(0, t - self.truncate_after), t + 1)[::-1]:
                dLdW += np.outer(d, s[step - 1])
                dLdU[:, x[step]] += d
                d = self.W.T.dot(d) * (1 - s[step - 1] ** 2)
        return [dLdU, dLdV, dLdW]

    def gradient_check(self, x, y):
        return [g.shape for g in self.through_time(x, y)]

rows = open("sentences_of_ours.csv").read()
"""


def test_a_loss_of_several_sequences_is_that_of_one_and_steps_back_are_not_truncated(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, WORDS)
    assert verdicts == {"dU": "right", "dV": "right", "dW": "right"}, said
    forgets = WORDS.replace("d = self.W.T.dot(d) *", "d = self.W.dot(d) *")
    verdicts, said = checked(tmp_path, capsys, forgets)
    assert verdicts == {"dU": "wrong", "dV": "right", "dW": "wrong"}, said


STATE = """
class Teller:
    def __init__(self, input_size, hidden_size, output_size, learning_rate=0.1):
        self.Wx = np.random.randn(hidden_size, input_size) * 0.3
        self.Wh = np.random.randn(hidden_size, hidden_size) * 0.3
        self.Wo = np.random.randn(output_size, hidden_size) * 0.3
        self.held = np.zeros(hidden_size)
        self.learning_rate = learning_rate

    def forward(self, X):
        self.X, self.H = X, [self.held]
        for x in X:
            self.H.append(np.tanh(self.Wx @ x + self.Wh @ self.H[-1]))
        self.held = self.H[-1]
        self.out = np.array([self.Wo @ h for h in self.H[1:]])
        return self.out

    def loss(self, output, Y):
        return 0.5 * np.sum((output - Y) ** 2)

    def backward(self, output, Y):
        off = output - Y
        dWo, dWx, dWh = np.zeros_like(self.Wo), np.zeros_like(self.Wx), np.zeros_like(self.Wh)
        later = np.zeros(len(self.held))
        for t in reversed(range(len(Y))):
            dWo += np.outer(off[t], self.H[t + 1])
            inner = (self.Wo.T @ off[t] + later) * (1 - self.H[t + 1] ** 2)
            dWx += np.outer(inner, self.X[t])
            dWh += np.outer(inner, self.H[t])
            later = self.Wh.T @ inner
        self.Wo -= self.learning_rate * dWo
        self.Wx -= self.learning_rate * dWx
        self.Wh -= self.learning_rate * dWh
"""


def test_a_state_that_a_forward_pass_hands_on_is_no_parameter(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, STATE)
    assert verdicts == {"dWx": "right", "dWh": "right", "dWo": "right"}, said


CELL = """
class Cell:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * 0.3
        self.U = np.random.randn(n_out, n_out) * 0.3
        self.last = np.zeros((1, n_out))

    def forward(self, x):
        self.x, self.before = x, self.last
        self.y = np.tanh(x @ self.W + self.before @ self.U)
        self.last = self.y.mean(axis=0, keepdims=True)
        return self.y

    def backward(self, dout):
        inner = dout * (1 - self.y ** 2)
        self.dW = self.x.T @ inner
        self.dU = self.before.T @ inner.sum(axis=0, keepdims=True)
        return inner @ self.W.T
"""


def test_a_state_that_a_layer_hands_on_is_no_parameter_of_it(tmp_path, capsys):
    verdicts, said = checked(tmp_path, capsys, CELL)
    assert "wrong" not in verdicts.values(), said
    assert verdicts["dW"] == verdicts["dx"] == "right", said
    assert not any("last" in name for name in verdicts), said
