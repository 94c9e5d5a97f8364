"""Lines on axes, with a name at the end of each.

What an axis has no place for, nan, inf, or 0 on a log axis, leaves a gap in the line, has a mark of its own and is said
in words.
"""

from collections.abc import Callable, Sequence
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np

from ..label import INK, MUTED
from ..text import number
from .given import Array, shorts
from .labels import LINE, MARGIN, Label, label_ends
from .picture import DASHED, DOTTED, SOLID, WIDTH, new_figure, own_style, tint, write

DASHES = (SOLID, DASHED, DOTTED, (0, (7, 2, 1, 2)))
LEAST, MOST = 1e-200, 1e200  # outside, an axis has no room for a margin
ZERO, BAND = 0.03, 0.07  # of the height of the axes: where a log axis shows 0, and the end of the room for it
LONG = 34  # letters of a line of a label
FAINT = {"color": MUTED, "linewidth": 1, "linestyle": DOTTED, "zorder": 0}


class Line(NamedTuple):
    name: str
    x: Array
    y: Array
    look: dict[str, Any]


def chart(who: str, lines: Sequence[Line], unit: str, ground: Callable[[Any], None] | None, **settings: Any) -> Any:
    """A figure of lines over a ground, high enough for the label at the end of each."""
    log = settings.get("yscale") == "log"
    words = [["", *remarks(line.x, line.y, log, unit)] for line in lines]
    rows = sum(fill(part, LONG).count("\n") + 1 for said in words for part in said)
    figure = new_figure(who, WIDTH, max(4.0, (LINE * rows + MARGIN) / 72))
    with own_style():
        axes = new_axes(figure, **settings)
        set_limits(axes, lines)
        if ground:
            ground(axes)
        draw_lines(axes, lines, unit)
    return figure


def new_axes(figure: Any, **settings: Any) -> Any:
    axes = figure.add_subplot()
    axes.set(**settings)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(color=MUTED)
    axes.grid(color=tint(MUTED, 0.15), linewidth=0.8)
    axes.set_axisbelow(True)
    if axes.get_xscale() == "linear":
        axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    return axes


def shades(color: str, count: int) -> list[tuple[float, ...]]:
    """From pale to dark; the palest is still seen on white."""
    return [tint(color, depth) for depth in (np.linspace(0.8, 1.6, count) if count > 1 else [1.0])]


def set_limits(axes: Any, lines: Sequence[Line]) -> None:
    """All that is drawable, and a margin; but the x axis ends where the lines do, for their labels to begin there."""
    log = axes.get_yscale() == "log"
    values = np.concatenate([[], *(line.y[drawable(line.y, log)] for line in lines)])
    low, high = (np.min(values), np.max(values)) if len(values) else (0.1, 1.0)
    if log:
        room = BAND * any(np.any(line.y == 0) for line in lines)
        below, above = (stretch(low, high, 0.08 + room), stretch(low, high, 0.08)) if low < high else (3.0, 3.0)
        axes.set_ylim(low / below, high * above)
    else:
        margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_ylim(low - margin, high + margin)
    first, last = min(line.x[0] for line in lines), max(line.x[-1] for line in lines)
    axes.set_xlim((first, last) if first < last else (first - 0.5, last + 0.5))


def stretch(low: float, high: float, share: float) -> float:
    """The factor that is so much of the way from low to high on a log axis."""
    return float(10 ** (share * (np.log10(high) - np.log10(low))))


def drawable(y: Array, log: bool) -> Array:
    return (y >= LEAST) & (y <= MOST) if log else np.abs(y) <= MOST


def draw_lines(axes: Any, lines: Sequence[Line], unit: str) -> None:
    """The lines, marks for what they leave out, and at the end of each its name and that in words."""
    log = axes.get_yscale() == "log"
    labels: list[Label] = []
    at_zero: dict[tuple[str, tuple[float, float]], list[str]] = {}
    for name, (_, x, y, look) in zip(shorts([line.name for line in lines]), lines, strict=True):
        good = drawable(y, log)
        zero = ~good & (y == 0)
        axes.plot(x, np.where(good, y, np.nan), **look)
        alone = good & ~np.r_[False, good[:-1]] & ~np.r_[good[1:], False]
        if np.any(alone):
            axes.plot(x[alone], y[alone], "o", color=look["color"], markersize=5, clip_on=False)
        mark_gaps(axes, x, y, good, begins(~good & ~zero), look["color"])
        mark_zeros(axes, x, zero, look)
        said = "\n".join(fill(text, LONG) for text in remarks(x, y, log, unit))
        if zero[-1]:
            at_zero.setdefault((said, (end_of(axes, x, y, good)[0], ZERO)), []).append(name)
        else:
            labels.append((f"{name}\n{said}".strip(), end_of(axes, x, y, good), look["color"]))
    for (said, end), names in at_zero.items():
        labels.append((f"{fill(', '.join(names), LONG)}\n{said}".strip(), end, INK))
    if log and any(np.any(line.y == 0) for line in lines):
        make_room_for_zero(axes)
    label_ends(axes, [label for label in labels if label[0]])


def begins(which: Array) -> Array:
    """The indices at which runs of True begin."""
    return np.flatnonzero(which & ~np.r_[False, which[:-1]])


def mark_gaps(axes: Any, x: Array, y: Array, good: Array, starts: Array, color: Any) -> None:
    """A cross where a gap begins, as high as the line before it, else after it, else at the bottom."""
    cross: dict[str, Any] = {"marker": "x", "linestyle": "", "color": color, "markersize": 9, "markeredgewidth": 2.2}
    cross |= {"zorder": 6, "clip_on": False}
    if len(starts) and np.any(good):
        before = np.maximum.accumulate(np.where(good, np.arange(len(y)), np.argmax(good)))
        axes.plot(x[starts], y[before[starts]], **cross)
    elif len(starts):
        axes.plot(x[starts], np.full(len(starts), ZERO), transform=axes.get_xaxis_transform(), **cross)


def mark_zeros(axes: Any, x: Array, zero: Array, look: dict[str, Any]) -> None:
    """A line along the bottom where a log axis has no place for 0."""
    if np.any(zero):
        how = {"marker": "v", "markevery": list(begins(zero)), "clip_on": False}
        axes.plot(x, np.where(zero, ZERO, np.nan), transform=axes.get_xaxis_transform(), **how, **look)


def make_room_for_zero(axes: Any) -> None:
    """A 0 on the axis, parted from the powers of ten, none of which is beside it."""
    low, high = axes.get_ylim()
    end = low * stretch(low, high, BAND)
    for minor in (False, True):
        axes.set_yticks([tick for tick in axes.get_yticks(minor=minor) if end < tick <= high], minor=minor)
    axes.axhline(end, **FAINT)
    beside = {"textcoords": "offset points", "xytext": (-8, 0), "ha": "right", "color": INK}
    write(axes, "0", 0, ZERO, xycoords="axes fraction", **beside)


def end_of(axes: Any, x: Array, y: Array, good: Array) -> tuple[float, float]:
    """Where a line, or the mark after it, ends, in parts of the axes; at the bottom if none of it is drawn."""
    i = int(np.flatnonzero(good)[-1]) if np.any(good) else 0
    height = y[i] if good[i] else axes.get_ylim()[0]
    end = len(x) - 1 if y[-1] == 0 and not good[-1] else i + 1 if good[i] and i + 1 < len(x) else i
    right, high = (axes.transScale + axes.transLimits).transform((x[end], height))
    return float(right), float(high) if good[i] else ZERO


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
