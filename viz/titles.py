"""What stands in a node: what a tensor is called, what was done to make it, and its size."""

import operator
from functools import cache
from inspect import signature
from typing import Any

import numpy as np

from tinygrad_dnn import Backward, Recorded, Tensor

from .folding import Segment
from .text import argument, index, on_one_line, shorten

ALL_DATA = {np.where, np.dot}  # besides the ufuncs: functions whose every positional argument is data
LARGEST = 10**4  # entries of a table that is looked for by its numbers
WORDS = 4  # operations that are listed in a folded node
Known = tuple[dict[int, str], dict[Any, str]]  # the names of arrays, by the array and by its numbers


def constant_name(known: Known, a: Any) -> str:
    """What the code calls a constant table, if it has a name for it."""
    if not isinstance(a, np.ndarray) or a.size < 2:
        return ""
    by_itself, by_numbers = known
    return by_itself.get(id(a)) or (by_numbers.get(numbers_of(a), "") if a.size <= LARGEST else "")


def names_of_arrays(it: Recorded) -> Known:
    """What the arrays of the code are called, and what has the numbers of one, of its transpose, or of 1 - it."""
    given = {it.names.get(t) for t in it.inputs}  # an array that has a parameter's numbers is another thing
    arrays = [(name, array) for name, arrays in it.arrays.items() if name not in given for array in arrays]
    held = [(on_one_line(name), array) for name, array in arrays]
    small = [(name, array) for name, array in held if array.size <= LARGEST]
    ways = list(small)
    ways += [(f"{name}.T", array.T) for name, array in small if array.ndim == 2]
    mixed = [(name, a) for name, a in small if a.dtype.kind == "f" and a.size and np.any(a != a.flat[0])]
    ways += [(f"1 - {name}", 1 - array) for name, array in mixed]
    numbers: dict[Any, str] = {}
    for name, array in ways:
        numbers.setdefault(numbers_of(array), name)
    return {id(array): name for name, array in reversed(held)}, numbers


def numbers_of(a: Any) -> Any:
    """What arrays of the same shape and numbers have in common; but a mask is no table of numbers."""
    if a.dtype.kind not in "fiub":
        return a.shape, str(a.dtype), a.tobytes() if a.dtype.kind != "O" else id(a)
    return a.shape, a.dtype.kind == "b", (a.astype(float) + 0.0).tobytes()


def called(it: Recorded, t: Tensor) -> str:
    """Its own name, or that of the variable that held it; the cost is J only where a variable is called so.

    Where every tensor has a name, for the formulas on the edges, it is the name that stands there.
    """
    own = it.names.get(t, "")
    if isinstance(it, Backward) or it.names is vars(it).get("all_names"):  # which is costly, and not made for this
        return on_one_line(own)
    if t is it.cost and it.rerun is None:
        own = next((place.name for place in it.made.get(t, [])), "")
    return shorten(on_one_line(str(t.name or own)))


def role_of(it: Recorded, t: Tensor) -> str:
    """Of a tensor that is given: a parameter, a value of the forward pass, or where the walk back starts."""
    if isinstance(it, Backward) and t in it.flows:
        return "gradient"
    return "parameter" if t.function is None else "value"


def heading(it: Recorded, t: Tensor) -> tuple[str, str]:
    """The title and the subtitle of one tensor."""
    kind = described(t) if t.function else role_of(it, t)
    size = sized(t)
    name = called(it, t)
    return (name, f"{kind}  {size}") if name else (kind, size)


def sized(t: Tensor) -> str:
    return str(t.shape) if t.dtype == np.float64 else f"{t.shape} {t.dtype}"


def done_in(it: Recorded, segment: Segment) -> str:
    """The helper that did it, where one did; else the operations."""
    if segment.times == 1 and not segment.title and (helper := it.helper(segment.last)):
        return helper
    words = [described(t).partition(" ")[0] for t in segment.tensors[: len(segment.tensors) // segment.times]]
    return listed(words)


def listed(words: list[str]) -> str:
    if len(words) > 1 and len(set(words)) == 1:
        return f"{words[0]} × {len(words):,}"
    more = f" and {len(words) - WORDS + 1:,} more"
    return ", ".join(words) if len(words) <= WORDS else ", ".join(words[: WORDS - 1]) + more


def is_data(function: Any, operand: Any) -> bool:
    """Whether an argument is what the function computes with, and not an axis, an index or a shape."""
    if type(operand) is Tensor or isinstance(function, np.ufunc) or function in ALL_DATA:
        return True
    is_floats = isinstance(operand, np.ndarray) and operand.dtype.kind == "f"
    return is_floats and function is not operator.getitem


def described(tensor: Tensor) -> str:
    """An operation and its other arguments, unless None or False: dot, sum axis=1, reshape (2, 6), indexing [0, :]."""
    name = str(tensor.operation).rpartition(".")[2]
    if tensor.function is operator.getitem:
        return shorten(f"{name} {index(tensor.arguments[1])}")
    words = [name]
    for place, a in enumerate(tensor.arguments):
        if not is_data(tensor.function, a) and a is not None:
            words.append(axis_name(tensor.function, place) + argument(a))
    words += [f"{key}={argument(a)}" for key, a in tensor.keywords.items() if a is not None and a is not False]
    return shorten(on_one_line(" ".join(words)))


@cache
def axis_name(function: Any, place: int) -> str:
    """axis= for an argument whose number alone would say little, nothing for a shape or a type."""
    names = list(signature(function).parameters)
    return f"{names[place]}=" if place < len(names) and names[place].startswith("ax") else ""
