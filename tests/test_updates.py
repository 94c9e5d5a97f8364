"""Gradients that exist only inside an update: entry by entry, row by row, one statement after the other."""

import textwrap

import pytest

from tinygrad_dnn.checking import check_task
from tinygrad_dnn.program.limits import silence, unasked
from tinygrad_dnn.program.recognition import UnknownError, task_of
from tinygrad_dnn.program.running import run_program

SEED = 4


@pytest.fixture
def checked(tmp_path):
    """The report on a program, or None where it says nothing."""

    def check(text):
        path = tmp_path / "homework.py"
        path.write_text("import numpy as np\n" + textwrap.dedent(text))
        with silence(), unasked(str(path)):
            program = run_program(path)
            try:
                task = task_of(program.module, program)
            except UnknownError:
                return None
            return task and check_task(task, seed=SEED, suggest=False)

    return check


def verdicts(report):
    return {row.name: row.verdict for row in report.rows}


TASTES = """
rng = np.random.default_rng(8)
stars = np.array([[0, 4, 2, 0], [5, 0, 0, 1], [3, 0, 4, 2]])
people, films = rng.random((3, 2)), rng.random((2, 4))
for sweep in range(30):
    for a in range(3):
        for b in range(4):
            if stars[a, b] > 0:
                gap = stars[a, b] - people[a] @ films[:, b]
                for k in range(2):
                    old = people[a, k]
                    people[a, k] += 0.01 * (2 * gap * films[k, b] - 0.1 * people[a, k])
                    films[k, b] += 0.01 * (2 * gap * old - 0.1 * films[k, b])
"""
WITH_BIASES = """
rng = np.random.default_rng(8)
class Tastes:
    def __init__(self):
        self.U, self.V, self.c, self.d = rng.random((4, 3)), rng.random((5, 3)), rng.random(4), rng.random(5)
    def learn(self, seen):
        for a, b, r in seen:
            gap = r - (3.0 + self.c[a] + self.d[b] + self.U[a] @ self.V[b])
            self.c[a] += 0.05 * (gap - 0.3 * self.c[a])
            self.d[b] += 0.05 * (gap - 0.3 * self.d[b])
            self.U[a], self.V[b] = (self.U[a] + 0.05 * (gap * self.V[b] - 0.02 * self.U[a]),
                                    self.V[b] + 0.05 * (gap * self.U[a] - 0.02 * self.V[b]))
tastes = Tastes()
for epoch in range(20):
    tastes.learn([(0, 1, 4.0), (3, 2, 1.0), (2, 4, 5.0)])
"""


@pytest.mark.parametrize("text", [TASTES, WITH_BIASES], ids=["entries", "biases"])
def test_ratings_that_are_factorised_one_by_one_are_right_in_every_factor(checked, text):
    report = checked(text)
    assert len(verdicts(report)) in (2, 4)
    assert set(verdicts(report).values()) == {"right"}


def test_a_factor_whose_partner_was_moved_before_is_wrong_and_that_is_said(checked):
    report = checked(TASTES.replace("gap * old", "gap * people[a, k]"))
    assert verdicts(report) == {"dpeople": "right", "dfilms": "wrong"}
    assert "dfilms would be right: the same turn has moved by then what it is computed with" in " ".join(report.notes)


def test_a_planted_mistake_in_one_factor_is_wrong(checked):
    report = checked(WITH_BIASES.replace("gap * self.U[a] - 0.02", "gap * self.V[b] - 0.02"))
    assert verdicts(report) == {"dc": "right", "dd": "right", "dU": "right", "dV": "wrong"}


def test_what_goes_down_one_factor_after_the_other_is_not_wrong(checked):
    report = checked("""
        rng = np.random.default_rng(3)
        R, A, B = rng.normal(size=(6, 5)), rng.normal(size=(6, 2)), rng.normal(size=(2, 5))
        for sweep in range(50):
            loss = 0.5 * np.sum((R - A @ B) ** 2)
            A -= 0.01 * (A @ B - R) @ B.T
            B -= 0.01 * A.T @ (A @ B - R)
    """)
    assert verdicts(report) == {"dA": "right", "dB": "unchecked"}


PAIRS_OF_WORDS = """
rng = np.random.default_rng(8)
text = [0, 3, 1, 4, 2, 3]
E, C = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
squash = lambda z: 1 / (1 + np.exp(-z))
for epoch in range(5):
    for i, word in enumerate(text):
        for j in range(len(text)):
            if abs(i - j) > 1 or i == j:
                continue
            v, others = E[word], rng.choice(5, 2)
            hit, miss = squash(C[text[j]] @ v), squash(C[others] @ v)
            loss = -np.log(hit) - np.sum(np.log(1 - miss))
            dv = (hit - 1) * C[text[j]] + miss @ C[others]
            C[text[j]] -= 0.1 * (hit - 1) * v
            for q, other in zip(miss, others):
                C[other] -= 0.1 * q * v
            E[word] -= 0.1 * dv
"""


@pytest.mark.parametrize(
    ("change", "wrong"),
    [(("", ""), set()), (("0.1 * q * v", "0.1 * (q - 1) * v"), {"dC"}), (("miss @", "-miss @"), {"dE"})],
)
def test_where_the_first_turn_is_skipped_a_later_one_is_looked_at(checked, change, wrong):
    report = checked(PAIRS_OF_WORDS.replace(*change) if change[0] else PAIRS_OF_WORDS)
    assert {name for name, said in verdicts(report).items() if said == "wrong"} == wrong
    assert "It is read in the first turn that takes the branch in" in " ".join(report.notes)


DATA = "rng = np.random.default_rng(8)\nX, y = rng.normal(size=(9, 3)), (rng.random(9) > 0.5).astype(int)\n"
NAMELESS = {
    "in one expression": "w = np.zeros(3)\nfor k in range(9):\n    w = w - 0.1 * X.T @ (X @ w - y) / 9\n",
    "in two numbers": (
        "a, c = 0.0, 0.0\nfor k in range(9):\n    da, dc = 0, 0\n    for u, v in [(1.0, 2), (2.0, 3), (4.0, 7)]:\n"
        "        da += -2 * u * (v - (a * u + c))\n        dc += -2 * (v - (a * u + c))\n"
        "    a, c = a - 0.01 * da, c - 0.01 * dc\n"
    ),
    "of probabilities": (
        "w, c = np.zeros(3), 0.0\nfor i in range(9):\n    q = 1 / (1 + np.exp(-(X[i] @ w + c)))\n"
        "    w += 0.1 * (y[i] - q) * X[i]\n    c += 0.1 * (y[i] - q)\n"
    ),
}


@pytest.mark.parametrize("text", NAMELESS.values(), ids=NAMELESS)
def test_an_error_that_has_no_name_tells_the_loss(checked, text):
    assert set(verdicts(checked(DATA + text)).values()) == {"right"}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("in one expression", ("X.T @ (X @ w - y)", "X.T @ (X @ w - y) * w")),
        ("in two numbers", ("-2 * u * (", "-2 * (")),
    ],
)
def test_what_is_the_gradient_of_no_loss_of_a_nameless_error_is_not_called_right(checked, kind, change):
    report = checked(DATA + NAMELESS[kind].replace(*change))
    assert report is None or "right" not in list(verdicts(report).values())[1:]


TRUTH_TABLE = """
rng = np.random.default_rng(8)
X, T = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]
A, a, B, b = rng.random((3, 2)), rng.random(3), rng.random(3), 0.3
s = lambda z: 1 / (1 + np.exp(-z))
for epoch in range(50):
    for i in range(4):
        h = s(A @ X[i] + a)
        o = s(B @ h + b)
        last = (T[i] - o) * o * (1 - o)
        inner = last * B * h * (1 - h)
        B = B + 0.5 * last * h
        b = b + 0.5 * last
        A = A + 0.5 * np.outer(inner, X[i])
        a = a + 0.5 * inner
"""


@pytest.mark.parametrize(
    ("change", "wrong"),
    [(("", ""), set()), (("outer(inner, X[i])", "outer(inner, h[1:])"), {"dA"}), (("* h * (1 - h)", ""), {"dA", "da"})],
)
def test_an_example_with_few_zeros_moves_what_the_first_does_not(checked, change, wrong):
    found = verdicts(checked(TRUTH_TABLE.replace(*change) if change[0] else TRUTH_TABLE))
    assert set(found) == {"dA", "da", "dB", "db"}
    assert {name for name, said in found.items() if said == "wrong"} == wrong


TWO_NUMBERS = """
def valley(u, v):
    return (u - 2) ** 2 + 3 * (v + u) ** 2
def by_u(u, v):
    return 2 * (u - 2) + 6 * (v + u)
def by_v(u, v):
    return 6 * (v + u)
u, v = 4.0, -3.0
for k in range(40):
    a, b = by_u(u, v), by_v(u, v)
    u, v = u - 0.05 * a, v - 0.05 * b
"""
VECTOR = """
def bowl(t):
    return (t[0] - 3) ** 2 + 2 * (t[1] + 1) ** 4
def descend(f, slope, begin):
    t, memory = np.array(begin), np.zeros(2)
    for k in range(100):
        s = slope(t)
        memory = 0.9 * memory + 0.1 * s**2
        t = t - 0.05 * s / (np.sqrt(memory) + 1e-8)
    return t
descend(bowl, lambda t: np.array([2 * (t[0] - 3), 8 * (t[1] + 1) ** 3]), [0.0, 0.5])
"""
INLINE = """
rng = np.random.default_rng(8)
X, y = rng.normal(size=(30, 3)), rng.normal(size=30)
w, c = np.zeros(3), 0.0
p, q, P, Q = np.zeros(3), np.zeros(3), 0.0, 0.0
for t in range(1, 100):
    gap = X @ w + c - y
    loss = np.mean(gap**2)
    p = 0.9 * p + 0.1 * (2 * X.T @ gap / 30)
    q = 0.999 * q + 0.001 * (2 * X.T @ gap / 30) ** 2
    P = 0.9 * P + 0.1 * 2 * gap.mean()
    Q = 0.999 * Q + 0.001 * (2 * gap.mean()) ** 2
    w -= 0.01 * (p / (1 - 0.9**t)) / (np.sqrt(q / (1 - 0.999**t)) + 1e-8)
    c -= 0.01 * (P / (1 - 0.9**t)) / (np.sqrt(Q / (1 - 0.999**t)) + 1e-8)
"""


@pytest.mark.parametrize("text", [TWO_NUMBERS, VECTOR, INLINE], ids=["two numbers", "a vector", "in memories"])
def test_what_a_demonstration_goes_down_is_its_cost_whatever_the_rule_of_its_steps(checked, text):
    report = checked(text)
    assert set(verdicts(report).values()) == {"right"}


def test_a_wrong_derivative_by_one_of_two_numbers_is_wrong(checked):
    assert verdicts(checked(TWO_NUMBERS.replace("return 6 * (v + u)", "return 6 * (v - u)"))) == {
        "du": "right",
        "dv": "wrong",
    }


@pytest.mark.parametrize(
    ("text", "change"),
    [(VECTOR, ("8 * (t[1] + 1) ** 3", "8 * (t[1] + 1) ** 2")), (INLINE, ("0.1 * (2 * X.T", "0.1 * (2 * w * X.T"))],
)
def test_what_is_not_found_under_a_rule_is_neither_right_nor_wrong(checked, text, change):
    report = checked(text.replace(*change))
    said = verdicts(report) if report is not None else {}
    assert said.get("dt", said.get("dw", "unchecked")) == "unchecked"
    assert "wrong" not in said.values()


def test_a_layer_that_stands_still_at_first_because_the_next_one_is_zero_is_learnt(checked):
    report = checked(
        DATA
        + """
A, B = rng.normal(size=(3, 4)), np.zeros(4)
for k in range(20):
    h = np.tanh(X @ A)
    e = h @ B - y
    loss = 0.5 * np.sum(e**2)
    B, A = B - 0.01 * h.T @ e, A - 0.01 * X.T @ (np.outer(e, B) * (1 - h**2))
"""
    )
    assert verdicts(report) == {"dA": "right", "dB": "right"}


def test_an_error_that_a_function_computes_of_its_arguments_tells_the_loss(checked):
    report = checked("""
        def slope(guess, goal, by):
            return 2 * (guess - goal) * guess * (1 - guess) * by
        one, two, three = 0.3, -0.2, 0.1
        for k in range(60):
            row = [(0.5, 1.5, 1), (2.0, -1.0, 0), (-1.0, 0.3, 1)][k % 3]
            guess = 1 / (1 + np.exp(-(one * row[0] + two * row[1] + three)))
            one -= 0.1 * slope(guess, row[2], row[0])
            two -= 0.1 * slope(guess, row[2], row[1])
            three -= 0.1 * slope(guess, row[2], 1)
    """)
    assert set(verdicts(report).values()) == {"right"}
    assert len(verdicts(report)) == 3


NEVER_CALLED = """
class Tastes:
    def __init__(self, size=3, rate=0.05, decay=0.1, epochs=10):
        self.size, self.rate, self.decay, self.epochs = size, rate, decay, epochs
        self.U = self.V = None
    def begin(self, table):
        self.U = np.random.rand(int(table[:, 0].max()) + 1, self.size)
        self.V = np.random.rand(int(table[:, 1].max()) + 1, self.size)
    def sweep(self, table):
        for a, b, r in table:
            gap = r - self.U[a] @ self.V[b]
            du = self.decay * self.U[a] - gap * self.V[b]
            dv = self.decay * self.V[b] - gap * self.U[a]
            self.U[a] = self.U[a] - self.rate * du
            self.V[b] = self.V[b] - self.rate * dv
    def fit(self, table):
        self.begin(table)
        for epoch in range(self.epochs):
            self.sweep(table)
"""


@pytest.mark.parametrize(("change", "wrong"), [(("", ""), set()), (("- gap * self.U[a]", "- gap * self.V[b]"), {"dV"})])
def test_what_is_given_as_rows_of_three_is_called_on_ratings(checked, change, wrong):
    report = checked(NEVER_CALLED.replace(*change) if change[0] else NEVER_CALLED)
    assert set(verdicts(report)) == {"dU", "dV"}
    assert {name for name, said in verdicts(report).items() if said == "wrong"} == wrong
    assert "who, what, and how much" in " ".join(report.notes)


def test_a_loop_in_what_a_training_method_calls_is_looked_at(checked):
    report = checked("""
        class Line:
            def fit(self, X, y):
                self.w = np.zeros(X.shape[1])
                self.run(X, y)
            def run(self, X, y):
                for k in range(10):
                    self.w += 0.01 * X.T @ (y - X @ self.w)
    """)
    assert verdicts(report) == {"dw": "right"}


MARGINS = """
rng = np.random.default_rng(8)
X = rng.normal(size=(12, 3))
y = np.where(X[:, 0] > X[:, 1], 1, -1)
w, b = np.zeros(3), 0.0
for epoch in range(20):
    for i in range(12):
        if y[i] * (X[i] @ w - b) >= 1:
            w -= 0.01 * (2 * 0.1 * w)
        else:
            w -= 0.01 * (2 * 0.1 * w - y[i] * X[i])
            b -= 0.01 * y[i]
"""
THRESHOLD = """
rng = np.random.default_rng(8)
class Unit:
    def __init__(self):
        self.w, self.b = np.zeros(3), 0.0
    def total(self, x):
        return x @ self.w + self.b
    def fires(self, x):
        return np.where(self.total(x) >= 0.0, 1, -1)
    def learn(self, X, y):
        for epoch in range(5):
            for x, t in zip(X, y):
                by = 0.1 * (t - self.fires(x))
                self.w += by * x
                self.b += by
X = rng.normal(size=(12, 3))
Unit().learn(X, np.where(X[:, 0] > X[:, 1], -1, 1))
"""


@pytest.mark.parametrize(("text", "limit"), [(MARGINS, "1"), (THRESHOLD, "0.0")], ids=["a margin", "a threshold"])
def test_a_rule_that_moves_nothing_beyond_a_limit_goes_down_a_hinge(checked, text, limit):
    report = checked(text)
    assert verdicts(report) == {"dw": "right", "db": "right"}
    assert f"and {limit}, but for a factor" in " ".join(report.notes)


@pytest.mark.parametrize(
    ("text", "change"), [(MARGINS, ("b -= 0.01 * y", "b += 0.01 * y")), (THRESHOLD, ("self.b += by", "self.b -= by"))]
)
def test_what_goes_down_no_hinge_is_not_called_wrong(checked, text, change):
    report = checked(text.replace(*change))
    said = verdicts(report) if report is not None else {}
    assert "wrong" not in said.values()
    assert said.get("db") != "right"


def test_the_slope_of_an_error_that_is_an_input_is_not_found_under_a_rule(checked):
    report = checked("""
        rng = np.random.default_rng(8)
        w, c = [0.3, -0.2], 0.1
        for x, t in [((0.5, 1.5), 1.0), ((2.0, 0.4), 0.2), ((1.0, 0.3), -1.0)] * 9:
            h = [np.tanh(x[0]), np.tanh(x[1])]
            error = w[0] * h[0] + w[1] * h[1] + c - t
            w = [v - 0.1 * np.sign(error) * abs(error) ** 0.5 * k for v, k in zip(w, h)]
            c = c - 0.1 * np.sign(error) * abs(error) ** 0.5
    """)
    assert report is None or not {"right", "wrong"} & set(verdicts(report).values())


def test_a_function_that_ends_the_program_is_no_cost(checked):
    report = checked(
        DATA
        + """
def data_of(kind):
    raise SystemExit("unknown")
    return 1.0
w = np.zeros(3)
for k in range(9):
    w = w - 0.1 * X.T @ (X @ w - y)
"""
    )
    assert verdicts(report) == {"dw": "right"}
