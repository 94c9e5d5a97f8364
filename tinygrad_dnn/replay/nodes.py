"""A call in the list, and walks through what arguments hold."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


class Node:
    """A call, or an input, whose function is None. In the arguments a Node stands for what its call gave."""

    __slots__ = ("arguments", "function", "keywords", "place", "value")

    def __init__(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], value: Any) -> None:
        self.function, self.arguments, self.keywords, self.value = function, arguments, keywords, value
        self.place = place()


def place() -> str:
    """The line of somebody's code that runs now."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in ("numpy", "scipy", "tinygrad_dnn"):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def holds(value: Any, outcome: bool) -> bool:
    """Whether a condition comes out as it did; stands in the list where the code asked for it."""
    return bool(value) is outcome


def greatest(value: Any) -> float:
    """The largest finite number of an array, without its sign; 0 of anything else."""
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in "fiu":
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(value.astype(float)), initial=0.0, where=np.isfinite(value)))


def is_array(value: Any) -> bool:
    return type(value) is np.ndarray and not value.dtype.hasobject


def mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """A function of what stands in tuples, lists, dicts and slices, as arguments hold arrays."""
    if type(value) in (tuple, list):
        return type(value)(mapped(function, v) for v in value)
    if type(value) is dict:
        return {key: mapped(function, v) for key, v in value.items()}
    if type(value) is slice:
        return slice(*(mapped(function, v) for v in (value.start, value.stop, value.step)))
    return function(value)


def parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list | dict):
        for v in value.values() if isinstance(value, dict) else value:
            yield from parts(v)
    elif type(value) is slice:
        yield from (value.start, value.stop, value.step)
    else:
        yield value


def copied(x: Any, order: Any) -> Any:
    return x.copy(order) if isinstance(x, np.ndarray) else x.copy()


def flat(index: Any) -> Any:
    return index if isinstance(index, tuple) else (index,)
