"""Costs, and the sizes of gradients, over the steps of a training."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..label import GRADIENT, MUTED, VALUE
from ..text import number
from .given import Array, are_names, array_of, listed, listed_names, plain, short, shorts
from .lines import BAND, DASHES, Line, chart, drawable, remarks, shades, stretch
from .picture import Picture, tint, write

VANISHING, EXPLODING = 1e-6, 1e3
SHARE = 0.08  # of the height of the axes, for the words on a ground
PALE = 0.08  # the depth of a ground, on which the grid is still seen


def curves(costs: Any, *, labels: Sequence[str] | None = None, log: bool = False) -> Picture:
    """Costs over the steps: a sequence of numbers, a sequence of such, or a dict {label: sequence}."""
    runs = runs_of(costs, listed_names(labels))
    lines = []
    for i, ((name, y), color) in enumerate(zip(runs, shades(VALUE, len(runs)), strict=True)):
        lines.append(Line(name, np.arange(len(y)), y, {"color": color, "linestyle": DASHES[i % len(DASHES)]}))
    figure = chart("curves", lines, "step ", None, yscale="log" if log else "linear", xlabel="step", ylabel="cost")
    names = shorts([line.name for line in lines])
    fates = [f"{name} {fate(line.y, log)}".lstrip() for name, line in zip(names, lines, strict=True)]
    return Picture(figure, f"Costs: {listed(fates, '; ')}." if len(runs) > 1 or runs[0][0] else f"The cost {fates[0]}.")


def gradients(history: Sequence[Mapping[str, Any]]) -> Picture:
    """The root mean square of each gradient over the steps, from a dict {"dW1": array, ...} for each step.

    The nearer a layer is to the cost, the darker its line; names that differ in more than the number, as dW1 and db1
    do, differ in their dashes. Where there is one layer, the later in the dict, the darker.
    """
    sizes = sizes_of(history)
    depths = {name: layer_of(name) for name in sizes}
    if len(set(depths.values())) == 1:
        depths = {name: i for i, name in enumerate(sizes)}
    layers, kinds = sorted(set(depths.values())), list(dict.fromkeys(map(kind_of, sizes)))
    colors = dict(zip(layers, shades(GRADIENT, len(layers)), strict=True))
    lines = []
    for name, y in sizes.items():
        look = {"color": colors[depths[name]], "linestyle": DASHES[kinds.index(kind_of(name)) % len(DASHES)]}
        lines.append(Line(name, np.arange(len(y)), y, look))
    every = np.concatenate(list(sizes.values()))
    words = {"xlabel": "step", "ylabel": "root mean square of the gradient"}
    figure = chart("gradients", lines, "step ", lambda axes: shade(axes, every), yscale="log", **words)
    return Picture(figure, summary(sizes))


# What came


def runs_of(costs: Any, labels: Any) -> list[tuple[str, Array]]:
    """The name and the costs of each run; a single one needs no name."""
    expected = "a list of costs or a dict {label: list of costs} is expected"
    costs = plain(costs)
    if isinstance(costs, str | bytes | set | frozenset) or not np.iterable(costs):
        raise TypeError(f"curves: a {type(costs).__name__} came; {expected}")
    if isinstance(costs, Mapping):
        names, values = list(map(str, costs)), list(costs.values())
    else:
        parts = list(map(plain, costs))
        values = parts if any(map(is_run, parts)) else [parts]
        names = [f"run {i + 1}" for i in range(len(parts))] if values is parts else [""]
    if not values:
        raise ValueError(f"curves: nothing came; {expected}")
    if not are_names(labels, len(values)):
        came = f"labels is {short(labels, 60)}"
        raise ValueError(f"curves: {came}; a list of {len(values)}, one for each run, is expected")
    named = zip(names if labels is None else map(str, labels), values, strict=True)
    return [(name, costs_of(name, value)) for name, value in named]


def is_run(part: Any) -> bool:
    """Whether it is a sequence of costs: not a number, and not an array or a list with one."""
    return len(part) != 1 if isinstance(part, list | tuple) else np.ndim(part) > 0 and np.size(part) != 1


def squeezed(value: Any) -> Any:
    """A number in an array of one, as itself; None for a list whose parts differ in length."""
    try:
        return np.squeeze(plain(value))
    except ValueError:
        return None


def costs_of(name: str, values: Any) -> Array:
    what = f"the costs of {short(name)}" if name else "costs"
    y = array_of("curves", what, list(map(squeezed, values)) if isinstance(values, list | tuple) else values)
    if y.ndim == 0 or y.size != len(y) or not y.size:
        raise ValueError(f"curves: {what} has shape {y.shape}; numbers are expected, one for each step")
    return y.ravel().astype(float)


def sizes_of(history: Any) -> dict[str, Array]:
    """The root mean square of each gradient at each step."""
    steps = [] if isinstance(history, Mapping) or not np.iterable(history) else list(history)
    if not steps or not all(isinstance(found, Mapping) and found for found in steps):
        expected = "a list with a dict of gradients for each step is expected: history.append(gradients)"
        came = type(history).__name__ if steps or not isinstance(history, list | tuple) else "list of nothing"
        raise TypeError(f"gradients: a {came} came; {expected}")
    for i, found in enumerate(steps):
        for name in [*steps[0], *found]:
            if name not in steps[0] or name not in found:
                where = f"in step 0 or in step {i}, not in both"
                raise ValueError(f"gradients: {short(name)} is {where}; give it at every step")
    names = list(map(str, steps[0]))
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"gradients: two gradients are called {short(name)}; names that differ are expected")
    return {str(name): np.array([size(short(name), found[name]) for found in steps]) for name in steps[0]}


def size(name: str, g: Any) -> float:
    """The root mean square, whose squares neither underflow nor overflow."""
    g = np.abs(array_of("gradients", name, g).astype(float))
    if not g.size:
        raise ValueError(f"gradients: {name} has shape {g.shape}, and no entry; leave it out")
    largest = float(np.max(g))
    return largest * float(np.sqrt(np.mean(np.square(g / largest)))) if 0 < largest < np.inf else largest


def layer_of(name: str) -> int:
    """The number in a name, 0 if there is none."""
    digits = re.search("[0-9]{1,9}", name)
    return int(digits[0]) if digits else 0


def kind_of(name: str) -> str:
    return re.sub("[0-9]+", "", name)


# What is drawn besides, and words


def shade(axes: Any, sizes: Array) -> None:
    """Where gradients vanish and explode, if any do, as a pale ground; its words stand where no line is."""
    low, high = axes.get_ylim()
    drawn = sizes[drawable(sizes, log=True)]
    room = BAND * bool(np.any(sizes == 0))
    if np.any(drawn < VANISHING):
        axes.set_ylim(bottom=low / stretch(low, high, SHARE + room))
        axes.axhspan(axes.get_ylim()[0], VANISHING, color=tint(MUTED, PALE), zorder=0)
        ground(axes, 0.05 + room, "vanishing: below 1e−6")
    if np.any(drawn > EXPLODING):
        axes.set_ylim(top=high * stretch(low, high, SHARE))
        axes.axhspan(EXPLODING, axes.get_ylim()[1], color=tint(MUTED, PALE), zorder=0)
        ground(axes, 0.95, "exploding: above 1e3")


def ground(axes: Any, y: float, text: str) -> None:
    write(axes, text, 0.015, y, ha="left", style="italic", fontsize=10, xycoords="axes fraction")


def fate(y: Array, log: bool) -> str:
    """What becomes of a cost."""
    drawn, left_out = np.flatnonzero(drawable(y, log)), remarks(np.arange(len(y)), y, log)
    if not len(drawn):
        return "is " + ", ".join(left_out)
    first, last = drawn[0], drawn[-1]
    if first == last:
        return ", ".join([f"is {number(y[first])} at step {first}", *left_out])
    verb = "falls" if y[last] < y[first] else "rises" if y[last] > y[first] else "goes"
    words = [f"{verb} from {number(y[first])} at step {first} to {number(y[last])} at step {last}"]
    low, high = number(np.min(y[drawn])), number(np.max(y[drawn]))
    if {low, high} - {number(y[first]), number(y[last])}:
        words.append(f"between {low} and {high}")
    return ", ".join([*words, *left_out])


def summary(sizes: dict[str, Array]) -> str:
    """What gradients come to at the last step, and when they were 0 or not finite."""
    steps = len(next(iter(sizes.values())))
    sizes = dict(zip(shorts(list(sizes)), sizes.values(), strict=True))
    words = [f"The sizes of {len(sizes)} gradient{'s' * (len(sizes) != 1)} over {steps} step{'s' * (steps != 1)}."]
    last = {name: y[-1] for name, y in sizes.items() if np.isfinite(y[-1])}
    if last:
        low, high = min(last, key=lambda name: last[name]), max(last, key=lambda name: last[name])
        ends = f"{number(last[low])} ({low}) to {number(last[high])} ({high})"
        words.append(f"At the last step: {ends if last[low] < last[high] else number(last[low])}.")
    for count, text in (
        (sum(y < VANISHING for y in last.values()), "below 1e−6 (vanishing)"),
        (sum(y > EXPLODING for y in last.values()), "above 1e3 (exploding)"),
    ):
        words += [f"{count} of {len(sizes)} are {text}."] * bool(count)
    groups: dict[str, list[str]] = {}
    for name, y in sizes.items():
        groups.setdefault(", ".join(remarks(np.arange(steps), y, True)), []).append(name)
    return " ".join([*words, *(f"{text}: {listed(names)}." for text, names in groups.items() if text)])
