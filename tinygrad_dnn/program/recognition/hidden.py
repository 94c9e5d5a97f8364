"""Gradients under a rule that hides them: Adam, RMSprop and their kin take away no multiple of what they are given.

Where nothing bears the name of a gradient, every value is held against the derivative of the cost that is stated. What
is that at two points, and points wherever the update goes, is the gradient; a memory that begins at nothing holds a
part of it after one turn. Nothing is called wrong by this: what is not found is not seen.
"""

from typing import Any, NamedTuple

import numpy as np

from ..held import plain
from ..turns import Key
from .learning import Seen
from .readings import factor
from .values import Values
from .words import is_called_a_cost


class Hidden(NamedTuple):
    """Where the gradients are, with the part of them that is there, and what is to be said."""

    where: dict[str, tuple[Key, float] | None]
    factor: float
    says: str


def hidden_in(seen: list[Seen], truths: list[Values], cost: Key) -> Hidden | None:
    """The values that are the gradients, or all of them the same part of these; None where one is not there.

    An error whose slope is an input finds that anywhere: the cost has to be called one, and its slopes have to change.
    """
    slopes = [t for each in truths for t in each.values()]
    if not is_called_a_cost(cost) or any(callable(t) for t in slopes):
        return None
    if any(np.allclose(truths[0][name], truths[1][name], 1e-6) for name in truths[0]):
        return None
    found = {name: factors_of(name, seen, [each[name] for each in truths]) for name in truths[0]}
    for part in dict.fromkeys(c for keys in found.values() for c in sorted(keys.values(), key=lambda c: abs(c - 1.0))):
        where = {n: next(((k, 1.0) for k, c in keys.items() if near(c, part)), None) for n, keys in found.items()}
        if None not in where.values():
            whole = near(part, 1.0)
            says = "" if whole else f" It is {part:.6g} of the gradient, as what a memory takes in: right but for that."
            return Hidden({**where}, 1.0 if whole else part, says)
    return None


def factors_of(name: str, seen: list[Seen], truths: list[Any]) -> dict[Key, float]:
    """The values that are a positive multiple of a gradient at every point, and whose signs the update follows."""
    found = {}
    for key, value in seen[0].values.items():
        every = [one.values.get(key) for one in seen]
        if np.size(plain(value)) != np.size(truths[0]) or any(v is None for v in every):
            continue
        arrays = [np.asarray(plain(v), dtype=float) for v in every]
        if any(v.size != np.size(t) for v, t in zip(arrays, truths, strict=True)):
            continue
        factors = [factor(v, t) for v, t in zip(arrays, truths, strict=True)]
        if None in factors or not near(factors[0], factors[1]) or not 0 < float(factors[0] or 0.0) <= 1 + 1e-9:
            continue
        taken = [np.ravel(one.taken[name]) for one in seen]
        if all(bool(np.all(np.sign(d) == np.sign(np.ravel(v)))) for d, v in zip(taken, arrays, strict=True)):
            found[key] = float(factors[0] or 0.0)
    return found


def near(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= 1e-6 * abs(b))
