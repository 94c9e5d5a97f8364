"""A dense network as units and the weights between them.

The width and the depth of a line are the magnitude of its weight, the depth of a unit that of its bias; dashes are a
negative sign. Colours go by role, never by sign.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..label import INK, PAPER, PARAMETER
from ..text import number
from .given import Array, listed_names, short
from .layers import Layer, bias_of, by_course, layers_of, matrix
from .picture import DASHED, DOTTED, SOLID, WIDTH, Picture, legend, new_figure, own_style, tint, write

Column = dict[int, float]  # the units of a layer that are shown, and how high

WIDEST, THINNEST = 4.0, 0.4  # points, of the largest weight, and of any that is not 0
PALEST = 0.25  # the depth of a small one
UNIT = 0.55  # the diameter of a unit, as a part of the way to the next
GAP = 2  # rows left empty where units are left out


def network(
    parameters: Mapping[str, Any],
    *,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    limit: int = 12,
) -> Picture:
    """The units and weights of a dense network: {"W1": (n1, n0), "b1": (n1, 1), ...}, or W1 (n0, n1), b1 (n1,).

    Which of the two it is follows from the shapes that chain, else from those of the biases; else it is the first. A
    single layer may be called w or W. inputs and outputs are names for the units of the first and the last column. Of
    more than limit units the first and the last are shown, and only the weights between units that are.
    """
    if not isinstance(limit, int | np.integer) or limit < 2:
        raise ValueError(f"network: limit is {limit!r}; a whole number of at least 2 is expected")
    layers, inputs, outputs = layers_of(parameters), listed_names(inputs), listed_names(outputs)
    course = by_course(layers, inputs, outputs)
    weights = [matrix(W, course).astype(float) for _, W, _, _ in layers]
    sizes = [weights[0].shape[1], *(len(W) for W in weights)]
    columns = [places(n, limit) for n in sizes]
    rows = 2 * max(height for column in columns for height in column.values()) + 1
    pitch = min(0.55, max(4.8 / rows, 0.12))  # inches from a unit to the next
    figure = new_figure("network", max(WIDTH, 1.7 * len(sizes)), rows * pitch + 1.7)
    with own_style():
        axes = figure.add_subplot()
        axes.set(xlim=(-0.45, len(sizes) - 0.55), ylim=(-rows / 2 - 0.45 / pitch, rows / 2 + 0.6 / pitch))
        axes.axis("off")
        shown = [W[np.ix_(list(columns[l + 1]), list(columns[l]))] for l, W in enumerate(weights)]
        biases = [bias_of(layer, sizes[l])[list(columns[l])] for l, layer in enumerate(layers, start=1)]
        largest = size_of(shown), size_of(biases)
        for l, W in enumerate(shown):
            draw_weights(axes, l, columns[l], columns[l + 1], W.ravel(), largest[0])
        for l, b in enumerate([np.zeros(len(columns[0])), *biases]):
            draw_units(axes, l, sizes[l], columns[l], b, largest[1], 72 * pitch * UNIT)
        write_captions(axes, layers, sizes, rows / 2)
        write_names(axes, 0, columns[0], inputs or [f"x{i + 1}" for i in range(sizes[0])], -1)
        write_names(axes, len(layers), columns[-1], outputs or [""] * sizes[-1], 1)
        draw_legend(figure, shown, biases, largest)
    return Picture(figure, described(layers, sizes, course, limit))


def places(n: int, limit: int) -> Column:
    """Which of n units are shown, and how high, centred on 0."""
    head, tail = (n, 0) if n <= limit else (limit - limit // 2, limit // 2)
    units = [*range(head), *range(n - tail, n)]
    heights = [-i for i in range(head)] + [-i - head - GAP for i in range(tail)]
    return {i: height - heights[-1] / 2 for i, height in zip(units, heights, strict=True)}


def size_of(arrays: list[Array]) -> float:
    """The largest magnitude, 0 if there is none."""
    return float(max(np.max(np.abs(a), initial=0.0, where=np.isfinite(a)) for a in arrays))


def parts_of(values: Array, largest: float) -> Array:
    """Magnitudes as parts of the largest; what is not 0 stays so, however small."""
    return np.where(values == 0, 0.0, np.maximum(np.abs(values) / (largest or 1), 1e-9))


def depth(size: float) -> float:
    """How dark something of this part of the largest size is; what is not 0 is not white."""
    return PALEST + (1 - PALEST) * size if size else 0.0


def draw_weights(axes: Any, l: int, before: Column, after: Column, W: Array, largest: float) -> None:
    """A line for each weight between units that are shown, the largest on top; one that is not finite is dotted."""
    from matplotlib.collections import LineCollection

    ways = [((l, below), (l + 1, above)) for above in after.values() for below in before.values()]
    finite = np.isfinite(W)
    size = np.where(finite, parts_of(W, largest), 1)
    order = np.argsort(np.abs(W))
    colors = [tint(PARAMETER, depth(size[k])) if finite[k] else INK for k in order]
    styles = [DOTTED if not finite[k] else DASHED if W[k] < 0 else SOLID for k in order]
    widths = np.where(size > 0, np.maximum(WIDEST * size, THINNEST), 0)[order]
    ordered = [ways[k] for k in order]
    axes.add_collection(LineCollection(ordered, linewidths=widths, colors=colors, linestyles=styles, zorder=1))


def draw_units(axes: Any, l: int, n: int, column: Column, b: Array, largest: float, diameter: float) -> None:
    """A circle for each unit that is shown, filled by its bias, and how many there are where some are not."""
    fills = [tint(PARAMETER, depth(x)) if np.isfinite(x) else INK for x in parts_of(b, largest)]
    styles = [DASHED if x < 0 else SOLID for x in b]
    axes.scatter([l] * len(b), list(column.values()), diameter**2, fills, edgecolors=INK, linestyles=styles, zorder=2)
    if len(column) < n:
        heights = sorted(column.values())
        middle = next((low + high) / 2 for low, high in pairwise(heights) if high - low > 1)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2}
        how = {"fontsize": 10, "color": INK, "bbox": box, "zorder": 3, "linespacing": 1}
        write(axes, f"...\n{n - len(column)} more", l, middle, **how)


def write_captions(axes: Any, layers: list[Layer], sizes: list[int], edge: float) -> None:
    """Above each column what it is, below and between the columns the arrays and their shapes."""
    for l, n in enumerate(sizes):
        caption = "input" if l == 0 else "output" if l == len(layers) else f"layer {l}"
        write(axes, caption, l, edge, va="bottom", color=INK, xytext=(0, 18), textcoords="offset points")
        count = f"{n} unit{'s' * (n != 1)}"
        write(axes, count, l, edge, va="bottom", fontsize=10, xytext=(0, 3), textcoords="offset points")
    for l, (W, w, B, b) in enumerate(layers):
        below = {"va": "top", "fontsize": 10, "color": PARAMETER}
        write(axes, f"{W}\n{w.shape}", l + 0.5, -edge, **below)
        if b is not None:
            write(axes, f"{B}\n{b.shape}", l + 1, -edge, **below)


def write_names(axes: Any, l: int, column: Column, names: Sequence[str], side: int) -> None:
    """The names beside the units, left or right of them."""
    for i, height in column.items():
        how = {"ha": "right" if side < 0 else "left", "xytext": (16 * side, 0), "textcoords": "offset points"}
        write(axes, short(names[i]), l, height, color=INK, **how)


def draw_legend(figure: Any, weights: list[Array], biases: list[Array], largest: tuple[float, float]) -> None:
    """What a line of the largest width and a unit of the largest depth stand for, with each sign that there is."""
    axes = figure.axes[0]
    entries = []
    for kind, arrays, most, zero, dashes in (
        ("weight", weights, largest[0], "no line: weight 0", DOTTED),
        ("bias", biases, largest[1], "bias 0, or none", SOLID),
    ):
        every = np.concatenate([np.ravel(array) for array in arrays])
        finite = every[np.isfinite(every)]
        for is_there, label, color, style in (
            (np.any(finite > 0), f"{kind} {number(most)}", PARAMETER, SOLID),
            (np.any(finite < 0), f"{kind} {number(-most)}", PARAMETER, DASHED),
            (np.any(finite == 0), zero, PAPER, SOLID),
            (len(finite) < len(every), f"{kind} nan or inf", INK, dashes),
        ):
            if is_there and kind == "weight":
                entries += [(label, axes.plot([], [], color=color, linestyle=style, linewidth=WIDEST)[0])]
            elif is_there:
                entries += [(label, axes.scatter([], [], 130, [color], edgecolors=INK, linestyles=[style]))]
    legend(figure, entries)


def described(layers: list[Layer], sizes: list[int], course: bool, limit: int) -> str:
    """The picture in words, with the largest weight and bias of all, shown or not."""
    words = [f"A dense network of {', '.join(map(str, sizes[:-1]))} and {sizes[-1]} units, read as in"]
    words[0] += " W @ A." if course else " A @ W."
    if max(sizes) > limit:
        ends = f"the first {limit - limit // 2} and the last {limit // 2}"
        words.append(f"Of more than {limit} units, {ends} are shown, and the weights between those.")
    for kind, entries in (("weight", [layer[:2] for layer in layers]), ("bias", [layer[2:] for layer in layers])):
        arrays = {name: array for name, array in entries if array is not None}
        finite = {name: np.where(np.isfinite(array), array, 0.0).ravel() for name, array in arrays.items()}
        if any(map(np.any, finite.values())):
            name = max(finite, key=lambda name: size_of([finite[name]]))
            words.append(f"The largest {kind} is {number(max(finite[name], key=abs))}, in {name}.")
        words += [f"{name} holds nan or inf." for name, array in arrays.items() if not np.all(np.isfinite(array))]
    return " ".join(words)
