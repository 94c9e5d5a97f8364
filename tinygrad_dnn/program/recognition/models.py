"""A model put together of functions that start, run forward, compare and run backward, each of them known by now.

Where the file does not say it, several ways are tried: data as rows or columns, labels in every usual form, which of
the things that come out is the output, and whether a name of what came out stands for it or for the data.
"""

import contextlib
import copy
import inspect
import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .offers import Function
from .tasks import Task, UnfitError, by_parameter
from .trial import GIVEN
from .uses import speaks_of_several
from .values import (
    KIND_OF,
    SIZE_OF,
    Layout,
    Sizes,
    Values,
    apart,
    by_place,
    call,
    generic,
    gradient_of,
    layouts,
    one_example,
    returned_names,
    shadows,
    sizes_of,
)


class Parts(NamedTuple):
    """The functions of a model, and of a table of losses what is taken for the cost where the file has none."""

    start: Function
    forward: Function | None
    cost: Function
    backward: Function

    @property
    def all(self) -> list[Function]:
        return list(dict.fromkeys(f for f in self if f is not None))

    @property
    def results(self) -> list[str]:
        """What the forward pass calls what it returns; without a name of its own, what the backward pass calls it."""
        names = returned_names(self.forward) if self.forward is not None else []
        takes = list(inspect.signature(self.backward).parameters)
        for start in range(len(takes) - len(names) + 1):
            there = takes[start : start + len(names)]
            filled = [b for a, b in zip(names, there, strict=True) if not a]
            alike = len(names) > 1 and any(names) and all(a in ("", b) for a, b in zip(names, there, strict=True))
            if alike and not any(KIND_OF.get(name) in GIVEN and KIND_OF.get(name) != "output" for name in filled):
                return there
        return names

    def says(self) -> str:
        together = list(dict.fromkeys(f.__name__ for f in self.all))
        return f"{', '.join(together[:-1])} and {together[-1]}"


class Reading(NamedTuple):
    """A way to read functions.

    output     which of the things that come out of the forward pass is the output
    shadowing  whether a name that data have too means what came out
    number     a number of the module that is taken for that of the examples
    recoded    whether the backward pass is given the labels in the other form, one-hot or as indices, than the cost
    """

    output: int | None = None
    shadowing: bool = False
    number: str = ""
    recoded: bool = False

    def form(self) -> str:
        of = f", output {self.output}" * (self.output is not None)
        return of + ", shadowing" * self.shadowing + f", {self.number}" + RECODED_FORM * self.recoded


def model(parts: Parts, outputs: int, sizes: Sizes) -> Iterator[Task]:
    """The model on every layout of data that fits its parameters, read in every way."""
    for composed in compositions(parts, outputs, sizes):
        yield composed.task()


def compositions(parts: Parts, outputs: int, sizes: Sizes) -> Iterator["Composed"]:
    shapes, lists = started(parts, sizes.classes if outputs > 1 else outputs, sizes)
    many = speaks_of_several(f for f in parts[1:] if f is not None)
    ways = [Reading(*way) for way in itertools.product(*readings(parts))]
    ran, other = False, list[Composed]()
    for layout, reading in itertools.product(data_for(shapes, sizes, many), ways):
        if ran and layout.form.endswith(TURNED):
            break  # only for what does not run with data as they lie
        composed = Composed(parts, shapes, lists, layout, reading, outputs)
        if outputs > 1 and recoded(layout, outputs) is not None:
            other.append(Composed(parts, shapes, lists, layout, reading._replace(recoded=True), outputs))
        ran = ran or composed.runs([])
        yield composed
    yield from other


def readings(parts: Parts) -> tuple[list[int | None], list[bool], list[str]]:
    """What may be the output, what a name may mean that data have, and which number may be that of the examples."""
    names = parts.results
    known = len(names) < 2 or any(KIND_OF.get(name) == "output" for name in names)
    outputs: list[int | None] = [None] if known else [len(names) - 1, None, *range(len(names) - 1)]
    return outputs, [False, True][: 1 + shadows(parts.forward)], ["", *numbers_read(parts.backward)]


def numbers_read(function: Function) -> list[str]:
    """The whole numbers of its module that a function reads: m = 200 may stand for the number of examples."""
    around = function.__globals__
    return [name for name in function.__code__.co_names if type(around.get(name)) is int and around[name] > 1]


@contextlib.contextmanager
def taken_as(value: int, name: str, functions: Iterable[Function]) -> Iterator[None]:
    """A number of the modules of some functions is another as long as this lasts."""
    around = [f.__globals__ for f in functions if name in f.__globals__]
    before = [variables[name] for variables in around]
    for variables in around:
        variables[name] = value
    try:
        yield
    finally:
        for variables, old in zip(around, before, strict=True):
            variables[name] = old


class Composed:
    """Functions, parameters and data as one thing that is run."""

    def __init__(
        self,
        parts: Parts,
        shapes: Values,
        lists: dict[str, int],
        layout: Layout,
        reading: Reading,
        outputs: int,
    ) -> None:
        self.outputs = outputs
        self.parts, self.shapes, self.lists, self.reading, self.layout = parts, shapes, lists, reading, layout
        self.data: Values = {"X": layout.X, "Y": layout.Y, "reg": 0.7, "keep": 0.8, "rate": 1.0}
        self.data["examples_axis"] = int(layout.form.startswith("columns"))

    def task(self) -> Task:
        assumed = f"Assumed: {self.parts.says()} belong together; {self.layout.says}, all random from a seed."
        if self.reading.number:
            value = self.parts.backward.__globals__[self.reading.number]
            assumed += NUMBER.format(self.reading.number, value, np.shape(self.layout.X)[self.data["examples_axis"]])
        if self.reading.recoded:
            assumed += says_recoded(self.parts.backward, self.layout)
        form = self.layout.form + self.reading.form()
        other = partial(self.cost, data=self.data | {"X": 1.7 * self.layout.X + 0.3})
        return Task(self.cost, self.gradients, self.shapes, assumed, elsewise=other, form=form)

    def with_cost(self, cost: Function) -> "Composed":
        other = copy.copy(self)
        other.parts = self.parts._replace(cost=cost)
        return other

    def runs(self, raised: list[Exception]) -> bool:
        """Whether the forward pass and the backward pass run and return gradients."""
        try:
            found = self.gradients(generic(self.shapes))
        except Exception as error:  # it does not go together
            raised.append(error)
            return False
        return any(f"d{name}" in found for name in self.shapes)

    def cost(self, p: Values, data: Values | None = None) -> Any:
        found = self.called(self.parts.cost, self.run(p, data), spare="output")
        return next((part for part in found if np.size(part) == 1), None) if isinstance(found, tuple) else found

    def gradients(self, p: Values) -> Values:
        back = self.parts.backward
        values, named, known = self.run(p)
        values |= {"Y": recoded(self.layout, self.outputs)} if self.reading.recoded else {}
        spare = "output" if isinstance(cache := known.get("cache"), tuple) and not cache else "cache"
        result, names = self.called(back, (values, named, known), spare), returned_names(back)
        return by_parameter(result, names, self.shapes) | of_lists(result, names, self.lists)

    def called(self, function: Function, ran: tuple[Values, Values, Values], spare: str) -> Any:
        values, named, known = ran
        given = values | apart(named, function, self.reading.shadowing) | known
        with self.as_read():
            return call(function, given, spare=spare)

    def as_read(self) -> contextlib.AbstractContextManager[None]:
        examples = np.shape(self.layout.X)[self.data["examples_axis"]]
        return taken_as(examples, self.reading.number, self.parts.all if self.reading.number else ())

    def run(self, p: Values, data: Values | None = None) -> tuple[Values, Values, Values]:
        """What goes in, what comes out of the forward pass by its name there, and that by what it is for."""
        values = (data or self.data) | {"parameters": self.whole(p)} | p
        values |= {name: [p[f"{name}{i}"] for i in range(n)] for name, n in self.lists.items()}
        forward = self.parts.forward
        if forward is None:
            return values, {}, {}
        with self.as_read():
            output = call(forward, values, spare="X")
        parts: list[Any] = list(output) if isinstance(output, tuple) else [output]
        names = self.parts.results
        named = {n: v for n, v in zip(names, parts, strict=True) if n} if len(names) == len(parts) else {}
        return values, named, self.by_use(parts, named)

    def whole(self, p: Values) -> Any:
        """The parameters as the function that makes them returns them: a list where it is one."""
        return list(p.values()) if all(name.startswith(UNNAMED) for name in p) else p

    def by_use(self, parts: list[Any], named: Values) -> Values:
        """The output and the cache."""
        arrays = [part for part in parts if getattr(part, "shape", ())]
        rest = [part for part in parts if not getattr(part, "shape", ())]
        kept = [part for part in rest if isinstance(part, dict | list | tuple)]
        cache = kept[0] if kept else rest[0] if rest else tuple(parts[1:])
        if self.reading.output is not None:
            chosen = parts[self.reading.output] if self.reading.output < len(parts) else None
            chosen = chosen[-1] if isinstance(chosen, list) and chosen else chosen
            return {"output": chosen, "cache": cache}
        if not arrays and rest and isinstance(rest[-1], list):
            arrays = rest[-1][-1:]  # zs, activations: the last of these is what comes out
        if not arrays and rest and isinstance(rest[0], dict):
            arrays = [v for v in rest[0].values() if getattr(v, "shape", ())][-1:]  # a cache alone: its last
        called = [value for name, value in named.items() if KIND_OF.get(name) == "output"]
        known = {"output": (called or arrays)[-1 if called else 0]} if called or arrays else {}
        return known | {"cache": cache}


UNNAMED = "parameter "
TURNED = ", turned"
RECODED_FORM = ", recoded"
NUMBER = " {} is {} in the file, and taken as the number of examples that it is given here, {}."


def recoded(layout: Layout, classes: int) -> Any:
    """Labels that are one-hot as indices, and indices one-hot; None for all others."""
    Y, rows = np.asarray(layout.Y), layout.form.startswith("rows")
    if Y.ndim == 2 and min(Y.shape) > 1 and np.array_equal(np.sum(Y, axis=int(rows)), np.ones(Y.shape[int(not rows)])):
        return np.argmax(Y, axis=int(rows))
    if Y.ndim == 1 and Y.dtype.kind == "i" and 0 <= np.min(Y) <= np.max(Y) < classes:
        table = np.eye(classes)[Y]
        return table if rows else table.T
    return None


def says_recoded(backward: Function, layout: Layout) -> str:
    form = "one-hot" if np.ndim(layout.Y) == 1 else "as indices"
    return f" {backward.__name__} is given the labels {form}, and the cost as they are."


def data_for(shapes: Values, sizes: Sizes, many: bool = True) -> Iterator[Layout]:
    """Data that fit parameters: the first table takes the features in, the last one gives the outputs.

    many: whether the code is certain to take several examples at once.
    """
    matrices = [p for n, p in shapes.items() if np.ndim(p) == 2 and n.lower()[:1] != "b"]
    if not matrices:
        vectors = [p for p in shapes.values() if np.ndim(p) == 1]
        if vectors:
            yield from layouts(vectors[0].size, 1, True, sizes.examples)
            yield from layouts(vectors[0].size, 1, False, sizes.examples)
        return
    for turned, rows in itertools.product((False, True), (False, True)):
        ahead = rows is not turned  # W is features x outputs, as in X W; W^T X has it so as well
        first, final = (m.shape if ahead else m.shape[::-1] for m in (matrices[0], matrices[-1]))
        for layout in layouts(first[0], final[1], rows, sizes.examples):
            yield layout._replace(form=layout.form + TURNED) if turned else layout
        if not many and not turned:
            yield from one_example(first[0], final[1])


def started(parts: Parts, outputs: int, sizes: Sizes) -> tuple[Values, dict[str, int]]:
    """The parameters that an initialising function makes, by name, and the lists of them with their lengths."""
    start, known = parts.start, sizes_of(outputs, sizes)
    needed = [p for p in inspect.signature(start).parameters.values() if p.default is p.empty]
    kinds = {p.name: SIZE_OF.get(p.name, KIND_OF.get(p.name, p.name)) for p in needed}
    given = {name: known[kind] for name, kind in kinds.items() if kind in known}
    given |= by_place(
        [n for n in kinds if n not in given], outputs, sizes, {kinds[n]: v for n, v in given.items()}, "hidden"
    )
    if list(kinds.values()) == ["sizes"]:
        given = {name: [sizes.features, *sizes.deep, outputs] for name in kinds}
    return by_name(call(start, known | given), parts)


def by_name(made: Any, parts: Parts) -> tuple[Values, dict[str, int]]:
    """What makes the parameters returned, under their names, and the lists in it with their lengths.

    Without names they are called what the forward pass calls them.
    """
    names = returned_names(parts.start)
    if isinstance(made, Mapping):
        return {k: v for k, v in made.items() if np.ndim(v) or isinstance(v, float)}, {}
    if isinstance(made, np.ndarray) and made.dtype.kind == "f" and len(names) == 1:
        return {names[0] or next(iter(taken(parts, 1)), "theta"): made}, {}
    if isinstance(made, tuple) and len(names) == len(made) and all(names):
        lists = {n: v for n, v in zip(names, made, strict=True) if isinstance(v, list)}
        flat = {f"{n}{i}": a for n, v in lists.items() for i, a in enumerate(v)}
        return {n: v for n, v in zip(names, made, strict=True) if n not in lists} | flat, {
            n: len(v) for n, v in lists.items()
        }
    if isinstance(made, tuple | list) and made and all(isinstance(v, np.ndarray | float | int) for v in made):
        called = taken(parts, len(made)) or [f"{UNNAMED}{i + 1}" for i in range(len(made))]
        return dict(zip(called, made, strict=True)), {}
    raise UnfitError(f"{parts.start.__name__} returned no parameters by name")


def taken(parts: Parts, count: int) -> list[str]:
    """What the functions of a model call so many parameters that they take one by one."""
    for function in filter(None, (parts.forward, parts.cost, parts.backward)):
        names = [n for n in inspect.signature(function).parameters if KIND_OF.get(n) not in GIVEN]
        if len(names) == count:
            return names
    return []


def of_lists(result: Any, names: list[str], lists: dict[str, int]) -> Values:
    """The gradients that come as lists with an array for each layer."""
    if not lists or not isinstance(result, tuple) or len(names) != len(result):
        return {}
    named = dict(zip(names, result, strict=True))
    keys = {name: gradient_of(name, list(named)) for name in lists}
    return {f"d{name}{i}": g for name, key in keys.items() if key for i, g in enumerate(named[key])}
