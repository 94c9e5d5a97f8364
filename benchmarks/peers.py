"""A step, the cost and all its gradients, beside the same step written by hand and by other libraries.

Every contestant computes the same numbers, or the table is not printed. Rounds are interleaved, so that what else the
machine does falls on all; a ratio is taken within a round, to the step by hand, and the median and the middle half of
the ratios are printed. The floor is the matrix products of the step alone.

python benchmarks/peers.py [--rounds 15] [--float32] [--write docs/speed.md]

The others take part where they are installed: pip install "tinygrad_dnn[benchmark]".
"""

import argparse
import contextlib
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from tinygrad_dnn import value_and_grad

Arrays = dict[str, Any]
Step = Callable[[], tuple[float, Arrays]]
NETWORKS = {
    "2-4-1, 4 examples": ("tanh", [2, 4, 1], 4),
    "12288-20-7-5-1, 209 examples": ("relu", [12288, 20, 7, 5, 1], 209),
    "784-256-128-1, 512 examples": ("relu", [784, 256, 128, 1], 512),
}
SLICE = 0.02  # seconds that a contestant runs in a round, at least once


class Network:
    """The sizes, the parameters and the data of one column."""

    def __init__(self, hidden: str, sizes: list[int], m: int, dtype: Any) -> None:
        rng = np.random.default_rng(1)
        self.hidden, self.sizes, self.layers = hidden, sizes, len(sizes) - 1
        self.X = rng.normal(size=(sizes[0], m)).astype(dtype)
        self.Y = (rng.random((1, m)) > 0.5).astype(dtype)
        self.p: Arrays = {}
        for l in range(1, len(sizes)):
            self.p[f"W{l}"] = (rng.normal(size=(sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1])).astype(dtype)
            self.p[f"b{l}"] = np.zeros((sizes[l], 1), dtype)

    def cost(self, xp: Any, relu: Callable[[Any], Any], p: Arrays, X: Any, Y: Any) -> Any:
        """As the notes write it, with the functions of a library."""
        A = X
        for l in range(1, self.layers):
            Z = xp.matmul(p[f"W{l}"], A) + p[f"b{l}"]
            A = xp.tanh(Z) if self.hidden == "tanh" else relu(Z)
        A = 1 / (1 + xp.exp(-(xp.matmul(p[f"W{self.layers}"], A) + p[f"b{self.layers}"])))
        return -xp.sum(Y * xp.log(A) + (1 - Y) * xp.log(1 - A)) / Y.shape[1]


def by_hand(n: Network) -> Step:
    """The formulas of the course notes: every layer's step gives dA_prev, dW and db, that of the first layer too."""
    m = n.X.shape[1]

    def run() -> tuple[float, Arrays]:
        A, caches = n.X, []
        for l in range(1, n.layers + 1):
            W, b = n.p[f"W{l}"], n.p[f"b{l}"]
            Z = np.dot(W, A) + b
            caches.append((A, W, Z))
            A = 1 / (1 + np.exp(-Z)) if l == n.layers else np.tanh(Z) if n.hidden == "tanh" else np.maximum(0, Z)
        cost = -np.sum(n.Y * np.log(A) + (1 - n.Y) * np.log(1 - A)) / m
        dA, gradients = -(n.Y / A - (1 - n.Y) / (1 - A)), {}
        for l in range(n.layers, 0, -1):
            A_prev, W, Z = caches[l - 1]
            if l == n.layers:
                s = 1 / (1 + np.exp(-Z))
                dZ = dA * s * (1 - s)
            elif n.hidden == "tanh":
                dZ = dA * (1 - np.tanh(Z) ** 2)
            else:
                dZ = np.array(dA, copy=True)
                dZ[Z <= 0] = 0
            gradients[f"W{l}"] = np.dot(dZ, A_prev.T) / m
            gradients[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True) / m
            dA = np.dot(W.T, dZ)
        return float(cost), gradients

    return run


def recorder(n: Network) -> Step:
    step = value_and_grad(lambda p: n.cost(np, lambda Z: np.maximum(0, Z), p, n.X, n.Y))

    def run() -> tuple[float, Arrays]:
        value, g = step(n.p)
        return float(value), g

    return run


def torch_step(n: Network) -> Step:
    import torch

    p = {k: torch.tensor(v, requires_grad=True) for k, v in n.p.items()}
    X, Y = torch.tensor(n.X), torch.tensor(n.Y)

    def run() -> tuple[float, Arrays]:
        J = n.cost(torch, torch.relu, p, X, Y)
        g = torch.autograd.grad(J, list(p.values()))
        return J.item(), {k: x.numpy() for k, x in zip(p, g, strict=True)}

    return run


def jax_step(n: Network) -> Step:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    step = jax.jit(jax.value_and_grad(lambda p: n.cost(jnp, lambda Z: jnp.maximum(0, Z), p, X, Y)))
    p, X, Y = {k: jnp.asarray(v) for k, v in n.p.items()}, jnp.asarray(n.X), jnp.asarray(n.Y)

    def run() -> tuple[float, Arrays]:
        J, g = step(p)
        return float(J), {k: np.asarray(x) for k, x in g.items()}

    return run


def autograd_step(n: Network) -> Step:
    import autograd
    import autograd.numpy as anp

    step = autograd.value_and_grad(lambda p: n.cost(anp, lambda Z: anp.maximum(0, Z), p, n.X, n.Y))

    def run() -> tuple[float, Arrays]:
        J, g = step(n.p)
        return float(J), g

    return run


def mygrad_step(n: Network) -> Step:
    import mygrad

    def run() -> tuple[float, Arrays]:
        p = {k: mygrad.tensor(v, copy=False) for k, v in n.p.items()}
        J = n.cost(mygrad, lambda Z: mygrad.maximum(0, Z), p, n.X, n.Y)
        J.backward()
        return float(J), {k: t.grad for k, t in p.items()}

    return run


def products(n: Network) -> Step:
    """The matrix products of a step: one forward, and two backward but for the first layer, which needs one."""
    As = [n.X]
    for l in range(1, n.layers + 1):
        As.append(n.p[f"W{l}"] @ As[-1])

    def run() -> tuple[float, Arrays]:
        for l in range(1, n.layers + 1):
            n.p[f"W{l}"] @ As[l - 1]
        for l in range(n.layers, 0, -1):
            As[l] @ As[l - 1].T
            if l > 1:
                n.p[f"W{l}"].T @ As[l]
        return 0.0, {}

    return run


CONTESTANTS: dict[str, tuple[str, Callable[[Network], Step]]] = {
    "by hand": ("", by_hand),
    "recorder": ("", recorder),
    "PyTorch": ("torch", torch_step),
    "JAX jit": ("jax", jax_step),
    "autograd": ("autograd", autograd_step),
    "MyGrad": ("mygrad", mygrad_step),
    "matrix products": ("", products),
}


def entered(n: Network, wanted: set[str]) -> Iterator[tuple[str, Step]]:
    """Who is installed and comes to the same numbers; whoever comes to others is an error."""
    expected: tuple[float, Arrays] | None = None
    for name, (_, build) in CONTESTANTS.items():
        if wanted and name not in wanted and name != "by hand":
            continue
        with contextlib.suppress(ImportError):
            step = build(n)
            cost, gradients = step()
            expected = expected or (cost, gradients)
            if name != "matrix products":
                tolerance = 1e-9 if n.X.dtype == np.float64 else 1e-3
                np.testing.assert_allclose(cost, expected[0], tolerance, err_msg=f"{name}: the cost")
                for key, g in gradients.items():
                    size = np.max(np.abs(expected[1][key]))
                    np.testing.assert_allclose(
                        g, expected[1][key], tolerance, tolerance * size, err_msg=f"{name}: d{key}"
                    )
            yield name, step


def seconds(step: Step, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - start) / count


def race(steps: dict[str, Step], rounds: int) -> dict[str, list[float]]:
    """By name, the ratio to the step by hand in each round; who begins changes from round to round."""
    counts = {name: max(1, int(SLICE / max(seconds(step, 1), 1e-6))) for name, step in steps.items()}
    names, found = list(steps), {name: list[float]() for name in steps}
    for r in range(rounds):
        turn = r % len(names)
        times = {name: seconds(steps[name], counts[name]) for name in names[turn:] + names[:turn]}
        for name in names:
            found[name].append(times[name] / times["by hand"])
    return found


def peak(step: Step) -> int:
    """Bytes that a step holds at most, as tracemalloc sees NumPy's."""
    tracemalloc.start()
    step()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn (default: %(default)s)")
    parser.add_argument("--float32", action="store_true", help="in single precision")
    parser.add_argument("--only", action="append", default=[], choices=list(CONTESTANTS), help="some of them")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table there as Markdown")
    options = parser.parse_args()
    dtype = np.float32 if options.float32 else np.float64
    columns: dict[str, dict[str, str]] = {}
    memory: dict[str, dict[str, str]] = {}
    for title, (hidden, sizes, m) in NETWORKS.items():
        n = Network(hidden, sizes, m, dtype)
        steps = dict(entered(n, set(options.only)))
        held = peak(steps["by hand"])
        memory[title] = {k: f"{peak(s) / held:.2f}" for k, s in steps.items() if k in ("by hand", "recorder")}
        for name, ratios in race(steps, options.rounds).items():
            low, middle, high = np.percentile(ratios, [25, 50, 75])
            columns.setdefault(name, {})[title] = f"{middle:.2f} ({low:.2f} to {high:.2f})"
    text = table("time", columns) + "\n" + table("memory", by_name(memory)) + "\n" + machine(dtype, options.rounds)
    print(text)
    if options.write:
        options.write.write_text(f"# Speed\n\n{__doc__.partition(chr(10) * 2)[2].partition('python')[0]}\n{text}")


def by_name(columns: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    names = dict.fromkeys(name for column in columns.values() for name in column)
    return {name: {title: column.get(name, "") for title, column in columns.items()} for name in names}


def table(what: str, rows: dict[str, dict[str, str]]) -> str:
    """In Markdown: a row for each contestant, a column for each network."""
    lines = [f"| {what}, by hand = 1 | {' | '.join(NETWORKS)} |", "|---|" + "---|" * len(NETWORKS)]
    lines += [f"| {name} | {' | '.join(row.get(title, '') for title in NETWORKS)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"


def machine(dtype: Any, rounds: int) -> str:
    packages = [package for package, _ in CONTESTANTS.values() if package]
    known = [f"NumPy {np.__version__}"]
    for package in packages:
        with contextlib.suppress(Exception):
            known.append(f"{package} {version(package)}")
    return (
        f"{np.dtype(dtype).name}, Python {platform.python_version()}, {', '.join(known)}; "
        f"{statistics.mode([rounds])} rounds; {platform.machine()}.\n"
    )


if __name__ == "__main__":
    main()
