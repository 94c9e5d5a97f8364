"""What lies beside a file, and is imported and called by it, is watched as the file is."""

import json

import pytest

from tinygrad_dnn.cli import main

NET = """
import numpy as np

class TwoLayers:
    def __init__(self, d, h, k):
        rng = np.random.default_rng(0)
        self.params = {"W1": 0.4 * rng.normal(size=(d, h)), "W2": 0.4 * rng.normal(size=(h, k))}

    def objective(self, X, y):
        H = np.tanh(X @ self.params["W1"])
        S = H @ self.params["W2"]
        P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
        value = -np.log(P[np.arange(len(y)), y]).mean()
        P[np.arange(len(y)), y] -= 1
        dS = P / len(y)
        return value, {"W2": H.T @ dS, "W1": X.T @ (dS @ self.params["W2"].T * (1 - H**2))}

    def fit(self, X, y, rate, times):
        history = []
        for _ in range(times):
            value, grads = self.objective(X, y)
            history.append(value)
            for name in self.params:
                self.params[name] -= rate * grads[name]
        return history
"""
SCRIPT = """
import numpy as np
from models.net import TwoLayers

rng = np.random.default_rng(1)
X, y = rng.normal(size=(20, 3)), rng.integers(0, 4, 20)
print(TwoLayers(3, 5, 4).fit(X, y, rate=0.1, times=30)[-1])
"""
LOSSES = """
import numpy as np

def hinge(W, X, y, strength):
    S = X @ W
    margins = np.maximum(0, S - S[np.arange(len(y)), y][:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    counts = (margins > 0) * 1.0
    counts[np.arange(len(y)), y] = -counts.sum(axis=1)
    dW = X.T @ counts / len(y) + 2 * strength * W
    return margins.sum() / len(y) + strength * np.sum(W * W), dW
"""
CALLS = """
import numpy as np
import losses

rng = np.random.default_rng(1)
W, X, y = 0.1 * rng.normal(size=(3, 4)), rng.normal(size=(20, 3)), rng.integers(0, 4, 20)
loss, grad = losses.hinge(W, X, y, 0.1)
print(loss, np.linalg.norm(grad))
"""


def checked(tmp_path, capsys, text, beside):
    for name, content in beside.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    path = tmp_path / "handed_in.py"
    path.write_text(text)
    main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    found = json.loads(capsys.readouterr().out)
    return {row["name"]: row["verdict"] for row in found["gradients"]}, " ".join(found["text"].split())


@pytest.mark.parametrize(("change", "wrong"), [(("", ""), set()), (("(1 - H**2)", "(1 - H)"), {"dW1"})])
def test_a_training_in_a_module_beside_is_seen_in_the_run_of_the_file(tmp_path, capsys, change, wrong):
    found, said = checked(tmp_path, capsys, SCRIPT, {"models/__init__.py": "", "models/net.py": NET.replace(*change)})
    assert set(found) == {"dW1", "dW2"}, said
    assert {name for name, verdict in found.items() if verdict == "wrong"} == wrong
    assert {name for name, verdict in found.items() if verdict == "right"} == set(found) - wrong
    assert "the loop of net.py, lines 20 to 24 in TwoLayers.fit updates" in said


@pytest.mark.parametrize(("change", "verdict"), [(("", ""), "right"), (("2 * strength", "strength"), "wrong")])
def test_a_cost_in_a_module_beside_is_judged_on_the_data_that_the_file_gives_it(tmp_path, capsys, change, verdict):
    found, said = checked(tmp_path, capsys, CALLS, {"losses.py": LOSSES.replace(*change)})
    assert found == {"dW": verdict}, said
    assert "As the file calls hinge(W, X, y, strength)" in said
