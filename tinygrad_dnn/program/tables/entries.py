"""What columns hold, and how columns and rows are called."""

from typing import Any

import numpy as np


def is_null(values: Any) -> Any:
    """Where there is nothing: None, or not a number."""
    found = np.asarray(np.not_equal(values, values), dtype=bool)
    return found | np.array([v is None for v in values.flat]).reshape(found.shape) if values.dtype == object else found


def narrowed(values: Any) -> Any:
    """Entries that are numbers as an array of numbers, others as one of objects."""
    array = np.asarray(values)
    if array.dtype.kind in "US" or array.dtype == object:
        array = np.array(values, dtype=object) if array.dtype.kind in "US" else array
        if all(isinstance(v, bool | int | float | np.number | np.bool_) for v in array.flat):
            return np.array(array.tolist()) if array.size else array.astype(float)
    return array


def assigned(values: Any, place: Any, value: Any) -> Any:
    """The values with others at some places, in a type that holds them."""
    array = np.asarray(value)
    if values.dtype != object and (array.dtype.kind in "USO" or np.result_type(values, array) != values.dtype):
        values = values.astype(object if array.dtype.kind in "USO" else np.result_type(values, array))
    values = np.array(values)
    values[place] = value
    return values


class Names(list[Any]):
    """Names of columns, as a list that has what pandas gives such names."""

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int | np.integer):
            return super().__getitem__(int(key))
        if isinstance(key, slice):
            return Names(super().__getitem__(key))
        return Names(np.array(self, dtype=object)[np.asarray(key)].tolist())

    @property
    def values(self) -> Any:
        return np.array(self, dtype=object)

    def tolist(self) -> list[Any]:
        return list(self)

    to_list = tolist

    def drop(self, names: Any) -> "Names":
        gone = names if isinstance(names, list | tuple | np.ndarray) else [names]
        return Names(n for n in self if n not in gone)

    def difference(self, names: Any) -> "Names":
        return Names(sorted(self.drop(list(names))))

    def get_loc(self, name: Any) -> int:
        return self.index(name)


def inclusive(key: Any) -> Any:
    """The numbers of rows that labels mean: a range has its end in it."""
    if isinstance(key, slice) and isinstance(key.stop, int | np.integer):
        return slice(key.start, None if key.stop == -1 else int(key.stop) + 1, key.step)
    return key
