"""Names, numbers and arguments as short plain text, not yet escaped.

The same value gives the same text in every process: no id(), no address. Numbers have three significant digits and a
real minus sign; arguments are written as Python writes them.
"""

import re
from typing import Any

import numpy as np

WHOLE = 10**7  # a whole number below is written in full
LISTED = 4  # an index array of at most this many entries is
LONGEST = 40
MINUS = "\N{MINUS SIGN}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def shorten(text: str) -> str:
    """At most LONGEST characters; what was cut off is marked."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + ELLIPSIS


def on_one_line(text: str) -> str:
    r"""A newline is written \n, and so is every other character that does not print or has no place in XML."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def number(x: Any) -> str:
    """0.123, −1.2e−5, nan, −inf; a whole number in full: 60, 1200."""
    if isinstance(x, bool | np.bool_):
        return str(x)
    if float(x).is_integer() and abs(x) < WHOLE:
        return str(int(x)).replace("-", MINUS)
    return re.sub(r"e\+?(-?)0*", r"e\1", format(float(x), ".3g")).replace("-", MINUS)


def argument(value: Any) -> str:
    """An axis, a shape or a part of an index as the user wrote it; of a larger array only its type and shape."""
    if isinstance(value, np.ndarray):
        return str(value.tolist()) if value.ndim < 2 and value.size <= LISTED else f"{value.dtype}{value.shape}"
    if isinstance(value, tuple):
        return f"({', '.join(map(argument, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, slice):
        return part(value.start) + ":" + part(value.stop) + (f":{value.step}" if value.step is not None else "")
    if isinstance(value, range):
        return f"range({value.stop})" if (value.start, value.step) == (0, 1) else str(value)
    if value is Ellipsis:
        return "..."
    if value is None or isinstance(value, int | float | str | np.generic | np.dtype):
        return str(value)
    written = repr(value)
    return written if written.isprintable() and not written.startswith("<") else type(value).__name__


def part(value: Any) -> str:
    """A bound of a slice, which may be left out."""
    return "" if value is None else str(value)


def index(value: Any) -> str:
    """What stood in the brackets of an indexing: [[0, 2, 1], range(3)]."""
    return f"[{', '.join(map(argument, value))}]" if isinstance(value, tuple) and value else f"[{argument(value)}]"
