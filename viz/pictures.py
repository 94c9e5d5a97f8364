"""A dense network drawn from its parameters, and Picture, which holds what matplotlib draws here and in charts.py.

The width and the depth of a line are the magnitude of its weight, the depth of a unit that of its bias; dashes are a
negative sign. Colours go by role, never by sign.
"""

import base64
import contextlib
import html
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygrad_dnn import Tensor

from .label import INK, MUTED, PAPER, PARAMETER
from .text import ELLIPSIS, number, on_one_line

Array = NDArray[Any]
Layer = tuple[str, Array, str, Array | None]  # the weights' name and array, the bias's name and array
Column = dict[int, float]  # the units of a layer that are shown, and how high

ENDINGS = (".svg", ".png", ".pdf")
DPI, CSS_DPI = 160, 96  # of a PNG, and of a page
WIDTH = 6.4  # inches; letters are legible when the whole is 400 pixels wide
STYLE = {
    "font.size": 11,
    "lines.scale_dashes": False,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.1,
}
SOLID, DASHED, DOTTED = "-", (0, (4, 2)), (0, (1, 1.5))

WIDEST, THINNEST = 4.0, 0.4  # points, of the largest weight, and of any that is not 0
PALEST = 0.25  # the depth of a small one
UNIT = 0.55  # the diameter of a unit, as a part of the way to the next
GAP = 2  # rows left empty where units are left out
EXPECTED = "W1 (n1, n0), W2 (n2, n1), as in W @ A, or W1 (n0, n1), W2 (n1, n2), as in A @ W, and a bias for each unit"


@contextlib.contextmanager
def own_style() -> Iterator[None]:
    """Matplotlib's own settings, but the user's fonts; a letter that none of them has is a box, without a warning."""
    from matplotlib import rcParams, style

    fonts = {key: rcParams[key] for key in ("font.family", "font.sans-serif", "font.serif", "font.monospace")}
    with warnings.catch_warnings(), style.context(["default", fonts | STYLE]):
        warnings.filterwarnings("ignore", "Glyph|Matplotlib currently does not support")
        yield


class Picture:
    """A picture: .figure is matplotlib's, .alt says what is seen, .save writes it, and in Jupyter it shows itself."""

    def __init__(self, figure: Any, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return f'Picture: {self.alt} Write it with .save("picture.svg")'

    def render(self, form: str) -> bytes:
        """The picture as svg, png or pdf, with its words and without the time."""
        metadata = {"pdf": {"Subject": self.alt, "CreationDate": None}, "svg": {"Description": self.alt, "Date": None}}
        file = BytesIO()
        with own_style():
            self.figure.savefig(file, format=form, dpi=DPI, metadata=metadata.get(form, {"Description": self.alt}))
        return file.getvalue()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture in the form that the ending names: .svg, .png or .pdf."""
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise ValueError(f"save: {path.name!r} has the ending {ending!r}; known endings are {', '.join(ENDINGS)}")
        path.write_bytes(self.render(ending[1:]))
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What Jupyter shows: an image with a data URI, which a notebook that is not trusted shows too."""
        try:
            png = base64.b64encode(self.render("png")).decode()
            width = round(self.figure.get_figwidth() * CSS_DPI)
        except Exception as problem:
            return {"text/plain": f"{self!r}\n{problem}"}
        image = f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{png}" width="{width}">'
        return {"text/html": image, "image/png": png, "text/plain": repr(self)}


def new_figure(who: str, width: float, height: float) -> Any:
    """An empty figure, in inches. Not one of pyplot's, which is kept, and shown twice in a notebook."""
    try:
        from matplotlib.figure import Figure
    except ImportError as missing:
        message = 'the package matplotlib is missing; pip install "tinygrad_dnn[examples]"'
        raise ImportError(f"{who}: {message}") from missing
    with own_style():
        return Figure(figsize=(width, height), layout="constrained")


def array_of(who: str, name: str, value: Any) -> Array:
    """The value of a Tensor, an array or a number, or a TypeError that says what came instead."""
    try:
        array = np.asarray(value.data if isinstance(value, Tensor) else value)
    except ValueError:  # a list whose parts differ in length
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        came = f"an array of {array.dtype}" if isinstance(value, np.ndarray) else f"of type {type(value).__name__}"
        raise TypeError(f"{who}: {name} is {came}; an array of real numbers is expected")
    return array


def short(name: Any, most: int = 18) -> str:
    """A name on one line; of a long one both ends, as names often differ at the end."""
    text = on_one_line(str(name))
    return text if len(text) <= most else text[: most // 2] + ELLIPSIS + text[-(most - most // 2 - 1) :]


def are_names(names: Any, count: int) -> bool:
    """Whether it is a list of so many names, or None."""
    return names is None or (not isinstance(names, str) and np.iterable(names) and len(list(names)) == count)


def tint(color: str, depth: float) -> tuple[float, ...]:
    """From white, 0, over the colour itself, 1, to black, 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(1 - depth * (1 - part) if depth <= 1 else (2 - depth) * part for part in parts)


def write(axes: Any, text: str, x: float, y: float, **how: Any) -> Any:
    """Text as it is: a dollar in it starts no formula."""
    return axes.annotate(text, (x, y), **{"ha": "center", "va": "center", "color": MUTED, "parse_math": False} | how)


def legend(figure: Any, handles: Sequence[Any]) -> None:
    """Below all, in one row if it has room for the words, else in two."""
    letters = sum(len(handle.get_label()) for handle in handles)
    columns = len(handles) if letters < 47 else (len(handles) + 1) // 2
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=10)


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
    layers = layers_of(parameters)
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
        write_names(axes, 0, columns[0], [f"x{i + 1}" for i in range(sizes[0])] if inputs is None else list(inputs), -1)
        write_names(axes, len(layers), columns[-1], [""] * sizes[-1] if outputs is None else list(outputs), 1)
        draw_legend(figure, shown, biases, largest)
    return Picture(figure, described(layers, sizes))


def layers_of(parameters: Any) -> list[Layer]:
    """The weights and biases in the order of their numbers."""
    if not isinstance(parameters, Mapping):
        came = type(parameters).__name__
        raise TypeError(f'network: a {came} came; a dict of arrays is expected, {{"W1": W1, "b1": b1, ...}}')
    found: dict[tuple[str, int], tuple[str, Array]] = {}
    for name, value in parameters.items():
        match = re.fullmatch(r"([Ww]|[Bb])([0-9]*)", str(name))
        key = (match[1].lower(), int(match[2] or 1)) if match else ("", 0)
        if match is None or key in found:
            expected = "W1, b1, W2, b2, ... are drawn, each once; leave the others out"
            raise ValueError(f"network: no place for {short(name)!r}; {expected}")
        found[key] = name, checked(name, array_of("network", name, value), key[0] == "w")
    numbers = [n for _, n in found]
    every = range(min(numbers, default=1), max(numbers, default=1) + 1)
    for n in every:
        if ("w", n) not in found:
            came = short(", ".join(map(str, parameters)), 80) or "nothing"
            raise ValueError(f"network: W{n} is missing, {came} came; the weights of every layer are needed")
    return [(*found["w", n], *found.get(("b", n), ("", None))) for n in every]


def checked(name: str, array: Array, is_weight: bool) -> Array:
    fits = array.ndim in (1, 2) if is_weight else max(array.shape, default=1) == array.size
    if not fits or array.size == 0:
        expected = "a matrix, or the vector of a single unit," if is_weight else "a column, a row or a number"
        raise ValueError(f"network: {name} has shape {array.shape}; {expected} is expected")
    return array


def matrix(W: Array, course: bool) -> Array:
    """W with a row for each unit."""
    return W.reshape(1, -1) if W.ndim == 1 else W if course else W.T


def by_course(layers: list[Layer], inputs: Sequence[str] | None, outputs: Sequence[str] | None) -> bool:
    """Whether W is (units, inputs), as in W @ A, or (inputs, units), as in A @ W."""
    fitting = [course for course in (True, False) if chains([(matrix(W, course), b) for _, W, _, b in layers])]
    if not fitting:
        pairs = [(name, array) for W, w, B, b in layers for name, array in ((W, w), (B, b)) if array is not None]
        came = ", ".join(f"{name} {array.shape}" for name, array in pairs)
        raise ValueError(f"network: the shapes {came} do not chain; expected are {EXPECTED}")
    named = [course for course in fitting if are_named(layers, course, inputs, outputs)]
    if not named:
        ends = matrix(layers[0][1], fitting[0]).shape[1], len(matrix(layers[-1][1], fitting[0]))
        expected = f"{ends[0]} inputs and {ends[1]} outputs have to be named, or none"
        raise ValueError(f"network: inputs is {short(inputs, 60)}, outputs is {short(outputs, 60)}; {expected}")
    if len(named) == 1:
        return named[0]
    columns = [b.shape[1:] == (1,) for *_, b in layers if b is not None and b.ndim and b.shape != (1, 1)]
    name, W, _, b = layers[0]
    logistic = len(layers) == 1 and W.shape[1:] == (1,) and (name == "w" or (b is not None and b.ndim == 0))
    return any(columns) if columns else not logistic  # the course's logistic regression has w (n, 1) and a number b


def chains(layers: list[tuple[Array, Array | None]]) -> bool:
    """Whether each layer takes as many numbers as the one before gives, and has a bias for each unit."""
    linked = all(len(before) == after.shape[1] for (before, _), (after, _) in pairwise(layers))
    return linked and all(b is None or b.ndim == 0 or b.size == len(W) for W, b in layers)


def are_named(layers: list[Layer], course: bool, inputs: Sequence[str] | None, outputs: Sequence[str] | None) -> bool:
    first, last = matrix(layers[0][1], course), matrix(layers[-1][1], course)
    return are_names(inputs, first.shape[1]) and are_names(outputs, len(last))


def places(n: int, limit: int) -> Column:
    """Which of n units are shown, and how high, centred on 0."""
    head, tail = (n, 0) if n <= limit else (limit - limit // 2, limit // 2)
    units = [*range(head), *range(n - tail, n)]
    heights = [-i for i in range(head)] + [-i - head - GAP for i in range(tail)]
    return {i: height - heights[-1] / 2 for i, height in zip(units, heights, strict=True)}


def bias_of(layer: Layer, n: int) -> Array:
    """A number for each unit, 0 where a layer has no bias."""
    return np.resize(0.0 if layer[3] is None else layer[3].astype(float), n)


def size_of(arrays: list[Array]) -> float:
    """The largest magnitude, 0 if there is none."""
    return float(max(np.max(np.abs(a), initial=0.0, where=np.isfinite(a)) for a in arrays))


def draw_weights(axes: Any, l: int, before: Column, after: Column, W: Array, largest: float) -> None:
    """A line for each weight between units that are shown, the largest on top; one that is not finite is dotted."""
    from matplotlib.collections import LineCollection

    ways = [((l, below), (l + 1, above)) for above in after.values() for below in before.values()]
    finite = np.isfinite(W)
    size = np.where(finite, np.abs(np.where(finite, W, 0)) / (largest or 1), 1)
    order = np.argsort(np.abs(W))
    colors = [tint(PARAMETER, PALEST + (1 - PALEST) * size[k]) if finite[k] else INK for k in order]
    styles = [DOTTED if not finite[k] else DASHED if W[k] < 0 else SOLID for k in order]
    widths = np.where(size > 0, np.maximum(WIDEST * size, THINNEST), 0)[order]
    ordered = [ways[k] for k in order]
    axes.add_collection(LineCollection(ordered, linewidths=widths, colors=colors, linestyles=styles, zorder=1))


def draw_units(axes: Any, l: int, n: int, column: Column, b: Array, largest: float, diameter: float) -> None:
    """A circle for each unit that is shown, filled by its bias, and how many there are where some are not."""
    fills = [tint(PARAMETER, abs(x) / (largest or 1)) if np.isfinite(x) else INK for x in b]
    styles = [DASHED if x < 0 else SOLID for x in b]
    axes.scatter([l] * len(b), list(column.values()), diameter**2, fills, edgecolors=INK, linestyles=styles, zorder=2)
    if len(column) < n:
        heights = sorted(column.values())
        middle = next((low + high) / 2 for low, high in pairwise(heights) if high - low > 1)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2}
        write(axes, f"...\n{n} units", l, middle, fontsize=10, color=INK, bbox=box, zorder=3, linespacing=1)


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
    W, b = (np.concatenate([np.ravel(a) for a in arrays]) for arrays in (weights, biases))
    handles = []
    for is_there, label, color, dashes in (
        (np.any(W > 0), f"weight {number(largest[0])}", PARAMETER, SOLID),
        (np.any(W < 0), f"weight {number(-largest[0])}", PARAMETER, DASHED),
        (np.any(W == 0), "no line: weight 0", PAPER, SOLID),
        (not np.all(np.isfinite(W)), "weight nan or inf", INK, DOTTED),
    ):
        if is_there:
            handles += axes.plot([], [], color=color, linestyle=dashes, linewidth=WIDEST, label=label)
    for is_there, label, color, dashes in (
        (np.any(b > 0), f"bias {number(largest[1])}", PARAMETER, SOLID),
        (np.any(b < 0), f"bias {number(-largest[1])}", PARAMETER, DASHED),
        (np.any(b == 0), "bias 0, or none", PAPER, SOLID),
        (not np.all(np.isfinite(b)), "bias nan or inf", INK, SOLID),
    ):
        if is_there:
            handles.append(axes.scatter([], [], 130, [color], edgecolors=INK, linestyles=[dashes], label=label))
    legend(figure, handles)


def described(layers: list[Layer], sizes: list[int]) -> str:
    """The picture in words, with the largest weight and bias of all, shown or not."""
    words = [f"A dense network of {', '.join(map(str, sizes[:-1]))} and {sizes[-1]} units."]
    for kind, entries in (("weight", [layer[:2] for layer in layers]), ("bias", [layer[2:] for layer in layers])):
        arrays = {name: array for name, array in entries if array is not None}
        finite = {name: np.where(np.isfinite(array), array, 0.0).ravel() for name, array in arrays.items()}
        if any(map(np.any, finite.values())):
            name = max(finite, key=lambda name: size_of([finite[name]]))
            words.append(f"The largest {kind} is {number(max(finite[name], key=abs))}, in {name}.")
        words += [f"{name} holds nan or inf." for name, array in arrays.items() if not np.all(np.isfinite(array))]
    return " ".join(words)
