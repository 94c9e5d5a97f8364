"""The tables that a program may read, in the forms that it may want: what it raises with one says what is missing."""

import ast
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..running import Program
from .drawing import Asked, asked_in
from .values import USUAL

READS = re.compile(r"read_(csv|table|excel|parquet|json|fwf|pickle)$")
AGAIN = 8  # times that a form is repeated with more columns
WIDTHS = 4  # that are tried for one kind of labels
WIDEST = 4096


class Drawn(NamedTuple):
    """Tables with the columns that a file asks for, so many features beside the label, and labels of one kind."""

    asked: Asked
    features: int
    labels: tuple[float, ...]
    whole: bool = False  # whether all numbers are, as pixels are

    def of(self, name: str, statement: ast.stmt) -> Any:
        return None

    def text(self, name: str) -> str:
        return self.table(name, False, None)

    def table(self, name: str, said: bool, count: int | None) -> str:
        return self.asked.text(self.features, self.labels, said, count, self.whole)

    @property
    def says(self) -> str:
        first, last = f"{self.labels[0]:g}", f"{self.labels[-1]:g}"
        between = "and" if len(self.labels) == 2 else "to"
        return f"tables with the columns that are asked for, labels {first} {between} {last}"


def drawn(program: Program, classes: list[int]) -> Iterator[Drawn]:
    """The tables that a file may read, where it reads some; classes: how many it may have, by its numbers."""
    if not any(READS.match(name) for name in mentioned(program.loops.tree)):
        return
    asked, errors = asked_in(program.loops.tree), program.runner.errors
    counts = dict.fromkeys([2, *classes, USUAL.classes])
    kinds = [*(tuple(range(n)) for n in counts), (-1, 1), *(tuple(range(1, n + 1)) for n in counts)]
    widths, whole = [USUAL.features], False
    for labels in kinds:
        tried = set[int]()
        while len(tried) < WIDTHS and (left := [w for w in widths if w not in tried]):
            tried.add(left[0])
            for _ in range(AGAIN):
                yield Drawn(asked, left[0], labels, whole)
                errors = program.runner.errors
                more = [n for error in errors for n in missing(error) if n not in asked.names]
                if not whole and any(map(asks_for_whole_numbers, errors)):
                    whole = True
                elif not more:
                    break
                asked = asked.with_columns(more)
            wanted = [w for error in errors for w in other_widths(error, left[0])]
            widths = list(dict.fromkeys([*wanted, *widths]))


def mentioned(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.alias):
            yield node.attr if isinstance(node, ast.Attribute) else node.name


def missing(error: BaseException) -> list[str]:
    """The columns that a table did not have."""
    said = str(error)
    if isinstance(error, KeyError) and error.args:
        key = error.args[0]
        return re.findall(r"'([^']+)'", key) or [key] if isinstance(key, str) else []
    found = re.fullmatch(r"'DataFrame' object has no attribute '(\w+)'", said.replace("'Table'", "'DataFrame'"))
    return [found[1]] if found and isinstance(error, AttributeError) else []


def asks_for_whole_numbers(error: BaseException) -> bool:
    """Whether labels are to be indices, which they are not beside other numbers in one array."""
    return isinstance(error, TypeError | IndexError) and "integer" in str(error)


def other_widths(error: BaseException, features: int) -> Iterator[int]:
    """How many features there ought to have been, where what is raised tells the sizes that do not fit."""
    if not isinstance(error, ValueError | IndexError):
        return
    said = [int(n) for n in re.findall(r"\d+", str(error))]
    shape = re.search(r"into shape \(([\d,]+)\)", str(error))
    if shape:
        sizes = [int(n) for n in shape[1].split(",") if n]
        said = [features, math.prod(sizes), math.prod(sizes[1:])]
    for beside in (0, 1):  # a column of ones
        if features + beside in said:
            yield from (n - beside for n in said if n != features + beside and 1 < n - beside <= WIDEST)
