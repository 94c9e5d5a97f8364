"""Which of the two conventions a hand-written backward pass is in."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..engine.walk import backpropagate
from ..program.recorded import Recorded
from ..program.watching import run
from .deriving import averaged, examples


def convention_of(it: Recorded, gradients: Callable[..., Any], parameters: Mapping[str, Any]) -> str:
    """ "calculus" where the variables of gradients(parameters) hold gradients of the cost, "course" where they hold m
    times these, or where nothing tells.

    Every array that the code has in a variable is compared with the gradient of each intermediate, and with m times it.
    """
    m = examples(it.cost)
    if m is None or not averaged(it.cost, m):
        return "course"
    try:
        with np.errstate(all="ignore"):
            _, names = run(gradients, {name: np.array(value) for name, value in parameters.items()})
    except Exception:
        return "course"
    held: dict[tuple[int, ...], list[Any]] = {}
    for arrays in names.arrays.values():
        for array in arrays:
            held.setdefault(array.shape, []).append(array)
    found = {"calculus": 0, "course": 0}
    with np.errstate(all="ignore"):
        walked = backpropagate(it.cost, np.ones_like(it.cost.recorded))
    for t in it.names:
        g = walked.get(t)
        if t.function is None or t.size == 1 or g is None or not np.any(g):
            continue
        for kind, factor in (("calculus", 1), ("course", m)):
            found[kind] += any(
                np.allclose(a, factor * g, 1e-6, 0.0) for a in held.get(t.shape, []) if a.dtype.kind == "f"
            )
    return "calculus" if found["calculus"] > found["course"] else "course"
