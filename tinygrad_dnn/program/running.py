"""A file run as a program, statement by statement: as Jupyter goes on after an error, and never for long."""

import ast
import contextlib
import importlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from .absent import Absent, Finder, made_up, taken
from .beside import Beside, found_beside
from .commands import answered
from .limits import TooLong, limited, silence, unasked
from .loading import folders, module_for
from .loops import WATCH, Loops
from .magics import written_in
from .rewriting import HELPER, todays
from .sources import named, place, read, statements
from .standins import stand_in
from .statements import annotations_flag, bound_from_cells, calls_in, is_main_block, names_bound, straight_steps
from .tables import functions, preparing
from .tables.reading import read_otherwise
from .unbound import slips, unbound

AT_ONCE = 3.0  # seconds that one statement of a program may take
ALTOGETHER = 6.0  # seconds that a program may run; after them a statement has AT_LAST
AT_LAST = 0.3
USUAL = {"np": "numpy", "numpy": "numpy", "math": "math"}  # what everybody calls what
RAGGED = "np.array of parts of several shapes makes a row of objects, as it did before NumPy 1.24."
MOST = 8  # places that are told of those that only follow
OWN = {"pandas": functions.OFFERED, "sklearn": preparing.OFFERED}  # what is here of modules that are not
RERUN = (ast.Assign, ast.AugAssign, ast.For, ast.While, ast.Expr)  # what computes, and defines nothing
SAID = 5  # so many statements that were left out are told one by one


class Program(NamedTuple):
    """A file that ran: its module, what was left out of it and why, what its loops did, and what runs it on."""

    module: ModuleType
    notes: list[str]
    loops: Loops
    runner: "Runner"

    @property
    def lost(self) -> set[str]:
        """The variables that could not be bound, or that a module which is not there would have given."""
        absent = {name for name, value in self.module.__dict__.items() if isinstance(value, Absent)}
        return absent | set(self.runner.lost)

    @property
    def reached(self) -> tuple[int, int, int]:
        """How far it came with data that were made up: what did not run, as a negative number, and what did."""
        turns = self.loops.turns.values()
        return -self.runner.still, len(turns), sum(turns)

    def go_on(
        self,
        supply: Callable[[str, ast.stmt], Any],
        text: Callable[[str], str],
        table: functions.MakeTable | None = None,
    ) -> list[str]:
        """Run what was left out again, with data for what cannot be loaded; the names that got some.

        supply: a variable's value, or None; text: what a text file that is not there holds; table: a table that is not.
        """
        own, read = Path(str(self.module.__file__)), list[str]()

        def remembered(name: str, *asked: Any) -> str:
            if not Path(name).suffix:  # a style of matplotlib, say
                raise FileNotFoundError(name)
            found = table(name, *asked) if asked and table is not None else text(name)
            read.append(Path(name).name)
            return found

        texts = read_otherwise(remembered, None if table is None else remembered)
        beside, again = found_beside(self.runner.beside), self.loops.all_again(1.0)
        with quiet(own), silence(), beside, again, texts, answered([]):
            return [*self.runner.go_on(supply), *dict.fromkeys(read)]


def run_program(path: str | Path) -> Program:
    """A file, run as a program, statement by statement: what fails or takes too long is left out, and said.

    Its main block runs too. Windows, questions and downloads do nothing; a loop is left when the program has run for
    ALTOGETHER seconds. What its loops began with is kept.
    """
    path = Path(path)
    source = read(path)
    body, missing = statements(source)
    tree, written = ast.Module(body, []), written_in(source.runs)
    module = module_for(path, max((n.level for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)), default=0))
    loops = Loops(str(path), tree)
    setattr(module, WATCH, loops)
    runner = Runner(module, tree, loops)
    with quiet(path), silence(), found_beside(runner.beside), answered(runner.asked):
        every = list(runner.statements(tree.body))
        straight = {id(one.first): one.body for one in straight_steps(every)}
        for statement in every:
            if id(statement) in straight:
                loops.reached(statement, straight[id(statement)], module.__dict__)
            if not bound_from_cells(statement, module, written):
                runner.run(statement)
    for body in straight.values():
        body[:] = [s for s in body if s not in runner.left] or body
    for one in loops.every:
        one.rest()
    loops.lost = runner.lost
    runner.give_textbook(tree, source.runs)
    return Program(module, [*source.notes, *map(sentence, missing), *runner.notes()], loops, runner)


def sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


class Runner:
    """Runs the statements of a program one by one, and remembers what it left out."""

    def __init__(self, module: ModuleType, tree: ast.Module, loops: Loops) -> None:
        self.module, self.loops, self.path = module, loops, str(module.__file__)
        self.calls = calls_in(tree)
        self.finder, self.beside = Finder(self.calls, OWN), Beside(sorted(folders), loops)
        self.textbook: list[str] = []  # names that nothing here binds, and that are textbook
        self.asked: list[str] = []  # what its command line was taken as
        self.slips: list[str] = []  # what is said of names that are not
        self.failed: list[tuple[int, BaseException]] = []
        self.lost: dict[str, int] = {}  # names that were not bound, with the line that ought to have done it
        self.following: list[int] = []  # lines that need what another left out
        self.stopped: list[int] = []
        self.seen: list[ast.stmt] = []
        self.left: list[ast.stmt] = []  # statements that were left out
        self.until = time.perf_counter() + ALTOGETHER
        self.supply: Callable[[str, ast.stmt], Any] | None = None
        self.supplied: list[str] = []  # names of data that were made up
        self.errors: list[BaseException] = []  # what was raised with these
        self.still = 0  # statements that did not run with these either
        self.flags = annotations_flag(tree)
        taken.clear()

    def statements(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """Those at the top, and those of the main block."""
        for statement in body:
            if is_main_block(statement):
                yield from self.statements(statement.body)  # type: ignore[attr-defined]
            elif not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
                self.seen.append(statement)
                yield statement

    def run(self, statement: ast.stmt) -> None:
        left = self.until - time.perf_counter()
        defines = isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
        seconds = AT_ONCE if left > AT_ONCE or defines else max(left, AT_LAST)
        try:
            with limited(seconds):
                self.execute(statement, seconds / 6)
        except ModuleNotFoundError as error:
            if not self.with_ours(statement):
                self.leave_out(statement, error)
        except TooLong:
            self.stopped.append(statement.lineno)
        except NameError as error:
            if self.give(error.name):
                self.run(statement)
            else:
                self.leave_out(statement, error)
        except ImportError as error:
            if not self.import_one_by_one(statement) and not self.with_ours(statement):
                self.leave_out(statement, error)
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            self.leave_out(statement, error)

    def with_ours(self, statement: ast.stmt) -> bool:
        """Run it with what stands in for modules that are not there, and say whether that went well."""
        try:
            with made_up(self.finder), limited(AT_ONCE):
                self.execute(statement, 1.0)
        except (Exception, SystemExit, TooLong):
            return False
        return True

    def execute(self, statement: ast.stmt, seconds: float) -> None:
        code = self.loops.compiled(statement, self.flags, seconds)
        exec(code, self.module.__dict__)

    def go_on(self, supply: Callable[[str, ast.stmt], Any]) -> list[str]:
        """Run what was left out again, in its order, with data for what cannot be loaded; the names that got some."""
        absent = {name for name, value in self.module.__dict__.items() if isinstance(value, Absent)}
        again = {id(s): s for s in self.left} | {id(s): s for s in self.seen if names_bound(s) & absent}
        anew = set[str]()
        for s in self.seen:  # what ran with what a name had been before
            if id(s) in again or (isinstance(s, RERUN) and names_read(s) & anew):
                again[id(s)] = s
                anew |= names_bound(s)
        self.supply, self.supplied, self.errors, self.still = supply, [], [], 0
        self.until = time.perf_counter() + AT_ONCE
        kept = self.failed, self.following, self.stopped, self.left
        self.failed, self.following, self.stopped, self.left = [], [], [], []
        for statement in sorted(again.values(), key=lambda s: s.lineno):
            self.run(statement)
            for name in names_bound(statement):
                if isinstance(self.module.__dict__.get(name), Absent):
                    self.make_up(name, statement)
        self.failed, self.following, self.stopped, self.left = kept
        self.supply = None
        return self.supplied

    def make_up(self, name: str, statement: ast.stmt) -> bool:
        """Bind a name to data, if it is one of data."""
        value = None if self.supply is None else self.supply(name, statement)
        if value is None:
            return False
        self.module.__dict__[name] = value
        self.supplied += [name] if name not in self.supplied else []
        return True

    def give(self, name: str | None) -> bool:
        """Bind a name that nothing binds to what the textbook has under it, if it has."""
        if name is None or name in self.module.__dict__:
            return False
        found = stand_in(name, self.calls.get(name, 0)) if name not in USUAL else importlib.import_module(USUAL[name])
        if found is None:
            return False
        self.module.__dict__[str(name)] = found
        self.textbook.append(str(name))
        return True

    def give_textbook(self, tree: ast.Module, text: str) -> None:
        """The same for the names that functions use."""
        left = [one for one in unbound(tree) if one.name not in self.module.__dict__ and not self.give(one.name)]
        told = {error.name for _, error in self.failed if isinstance(error, NameError)}
        self.slips = slips([one for one in left if one.name not in told], tree, self.path, text)

    def import_one_by_one(self, statement: ast.stmt) -> bool:
        """from numpy import a, b where one of them is no longer there: the others, and what it is called today."""
        if not isinstance(statement, ast.ImportFrom) or statement.module is None or statement.level:
            return False
        module, found = importlib.import_module(statement.module), False
        for alias in statement.names:
            name = alias.name if hasattr(module, alias.name) else todays(alias.name).removeprefix("np.")
            if statement.module == "numpy" and name == "mat":
                name = "asmatrix"
            if hasattr(module, name):
                self.module.__dict__[alias.asname or alias.name] = getattr(module, name)
                found = True
        return found

    def leave_out(self, statement: ast.stmt, error: BaseException) -> None:
        if self.supply is not None:
            self.errors.append(error)
            bound = names_bound(statement) if isinstance(statement, ast.Assign | ast.With) else ()
            self.still += not sum(self.make_up(name, statement) for name in bound)
            return
        self.left.append(statement)
        needs = error.name if isinstance(error, NameError) else None
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                if node.id not in self.module.__dict__:
                    self.lost.setdefault(node.id, statement.lineno)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.lost.setdefault(node.name, statement.lineno)
        if needs in self.lost and self.lost[needs] != statement.lineno:
            self.following.append(statement.lineno)
        else:
            self.failed.append((statement.lineno, error))

    def notes(self) -> list[str]:
        """What was left out, in sentences."""
        said = []
        if self.finder.found:
            roots = list(dict.fromkeys(name.partition(".")[0] for name in self.finder.found))
            said.append(f"Not here: the module{'s' * (len(roots) > 1)} {', '.join(roots)}{stood_in(roots)}.")
        if self.module.__dict__[HELPER].ragged:
            said.append(RAGGED)
        if self.textbook:
            said.append(f"Taken for what the textbook has, as nothing here defines it: {', '.join(self.textbook)}.")
        said += [*dict.fromkeys(self.asked), *self.slips[:SAID]]
        for file, line, error in self.beside.failed[:SAID]:
            said.append(f"{named(file, line)} was left out: it raises {type(error).__name__}: {error}.")
        for line, error in self.failed[:SAID]:
            what = f"{type(error).__name__}{': ' * bool(str(error))}{error}"
            said.append(sentence(f"{place(self.path, line)} was left out: it raises {what}".rstrip(".")))
        rest = [line for line, _ in self.failed[SAID:]] + self.following
        if rest:
            said.append(f"{lines_of(self.path, rest)} {'was' if len(rest) == 1 else 'were'} left out as well.")
        for line in dict.fromkeys([*self.stopped, *self.loops.left]):
            where = place(self.path, line)
            said.append(f"What runs in {where} was stopped: it takes long, and nothing here needs its end.")
        return said


def names_read(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def stood_in(roots: list[str]) -> str:
    """What was taken in the place of modules that are not here: textbook, ours, and data drawn at random."""
    own = [name for name in taken if name.partition(".")[0] in roots]
    ours = [name for name in own if name.partition(".")[0] in OWN]
    parts = [([n for n in own if n not in ours], "taken for what the textbook has"), (ours, "done by ours")]
    said = [f"; {', '.join(names)} {'is' if len(names) == 1 else 'are'} {how}" for names, how in parts if names]
    data = [name for name in ours if name.rpartition(".")[2] in preparing.DRAWN]
    return "".join(said) + f", and data of {', '.join(data)} are drawn at random" * bool(data)


def lines_of(path: str, numbers: list[int]) -> str:
    shown = [place(path, n) for n in sorted(set(numbers))]
    if shown[0].startswith("line"):
        shown = [word.removeprefix("line ") for word in shown]
        lead = f"Line{'s' * (len(shown) > 1)} "
    else:
        lead = ""
    more = f" and {len(shown) - MOST} more" if len(shown) > MOST else ""
    text = f"{lead}{', '.join(shown[:MOST])}{more}"
    return f"{text[:1].upper()}{text[1:]}"


@contextlib.contextmanager
def quiet(path: Path) -> Iterator[None]:
    """Within this, a program runs in its own folder with no arguments; it asks nothing and shows nothing."""
    kept = os.getcwd()
    os.environ.setdefault("MPLBACKEND", "Agg")
    with contextlib.suppress(OSError):
        os.chdir(path.parent)
    try:
        with unasked(str(path)):
            yield
    finally:
        os.chdir(kept)
