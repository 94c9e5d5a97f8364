"""Shapes by trial of parameters that nothing in a file makes: weights and biases in their order, in rows or columns."""

import ast
import contextlib
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from .offers import Function
from .values import KIND_OF, USUAL, Layout, Sizes, Values, call, layouts, tree_of, vectors

SCORES = ("x", "scores", "logits", "z", "Z")  # what a loss alone takes
GIVEN = ("X", "Y", "reg", "keep", "rate", "cache", "parameters", "output")  # arguments that are no parameters
MOST = 8  # arrays that are made up


def guesses(free: list[str], sizes: Sizes, compared: bool = False) -> Iterator[tuple[Values, Layout, str]]:
    """Shapes for parameters by their names, data for them, and which of the ways it is.

    compared: whether there is nothing beside them but labels, so that they are what is compared with these.
    """
    features, classes = sizes.features, sizes.classes
    for rows, outputs in ((False, 1), (True, classes), (True, 1), (False, classes)):
        every = list(layouts(features, outputs, rows, sizes.examples))
        for way, shapes in enumerate(
            [*chained(free, rows, outputs, sizes), *alike(free, rows, outputs, sizes, None, compared)]
        ):
            for layout in every:
                yield shapes, layout, f"{way}, {layout.form}"
    yield {name: np.zeros(()) for name in free}, vectors(sizes.examples), "numbers"


def alike(
    free: list[str], rows: bool, outputs: int, sizes: Sizes, said: tuple[str, ...] | None = None, compared: bool = False
) -> Iterator[Values]:
    """All weights of one shape, and all biases."""
    biases = [n for n in free if (is_bias(n) if said is None else n in said)]
    weights: list[tuple[int, ...]] = [(sizes.features, outputs), (outputs, sizes.features)]
    if outputs == 1:
        weights.append((sizes.features,))
    if len(free) == 1 and (compared or free[0] in SCORES):
        weights = [(sizes.examples, outputs) if rows else (outputs, sizes.examples)]
    for weight in weights:
        for bias in [(), (outputs,), (1, outputs) if rows else (outputs, 1)]:
            yield {n: np.zeros(bias if n in biases else weight) for n in free}
            if not biases:
                break


def chained(
    free: list[str], rows: bool, outputs: int, sizes: Sizes, said: tuple[str, ...] | None = None
) -> Iterator[Values]:
    """Weights and biases of several layers, in their order. said: which are the biases, if not their names say it."""
    biases = [n for n in free if (is_bias(n) if said is None else n in said)]
    weights = [n for n in free if n not in biases]
    if len(weights) < 2 or len(biases) not in (0, len(weights)):
        return
    widths = [sizes.features, *[sizes.hidden + i for i in range(len(weights) - 1)], outputs]
    pairs = list(itertools.pairwise(widths))
    tables = {n: np.zeros(pair if rows else pair[::-1]) for n, pair in zip(weights, pairs, strict=True)}
    forms: list[Callable[[int], tuple[int, ...]]] = [lambda k: (k,), lambda k: (1, k) if rows else (k, 1)]
    for form in forms if biases else forms[:1]:
        beside = {n: np.zeros(form(width)) for n, width in zip(biases, widths[1:], strict=bool(biases))}
        yield {name: (tables | beside)[name] for name in free}


def transposed(function: Function) -> set[str]:
    """The names that a function transposes, and that are tables therefore."""
    nodes = [n for n in ast.walk(tree_of(function)) if isinstance(n, ast.Attribute) and n.attr == "T"]
    return {node.value.id for node in nodes if isinstance(node.value, ast.Name)}


def is_bias(name: str) -> bool:
    return name.lower().startswith("b")


# Functions that make what a file does not


def made_up(functions: list[Function], sizes: Sizes = USUAL) -> list[Function]:
    """In place of a function that makes the parameters those that make them in every usual shape.

    functions: what takes the parameters, by name or in a dict.
    """
    names = list(dict.fromkeys(name for f in functions for name in needs(f)))
    if not 1 <= len(names) <= MOST:
        return []
    made = []
    for rows, biases in itertools.product((False, True), patterns(names)):
        count = len(list(tables(names, rows, 2, sizes, biases)))
        made += [partial(table, names, rows, biases, way) for way in range(count)]
    return [named(f) for f in made]


def named(make: Callable[..., Values]) -> Function:
    def start(n_x: int, n_h: int, n_y: int) -> Values:
        return make(Sizes(n_x, n_h, n_y, USUAL.examples, USUAL.deep))

    shaped = ", ".join(f"{name} {np.shape(value)}" for name, value in start(*USUAL[:3]).items())
    start.__name__ = f"parameters of the shapes {shaped}"
    return start


def is_made_up(start: Function) -> bool:
    """Whether a function that makes parameters is ours."""
    return start.__module__ == __name__


def table(names: list[str], rows: bool, biases: tuple[str, ...], way: int, sizes: Sizes) -> Values:
    return list(tables(names, rows, sizes.classes, sizes, biases))[way]


def tables(names: list[str], rows: bool, outputs: int, sizes: Sizes, biases: tuple[str, ...]) -> Iterator[Values]:
    yield from chained(names, rows, outputs, sizes, biases)
    if len(names) <= 2:
        yield from alike(names, rows, outputs, sizes, biases)


def patterns(names: list[str]) -> list[tuple[str, ...]]:
    """Which of some parameters are biases: by their names, or every second one, or those that follow."""
    said = tuple(name for name in names if is_bias(name))
    half = len(names) // 2
    others = [tuple(names[1::2]), tuple(names[half:]), ()] if not said and len(names) % 2 == 0 else []
    return list(dict.fromkeys([said, *others]))


def needs(function: Function) -> list[str]:
    """The parameters that a function takes: its arguments, and the keys that it reads in what is called so."""
    everything = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    free = [p.name for p in everything if KIND_OF.get(p.name) not in GIVEN]
    holders = [p.name for p in everything if KIND_OF.get(p.name) == "parameters"]
    return [key for name in holders for key in keys_read(function, name)] or free


def keys_read(function: Function, name: str) -> list[str]:
    """The keys that a function reads in one of its arguments, of which it is given nothing else."""
    keys, anything = Keys(), Anything()
    given = {n: anything for n in inspect.signature(function).parameters if n != name}
    with contextlib.suppress(Exception):  # it comes as far as it comes
        call(function, given | {name: keys})
    return list(dict.fromkeys(keys.read))


class Keys(dict[str, Any]):
    """A dict that has whatever is looked for, and notes it. It is as long as that of a model of two layers."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __missing__(self, key: str) -> Any:
        self.read.append(key)
        return Anything()

    def __len__(self) -> int:
        return 4


class Anything(np.lib.mixins.NDArrayOperatorsMixin):
    """What stands for an array of which nothing is known."""

    shape, size, ndim, dtype = (4, 4), 16, 2, np.dtype(float)

    def __array_ufunc__(self, *_: Any, **__: Any) -> "Anything":
        return self

    def __array_function__(self, *_: Any, **__: Any) -> "Anything":
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "Anything":
        return self

    def __getitem__(self, _: Any) -> "Anything":
        return self

    def __setitem__(self, *_: Any) -> None:
        pass

    def __iter__(self) -> Iterator["Anything"]:
        return iter((self, self))

    def __len__(self) -> int:
        return 4

    def __float__(self) -> float:
        return 1.0

    def __int__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return True
