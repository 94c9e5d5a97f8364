"""Arrays for the page: numbers where they are few, else a picture of them made smaller, with what was lost said."""

from typing import Any

import numpy as np

LARGEST = 8  # rows and columns that are shown in numbers
CELLS = 24  # rows and columns of a heat map
DIGITS = 5


def packed(array: Any) -> dict[str, Any]:
    """Shape, and rows of numbers; or a heat map: the entry farthest from 0 in each cell, with min, max and norm."""
    array = np.asarray(array)
    table = np.atleast_2d(array) if array.ndim < 3 else array.reshape(array.shape[0], -1)
    if array.ndim == 1 and len(array) > LARGEST:
        table = array.reshape(1, -1)
    found: dict[str, Any] = {"shape": list(array.shape)}
    if array.dtype.kind not in "fiub" or not table.size:
        return found | {"rows": [], "text": f"{array.dtype}, no numbers"}
    if table.shape[0] <= LARGEST and table.shape[1] <= LARGEST:
        return found | {"rows": [[number(x) for x in row] for row in table]}
    with np.errstate(all="ignore"):
        wide = table.astype(float)
        finite = wide[np.isfinite(wide)]
        ends = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        norm = float(np.linalg.norm(finite))
    small = shrunk(wide)
    return found | {
        "heat": [[number(x) for x in row] for row in small], "whole": list(small.shape) == list(wide.shape),
        "min": number(ends[0]), "max": number(ends[1]), "norm": number(norm), "lost": int(wide.size - finite.size),
    }  # fmt: skip


def shrunk(table: Any) -> Any:
    """At most CELLS rows and columns, each the entry of its part that is farthest from 0."""
    for axis in (0, 1):
        length = table.shape[axis]
        if length > CELLS:
            parts = np.array_split(table, CELLS, axis=axis)
            table = np.stack([strongest(part, axis) for part in parts], axis=axis)
    return table


def strongest(part: Any, axis: int) -> Any:
    size = np.where(np.isnan(part), np.inf, np.abs(part))
    return np.take_along_axis(part, np.expand_dims(size.argmax(axis), axis), axis).squeeze(axis)


def number(x: Any) -> Any:
    """A number with DIGITS digits; what JSON has no number for as a word."""
    x = float(x)
    if not np.isfinite(x):
        return "nan" if np.isnan(x) else "∞" if x > 0 else "−∞"
    short = float(f"{x:.{DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e7 else short
