"""One turn of a loop, or one run of some lines, as a function of what it begins with: somebody's own code, run again.

A training loop is a function of its parameters: its forward pass, its cost, its gradients, and what its update takes
away. The same lines are run with other parameters and the data that the program itself used.
"""

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from .absent import Absent
from .copies import duplicate
from .held import Path, installed, numbers_in, plain, put, value_at
from .loops import TURN, Loops, Start
from .noting import Difference, Notes, Noting
from .places import somebodys
from .rewriting import HELPER, Helper, rewritten_tree
from .sources import stretch

SEEN = "Seen in its run"
KEEPER = "_kept_by_tinygrad_dnn"
Key = tuple[str, int, Path]  # of a value: the function that held it, in which of its calls, and where


class Turn:
    """Lines that can be run again.

    line       where they begin;   function  what they stand in, "" at the top
    start      the variables that they begin with;   local: which of them are the function's own
    seen       how it came to run, for the report;   where: in words
    """

    def __init__(self, loops: Loops, start: Start, module: ModuleType, seen: str = SEEN) -> None:
        loop, _ = loops.nodes[start.key]
        self.file, self.line, self.function, self.module = loops.file, loop.lineno, start.function, module
        self.last = loop.end_lineno or loop.lineno
        self.body: list[ast.stmt] = [s for s in loop.body if not shows_only(s, module)] or loop.body
        self.start, self.local = start.variables, start.local
        self.at_top, self.is_a_loop = not start.function, isinstance(loop, ast.For | ast.While)
        self.shared, self.seen, self.tree = loops.shared, seen, loops.tree
        self.where = stretch(self.file, self.line, self.last)
        if loops.above is not None:  # it lies beside the file that is looked at
            self.where = f"{FilePath(self.file).name}, {self.where}"
        self.roots: set[str] = set(self.start)  # what is copied before each run; the rest never changes
        self.functions: dict[tuple[str, ...], Callable[..., Any]] = {}
        self.differences: list[Difference] = []  # that its lines compute, where they are noted

    def nodes(self) -> Iterator[ast.AST]:
        for statement in self.body:
            yield from ast.walk(statement)

    def function_of(
        self, kept: tuple[str, ...] = (), only: tuple[int, ...] | None = None, noting: bool = False
    ) -> Callable[..., Any]:
        """The lines as a function of their variables that returns these at its end.

        kept: variables that are handed to the keeper after each statement that may change them. only: the statements
        that run, by their number; all where it is not given. noting: whether the keeper is told the differences.
        """
        key = (*kept, str(only), str(noting))
        if key not in self.functions:
            self.functions[key] = self.compiled(kept, only, noting)
        return self.functions[key]

    def compiled(self, kept: tuple[str, ...], only: tuple[int, ...] | None, noting: bool) -> Callable[..., Any]:
        body = copy.deepcopy(self.body if only is None else [self.body[i] for i in only])
        if noting:
            visitor = Noting(KEEPER)
            body = [visitor.visit(s) for s in body]
            self.differences = visitor.found
        stored = {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if kept:
            body = Keeping(kept).block(body)
        body = [Returning(self.function.rpartition(".")[0]).visit(s) for s in body]
        once = ast.parse("for _once_of_tinygrad_dnn in (0,): pass").body[0]
        once.body = body  # type: ignore[attr-defined]
        arguments = ", ".join(sorted(self.local))
        whole = ast.parse(f"def {TURN}({arguments}):\n    pass\n    return locals()")
        turn: Any = whole.body[0]
        turn.body[0] = once
        inside = stored | set(kept)
        declared = inside if self.at_top else inside & (self.shared | set(self.start)) - self.local
        if declared:
            turn.body.insert(0, ast.Global(sorted(declared)))
        for node in ast.walk(whole):
            if isinstance(node, ast.expr | ast.stmt | ast.excepthandler) and not hasattr(node, "lineno"):
                node.lineno = node.end_lineno = self.line
                node.col_offset = node.end_col_offset = 0
        ast.fix_missing_locations(whole)
        turn.lineno, turn.end_lineno = self.line, self.last
        once.lineno, once.end_lineno = self.line, self.last
        namespace = self.module.__dict__
        namespace.setdefault(HELPER, Helper())
        code = compile(rewritten_tree(whole, self.file, self.tree), self.file, "exec", dont_inherit=True)
        exec(code, namespace)
        found: Callable[..., Any] = namespace.pop(TURN)
        return found

    def needed_for(self, name: str) -> tuple[int, ...]:
        """The statements on which a variable depends as far as names tell: what computes it, and what that needs."""
        wanted, found = {name}, list[int]()
        last = [i for i, s in enumerate(self.body) if name in names_stored(s)]
        for i in range(last[-1] if last else -1, -1, -1):
            if touched_by(self.body[i]) & wanted:
                found.append(i)
                wanted |= {n.id for n in ast.walk(self.body[i]) if isinstance(n, ast.Name)}
        return tuple(reversed(found))

    def fresh(self) -> dict[str, Any]:
        """The variables as they were at the beginning, copied as far as anything changes them."""
        copies = duplicate({name: value for name, value in self.start.items() if name in self.roots})
        return self.start | copies

    def run(
        self, state: dict[str, Any], keeper: "Keeper | None" = None, watch: "Observed | None" = None,
        only: tuple[int, ...] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The variables after one run; state is what it begins with, and is changed."""
        kept, noting = (tuple(sorted(keeper.names)), keeper.notes is not None) if keeper else ((), False)
        function = self.function_of(kept, only, noting)
        space, missing = self.module.__dict__, object()
        stored = {n for s in self.body for n in names_stored(s)} if self.at_top else self.shared
        touched = sorted((set(state) | stored) - self.local, key=lambda n: (-len(n), n))  # longer names say more
        before = {n: space.get(n, missing) for n in touched}
        space.update({n: v for n, v in state.items() if n not in self.local})
        space[KEEPER] = keeper
        previous = sys.getprofile()
        if watch is not None:
            watch.code = function.__code__
            sys.setprofile(watch.on_event)
        try:
            found = function(**{n: state[n] for n in self.local})
        finally:
            sys.setprofile(previous)
            after = {n: space[n] for n in touched if n in space}
            for n in touched:
                space.pop(n, None)
            space.update({n: v for n, v in before.items() if v is not missing})
            del space[KEEPER]
        local = {} if self.at_top else dict(found)
        local.pop("_once_of_tinygrad_dnn", None)
        return state | after | local


class Keeper:
    """Puts the parameters back after each statement that moves them, so that a cost after the update is theirs.

    taken: what all these statements took away, each of which found the parameters as the turn did
    notes: the values of the differences in these lines, where they are wanted
    """

    def __init__(self, places: dict[str, list[Path]], values: dict[str, Any], notes: Notes | None = None) -> None:
        self.notes = notes
        self.places, self.values = places, values
        self.names = {path[0] for own in places.values() for path in own}
        self.plain = {name: np.array(plain(value)) for name, value in values.items()}
        self.taken = {name: np.zeros_like(value) for name, value in self.plain.items()}

    def kept(self, name: str, value: Any) -> Any:
        state = {name: value}
        for parameter, own in self.places.items():
            for path in own:
                if path[0] == name:
                    try:
                        now = value_at(state, path)
                    except (KeyError, IndexError, AttributeError, TypeError):
                        continue
                    before = self.plain[parameter]
                    if np.array_equal(plain(now), before):
                        continue
                    if path == own[0] and np.shape(now) == before.shape:
                        self.taken[parameter] = self.taken[parameter] + before - plain(now)
                    both = type(now) is np.ndarray and type(self.values[parameter]) is np.ndarray
                    if both and now.shape == before.shape and now.flags.writeable:
                        now[...] = before  # what views it sees it as well
                    else:
                        put(state, path, installed(self.values[parameter]))
        return state[name]

    def noted(self, text: str, value: Any) -> Any:
        return value if self.notes is None else self.notes.noted(text, value)


class Observed:
    """What the functions that a turn calls held when they returned, and what they returned; their calls counted."""

    def __init__(self) -> None:
        self.values: dict[Key, Any] = {}
        self.calls: dict[str, int] = {}
        self.code: Any = None

    def on_event(self, frame: FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        if event != "return" or code is self.code or not somebodys(code.co_filename) or code.co_name[:1] == "<":
            return
        call = self.calls[code.co_qualname] = self.calls.get(code.co_qualname, 0) + 1
        if call > MOST_CALLS:
            return
        held = {n: v for n, v in frame.f_locals.items() if n != "self"}
        for path, value in numbers_in(held, depth=2):
            self.values[code.co_qualname, call, path] = value
        for path, value in numbers_in({"return": result}, depth=2):
            self.values[code.co_qualname, call, path] = value


MOST_CALLS = 40  # of one function, whose values are looked at


def shows_only(statement: ast.stmt, module: ModuleType) -> bool:
    """Whether a statement prints or draws and does nothing else: it calls libraries' functions and builtins alone."""
    if not isinstance(statement, ast.Expr | ast.If) or names_stored(statement):
        return False
    calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    inner = ast.Return | ast.Break | ast.Continue | ast.Raise | ast.Assert | ast.Assign | ast.AugAssign | ast.Delete
    if not calls or any(isinstance(node, inner) for node in ast.walk(statement)):
        return False
    return all(is_foreign(root_of(call), module) for call in calls)


def root_of(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else "" if isinstance(node, ast.Constant) else "?"


def is_foreign(name: str, module: ModuleType) -> bool:
    """Whether a name is a module's, a missing one's, or a builtin that only shows or converts; "" a constant's."""
    value = module.__dict__.get(name)
    if value is None:
        return name in ("", "print", "str", "int", "float", "len", "round", "display", "format", "repr")
    if isinstance(value, ModuleType):
        package = value.__name__.partition(".")[0]
        return package not in ("numpy", "scipy", "random") and not somebodys(str(getattr(value, "__file__", "<frozen")))
    return isinstance(value, Absent)


def touched_by(statement: ast.stmt) -> set[str]:
    """The variables that a statement binds, and those of which it may change a part: it calls them, or with them."""
    found = names_stored(statement)
    for node in ast.walk(statement):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            parts = [node]
        elif isinstance(node, ast.Call) and isinstance(statement, ast.Expr):
            parts = [node.func] if isinstance(node.func, ast.Attribute) else []
            parts += node.args
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            parts = [node.func]
        found |= {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
    return found


def names_stored(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


class Returning(ast.NodeTransformer):
    """A return of the function that the lines stand in ends the run; self.__x of a class is what Python calls it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind.rpartition(".")[2].lstrip("_")

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if self.kind and node.attr.startswith("__") and not node.attr.endswith("__"):
            node.attr = f"_{self.kind}{node.attr}"
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        call = ast.parse("locals()", mode="eval").body
        return ast.copy_location(ast.Return(ast.copy_location(call, node)), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        return node


class Keeping:
    """After each statement that may move a parameter, its variable is handed to the keeper."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        found = []
        for statement in body:
            for part in ("body", "orelse", "finalbody"):
                inner = getattr(statement, part, None)
                if (
                    isinstance(inner, list)
                    and inner
                    and isinstance(inner[0], ast.stmt)
                    and not is_definition(statement)
                ):
                    setattr(statement, part, self.block(inner))
            found.append(statement)
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.For | ast.With):
                found += [self.call(name, statement) for name in self.names]
        return found

    def call(self, name: str, after: ast.stmt) -> ast.stmt:
        new = ast.parse(f"{name} = {KEEPER}.kept({name!r}, {name})").body[0]
        for node in ast.walk(new):
            if isinstance(node, ast.expr | ast.stmt):
                node.lineno = node.end_lineno = after.end_lineno or after.lineno
                node.col_offset = node.end_col_offset = 0
        return new


def is_definition(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
