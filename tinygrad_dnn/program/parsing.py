"""A text as statements, where what is not Python is left out, and as little as that.

Of a text that does not parse, parso says where the statements are: it is made to go on after an error. What it takes
for whole is still Python's to judge. The smallest thing that is left out is a statement at the top, or a method.
"""

import ast
import re
import warnings
from itertools import pairwise
from typing import NamedTuple

_OPENS = re.compile(r"(?:async )?def |class |@|import |from |if __name__")


class Complaint(NamedTuple):
    """What Python says of a text that is none: the line, why, the kind of error, and the line that it speaks of.

    Lines are counted from 0; opened is None where it speaks of no other, such as that of the def without a body.
    """

    line: int
    why: str
    kind: str = "SyntaxError"
    opened: int | None = None


class Gap(NamedTuple):
    """Lines that were left out, the first and the one after the last, counted from 0; what is wrong, and its name."""

    start: int
    end: int
    wrong: Complaint
    name: str


def complaint(text: str, first: int = 0) -> Complaint | None:
    """What Python says of the first error of a text, whose first line has this number; None where it is Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(ast.parse(text), "it", "exec", dont_inherit=True)
    except SyntaxError as error:
        said = re.sub(r" on line \d+| \((?:detected at|<|it,).*?\)$", "", error.msg)
        opened = re.search(r" on line (\d+)", error.msg)
        line = min(max((error.lineno or 1) - 1, 0), text.count("\n")) + first
        return Complaint(line, said, type(error).__name__, int(opened[1]) - 1 + first if opened else None)
    except (ValueError, RecursionError, MemoryError) as error:
        return Complaint(first, str(error) or type(error).__name__, type(error).__name__)
    return None


def gaps(text: str) -> list[Gap]:
    """What has to be left out of a text for the rest to be Python."""
    wrong = complaint(text)
    if wrong is None:
        return []
    lines, chunks = text.split("\n"), _chunks(text)
    found = [gap for start, end in chunks for gap in _of_chunk(lines, start, end)]
    while (rest := complaint(without(text, found))) is not None:  # each is Python, and all together are not
        start, end = next(((a, b) for a, b in chunks if a <= rest.line < b), (0, len(lines)))
        if any(gap.start == start and gap.end >= end for gap in found):
            return [Gap(0, len(lines), wrong, "")]
        found.append(Gap(start, end, rest, ""))
    return found


def without(text: str, left_out: list[Gap]) -> str:
    """The text with these lines empty."""
    lines = text.split("\n")
    for gap in left_out:
        lines[gap.start : gap.end] = [""] * (gap.end - gap.start)
    return "\n".join(lines)


def _chunks(text: str) -> list[tuple[int, int]]:
    """From where to where each statement at the top goes, whole or not."""
    import parso

    starts = {0}
    for node in parso.parse(text).children:  # type: ignore[no-untyped-call]
        if node.start_pos[1] == 0 and node.type != "endmarker":
            starts.add(node.start_pos[0] - 1)
    ordered = [*sorted(starts), text.count("\n") + 1]
    return [(a, b) for a, b in pairwise(ordered) if a < b]


def _of_chunk(lines: list[str], start: int, end: int) -> list[Gap]:
    """What is to be left out of a statement: nothing, methods of a class, or all of it."""
    wrong = complaint("\n".join(lines[start:end]), start)
    if wrong is None:
        return []
    opens = [i for i in range(start + 1, end) if _OPENS.match(lines[i]) and not lines[i - 1].startswith("@")]
    if opens:  # a string that is not closed takes in what follows
        edges = [start, *opens, end]
        return [gap for a, b in pairwise(edges) for gap in _of_chunk(lines, a, b)]
    if lines[start].startswith("class ") and (found := _of_class(lines, start, end)):
        return found
    name = re.match(r"(?:@.*\n)*(?:async )?(?:def|class) +(\w+)", "\n".join(lines[start:end]))
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return [Gap(start, end, wrong, name[1] if name else "")]


def _of_class(lines: list[str], start: int, end: int) -> list[Gap]:
    """The methods that are to be left out of a class; none where that does not make it whole."""
    body = [i for i in range(start + 1, end) if lines[i].strip()]
    indent = re.match(r"\s*", lines[body[0]])[0] if body else ""  # type: ignore[index]
    heads = [i for i in body if re.match(rf"{indent}(?:async )?(?:def |@)", lines[i]) and indent]
    heads = [i for i in heads if not lines[i - 1].startswith(f"{indent}@")]
    found = []
    for a, b in zip(heads, [*heads[1:], end], strict=False):
        wrong = complaint("class it:\n" + "\n".join(lines[a:b]), a - 1)
        if wrong is not None:
            name = re.search(r"def +(\w+)", "\n".join(lines[a:b]))
            found.append(Gap(a, b, wrong, f"{lines[start][6:].split('(')[0].rstrip(': ')}.{name[1]}" if name else ""))
    text = "\n".join(lines[start:end])
    shifted = [gap._replace(start=gap.start - start, end=gap.end - start) for gap in found]
    return found if complaint(without(text, shifted)) is None else []
