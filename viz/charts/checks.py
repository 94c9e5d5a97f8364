"""What a check found: the error of each gradient by hand, by autograd and by differences, and its verdict."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tinygrad_dnn import Report

from ..label import GRADIENT, INK, LOCAL, MUTED, PAPER, PARAMETER
from ..text import number
from .given import listed, shorts
from .lines import FAINT, MOST, new_axes
from .picture import WIDTH, Picture, legend, new_figure, own_style, tint, write

MARK: dict[str, Any] = {"linestyle": "", "markersize": 9}
MARKS = {
    "right": MARK | {"marker": "o", "color": PARAMETER},
    "wrong": MARK | {"marker": "X", "color": GRADIENT},
    "unchecked": MARK | {"marker": "D", "color": MUTED, "markerfacecolor": PAPER},
}
TICK = {"marker": "|", "linestyle": "", "color": LOCAL, "markersize": 16, "markeredgewidth": 2}
SMALLEST = 1e-20
UNKNOWN, NONE, TINY, INFINITE = "not\nknown", "0", "below\n1e−20", "not\nfinite"


def comparison(report: Report) -> Picture:
    """The relative errors that a check found, a row for each gradient in the order of the report, and its verdict."""
    if type(report) is not Report:
        came = f"comparison: a {type(report).__name__} came; a Report is expected"
        raise TypeError(f"{came}, comparison(check(cost, gradients, parameters))")
    if not report.rows:
        raise ValueError("comparison: the report has no rows; at least one gradient is expected")
    names = shorts([row.name for row in report])
    figure = new_figure("comparison", WIDTH, 0.34 * len(names) + 1.9)
    with own_style():
        axes = new_axes(figure, xscale="log", xlabel="relative error")
        errors = [row.by_hand for row in report] + [row.by_differences for row in report if report.recorded]
        place = error_axis(axes, errors)
        axes.set(ylim=(len(names) - 0.4, -0.6), yticks=[])
        axes.set_title(report.summary(), fontsize=11, loc="left")
        for y, (name, row) in enumerate(zip(names, report, strict=True)):
            draw_row(axes, y, name, row, place, report.recorded)
        truth = "autograd" if report.recorded else "differences"
        marks = [axes.plot([], [], **look)[0] for verdict, look in MARKS.items() if report.having(verdict)]
        entries: list[tuple[str, Any]] = [(f"by hand vs {truth}", tuple(marks))]
        if report.recorded:
            entries.append(("autograd vs differences", axes.plot([], [], **TICK)[0]))
        legend(figure, entries)
    words = [f"A check of {report.summary()}"]
    for verdict in ("wrong", "unchecked"):
        said = [f"{name} ({error(row)})" for name, row in zip(names, report, strict=True) if row.verdict == verdict]
        words += [f"{verdict.capitalize()}: {listed(said)}."] * bool(said)
    return Picture(figure, " ".join(words))


def error(row: Any) -> str:
    return "error not known" if row.by_hand is None else f"error {number(row.by_hand)}"


def beside(e: float | None) -> str:
    """What is written below an error that has its place beside the axis; nothing below the others."""
    return UNKNOWN if e is None else NONE if e == 0 else INFINITE if not e <= MOST else TINY if e < SMALLEST else ""


def error_axis(axes: Any, errors: list[float | None]) -> Callable[[float | None], float]:
    """A log axis from 1e-16 to 1, and places beside it for errors that it cannot show."""
    found = {beside(e) for e in errors}
    sizes = np.log10([e for e in errors if e is not None and not beside(e)])
    low, high = int(np.floor(np.min(sizes, initial=-16))), int(np.ceil(np.max(sizes, initial=0)))
    gap = 0.18 * (high - low)
    left, right = ([kind for kind in kinds if kind in found] for kinds in ((TINY, NONE, UNKNOWN), (INFINITE,)))
    apart = {kind: 10 ** (low - gap * i) for i, kind in enumerate(left, start=1)}
    apart |= dict.fromkeys(right, 10 ** (high + gap))
    for edge in [low - gap / 2] * bool(left) + [high + gap / 2] * bool(right):
        axes.axvline(10**edge, **FAINT)
    step = max(4, (high - low) // 5)
    ticks = {10.0**k: f"1e{number(k)}" if k else "1" for k in range(-(-low // step * step), high + 1, step)}
    ticks |= {x: kind for kind, x in apart.items()}
    axes.set_xlim(10 ** (low - gap * (len(left) + 0.5)), 10 ** (high + gap * (len(right) + 0.5)))
    axes.set_xticks(list(ticks), list(ticks.values()), fontsize=10)
    axes.minorticks_off()
    return lambda e: apart.get(beside(e), e or 0.0)


def draw_row(axes: Any, y: float, name: str, row: Any, place: Callable[[float | None], float], recorded: bool) -> None:
    """The errors of one gradient, its name left of them and its verdict right."""
    axes.axhline(y, color=tint(MUTED, 0.2), linewidth=0.8, zorder=0)
    if recorded:
        axes.plot(place(row.by_differences), y, **TICK)
    axes.plot(place(row.by_hand), y, **MARKS[row.verdict])
    at = {"xycoords": axes.get_yaxis_transform(), "color": INK}
    word, weight = ("WRONG", "bold") if row.verdict == "wrong" else (row.verdict, "normal")
    write(axes, name, -0.02, y, ha="right", **at)
    write(axes, word, 1.02, y, ha="left", weight=weight, **at)
