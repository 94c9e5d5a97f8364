"""Any file as people have it, as Python; and a place for each line."""

import ast
import linecache
from pathlib import Path
from typing import NamedTuple


class Source(NamedTuple):
    """A file as Python.

    path    as given; it is also the filename that code is compiled with
    text    Python, line for line; what does not parse is there as well
    notes   what was assumed and left out, each a sentence for the report
    places  for each line of text where it stands: (cell, line) in a notebook, (None, line) else
    """

    path: str
    text: str
    notes: tuple[str, ...]
    places: tuple[tuple[int | None, int], ...]


_read: dict[str, Source] = {}  # by path


def read(path: str | Path, content: bytes | None = None) -> Source:
    """A file, or what it holds where that is given, as Python; tracebacks and inspect know its lines from here on."""
    content = Path(path).read_bytes() if content is None else content
    text = "\n".join(content.decode("utf-8-sig", errors="replace").splitlines()) + "\n"
    source = Source(str(path), text, (), tuple((None, n + 1) for n in range(text.count("\n"))))
    _read[source.path] = source
    linecache.cache[source.path] = (len(text), None, text.splitlines(keepends=True), source.path)
    return source


def statements(source: Source) -> tuple[list[ast.stmt], list[str]]:
    """The file as statements; what does not parse is left out, as little as possible, and said."""
    return ast.parse(source.text, source.path).body, []


def place(path: str, line: int) -> str:
    """Where a line of a file stands, in words: cell 7, line 3 of a notebook, line 12 of another file."""
    cell, number = located(path, line)
    return f"line {number}" if cell is None else f"cell {cell}, line {number}"


def located(path: str, line: int) -> tuple[int | None, int]:
    """The cell, None where there is none, and the line in it, of a line of a file's text."""
    source = _read.get(path)
    return source.places[line - 1] if source and 0 < line <= len(source.places) else (None, line)
