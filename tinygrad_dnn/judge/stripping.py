"""The cost without the small numbers that keep a logarithm or a quotient finite: log(A + 1e-8), log(clip(A, 1e-8, 1)).

A hand-written gradient mostly leaves them out. It is right then of the cost without them, and that can be run: the
recording once more, from its parameters on, with what is added as 0, and with what is cut off left as it is.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor, record
from ..engine.walk import graph
from ..program.omitting import is_beside, is_bound, is_small
from ..program.watching import Names

ADDING, BOUNDING = (np.add, np.subtract), (np.maximum, np.minimum, np.where)
LOGARITHMS = (np.log, np.log2, np.log10)


class Small(NamedTuple):
    """Small numbers of a cost. of_log: they stand in a logarithm or bound what goes into one, and do nothing else."""

    numbers: list[float]
    of_log: bool


def small_numbers(tensors: list[Tensor]) -> list[Small]:
    """The small numbers that a recorded cost adds to something larger, each alone, and the bounds of what it clips."""
    in_log = {parent for t in tensors if t.function in LOGARITHMS for parent in t.parents}
    adding = [t for t in tensors if t.function in ADDING and all(map(is_large_beside(t), t.parents))]
    places = [(abs(float(a)), t in in_log) for t in adding for a in t.arguments if is_small(a)]
    added = [Small([n], all(log for m, log in places if m == n)) for n in sorted({n for n, _ in places})]
    bounds = {float(a) for t in tensors if t.function in BOUNDING for a in bounds_of(t)}
    return added + [Small(sorted(bounds), True)] * bool(bounds)


def is_large_beside(tensor: Tensor) -> Callable[[Tensor], bool]:
    """Whether a number that is added to something is small beside it."""
    number = max((abs(float(a)) for a in tensor.arguments if is_small(a)), default=0.0)
    return lambda other: is_beside(number, other.recorded)


def bounds_of(tensor: Tensor) -> list[Any]:
    """The constants beside which a call leaves one tensor as it is, where it does not cut it off."""
    arguments = tensor.arguments[1:] if tensor.function is np.where else tensor.arguments
    return [a for a in arguments if is_bound(a)] if sum(type(a) is Tensor for a in arguments) == 1 else []


def without(
    numbers: list[float], cost: Tensor, inputs: dict[str, Tensor], names: Names
) -> tuple[Tensor, dict[str, Tensor], Names]:
    """The same run with these numbers left out: the cost, the parameters, and what the variables hold then."""
    anew: dict[Tensor, Any] = {tensor: Tensor(tensor.recorded, name=name) for name, tensor in inputs.items()}
    with np.errstate(all="ignore"):
        for tensor in graph(cost):
            if tensor.function is not None:
                anew[tensor] = again(tensor, numbers, anew)
    held = {
        name: [[anew[t] for t in tensors if t in anew] for tensors in functions]
        for name, functions in names.tensors.items()
    }
    return anew[cost], {name: anew[t] for name, t in inputs.items()}, Names(held, names.arrays, {}, {}, {}, [])


def again(tensor: Tensor, numbers: list[float], anew: dict[Tensor, Any]) -> Any:
    """A recorded call once more, of what its tensors are now."""
    arguments = [anew.get(a, a) if type(a) is Tensor else a for a in tensor.arguments]
    if tensor.function in BOUNDING and any(float(a) in numbers for a in bounds_of(tensor)):
        kept = next(a for a in arguments if type(a) is Tensor)
        return kept if kept.shape == tensor.shape else record(np.add, (kept, np.zeros(tensor.shape)), {})
    if tensor.function in ADDING:
        arguments = [0.0 if is_small(a) and abs(float(a)) in numbers else a for a in arguments]
    assert tensor.function is not None
    return record(tensor.function, tuple(arguments), tensor.keywords)
