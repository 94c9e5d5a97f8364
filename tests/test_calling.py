"""What nothing in a file calls is called as its own code says: objects, settings, indices, tables of fitting shapes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from uncalled import PROGRAMS

from tinygrad_dnn.cli import main
from tinygrad_dnn.program.recognition.calling import reads_data
from tinygrad_dnn.program.recognition.refitting import every_size, refitted
from tinygrad_dnn.program.recognition.solving import Leaf, Strict, opened, solutions
from tinygrad_dnn.program.recognition.uses import Uses, uses_of
from tinygrad_dnn.program.recognition.values import USUAL, layouts


def verdicts(tmp_path, capsys, text):
    (tmp_path / "work.py").write_text(text)
    code = main(["check", str(tmp_path / "work.py"), "--json", "--no-suggest", "--seed", "3"])
    out = capsys.readouterr().out
    report = json.loads(out) if out else {"gradients": [], "text": ""}
    return {row["name"]: row["verdict"] for row in report["gradients"]}, code, report["text"]


@pytest.mark.parametrize(("text", "names", "_"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_what_nothing_calls_is_called_and_judged(tmp_path, capsys, text, names, _):
    found, code, said = verdicts(tmp_path, capsys, text)
    assert code == 0, said
    assert {n for n, v in found.items() if v == "right"} >= set(names.split()), said


@pytest.mark.thorough
@pytest.mark.parametrize(("text", "_", "mistake"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_mistake_in_what_nothing_calls_is_not_right(tmp_path, capsys, text, _, mistake):
    _, code, said = verdicts(tmp_path, capsys, text.replace(*mistake))
    assert code != 0, said


def test_a_mistake_that_the_first_label_hides_is_seen_in_the_next_turn(tmp_path, capsys):
    text = PROGRAMS["layers with a class of activations, and pairs of examples"][0]
    _, code, said = verdicts(tmp_path, capsys, text.replace("g = out - y", "g = out + y"))
    assert code != 0, said


def test_what_was_chosen_is_said(tmp_path, capsys):
    for key, chosen in {
        "an activation of which the first hands on what it is given": "act is a Tanh",
        "a function and its derivative": "act is relu, act_prime is relu_prime",
        "an optimizer of which the first is a mere base": "opt is a Momentum",
    }.items():
        _, _, said = verdicts(tmp_path, capsys, PROGRAMS[key][0])
        assert chosen in " ".join(said.split())


IDLE = """
import numpy as np

class Net:
    def __init__(self, n, k):
        self.W, self.V = np.random.randn(n, k), np.random.randn(k, k)

    def loss(self, X, Y):
        return np.mean((X @ self.W - Y) ** 2)

    def gradients(self, X, Y):
        return {"W": 2 * X.T @ (X @ self.W - Y) / Y.size, "V": np.zeros_like(self.V)}
"""


def test_a_gradient_of_what_moves_no_cost_is_told_though_it_is_nothing(tmp_path, capsys):
    found, code, said = verdicts(tmp_path, capsys, IDLE)
    assert found == {"dW": "right"}, said
    assert code == 0
    assert "V moved no cost where it was looked at" in " ".join(said.split())


CUT = """
import numpy as np

rng = np.random.default_rng(2)
X, T = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
W, b = rng.normal(size=(3, 2)), np.zeros(2)
for step in range(3):
    E = X @ W + b - T
    loss = 0.5 * np.sum(E**2)
    dW, db = X.T @ E, E.sum(axis=0)
    np.clip(dW, -9, 9, out=dW)
    np.clip(db, -9, 9, out=db)
    W -= 0.01 * dW
    b -= 0.01 * db
"""


@pytest.mark.parametrize("seed", range(4))
def test_where_a_single_entry_is_cut_off_at_another_point_nothing_is_called_wrong(tmp_path, capsys, seed):
    (tmp_path / "work.py").write_text(CUT)
    assert main(["check", str(tmp_path / "work.py"), "--no-suggest", "--seed", str(seed)]) == 0, capsys.readouterr().out


DIVIDED = """
import numpy as np

def softmax_loss(scores, y):
    m = scores.shape[0]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    d = p.copy()
    d[np.arange(m), y] -= 1
    return -np.mean(np.log(p[np.arange(m), y])), d
"""
LAYER = """
class Affine:
    def __init__(self, n, k):
        self.W = np.random.randn(n, k)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, d):
        self.dW = self.x.T @ d / len(d)
        return d @ self.W.T
"""


def test_a_loss_whose_layers_divide_by_the_examples_is_not_wrong_and_without_them_it_is(tmp_path, capsys):
    alone, _, said = verdicts(tmp_path, capsys, DIVIDED)
    assert set(alone.values()) == {"wrong"}, said
    found, _, said = verdicts(tmp_path, capsys, DIVIDED + LAYER)
    assert found["dscores"] == "unchecked", said
    assert "7 times" in said


# The parts


def scale(weights, bias, inputs, count, where, kinds, mode="a"):
    if mode == "b" or kinds == "plain":
        return np.zeros((count, count))
    first, second = kinds
    inputs = first * inputs + second
    for layer in bias:
        inputs = layer.forward(inputs)
    return weights[where] @ inputs.T


def test_what_is_done_with_an_argument_is_read_off_the_code():
    told = {name: uses_of(scale, name) for name in ("weights", "bias", "inputs", "count", "where", "kinds", "mode")}
    assert told["count"].size
    assert not told["count"].index
    assert told["where"].is_an_index
    assert told["bias"].element.methods == {"forward"}
    assert told["inputs"].table
    assert told["kinds"].words == ["plain"]
    assert list(told["kinds"].pieces) == ["first", "second"]


def test_the_shapes_of_several_arguments_are_found_one_by_one():
    def run(given):
        hidden = np.tanh(given["W"] @ given["x"] + given["b"])
        return given["V"] @ hidden - given["t"]

    open_ones = {name: opened(name, of(**how), True) for name, how in
                 {"W": {"table": True}, "b": {"added": True}, "V": {"table": True}}.items()}  # fmt: skip
    given = {"x": np.ones((USUAL.features, 1)), "t": np.ones((USUAL.classes, 1))} | open_ones
    found = next(solutions(run, given, USUAL, []))
    n, h, c = USUAL.features, USUAL.hidden, USUAL.classes
    assert [np.shape(found[name]) for name in ("W", "b", "V")] == [(h, n), (h, 1), (c, h)]
    assert type(found["W"]) is np.ndarray


def of(**how):
    uses = Uses()
    for name, value in how.items():
        setattr(uses, name, value)
    return uses


def test_a_row_and_a_column_are_not_added_while_shapes_are_looked_for():
    column = np.ones((3, 1)).view(Strict)
    with pytest.raises(ValueError, match="larger than both"):
        column + np.ones(4).view(Leaf)
    with pytest.raises(ValueError, match="larger"):
        column + np.ones((3, 5)).view(Leaf)
    assert (column * np.ones((1, 4))).shape == (3, 4)


def test_sizes_that_code_has_fixed_are_learnt_from_what_it_raises():
    errors = [ValueError("shapes (7,4) and (784,10) not aligned: 4 (dim 1) != 784 (dim 0)"), ValueError("of no size")]
    assert next(refitted(errors, USUAL)) == USUAL._replace(features=784)
    seen = []
    for sizes in every_size(USUAL, raised := []):
        seen.append(sizes)
        if sizes.features == USUAL.features:
            raised.append(errors[0])
        elif sizes.classes == USUAL.classes:
            raised.append(ValueError("operands could not be broadcast together with shapes (7,3) (7,10) "))
    assert seen[-1] == USUAL._replace(features=784, classes=10)


def test_an_object_that_holds_itself_has_an_end(tmp_path, capsys):
    """A function that is given one is looked at for the data, which stand nowhere in it."""
    kept = SimpleNamespace(w=np.ones(2))
    kept.own = kept
    layout = next(iter(layouts(4, 3, True)))
    assert not reads_data(kept, layout)
    assert reads_data([{"a": layout.X}], layout)


TRIALS = """
import numpy as np
class Margins:
    def __init__(self, rate, strength, rounds, size, loud):
        self.rate, self.strength, self.rounds, self.size, self.loud = rate, strength, rounds, size, loud
    def signs(self, y, m):
        out = -np.ones((y.shape[0], m))
        for i in range(len(y)):
            out[i][y[i]] = 1
        return out
    def loss(self, x, y):
        away = np.maximum(0, 2 - y * x.dot(self.w)) ** 2
        return self.strength * np.sum(self.w ** 2) / 2 + np.mean(np.sum(away, axis=1))
    def slope(self, x, y):
        return self.strength * self.w - 2 * x.T.dot(y * np.maximum(0, 2 - y * x.dot(self.w))) / x.shape[0]
    def fit(self, x_train, y_train, x_test, y_test):
        self.m = y_train.max() + 1
        y_train, y_test = self.signs(y_train, self.m), self.signs(y_test, self.m)
        self.w = np.zeros([x_train.shape[1], self.m])
        for k in range(self.rounds):
            loss = self.loss(x_train, y_train)
            self.w -= self.rate * self.slope(x_train, y_train)
            if self.loud:
                print(loss, self.loss(x_test, y_test))
"""


def test_data_to_test_with_and_settings_without_known_names_are_given(tmp_path, capsys):
    """What has a method of arrays is no list, and what is never used as one is no table of data."""
    found, code, said = verdicts(tmp_path, capsys, TRIALS)
    assert (found, code) == ({"dw": "right"}, 0), said
    found, code, _ = verdicts(tmp_path, capsys, TRIALS.replace("- 2 * x.T", "- x.T"))
    assert (found.get("dw", "wrong"), code != 0) == ("wrong", True)
