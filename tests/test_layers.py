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


def verdicts_on(tmp_path, capsys, text, factor="1"):
    path = tmp_path / "bricks.py"
    path.write_text("import numpy as np\n" + textwrap.dedent(text).replace("FACTOR", factor))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    out, err = capsys.readouterr()
    found = json.loads(out) if out else {"gradients": [], "text": err}
    return {row["name"]: row["verdict"] for row in found["gradients"]}, found["text"]


@pytest.mark.parametrize("said", LEAVING)
def test_a_layer_is_checked_whatever_it_returns_or_leaves_in_itself(tmp_path, capsys, said):
    verdicts, text = verdicts_on(tmp_path, capsys, LEAVING[said])
    assert any(name.startswith("dx") for name in verdicts), text
    assert set(verdicts.values()) == {"right"}, text


@pytest.mark.parametrize("said", LEAVING)
def test_a_mistake_in_what_goes_back_is_never_called_right(tmp_path, capsys, said):
    verdicts, text = verdicts_on(tmp_path, capsys, LEAVING[said], "1.5")
    off = {name: verdict for name, verdict in verdicts.items() if name.startswith("dx")}
    assert set(off.values()) == {"unchecked" if "each example" in said else "wrong"}, text
    assert all(verdict == "right" for name, verdict in verdicts.items() if name not in off), text
