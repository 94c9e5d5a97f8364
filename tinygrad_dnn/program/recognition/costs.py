"""Which number of a turn is its cost: one that the parameters move, a loss of one, what a function makes of them."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..held import plain
from ..turns import Key
from .called import is_called_a_gradient
from .inferring import Pair
from .learning import Learning, Seen
from .values import KIND_OF, Values
from .words import how_it_is_called, is_called_a_cost, words


class Cost(NamedTuple):
    """What the cost is: the value of a key; a loss of one; or what a function of the file makes of the variables.

    way: how the function is called with the parameters, where it is one of these alone. larger: whether it is made
    larger, as a likelihood is: then the cost is that with the other sign.
    """

    key: Key
    pair: Pair | None = None
    function: Callable[..., Any] | None = None
    way: Callable[[Values], Any] | None = None
    larger: bool = False

    @property
    def called_so(self) -> bool:
        return self.pair is None and self.function is None and is_called_a_cost(self.key)

    def of(self, seen: Seen, p: Values) -> Any:
        return -self.value(seen, p) if self.larger else self.value(seen, p)

    def value(self, seen: Seen, p: Values) -> Any:
        if self.way is not None:
            return np.reshape(self.way(p), ())
        found = value_of(self.key, seen.values) if self.function is None else call_in(self.function, seen.end, p)
        if self.pair is not None:
            return self.pair.loss(found, self.pair.labels)
        return found if np.ndim(found) == 0 else np.reshape(found, ())


def value_of(key: Key, values: dict[Key, Any]) -> Any:
    """The value of a key; of every call of a function, in a table, where it is the key of all."""
    if key[1] or not key[0]:
        return values[key]
    every = sorted(k for k in values if k[0] == key[0] and k[2] == key[2] and k[1])
    if not every:
        raise KeyError(key)
    return np.stack([values[k] for k in every])


def of_all_calls(values: dict[Key, Any]) -> dict[Key, Any]:
    """What a function holds in each of several calls, as of one example after the other, together."""
    found: dict[tuple[str, Any], list[Key]] = {}
    for key in values:
        if key[0]:
            found.setdefault((key[0], key[2]), []).append(key)
    tables = {}
    for (function, path), keys in found.items():
        shapes = {np.shape(plain(values[key])) for key in keys}
        if len(keys) > 1 and len(shapes) == 1:
            tables[function, 0, path] = np.stack([np.asarray(plain(values[key])) for key in sorted(keys)])
    return tables


def call_in(function: Callable[..., Any], variables: Values, p: Values) -> Any:
    """A function of the file called with the variables that its arguments are named after; KeyError if one is not."""
    given = {}
    for argument in inspect.signature(function).parameters.values():
        kind = KIND_OF.get(argument.name, argument.name)
        alike = [n for n in variables if KIND_OF.get(n) == kind] if kind in ("X", "Y") else []
        if argument.name in p or argument.name in variables:
            given[argument.name] = p.get(argument.name, variables.get(argument.name))
        elif kind == "parameters":
            given[argument.name] = dict(p)
        elif alike:
            given[argument.name] = variables[alike[0]]
        elif argument.default is argument.empty:
            raise KeyError(argument.name)
    return function(**given)


def numbers_of(learning: Learning, moved: dict[Key, Any]) -> list[Key]:
    """The numbers that the parameters move, those that are called a cost first, each value once.

    What a function that returns a cost computes on the way to it is none, nor is an entry of what is learnt.
    """
    roots = {path[0] for places in learning.places.values() for path in places}
    found: dict[float, Key] = {}
    for key, value in moved.items():
        gradient = is_called_a_gradient((words(key[2]) or [""])[-1])
        own = not key[0] and key[2][0] in roots and not is_called_a_cost(key)
        if np.size(plain(value)) == 1 and not gradient and not own:
            number = float(np.reshape(np.asarray(plain(value), dtype=float), ()))
            if number not in found or (how_it_is_called(key), not key[0]) > (how_it_is_called(found[number]), False):
                found[number] = key
    returning = {key[:2] for key in moved if key[2] == ("return",) and np.size(plain(moved[key])) == 1}
    outer = [key for key in found.values() if key[:2] not in returning or key[2] == ("return",)]
    return sorted(outer, key=how_it_is_called, reverse=True)
