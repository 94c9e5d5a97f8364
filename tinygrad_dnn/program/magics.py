"""IPython's lines in Python: %magic, !command, name?, x = !ls, which only IPython runs.

Where such lines are is IPython's own to say (inputtransformer2): a % or ! in a string or in brackets is none. Each
becomes a comment, or a pass where a block may need a statement; its line stays. A text that is Python as it stands has
none, so that IPython is imported only where there is one.
"""

import ast
import re
from typing import NamedTuple

_SIGN = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", re.M)
_CALL = re.compile(r"^\s*(?:[\w, ]+=\s*)?get_ipython\(\)\.(?:(?:run_line_magic|run_cell_magic|magic)\(u?['\"]%*(\w+))?")
_KEPT = {"time", "timeit", "capture", "prun", "python", "python3", "memit", "mprun", "matplotlib"}  # of Python cells


_WRITES = re.compile(r"#?\s*%%\s*(?:writefile|file)\s+(?:-a\s+)?(\S+)\.py\s*$", re.M)  # a module


def written_in(text: str) -> set[str]:
    """The modules that cells of a notebook write to files, as %%writefile does: what is in them is here already."""
    return {name.replace("\\", "/").removeprefix("./").replace("/", ".") for name in _WRITES.findall(text)}


class LeftOut(NamedTuple):
    """A line that was left out, counted from 0, and what it is."""

    line: int
    what: str


def without_magics(lines: list[str]) -> tuple[list[str], list[LeftOut]]:
    """The lines of a cell or a file that are Python, as many as there were, and what was left out."""
    lines, found = _without_calls(lines)
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), None)
    if first is not None and (magic := re.match(r"\s*%%\s*(\S+)", lines[first])):
        if magic[1] not in _KEPT and not _WRITES.match(lines[first]):
            return [f"# {line}" if line.strip() else "" for line in lines], [*found, LeftOut(first, f"%%{magic[1]}")]
        lines, found = _as_comments(lines, first, first + 1), [*found, LeftOut(first, f"%%{magic[1]}")]
    text = "\n".join(lines)
    if not _SIGN.search(text) or is_python(text):
        return lines, found
    while (place := _next(lines)) is not None:
        found.append(LeftOut(place[0], _what(lines[place[0]])))
        lines = _as_comments(lines, *place)
    return lines, sorted(found)


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_calls(lines: list[str]) -> tuple[list[str], list[LeftOut]]:
    """What a notebook became that was saved as Python: get_ipython().run_line_magic("matplotlib", "inline")."""
    found = []
    for i, line in enumerate(lines):
        if "get_ipython()" in line and (call := _CALL.match(line)) and is_python(line.strip()):
            found.append(LeftOut(i, f"%{call[1]}" if call[1] else "get_ipython()"))
            lines = [*lines[:i], _body(line) or _as_comments([line], 0, 1)[0], *lines[i + 1 :]]
    return lines, found


def _body(line: str) -> str:
    """The Python in a line get_ipython().run_cell_magic("time", "", "..."), to be run on this line."""
    tree = ast.parse(line.strip()).body[0]
    call = getattr(tree, "value", None)
    if "run_cell_magic" not in line or not isinstance(call, ast.Call) or len(call.args) != 3:
        return ""
    name, _, body = (getattr(argument, "value", None) for argument in call.args)
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}exec({body!r})" if name in _KEPT and isinstance(body, str) and is_python(body) else ""


def _next(lines: list[str]) -> tuple[int, int] | None:
    """From where to where the first of IPython's own lines goes."""
    from IPython.core import inputtransformer2 as ipython

    ends = [line + "\n" for line in lines]
    try:
        tokens = ipython.make_tokens_by_line(ends)
        kinds = ipython.MagicAssign, ipython.SystemAssign, ipython.EscapedCommand, ipython.HelpEnd
        found = [thing for kind in kinds if (thing := kind.find(tokens))]  # type: ignore[no-untyped-call]
    except (SyntaxError, IndexError):  # of text that cannot be taken apart
        return None
    if not found:
        return None
    first = min(found, key=lambda thing: thing.start_line)
    last = max(ipython.find_end_of_continued_line(ends, first.start_line), getattr(first, "q_line", 0))
    return first.start_line, last + 1


def _as_comments(lines: list[str], start: int, end: int) -> list[str]:
    said = [re.sub(r"^(\s*)(?=\S)", lambda m: f"{m[1]}{'pass  ' if m[1] else ''}# ", line) for line in lines[start:end]]
    return [*lines[:start], *said, *lines[end:]]


def _what(line: str) -> str:
    """How a line is named where it is said that it was left out."""
    word = re.search(r"[%!]+\s*[\w./-]*", line) or re.search(r"[\w.?]*\?+[\w.]*", line)
    return word[0].strip() if word else line.strip()
