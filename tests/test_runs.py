"""What a run shows: what a loop learns, which number is its cost, where its gradients are; and when that is certain."""

import textwrap

import numpy as np
import pytest

from tinygrad_dnn.checking import check_task
from tinygrad_dnn.program.limits import silence, unasked
from tinygrad_dnn.program.loops import Loops
from tinygrad_dnn.program.recognition import UnknownError, task_of
from tinygrad_dnn.program.recognition.cutting import is_cut
from tinygrad_dnn.program.recognition.inferring import forms_of, losses_for
from tinygrad_dnn.program.recognition.learning import Learning
from tinygrad_dnn.program.recognition.supplying import kind_of
from tinygrad_dnn.program.recognition.taking import factor
from tinygrad_dnn.program.running import run_program
from tinygrad_dnn.program.turns import Turn

SEED = 4


@pytest.fixture
def program(tmp_path):
    """Runs a program."""

    def run(text):
        path = tmp_path / "homework.py"
        path.write_text("import numpy as np\n" + textwrap.dedent(text))
        return run_program(path)

    return run


@pytest.fixture
def checked(program):
    """The report on a program, None where it says nothing, or the error that says why there is none."""

    def check(text):
        ran = program(text)
        try:
            with silence(), unasked("homework.py"):
                task = task_of(ran.module, ran)
                return task and check_task(task, suggest=False, seconds=0.2, seed=SEED)
        except UnknownError as error:
            return error

    return check


def verdicts(report):
    return {row.name: row.verdict for row in report} if hasattr(report, "rows") else {}


DATA = """\
r = np.random.RandomState(0)
X, T = r.randn(9, 2), r.randn(9, 1)
W, V, b = r.randn(2, 3), r.randn(3, 1), np.zeros(3)
"""
NET = (
    DATA
    + """\
rate = 0.1
for i in range(3):
    H = np.tanh(X @ W + b)
    E = H @ V - T
    loss = np.sum(E**2) / 18
    dV = H.T @ E / 9
    dH = E @ V.T * (1 - H**2) / 9
    dW, db = X.T @ dH, dH.sum(axis=0)
    W -= rate * dW
    V -= rate * dV
    b -= rate * db
"""
)
TAKEN = NET.split("    W -= ", 1)[0]  # up to the update
LINE = "r = np.random.RandomState(0)\nx = r.randn(20)\ny = 2 * x + 1\nw, b = 0, 0.5\n"

PROGRAMS = {  # by what it shows: a program, a change of it, and what is wrong then
    "a loop at the top": (NET, ("E @ V.T * (1 - H**2)", "E @ V.T"), {"dW", "db"}),
    "an update that is written out": (
        TAKEN + "    W = W - rate * dW\n    V = V - rate * dV\n    b = b - rate * db\n",
        ("X.T @ dH", "X.T @ dH * 2"), {"dW"}),
    "a negative that is added": (
        TAKEN + "    W += -rate * dW\n    V += -rate * dV\n    b += -rate * db\n",
        ("dH.sum(axis=0)", "dH.mean(axis=0)"), {"db"}),
    "a rate that is a number in the line": (NET.replace("- rate", "- 0.3").replace("-= rate", "-= 0.3"),
                                            ("H.T @ E / 9", "H.T @ E"), {"dV"}),
    "a mistake in all alike": (NET.replace("-= rate", "-= 0.3"), (" / 9\n", "\n"), {"dW", "dV", "db"}),
    "an update before its use": (
        NET, ("    dH = E", "    V -= rate * dV\n    dH = E"), {"dW", "db"}),
    "momentum": (NET.replace("rate = 0.1", "rate, vW, vV, vb = 0.1, 0 * W, 0 * V, 0 * b").split("    W -=")[0]
                 + "    vW = 0.9 * vW + dW\n    vV = 0.9 * vV + dV\n    vb = 0.9 * vb + db\n"
                   "    W -= rate * vW\n    V -= rate * vV\n    b -= rate * vb\n",
                 ("X.T @ dH", "X.T @ dH / 9"), {"dW"}),
    "Adam": (DATA + """\
p = {"W": W, "V": V}
m, v = {k: 0 * a for k, a in p.items()}, {k: 0 * a for k, a in p.items()}
for t in range(1, 4):
    H = np.tanh(X @ p["W"])
    E = H @ p["V"] - T
    cost = np.mean(E**2)
    g = {"V": H.T @ E * 2 / 9, "W": X.T @ (E @ p["V"].T * (1 - H**2)) * 2 / 9}
    grads = g
    for k in p:
        m[k] = 0.9 * m[k] + 0.1 * grads[k]
        v[k] = 0.99 * v[k] + 0.01 * grads[k] ** 2
        p[k] = p[k] - 0.01 * m[k] / (1 - 0.9**t) / (np.sqrt(v[k] / (1 - 0.99**t)) + 1e-8)
""", ("(1 - H**2)", "(1 - H)"), {"dW"}),
    "globals in a function": (DATA + """\
def step():
    global W, V
    H = np.tanh(X @ W)
    E = H @ V - T
    cost = np.sum(E**2)
    dV, dW = 2 * H.T @ E, 2 * X.T @ (E @ V.T * (1 - H**2))
    W = W - 0.1 * dW
    V = V - 0.1 * dV
    return cost
for i in range(3):
    step()
""", ("2 * H.T", "H.T"), {"dV"}),
    "a dict of parameters that is returned anew": (DATA + """\
def update(p, g, rate):
    return {k: p[k] - rate * g["d" + k] for k in p}
def train(p):
    for i in range(3):
        H = np.tanh(X @ p["W"])
        E = H @ p["V"] - T
        cost = np.sum(E**2) / 2
        p = update(p, {"dV": H.T @ E, "dW": X.T @ (E @ p["V"].T * (1 - H**2))}, 0.1)
    return p
train({"W": W, "V": V})
""", ("(1 - H**2)", "(1 - H)"), {"dW"}),
    "methods of a class": (DATA + """\
class Net:
    def __init__(self):
        self.W, self.V = W, V
    def forward(self, X):
        self.H = np.tanh(X @ self.W)
        return self.H @ self.V
    def backward(self, X, E):
        self.dV = self.H.T @ E
        self.dW = X.T @ (E @ self.V.T * (1 - self.H**2))
    def step(self, rate):
        self.W -= rate * self.dW
        self.V -= rate * self.dV
    def fit(self, X, T):
        for i in range(3):
            E = self.forward(X) - T
            loss = 0.5 * np.sum(E**2)
            self.backward(X, E)
            self.step(0.1)
Net().fit(X, T)
""", ("(1 - self.H**2)", "1"), {"dW"}),
    "a cost after the update": (DATA + """\
for i in range(3):
    G = X.T @ (X @ W @ V - T) @ V.T
    W = W - 0.01 * G
    cost = np.sum((X @ W @ V - T) ** 2) / 2
""", ("@ V.T\n", "@ V.T / 9\n"), {"dW"}),
    "a cost in a function": (DATA + """\
def compute_cost(W):
    return np.sum((np.tanh(X @ W) - T) ** 2)
history = []
for i in range(3):
    H = np.tanh(X @ W)
    dW = 2 * X.T @ ((H - T) * (1 - H**2))
    W = W - 0.01 * dW
    history.append(compute_cost(W))
""", ("(1 - H**2)", "(1 - H)"), {"dW"}),
    "a cost with a decay of weights": (DATA + """\
for i in range(3):
    A = 1 / (1 + np.exp(-X @ W))
    Y = T > 0
    J = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / 9 + 0.3 / 18 * np.sum(W**2)
    dW = X.T @ (A - Y) / 9 + 0.3 / 9 * W
    W -= 0.1 * dW
""", ("0.3 / 9 * W", "0.3 * W"), {"dW"}),
    "numbers of Python from nothing": (LINE + """\
for i in range(9):
    cost = sum((w * a + b - c) ** 2 for a, c in zip(x, y)) / 20
    dw = sum(2 * a * (w * a + b - c) for a, c in zip(x, y)) / 20
    db = sum(2 * (w * a + b - c) for a, c in zip(x, y)) / 20
    w = w - 0.1 * dw
    b = b - 0.1 * db
""", ("db = sum(2 *", "db = sum("), {"db"}),
    "a while loop that ends by its cost": (LINE + """\
before = 1e9
while True:
    E = w * x + b - y
    mse = np.mean(E**2)
    dw, db = 2 * np.mean(E * x), 2 * np.mean(E)
    w -= 0.2 * dw
    b -= 0.2 * db
    if abs(before - mse) < 1e-6:
        break
    before = mse
""", ("2 * np.mean(E)\n", "np.mean(E)\n"), {"db"}),
    "single numbers": (NET.replace("np.random.RandomState(0)\nX, T = r.randn(9, 2), r.randn(9, 1)",
                                   "np.random.RandomState(0)\nX, T = r.randn(9, 2), r.randn(9, 1).astype(np.float32)"),
                       ("H.T @ E / 9", "H.T @ E"), {"dV"}),
    "batches within epochs": (DATA + """\
for epoch in range(2):
    order = np.random.permutation(9)
    for s in range(0, 9, 3):
        A, t = X[order[s : s + 3]], T[order[s : s + 3]]
        H = np.tanh(A @ W)
        E = H @ V - t
        loss = np.mean(E**2)
        dV = 2 * H.T @ E / 3
        dW = 2 * A.T @ (E @ V.T * (1 - H**2)) / 3
        V = V - 0.1 * dV
        W = W - 0.1 * dW
""", ("2 * A.T", "A.T"), {"dW"}),
    "through time": ("""\
r = np.random.RandomState(0)
xs, t = r.randn(4, 2), r.randn(3)
Wx, Wh = r.randn(3, 2), r.randn(3, 3)
for i in range(2):
    hs = {-1: np.zeros(3)}
    for s in range(4):
        hs[s] = np.tanh(Wx @ xs[s] + Wh @ hs[s - 1])
    loss = np.sum((hs[3] - t) ** 2) / 2
    dWx, dWh, back = np.zeros((3, 2)), np.zeros((3, 3)), hs[3] - t
    for s in reversed(range(4)):
        d = back * (1 - hs[s] ** 2)
        dWx += np.outer(d, xs[s])
        dWh += np.outer(d, hs[s - 1])
        back = Wh.T @ d
    for p, g in zip([Wx, Wh], [dWx, dWh]):
        p -= 0.1 * g
""", ("hs[s - 1])\n        back", "hs[s])\n        back"), {"dWh"}),
    "errors that are printed beside": (
        NET.replace("    dV = ", "    mae, accuracy = np.abs(E).mean(), np.mean(E > 0)\n    dV = "),
        ("1 - H**2", "1 - H"), {"dW", "db"}),
    "a picture in the loop": ("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n" + NET + "    ax.plot(E)\n",
                              ("1 - H**2", "1 - H"), {"dW", "db"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "change", "wrong"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_run_shows_what_is_right_and_a_planted_mistake_is_wrong(checked, text, change, wrong):
    if change is not None:
        report = checked(text)
        assert report.ok, str(report)
        assert {row.name for row in report} >= wrong
        assert change[0] in text
        text = text.replace(*change)
    report = checked(text)
    assert set(report.having("wrong")) == wrong, str(report)


def test_two_loops_are_two_tasks(checked):
    other = LINE + "for i in range(3):\n    q = w * x + b - y\n    J = np.mean(q**2)\n"
    other += "    dw = np.mean(2 * q * x)\n    w -= 0.1 * dw\n"
    report = checked(NET.replace("b", "c") + other)
    assert report.ok, str(report)
    assert any(row.name.startswith("dw of line ") for row in report), str(report)
    report = checked(NET.replace("b", "c") + other.replace("2 * q * x", "q * x"))
    assert [name[:2] for name in report.having("wrong")] == ["dw"], str(report)


NAMES = {"loss": 1, "mse": 1, "J": 1, "E_total": 2, "L": 1, "distance": 2, "c": 2}  # how the check ends if dW is wrong


@pytest.mark.parametrize("name", NAMES)
def test_only_what_tells_of_a_cost_by_its_name_makes_something_wrong(checked, name):
    text = NET.replace("loss", name)
    assert checked(text).ok
    report = checked(text.replace("X.T @ dH", "X.T @ dH**2"))
    assert report.having("wrong") == (["dW"] if NAMES[name] == 1 else []), str(report)
    assert not report.ok


def test_the_name_of_the_function_that_made_it_counts_for_a_cost_that_is_kept_in_a_list(checked):
    text = "def mse(A, T):\n    return np.sum((A - T) ** 2) / 18\n" + NET.replace(
        "loss = np.sum(E**2) / 18", "h = [mse(H @ V, T)]"
    )
    assert checked(text).ok
    assert checked(text.replace("X.T @ dH", "X.T @ dH**2")).having("wrong") == ["dW"]


def test_what_was_taken_for_what_is_said(checked):
    said = " ".join(str(checked(NET)).split())
    assert "Seen in its run: the loop of lines 6 to 15 at the top level updates W, V, b; the cost is loss" in said


SQUARES = (
    DATA
    + """\
for i in range(3):
    H = np.tanh(X @ W)
    E = H @ V - T
    dV = H.T @ E
    dW = X.T @ (E @ V.T * (1 - H**2))
    V -= 0.1 * dV
    W -= 0.1 * dW
"""
)
CROSS = (
    DATA
    + """\
Y = np.eye(3)[np.arange(9) % 3]
for i in range(3):
    S = X @ W
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    W -= 0.1 * X.T @ (P - Y)
"""
)


@pytest.mark.parametrize(("text", "loss"), [(SQUARES, "half the sum of squares"), (CROSS, "cross-entropy")])
def test_where_no_cost_is_computed_a_usual_one_is_the_cost_if_it_makes_something_right(checked, text, loss):
    report = checked(text)
    assert report.ok, str(report)
    said = " ".join(str(report).split())
    assert "no cost is computed of which this is the gradient" in said
    assert loss in said
    worse = checked(text.replace("(1 - H**2)", "1").replace("P - Y", "P * P - Y"))
    assert verdicts(worse) in ({}, {"dV": "right", "dW": "wrong"}), str(worse)


NO_LEARNING = {
    "means of clusters": """\
C = X[:2]
for i in range(3):
    d = ((X[:, None] - C) ** 2).sum(axis=2)
    cost = d.min(axis=1).sum()
    C = np.array([X[d.argmin(axis=1) == k].mean(axis=0) for k in range(2)])
""",
    "a planet": """\
x, v = np.array([1.0, 0.0]), np.array([0.0, 1.0])
for i in range(9):
    energy = v @ v / 2 - 1 / np.sqrt(x @ x)
    v = v - 0.1 * x / (x @ x) ** 1.5
    x = x + 0.1 * v
""",
    "a perceptron": """\
w = np.zeros(2)
for a, t in zip(X, np.sign(T.ravel())):
    w += 0.1 * (t - np.sign(w @ a)) * a
""",
    "Newton's steps": """\
u = r.randn(2)
for i in range(5):
    E = np.tanh(X @ u) - T.ravel()
    cost = E @ E / 2
    g = X.T @ (E * (1 - (E + T.ravel()) ** 2))
    u = u - np.linalg.solve(X.T @ X, g)
""",
    "a moving mean": "mean = np.zeros(2)\nfor a in X:\n    mean = 0.9 * mean + 0.1 * a\n",
    "a sum": "total = np.zeros(2)\nfor a in X:\n    total = total + a\n    cost = total.sum()\n",
}


@pytest.mark.parametrize("text", NO_LEARNING.values(), ids=NO_LEARNING.keys())
def test_what_is_no_gradient_descent_is_not_called_wrong(checked, text):
    report = checked(DATA + text)
    assert "wrong" not in verdicts(report).values(), str(report)


def learning_of(program, text, line):
    ran = program(text)
    start = next(s for key, s in ran.loops.starts.items() if key[0] == line)
    with silence():
        return Learning(Turn(ran.loops, start, ran.module))


def test_a_bias_is_learnt_though_what_it_becomes_is_in_proportion_to_what_it_was(program):
    text = DATA + "for i in range(3):\n    E = X @ W[:, :1] * 2 + V[:1] - T\n    cost = np.sum(E**2)\n"
    text += "    V[:1] -= 0.01 * E.sum(axis=0)\n    W = W - 0.01 * np.tanh(W)\n"
    learning = learning_of(program, text, 5)
    assert "V" in learning.places


def test_what_moves_no_cost_is_not_learnt(program):
    text = NET.replace("rate = 0.1", "rate, vW, total, n, mean = 0.1, 0 * W, 0.0, 0, np.zeros((9, 1))")
    text += "    vW = 0.9 * vW + dW\n    total += loss\n    n += 1\n    rate *= 0.99\n    mean = 0.9 * mean + 0.1 * E\n"
    learning = learning_of(program, text, 6)
    assert set(learning.places) == {"W", "V", "b"}


def test_the_output_bias_of_a_sum_of_squares_is_checked(checked):
    """What it becomes is in proportion to what it was, as a velocity is."""
    text = NET.replace("E = H @ V - T", "E = H @ V + c - T").replace("rate = 0.1", "rate, c = 0.1, np.zeros(1)")
    text += "    dc = E.sum(axis=0) / 9\n    c -= rate * dc\n"
    assert verdicts(checked(text))["dc"] == "right"
    assert checked(text.replace("E.sum(axis=0) / 9", "E.sum(axis=0)")).having("wrong") == ["dc"]


def test_a_gradient_that_is_zero_where_it_was_looked_at_is_not_left_out_in_silence(checked):
    text = NET.replace("rate = 0.1", "rate, k = 0.1, np.ones(2)") + "    dk = 0 * k\n    k -= rate * dk\n"
    report = checked(text)
    assert verdicts(report)["dk"] == "unchecked"
    assert not report.ok


WHOLE = """\
    length = np.sqrt(np.sum(dW**2) + np.sum(dV**2) + np.sum(db**2))
    if length > 1e-3:
        dW, dV, db = (g * 1e-3 / length for g in (dW, dV, db))
"""
ENTRIES = {
    "in place": "    for g in (dW, dV, db):\n        np.clip(g, -1e-3, 1e-3, out=g)\n",
    "one by one": "".join(f"    {g} = np.clip({g}, -1e-3, 1e-3)\n" for g in ("dW", "dV", "db")),
    "a method": "    dW, dV, db = dW.clip(-1e-3, 1e-3), dV.clip(min=-1e-3, max=1e-3), db.clip(-1e-3, 1e-3)\n",
}


def test_what_is_shortened_as_a_whole_is_unchecked_and_not_wrong(checked):
    report = checked(TAKEN + WHOLE + NET[len(TAKEN) :])
    assert set(verdicts(report).values()) == {"unchecked"}, str(report)
    assert "is cut off" in str(report)


@pytest.mark.parametrize("lines", ENTRIES.values(), ids=ENTRIES.keys())
def test_what_is_cut_off_entry_by_entry_is_checked_as_it_is_before(checked, lines):
    report = checked(TAKEN + lines + NET[len(TAKEN) :])
    assert set(verdicts(report).values()) == {"right"}, str(report)
    assert "checked as it is before" in str(report)


@pytest.mark.parametrize("lines", ENTRIES.values(), ids=ENTRIES.keys())
def test_what_is_wrong_before_it_is_cut_off_is_wrong(checked, lines):
    report = checked(TAKEN + "    dV = 1.3 * dV\n" + lines + NET[len(TAKEN) :])
    assert verdicts(report)["dV"] == "wrong", str(report)
    assert verdicts(report)["dW"] == "right", str(report)


def test_only_what_is_alike_where_it_is_too_small_is_cut_off():
    rng = np.random.default_rng(0)
    truths = [{"W": rng.normal(size=(3, 4))} for _ in range(2)]
    clipped = [{"dW": np.clip(t["W"], -0.5, 0.5)} for t in truths]
    normed = [{"dW": t["W"] / np.linalg.norm(t["W"])} for t in truths]
    halves = [{"dW": t["W"] / 2} for t in truths]
    signs = [{"dW": np.clip(-t["W"], -0.5, 0.5)} for t in truths]
    some = [{"dW": np.where(np.abs(t["W"]) > 0.5, 0.9 * t["W"], t["W"])} for t in truths]
    right = [{"dW": t["W"]} for t in truths]
    assert [is_cut(f, truths) for f in (clipped, normed)] == [True, True]
    assert [is_cut(f, truths) for f in (halves, signs, some, right)] == [False] * 4


LOSSES = {
    "the cross-entropy": lambda A, Y: -Y / A,
    "the binary cross-entropy": lambda A, Y: -Y / A + (1 - Y) / (1 - A),
    "half the sum of squares": lambda A, Y: A - Y,
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_usual_loss_has_the_derivative_that_its_name_says(name):
    rng = np.random.default_rng(1)
    A, Y, d, h = rng.dirichlet(np.ones(3), size=4), np.eye(3)[[0, 2, 1, 0]], rng.normal(size=(4, 3)), 1e-6
    loss = dict(losses_for(A, Y))[name]
    slope = (loss(A + h * d, Y) - loss(A - h * d, Y)) / (2 * h)
    assert np.isclose(slope, np.sum(LOSSES[name](A, Y) * d), 1e-6)


def test_labels_are_tried_as_indices_only_where_they_fit():
    scores = np.zeros((4, 3))
    assert [says for says, _ in forms_of(np.array([0, 2, 1, 0]), scores)] == [", one-hot"]
    assert list(forms_of(np.array([0, 3, 1, 0]), scores)) == []
    assert list(forms_of(np.array([0.5, 2, 1, 0]), scores)) == []


def test_a_multiple_is_one_in_every_entry():
    g = np.array([1.0, -2.0, 3.0])
    assert factor(0.1 * g, g) == pytest.approx(0.1)
    assert factor(-0.1 * g, g) == pytest.approx(-0.1)
    assert factor(0.1 * g + [0, 0, 1e-3], g) is None
    assert factor(np.zeros(3), g) is None


def test_data_that_cannot_be_loaded_are_made_up_and_said(checked):
    text = """\
X = np.load("features.npy")
y = np.load("labels.npy")
w, b = 0.1 * np.ones(X.shape[1]), 0.0
for i in range(5):
    E = np.tanh(X @ w + b) - y
    loss = np.sum(E**2) / 2
    d = E * (1 - (E + y) ** 2)
    dw = X.T @ d
    db = d.sum()
    w = w - 0.001 * dw
    b = b - 0.001 * db
"""
    assert checked(text).ok, str(checked(text))
    assert checked(text.replace("= X.T @ d", "= X.T @ E")).having("wrong") == ["dw"]


@pytest.mark.parametrize(("name", "kind"), [("X_train", "X"), ("labels", "Y"), ("y", "Y"), ("images", "X"), ("W", None),
                                            ("learning_rate", None), ("losses", None)])  # fmt: skip
def test_data_are_made_up_by_name_alone(name, kind):
    assert kind_of(name) == kind


NEVER_CALLED = {
    "a function": ("""\
def train(X, y, rate=0.1, epochs=10):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in range(epochs):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        cost = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        dw, db = X.T @ (p - y) / len(y), np.mean(p - y)
        w = w - rate * dw
        b = b - rate * db
    return w, b
""", ("X.T @ (p - y) / len(y)", "X.T @ (p - y)"), {"dw"}),
    "a class": ("""\
class Regression:
    def __init__(self, rate=0.1):
        self.rate = rate
    def fit(self, X, y):
        self.weights, self.bias = np.zeros(X.shape[1]), 0
        for i in range(100):
            E = X @ self.weights + self.bias - y
            self.loss = np.mean(E**2) / 2
            dw, db = X.T @ E / len(y), np.mean(E)
            self.weights -= self.rate * dw
            self.bias -= self.rate * db
""", ("np.mean(E)\n", "np.sum(E)\n"), {"dbias"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "change", "wrong"), NEVER_CALLED.values(), ids=NEVER_CALLED.keys())
def test_what_trains_and_is_never_called_is_called_on_data_that_are_made_up(checked, text, change, wrong):
    report = checked(text)
    assert report.ok, str(report)
    assert "Called on data that are made up" in str(report)
    assert set(checked(text.replace(*change)).having("wrong")) == wrong


def test_variables_of_one_turn_come_in_one_order_whatever_their_hashes_are(program):
    """Of two names for one dict the first is read, and a verdict must not depend on which that is."""
    names = ["gradients", "grads", "found", "all_of_them", "g", "back", "result", "d"]
    ran = program("for i in range(2):\n    " + " = ".join(names) + " = {'W': 1.0 * i}\n")
    (start,) = ran.loops.starts.values()
    turn = Turn(ran.loops, start, ran.module)
    end = [name for name in turn.run(turn.fresh()) if name in names]
    assert end == sorted(names, key=lambda name: (-len(name), name))


def test_a_turn_leaves_the_program_as_it_was(program):
    ran = program(NET)
    before = {name: np.array(vars(ran.module)[name]) for name in ("W", "V", "b", "loss")}
    with silence():
        report = check_task(task_of(ran.module, ran), suggest=False, seconds=0.2, seed=SEED)
    assert report.ok
    assert all(np.array_equal(vars(ran.module)[name], value) for name, value in before.items())
    assert "turn" not in vars(ran.module)
    assert isinstance(ran.loops, Loops)


RISING = """
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 3))
y = (X @ [1.0, -2.0, 0.5] + rng.normal(size=30) > 0) * 1.0
def log_likelihood(w):
    z = X @ w
    return np.sum(y * z - np.log1p(np.exp(z)))
w = np.zeros(3)
for step in range(50):
    p = 1 / (1 + np.exp(-X @ w))
    w += 0.01 * X.T @ (y - p)
    if step % 10 == 0:
        print(log_likelihood(w))
"""
RISING_CLASS = """
class Classifier:
    def __init__(self, n):
        self.theta, self.bias = np.full(n, 0.1), 0.0
    def mean_log_likelihood(self, X, t):
        q = self.probability(X)
        return np.mean(t * np.log(q) + (1 - t) * np.log(1 - q))
    def probability(self, X):
        return 1 / (1 + np.exp(-(X @ self.theta + self.bias)))
    def fit(self, X, t, rate=0.5):
        self.history = []
        for _ in range(30):
            e = t - self.probability(X)
            self.theta = self.theta + rate * (e @ X) / len(t)
            self.bias = self.bias + rate * np.mean(e)
            likelihood = self.mean_log_likelihood(X, t)
            self.history.append(likelihood)
rng = np.random.default_rng(1)
X = rng.normal(size=(40, 2))
Classifier(2).fit(X, (X[:, 0] > X[:, 1]) * 1.0)
"""


@pytest.mark.parametrize(
    ("text", "change"),
    [(RISING, ("(y - p)", "((y - p) * p)")), (RISING_CLASS, ("(e @ X) / len(t)", "(e @ X) / len(t) / 2"))],
)
def test_a_likelihood_that_updates_add_to_is_the_cost_with_the_other_sign(checked, text, change):
    report = checked(text)
    assert report.ok, str(report)
    assert "of what is made larger" in " ".join(str(report).split())
    assert not getattr(checked(text.replace(*change)), "ok", False)


def test_a_loss_that_updates_add_the_gradient_of_is_said_to_be_made_larger(checked):
    text = "X = np.arange(12.0).reshape(6, 2) / 6\ny = X @ [1.0, -2.0]\nw = np.zeros(2)\n"
    text += "for i in range(9):\n    r = X @ w - y\n    loss = np.mean(r**2)\n    w += 0.1 * 2 * X.T @ r / 6\n"
    assert checked(text.replace("+=", "-=")).ok
    assert "makes it larger" in str(checked(text))


DECAY = """
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X[:, :1] > 0) * 1.0
W, b, V, c = 0.3 * rng.normal(size=(3, 5)), np.zeros(5), 0.3 * rng.normal(size=(5, 1)), 0.0
for i in range(20):
    h = np.tanh(X @ W + b)
    p = 1 / (1 + np.exp(-(h @ V + c)))
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    d = (p - y) / 40
    dV, dc = h.T @ d + 0.01 * V, d.sum()
    dh = d @ V.T * (1 - h**2)
    dW, db = X.T @ dh + 0.01 * W, dh.sum(axis=0)
    W, b, V, c = W - 0.5 * dW, b - 0.5 * db, V - 0.5 * dV, c - 0.5 * dc
"""
RIDGE = """
class Ridge:
    def __init__(self, n, alpha):
        self.w, self.b, self.alpha = np.ones(n), 0.0, alpha
    def fit(self, X, y, rate=0.05):
        for epoch in range(20):
            e = X @ self.w + self.b - y
            mse = np.mean(e**2)
            self.w -= rate * (2 * X.T @ e / len(y) + 2 * self.alpha * self.w)
            self.b -= rate * 2 * e.mean()
            print(epoch, mse)
X = np.random.default_rng(0).normal(size=(20, 3))
Ridge(3, 0.1).fit(X, X @ [1.0, 2.0, 3.0])
"""


@pytest.mark.parametrize("text", [DECAY, RIDGE])
def test_a_decay_of_all_weights_that_a_printed_cost_lacks_is_no_mistake_and_is_said(checked, text):
    report = checked(text)
    assert report.ok, str(report)
    assert "It lacks what the updates take away beside" in " ".join(str(report).split())


@pytest.mark.parametrize(
    ("text", "change", "wrong"),
    [
        (DECAY, ("dh + 0.01 * W", "dh + 0.02 * W"), {"dW", "dV"}),
        (DECAY, ("dh + 0.01 * W", "dh"), {"dV"}),
        (DECAY, ("dh + 0.01 * W", "dh - 0.01 * W"), {"dW", "dV"}),
        (DECAY, ("h.T @ d +", "2 * h.T @ d +"), {"dV"}),
        (RIDGE, ("+ 2 * self.alpha", "- 2 * self.alpha"), {"dw"}),
        (RIDGE, ("2 * X.T @ e / len(y)", "2 * X.T @ e / len(y) * 3"), {"dw"}),
    ],
)
def test_what_decays_in_some_layers_or_otherwise_is_wrong(checked, text, change, wrong):
    assert change[0] in text
    assert set(checked(text.replace(*change)).having("wrong")) >= wrong
