"""Shapes for what single steps take: tables as rows or columns, sequences, images with windows and strides."""

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from .readings import at_form
from .tasks import Task, Variant
from .values import KIND_OF, ONE, OTHERS, SEED, USUAL, Sizes, Values

EXTRA: Values = {
    "bn_param": {"mode": "train"}, "ln_param": {}, "gn_param": {},
    "dropout_param": {"mode": "train", "p": 0.5, "seed": 1},
    "mode": "train", "training": True, "train_flg": True, "train": True, "eps": 1e-5,
} | {name: 0.8 for name, kind in KIND_OF.items() if kind == "keep"}  # fmt: skip
OF_OUTPUT, OF_INPUT = "{} takes what came out", "{} takes what went in"  # two readings of a derivative
ABOUT_IMAGES = ("conv", "pool", "spatial")


class Shapes(NamedTuple):
    """Images, the filters over them, and how the windows lie."""

    images: tuple[int, ...]
    filters: tuple[int, ...]
    stride: int
    pad: int
    pool: tuple[int, int]
    pool_stride: int

    @property
    def extra(self) -> Values:
        """The arguments that say how windows lie, by the names that they have."""
        high, wide = self.pool
        return {
            "conv_param": {"stride": self.stride, "pad": self.pad},
            "pool_param": {"pool_height": high, "pool_width": wide, "stride": self.pool_stride},
            "hparameters": {"stride": self.stride, "pad": self.pad, "f": high},
            "stride": self.stride, "pad": self.pad, "pool_size": high, "kernel_size": self.filters[-1], "f": high,
            "size": high, "padding": self.pad,
        }  # fmt: skip

    @property
    def image(self) -> tuple[int, ...]:
        """One image alone, with its channels last."""
        return (*self.images[2:], self.images[1])

    def says(self) -> str:
        h, w = self.images[2:]
        over = f"filters of {self.filters[2]} x {self.filters[3]} at stride {self.stride}"
        pools = f"windows of {self.pool[0]} x {self.pool[1]} at stride {self.pool_stride}"
        return f"images of {h} x {w}, {over}, {pools}"


USUAL_SHAPES = Shapes((2, 3, 4, 4), (4, 3, 3, 3), 1, 1, (2, 2), 2)
WINDOWS = (  # overlapping, at a stride, odd and even, not square; each fits its images whole
    Shapes((3, 2, 5, 5), (2, 2, 3, 3), 2, 1, (3, 3), 2),
    Shapes((2, 2, 4, 4), (3, 2, 2, 2), 1, 0, (2, 2), 1),
    Shapes((1, 2, 5, 7), (3, 2, 3, 3), 2, 1, (3, 3), 2),
    Shapes((1, 2, 7, 5), (3, 2, 3, 3), 2, 1, (3, 3), 2),
)


def with_variants(at: Callable[[Sizes, Shapes], Iterator[Task]]) -> Iterator[Task]:
    """The readings of a step at the usual sizes, each with itself at others: of images those of other windows."""
    for task in at(USUAL, USUAL_SHAPES):
        first = np.shape(next(iter(task.parameters.values())))
        images = len(first) == 4 or first == USUAL_SHAPES.image
        others = [(USUAL, s) for s in WINDOWS] if images else [(s, USUAL_SHAPES) for s in (*OTHERS, ONE)]
        variants = []
        for sizes, shapes in others:
            make = functools.partial(lambda s, t, form: at_form(at(s, t), form), sizes, shapes, task.form)
            variants.append(Variant((shapes if images else sizes).says(), make, False))
        yield task._replace(variants=tuple(variants))


def shapes_for(free: list[str], called: str, sizes: Sizes, shapes: Shapes) -> Iterator[Values]:
    """Shapes for the input and what stands beside it, as rows and as columns; images where the name is about them."""
    first, *rest = free
    if any(word in called.lower() for word in ABOUT_IMAGES):
        channels, filters = shapes.images[1], shapes.filters
        beside = {"w": filters, "W": filters, "b": filters[:1], "gamma": (channels,), "beta": (channels,)}
        yield {first: np.zeros(shapes.images)} | {n: np.zeros(beside.get(n, filters[:1])) for n in rest}
        (m, c, h, w), (f, _, high, wide) = shapes.images, filters  # channels last, as the course has them
        last = {"w": (high, wide, c, f), "W": (high, wide, c, f), "b": (1, 1, 1, f), "gamma": (c,), "beta": (c,)}
        yield {first: np.zeros((m, h, w, c))} | {n: np.zeros(last.get(n, (f,))) for n in rest}
    m, n = sizes.examples, sizes.features
    if rest and not any(name[:1].lower() in "wb" for name in rest):
        yield {name: np.zeros((m, n)) for name in free}  # all alike
    for rows in (True, False):
        inputs: list[tuple[int, ...]] = [(m, n) if rows else (n, m)]
        inputs += [(m, 2, n)] if rows else []
        inputs += [] if rest else [(n,), (n, 1)] if rows else [(1, n)]
        for x, *chosen in itertools.product(inputs, *(beside_input(name, rows, sizes) for name in rest)):
            yield {first: np.zeros(x)} | {n: np.zeros(s) for n, s in zip(rest, chosen, strict=True)}


def beside_input(name: str, rows: bool, sizes: Sizes) -> list[tuple[int, ...]]:
    """What the shape of an argument beside the input may be, by its name."""
    m, n, c = sizes.examples, sizes.features, sizes.classes
    if name in ("prev_h", "h_prev", "h0", "hprev", "prev_c", "c_prev", "a_prev"):
        return [(m, c) if rows else (c, m)]
    if name in ("Wh", "Whh", "Waa", "W_hh", "U", "Wha"):
        return [(c, c)]
    if name[:1] in "Ww":
        return [(n, c), (c, n)]
    if name.lower().startswith("b") and name != "beta":
        return [(c,), (c, 1), (1, c)]
    return [(n,), (n, 1), (1, n)]


def labels_for(x_shape: tuple[int, ...], indices: bool) -> Any:
    """Labels of the examples in the rows of a table: one-hot, or their indices."""
    classes = x_shape[1] if len(x_shape) > 1 else 2
    true = np.arange(x_shape[0]) % classes
    return true if indices else np.eye(classes)[true]


def upstream(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(SEED + 1).normal(size=shape)
