"""How a report looks: as text, in the colours of a terminal, and as HTML for a notebook; words say what colours say.

Nothing here knows what a report is: it comes as cells, sentences and lines.
"""

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import NamedTuple

RED, GREEN, YELLOW, BOLD, END = "\033[31m", "\033[32m", "\033[33m", "\033[1m", "\033[0m"
STYLES = {  # of what the lines of a printed report hold
    r"\bWRONG$": RED + BOLD,
    r"\bUNCHECKED$": YELLOW + BOLD,
    r"\bright$": GREEN,
    r"^(Mistake|Fix):": BOLD,
    r"^    -.*": RED,
    r"^    \+.*": GREEN,
}
COLOURS = {"right": "#1a7f37", "wrong": "#cf222e", "unchecked": "#9a6700"}  # 4.5:1 and more on white
CELL = "padding:2px 10px;text-align:left"


def coloured(text: str) -> str:
    """A printed report with its verdicts and its change in the colours of a terminal."""
    lines = text.split("\n")
    for pattern, style in STYLES.items():
        lines = [re.sub(pattern, lambda m, style=style: f"{style}{m[0]}{END}", line) for line in lines]  # type: ignore[misc]
    return "\n".join(lines)


class Change(NamedTuple):
    """A change of the code to be shown: where it is made, the lines of a diff, and what was seen of it."""

    place: str
    lines: list[str]
    promise: str


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table, its columns as wide as they have to be."""
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in (header, *rows)
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def wrapped(sentences: list[str], width: int = 80) -> list[str]:
    """Each sentence a paragraph of at most so many columns, its further lines indented."""
    return [line for sentence in sentences for line in wrap(sentence, width, subsequent_indent="    ")]


def advice(mistake: tuple[str, str] | None, change: Change | None) -> list[str]:
    """A mistake, explained and named, and the change that mends it, as lines."""
    lines = wrapped([f"Mistake: {mistake[0]} ({mistake[1]})"]) if mistake else []
    if change:
        lines += [f"Fix: {change.place}", *("    " + line for line in change.lines), *wrapped([change.promise])]
    return ["", *lines] if lines else []


def html(
    header: Sequence[str], rows: Sequence[Sequence[str]], sentences: Sequence[str], mistake: tuple[str, str] | None,
    change: Change | None,
) -> str:  # fmt: skip
    """The table, whose last column is the verdict, the sentences, and the mistake with its change; all text escaped."""
    head = "".join(f'<th style="{CELL}">{escape(name)}</th>' for name in header)
    body = "".join(map(row_of, rows))
    parts = [f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"]
    parts += [f"<p style='margin:4px 0'>{escape(sentence)}</p>" for sentence in sentences]
    if mistake:
        parts.append(f"<p><b>Mistake:</b> {escape(mistake[0])} <code>{escape(mistake[1])}</code></p>")
    if change:
        lines = "\n".join(map(line_of, change.lines))
        parts.append(f"<p><b>Fix:</b> {escape(change.place)}</p><pre style='margin:0 0 0 1em'>{lines}</pre>")
        parts.append(f"<p style='margin:4px 0'>{escape(change.promise)}</p>")
    return "<div>" + "".join(parts) + "</div>"


def row_of(cells: Sequence[str]) -> str:
    style = f"color:{COLOURS[cells[-1].lower()]};font-weight:bold"
    written = [f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells[:-1]]
    return f'<tr>{"".join(written)}<td style="{CELL};{style}">{escape(cells[-1])}</td></tr>'


def line_of(line: str) -> str:
    colour = {"-": COLOURS["wrong"], "+": COLOURS["right"]}.get(line[:1])
    return f'<span style="color:{colour}">{escape(line)}</span>' if colour else escape(line)
