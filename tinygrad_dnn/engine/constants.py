"""Constants: what an argument that is no tensor means, as it was at the moment of the call.

Nothing here knows the tensor. What could still be written to is copied, what is not known is refused.
"""

import operator
from typing import Any

import numpy as np


class Setting:
    """An argument that is no number and no array, and is handed on as it is."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return str(getattr(self.value, "__name__", repr(self.value)))


UNCHANGING = {int, float, bool, complex, str, type(None), type(...), np.float64, np.float32, Setting}


def is_subclass(array: Any) -> bool:
    """Whether it is an array with a meaning of its own, such as a matrix or a masked array."""
    return issubclass(type(array), np.ndarray) and type(array) not in (np.ndarray, np.memmap)


def as_floats(data: Any) -> Any:
    """A copy of data as a floating-point array, or a TypeError; an array of another library stays one."""
    if is_subclass(data):
        raise TypeError(f"Tensor: {type(data).__name__} has a meaning of its own; write Tensor(np.asarray(data))")
    foreign = not issubclass(type(data), np.ndarray | np.generic) and hasattr(data, "__array_function__")
    array = data.copy() if foreign else np.array(data)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"Tensor: data of dtype {array.dtype} came, real numbers are expected")
    return array


def freeze(argument: Any) -> Any:
    """A constant as it is at this moment: what could still be written to is copied, what is not known is refused."""
    if type(argument) in UNCHANGING or isinstance(argument, np.generic | np.dtype | range):
        return argument
    if type(argument) in (np.ndarray, np.memmap):
        return read_only(np.array(argument))
    if type(argument) is tuple:
        return tuple(map(freeze, argument))
    if isinstance(argument, list):
        return read_only(np.array(argument, dtype=None if len(argument) else np.intp))  # an empty list is an index
    if type(argument) is slice:
        parts = (argument.start, argument.stop, argument.step)
        return slice(*(None if part is None else operator.index(part) for part in parts))
    if not issubclass(type(argument), np.ndarray) and hasattr(argument, "__array_function__"):
        return argument.copy()  # an array of another library, or one that stands for an array
    if is_named(argument):
        return read_only(np.array(argument))
    raise TypeError(
        f"{type(argument).__name__} has a meaning of its own and is not recorded; write np.asarray(...) of it"
    )


def is_named(argument: Any) -> bool:
    """Whether it says itself which array it is, as a column or a table of pandas does: its names mean nothing here."""
    kind = type(argument)
    return hasattr(kind, "__array__") and not hasattr(kind, "__array_function__") and not issubclass(kind, np.generic)


def as_data(argument: Any) -> Any:
    """What stands for numbers, as an array: a list, a tuple or a range of them means the array of its entries."""
    kind = type(argument)
    if kind in (list, tuple, range):
        return argument if holds_arrays(argument) else np.array(argument)
    return argument if kind in (np.ndarray, float, int) or not is_named(argument) else np.array(argument)


def holds_arrays(argument: Any) -> bool:
    """Whether an array or a tensor stands somewhere in nested lists and tuples."""
    if isinstance(argument, list | tuple):
        return any(map(holds_arrays, argument))
    return hasattr(argument, "__array_function__") and not isinstance(argument, np.generic)


def read_only(array: Any) -> Any:
    if issubclass(type(array), np.ndarray):
        array.setflags(write=False)  # a fifth of the time of array.flags.writeable = False
    return array
