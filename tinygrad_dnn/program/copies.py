"""Copies of what variables hold, to run lines again with: what is shared stays shared, what is large is not copied."""

import copy
import sys
from pathlib import Path
from typing import Any

import numpy as np

from .places import package_of

LARGE = 2**22  # bytes of an array that is taken for data that nobody changes, and not copied
MANY = 10_000  # entries of a list that is taken for data likewise


def duplicate(variables: dict[str, Any]) -> dict[str, Any]:
    """A copy of variables and of all that they hold, sharing what they share; large arrays are not copied."""
    return duplicate_of(variables, LARGE)[0]


def duplicate_of(variables: dict[str, Any], large: int) -> tuple[dict[str, Any], int]:
    """A copy, and how many bytes of arrays it has; those that are larger stay themselves."""
    memo: dict[int, Any] = {}
    size = keep(list(variables.values()), memo, large, 0)
    found = {}
    for name, value in variables.items():
        try:
            found[name] = copy.deepcopy(value, memo)
        except Exception:  # a generator, a file, a lock: it is used as it is
            found[name] = value
    return found, size


def keep(values: list[Any], memo: dict[int, Any], large: int, depth: int) -> int:
    """Large arrays, long lists and what libraries make stay themselves in a copy; the bytes of the other arrays."""
    size = 0
    for value in values:
        if isinstance(value, np.ndarray):
            if value.nbytes > large:
                memo[id(value)] = value
            else:
                size += value.nbytes
        elif (isinstance(value, dict | list | tuple | set) and len(value) > MANY) or is_of_a_library(value):
            memo[id(value)] = value
        elif depth < 4 and isinstance(value, dict | list | tuple):
            size += keep(list(value.values() if isinstance(value, dict) else value), memo, large, depth + 1)
        elif depth < 4 and type(getattr(value, "__dict__", None)) is dict and not isinstance(value, type):
            size += keep(list(value.__dict__.values()), memo, large, depth + 1)
    return size


def is_of_a_library(value: Any) -> bool:
    """Whether an installed package made it, as axes and progress bars: it holds much and learns nothing."""
    module = sys.modules.get(type(value).__module__.partition(".")[0])
    file = getattr(module, "__file__", None)
    return bool(file) and package_of(Path(str(file))) not in ("", "numpy", "scipy")
