"""Where the gradients of a turn are: in values, by their names or as what an update takes a multiple of, or in that."""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..held import Path, is_number, numbers_in, plain
from ..turns import Key, names_stored
from .learning import Learning, Seen
from .readings import factor
from .values import gradient_of
from .words import words

NEAR = 1e-6


class Reading(NamedTuple):
    """Where the gradient of each parameter is: the key of a value with its sign, or None for what is taken away.

    rate: what the update multiplies every one of them with, where that is told apart. exact: whether each value is in
    proportion to what the update takes away.
    """

    where: dict[str, tuple[Key, float] | None]
    rate: float | None = None
    exact: bool = False

    @property
    def named(self) -> bool:
        return None not in self.where.values()


def readings_of(learning: Learning, base: Seen, there: Seen) -> Iterator[Reading]:
    """By what the values are called; by what the update takes away a multiple of; by what it takes away.

    there: a run at another point, where a multiple has to be the same one.
    """
    rates = rates_in(learning, base)
    named: dict[str, tuple[Key, float] | None] = {}
    multiples: dict[str, tuple[Key, float] | None] = {}
    told: list[float] = []
    for name, own in learning.places.items():
        taken = base.taken[name]
        alike = {k: np.asarray(plain(v)) for k, v in base.values.items() if np.size(plain(v)) == np.size(taken)}
        alike = {k: v for k, v in alike.items() if v.dtype.kind == "f" and (k[0] or k[2] not in own)}
        factors = {k: c for k, v in alike.items() if (c := factor(taken, v)) is not None}
        factors = {k: c for k, c in factors.items() if same_there(c, there.taken[name], there.values.get(k))}
        by_name = [k for k in alike if is_gradient_of(own, k)]
        likely = sorted(factors, key=lambda k: (k not in by_name, near(factors[k], rates) is None))
        first = likely[0] if likely else None
        multiples[name] = None if first is None else (first, float(np.sign(factors[first])))
        called = sorted(by_name, key=lambda k: (k not in factors, bool(k[0])))
        named[name] = (called[0], float(np.sign(factors.get(called[0], 1.0)))) if called else multiples[name]
        told += [] if first is None else [c for c in [near(factors[first], rates)] if c is not None]
    rate = told[0] if len(told) == len(named) and max(told) == min(told) else None
    every = [named, multiples, dict.fromkeys(learning.places, None)]
    exact = [named == multiples and None not in named.values(), None not in multiples.values(), False]
    for i, where in enumerate(every):
        mixed = None in where.values() and any(where.values())  # their factors need not be the same
        if where not in every[:i] and not mixed:
            yield Reading(where, rate, exact[i])


def rates_in(learning: Learning, base: Seen) -> set[float]:
    """The numbers that may be a rate: that the turn begins with, that its functions hold, that are written in it.

    1 is none: what is taken away whole may hold its rate already.
    """
    held = [v for _, v in numbers_in(learning.turn.start)] + [v for k, v in base.values.items() if k[0]]
    held += [node.value for node in learning.turn.nodes() if isinstance(node, ast.Constant)]
    numbers = {abs(float(plain(v))) for v in held if np.ndim(v) == 0 and is_number(v)}
    return numbers - {0.0, 1.0}


def unread(learning: Learning, reading: Reading) -> Iterator[str]:
    """What is called a gradient of what the turn assigns to, and is not read; with what to say of it."""
    own = [learning.places[name] for name in reading.where]
    turn, known = learning.turn, {path for places in own for path in places}
    stored = {name for statement in turn.body for name in names_stored(statement)}
    top = [k for k in learning.base.values if not k[0] and not any(is_gradient_of(places, k) for places in own)]
    for path, value in numbers_in(turn.start):
        if path in known or path[0] not in stored or np.asarray(plain(value)).dtype.kind != "f":
            continue
        for key in top:
            if np.size(plain(learning.base.values[key])) == np.size(value) and is_gradient_of([path], key):
                yield f"{key[2][-1]}: moved no cost where it was looked at"


def same_there(c: float, taken: Any, value: Any) -> bool:
    """Whether what is taken away is the same multiple of a value at another point."""
    if value is None or np.size(plain(value)) != np.size(taken):
        return False
    scaled = c * np.reshape(np.asarray(plain(value), dtype=float), np.shape(taken))
    return bool(np.allclose(taken, scaled, NEAR, 1e-9 * max(float(np.max(np.abs(taken))), 1e-30)))


def near(value: float, rates: set[float]) -> float | None:
    return next((rate for rate in rates if abs(abs(value) - rate) <= 1e-7 * rate), None)


def is_gradient_of(own: list[Path], key: Key) -> bool:
    """Whether a value is called what the gradient of a parameter is."""
    said = [word for word in words(key[2]) if word != "return"]
    index = [step for step in key[2] if isinstance(step, int)][-1:]
    for place in own:
        mine = words(place)
        if mine and said and index == [step for step in place if isinstance(step, int)][-1:]:
            among = "grad" in " ".join(said[:-1]).lower()
            if gradient_of(mine[-1], [said[-1]]) not in (None, mine[-1]) or (among and said[-1] == mine[-1]):
                return True
    return False
