"""The cost without the small numbers that keep a logarithm or a quotient from 0: log(A + 1e-8) as log(A).

A hand-written gradient mostly leaves them out. It is right then of the cost without them, and that can be run: the
recording once more, from its parameters on, with those numbers as 0.
"""

from typing import Any

import numpy as np

from ..engine.tensor import Tensor, record
from ..engine.walk import graph
from ..program.watching import Names

LARGEST = 1e-4  # what is added and larger than this has a meaning of its own


def small_numbers(tensors: list[Tensor]) -> list[float]:
    """The small numbers that a recorded cost adds to something or takes from it."""
    adding = [t for t in tensors if t.function in (np.add, np.subtract)]
    return sorted({abs(float(a)) for t in adding for a in t.arguments if tiny(a)})


def tiny(argument: Any) -> bool:
    number = type(argument) is not Tensor and np.ndim(argument) == 0 and not isinstance(argument, str | bool)
    return bool(number) and isinstance(argument, int | float | np.number) and 0 < abs(float(argument)) <= LARGEST


def without(
    numbers: list[float], cost: Tensor, inputs: dict[str, Tensor], names: Names
) -> tuple[Tensor, dict[str, Tensor], Names]:
    """The same run with these numbers left out: the cost, the parameters, and what the variables hold then."""
    anew: dict[Tensor, Any] = {tensor: Tensor(tensor.recorded, name=name) for name, tensor in inputs.items()}
    with np.errstate(all="ignore"):
        for tensor in graph(cost):
            if tensor.function is not None:
                adds = tensor.function in (np.add, np.subtract)
                arguments = [
                    anew.get(a, a) if type(a) is Tensor else 0.0 if adds and tiny(a) and abs(float(a)) in numbers else a
                    for a in tensor.arguments
                ]
                anew[tensor] = record(tensor.function, tuple(arguments), tensor.keywords)
    held = {
        name: [[anew[t] for t in tensors if t in anew] for tensors in functions]
        for name, functions in names.tensors.items()
    }
    return anew[cost], {name: anew[t] for name, t in inputs.items()}, Names(held, names.arrays, {}, {}, {}, [])
