"""A column of a table, or a row of it, which has names: what pandas calls a Series.

An array with a few methods more. What labels pandas gives to rows are their places here. What is computed of columns
alone is one again; where an array takes part it is an array.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..absent import Absent
from .entries import Names, assigned, inclusive, is_null, narrowed

SHOWING = "plot hist describe info boxplot corr style to_csv to_excel to_string memory_usage str dt"
OF_ARRAYS = "argmax argmin cumsum cumprod item ravel flatten reshape all any round clip prod"
REDUCING: dict[str, Callable[..., Any]] = {
    "mean": np.mean, "sum": np.sum, "min": np.min, "max": np.max, "median": np.median, "std": np.std, "var": np.var,
}  # fmt: skip


class Labelled(NDArrayOperatorsMixin):
    """What columns and tables have in common: operators, and what shows something is nothing."""

    values: Any

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.values, dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        if any(overrides(x) for x in inputs):
            return NotImplemented  # what has a meaning for this says it
        found = getattr(ufunc, method)(*map(plain, inputs), **keywords)
        alone = all(isinstance(x, Labelled) or np.ndim(x) == 0 for x in inputs)
        return self._alike(found) if alone and ufunc is not np.matmul and not keywords else found

    def _alike(self, values: Any) -> Any:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        if name in SHOWING.split():
            return Absent(f"pandas.{type(self).__name__}.{name}")
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.values)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.size(self.values))

    @property
    def index(self) -> Any:
        return np.arange(len(self))

    def __len__(self) -> int:
        return self.shape[0]

    def to_numpy(self, dtype: Any = None, **_: Any) -> Any:
        return np.array(self.values, dtype=dtype)

    as_matrix = to_numpy

    def dot(self, other: Any) -> Any:
        return np.dot(self.values, plain(other))

    def head(self, n: int = 5) -> Any:
        return self.iloc[:n]

    def tail(self, n: int = 5) -> Any:
        return self.iloc[len(self) - n :]

    def take(self, rows: Any, axis: int = 0, **_: Any) -> Any:
        return self.iloc[rows] if axis == 0 else self.iloc[:, rows]

    def sample(self, n: int | None = None, frac: float | None = None, random_state: Any = None, **_: Any) -> Any:
        count = n if n is not None else round((frac or 1 / len(self)) * len(self))
        rng = np.random.RandomState(random_state) if isinstance(random_state, int) else np.random
        return self.iloc[rng.permutation(len(self))[:count]]

    @property
    def iloc(self) -> Any:
        raise NotImplementedError

    def same(self, *_: Any, **__: Any) -> Any:
        """What only sets the labels of rows in order, or leaves out what is not there."""
        return self.copy()

    sort_index = infer_objects = same

    def copy(self, deep: bool = True) -> Any:
        return self._alike(np.array(self.values))

    def isnull(self) -> Any:
        return self._alike(is_null(self.values))

    def notnull(self) -> Any:
        return self._alike(~is_null(self.values))

    isna, notna = isnull, notnull


def overrides(value: Any) -> bool:
    """Whether it is an array of another library, or stands for one."""
    kind = type(value)
    return hasattr(kind, "__array_ufunc__") and not issubclass(kind, Labelled | np.ndarray | np.generic)


def plain(value: Any) -> Any:
    return value.values if isinstance(value, Labelled) else value


def reduction(name: str) -> Callable[..., Any]:
    def reduce(self: "Column", axis: Any = None, ddof: int = 1, **_: Any) -> Any:
        more = {"ddof": ddof} if name in ("std", "var") else {}
        return REDUCING[name](self.values, **more)

    return reduce


class Column(Labelled):
    """Values one after another.

    name: of the column; names: of the entries, where it is a row.
    """

    __module__ = "pandas"

    def __init__(self, data: Any = (), index: Any = None, dtype: Any = None, name: Any = None, **_: Any) -> None:
        mapping = isinstance(data, Mapping)
        self.names = list(data) if mapping else None
        if not mapping and index is not None and all(isinstance(k, str) for k in index):
            self.names = list(index)
        data = list(data.values()) if mapping else plain(data)
        data = data if np.ndim(data) or index is None else np.full(len(index), data)
        self.values = narrowed(data if hasattr(data, "dtype") else list(data))
        self.values = self.values.astype(dtype) if dtype is not None else self.values
        self.name = name

    def _alike(self, values: Any) -> Any:
        if np.shape(values) != np.shape(self.values):
            return values
        return Column(values, self.names, name=self.name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __contains__(self, value: Any) -> bool:
        return value in (self.names if self.names is not None else range(len(self)))

    def __getattr__(self, name: str) -> Any:
        names = self.__dict__.get("names") or ()
        if name in names:
            return self[name]
        if name in OF_ARRAYS.split():
            return getattr(self.values, name)
        return super().__getattr__(name)

    def __float__(self) -> float:
        return float(self.values.item())

    def place(self, key: Any) -> Any:
        """An entry's number, or several, by names or numbers."""
        if isinstance(key, str):
            if key not in (self.names or ()):
                raise KeyError(key)
            return (self.names or []).index(key)
        if isinstance(key, list) and key and all(isinstance(k, str) for k in key):
            return [self.place(k) for k in key]
        return plain(key)

    def __getitem__(self, key: Any) -> Any:
        place = self.place(key)
        found = self.values[place]
        if np.ndim(found) == 0:
            return found
        names = None if self.names is None else list(np.array(self.names, dtype=object)[place])
        return Column(found, names, name=self.name)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.values = assigned(self.values, self.place(key), plain(value))

    @property
    def iloc(self) -> Any:
        return self

    at = iat = iloc

    @property
    def loc(self) -> Any:
        return Inclusive(self)

    ix = loc

    @property
    def index(self) -> Any:
        return np.arange(len(self)) if self.names is None else Names(self.names)

    @property
    def dtype(self) -> Any:
        return self.values.dtype

    @property
    def T(self) -> Any:
        return self

    def keys(self) -> Any:
        return self.index

    def items(self) -> Iterator[tuple[Any, Any]]:
        return iter(zip(self.index, self.values, strict=True))

    def tolist(self) -> list[Any]:
        return list(self.values.tolist())

    to_list = tolist

    def astype(self, dtype: Any, **_: Any) -> Any:
        kind = None if dtype == "category" else dtype
        return Column(self.values.astype(kind) if kind is not None else self.values, self.names, name=self.name)

    def map(self, by: Any, *_: Any, **__: Any) -> Any:
        """Each entry by a function, or by a table of what it means; nothing where that does not say."""
        one = (lambda v: by.get(v, np.nan)) if isinstance(by, Mapping) else by
        return Column([one(v) for v in self.values], self.names, name=self.name)

    apply = map

    def replace(self, old: Any = None, new: Any = None, inplace: bool = False, **_: Any) -> Any:
        by = old if isinstance(old, Mapping) else dict(zip(*both_lists(old, new), strict=True))
        return self._given([by.get(v, v) for v in self.values], inplace)

    def fillna(self, value: Any = 0, inplace: bool = False, **_: Any) -> Any:
        return self._given(np.where(is_null(self.values), value, self.values), inplace)

    def _given(self, values: Any, inplace: bool) -> Any:
        if not inplace:
            return Column(values, self.names, name=self.name)
        self.values = narrowed(values)
        return None

    def dropna(self, **_: Any) -> Any:
        return self[~is_null(self.values)]

    def reset_index(self, drop: bool = False, **_: Any) -> Any:
        return Column(self.values, name=self.name)

    def unique(self) -> Any:
        return np.array(list(dict.fromkeys(self.values.tolist())), dtype=self.values.dtype)

    def nunique(self) -> int:
        return len(self.unique())

    def value_counts(self, **_: Any) -> Any:
        counts = {v: int(np.sum(self.values == v)) for v in self.unique()}
        return Column(dict(sorted(counts.items(), key=lambda item: -item[1])))

    def isin(self, several: Any) -> Any:
        several = list(several)
        return Column([v in several for v in self.values])

    def sort_values(self, ascending: bool = True, **_: Any) -> Any:
        order = np.argsort(self.values, kind="stable")
        return self[order if ascending else order[::-1]]

    def abs(self) -> Any:
        return self._alike(np.abs(self.values))

    def idxmax(self, **_: Any) -> Any:
        return self.index[int(np.argmax(self.values))]


for _name in REDUCING:
    setattr(Column, _name, reduction(_name))


class Inclusive:
    """column.loc: as a column by places, with the end of a range in it."""

    def __init__(self, column: Column) -> None:
        self.column = column

    def __getitem__(self, key: Any) -> Any:
        return self.column[inclusive(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.column[inclusive(key)] = value


def both_lists(old: Any, new: Any) -> tuple[list[Any], list[Any]]:
    olds = list(old) if isinstance(old, list | tuple | np.ndarray) else [old]
    return olds, list(new) if isinstance(new, list | tuple | np.ndarray) else [new] * len(olds)
