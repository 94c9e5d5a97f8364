"""The losses of what has no name: of the subtractions in a turn's lines, and in the functions that it calls.

w -= rate * (x @ w - y) * x computes an error and keeps it nowhere; slope(guess, goal) computes it where the turn does
not look.
"""

import ast
from collections.abc import Iterator

import numpy as np

from ..turns import Key
from .costs import of_all_calls
from .inferring import Pair, pairs_noted
from .learning import Learning, changes
from .offers import own_functions
from .values import SEED, Values, tree_of

Sides = tuple[Key | None, Key, Key]  # of a subtraction: the whole, None where it is not kept, left and right


def differences_of(learning: Learning) -> Iterator[Pair]:
    """The losses that subtractions may belong to, of what the parameters move and of what they do not."""
    looks = (learning.look(p, keep=True, noting=True).values for p in (learning.point, nearby(learning.point)))
    base, there = (values | of_all_calls(values) for values in looks)
    moved = {key: value for key, value in base.items() if changes(value, there.get(key))}
    still = {key: value for key, value in base.items() if key not in moved}
    own = [learning.point[name][taken != 0] for name, taken in learning.base.taken.items()]
    own = [part for part in own if part.size > 1 or len(own) == 1]
    yield from pairs_noted([*in_lines(learning), *in_functions(learning)], moved, still, own)


def in_lines(learning: Learning) -> Iterator[Sides]:
    for whole, left, right in learning.turn.differences:
        if whole is not None:
            yield ("", 0, (whole,)), ("", 0, (left,)), ("", 0, (right,))


def in_functions(learning: Learning) -> Iterator[Sides]:
    """Of one variable from another, in functions that the turn calls; of several calls all together."""
    for function in own_functions(learning.turn.module).values():
        name = function.__qualname__
        if name not in learning.ran:
            continue
        call = int((name, 2, ("return",)) not in learning.base.values)
        for node in ast.walk(tree_of(function)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                sides = [side.id for side in (node.left, node.right) if isinstance(side, ast.Name)]
                if len(sides) == 2:
                    yield None, (name, call, (sides[0],)), (name, call, (sides[1],))


def nearby(point: Values) -> Values:
    rng = np.random.default_rng(SEED + 2)
    return {n: v + 1e-3 * max(1.0, float(np.max(np.abs(v)))) * rng.normal(size=np.shape(v)) for n, v in point.items()}
