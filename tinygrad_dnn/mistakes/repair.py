"""The fix: the nearest single edit of the code that ran that leaves the cost as it is and makes every gradient right.

It is run, here and at another random point, before it is offered.
"""

import ast
import contextlib
import difflib
import time
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..judge.comparison import TOLERANCE, entry_errors, largest
from ..judge.report import Fix
from ..judge.subject import Arrays, Subject
from ..program.limits import TooLong, limited, silence
from ..program.replacing import Source, running, sources
from ..program.sources import cell_at, located, with_left_out
from ..program.watching import follow
from .editing import Edit, apply, edits, first_line, probes, unit_of

Truth = dict[str, Any]
ROUNDING = 1e-12  # of the largest entry of all: what sums that cancel leave of a gradient that is zero
LEAST = 0.3  # seconds that an edited run may take, and 20 times what the run takes as it is


class Found(NamedTuple):
    """A fix, the edit that it is, and the file as it ran."""

    fix: Fix
    edit: Edit
    source: Source

    @property
    def place(self) -> "Place":
        return Place(self.source.file, self.edit.start, self.edit.end, self.edit.text)


class Place(NamedTuple):
    """An edit as what it replaces: it can be found again in another process."""

    file: str
    start: int
    end: int
    text: str


class Bench:
    """Runs the gradients of a subject again and again, with nothing left behind.

    points  the parameters here and at another random point, each with its cost and the right gradients by key
    """

    def __init__(self, subject: Subject, points: list[tuple[Arrays, Truth]]) -> None:
        self.subject = subject
        self.points = [(parameters, subject.cost(copied(parameters)), truth) for parameters, truth in points]
        self.kept: list[tuple[Any, Any]] = []
        started = time.perf_counter()
        self.altered = set(self.subject.gradients(copied(self.points[0][0])).altered)
        self.limit = max(LEAST, 20 * (time.perf_counter() - started))

    def keep(self, functions: list[FunctionType]) -> None:
        """Remember the arrays that these functions can reach from outside: an edit may write into them."""
        kept = {id(array): array for f in functions for array in reached_by(f)}
        self.kept = [(array, array.copy()) for array in kept.values()]

    def restore(self) -> None:
        for array, before in self.kept:
            if not np.array_equal(array, before, equal_nan=True):
                array[...] = before

    def gradients(self, point: int) -> Truth:
        """What the code returns now."""
        return self.subject.gradients(copied(self.points[point][0])).arrays

    def errors(self, point: int) -> dict[str, float]:
        """The largest error of each gradient, infinite where it is missing, misshapen or not a number.

        All are infinite where the code changes a parameter now that it left alone before.
        """
        truth, found = self.points[point][2], self.subject.gradients(copied(self.points[point][0]))
        if not self.altered.issuperset(found.altered):
            return dict.fromkeys(truth, np.inf)
        hand = found.arrays
        slack = ROUNDING * max((largest(g) for g in truth.values()), default=0.0)
        return {key: error(hand.get(key), g, slack) for key, g in truth.items()}

    def repaired(self) -> bool:
        """Whether the gradients that run now are right, at every point, and the cost is the one it was."""
        for point, (parameters, cost, _) in enumerate(self.points):
            try:
                found = self.errors(point)
            except Exception:  # an edit may break the code in any way
                return False
            if any(e > TOLERANCE for e in found.values()) or self.subject.cost(copied(parameters)) != cost:
                return False
        return True


def copied(parameters: Arrays) -> Arrays:
    return {name: value.copy() for name, value in parameters.items()}


def error(found: Any, truth: Any, slack: float) -> float:
    if found is None or np.shape(found) != np.shape(truth):
        return np.inf
    return largest(entry_errors(found, truth, slack))


def reached_by(function: FunctionType) -> Iterator[Any]:
    """The arrays in a function's globals, its closure and its defaults, and in what these hold."""
    cells = [cell.cell_contents for cell in function.__closure__ or () if cell_holds(cell)]
    waiting: list[tuple[Any, int]] = [
        (v, 0) for v in (*function.__globals__.values(), *cells, *(function.__defaults__ or ()))
    ]
    seen: set[int] = set()
    while waiting:
        value, depth = waiting.pop()
        if id(value) in seen or depth > DEPTH or isinstance(value, ModuleType | FunctionType | type):
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, dict | list | tuple | set):
            waiting += [(v, depth + 1) for v in (value.values() if isinstance(value, dict) else value)]
        elif type(value).__module__ not in ("builtins", "numpy"):
            waiting += [(v, depth + 1) for v in getattr(value, "__dict__", {}).values()]


DEPTH = 4  # a list of layers, each with a dict of arrays


def cell_holds(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def repair(bench: Bench, wrong: set[str], seconds: float, refused: list[Place]) -> Found | None:
    """The nearest edit that mends everything, found within the time, or None. wrong: the keys that have to change."""
    started = time.perf_counter()
    with silence():
        found = sources(follow_gradients(bench), follow(bench.subject.cost, copied(bench.points[0][0])))
        called = [f for f in (bench.subject._cost, bench.subject._gradients) if isinstance(f, FunctionType)]
        bench.keep([*called, *(f for source in found for f in source.functions)])
        every = []
        for source in found:
            every += [(edit, source) for edit in edits(source, distances(bench, source, wrong))]
        for edit, source in sorted(every, key=lambda pair: pair[0].distance):
            if time.perf_counter() - started > seconds:
                return None
            if Place(source.file, edit.start, edit.end, edit.text) in refused:
                continue
            if mends(bench, source, edit):
                return Found(fix_of(source, edit), edit, source)
    return None


def edited_cost(bench: Bench, place: Place, point: Arrays) -> tuple[bool, float]:
    """Whether an edit mends everything where nothing else was tried before, and the cost at a point with it."""
    with silence():
        found = sources(follow_gradients(bench), follow(bench.subject.cost, copied(bench.points[0][0])))
        for source in found:
            if source.file == place.file:
                line = source.text[: place.start].count(b"\n") + 1
                statement = next(s for s in source.tree.body if first_line(s) <= line <= (s.end_lineno or s.lineno))
                edit = Edit(0.0, "", statement, place.start, place.end, place.text)
                with edited(source, edit), limited(bench.limit):
                    cost = bench.subject.cost(copied(point))
                return mends(bench, source, edit), cost
    return False, 0.0


NOT_ALONE = 2.0  # how much farther a statement is that right gradients depend on as well


def distances(bench: Bench, source: Source, wrong: set[str]) -> dict[ast.stmt, float]:
    """How much farther an edit of a statement is, by which gradients depend on what it assigns.

    Infinitely, if some wrong gradient does not: then no edit of it can mend that one. What cannot be told is left out.
    """
    first, truth = bench.gradients(0), bench.points[0][2]
    slack = ROUNDING * max((largest(g) for g in truth.values()), default=0.0)
    found = {}
    for statement, edit in probes(source):
        changed = None
        with (
            contextlib.suppress(SyntaxError, TooLong),
            edited(source, edit),
            contextlib.suppress(Exception),
            limited(bench.limit),
        ):
            again = bench.gradients(0)
            changed = {key for key in truth if key in again and not close(first.get(key), again[key], slack)}
        bench.restore()
        if changed:
            found[statement] = np.inf if wrong - changed else NOT_ALONE if changed - wrong else 0.0
    return found


def close(a: Any, b: Any, slack: float) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, 1e-9, slack, equal_nan=True))


def follow_gradients(bench: Bench) -> Any:
    return follow(bench.subject.gradients, copied(bench.points[0][0]))


def mends(bench: Bench, source: Source, edit: Edit) -> bool:
    try:
        with edited(source, edit), limited(bench.limit):
            return bench.repaired()
    except (SyntaxError, ValueError, TooLong):
        return False
    finally:
        bench.restore()


def edited(source: Source, edit: Edit) -> contextlib.AbstractContextManager[None]:
    """The definition that holds the edit, running as edited."""
    unit, text = unit_of(source, edit), apply(source, edit)
    lines, grown = text.split(b"\n"), text.count(b"\n") - source.text.count(b"\n")
    own = b"\n".join(lines[first_line(unit) - 1 : (unit.end_lineno or unit.lineno) + grown]).decode()
    return running(source, unit, own)


def fix_of(source: Source, edit: Edit) -> Fix:
    before, after = source.text.decode(), apply(source, edit).decode()
    line = source.text[: edit.start].count(b"\n") + 1
    old, new = before.split("\n"), after.split("\n")  # splitlines would count form feeds and other marks as lines
    changed = [i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    line = changed[0] + 1 if changed else line
    was, becomes, file = old[line - 1].strip(), new[line - 1].strip(), source.file
    whole = with_left_out(file, after, line)
    cell, number = located(file, line)
    if cell is not None:  # a diff of the cell alone: its lines are what somebody can count
        own, file = cell_at(file, line), f"{file}, cell {cell}" if isinstance(cell, int) else f"cell {cell}"
        old, new = old[own.start - 1 : own.stop - 1], new[own.start - 1 : own.stop - 1 + len(new) - len(old)]
    diff = "\n".join(difflib.unified_diff(old, new, file, file, lineterm="", n=1))
    return Fix(source.file, number, was, becomes, diff, ends_of_lines(source.file, whole), cell=cell)


def ends_of_lines(file: str, text: str) -> str:
    """The text with the ends of lines that the file has: Python reads them all as one."""
    with contextlib.suppress(OSError), open(file, "rb") as original:
        if b"\r\n" in original.read():
            return text.replace("\n", "\r\n")
    return text
