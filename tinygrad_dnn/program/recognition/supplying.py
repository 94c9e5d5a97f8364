"""Data for a program whose own could not be loaded: what a name and its file ask for, made up, and said."""

import ast
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..running import Program
from .arguments import INPUTS
from .drawn import Drawn, drawn
from .readings import remaining
from .values import KIND_OF, SEED, USUAL, Layout, is_called_labels, layouts

TEXT = "a small text of a few words, and then the same words again in a small text of a few other words.\n" * 40
SECONDS = 8.0  # for all forms that data may have
SIZES = (2, 4096)  # of what is taken for a number of features
ROUND = (10, 100, 200, 500, 1000, 2000)
LARGEST = 512  # batch
CLASSES = 26  # at most, and three at least


class Supply(NamedTuple):
    """What is given for data: inputs and labels of one layout, and where they are read from a text, that."""

    layout: Layout
    classes: int

    @property
    def says(self) -> str:
        return self.layout.says

    def of(self, name: str, statement: ast.stmt) -> Any:
        kind = kind_of(name)
        if kind is None:
            return None
        if "open(" in ast.unparse(statement):
            return None
        return np.array(self.layout.Y if kind == "Y" else self.layout.X)

    def text(self, name: str) -> str:
        """A text file: a table with the label first where it is one of numbers, else a few words."""
        if not is_a_table(name):
            return TEXT
        X = self.layout.X if self.layout.form.startswith("rows") else self.layout.X.T
        rng, lines = np.random.default_rng(SEED), []
        for i in range(len(X)):
            pixels = rng.integers(0, 256, X.shape[1])
            lines.append(",".join(map(str, [i % self.classes, *pixels])))
        return "\n".join(lines) + "\n"


def is_a_table(name: str) -> bool:
    return name.lower().endswith((".csv", ".tsv", ".data", ".dat"))


def kind_of(name: str) -> str | None:
    """Whether a variable holds inputs or labels, by its name."""
    said, known = name.lower(), KIND_OF.get(name)
    if known in ("X", "Y"):
        return known
    if is_called_labels(name):
        return "Y"
    return "X" if INPUTS.search(said) else None


def supplies(program: Program) -> Iterator[Supply]:
    """The forms that data may have, for the numbers of features that the file names itself, and for any.

    Last those in which examples are the columns of one table and the rows of the other.
    """
    wide, narrow = sizes_in(program.loops.tree)
    usual = itertools.product([*wide, USUAL.features], dict.fromkeys([*narrow, USUAL.classes, 1]), (True, False))
    batch = batch_in(program.loops.tree)
    every = [
        Supply(layout, max(outputs, 2))
        for features, outputs, rows in usual
        for layout in layouts(features, outputs, rows, max(several(outputs), batch))
    ]  # fmt: skip
    yield from every
    for layout, classes in every:
        if layout.Y.ndim == 2:
            yield Supply(layout._replace(Y=layout.Y.T, says=f"{layout.says}, which is turned round"), classes)


def several(outputs: int) -> int:
    """So many examples that each of the classes has one."""
    return USUAL.examples if outputs < USUAL.examples else 2 * outputs + 1


def batch_in(tree: ast.Module) -> int:
    """The largest number that a file gives to a batch: with fewer examples there is none."""
    found = [0]
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            said, value = node.arg, node.value
        elif isinstance(node, ast.Assign):
            said, value = ast.unparse(node.targets[0]), node.value
        else:
            continue
        if "batch" in said.lower() and isinstance(value, ast.Constant) and type(value.value) is int:
            found.append(value.value)
    return max(n for n in found if n <= LARGEST)


def sizes_in(tree: ast.Module) -> tuple[list[int], list[int]]:
    """Whole numbers of a file, in lists and in calls, that may be numbers of features, and of classes.

    The largest first of the ones, of the others what is there most often. Round ones are mostly something else.
    """
    found = Counter[int]()
    for node in ast.walk(tree):
        inside: list[ast.expr] = []
        if isinstance(node, ast.List | ast.Tuple):
            inside = node.elts
        elif isinstance(node, ast.Call):
            inside = [*node.args, *(k.value for k in node.keywords)]
        elif isinstance(node, ast.Assign):
            inside = [node.value]
        found.update(n.value for n in inside if isinstance(n, ast.Constant) and type(n.value) is int)
    low, high = SIZES
    wide = sorted((n for n in found if low <= n <= high and n not in ROUND), reverse=True)[:4]
    return wide, [n for n, _ in found.most_common() if low < n <= CLASSES][:2]


def by_supply(program: Program, look: Callable[[], Any], good: Callable[[Any], float]) -> tuple[Any, str]:
    """What is seen of a program with data made up for it, where it is best; and a sentence on the data."""
    best, said, score, by_tables = None, "", 0.0, False
    dead = set[tuple[int, int, int]]()  # how far it came where nothing was seen
    space, until = dict(program.module.__dict__), time.process_time() + remaining(SECONDS)
    kept = space
    every: Iterator[Drawn | Supply] = itertools.chain(
        drawn(program, sizes_in(program.loops.tree)[1]), supplies(program)
    )
    for supply in every:
        of_tables = isinstance(supply, Drawn)
        if best is not None and by_tables > of_tables:
            break  # with its tables it runs: data that are put in the place of what they become say less
        if of_tables and time.process_time() > until - SECONDS / 3:
            continue
        np.random.seed(SEED)  # noqa: NPY002
        names = program.go_on(supply.of, supply.text, getattr(supply, "table", None))
        texts = {name for name in names if not of_tables and not is_a_table(name) and "." in name}
        if not names:
            if of_tables:
                continue
            break
        stuck, known = program.reached[0] < 0 and program.reached in dead, program.reached
        found = None if stuck else look()
        if found is not None and good(found) <= 0.01:
            dead.add(known)
        if found is not None and good(found) > max(score, 0.01):
            best, score, by_tables = found, good(found), of_tables
            given = "a small text of ours stands" if texts == set(names) else f"{supply.says}, drawn at random, stand"
            said = f"{', '.join(sorted(names))} could not be loaded: {given} in."
            kept = dict(program.module.__dict__)
        if score >= 1.0:
            return best, said
        if time.process_time() > until or texts == set(names):
            break
        program.module.__dict__.clear()
        program.module.__dict__.update(space)
    if best is not None:
        program.module.__dict__.update(kept)
    return best, said
