"""What variables hold: their arrays and numbers, each with its place, read and put there."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from ..engine.constants import is_named
from ..engine.tensor import Tensor
from .places import somebodys

Path = tuple[Any, ...]  # from the name of a variable on: keys, indices and attributes


def installed(value: Any) -> Any:
    """A parameter as the program may change it: a copy, of a tensor one that records."""
    return np.copy(value) if type(value) is Tensor else value + 0.0 if np.ndim(value) == 0 else np.array(value)


def plain(value: Any) -> Any:
    return value.data if type(value) is Tensor else value


def value_at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step] if isinstance(root, dict | list | tuple | np.ndarray) else getattr(root, step)
    return root


def put(root: Any, path: Path, value: Any) -> None:
    owner = value_at(root, path[:-1])
    if isinstance(owner, dict | list | np.ndarray):
        owner[path[-1]] = value
    else:
        setattr(owner, path[-1], value)


def parts_of(root: Any) -> list[tuple[Any, Any]]:
    """What a container or an object holds, each with the step that leads to it."""
    if isinstance(root, dict):
        return list(root.items())
    if isinstance(root, list | tuple) or holds_objects(root):
        return list(enumerate(root))
    return list(getattr(root, "__dict__", {}).items())


def numbers_in(
    root: Any, path: Path = (), seen: set[int] | None = None, depth: int = 6, few: int = 200
) -> Iterator[tuple[Path, Any]]:
    """Every array of numbers and every number that variables hold, with its place; a tensor is one."""
    seen = set() if seen is None else seen
    if id(root) in seen:
        return
    seen.add(id(root))
    if isinstance(root, type | ModuleType):
        return
    inner = [*parts_of(root), *slots_of(root)]
    if path and len(inner) > few:
        inner = inner[-few:]
    for key, value in inner:
        if is_named(value):  # a column or a table
            value = np.asarray(value)
        if is_number(value) or (isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size):
            yield (*path, key), value
        elif depth and (isinstance(value, dict | list | tuple) or holds_objects(value) or is_object(value)):
            yield from numbers_in(value, (*path, key), seen, depth - 1)


def holds_objects(value: Any) -> bool:
    """Whether it is a row of objects, as NumPy makes of arrays that have several shapes."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.ndim == 1


def is_ragged(value: Any) -> bool:
    """Whether it is a list of arrays, or of lists, of which two have different shapes."""
    return isinstance(value, list | tuple) and len({shape_of(part) for part in value}) > 1


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an array; of a list its length and the shape of its first part."""
    if isinstance(value, list | tuple):
        return (len(value), *shape_of(value[0])) if value else (0,)
    return tuple(getattr(value, "shape", ()))


def as_objects(value: Any) -> Any:
    """A row of objects, as NumPy made it by itself before 1.24."""
    row = np.empty(len(value), dtype=object)
    for i, part in enumerate(value):
        row[i] = part
    return row


def is_number(value: Any) -> bool:
    real = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    return real or type(value) is Tensor


def slots_of(value: Any) -> list[tuple[str, Any]]:
    names = [n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ()) if isinstance(n, str)]
    return [(n, getattr(value, n)) for n in names if hasattr(value, n)]


def is_object(value: Any) -> bool:
    """Whether it is an object of somebody's class."""
    kind = type(value)
    own = not isinstance(value, type | ModuleType) and kind.__module__.startswith(("loaded:", "__main__"))
    if own:
        return True
    module = sys.modules.get(kind.__module__)
    file = getattr(module, "__file__", None)
    return not isinstance(value, type | ModuleType) and bool(file) and somebodys(str(file))
