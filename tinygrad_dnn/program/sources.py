"""Any file as people have it, as Python; and a place for each line.

A file is units that are Python each by itself: the cells of a notebook, the blocks of a text, a whole .py file. A unit
that is Python as it stands is left as it is, and costs one look. Else what an editor would do is done, in the order in
which one thing hides another, and said: signs, IPython's lines, tabs, Python 2, and last what is not Python at all is
left out. A line stays a line, so that a place is a number and nothing else.

What is hard is left to those who keep it: IPython says what its lines are, markdown-it-py where blocks are, fissix what
Python 2 is, parso where a statement ends that is none. They are imported when a file needs them; a plain one does not.

The text that runs is what linecache has under the path: inspect, tracebacks and edits read that.
"""

import ast
import linecache
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from . import python2
from .cells import cell_of
from .decoding import decoded, typed, without_tabs
from .dividing import as_python2
from .magics import LeftOut, is_python, without_magics
from .notebooks import notebook
from .parsing import Gap, complaint, gaps, without
from .prose import blocks, dedented, without_prompts

TEXTS = {".md", ".markdown", ".rmd", ".qmd", ".txt", ".rst", ".text", ".mdown"}
MANY = 4  # lines that were left out are told one by one up to here, and counted beyond

Where = tuple[int | str | None, int]
Places = list[Where]


class Source(NamedTuple):
    """A file as Python.

    path      as given; it is also the filename that code is compiled with
    text      Python, line for line; what does not parse is there as well
    notes     what was assumed and left out, each a sentence for the report
    places    for each line of text where it stands: (cell, line) in a notebook, ("In[7]", line) in one that is open,
              (None, line) else
    runs      the text without what does not parse, whose lines are empty
    left_out  what that is
    python2   whether a / b of two integers is what Python 2 made of it
    """

    path: str
    text: str
    notes: tuple[str, ...]
    places: tuple[Where, ...]
    runs: str = ""
    left_out: tuple["LeftOver", ...] = ()
    python2: bool = False


class LeftOver(NamedTuple):
    """A part of a file that is not Python, by the name of its function or method; lines are those of the text, from 1.

    opened: the line that the error speaks of, None where it speaks of no other.
    """

    line: int
    name: str
    kind: str
    why: str
    opened: int | None

    def error(self, path: str) -> SyntaxError:
        """The error that Python raises of it, in the file's own lines; where a body is missing, of what has none."""
        of = f" on {place(path, self.opened)}" if self.opened else ""
        line = self.opened if self.opened and self.kind == "IndentationError" else self.line
        made = {"IndentationError": IndentationError, "TabError": TabError}.get(self.kind, SyntaxError)
        return made(f"{self.why}{of}", (path, line, None, None))


class Unit(NamedTuple):
    """Lines that are Python by themselves, where they stand, and whether they may be indented as a whole."""

    lines: list[str]
    places: Places
    alone: bool


class Mended(NamedTuple):
    """A unit as Python: its lines, those that run, what was left out and done, and whether it was Python 2."""

    lines: list[str]
    runs: list[str]
    magics: list[LeftOut]
    done: list[str]
    gaps: list[Gap]
    python2: bool


_read: dict[str, Source] = {}  # by path
_content: dict[str, bytes] = {}  # what each held when it was read


def read(path: str | Path, content: bytes | None = None) -> Source:
    """A file, or what it holds where that is given, as Python; tracebacks and inspect know its lines from here on.

    OSError where there is no such file; nothing else.
    """
    name = str(path)
    _content[name] = Path(path).read_bytes() if content is None else content
    text, notes = decoded(_content[name])
    units, language, more = _units(text, Path(path).suffix.lower())
    mended = [_mended(unit) for unit in units]
    places = [place for unit in units for place in unit.places]
    old = language == "python2" or (language != "python3" and any(m.python2 for m in mended))
    old = old and not any(_of_today(unit, m) for unit, m in zip(units, mended, strict=True))
    notes += more + _told(units, mended) + _of_python2(old, mended)
    runs = _with_future_first("".join(f"{line}\n" for m in mended for line in m.runs))
    text = "".join(f"{line}\n" for m in mended for line in m.lines)
    return _kept(Source(name, text, tuple(notes), tuple(places), runs, tuple(_left_over(units, mended)), old))


def keep_cells(path: str, lines: list[str], places: Places) -> None:
    """The lines of cells that ran, under a path that stands for all of them."""
    text = "".join(f"{line}\n" for line in lines)
    _kept(Source(path, text, (), tuple(places), text))


def _kept(source: Source) -> Source:
    _read[source.path] = source
    ends = [f"{line}\n" for line in source.runs.split("\n")[:-1]]
    linecache.cache[source.path] = (len(source.runs), None, ends, source.path)
    return source


def statements(source: Source) -> tuple[list[ast.stmt], list[str]]:
    """The file as statements; what does not parse is left out, as little as possible, and said."""
    tree = ast.parse(source.runs, source.path)
    return (as_python2(tree) if source.python2 else tree).body, sentences(source)


def sentences(source: Source) -> list[str]:
    """What was left out of a file as it is no Python, each with its place."""
    said = [
        f"{place(source.path, it.line)}: not valid Python ({it.why}): {f'{it.name} was ' if it.name else ''}left out"
        for it in source.left_out
    ]
    return _shortened(said)


def left_out_of(path: str) -> tuple[LeftOver, ...]:
    """What is no Python in a file that was read."""
    return _read[path].left_out if path in _read else ()


def tree_of(text: str | bytes, path: str) -> ast.Module:
    """The tree of a text that stands in a file, or may stand there once it is edited. SyntaxError where it is none."""
    tree = ast.parse(text, path)
    return as_python2(tree) if path in _read and _read[path].python2 else tree


def place(path: str, line: int) -> str:
    """Where a line of a file stands, in words: cell 7, line 3 of a notebook, line 12 of another file."""
    return _in_words(located(path, line))


def is_changed(path: str) -> bool:
    """Whether a file that was read holds something else by now."""
    try:
        return path in _content and Path(path).read_bytes() != _content[path]
    except OSError:
        return False


def stretch(path: str, first: int, last: int) -> str:
    """Where some lines of a file stand, in words."""
    (cell, start), (other, end) = located(path, first), located(path, last)
    if cell != other:
        return f"{place(path, first)} to {place(path, last)}"
    lines = f"line {start}" if start == end else f"lines {start} to {end}"
    return lines if cell is None else f"cell {cell}, {lines}"


def named(path: str, line: int) -> str:
    """The same with the name of the file before it; a cell that is open has none."""
    where = place(path, line)
    return where if isinstance(located(path, line)[0], str) else f"{Path(path).name}, {where}"


def located(path: str, line: int) -> Where:
    """The cell, None where there is none, and the line in it, of a line of a file's text."""
    source = _read.get(path)
    if source and 0 < line <= len(source.places):
        return source.places[line - 1]
    return (cell_of(path), line)


def cell_at(path: str, line: int) -> range:
    """The lines of a file's text that stand in the same cell as this one."""
    if path not in _read:  # the cell of a notebook that is open
        return range(1, len(linecache.getlines(path)) + 1)
    places = _read[path].places
    own = [n for n, (cell, _) in enumerate(places, 1) if cell == places[line - 1][0]]
    return range(own[0], own[-1] + 1)


def with_left_out(path: str, edited: str, line: int) -> str:
    """A file's text, edited from this line on in one place, with the lines again that were left out of the run."""
    source = _read.get(path)
    if source is None or source.text == source.runs:
        return edited
    lines, whole = edited.split("\n"), source.text.split("\n")
    more = len(lines) - len(whole)
    for n, (own, ran) in enumerate(zip(whole, source.runs.split("\n"), strict=True)):
        if own != ran:
            lines[n if n < line else n + more] = own
    return "\n".join(lines)


def _in_words(where: Where) -> str:
    return f"line {where[1]}" if where[0] is None else f"cell {where[0]}, line {where[1]}"


def _left_over(units: list[Unit], mended: list[Mended]) -> Iterable[LeftOver]:
    """What is no Python, unit by unit, in the lines of the whole text."""
    before = 1
    for unit, it in zip(units, mended, strict=True):
        for gap in it.gaps:
            line, why, kind, opened = gap.wrong
            yield LeftOver(line + before, gap.name, kind, why, None if opened is None else opened + before)
        before += len(unit.lines)


def _units(text: str, ending: str) -> tuple[list[Unit], str, list[str]]:
    """A file's units, its language, and what is to be said of it as a whole."""
    if ending == ".ipynb" or (text.lstrip()[:1] == "{" and '"cell_type"' in text):
        try:
            cells, language = notebook(text)
        except (ValueError, RecursionError) as error:
            if text.lstrip()[:1] == "{" or not text.strip():
                return [], "", [f"It is no notebook that can be read: {error}."]
            return _units(text, ".py")
        if not language.startswith("python"):
            return [], language, [f"It is a notebook of {language}, not of Python."]
        return [Unit(c.lines, [(c.number, n + 1) for n in range(len(c.lines))], True) for c in cells], language, []
    lines = text.split("\n")[:-1]
    places: Places = [(None, n + 1) for n in range(len(lines))]
    if ending not in TEXTS or _is_a_program(text):
        return [Unit(lines, places, False)], "", []
    found, last = [], 0
    for block in blocks(text, ending):
        found.append(Unit([""] * (block.start - last), places[last : block.start], False))
        found.append(Unit(block.lines, places[block.start : block.end], True))
        last = block.end
    rest = Unit([""] * (len(lines) - last), places[last:], False)
    code = sum(unit.alone for unit in found)
    return [*found, rest], "", [f"It is a text with {code} block{'s' * (code != 1)} of code, read as one program."]


def _is_a_program(text: str) -> bool:
    """Whether what is called a text is Python as a whole."""
    return is_python(text) and bool(re.search(r"^(def|class|import|from) ", text, re.M))


def _mended(unit: Unit) -> Mended:
    """A unit as Python, with what had to be done for it."""
    lines, text = unit.lines, "\n".join(unit.lines)
    if "%%" not in text and "get_ipython" not in text and not python2.names(text) and complaint(text) is None:
        return Mended(lines, lines, [], [], [], False)
    done = []
    if (new := typed(text)) != text:
        done.append("typographic signs outside of strings were read as Python's")
    lines = dedented(new.split("\n")) if unit.alone else new.split("\n")
    if not is_python("\n".join(lines)):
        lines = without_prompts(lines)
    lines, magics = without_magics(lines)
    text = "\n".join(lines)
    wrong = complaint(text)
    if wrong and "__future__" in wrong.why:
        text, wrong = _without_future(text), complaint(_without_future(text))
    if wrong and re.search(r"^[ \f]*\t", text, re.M) and _better(new := without_tabs(text), text):
        done.append("tabs were read as Python 2 did, to the next column that eight divides")
        text, wrong = new, complaint(new)
    old = False
    if (not is_python(text) or python2.names(text)) and (new := python2.translated(text) or text) != text:
        text, wrong, old = new, complaint(new), True
    if wrong:
        text, old = _old_parts(text, old)
    left_out = gaps(text) if wrong else []
    return Mended(text.split("\n"), without(text, left_out).split("\n"), magics, done, left_out, old)


def _better(new: str, text: str) -> bool:
    """Whether more of a new text is Python, of today or of yesterday."""
    wrong, before = complaint(new), complaint(text)
    if wrong is None or before is None:
        return before is not None
    return wrong.line > before.line or (python2.translated(text) is None and python2.translated(new) is not None)


def _old_parts(text: str, old: bool) -> tuple[str, bool]:
    """The text with those of its statements in Python 3 that are Python 2."""
    lines = text.split("\n")
    for gap in gaps(text):
        own = "\n".join(lines[gap.start : gap.end])
        new = None if is_python(own) else python2.translated(f"if 1:\n{own}" if own[:1].isspace() else own)
        if new is not None and complaint(new) is None:
            lines[gap.start : gap.end], old = new.removeprefix("if 1:\n").split("\n"), True
    return "\n".join(lines), old


def _of_today(unit: Unit, mended: Mended) -> bool:
    """Whether a unit divides as Python 3 does: it says so, or only Python 3 can read it."""
    return python2.only_python3("\n".join(mended.runs)) or python2.divides_truly("\n".join(unit.lines))


def _of_python2(old: bool, mended: Iterable[Mended]) -> list[str]:
    if old:
        return [
            "It is Python 2, and was read as such: a / b of two integers leaves no fraction there, so that 1 / 2 is 0."
        ]
    if any(m.python2 for m in mended):
        return ["Parts of it are Python 2, and were read as such; a / b is Python 3's."]
    return []


def _with_future_first(text: str) -> str:
    """The text without imports from __future__ where Python allows none."""
    return text if "__future__" not in text or complaint(text) is None else _without_future(text)


def _without_future(text: str) -> str:
    """The text without what Python allows at the beginning alone: all that it brings but one is there today."""
    return re.sub(r"^from __future__ import .*", "", text, flags=re.M)


def _told(units: list[Unit], mended: list[Mended]) -> list[str]:
    """What was done, and IPython's lines that were left out, each once or counted where they are many."""
    done = [what for m in mended for what in m.done]
    notes = [f"{what[:1].upper()}{what[1:]}." for what in dict.fromkeys(done)]
    pairs = [(unit.places[m.line], m.what) for unit, it in zip(units, mended, strict=True) for m in it.magics]
    if len(pairs) < MANY:
        return notes + [f"{_in_words(where).capitalize()}: {what} was left out." for where, what in pairs]
    kinds = list(dict.fromkeys(what for _, what in pairs))
    more = f" and {len(kinds) - MANY} more" if len(kinds) > MANY else ""
    return [*notes, f"{len(pairs)} lines for IPython were left out: {', '.join(kinds[:MANY])}{more}."]


def _shortened(notes: list[str]) -> list[str]:
    return notes if len(notes) <= MANY else [*notes[: MANY - 1], f"and {len(notes) - MANY + 1} more were left out"]
