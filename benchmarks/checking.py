"""A check of a 20-10-5-1 network with 50 examples beside torch.autograd.gradcheck, in one run, as ratios.

python benchmarks/checking.py          needs pip install torch==2.13.0
"""

import itertools
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1])]

from tinygrad_dnn import check  # noqa: E402

ROUNDS = 15
SIZES, EXAMPLES = (20, 10, 5, 1), 50


def forward(p, X):
    A1 = np.maximum(0, p["W1"] @ X + p["b1"])
    A2 = np.maximum(0, p["W2"] @ A1 + p["b2"])
    return A1, A2, 1 / (1 + np.exp(-(p["W3"] @ A2 + p["b3"])))


def cost(p, X, Y):
    AL = forward(p, X)[2]
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))


def gradients(p, X, Y):
    A1, A2, AL = forward(p, X)
    dZ3 = (AL - Y) / Y.size
    dZ2 = (p["W3"].T @ dZ3) * (A2 > 0)
    dZ1 = (p["W2"].T @ dZ2) * (A1 > 0)
    found = {}
    for layer, (dZ, A) in enumerate(((dZ1, X), (dZ2, A1), (dZ3, A2)), 1):
        found |= {f"dW{layer}": dZ @ A.T, f"db{layer}": dZ.sum(axis=1, keepdims=True)}
    return found


def gradchecked(torch, p, X, Y):
    """The same network, and gradcheck of all its parameters."""
    tensors = [torch.tensor(value, requires_grad=True) for value in p.values()]
    X, Y = torch.tensor(X), torch.tensor(Y)

    def f(W1, b1, W2, b2, W3, b3):
        A2 = torch.relu(W2 @ torch.relu(W1 @ X + b1) + b2)
        AL = torch.sigmoid(W3 @ A2 + b3)
        return -(Y * torch.log(AL) + (1 - Y) * torch.log(1 - AL)).mean()

    return lambda: torch.autograd.gradcheck(f, tensors)


def main():
    import torch

    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(SIZES[0], EXAMPLES)), (rng.random((1, EXAMPLES)) > 0.5).astype(float)
    p = {}
    for layer, (n, m) in enumerate(itertools.pairwise(SIZES), 1):
        p |= {f"W{layer}": 0.4 * rng.normal(size=(m, n)), f"b{layer}": 0.1 * rng.normal(size=(m, 1))}
    mine = lambda seconds: check(lambda q: cost(q, X, Y), lambda q: gradients(q, X, Y), p, seconds=seconds)
    contestants = {
        "torch.autograd.gradcheck": gradchecked(torch, p, X, Y),
        "check, every entry against the recording, confirmed along directions": lambda: mine(0),
        "check, every entry against the recording and against differences": lambda: mine(1.0),
    }
    seconds = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            started = time.perf_counter()
            found = run()
            seconds[name].append(time.perf_counter() - started)
            assert found is True or found.ok
    base = median(seconds["torch.autograd.gradcheck"])
    entries = sum(value.size for value in p.values())
    print(f"{entries} entries, {ROUNDS} rounds: the median in milliseconds, and as a part of gradcheck's")
    for name, times in seconds.items():
        print(f"{1e3 * median(times):8.1f}  {median(times) / base:6.3f}  {name}")


if __name__ == "__main__":
    main()
