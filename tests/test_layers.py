"""Layers that are objects, each by itself: whatever they return, leave in themselves, and are made with."""

import json
import textwrap
import warnings

import pytest

from tinygrad_dnn.cli import main

LEAVING = {
    "all is left in the object": """
        class Join:
            def __init__(self, n_in, n_out):
                self.weights = 0.3 * np.random.randn(n_in, n_out)
                self.biases = np.zeros((1, n_out))
            def forward(self, inputs):
                self.inputs = inputs
                self.output = inputs @ self.weights + self.biases
            def backward(self, dvalues):
                self.dweights = self.inputs.T @ dvalues
                self.dbiases = dvalues.sum(axis=0, keepdims=True)
                self.dinputs = FACTOR * dvalues @ self.weights.T

        class Bend:
            def forward(self, z):
                self.a = np.tanh(z)
            def backward(self, da):
                self.dz = FACTOR * da * (1 - self.a**2)
    """,
    "gradients in a tuple, of what goes in last": """
        class Join:
            def __init__(self, n_in, n_out):
                self.w, self.b = 0.3 * np.random.randn(n_in, n_out), np.zeros(n_out)
            def forward(self, data):
                return data @ self.w + self.b, (data,)
            def backward(self, above, kept):
                (data,) = kept
                return data.T @ above, above.sum(0), FACTOR * above @ self.w.T
    """,
    "gradients in a dict": """
        class Join:
            def __init__(self, n_in, n_out):
                self.w, self.b = 0.3 * np.random.randn(n_in, n_out), np.zeros(n_out)
            def forward(self, x):
                self.seen = x
                return x @ self.w + self.b
            def backward(self, dout):
                return {"dw": self.seen.T @ dout, "db": dout.sum(0), "dx": FACTOR * dout @ self.w.T}
    """,
    "a loss of each example, and the gradient of its mean": """
        class Surprise:
            def forward(self, p, y):
                p = np.clip(p, 1e-7, 1 - 1e-7)
                if y.ndim == 1:
                    return -np.log(p[range(len(p)), y])
                return -np.log(np.sum(p * y, axis=1))
            def backward(self, dvalues, y):
                y = np.eye(dvalues.shape[1])[y] if y.ndim == 1 else y
                self.dinputs = -FACTOR * y / dvalues / len(y)
    """,
    "a loss that is told the labels alone on the way back": """
        class Squares:
            def forward(self, guess, target):
                self.off = guess - target
                return np.mean(self.off**2)
            def backward(self, target):
                return FACTOR * 2 * self.off / target.size
    """,
    "a loss that is given its own softmax on the way back": """
        class Both:
            def forward(self, scores, y):
                e = np.exp(scores - scores.max(axis=1, keepdims=True))
                self.output = e / e.sum(axis=1, keepdims=True)
                return -np.mean(np.log(self.output[range(len(y)), y]))
            def backward(self, dvalues, y):
                d = dvalues.copy()
                d[range(len(d)), y] -= 1
                self.dscores = FACTOR * d / len(d)
    """,
}  # fmt: skip


IMAGES = {
    "filters by the words of their names": """
        class Filters:
            def __init__(self, in_channels, out_channels, kernel_size, stride=1):
                self.k, self.s = kernel_size, stride
                self.w = 0.3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
                self.b = np.zeros(out_channels)
            def cut(self, i, j):
                return (slice(None), slice(None), slice(i * self.s, i * self.s + self.k),
                        slice(j * self.s, j * self.s + self.k))
            def forward(self, x):
                self.x = x
                rows, columns = ((n - self.k) // self.s + 1 for n in x.shape[2:])
                self.output = np.zeros((len(x), len(self.w), rows, columns))
                for i in range(rows):
                    for j in range(columns):
                        patch = x[self.cut(i, j)]
                        self.output[:, :, i, j] = np.tensordot(patch, self.w, ((1, 2, 3), (1, 2, 3))) + self.b
            def backward(self, dout):
                self.dw, self.db, self.dx = np.zeros_like(self.w), dout.sum((0, 2, 3)), np.zeros_like(self.x)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        self.dw += np.tensordot(dout[:, :, i, j], self.x[self.cut(i, j)], (0, 0))
                        self.dx[self.cut(i, j)] += FACTOR * np.tensordot(dout[:, :, i, j], self.w, (1, 0))
    """,
    "windows in two numbers, and channels last": """
        class Means:
            def __init__(self, pool_size, stride):
                (self.high, self.wide), self.stride = pool_size, stride
            def forward(self, x):
                self.shape = x.shape
                n, h, w, c = x.shape
                out = np.zeros((n, (h - self.high) // self.stride + 1, (w - self.wide) // self.stride + 1, c))
                for i in range(out.shape[1]):
                    for j in range(out.shape[2]):
                        a, b = i * self.stride, j * self.stride
                        out[:, i, j] = x[:, a:a + self.high, b:b + self.wide].mean(axis=(1, 2))
                return out
            def backward(self, dout):
                dx = np.zeros(self.shape)
                for i in range(dout.shape[1]):
                    for j in range(dout.shape[2]):
                        a, b = i * self.stride, j * self.stride
                        share = dout[:, i:i + 1, j:j + 1] / (self.high * self.wide)
                        dx[:, a:a + self.high, b:b + self.wide] += FACTOR * share
                return dx
    """,
    "as the file makes it, of what no name tells": """
        class Blur:
            def __init__(self, recipe):
                n, sides = recipe["channels"], recipe["sides"]
                assert sides == [6, 6]
                self.sides, self.w = sides, 0.3 * np.random.randn(n, n)
            def forward(self, x):
                self.seen = x
                return np.tanh(x @ self.w)
            def backward(self, dout):
                d = dout * (1 - np.tanh(self.seen @ self.w) ** 2)
                self.dw = self.seen.T @ d
                return FACTOR * d @ self.w.T

        def build(data):
            return [Blur({"channels": 9, "sides": [6, 6]}), Blur(data)]
    """,
}  # fmt: skip


EVERY = LEAVING | IMAGES


def verdicts_on(tmp_path, capsys, text, factor="1"):
    path = tmp_path / "bricks.py"
    path.write_text("import numpy as np\n" + textwrap.dedent(text).replace("FACTOR", factor))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    out, err = capsys.readouterr()
    found = json.loads(out) if out else {"gradients": [], "text": err}
    return {row["name"]: row["verdict"] for row in found["gradients"]}, found["text"]


@pytest.mark.parametrize("said", EVERY)
def test_a_layer_is_checked_whatever_it_returns_or_leaves_in_itself(tmp_path, capsys, said):
    verdicts, text = verdicts_on(tmp_path, capsys, EVERY[said])
    assert any(name.startswith("dx") for name in verdicts), text
    assert set(verdicts.values()) == {"right"}, text


@pytest.mark.parametrize("said", EVERY)
def test_a_mistake_in_what_goes_back_is_never_called_right(tmp_path, capsys, said):
    verdicts, text = verdicts_on(tmp_path, capsys, EVERY[said], "1.5")
    off = {name: verdict for name, verdict in verdicts.items() if name.startswith("dx")}
    assert set(off.values()) == {"unchecked" if "each example" in said else "wrong"}, text
    assert all(verdict == "right" for name, verdict in verdicts.items() if name not in off), text


TOGETHER = """
    import lost_library

    data = lost_library.digits().astype(float)

    class Map:
        def __init__(self, wide, narrow):
            self.kept = None
            self.w = {"val": 0.3 * np.random.randn(wide, narrow), "grad": 0}
        def _forward(self, x):
            self.kept = x
            return x @ self.w["val"]
        def _backward(self, dout):
            self.w["grad"] = FACTOR * self.kept.T @ dout
            return dout @ self.w["val"].T

    class Shares:
        def __init__(self):
            self.kept = None
        def _forward(self, z):
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        def _backward(self, dout):
            return dout

    def surprise_forward(guess, Y):
        return np.sum(-Y * np.log(guess + 1e-10))

    def surprise_backward(guess, Y):
        return guess - Y
"""


def test_layers_are_checked_where_data_are_lost_and_their_constructors_set_none(tmp_path, capsys):
    verdicts, text = verdicts_on(tmp_path, capsys, TOGETHER)
    assert {name: said for name, said in verdicts.items() if "Map" in name} == {
        "dval of Map": "right",
        "dx of Map": "right",
    }
    assert verdicts_on(tmp_path, capsys, TOGETHER, "1.5")[0]["dval of Map"] == "wrong", text


def test_a_loss_that_gives_the_output_less_the_labels_is_not_wrong_alone(tmp_path, capsys):
    verdicts, text = verdicts_on(tmp_path, capsys, TOGETHER)
    assert {"right", "unchecked"} == set(verdicts.values()), text
    assert "by the scores" in " ".join(text.split())


COARSE = """
    class Flat:
        def forward(self, x):
            self.shape = x.shape
            out = np.zeros((len(x), x[0].size), dtype="float32")
            out[:] = x.reshape(len(x), -1)
            return out
        def backward(self, dout):
            return dout.reshape(self.shape)

    class Windows:
        def __init__(self, kernel_size, in_channels, out_channels):
            self.w = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        def forward(self, x):
            seen = np.lib.stride_tricks.sliding_window_view(x, self.w.shape[2:], axis=(2, 3))
            self.seen = seen
            return np.einsum("ijklmn,ojmn->iokl", seen, self.w)
        def backward(self, dout):
            self.dw = np.einsum("ijklmn,iokl->ojmn", self.seen, dout)
"""


def test_what_cannot_be_recorded_hides_no_other_layer_and_single_precision_is_nothing_wrong(tmp_path, capsys):
    verdicts, text = verdicts_on(tmp_path, capsys, COARSE)
    assert set(verdicts.values()) == {"right"}, text
    assert len(verdicts) == 2, text


MOVING = """
    class Rule:
        def __init__(self):
            self.speed, self.mean, self.square = SPEED, 0, 0
        def update(self, arrays, gradients):
            for a, g in zip(arrays, gradients):
                RULE

    class Brick:
        def __call__(self, x):
            return self.forward(x)
        def forward(self, x):
            self.seen = x
            self._forward_pass(x)
            return self.output
        def backward(self, above):
            self.above = above
            self._backward_pass(above)
            return self.below

    class Link(Brick):
        def __init__(self, n_in, n_out):
            self.w, self.b, self.rule = np.random.randn(n_in, n_out), np.zeros(n_out), Rule()
        def _forward_pass(self, x):
            self.output = np.tanh(x @ self.w + self.b)
        def _backward_pass(self, above):
            d = above * (1 - self.output**2)
            self.below = d @ self.w.T
            self.rule.update([self.w, self.b], [FACTOR self.seen.T @ d, d.sum(0)])

    class Level(Brick):
        def __init__(self, n_in):
            self.training = False
        def _forward_pass(self, x):
            mean, spread = (x.mean(0), x.std(0)) if self.training else (0.0, 1.0)
            self.spread, self.output = spread, (x - mean) / spread
        def _backward_pass(self, above):
            n = self.output
            self.below = (above - above.mean(0) - n * (above * n).mean(0)) / self.spread
"""
PLAIN, SIGNS = "a -= self.speed * g", "a -= self.speed * np.sign(g)"


@pytest.mark.parametrize(
    ("rule", "factor", "verdict"), [(PLAIN, "", "right"), (SIGNS, "", "unchecked"), (PLAIN, "2 *", "unchecked")]
)
def test_what_a_layer_is_moved_by_is_its_gradient_in_proportion(tmp_path, capsys, rule, factor, verdict):
    text = MOVING.replace("RULE", rule).replace("SPEED", "0.03")
    verdicts, said = verdicts_on(tmp_path, capsys, text, factor)
    found = {tuple(name.removeprefix("d").split(" of ")): v for name, v in verdicts.items()}
    assert all(v == "right" for (name, *_), v in found.items() if name == "x"), said
    assert [v for (name, *_), v in found.items() if name in "wb"] == [verdict] * 2, said


def test_a_gradient_that_another_method_adds_up_is_no_zero_and_one_that_is_given_twice_is_no_other(tmp_path, capsys):
    text = """
        class Apart:
            def __init__(self, n_in, n_out):
                self.w, self.grad_w = np.random.randn(n_in, n_out), np.zeros((n_in, n_out))
            def forward(self, x):
                self.x = x
                return x @ self.w
            def backward(self, dout):
                return dout @ self.w.T
            def add_up(self, dout):
                self.grad_w += self.x.T @ dout

        class Words:
            def __init__(self, n_in, n_out):
                self.w, self.grad_w = np.random.randn(n_in, n_out), np.zeros((n_in, n_out))
            def forward(self, x):
                self.x = x
                return x @ self.w
            def backward(self, dout):
                self.grad_w += self.x.T @ dout
                return self.x.T @ dout
    """
    verdicts, said = verdicts_on(tmp_path, capsys, text)
    assert "wrong" not in verdicts.values(), said
    assert "right" in verdicts.values(), said
