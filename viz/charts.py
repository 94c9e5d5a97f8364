"""Charts of training and of checks: costs, sizes of gradients, what a check found, and differences against their step.

What an axis has no place for, nan, inf, or 0 on a log axis, leaves a gap in the line, has a mark of its own and is said
in words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np

from tinygrad_dnn import Report, Tensor, grad

from .label import GRADIENT, INK, MUTED, PAPER, PARAMETER, VALUE
from .pictures import (
    DASHED,
    DOTTED,
    SOLID,
    WIDTH,
    Array,
    Picture,
    are_names,
    array_of,
    legend,
    new_figure,
    own_style,
    short,
    tint,
    write,
)
from .text import number

Line = tuple[str, Array, Array, dict[str, Any]]  # its name, x, y, how it looks

LOCAL = "#A2447F"
DASHES = (SOLID, DASHED, DOTTED, (0, (7, 2, 1, 2)))
LEAST, MOST = 1e-200, 1e200  # outside, an axis has no room for a margin
BOTTOM = 0.025  # of the height of the axes: where a log axis shows 0
LINE = 14  # points, the height of a line of a label
NEARLY = 0.75  # of the width of the axes: labels of lines that end further right stand beside the axes
VANISHING, EXPLODING = 1e-6, 1e3
STEPS = np.logspace(-13, 0, 79)
MARKS = {
    "right": {"marker": "o", "color": PARAMETER},
    "wrong": {"marker": "X", "color": GRADIENT},
    "unchecked": {"marker": "D", "color": MUTED, "markerfacecolor": PAPER},
}
TICK = {"marker": "|", "color": LOCAL, "markersize": 13, "markeredgewidth": 2}
FAINT = {"color": MUTED, "linewidth": 1, "linestyle": DOTTED, "zorder": 0}


def curves(costs: Any, *, labels: Sequence[str] | None = None, log: bool = False) -> Picture:
    """Costs over the steps: a sequence of numbers, a sequence of such, or a dict {label: sequence}."""
    runs = runs_of(costs, labels)
    lines = []
    for i, ((name, y), color) in enumerate(zip(runs, shades(VALUE, len(runs)), strict=True)):
        lines.append((name, np.arange(len(y)), y, {"color": color, "linestyle": DASHES[i % len(DASHES)]}))
    figure = new_figure("curves", WIDTH, height_for(lines))
    with own_style():
        axes = new_axes(figure, yscale="log" if log else "linear", xlabel="step", ylabel="cost")
        set_limits(axes, lines)
        draw_lines(axes, lines, "step ")
    fates = [f"{short(name)} {fate(y, log)}".lstrip() for name, y in runs]
    return Picture(figure, f"Costs: {listed(fates, '; ')}." if len(runs) > 1 or runs[0][0] else f"The cost {fates[0]}.")


def gradients(history: Sequence[Mapping[str, Any]]) -> Picture:
    """The root mean square of each gradient over the steps, from a dict {"dW1": array, ...} for each step.

    The nearer a layer is to the cost, the darker its line; names that differ in more than the number, as dW1 and db1
    do, differ in their dashes.
    """
    sizes = sizes_of(history)
    layers, kinds = sorted({layer_of(name) for name in sizes}), list(dict.fromkeys(map(kind_of, sizes)))
    colors = dict(zip(layers, shades(GRADIENT, len(layers)), strict=True))
    lines = []
    for name, y in sizes.items():
        look = {"color": colors[layer_of(name)], "linestyle": DASHES[kinds.index(kind_of(name)) % len(DASHES)]}
        lines.append((name, np.arange(len(y)), y, look))
    figure = new_figure("gradients", WIDTH, height_for(lines))
    with own_style():
        axes = new_axes(figure, yscale="log", xlabel="step", ylabel="root mean square of the gradient")
        set_limits(axes, lines)
        shade(axes, np.concatenate(list(sizes.values())))
        draw_lines(axes, lines, "step ")
    return Picture(figure, summary(sizes))


def comparison(report: Report) -> Picture:
    """The relative errors that a check found, a row for each gradient in the order of the report, and its verdict."""
    if type(report) is not Report:
        came = f"comparison: a {type(report).__name__} came; a Report is expected"
        raise TypeError(f"{came}, comparison(check(cost, gradients, parameters))")
    if not report.rows:
        raise ValueError("comparison: the report has no rows; at least one gradient is expected")
    figure = new_figure("comparison", WIDTH, 0.34 * len(report.rows) + 1.9)
    with own_style():
        axes = new_axes(figure, xscale="log", xlabel="relative error")
        place = error_axis(axes, [error for row in report for error in (row.by_hand, row.by_differences)])
        axes.set(ylim=(len(report.rows) - 0.4, -0.6), yticks=[])
        axes.set_title(report.summary(), fontsize=11, loc="left")
        for y, row in enumerate(report):
            draw_row(axes, y, row, place, report.recorded)
        truth = "autograd" if report.recorded else "differences"
        handles = axes.plot([], [], "o", color=MUTED, markersize=9, label=f"by hand vs {truth}")
        if report.recorded:
            handles += axes.plot([], [], linestyle="", label="autograd vs differences", **TICK)
        legend(figure, handles)
    wrongs = [f"{short(row.name)} ({in_words(row.by_hand)})" for row in report if row.verdict == "wrong"]
    return Picture(figure, f"A check of {report.summary()}" + f" Wrong: {listed(wrongs)}." * bool(wrongs))


def step_sizes(f: Callable[[Any], Any], x: Any, *, entry: Any = None, derivative: Any = None) -> Picture:
    """The error of one-sided and central differences of f for one entry of x, over steps from 1e-13 to 1.

    f gives a number. The entry is the one with the largest derivative, unless given; the derivative, of the entry or
    an array of all, is that of grad(f), unless given.
    """
    x = array_of("step_sizes", "x", x)
    x = x if x.dtype == np.float32 else x.astype(float)
    place, exact = entry_of(f, x, entry, derivative)
    lines = []
    for name, back, color, dashes in (("one-sided", 0, LOCAL, DASHED), ("central", 1, GRADIENT, SOLID)):
        slopes = np.array([slope(f, x, place, h, back) for h in STEPS])
        errors = np.abs(slopes - exact) / (abs(exact) or 1.0)
        lines.append((name, STEPS, errors, {"color": color, "linestyle": dashes}))
    figure = new_figure("step_sizes", WIDTH, 4.0)
    with own_style():
        what = "relative error" if exact else "error (the derivative is 0)"
        axes = new_axes(figure, xscale="log", yscale="log", xlabel="step h", ylabel=what)
        set_limits(axes, lines)
        for power, side in ((2, "right"), (3, "left")):
            h = float(np.finfo(x.dtype).eps) ** (1 / power)
            axes.axvline(h, **FAINT)
            above = {"xycoords": axes.get_xaxis_transform(), "va": "bottom", "ha": side, "fontsize": 10}
            write(axes, f"eps**(1/{power}) = {number(h)}", h, 1.01, **above)
        draw_lines(axes, lines, "h = ")
    words = [f"Differences for entry {list(place)} of x against the derivative {number(exact)}."]
    for name, _, errors, _ in lines:
        best = int(np.argmin(np.where(np.isfinite(errors), errors, np.inf)))
        words.append(f"The {name} error is least at h = {number(STEPS[best])}: {number(errors[best])}.")
    return Picture(figure, " ".join(words))


# What came


def runs_of(costs: Any, labels: Sequence[str] | None) -> list[tuple[str, Array]]:
    """The name and the costs of each run; a single one needs no name."""
    expected = "a list of costs or a dict {label: list of costs} is expected"
    costs = plain(costs)
    if isinstance(costs, str) or not np.iterable(costs):
        raise TypeError(f"curves: a {type(costs).__name__} came; {expected}")
    if isinstance(costs, Mapping):
        names, values = list(map(str, costs)), list(costs.values())
    else:
        parts = list(map(plain, costs))
        several = any(np.ndim(part) > 0 and np.size(part) != 1 for part in parts)
        names, values = ([f"run {i + 1}" for i in range(len(parts))], parts) if several else ([""], [parts])
    if not values:
        raise ValueError(f"curves: nothing came; {expected}")
    if not are_names(labels, len(values)):
        raise ValueError(
            f"curves: labels is {short(labels, 60)}; a list of {len(values)}, one for each run, is expected"
        )
    return [
        (str(name), costs_of(name, value))
        for name, value in zip(names if labels is None else labels, values, strict=True)
    ]


def plain(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else value


def costs_of(name: str, values: Any) -> Array:
    what = f"the costs of {short(name)}" if name else "costs"
    y = array_of("curves", what, [np.squeeze(plain(v)) for v in values] if isinstance(values, list | tuple) else values)
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
        for name in found.keys() ^ steps[0].keys():
            raise ValueError(
                f"gradients: {short(name)} is in step 0 or in step {i}, not in both; give it at every step"
            )
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


def entry_of(f: Callable[[Any], Any], x: Array, entry: Any, derivative: Any) -> tuple[tuple[int, ...], float]:
    """Which entry of x is moved, and the derivative with respect to it."""
    if not x.size:
        raise ValueError(f"step_sizes: x has shape {x.shape}; at least one number is expected")
    value_of(f, x)
    given = grad(f)(x.astype(float)) if derivative is None else derivative
    slopes = array_of("step_sizes", "derivative", given).astype(float)
    if slopes.shape != x.shape and (slopes.ndim or entry is None):
        expected = f"that of x, {x.shape}, is expected, or a number together with entry="
        raise ValueError(f"step_sizes: derivative has shape {slopes.shape}; {expected}")
    if entry is None:
        entry = np.unravel_index(np.argmax(np.abs(np.nan_to_num(slopes))), x.shape)
    place = tuple(entry) if isinstance(entry, tuple | list) else (entry,)
    inside = [isinstance(i, int | np.integer) and -n <= i < n for i, n in zip(place, x.shape, strict=False)]
    if len(place) != x.ndim or not all(inside):
        expected = f"the place of one number is expected, such as {(0,) * x.ndim}"
        raise ValueError(f"step_sizes: entry is {entry!r}, x has shape {x.shape}; {expected}")
    exact = float(slopes[place] if slopes.shape == x.shape else slopes)
    if not np.isfinite(exact):
        raise ValueError(f"step_sizes: the derivative is {exact} at entry {entry!r}; choose another x or entry")
    return tuple(map(int, place)), exact


def value_of(f: Callable[[Any], Any], x: Array) -> float:
    value = array_of("step_sizes", "the value of f", f(x))
    if value.size != 1:
        expected = "one number is expected, such as its np.sum"
        raise ValueError(f"step_sizes: f gives an array of shape {value.shape}; {expected}")
    return float(value.ravel()[0])


def slope(f: Callable[[Any], Any], x: Array, place: tuple[int, ...], h: float, back: int) -> float:
    """(f(x + h) - f(x - back h)) / (h + back h),  h at one entry."""
    ahead, behind = x.copy(), x.copy()
    ahead[place] += h
    behind[place] -= back * h
    with np.errstate(all="ignore"):
        return (value_of(f, ahead) - value_of(f, behind)) / (h + back * h)


# Axes


def new_axes(figure: Any, **settings: Any) -> Any:
    axes = figure.add_subplot()
    axes.set(**settings)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(color=MUTED)
    axes.grid(color=tint(MUTED, 0.15), linewidth=0.8)
    axes.set_axisbelow(True)
    if axes.get_xscale() == "linear":
        axes.xaxis.get_major_locator().set_params(integer=True)
    return axes


def shades(color: str, count: int) -> list[tuple[float, ...]]:
    """From pale to dark; the palest is still seen on white."""
    return [tint(color, depth) for depth in (np.linspace(0.8, 1.6, count) if count > 1 else [1.0])]


def height_for(lines: Sequence[Line]) -> float:
    """Inches, with room for a label at the end of every line."""
    return max(4.0, 0.2 * len(lines) + 1.2)


def set_limits(axes: Any, lines: Sequence[Line]) -> None:
    """All that is drawable, and a margin; but the x axis ends where the lines do, for their labels to begin there."""
    log = axes.get_yscale() == "log"
    values = np.concatenate([[], *(y[drawable(y, log)] for _, _, y, _ in lines)])
    low, high = (np.min(values), np.max(values)) if len(values) else (0.1, 1.0)
    if log:
        margin = part(low, high, 0.08) if low < high else 3.0
        axes.set_ylim(low / margin, high * margin)
    else:
        margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_ylim(low - margin, high + margin)
    first, last = min(x[0] for _, x, _, _ in lines), max(x[-1] for _, x, _, _ in lines)
    axes.set_xlim((first, last) if first < last else (first - 0.5, last + 0.5))


def part(low: float, high: float, share: float) -> float:
    """The factor that is so much of the way from low to high on a log axis."""
    return float(10 ** (share * (np.log10(high) - np.log10(low))))


def shade(axes: Any, sizes: Array) -> None:
    """Where gradients vanish and explode, if any do, as a pale ground; its words stand where no line is."""
    low, high = axes.get_ylim()
    zeros = 0.1 * bool(np.any(sizes == 0))  # these are marked at the bottom
    if np.any((sizes > 0) & (sizes < VANISHING)):
        axes.set_ylim(bottom=low / part(low, high, 0.08 + zeros))
        axes.axhspan(axes.get_ylim()[0], VANISHING, color=tint(MUTED, 0.16), zorder=0)
        ground(axes, 0.05 + zeros, "vanishing: below 1e−6")
    if np.any((sizes > EXPLODING) & (sizes <= MOST)):
        axes.set_ylim(top=high * part(low, high, 0.08))
        axes.axhspan(EXPLODING, axes.get_ylim()[1], color=tint(MUTED, 0.16), zorder=0)
        ground(axes, 0.95, "exploding: above 1e3")


def ground(axes: Any, y: float, text: str) -> None:
    write(axes, text, 0.015, y, ha="left", style="italic", fontsize=10, xycoords="axes fraction")


def error_axis(axes: Any, errors: list[float | None]) -> Callable[[float | None], float]:
    """A log axis from 1e-16 to 1, and places beside it for errors of exactly 0, not known and not finite."""
    sizes = np.log10([e for e in errors if e is not None and LEAST < e <= MOST])
    low, high = int(np.floor(np.min(sizes, initial=-16))), int(np.ceil(np.max(sizes, initial=0)))
    gap = 0.18 * (high - low)
    ticks = {10.0**k: f"1e{number(k)}" if k else "1" for k in range(high, low - 1, (low - high) // 3)}
    left = [kind for kind in (0.0, None) if kind in errors]
    apart = {kind: 10 ** (low - gap * i) for i, kind in enumerate(left, start=1)}
    if any(e is not None and not e <= MOST for e in errors):
        apart[np.inf] = 10 ** (high + gap)
    for kind, x in apart.items():
        ticks[x] = "not\nknown" if kind is None else "not\nfinite" if kind else "0"
        axes.axvline(10 ** (high + gap / 2 if kind else low - gap / 2), **FAINT)
    axes.set_xlim(min(10.0**low, *ticks) / 10 ** (gap / 2), max(ticks) * 10 ** (gap / 2))
    axes.set_xticks(list(ticks), list(ticks.values()), fontsize=10)
    axes.minorticks_off()
    return lambda e: apart.get(e if e is None or e <= MOST else np.inf, e or 1.0)


def draw_row(axes: Any, y: float, row: Any, place: Callable[[float | None], float], recorded: bool) -> None:
    """The errors of one gradient, its name left of them and its verdict right."""
    axes.axhline(y, color=tint(MUTED, 0.2), linewidth=0.8, zorder=0)
    if recorded:
        axes.plot(place(row.by_differences), y, **TICK)
    axes.plot(place(row.by_hand), y, markersize=9, **MARKS[row.verdict])
    beside = {"xycoords": axes.get_yaxis_transform(), "color": INK}
    wrong = row.verdict == "wrong"
    word, weight = (row.verdict.upper(), "bold") if wrong else (row.verdict, "normal")
    write(axes, short(row.name), -0.02, y, ha="right", **beside)
    write(axes, word, 1.02, y, ha="left", weight=weight, **beside)


# Lines, and what they leave out


def drawable(y: Array, log: bool) -> Array:
    return (y >= LEAST) & (y <= MOST) if log else np.abs(y) <= MOST


def draw_lines(axes: Any, lines: Sequence[Line], unit: str) -> None:
    """The lines, marks for what they leave out, and at the end of each its name and that in words."""
    log = axes.get_yscale() == "log"
    labels, at_zero, zeros = [], [], set()
    for name, x, y, look in lines:
        good = drawable(y, log)
        axes.plot(x, np.where(good, y, np.nan), **look)
        for i in np.flatnonzero(good & ~np.r_[False, good[:-1]] & ~np.r_[good[1:], False]):
            axes.plot(x[i], y[i], "o", color=look["color"], markersize=5, clip_on=False)
        mark_gaps(axes, x, y, good, look["color"])
        zeros |= mark_zeros(axes, x, ~good & (y == 0), look)
        said = remarks(x, y, log, unit)
        if y[-1] == 0 and not good[-1]:
            at_zero.append((short(name), "\n".join(said)))
        else:
            labels.append(("\n".join([short(name), *said]).strip(), end_of(axes, x, y, good), look["color"]))
    for text, names in grouped(at_zero).items():
        labels.append((f"{fill(', '.join(names), 22)}\n{text}".strip(), (1.0, BOTTOM), INK))
    for start in zeros:
        above = {"xycoords": axes.get_xaxis_transform(), "xytext": (0, 13), "textcoords": "offset points"}
        write(axes, "0", start, BOTTOM, color=INK, **above)
    label_ends(axes, [label for label in labels if label[0]])


def begins(which: Array) -> Array:
    """The indices at which runs of True begin."""
    return np.flatnonzero(which & ~np.r_[False, which[:-1]])


def mark_gaps(axes: Any, x: Array, y: Array, good: Array, color: Any) -> None:
    """A cross where a gap begins, as high as the line before it, else after it, else at the bottom."""
    cross = {"marker": "x", "color": color, "markersize": 9, "markeredgewidth": 2.2, "zorder": 6, "clip_on": False}
    log = axes.get_yscale() == "log"
    for i in begins(~good & ~((y == 0) & log)):
        near = [*np.flatnonzero(good[:i])[-1:], *(i + np.flatnonzero(good[i:])[:1])]
        if near:
            axes.plot(x[i], y[near[0]], **cross)
        else:
            axes.plot(x[i], BOTTOM, transform=axes.get_xaxis_transform(), **cross)


def mark_zeros(axes: Any, x: Array, zero: Array, look: dict[str, Any]) -> set[float]:
    """A line along the bottom where a log axis has no place for 0. Returns where zeros begin."""
    starts = begins(zero)
    if len(starts):
        how = {"marker": "v", "markevery": list(starts), "clip_on": False, "transform": axes.get_xaxis_transform()}
        axes.plot(x, np.where(zero, BOTTOM, np.nan), **how, **look)
    return {float(x[i]) for i in starts}


def end_of(axes: Any, x: Array, y: Array, good: Array) -> tuple[float, float]:
    """Where a line or the cross after it ends, in parts of the axes; if none is drawn, its beginning at the bottom."""
    i = int(np.flatnonzero(good)[-1]) if np.any(good) else 0
    height = y[i] if good[i] else axes.get_ylim()[0]
    cross = i + 1 if good[i] and i + 1 < len(x) else i
    right, high = (axes.transScale + axes.transLimits).transform((x[cross], height))
    return float(right), float(high) if good[i] else BOTTOM


def label_ends(axes: Any, labels: list[tuple[str, tuple[float, float], Any]]) -> None:
    """A label right of the end of each line, moved up or down where two would overlap."""
    points = 72 * axes.figure.get_figheight() - 75  # the height of the axes, about
    heights = [LINE * (text.count("\n") + 1) / points for text, *_ in labels]
    places = spread([high for _, (_, high), _ in labels], heights)
    how: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "axes fraction", "ha": "left", "color": INK}
    how |= {"fontsize": 10, "bbox": {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1}, "zorder": 5}
    leader = {"arrowstyle": "-", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3, "relpos": (0, 0.5)}
    for (text, (right, high), color), y in zip(labels, places, strict=True):
        beside = (right if right < NEARLY else 1.0) + 0.05
        write(axes, text, right, high, xytext=(beside, y), arrowprops=leader | {"color": color}, **how)


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Centres as near as may be to those wanted, in their order, so far apart that labels of these heights are free."""
    order = np.argsort(wanted, kind="stable")
    centre, height = np.array(wanted, float)[order], np.array(heights, float)[order]
    centre = (raised(centre, height) + lowered(centre, height)) / 2
    centre = raised(np.maximum(centre, height / 2), height)
    centre = lowered(np.minimum(centre, 1 - height / 2), height)
    return [float(y) for y in centre[np.argsort(order)]]


def raised(centres: Array, heights: Array) -> Array:
    """Each pushed up by the one below it."""
    free = np.array(centres)
    for i in range(1, len(free)):
        free[i] = max(free[i], free[i - 1] + (heights[i - 1] + heights[i]) / 2)
    return free


def lowered(centres: Array, heights: Array) -> Array:
    """Each pushed down by the one above it."""
    return -raised(-centres[::-1], heights[::-1])[::-1]


# Words


def remarks(x: Array, y: Array, log: bool, unit: str = "step ") -> list[str]:
    """What is not drawn: nan from step 7; 0 at step 3; 5 times inf, first at step 2."""
    bad = ~drawable(y, log)
    said = []
    for places in (np.flatnonzero(bad & ~np.isfinite(y)), np.flatnonzero(bad & np.isfinite(y))):
        if len(places):
            kinds = " or ".join(dict.fromkeys(why(y[i]) for i in places))
            first = unit + number(x[places[0]])
            to_the_end = len(places) == len(y) - places[0]
            many = f"{kinds} from {first}" if to_the_end else f"{len(places)} times {kinds}, first at {first}"
            said.append(many if len(places) > 1 else f"{kinds} at {first}")
    return said


def why(value: float) -> str:
    """Why a value is not drawn."""
    if not np.isfinite(value):
        return number(value)
    return "0" if value == 0 else "below 0" if -MOST <= value < 0 else "beyond 1e±200"


def fate(y: Array, log: bool) -> str:
    """What becomes of a cost."""
    good, left_out = np.flatnonzero(drawable(y, log)), remarks(np.arange(len(y)), y, log)
    if not len(good):
        return "is " + ", ".join(left_out)
    first, last = good[0], good[-1]
    verb = "falls" if y[last] < y[first] else "rises" if y[last] > y[first] else "goes"
    ends = f"{verb} from {number(y[first])} at step {first} to {number(y[last])} at step {last}"
    return ", ".join([ends if first < last else f"is {number(y[first])} at step {first}", *left_out])


def summary(sizes: dict[str, Array]) -> str:
    """What gradients come to at the last step, and when they were 0 or not finite."""
    steps = len(next(iter(sizes.values())))
    words = [f"The sizes of {len(sizes)} gradient{'s' * (len(sizes) != 1)} over {steps} step{'s' * (steps != 1)}."]
    last = {name: y[-1] for name, y in sizes.items() if np.isfinite(y[-1])}
    if last:
        low, high = min(last, key=lambda name: last[name]), max(last, key=lambda name: last[name])
        ends = f"{number(last[low])} ({short(low)}) to {number(last[high])} ({short(high)})"
        words.append(f"At the last step: {ends if last[low] < last[high] else number(last[low])}.")
    for count, text in (
        (sum(y < VANISHING for y in last.values()), "below 1e−6 (vanishing)"),
        (sum(y > EXPLODING for y in last.values()), "above 1e3 (exploding)"),
    ):
        words += [f"{count} of {len(sizes)} are {text}."] * bool(count)
    said = grouped([(short(name), ", ".join(remarks(np.arange(steps), y, True))) for name, y in sizes.items()])
    return " ".join([*words, *(f"{text}: {listed(names)}." for text, names in said.items() if text)])


def grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The names of which the same is said."""
    groups: dict[str, list[str]] = {}
    for name, text in pairs:
        groups.setdefault(text, []).append(name)
    return groups


def listed(words: Sequence[str], between: str = ", ", most: int = 8) -> str:
    return between.join(words[:most]) + f"{between}and {len(words) - most} more" * (len(words) > most)


def in_words(error: float | None) -> str:
    return "error not known" if error is None else f"error {number(error)}"
