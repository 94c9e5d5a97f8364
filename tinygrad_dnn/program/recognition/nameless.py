"""The losses of what has no name: of the subtractions in a turn's lines, and in the functions that it calls.

w -= rate * (x @ w - y) * x computes an error and keeps it nowhere; slope(guess, goal) computes it where the turn does
not look.
"""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..held import plain
from ..turns import Key
from .costs import of_all_calls
from .inferring import Pair, hinges, pairs_noted
from .learning import Learning, changes
from .making import own_classes
from .offers import Function, own_functions
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


def thresholds_of(learning: Learning) -> Iterator[Pair]:
    """The hinges of what is compared with a limit: a rule that moves nothing on one side of it goes down one of them.

    A perceptron goes down max(0, -z) or max(0, z), as its example says; a margin below 1 is max(0, 1 - margin).
    """
    looks = (learning.look(p, keep=True, noting=True).values for p in (learning.point, nearby(learning.point)))
    base, there = looks
    limits: dict[Key, Any] = {}
    for key, other in [*compared_in_lines(learning), *compared_in_functions(learning, limits)]:
        for output, limit in ((key, other), (other, key)):
            still = limits.get(limit, base.get(limit) if not changes(base.get(limit), there.get(limit)) else None)
            if still is not None and output in base and changes(base[output], there.get(output)):
                yield from hinges(output, plain(base[output]), np.asarray(still, dtype=float), str(limit[2][-1]))


def compared_in_lines(learning: Learning) -> Iterator[tuple[Key, Key]]:
    for whole, left, right in learning.turn.differences:
        if whole is None:
            yield ("", 0, (left,)), ("", 0, (right,))


def compared_in_functions(learning: Learning, limits: dict[Key, Any]) -> Iterator[tuple[Key, Key]]:
    """In functions that the turn calls once: variables, what other functions return, and limits that are written."""
    names = {name.rpartition(".")[2]: name for name in learning.ran}

    def key_of(side: ast.expr, inside: str) -> Key | None:
        called = ast.unparse(side.func).rpartition(".")[2] if isinstance(side, ast.Call) else ""
        if isinstance(side, ast.Constant) and isinstance(side.value, int | float):
            key = ("", 0, (ast.unparse(side),))
            limits[key] = side.value
            return key
        if isinstance(side, ast.Name):
            return inside, 1, (side.id,)
        return (names[called], 1, ("return",)) if called in names else None

    for function in functions_in(learning):
        for node in ast.walk(tree_of(function)):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                left, right = (key_of(side, function.__qualname__) for side in (node.left, node.comparators[0]))
                if left is not None and right is not None:
                    yield left, right


def functions_in(learning: Learning) -> Iterator[Function]:
    """The functions and methods of the file that a turn calls."""
    module = learning.turn.module
    methods: list[Function] = [f for kind in own_classes(module) for f in vars(kind).values() if inspect.isfunction(f)]
    for function in [*own_functions(module).values(), *methods]:
        if function.__qualname__ in learning.ran:
            yield function


def in_lines(learning: Learning) -> Iterator[Sides]:
    for whole, left, right in learning.turn.differences:
        if whole is not None:
            yield ("", 0, (whole,)), ("", 0, (left,)), ("", 0, (right,))


def in_functions(learning: Learning) -> Iterator[Sides]:
    """Of one variable from another, in functions that the turn calls; of several calls all together."""
    for function in functions_in(learning):
        name = function.__qualname__
        call = int((name, 2, ("return",)) not in learning.base.values)
        for node in ast.walk(tree_of(function)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                sides = [side.id for side in (node.left, node.right) if isinstance(side, ast.Name)]
                if len(sides) == 2:
                    yield None, (name, call, (sides[0],)), (name, call, (sides[1],))


def nearby(point: Values) -> Values:
    rng = np.random.default_rng(SEED + 2)
    return {n: v + 1e-3 * max(1.0, float(np.max(np.abs(v)))) * rng.normal(size=np.shape(v)) for n, v in point.items()}
