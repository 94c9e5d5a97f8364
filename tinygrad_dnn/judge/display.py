"""A report in colour for a terminal, and as HTML for a notebook; both say in words what the colours say."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report, Row

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


def html(report: "Report", header: Sequence[str], cells: Sequence[Sequence[str]], sentences: Sequence[str]) -> str:
    """The table, the sentences, and the mistake with its change; all text of the user's escaped."""
    head = "".join(f'<th style="{CELL}">{escape(name)}</th>' for name in header)
    rows = "".join(row_of(row, line) for row, line in zip(report.rows, cells, strict=True))
    parts = [f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"]
    parts += [f"<p style='margin:4px 0'>{escape(sentence)}</p>" for sentence in sentences]
    if report.causes:
        cause = report.causes[0]
        parts.append(f"<p><b>Mistake:</b> {escape(cause.explanation)} <code>{escape(cause.kind)}</code></p>")
    if report.fix:
        changed = "\n".join(map(line_of, report.fix.diff.splitlines()[3:]))
        parts.append(f"<p><b>Fix:</b> {escape(report.place())}</p><pre style='margin:0 0 0 1em'>{changed}</pre>")
        parts.append(f"<p style='margin:4px 0'>{escape(report.promise())}</p>")
    return "<div>" + "".join(parts) + "</div>"


def row_of(row: "Row", cells: Sequence[str]) -> str:
    style = f"color:{COLOURS[row.verdict]};font-weight:bold"
    written = [f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells[:-1]]
    return f'<tr>{"".join(written)}<td style="{CELL};{style}">{escape(cells[-1])}</td></tr>'


def line_of(line: str) -> str:
    colour = {"-": COLOURS["wrong"], "+": COLOURS["right"]}.get(line[:1])
    return f'<span style="color:{colour}">{escape(line)}</span>' if colour else escape(line)
