"""A table with named columns: what pandas calls a DataFrame."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .column import REDUCING, Column, Labelled, plain
from .entries import Names, assigned, inclusive, is_null, narrowed


class Table(Labelled):
    """Columns of one length by their names, or by their numbers where they have none."""

    __module__ = "pandas"

    def __init__(self, data: Any = None, index: Any = None, columns: Any = None, dtype: Any = None, **_: Any) -> None:
        names = None if columns is None else list(columns)
        made = columns_of(data, names, 0 if index is None else len(index))
        self._held: dict[Any, Any] = {k: v if dtype is None else v.astype(dtype) for k, v in made.items()}

    @property
    def values(self) -> Any:
        if not self._held:
            return np.empty((0, 0))
        kind = self._kind
        return narrowed(np.stack([np.asarray(v, dtype=kind) for v in self._held.values()], axis=1))

    @property
    def _kind(self) -> Any:
        kinds = [v.dtype for v in self._held.values()]
        return object if any(k.kind not in "biuf" for k in kinds) else np.result_type(*kinds)

    def _alike(self, values: Any) -> Any:
        return Table(values, columns=self.columns) if np.shape(values) == self.shape else values

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self), len(self._held)

    @property
    def columns(self) -> Names:
        return Names(self._held)

    @columns.setter
    def columns(self, names: Any) -> None:
        self._held = dict(zip(list(names), self._held.values(), strict=True))

    @property
    def dtypes(self) -> Column:
        return Column({k: str(v.dtype) for k, v in self._held.items()})

    @property
    def empty(self) -> bool:
        return not self.size

    @property
    def T(self) -> Any:
        return Table(self.values.T)

    def transpose(self, *_: Any, **__: Any) -> Any:
        return self.T

    def __len__(self) -> int:
        return len(next(iter(self._held.values()), ()))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.columns)

    def __contains__(self, name: Any) -> bool:
        return name in self._held

    def keys(self) -> Names:
        return self.columns

    def items(self) -> Iterator[tuple[Any, Column]]:
        return ((k, self[k]) for k in list(self._held))

    def __getattr__(self, name: str) -> Any:
        held = self.__dict__.get("_held", {})
        return Column(held[name], name=name) if name in held else super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.__dict__.get("_held", {}):
            self[name] = value
        else:
            object.__setattr__(self, name, value)

    def _chosen(self, names: Any) -> "Table":
        """Some of the columns."""
        missing = [n for n in names if n not in self._held]
        if missing:
            raise KeyError(f"{missing} not in index")
        return Table({n: self._held[n] for n in names})

    def _rows(self, place: Any) -> Any:
        """Some of the rows, or one, as a column with names."""
        if isinstance(place, int | np.integer):
            return Column({k: v[place] for k, v in self._held.items()}, name=int(place))
        return Table({k: v[plain(place)] for k, v in self._held.items()})

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return self._rows(key)
        if isinstance(key, Table):
            return Table({k: np.where(plain(key[k]), v, np.nan) for k, v in self._held.items()})
        if isinstance(key, list | tuple | np.ndarray | Column):
            several = list(key)
            if several and all(isinstance(k, bool | np.bool_) for k in several):
                return self._rows(np.array(several, dtype=bool))
            return self._chosen(several)
        if key not in self._held:
            raise KeyError(key)
        return Column(self._held[key], name=key)

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self._held else default

    def __setitem__(self, key: Any, value: Any) -> None:
        several = list(key) if isinstance(key, list | tuple | np.ndarray | Column) else None
        if several is not None and all(isinstance(k, bool | np.bool_) for k in several):
            self._held = {k: assigned(v, np.array(several), value) for k, v in self._held.items()}
        elif several is not None:
            parts = plain(value)
            for i, name in enumerate(several):
                self[name] = parts[:, i] if np.ndim(parts) == 2 else parts
        else:
            values = plain(value)
            values = np.ravel(values) if np.ndim(values) == 2 else values
            length = len(self) if self._held else np.size(values)
            self._held[key] = narrowed(values if np.ndim(values) else np.full(length, values))

    @property
    def iloc(self) -> Any:
        return Places(self, by_name=False)

    @property
    def loc(self) -> Any:
        return Places(self, by_name=True)

    ix = at = loc
    iat = iloc

    def iterrows(self) -> Iterator[tuple[int, Column]]:
        return ((i, self._rows(i)) for i in range(len(self)))

    def itertuples(self, index: bool = True, **_: Any) -> Iterator[tuple[Any, ...]]:
        return ((i, *row) if index else row for i, row in enumerate(zip(*self._held.values(), strict=True)))

    def drop(
        self, labels: Any = None, axis: Any = 0, columns: Any = None, index: Any = None, inplace: bool = False, **_: Any
    ) -> Any:
        """Without some columns, or without some rows."""
        gone = columns if columns is not None else labels if axis in (1, "columns") else None
        if gone is not None:
            names = list(gone) if isinstance(gone, list | tuple | np.ndarray | Column | set) else [gone]
            missing = [n for n in names if n not in self._held]
            if missing:
                raise KeyError(f"{missing} not found in axis")
            return self._given({k: v for k, v in self._held.items() if k not in names}, inplace)
        rows = np.delete(np.arange(len(self)), plain(index if labels is None else labels))
        return self._given(self._rows(rows)._held, inplace)

    def _given(self, held: dict[Any, Any], inplace: bool) -> Any:
        if not inplace:
            return Table(held)
        self._held = held
        return None

    def pop(self, name: Any) -> Column:
        found = self[name]
        del self._held[name]
        return found  # type: ignore[no-any-return]

    def __delitem__(self, name: Any) -> None:
        del self._held[name]

    def insert(self, place: int, name: Any, value: Any) -> None:
        self[name] = value
        names = [n for n in self._held if n != name]
        self._held = {n: self._held[n] for n in [*names[:place], name, *names[place:]]}

    def rename(self, columns: Any = None, inplace: bool = False, **_: Any) -> Any:
        by_table = isinstance(columns, Mapping)
        return self._given({columns.get(k, k) if by_table else columns(k): v for k, v in self._held.items()}, inplace)

    def assign(self, **columns: Any) -> Any:
        found = Table(self._held)
        for name, value in columns.items():
            found[name] = value(found) if callable(value) else value
        return found

    def copy(self, deep: bool = True) -> Any:
        return Table({k: np.array(v) for k, v in self._held.items()})

    def reset_index(self, drop: bool = False, inplace: bool = False, **_: Any) -> Any:
        first = {} if drop else {"index": np.arange(len(self))}
        return self._given({**first, **self._held}, inplace)

    def set_index(self, name: Any, inplace: bool = False, **_: Any) -> Any:
        return self.drop(name, axis=1, inplace=inplace)

    def sort_values(self, by: Any, ascending: Any = True, inplace: bool = False, **_: Any) -> Any:
        first = by[0] if isinstance(by, list) else by
        order = np.argsort(self._held[first], kind="stable")
        return self._given(self._rows(order if ascending else order[::-1])._held, inplace)

    def fillna(self, value: Any = 0, inplace: bool = False, **_: Any) -> Any:
        by = value if isinstance(value, Mapping | Column) else dict.fromkeys(self._held, value)
        filled = {k: Column(v).fillna(by[k]).values if k in by else v for k, v in self._held.items()}
        return self._given(filled, inplace)

    def dropna(self, axis: Any = 0, inplace: bool = False, **_: Any) -> Any:
        null = {k: is_null(v) for k, v in self._held.items()}
        if axis in (1, "columns"):
            return self._given({k: v for k, v in self._held.items() if not null[k].any()}, inplace)
        kept = ~np.any(list(null.values()), axis=0) if null else np.empty(0, dtype=bool)
        return self._given(self._rows(kept)._held, inplace)

    def drop_duplicates(self, *_: Any, inplace: bool = False, **__: Any) -> Any:
        return self._given(self._held, inplace)

    def replace(self, old: Any = None, new: Any = None, inplace: bool = False, **_: Any) -> Any:
        by_column = isinstance(old, Mapping) and any(isinstance(v, Mapping) for v in old.values())
        found = {
            k: (Column(v).replace(old.get(k, {})) if by_column else Column(v).replace(old, new)).values
            for k, v in self._held.items()
        }
        return self._given(found, inplace)

    def astype(self, dtype: Any, **_: Any) -> Any:
        of = dtype if isinstance(dtype, Mapping) else dict.fromkeys(self._held, dtype)
        return Table({k: v.astype(of[k]) if k in of else v for k, v in self._held.items()})

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> Any:
        words = "object" in str(include) or "number" in str(exclude)
        return Table({k: v for k, v in self._held.items() if (v.dtype == object) == words})

    def apply(self, function: Any, axis: Any = 0, **_: Any) -> Any:
        """A function of each column, or of each row."""
        if axis in (1, "columns"):
            return stacked([function(row) for _, row in self.iterrows()])
        found = {k: function(column) for k, column in self.items()}
        return Table(found) if all(np.ndim(v) == 1 for v in found.values()) else Column(found)

    def applymap(self, function: Any, **_: Any) -> Any:
        return Table({k: Column(v).map(function).values for k, v in self._held.items()})

    def sub(self, other: Any, **_: Any) -> Any:
        return self - other

    def div(self, other: Any, **_: Any) -> Any:
        return self / other

    def abs(self) -> Any:
        return self._alike(np.abs(self.values))

    def _reduced(self, name: str, axis: Any = 0, ddof: int = 1, **_: Any) -> Any:
        numbers = {k: v for k, v in self._held.items() if v.dtype.kind in "biuf"}
        more = {"ddof": ddof} if name in ("std", "var") else {}
        if axis in (1, "columns"):
            return Column(REDUCING[name](Table(numbers).values, axis=1, **more))
        return Column({k: REDUCING[name](v, **more) for k, v in numbers.items()})


def reducing(name: str) -> Any:
    return lambda self, axis=0, **keywords: self._reduced(name, axis, **keywords)


def to_frame(column: Column, name: Any = None) -> Table:
    """A column as a table of one."""
    return Table({name if name is not None else column.name or 0: column.values})


setattr(Column, "to_frame", to_frame)  # noqa: B010  (a column knows nothing of tables)
for _name in REDUCING:
    setattr(Table, _name, reducing(_name))


class Places:
    """table.iloc and table.loc: rows and columns by their numbers, or columns by their names."""

    def __init__(self, table: Table, by_name: bool) -> None:
        self.table, self.by_name = table, by_name

    def parts(self, key: Any) -> tuple[Any, Any]:
        """Rows, and the names of columns; one name that is no list is one column."""
        rows, columns = key if isinstance(key, tuple) else (key, slice(None))
        names = self.table.columns
        if isinstance(columns, slice) and self.by_name:
            ends = [names.index(e) if e in names else None for e in (columns.start, columns.stop)]
            columns = slice(ends[0], None if ends[1] is None else ends[1] + 1)
        elif self.by_name and not (np.ndim(columns) and all(isinstance(c, bool | np.bool_) for c in columns)):
            return plain(self.rows(rows)), list(columns) if np.ndim(columns) else columns
        return plain(self.rows(rows)), names[plain(columns)]

    def rows(self, rows: Any) -> Any:
        return inclusive(rows) if self.by_name else rows

    def __getitem__(self, key: Any) -> Any:
        rows, names = self.parts(key)
        if isinstance(names, list):
            return self.table._chosen(names)._rows(rows)
        return self.table[names][rows]

    def __setitem__(self, key: Any, value: Any) -> None:
        rows, names = self.parts(key)
        values, several = plain(value), isinstance(names, list)
        whole = isinstance(rows, slice) and rows == slice(None)
        for i, name in enumerate(names if several else [names]):
            part = values[..., i] if several and np.ndim(values) and np.shape(values)[-1] == len(names) else values
            if name not in self.table._held or whole:
                self.table[name] = part if whole else np.nan
            if not whole:
                self.table._held[name] = assigned(self.table._held[name], rows, part)


def columns_of(data: Any, names: list[Any] | None, length: int) -> dict[Any, Any]:
    """The columns in what a table may be made of: a dict, a list of rows, an array, another table."""
    if data is None:
        return {n: np.full(length, np.nan) for n in names or ()}
    if isinstance(data, Table):
        data = data._held
    if isinstance(data, Mapping):
        kept = {k: plain(v) for k, v in data.items() if names is None or k in names}
        length = max([np.size(v) for v in kept.values() if np.ndim(v)], default=length)
        return {k: narrowed(v if np.ndim(v) else np.full(length, v)) for k, v in kept.items()}
    if isinstance(data, Column):
        return {names[0] if names else data.name or 0: data.values}
    rows = data if hasattr(data, "dtype") else [plain(row) for row in data]
    if len(rows) and isinstance(rows[0], Mapping):
        return columns_of({k: [row[k] for row in rows] for k in rows[0]}, names, length)
    table: Any = rows if hasattr(rows, "dtype") else np.array(rows, dtype=object)
    table = table.reshape(-1, 1) if np.ndim(table) == 1 else table
    names = names or list(range(np.shape(table)[1]))
    return {name: narrowed(table[:, i]) for i, name in enumerate(names)} if np.size(table) else dict.fromkeys(
        names, np.empty(0))  # fmt: skip


def stacked(parts: list[Any]) -> Any:
    """What a function gave of each row: a column, or a table where it gave rows."""
    return Table([p.values for p in parts], columns=parts[0].names) if isinstance(parts[0], Column) else Column(parts)
