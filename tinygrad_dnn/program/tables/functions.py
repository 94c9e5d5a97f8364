"""What a program takes from pandas: tables read from files, made and put together.

A file that is not there raises FileNotFoundError, as it does with pandas, unless one is made up (made_up). Of a large
file the first rows are read.
"""

import contextlib
import csv
import io
import itertools
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .column import Column, plain
from .entries import is_null, narrowed
from .table import Table

MakeTable = Callable[[str, bool, int | None], str]
"""The text of a table by a file's name, whether it has a first line of names, and how many columns are named."""

ENTRIES = 500_000  # that are read of one file
FORM = {"sep", "delimiter", "delim_whitespace", "engine", "encoding", "skiprows", "skipfooter", "sheet_name", "decimal"}
making: list[MakeTable] = []  # what makes up a file that is not there


@contextlib.contextmanager
def made_up(make: MakeTable) -> Iterator[None]:
    """Within this, a file that is not there holds what make says."""
    making.append(make)
    try:
        yield
    finally:
        making.remove(make)


def instead(make: MakeTable, file: Any, keywords: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A text in the place of a file that is not there, and what of the arguments is still to be said of it."""
    names = keywords.get("names")
    first = keywords.get("header", "infer") in ("infer", 0) and names is None
    text = make(str(file), first, None if names is None else len(names))
    return io.StringIO(text), {k: v for k, v in keywords.items() if k not in FORM}


def read_csv(file: Any, sep: Any = None, **keywords: Any) -> Table:
    """A text file with a table."""
    try:
        lines = lines_of(file)
    except OSError:
        if not making:
            raise
        text, rest = instead(making[-1], file, keywords)
        return read_csv(text, **rest)
    mark = "\\s+" if keywords.get("delim_whitespace") else sep or keywords.get("delimiter") or ","
    return parsed(lines, mark, **keywords)


def parsed(
    lines: list[str], mark: str, header: Any = "infer", names: Any = None, index_col: Any = None, usecols: Any = None,
    skiprows: Any = None, nrows: Any = None, dtype: Any = None, **_: Any,
) -> Table:  # fmt: skip
    """Lines as a table, whose first names the columns unless header or names say otherwise."""
    rows = list(split(lines[skiprows if isinstance(skiprows, int) else 0 :], mark))
    if header == 0 or (header == "infer" and names is None):
        first: list[Any] = [word.strip() for word in rows.pop(0)]
    else:
        first = list(range(max(map(len, rows), default=0)))
    first = first if names is None else list(names)
    rows = rows[: nrows or max(ENTRIES // max(len(first), 1), 1)]
    table = Table({name: numbers([row[i] if i < len(row) else "" for row in rows]) for i, name in enumerate(first)})
    if isinstance(index_col, int | str) and not isinstance(index_col, bool):
        table.pop(table.columns[index_col] if isinstance(index_col, int) else index_col)
    if isinstance(usecols, list | tuple | range):
        table = table._chosen([table.columns[c] if isinstance(c, int) and c not in table else c for c in usecols])
    return table.astype(dtype) if dtype is not None else table


def read_table(file: Any, sep: Any = "\t", **keywords: Any) -> Table:
    return read_csv(file, sep=sep, **keywords)


def read_excel(file: Any, *_: Any, **keywords: Any) -> Table:
    """A table of a kind that is not read here: as one that is not there."""
    if not making:
        raise FileNotFoundError(f"{file} needs pandas to be read")
    text, rest = instead(making[-1], file, keywords)
    return read_csv(text, **rest)


read_json = read_pickle = read_parquet = read_hdf = read_fwf = read_sql = read_html = read_excel


def lines_of(file: Any) -> list[str]:
    if hasattr(file, "read"):
        return str(file.read()).splitlines()
    if re.match(r"\w+://", str(file)):
        raise FileNotFoundError(f"{file} is not here")
    if not isinstance(file, str | os.PathLike):
        raise ValueError(f"a table is read from a path, and not from {file!r:.60}")
    with open(file, encoding="utf-8", errors="replace", newline="") as opened:
        return opened.read().splitlines()


def split(lines: list[str], mark: str) -> Iterator[list[str]]:
    """The entries of each line."""
    if len(mark) > 1:
        return (re.split(mark, line.strip()) for line in lines if line.strip())
    return (row for row in csv.reader(lines, delimiter=mark, skipinitialspace=True) if row)


def numbers(words: list[str]) -> Any:
    """Entries as numbers, if they are all; nothing is not a number."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return np.array([kind(word) if word or kind is int else np.nan for word in words])
    return np.array([word or np.nan for word in words], dtype=object)


def concat(tables: Any, axis: Any = 0, ignore_index: bool = False, **_: Any) -> Any:
    """Tables below each other, or beside."""
    several = list(tables.values() if isinstance(tables, dict) else tables)
    if axis in (1, "columns"):
        pairs = [(k, v) for i, t in enumerate(several) for k, v in held(t, i).items()]
        return Table({(i if ignore_index else k): v for i, (k, v) in enumerate(pairs)})
    if all(isinstance(t, Column) for t in several):
        return Column(np.concatenate([t.values for t in several]), name=several[0].name)
    names = dict.fromkeys(itertools.chain.from_iterable(t.columns for t in several))
    parts = {n: [t._held[n] if n in t else np.full(len(t), np.nan) for t in several] for n in names}
    return Table({n: narrowed(np.concatenate(p)) for n, p in parts.items()})


def held(part: Any, number: int) -> dict[Any, Any]:
    return part._held if isinstance(part, Table) else {number if part.name is None else part.name: part.values}


def get_dummies(
    data: Any, prefix: Any = None, columns: Any = None, drop_first: bool = False, dtype: Any = bool, **_: Any
) -> Table:
    """A column for each of the values of a column; of a table, of those of words or of the ones that are named."""
    if isinstance(data, Table):
        chosen = [n for n in data if data._held[n].dtype == object] if columns is None else list(columns)
        rest = {n: v for n, v in data._held.items() if n not in chosen}
        parts = [get_dummies(data[n], n, drop_first=drop_first, dtype=dtype)._held for n in chosen]
        return Table({k: v for part in [rest, *parts] for k, v in part.items()})
    values = np.asarray(plain(data))
    found = sorted(set(values.tolist()), key=str)[int(drop_first) :]
    return Table({(v if prefix is None else f"{prefix}_{v}"): (values == v).astype(dtype) for v in found})


def factorize(values: Any, **_: Any) -> tuple[Any, Any]:
    names = Column(values).unique()
    return np.array([list(names).index(v) for v in plain(values)]), names


def to_numeric(values: Any, **_: Any) -> Any:
    return Column(np.asarray(plain(values), dtype=float))


def isnull(values: Any) -> Any:
    return values.isnull() if hasattr(values, "isnull") else is_null(np.asarray(values))


def unique(values: Any) -> Any:
    return Column(values).unique()


def is_of_kind(kinds: str) -> Callable[[Any], bool]:
    """What scikit-learn asks of the types of columns."""
    return lambda dtype: np.dtype(dtype).kind in kinds


class SparseDtype:
    """The type of no column here."""


isna = isnull
TYPES = {"is_bool_dtype": "b", "is_integer_dtype": "iu", "is_float_dtype": "f", "is_numeric_dtype": "biuf",
         "is_extension_array_dtype": "", "is_sparse": ""}  # fmt: skip
OFFERED = {name: value for name, value in globals().items() if getattr(value, "__module__", "") == __name__} | {
    "DataFrame": Table, "Series": Column, **{name: is_of_kind(kinds) for name, kinds in TYPES.items()}
}  # fmt: skip
