"""The shapes of arguments that nobody gives, found by trial: those with which code runs through.

Each argument waits until the code asks for it, and is then given one shape after the other; what raises is given up
there. So the shapes of W1, b1, W2, b2 are found one by one, and not all together.
"""

import ast
import inspect
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..copies import duplicate
from .stepping import adds_a_product, steps_taken, targets_of
from .uses import Uses
from .values import SEED, Sizes, Values, is_called_labels, spread, tree_of

RUNS = 4000
LAYERS = 2  # whose tables stand in a list
APART = (2, 0, 1)  # indices: what is taken away at one of them twice is lost
SECONDS = 2.0
Shape = tuple[int, ...]


class NeededError(BaseException):
    """The code asks for an argument that has no shape yet; no error that somebody's code might catch."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unset(np.lib.mixins.NDArrayOperatorsMixin):
    """Stands for an argument that has no shape yet; uses: what is done with it.

    learnt: whether it is moved, and so has no axis of examples. derived: whether there is a gradient of it.
    """

    def __init__(self, name: str, uses: Uses, learnt: bool, derived: bool = False) -> None:
        self.__dict__.update(_name=name, _uses=uses, _learnt=learnt, _derived=derived)

    def _needed(self, *_: Any, **__: Any) -> Any:
        raise NeededError(self.__dict__["_name"])

    __array_ufunc__ = __array_function__ = __array__ = __getitem__ = __setitem__ = __iter__ = __len__ = _needed
    __float__ = __int__ = __bool__ = __index__ = __call__ = __contains__ = _needed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._needed()


def opened(
    name: str, uses: Uses, learnt: bool, known: Callable[[str], Any] = lambda _: None, derived: bool = False
) -> Any:
    """An argument that is to be given: one table, a dict of them, a list of one for each layer, or of as many as
    it is taken apart into.

    known: the data of this name, or None.
    """
    if (data := known(name)) is not None:
        return data
    if uses.keys:
        return {key: opened(key, part, learnt, known, derived) for key, part in uses.keys.items()}
    if len(uses.pieces) > 1 and not uses.table:
        return [opened(piece, part, learnt, known, derived) for piece, part in uses.pieces.items()]
    if uses.run_over and uses.element is not None and uses.element.table and not (uses.table or uses.axes):
        return [Unset(f"{name}{i + 1}", uses.element, learnt, derived) for i in range(LAYERS)]
    return Unset(name, uses, learnt, derived)


def waiting_in(given: Any) -> dict[str, Unset]:
    """What has no shape yet, by name."""
    if isinstance(given, Unset):
        return {given.__dict__["_name"]: given}
    parts = given.values() if isinstance(given, dict) else given if isinstance(given, list) else ()
    return {name: one for part in parts for name, one in waiting_in(part).items()}


def filled(given: Any, values: Values) -> Any:
    """The arguments with these values in their places."""
    if isinstance(given, Unset):
        return values.get(given.__dict__["_name"], given)
    if isinstance(given, dict):
        return {key: filled(part, values) for key, part in given.items()}
    return [filled(part, values) for part in given] if isinstance(given, list) and waiting_in(given) else given


def solutions(run: Callable[[Values], Any], given: Values, sizes: Sizes, raised: list[Exception]) -> Iterator[Values]:
    """The arguments with shapes for all that have none, with which code runs, the likeliest first."""
    waiting = waiting_in(given)
    until, runs = time.process_time() + SECONDS, itertools.count()
    stack: list[tuple[Values, str, Any]] = [({}, "", ())]
    while stack and next(runs) < RUNS and time.process_time() < until:
        known, name, form = stack.pop()
        if name:
            value, derived = value_of(form, list(waiting).index(name), name), waiting[name].__dict__["_derived"]
            known = known | {name: value.view(Strict) if derived and isinstance(value, Leaf) else value}
        needs = asked_for(run, filled(given, known), raised)
        if needs is None:
            continue
        if needs == "":
            rest = {name: table((), i) for i, name in enumerate(waiting) if name not in known}  # nobody reads them
            yield filled(given, {name: plain(value) for name, value in (known | rest).items()})
            continue
        stack += [(known, needs, form) for form in reversed(list(forms_of(waiting[needs], sizes)))]


def asked_for(run: Callable[[Values], Any], given: Values, raised: list[Exception]) -> str | None:
    """The argument that code asks for next, "" where it needs no more; None where it raises."""
    try:
        with np.errstate(all="ignore"):
            run(duplicate(given))
    except NeededError as needed:
        return needed.name
    except Exception as error:
        raised.append(error)
        return None
    return ""


def forms_of(one: Unset, sizes: Sizes) -> Iterator[Any]:
    """What an argument may be: shapes of a table; of an index one, as a list, and several, as an array."""
    if one.__dict__["_uses"].is_an_index:
        yield [1 + len(one.__dict__["_name"]) % 2]  # two arguments are mostly not alike
        yield np.array(APART)
    else:
        yield from shapes_for(one, sizes)


def value_of(form: Any, i: int, name: str) -> Any:
    if isinstance(form, list):
        return form[0]
    if isinstance(form, tuple) and is_called_labels(name):
        return np.resize([1.0, 0.0, 1.0], form).view(Leaf) if form else 1.0
    return np.array(form) if isinstance(form, np.ndarray) else table(form, i)


def shapes_for(one: Unset, sizes: Sizes) -> Iterator[Shape]:
    """The shapes that an argument may have: of what is multiplied tables first, of what is added rows and columns."""
    uses: Uses = one.__dict__["_uses"]
    dims = list(dict.fromkeys([sizes.hidden, sizes.classes, sizes.features]))
    two = list(itertools.product(dims, dims))
    rows = [(n,) for n in dims]
    thin = [shape for n in dims for shape in ((n, 1), (1, n))]
    m, learnt = sizes.examples, one.__dict__["_learnt"]
    many = [] if learnt else [(m,), (m, 1), (1, m), *((m, n) for n in dims), *((n, m) for n in dims)]
    alone: list[Shape] = [(1, 1), (1,), ()]
    if uses.axes > 2:
        yield from ((2, *rest) for rest in itertools.product((3, 2), repeat=uses.axes - 1))
    elif (
        one.__dict__["_derived"]
        or uses.table
        or uses.axes > 1
        or (uses.element is not None and uses.element.element is not None)
    ):
        yield from [*two, *rows, *thin, *many, *alone]
    elif uses.number and not uses.added and not learnt:
        yield ()  # a factor: of its own for each entry it would be something else
    else:
        yield from [*rows, *thin, *two, *many, *alone]


def table(shape: Shape, i: int) -> Any:
    drawn = spread(shape) * np.random.default_rng([SEED, i]).normal(size=shape)
    return drawn.view(Leaf) if shape else abs(float(drawn)) + 0.1  # a rate leads down


def plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Strict) else value


class Strict(np.ndarray):
    """An array that is not added to another so that the sum is larger than both: a row and a column by mistake."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and len(inputs) == 2 and ufunc is not np.matmul:
            check(ufunc, *inputs)
        if (out := kwargs.get("out")) is not None:
            kwargs["out"] = tuple(map(plain, out))
        result = getattr(ufunc, method)(*map(plain, inputs), **kwargs)
        if out is not None:
            return out[0]
        return result.view(Strict) if isinstance(result, np.ndarray) else result


class Leaf(Strict):
    """An argument itself: what it is added to is as large as the sum, as of a bias. Of gradients their shapes tell."""


def check(ufunc: Any, a: Any, b: Any) -> None:
    """ValueError where two arrays belong together in no usual way."""
    one, other = np.shape(a), np.shape(b)
    both = np.broadcast_shapes(one, other)
    size = int(np.prod(both))
    larger = size > max(int(np.prod(one)), int(np.prod(other)))
    if larger and (ufunc in (np.add, np.subtract) or len(one) != len(other)):
        raise ValueError(f"a sum of {one} and {other} is larger than both")
    if ufunc in (np.add, np.subtract) and isinstance(a, Leaf) is not isinstance(b, Leaf):
        beside = other if isinstance(a, Leaf) else one
        if beside and beside != both and isinstance(b if isinstance(a, Leaf) else a, np.ndarray):
            raise ValueError(f"what {beside} is added to is larger")


def learnt_in(function: Any) -> set[str]:
    """The arguments that a function moves itself."""
    nodes = list(ast.walk(tree_of(function)))
    moved = [*steps_taken(nodes), *(ast.unparse(t) for n in nodes if adds_a_product(n) for t in targets_of(n))]
    return {text.partition("[")[0].partition(".")[0] for text in moved} & set(inspect.signature(function).parameters)
