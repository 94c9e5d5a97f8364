"""What a turn does beside learning, and takes long: text that is sampled, a test of the whole, a picture.

A statement is left out of a turn where the rest leaves every number as it was, and what it calls returns no cost.
"""

import ast
import copy
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..held import numbers_in, plain
from ..turns import Key, Observed, Turn, names_stored
from .words import tells_of_a_cost

SLOW = 0.1  # seconds of a turn above which it is worth the while
LEAVING = ast.Return | ast.Break | ast.Continue | ast.Raise | ast.Yield | ast.YieldFrom
Body = list[ast.stmt]
Run = Callable[..., Any]


def lighten(turn: Turn, end: dict[str, Any], run: Run) -> None:
    """Leave out of the body of a turn what changes nothing in what it comes to.

    end: the variables after a run of it. run: runs a function with all random numbers from a seed.
    """
    whole = observed(turn, turn.body, run)
    if whole is None:
        return
    started = time.process_time()
    for body, statement in list(lighter(turn.body)):
        used = {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name)}
        if names_stored(statement) & used:
            continue
        found = observed(turn, body, run)
        if found is None or found[2] > 0.7 * whole[2]:
            continue
        lost = {key for key in whole[1] if key not in found[1]}
        own = names_stored(statement)
        if not any(map(tells_of_a_cost, lost)) and same(end, found[0], own):
            turn.body = body
            turn.functions.clear()
            return
        if time.process_time() - started > 10 * SLOW + 3 * whole[2]:
            return


def lighter(body: Body) -> Iterator[tuple[Body, ast.stmt]]:
    """The body without each of its statements that may only show something, and that statement."""
    for i, statement in enumerate(body):
        inner = getattr(statement, "body", []) if isinstance(statement, ast.Try | ast.With) else []
        for shorter, left in lighter(inner):
            other: Any = copy.copy(statement)
            other.body = shorter
            yield [*body[:i], other, *body[i + 1 :]], left
        shows = isinstance(statement, ast.If | ast.Expr | ast.For)
        if shows and len(body) > 1 and not any(isinstance(node, LEAVING) for node in ast.walk(statement)):
            yield [*body[:i], *body[i + 1 :]], statement


def observed(turn: Turn, body: Body, run: Run) -> tuple[dict[str, Any], dict[Key, Any], float] | None:
    """The variables after a run of a body, what its functions returned, its seconds; None where it does not run."""
    kept, watch, began = turn.body, Observed(), time.process_time()
    turn.body = body
    turn.functions.clear()
    try:
        return run(turn.run, turn.fresh(), None, watch), watch.values, time.process_time() - began
    except Exception:  # something else needs what was left out
        return None
    finally:
        turn.body = kept
        turn.functions.clear()


def same(end: dict[str, Any], other: dict[str, Any], but: set[str]) -> bool:
    """Whether two runs come to the same numbers, but for the variables that only one of them binds."""
    values = [{p: np.asarray(plain(v)) for p, v in numbers_in(e) if p[0] not in but} for e in (end, other)]
    return values[0].keys() == values[1].keys() and all(
        np.array_equal(v, values[1][p], equal_nan=v.dtype.kind == "f") for p, v in values[0].items()
    )
