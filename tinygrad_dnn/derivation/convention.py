"""Where the 1/m of a mean over m examples is kept: in the gradients of tables, or in those of parameters alone."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..engine.tensor import Tensor
from ..engine.walk import backpropagate, graph
from ..program.recorded import Recorded
from ..program.watching import run


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


def examples(J: Tensor) -> int | None:
    """m: the one length that all constant tables share, or that of those that the cost divides by."""
    arrays = [a for t in graph(J) for a in t.arguments if isinstance(a, np.ndarray) and a.ndim]
    shared = set.intersection(*(set(a.shape) for a in arrays)) - {1} if arrays else set()
    if len(shared) > 1:
        shared = {n for n in shared if averaged(J, n)}
    return int(shared.pop()) if len(shared) == 1 else None


LINEAR = {np.add, np.subtract, np.negative, np.positive, np.multiply, np.divide, np.sum, np.mean}
LINEAR |= {np.broadcast_to, np.reshape, np.squeeze, np.expand_dims, np.transpose}


def averaged(J: Tensor, m: int | None) -> bool:
    """Whether the cost is a mean over m examples: each of its terms that has data in it is divided by m, or by 2m.

    Of a sum, the course's dZ is the calculus' own.
    """
    if m is None:
        return False
    return all(divided(term, m) for term in terms(J) if has_data(term, m)) and any(has_data(t, m) for t in terms(J))


def terms(J: Tensor) -> list[Tensor]:
    """What is added up to the cost, outside of any sum over entries."""
    found, waiting = list[Tensor](), [J]
    while waiting:
        t = waiting.pop()
        if t.function in (np.add, np.subtract, np.negative, np.positive) and t.size == 1:
            waiting += t.parents
        else:
            found.append(t)
    return found


def has_data(term: Tensor, m: int) -> bool:
    return any(isinstance(a, np.ndarray) and m in a.shape for t in graph(term) for a in t.arguments)


def divided(term: Tensor, m: int) -> bool:
    """Whether a term is divided by m before anything but sums is taken of it; not by the m times n of a whole table."""
    waiting, seen = [term], set[Tensor]()
    while waiting:
        t = waiting.pop()
        if t in seen or t.function not in LINEAR:
            continue
        seen.add(t)
        if t.function in (np.multiply, np.divide):
            numbers = [abs(float(a)) for a in t.arguments if isinstance(a, int | float | np.number)]
            whole = {p.size for u in t.parents if u.function is np.sum for p in u.parents if m in p.shape}
            if any(np.isclose(n, f) for n in numbers for f in (m, 1 / m, 2 * m, 0.5 / m, *whole)) and runs_over(t, m):
                return True
            if len(t.parents) > 1:
                continue
        if t.function in (np.add, np.subtract):
            return all(divided(p, m) for p in t.parents)
        waiting += t.parents
    return False


def runs_over(t: Tensor, m: int) -> bool:
    """Whether what is divided is a table with m columns or rows, or a sum of one."""
    waiting, seen = [t], set[Tensor]()
    while waiting:
        u = waiting.pop()
        if m in u.shape:
            return True
        if u not in seen and u.function in LINEAR:
            seen.add(u)
            waiting += u.parents
    return False
