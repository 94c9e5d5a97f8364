"""The label of a node: one of Graphviz's HTML-like tables, in which every piece of text is escaped.

A title, a line that says what it is, then the value and the gradient: a small array in numbers between two bars, a
larger one as its shape. Colours go by role, and the word beside each says the same.
"""

import html
import re
from typing import Any

import numpy as np

from .text import MINUS, number

VALUE, GRADIENT, LOCAL, PARAMETER, CONSTANT = "#0072B2", "#D55E00", "#A2447F", "#00795A", "#5B6776"
INK, MUTED, GRADIENT_INK = "#16202C", "#5B6776", "#A84A00"  # letters in #D55E00 would be too pale on white
PAPER = "#FFFFFF"

VALUES = {"gradient": ("gradient", GRADIENT, GRADIENT_INK), "local": ("local", LOCAL, LOCAL)}

RAISED = str.maketrans("T0123456789", "ᵀ⁰¹²³⁴⁵⁶⁷⁸⁹")

ENTRIES, ROWS, COLUMNS = 16, 4, 8  # the largest array that is shown in numbers

WORD_JOINER = "\N{WORD JOINER}"  # without width; ends what Graphviz would read as an escape, such as \N


def escape(text: str) -> str:
    return html.escape(text.replace("\\", "\\" + WORD_JOINER))


def font(content: str, color: str, size: int) -> str:
    return f'<FONT COLOR="{color}" POINT-SIZE="{size}">{content}</FONT>'


def table(rows: list[str], attributes: str) -> str:
    return f'<TABLE CELLBORDER="0" CELLSPACING="0" {attributes}>{"".join(rows)}</TABLE>'


def row(cells: list[str], attributes: str = "") -> str:
    return f"<TR>{''.join(f'<TD {attributes}>{cell}</TD>' for cell in cells)}</TR>"


def is_small(array: Any) -> bool:
    """Whether an array is shown in numbers; one that is not NumPy's (Dask, CuPy) never is."""
    if not isinstance(array, np.ndarray | np.generic) or array.dtype.kind not in "fiub":
        return False
    if array.ndim > 2 or array.size > ENTRIES:
        return False
    rows, columns = np.atleast_2d(array).shape
    return bool(rows <= ROWS and columns <= COLUMNS)


def numbers(array: Any, color: str, ink: str) -> str:
    """A scalar as its number, a small array as a matrix between bars, any other array as its shape."""
    if array.size == 0:
        return font("no entries", ink, 10)
    if not is_small(array):
        return font(str(tuple(array.shape)), ink, 10)
    if array.ndim == 0:
        return font(number(array[()]), ink, 11)
    rows = [row([f"&#160;{number(x)}&#160;" for x in line], 'ALIGN="RIGHT"') for line in np.atleast_2d(array)]
    return font(table(rows, f'BORDER="1" SIDES="LR" COLOR="{color}" CELLPADDING="1"'), ink, 10)


def heading(title: str, subtitle: str) -> list[str]:
    """The first two lines of a label."""
    return [across(font(f"<B>{escape(title)}</B>", INK, 13)), across(font(escape(subtitle), MUTED, 10))]


def across(content: str) -> str:
    """A line over all four columns."""
    return row([content], 'COLSPAN="4"')


def field(word: str, content: str, ink: str) -> str:
    """A word and its numbers; the empty columns left and right keep the two together in a wide label."""
    return row(["", f"{font(word, ink, 9)}&#160;", content, ""])


def label(rows: list[str]) -> str:
    return "<" + table(rows, 'BORDER="0" CELLPADDING="2"') + ">"


def of_node(title: str, subtitle: str, data: Any, gradient: Any, values: bool) -> str:
    """The value of a small array, then the gradient, or that there is none yet; without values the heading alone."""
    rows = heading(title, subtitle)
    if not values:
        return label(rows)
    if is_small(data):
        rows.append(field("value", numbers(data, VALUE, VALUE), VALUE))
    if gradient is None:
        return label([*rows, across(font("gradient not computed", MUTED, 9))])
    return label([*rows, field("gradient", numbers(gradient, GRADIENT, GRADIENT_INK), GRADIENT_INK)])


def of_value(title: str, subtitle: str, data: Any, values: bool, role: str) -> str:
    """A node with one array in it: of a backward pass."""
    word, color, ink = VALUES.get(role, ("value", VALUE, VALUE))
    if role == "gradient" and not title.startswith("dJ/d"):
        word = "value"  # on the way from one gradient to the next
    rows = heading(title, subtitle)
    return label([*rows, field(word, numbers(data, color, ink), ink)] if values and is_small(data) else rows)


def raised(formula: str) -> str:
    """A formula in text, with a real minus, and exponents that are letters: they need no place of their own."""
    exponent = re.compile(r"\^(T|\d+)(?![\w.])")
    return escape(exponent.sub(lambda match: match[1].translate(RAISED), formula.replace("-", MINUS)))


def of_constant(data: Any, values: bool, title: str = "constant") -> str:
    """The label of a constant: a scalar is its number alone."""
    if data.ndim == 0 and is_small(data):
        return label([row([numbers(data, CONSTANT, INK)])])
    rows = heading(title, str(tuple(data.shape)))
    return label([*rows, row([numbers(data, CONSTANT, INK)], 'COLSPAN="4"')] if values and is_small(data) else rows)
