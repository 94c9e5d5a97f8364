"""Texts and tables that are not there, and what is read in their place."""

import builtins
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .functions import OFFERED, MakeTable, instead, made_up

READING = ("read_csv", "read_table", "read_excel", "read_parquet", "read_json", "read_fwf", "read_pickle")


@contextlib.contextmanager
def read_otherwise(text: Callable[[str], str], table: MakeTable | None = None) -> Iterator[None]:
    """Within this, a text that is not there is what text(name) gives, for open, np.loadtxt and np.genfromtxt.

    table: what pandas reads, or what stands in for it; an error where it is not given.
    """
    real = builtins.open, np.loadtxt, np.genfromtxt
    pandas: Any = sys.modules.get("pandas")
    functions = {name: getattr(pandas, name) for name in READING if hasattr(pandas, "__file__")}

    def opened(file: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        try:
            return real[0](file, mode, *arguments, **keywords)
        except FileNotFoundError:
            if set(mode) - set("rtU") or asked_by_tables(sys._getframe(1).f_globals):
                raise
            return io.StringIO(text(str(file)))

    def read_by(function: Callable[..., Any]) -> Callable[..., Any]:
        def read(file: Any, *arguments: Any, **keywords: Any) -> Any:
            try:
                return function(file, *arguments, **keywords)
            except FileNotFoundError:
                return function(io.StringIO(text(str(file))), *arguments, **keywords)

        return read

    def read_table_by(function: Callable[..., Any]) -> Callable[..., Any]:
        def read(file: Any = None, *arguments: Any, **keywords: Any) -> Any:
            try:
                return function(file, *arguments, **keywords)
            except (OSError, ImportError):  # a file, an address, or what reads its kind is not there
                if table is None:
                    raise
                lines, rest = instead(table, file, keywords)
                return functions["read_csv"](lines, **rest)

        return read

    builtins.open = opened
    np.loadtxt, np.genfromtxt = read_by(real[1]), read_by(real[2])
    for name, function in functions.items():
        setattr(pandas, name, read_table_by(function))
    try:
        with contextlib.nullcontext() if table is None else made_up(table):
            yield
    finally:
        builtins.open, np.loadtxt, np.genfromtxt = real
        for name, function in functions.items():
            setattr(pandas, name, function)


def asked_by_tables(space: dict[str, Any]) -> bool:
    """Whether it is pandas that opens a file, or what stands in for it."""
    return str(space.get("__name__", "")).partition(".")[0] == "pandas" or space is OFFERED["read_csv"].__globals__
