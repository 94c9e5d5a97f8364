"""Time and size of what is drawn of large graphs, beside the time to run, record and walk them.

A recurrent network over 400 moments, a network of 110 layers, and random operations that nothing repeats; a chain of
doublings and one of 100,000 operations. With Playwright and a Chromium, also how long the page takes from a key to the
next picture, by the browser's own clock.

python benchmarks/drawing.py [--rounds 3] [--no-browser]
"""

import argparse
import contextlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import viz
from tinygrad_dnn import Tensor, record

STEPS = 40  # keys that are pressed
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
TWO_FRAMES = """() => new Promise((done) => {
  const start = performance.now();
  KEY
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""
KEY = 'document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));'

RNG = np.random.default_rng(1)
WORDS = RNG.normal(size=(400, 2, 2))
X, Y = RNG.normal(size=(6, 8)), (RNG.random((1, 8)) > 0.5).astype(float)
DEPTH = 250


def recurrent(p: dict[str, Any]) -> Any:
    h = np.zeros((3, 2))
    for x in WORDS:
        h = np.tanh(np.dot(p["W"], h) + np.dot(p["U"], x) + p["b"])
    return np.mean(h**2)


def deep(p: dict[str, Any]) -> Any:
    A = X
    for l in range(1, DEPTH):
        Z = np.dot(p[f"W{l}"], A) + p[f"b{l}"]
        A = 1 / (1 + np.exp(-Z))
    A = 1 / (1 + np.exp(-np.dot(p[f"W{DEPTH}"], A)))
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def tangled(p: dict[str, Any]) -> Any:
    """2,000 operations of random kinds on random earlier results."""
    rng, known = np.random.default_rng(7), [p["a"], p["b"]]
    for _ in range(1000):
        x, y = (known[i] for i in rng.integers(max(0, len(known) - 40), len(known), 2))
        known.append([np.tanh(x + y), np.sin(x * y), np.exp(-((x - y) ** 2))][rng.integers(3)])
    return np.sum(sum(known[-40:]))


def graphs() -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    sizes = [6] * DEPTH + [1]
    weights = {f"W{l}": RNG.normal(size=(sizes[l], sizes[l - 1])) for l in range(1, DEPTH + 1)}
    weights |= {f"b{l}": np.zeros((6, 1)) for l in range(1, DEPTH)}
    own = {"W": RNG.normal(size=(3, 3)) / 2, "U": RNG.normal(size=(3, 2)), "b": np.zeros((3, 1))}
    two = {"a": RNG.normal(size=3), "b": RNG.normal(size=3)}
    return {"recurrent": (recurrent, own), "deep": (deep, weights), "tangled": (tangled, two)}


def walked(cost: Callable[..., Any], parameters: dict[str, Any]) -> Any:
    it = record(cost, parameters)
    it.cost.backward()
    return it


def best(rounds: int, do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, the least of some rounds, and what came of it."""
    times, found = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        found = do()
        times.append(time.perf_counter() - start)
    return min(times), found


@contextlib.contextmanager
def browser(wanted: bool) -> Iterator[Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not wanted or not found:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


def stepping(chromium: Any, page: Any) -> str:
    """Milliseconds from a key to the second frame after it: the median, the longest, and of two frames alone."""
    if chromium is None:
        return "-"
    with tempfile.TemporaryDirectory() as folder:
        window = chromium.new_page(viewport={"width": 1440, "height": 950})
        window.goto(page.save(Path(folder) / "page.html").as_uri())
        still = statistics.median(window.evaluate(TWO_FRAMES.replace("KEY", "")) for _ in range(STEPS))
        times = [window.evaluate(TWO_FRAMES.replace("KEY", KEY)) for _ in range(STEPS)]
        window.close()
    return f"{statistics.median(times):.0f} / {max(times):.0f} / {still:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="the least of so many counts (default: %(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="do not measure the stepping")
    options = parser.parse_args()
    print("graph      tensors  recorded s  SVG s  ratio  page s  ratio  page kB  step ms: median / longest / idle")
    with browser(not options.no_browser) as chromium:
        for name, (cost, parameters) in graphs().items():
            recorded, it = best(options.rounds, lambda c=cost, p=parameters: walked(c, p))
            drawn, _ = best(options.rounds, lambda it=it: viz.draw(it).svg())
            seconds, page = best(options.rounds, lambda c=cost, p=parameters: viz.page(c, p))
            kilobytes = len(page.source.encode()) / 1000
            print(
                f"{name:10} {len(it.tensors):7,}  {recorded:10.2f}  {drawn:5.2f}  {drawn / recorded:5.1f}  "
                f"{seconds:6.2f}  {seconds / recorded:5.1f}  {kilobytes:7,.0f}  {stepping(chromium, page)}"
            )
    y = Tensor(1.0)
    for _ in range(18):
        y = y + y
    seconds, drawing = best(options.rounds, lambda: viz.draw(y, fold="none"))
    print(f"18 doublings: {drawing.source.count('[label=<<TABLE')} nodes, {seconds:.3f} s")
    y = Tensor(1.0)
    for _ in range(100_000):
        y = y + 1.0
    print(f"100,000 operations in a chain: {best(1, lambda: viz.draw(y).svg())[0]:.2f} s")


if __name__ == "__main__":
    main()
