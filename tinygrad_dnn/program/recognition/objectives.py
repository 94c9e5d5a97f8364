"""A function of exactly what is learnt: what a demonstration of descent goes down, and may never call in its loop.

f(x, y) of two numbers, f(p) of a vector or f(*p) of its entries. What a loop calls itself is looked at as it calls it.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..held import plain
from .costs import Cost
from .learning import Learning
from .offers import Function, computes, own_functions
from .values import Values

MOST = 12  # functions that are tried
ENTRIES = 6  # of a vector whose entries are arguments


def objectives_of(learning: Learning, known: list[Function]) -> Iterator[Cost]:
    """Such functions of a file, or of those that the loop was given; that there is one alone makes it a cost."""
    held: list[Function] = [value for value in learning.turn.start.values() if inspect.isfunction(value)]
    every = dict.fromkeys([*own_functions(learning.turn.module).values(), *held])
    others = [f for f in every if f not in known and f.__qualname__ not in learning.ran]
    others = [f for f in others if computes(f, learning.turn.module)][:MOST]
    found = {f: way for f in others if (way := way_to_call(f, learning.point)) is not None}
    for f, way in found.items():
        said = f"{f.__name__}(...)"
        yield Cost(("", 0, (said, "cost") if len(found) == 1 else (said,)), None, f, way)


def way_to_call(f: Function, point: Values) -> Callable[[Values], Any] | None:
    """How a function is called with all parameters and nothing else, where it returns a number then."""
    parameters = inspect.signature(f).parameters.values()
    if any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        return None
    needed = [p.name for p in parameters if p.default is p.empty]
    for way in ways(f, needed, point):
        try:
            value = np.asarray(plain(way(dict(point))))
        except (Exception, SystemExit):  # it wants something else
            continue
        if value.size == 1 and value.dtype.kind == "f":
            return way
    return None


def ways(f: Function, needed: list[str], point: Values) -> Iterator[Callable[[Values], Any]]:
    scalars = all(np.ndim(value) == 0 for value in point.values())
    (first, value), *others = point.items()
    if set(needed) == set(point):
        yield lambda p: f(**{name: p[name] for name in needed})
    elif scalars and len(needed) == len(point):
        yield lambda p: f(*(p[name] for name in point))
    elif not others and len(needed) == 1:
        yield lambda p: f(p[first])
    elif not others and np.ndim(value) == 1 and len(needed) == len(value) <= ENTRIES:
        yield lambda p: f(*(p[first][i] for i in range(len(value))))
    elif scalars and len(needed) == 1 and len(point) > 1:
        yield lambda p: f([p[name] for name in point])
