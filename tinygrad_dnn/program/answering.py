"""The answer for a file that cannot be checked: what is missing, what was understood, and a driver to fill in.

One form for all: the file and its line, what is missing; a line for each thing that is known; the lines that say what
to check, which are Python; what was left out of the file.
"""

import ast
import contextlib
from collections.abc import Iterable
from pathlib import Path

from .beside import module_of
from .limits import TooLong
from .places import line_of
from .recognition import UnknownError, says_itself
from .recognition.driving import driver
from .recognition.understanding import Understood, understood
from .recognition.unfinished import dotted
from .running import Program
from .sources import located, place

WRITES = "{}--driver PATH writes it; then: tinygrad-dnn {} PATH"


def answer(
    file: str,
    error: BaseException,
    program: Program | None = None,
    left_out: Iterable[str] = (),
    command: str = "check",
) -> str:
    """The whole answer of a command.

    program: as far as it ran; without it, and where the file says itself what to check, it is one line. left_out: what
    is said of the file beside.
    """
    lines = [head(file, error), *(line for note in notes_of(error) if "\n" in note for line in indented(note, 1))]
    asks = not isinstance(error, UnknownError) or error.asks
    if program is not None and asks and not says_itself(program.module):
        it: Understood | None = None
        with contextlib.suppress(Exception, TooLong):  # of somebody's code, of which only names are wanted here
            it = understanding(program, error)
        lines += help_with(file, it, command) if it is not None else []
    said = f" reads {error.name}, " if isinstance(error, NameError) else None  # what the answer says already
    beside = [note for note in left_out if said is None or said not in note]
    return "\n".join([*lines, *(f"    {note}" for note in (beside if asks else ()))])


def help_with(file: str, it: Understood, command: str) -> list[str]:
    """What was understood of a file, and its driver."""
    known = [f"        {line}" for line in it.lines()]
    said = indented("What to check can be said in a file beside it:", 1)
    writes = WRITES.format("" if command == "check" else f"tinygrad-dnn check {Path(file).name} ", command)
    return [*(["    Understood:", *known] if known else []), *said, *indented(text_for(it, file), 2), f"    {writes}"]


def head(file: str, error: BaseException) -> str:
    """The file and the line, and what happened."""
    where, text = line_of(error, file) or line_of(error), f"{type(error).__name__}{': ' * bool(str(error))}{error}"
    text = ". ".join([text.rstrip("."), *(note for note in notes_of(error) if "\n" not in note)])
    if isinstance(error, UnknownError):
        where, text = (file, error.line) if error.line else None, str(error)
    elif isinstance(error, OSError) and str(error.filename) == file:
        where, text = None, str(error.strerror)
    elif isinstance(error, SyntaxError):
        where, text = (error.filename or file, error.lineno or 0), f"{type(error).__name__}: {error.msg}"
    return f"{shown(*where) if where else file}: {' '.join(text.split())}"


def notes_of(error: BaseException) -> list[str]:
    return list(getattr(error, "__notes__", []))


def indented(text: str, by: int) -> list[str]:
    return [f"{'    ' * by}{line}".rstrip() for line in text.splitlines()]


def shown(file: str, line: int) -> str:
    """A place as editors read it, file:line; in a notebook, which has none, in words."""
    return f"{file}:{line}" if located(file, line)[0] is None else f"{file}, {place(file, line)}"


def understanding(program: Program, error: BaseException | None = None) -> Understood:
    return understood(program.module, program, error.shown if isinstance(error, UnknownError) else ())


def text_for(it: Understood, file: str) -> str:
    """The driver for a file, which imports from it."""
    return driver(it, file, module_of(Path(file)))


def check_place(path: Path, file: str) -> None:
    """An error where a driver for a file cannot be written: it would overwrite something, or find nothing to import."""
    if path.exists():
        raise FileExistsError(f"{path} is there already, and is not overwritten: name another file, or remove it")
    if path.suffix != ".py":
        raise ValueError(f"a driver is Python: write it to a file such as {path.with_suffix('.py')}")
    if path.resolve().parent != Path(file).resolve().parent:
        beside = Path(file).parent / path.name
        raise ValueError(f"a driver imports what lies beside it: --driver {beside} writes it beside {Path(file).name}")


def write_driver(path: Path, program: Program, error: BaseException | None = None) -> str:
    """Write the driver for a file; what is said of it."""
    text = text_for(understanding(program, error), str(program.module.__file__))
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    left = len(dotted(ast.parse(text)))
    do = f"fill in the dots in {left} line{'s' * (left > 1)} of it, then" if left else "check it with"
    return f"{path} is written: {do}: tinygrad-dnn check {path}"
