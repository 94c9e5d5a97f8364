"""What a check found, as a value and as a table that reads well in 80 columns."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .display import Change, advice, html, table, wrapped

VERDICTS = ("right", "wrong", "unchecked")
SHORT = 16  # letters of a name in the table, where they tell it from the others


class Cause(NamedTuple):
    """A mistake by its name in the catalogue, what it is, and where: a line of a file, or the gradients that show it.

    The names are those of the catalogue of mistakes in explanations.py.
    """

    kind: str
    explanation: str
    where: str


class Fix(NamedTuple):
    """A change of one place that was run, and makes every gradient right here and at another random point.

    file, line     where; the line counted from 1, in the cell of a notebook
    before, after  the line as it is, and as it should read
    diff, source   the change as a unified diff, and the whole repaired text
    of_cost        whether it changes the cost: the gradients are right of the one that was meant
    unknown        wrong gradients of which it is not known what they should be, and so not whether they are right now
    cell           of a notebook file, counted from 1; In[7] of a notebook that is open; None in another file
    """

    file: str
    line: int
    before: str
    after: str
    diff: str
    source: str
    of_cost: bool = False
    unknown: tuple[str, ...] = ()
    cell: int | str | None = None

    @property
    def place(self) -> str:
        """The file by its name, the cell and the line; without the name in a notebook that is open."""
        where = "" if self.cell is None else f"cell {self.cell}, "
        return f"{'' if isinstance(self.cell, str) else self.file.rsplit('/', 1)[-1] + ', '}{where}line {self.line}"

    def to_dict(self) -> dict[str, Any]:
        """As a dict, which has a cell only where there is one."""
        return {key: value for key, value in self._asdict().items() if key != "cell" or value is not None}


class Row(NamedTuple):
    """One gradient. Errors are relative, None where that comparison was not made.

    name, shape       as the hand-written code gave them, e.g. dW1; None for the shape of one that was not returned
    verdict, note     right, wrong or unchecked; and in a sentence, why or what is peculiar
    by_hand           the largest error of the hand-written gradient, against the recorded one or the differences
    by_differences    the largest error of the recorded gradient against central differences
    probes            along how many directions the differences were taken; every entry is one, if there was time
    cause             None, or the mistake that makes it wrong
    """

    name: str
    shape: tuple[int, ...] | None
    verdict: str
    note: str = ""
    by_hand: float | None = None
    by_differences: float | None = None
    probes: int = 0
    cause: Cause | None = None


class Report:
    """The rows in backward order, and sentences on the whole.

    report.ok is True only if every gradient was checked and is right; report["dW1"] is the row of a gradient, also
    under the parameter's name; str(report) is the table, report.to_dict() the same for a program. report.causes names
    what may be wrong, most likely first; report.fix is None or the change that mends it. report.seed is that of the
    points and directions that were drawn.
    """

    def __init__(
        self,
        rows: list[Row],
        notes: list[str],
        recorded: bool,
        causes: list[Cause] | None = None,
        fix: Fix | None = None,
        seed: int | None = None,
    ) -> None:
        self.seed = seed
        self.rows, self.notes, self.recorded = rows, notes, recorded
        self.causes, self.fix = causes or [], fix

    @property
    def labels(self) -> dict[str, str]:
        """What the gradients are called in the table."""
        return labels([row.name for row in self.rows])

    @property
    def ok(self) -> bool:
        return bool(self.rows) and all(row.verdict == "right" for row in self.rows)

    def having(self, verdict: str) -> list[str]:
        """The names of the gradients with this verdict, in backward order."""
        return [row.name for row in self.rows if row.verdict == verdict]

    def __getitem__(self, name: str) -> Row:
        for row in self.rows:
            if row.name in (name, "d" + name):
                return row
        raise KeyError(f"no gradient {name!r} in the report; there are {', '.join(row.name for row in self.rows)}")

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        rows = [row._asdict() | {"shape": None if row.shape is None else list(row.shape)} for row in self.rows]
        rows = [row | {"cause": row["cause"]._asdict() if row["cause"] else None} for row in rows]
        return {
            "ok": self.ok,
            "recorded": self.recorded,
            "gradients": rows,
            "causes": [cause._asdict() for cause in self.causes],
            "fix": self.fix.to_dict() if self.fix else None,
            "notes": [*self.clue(), *self.notes],
            "seed": self.seed,
        }

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How IPython shows it in a terminal: the table."""
        printer.text(str(self))

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        return html(self._header(), self._table(), self.sentences(), *self._advice())

    def __repr__(self) -> str:
        return f"<Report: {self.summary()}>"

    def __str__(self) -> str:
        lines = table(self._header(), self._table())
        return "\n".join([*lines, *wrapped(self.sentences()), *advice(*self._advice())])

    def sentences(self) -> list[str]:
        """All that is said below the table."""
        names = self.labels
        said: dict[str, list[str]] = {}
        for row in self.rows:
            said.setdefault(row.note, []).append(names[row.name])
        remarks = [f"{', '.join(of)}: {note}" for note, of in said.items() if note]
        drawn = "" if self.seed is None else f" Seed {self.seed}."
        return [self.summary() + drawn, *remarks, *self.clue(), *self.notes, *self.left_open()]

    def left_open(self) -> list[str]:
        """The last sentence where something was not checked."""
        unchecked = len(self.having("unchecked"))
        if not unchecked:
            return []
        return ["Nothing was checked." if unchecked == len(self.rows) else "Not everything was checked."]

    def _advice(self) -> tuple[tuple[str, str] | None, Change | None]:
        """The mistake, explained and named, and the change that mends it."""
        mistake = (self.causes[0].explanation, self.causes[0].kind) if self.causes else None
        change = Change(self.place(), self.fix.diff.splitlines()[3:], self.promise()) if self.fix else None
        return mistake, change

    def _header(self) -> list[str]:
        first = "by hand vs autograd" if self.recorded else "by hand vs differences"
        return ["gradient", "shape", first] + ["autograd vs differences"] * self.recorded + ["verdict"]

    def place(self) -> str:
        """Where the change is made: a line of a file, or of the cell of a notebook."""
        return "" if self.fix is None else self.fix.place

    def promise(self) -> str:
        """What was seen of the change."""
        other = ", of the cost that it makes" if self.fix and self.fix.of_cost else ""
        whole = f"Run with this change, here and at another random point, every gradient is right{other}"
        unknown = ", ".join(self.fix.unknown) if self.fix else ""
        return f"{whole}; of {unknown} it is not known what is meant." if unknown else f"{whole}."

    def clue(self) -> list[str]:
        """Between which two gradients the mistake is: seen from the cost, the last right and the first wrong one."""
        verdicts = [row.verdict for row in self.rows]
        if not self.recorded or "wrong" not in verdicts or "right" not in verdicts[: verdicts.index("wrong")]:
            return []
        first = verdicts.index("wrong")
        last = max(i for i in range(first) if verdicts[i] == "right")
        if self.rows[last].name.partition(" of ")[2] != self.rows[first].name.partition(" of ")[2]:
            return []  # of two things that have nothing to do with each other
        names = [self.labels[self.rows[i].name] for i in (last, first)]
        return [f"Seen from the cost, {names[0]} is the last right one and {names[1]} the first wrong one."]

    def _table(self) -> list[list[str]]:
        """The cells of each row."""
        names = self.labels
        return [[names[row.name], *self._cells(row)] for row in self.rows]

    def _cells(self, row: Row) -> list[str]:
        verdict = row.verdict if row.verdict == "right" else row.verdict.upper()
        numeric = [error(row.by_differences)] * self.recorded
        return ["-" if row.shape is None else str(row.shape), error(row.by_hand), *numeric, verdict]

    def summary(self) -> str:
        counts = [f"{len(self.having(v))} {v}" for v in VERDICTS if self.having(v)]
        return f"{len(self.rows)} gradient{'s' * (len(self.rows) != 1)}: {', '.join(counts)}."


def labels(names: list[str]) -> dict[str, str]:
    """What each name is called in a table: on one line, not too long, and no two alike."""
    whole = {name: name if name.isprintable() else repr(name) for name in names}
    longest = max(map(len, whole.values()), default=0)
    for most in range(SHORT, longest):
        found = {name: middle_left_out(text, most) for name, text in whole.items()}
        if len(set(found.values())) == len(set(names)):
            return found
    return whole


def middle_left_out(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = (most - 3) // 2
    return f"{text[: most - 3 - end]}...{text[len(text) - end :]}"


def error(value: float | None) -> str:
    return "-" if value is None else f"{value:.1e}"
