"""A table that is not there: the columns that a file asks for by name, which of them hold labels, and their words.

Numbers are drawn at random; labels are what the layout of the data says, or the words that the file tells apart.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .values import SEED, is_called_labels

ROWS, MOST = 60, 4000
COLUMNS = {"drop", "pop", "get_dummies", "set_index", "select", "filter", "sort_values", "groupby"}  # called with names
NAMING = {"columns", "labels", "usecols", "subset", "by"}
NUMBERED = re.compile(r"(^|_|\s)ids?$|Ids?$|ID$|^index$")  # what only numbers the rows, or says which of several
DISTINCT, PIXEL = 11, 256  # values of a column, and below what they are where they are whole
CELLS = 4000  # of the rows of a wide table


class Asked(NamedTuple):
    """What a file wants of a table.

    names: of columns, in the order of the file; labels: those that hold labels; words: what a column holds, by its
    name, or under "" for labels; rows: how many it needs at least; dropped: those that are left out.
    """

    names: tuple[str, ...]
    labels: frozenset[str]
    words: dict[str, list[str]]
    rows: int
    dropped: frozenset[str] = frozenset()

    def with_columns(self, more: list[str]) -> "Asked":
        """The same with columns that turned out to be asked for: of labels, if no others are."""
        new = tuple(dict.fromkeys(more))
        own = self.labels or frozenset(new) if self.words.get("") is None else self.labels
        return self._replace(names=(*self.names, *new), labels=own | {n for n in new if is_called_labels(n)})

    def text(self, features: int, label: Any, said: bool, count: int | None, whole: bool = False) -> str:
        """A table as a text, with so many columns beside the label, at least.

        label: the values that labels go through; said: whether the first line names the columns; count: how many
        columns there are to be, where somebody else names them; whole: whether all numbers are whole, as pixels are.
        """
        own = self.names if said else ()
        labels = [n for n in own if n in self.labels or self.is_words(n)]
        kept = len(labels or [1]) + features + sum(n in self.dropped for n in own)
        width = count or max(kept, len(own))
        labels = labels or [f"column {width}"]  # which mostly stand last
        rest = [n for n in own if n not in labels]
        names = [*rest, *(f"column {i + 1}" for i in range(width - len(rest) - len(labels))), *labels]
        rows = max(min(self.rows, CELLS * 100 // width), len(label))
        rng = np.random.default_rng(SEED)
        values = {n: self.column(n, i, label, rows, rng, n in labels, whole) for i, n in enumerate(names)}
        if not own and len(names) > 2:  # the label is the last column, or the first
            values[names[0]] = values[names[-1]]
        lines = [",".join(f'"{n}"' for n in names)] if said else []
        return "\n".join([*lines, *(",".join(map(str, row)) for row in zip(*values.values(), strict=True))]) + "\n"

    def is_words(self, name: str) -> bool:
        return name in self.words and is_called_labels(name)

    def column(self, name: str, number: int, label: Any, rows: int, rng: Any, is_label: bool, whole: bool) -> list[Any]:
        words = self.words.get(name) or (self.words.get("") if is_label else None)
        if words or is_label:  # every one of them at first, and no two as often
            values = list(words or label)
            return [*values, *(values[i] for i in rng.integers(0, len(values), max(rows - len(values), 0)))][:rows]
        if NUMBERED.search(name):
            return [i % (7 + number) for i in range(rows)]
        some = rng.integers(0, PIXEL, DISTINCT) if whole else np.round(rng.normal(size=DISTINCT), 4)
        return list(rng.choice(some, rows))  # some make a column of each value


def asked_in(tree: ast.Module) -> Asked:
    """What a file says of the columns of its tables."""
    names, labels, words = dict[str, None](), set[str](), dict[str, list[str]]()
    alone, dropped, dicts = set[str](), set[str](), dicts_in(tree)
    for node in ast.walk(tree):
        for name in named_by(node, dicts):
            names.setdefault(name)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("drop", "pop"):
            dropped |= set(named_by(node, dicts))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            alone |= set(named_by(node, dicts))
        for column, said in words_of(node):
            words.setdefault(column, [])
            words[column] += [w for w in said if w not in words[column]]
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            of = column_of(base_of(node.value))
            if of and is_called_labels(node.targets[0].id):
                labels.add(of)
    labels |= {n for n in names if is_called_labels(n)} or dropped & alone
    dropped -= alone
    return Asked(tuple(names), frozenset(labels & set(names)), words, rows_in(tree), frozenset(dropped))


def dicts_in(tree: ast.Module) -> set[str]:
    """The variables that are dicts, which have keys and no columns."""
    found = {"self"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (
            isinstance(node.value, ast.Dict | ast.DictComp) or ast.unparse(node.value) in ("dict()", "{}")
        ):
            found |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    return found


def root_of(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def texts(node: ast.AST | None) -> list[str]:
    """The words in a constant, or in a list of such."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        found = [texts(e) for e in node.elts]
        return [w for each in found for w in each] if all(found) else []
    return []


def named_by(node: ast.AST, dicts: set[str]) -> Iterator[str]:
    """Columns that a part of a file asks for: table["a"], table[["a", "b"]], table.drop("a"), a list of names."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and root_of(node) not in dicts:
        inner = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        yield from texts(inner)
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
        yield from texts(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COLUMNS:
        for part in [*node.args, *(k.value for k in node.keywords if k.arg in NAMING)]:
            yield from texts(part)


def words_of(node: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """The words that a column holds, by its name, or "" where it is a variable of labels."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("map", "replace"):
        for part in node.args[:1]:
            if isinstance(part, ast.Dict) and all(isinstance(v, ast.Dict) for v in part.values) and part.keys:
                for key, value in zip(part.keys, part.values, strict=True):
                    yield "".join(texts(key)), [w for k in value.keys for w in texts(k)]  # type: ignore[attr-defined]
                continue
            said = [w for k in part.keys for w in texts(k)] if isinstance(part, ast.Dict) else texts(part)
            column = column_of(node.func.value)
            if said and column is not None:
                yield column, said
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        column, said = column_of(node.left), texts(node.comparators[0])
        if said and column is not None:
            yield column, said


def column_of(node: ast.AST) -> str | None:
    """The column that table["a"] and table.a are; "" for a variable of labels; None for anything else."""
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        return texts(inner)[0] if len(texts(inner)) == 1 else None
    if isinstance(node, ast.Attribute):
        return node.attr if isinstance(node.value, ast.Name) else None
    return "" if isinstance(node, ast.Name) and is_called_labels(node.id) else None


def base_of(node: ast.AST) -> ast.AST:
    """What x.values, x.map(...), np.array(x) and x.values.reshape(...) are of."""
    while True:
        if isinstance(node, ast.Call):
            of_np = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("np", "numpy", "pd")
            if (of_np or isinstance(node.func, ast.Name)) and node.args:
                node = node.args[0]
            elif isinstance(node.func, ast.Attribute):
                node = node.func.value
            else:
                return node
        elif isinstance(node, ast.Attribute) and node.attr in ("values", "T", "array"):
            node = node.value
        else:
            return node


def rows_in(tree: ast.Module) -> int:
    """So many rows that what the file cuts off by numbers leaves some."""
    ends = [end for n in ast.walk(tree) if isinstance(n, ast.Slice) for end in (n.lower, n.upper)]
    cut = {abs(v) for v in map(whole_number, ends) if v is not None}
    return min(ROWS + sum(cut), MOST)


def whole_number(node: ast.AST | None) -> int | None:
    """What an expression of whole numbers alone is: -60 * 24."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.UnaryOp):
        return whole_number(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        factors = whole_number(node.left), whole_number(node.right)
        return factors[0] * factors[1] if factors[0] is not None and factors[1] is not None else None
    return None
