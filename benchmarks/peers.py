"""A step, the cost and all its gradients, beside the same step written by hand and by other libraries.

Every contestant computes the same numbers, or the table is not printed. Rounds are interleaved, so that what else the
machine does falls on all; a ratio is taken within a round, to the step by hand, and the median and the middle half of
the ratios are printed. The floor is the matrix products of the step alone.

python benchmarks/peers.py [--rounds 15] [--float32] [--write FILE.md] [--plot FILE.svg]

The others take part where they are installed: pip install "tinygrad_dnn[benchmark]".
"""

import argparse
import compileall
import contextlib
import gc
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import tinygrad_dnn
from tinygrad_dnn import value_and_grad

Arrays = dict[str, Any]
Step = Callable[[], tuple[float, Arrays]]
NETWORKS = {
    "2-4-1, 4 examples": ("tanh", [2, 4, 1], 4),
    "12288-20-7-5-1, 209 examples": ("relu", [12288, 20, 7, 5, 1], 209),
    "784-256-128-1, 512 examples": ("relu", [784, 256, 128, 1], 512),
}
WARM = 4  # steps before one is measured: a step is replayed from the fourth on
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


def recorder(n: Network, replay: bool = False) -> Step:
    tanh, layers = n.hidden == "tanh", n.layers

    def cost(p: Arrays, X: Any, Y: Any) -> Any:
        A = X
        for l in range(1, layers):
            Z = np.matmul(p[f"W{l}"], A) + p[f"b{l}"]
            A = np.tanh(Z) if tanh else np.maximum(0, Z)
        A = 1 / (1 + np.exp(-(np.matmul(p[f"W{layers}"], A) + p[f"b{layers}"])))
        return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1]

    step = value_and_grad(cost, replay=replay)

    def run() -> tuple[float, Arrays]:
        value, g = step(n.p, n.X, n.Y)
        return float(value), g

    return run


def replay(n: Network) -> Step:
    return recorder(n, replay=True)


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
    "replay": ("", replay),
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
            for _ in range(WARM):
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


def peak(build: Callable[[Network], Step], n: Network) -> int:
    """Bytes that a step holds at most as tracemalloc sees NumPy's: with what was kept from the steps before it."""
    tracemalloc.start()
    step = build(n)
    for _ in range(WARM):
        step()
    gc.collect()
    tracemalloc.reset_peak()
    step()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def resident(name: str, title: str, dtype: Any) -> float:
    """MB by which the process of a contestant grows at most in its steps, each in a process of its own."""
    code = [sys.executable, __file__, "--resident", name, title, np.dtype(dtype).name]
    return float(subprocess.run(code, capture_output=True, text=True, check=True).stdout)


def grown(name: str, title: str, dtype: str) -> float:
    n = Network(*NETWORKS[title], np.dtype(dtype))
    step = CONTESTANTS[name][1](n)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew; Linux only
    before = status("VmRSS")
    for _ in range(WARM + 1):
        step()
    return status("VmHWM") - before


def status(name: str) -> float:
    """A line of the process's own status, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn (default: %(default)s)")
    parser.add_argument("--float32", action="store_true", help="in single precision")
    parser.add_argument("--only", action="append", default=[], choices=list(CONTESTANTS), help="some of them")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables there as Markdown")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the times there, as SVG, PNG or PDF")
    parser.add_argument("--resident", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.resident:
        print(grown(*options.resident))
        return
    dtype = np.float32 if options.float32 else np.float64
    columns: dict[str, dict[str, str]] = {}
    memory: dict[str, dict[str, str]] = {}
    process: dict[str, dict[str, str]] = {}
    medians: dict[str, dict[str, float]] = {}
    for title, (hidden, sizes, m) in NETWORKS.items():
        n = Network(hidden, sizes, m, dtype)
        steps = dict(entered(n, set(options.only)))
        held = {name: peak(CONTESTANTS[name][1], n) for name in ("by hand", "recorder", "replay") if name in steps}
        memory[title] = {name: f"{found / held['by hand']:.2f}" for name, found in held.items()}
        if Path("/proc/self/clear_refs").exists():
            process[title] = {name: f"{resident(name, title, dtype):.1f}" for name in steps}
        for name, ratios in race(steps, options.rounds).items():
            low, middle, high = np.percentile(ratios, [25, 50, 75])
            columns.setdefault(name, {})[title] = f"{middle:.2f} ({low:.2f} to {high:.2f})"
            medians.setdefault(name, {})[title] = float(middle)
    tables = [
        table("time, by hand = 1", columns),
        table("peak of a step as tracemalloc sees it, by hand = 1", by_name(memory)),
        table("MB by which the process grows", by_name(process)),
    ]
    text = "\n".join([*tables, imports(options.rounds), machine(dtype, options.rounds)])
    print(text)
    if options.write:
        options.write.write_text(text)
    if options.plot:
        plot(medians, options.plot)


def by_name(columns: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    names = dict.fromkeys(name for column in columns.values() for name in column)
    return {name: {title: column.get(name, "") for title, column in columns.items()} for name in names}


def plot(medians: dict[str, dict[str, float]], path: Path) -> None:
    """A dot for each contestant and network, on a line that begins at 1, the step by hand: to the left is faster."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    names = [name for name in medians if name not in ("by hand", "matrix products")]
    for axes, title in zip(figure.subplots(1, len(NETWORKS), sharey=True), NETWORKS, strict=True):
        if "matrix products" in medians:
            floor = medians["matrix products"][title]
            axes.axvline(floor, color="#8a8378", ls=":", label="the matrix products alone")
        axes.axvline(1, color="#f2a65a", label="by hand")
        for i, name in enumerate(names):
            value, colour = medians[name][title], "#1b3a5c" if name in ("recorder", "replay") else "#8a8378"
            axes.plot([1, value], [i, i], color=colour, lw=1.5)
            axes.plot(value, i, "o", color=colour)
            where = {"xytext": (-7, 0), "ha": "right"} if value < 1 else {"xytext": (7, 0), "ha": "left"}
            white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            axes.annotate(
                f"{value:.2f}", (value, i), textcoords="offset points", va="center", fontsize=8, bbox=white, **where
            )
        axes.set(xscale="log", xlim=(0.1, 30), ylim=(len(names) - 0.4, -0.6))
        axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        axes.set_yticks(range(len(names)), names)
        axes.set_title(title, fontsize=9)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
    figure.supxlabel("time of a step, by hand = 1", fontsize=9)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2, frameon=False, fontsize=8)
    figure.savefig(path)


def table(what: str, rows: dict[str, dict[str, str]]) -> str:
    """In Markdown: a row for each contestant, a column for each network."""
    lines = [f"| {what} | {' | '.join(NETWORKS)} |", "|---|" + "---|" * len(NETWORKS)]
    lines += [f"| {name} | {' | '.join(row.get(title, '') for title in NETWORKS)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"


def imports(rounds: int) -> str:
    """How long the import takes, beside that of NumPy, in new processes that take turns; compiled, as installed."""
    compileall.compile_dir(Path(tinygrad_dnn.__file__).parent, quiet=1)
    ratios = []
    for _ in range(rounds):
        times = []
        for module in ("numpy", "tinygrad_dnn"):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
            times.append(time.perf_counter() - start)
        ratios.append(times[1] / times[0])
    return f"A process that imports tinygrad_dnn takes {np.median(ratios):.2f} times one that imports numpy.\n"


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
