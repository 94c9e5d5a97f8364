"""How the cost of a step grows with the work: it must stay linear in the operations, and in the size of the network.

The first table is a chain of operations, recorded and walked back: time and memory per operation. The others are the
steps of networks that grow in depth, width or examples, beside the same step by hand in the same rounds. They begin
after 40 calls, as the replay compares itself with the recorder at the 8th, 16th, 32nd and so on. The garbage collector
is off while the clock of the chains runs, as it is in timeit: it looks at a growing heap again and again.

python benchmarks/growth.py [--most 1000000] [--write FILE.md] [--plot FILE.svg]
"""

import argparse
import gc
import time
import timeit
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
from peers import Network, by_hand, race, recorder, replay

from tinygrad_dnn import Tensor

ROUNDS, WARM = 5, 40
GROWING: dict[str, tuple[list[int], Any]] = {
    "layers of 16 units, 32 examples": ([1, 3, 10, 30, 100, 300, 1000], lambda n: ([16] * n + [1], 32)),
    "units in each of 3 layers, 64 examples": ([4, 16, 64, 256, 1024], lambda n: ([n, n, n, 1], 64)),
    "examples, 20-20-5-1": ([1, 10, 100, 1_000, 10_000, 100_000], lambda n: ([20, 20, 5, 1], n)),
}


def chain(length: int) -> Tensor:
    y = Tensor(1.0)
    for _ in range(length):
        y = y * 1.0
    return y


def seconds(length: int) -> tuple[float, float]:
    """To record a chain and to walk it back, each the best of some rounds."""
    recording, walking = [], []
    gc.disable()
    for _ in range(ROUNDS if length <= 100_000 else 2):
        start = time.perf_counter()
        y = chain(length)
        recorded = time.perf_counter()
        y.backward()
        recording.append(recorded - start)
        walking.append(time.perf_counter() - recorded)
    gc.enable()
    return min(recording), min(walking)


def peak_bytes(length: int) -> int:
    tracemalloc.start()
    chain(length).backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def chains(most: int) -> tuple[str, list[tuple[int, float]]]:
    """The table of chains, and the time per operation of each."""
    lengths = [n for n in (10, 100, 1_000, 10_000, 100_000, 1_000_000) if n < most] + [most]
    lines = ["| operations | record, us each | walk back, us each | bytes each |", "|---|---|---|---|"]
    found = []
    for n in lengths:
        record, walk = seconds(n)
        lines.append(f"| {n:,} | {record / n * 1e6:.2f} | {walk / n * 1e6:.2f} | {peak_bytes(n) / n:.0f} |")
        found.append((n, (record + walk) / n * 1e6))
    return "\n".join(lines) + "\n", found


def networks(title: str, rounds: int) -> tuple[str, list[tuple[int, list[float]]]]:
    """The table of networks that grow, and the ratios to by hand, of the recorder and of the replay."""
    sizes, build = GROWING[title]
    lines = [f"| {title} | by hand, ms | recorder, by hand = 1 | replay, by hand = 1 |", "|---|---|---|---|"]
    found = []
    for size in sizes:
        layers, m = build(size)
        n = Network("tanh", layers, m, np.float64)
        steps = {"by hand": by_hand(n), "recorder": recorder(n), "replay": replay(n)}
        for _ in range(WARM):
            for step in steps.values():
                step()
        ratios = {name: float(np.median(values)) for name, values in race(steps, rounds).items()}
        alone = min(timeit.repeat(steps["by hand"], number=1, repeat=10)) * 1e3
        lines.append(f"| {size:,} | {alone:.3g} | {ratios['recorder']:.2f} | {ratios['replay']:.2f} |")
        found.append((size, [ratios["recorder"], ratios["replay"]]))
    return "\n".join(lines) + "\n", found


def plot(per_operation: Any, ratios: dict[str, Any], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5.2), layout="constrained")
    first, *others = figure.subplots(2, 2).flat
    first.plot(*zip(*per_operation, strict=True), color="#1b3a5c", marker="o", markersize=4)
    first.set(xscale="log", ylim=(0, None), xlabel="operations in a chain", ylabel="us per operation")
    for axes, (title, found) in zip(others, ratios.items(), strict=True):
        values, pairs = zip(*found, strict=True)
        for label, colour, line in zip(
            ("recorder", "replay"), ("#8a8378", "#1b3a5c"), zip(*pairs, strict=True), strict=True
        ):
            axes.plot(values, line, color=colour, marker="o", markersize=4, label=label)
        axes.axhline(1, color="#f2a65a", label="by hand")
        axes.set(xscale="log", yscale="log", ylim=(0.1, 10), xlabel=title, ylabel="by hand = 1")
        axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    others[0].legend(frameon=False, fontsize=8)
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=1_000_000, help="the longest chain (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the networks (default: %(default)s)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables there as Markdown")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them there, as SVG, PNG or PDF")
    options = parser.parse_args()
    text, per_operation = chains(options.most)
    tables, ratios = [text], {}
    for title in GROWING:
        text, ratios[title] = networks(title, options.rounds)
        tables.append(text)
    print("\n".join(tables))
    if options.write:
        options.write.write_text("\n".join(tables))
    if options.plot:
        plot(per_operation, ratios, options.plot)


if __name__ == "__main__":
    main()
