"""Labels right of the ends of lines, so far apart that each can be read."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..label import INK, PAPER
from .given import Array
from .picture import write

Label = tuple[str, tuple[float, float], Any]  # a text, where its line ends in parts of the axes, and its colour

LINE = 14  # points, the height of a line of a label
MARGIN = 82  # points, of the height of a figure, that are not of its axes
NEARLY = 0.75  # of the width of the axes: labels of lines that end further right stand beside the axes
LETTER = 0.02  # of the width of the axes, about


def label_ends(axes: Any, labels: Sequence[Label]) -> None:
    """A label right of the end of each line, or beside the axes, moved up or down where two would overlap."""
    points = 72 * axes.figure.get_figheight() - MARGIN
    heights = [LINE * (text.count("\n") + 1) / points for text, *_ in labels]
    places = spread([high for _, (_, high), _ in labels], heights)
    how: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "axes fraction", "ha": "left", "color": INK}
    how |= {"fontsize": 10, "bbox": {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1}, "zorder": 5}
    leader = {"arrowstyle": "-", "linewidth": 0.8, "shrinkA": 2, "shrinkB": 3, "relpos": (0, 0.5)}
    for (text, (right, high), color), height, y in zip(labels, heights, places, strict=True):
        inside = right < NEARLY and is_free(axes, text, right + 0.05, y, height)
        style = {"color": color, "linestyle": "-" if inside or right >= NEARLY else ":"}
        beside = (right if inside else 1.0) + 0.05
        write(axes, text, right, high, xytext=(beside, y), arrowprops=leader | style, **how)


def is_free(axes: Any, text: str, left: float, y: float, height: float) -> bool:
    """Whether no line passes where a text would stand."""
    x = np.linspace(left, left + LETTER * max(map(len, text.split("\n"))), 50)
    for line in axes.lines:
        points = (line.get_transform() - axes.transAxes).transform(line.get_xydata())
        passes = np.interp(x, points[:, 0], points[:, 1], left=np.nan, right=np.nan)
        if np.any(np.abs(passes - y) < height / 2):
            return False
    return True


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
