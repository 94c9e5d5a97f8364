"""The loops and the functions of a program while it runs: what they began with, and an end for loops that take long.

A call is put at the beginning of each body. The first time it is reached it keeps a copy of what the body uses; when
the time is over it leaves the loop. Another is put into each branch: where one is taken later than in the first turn
of a loop, or than in the first call of a function, what that turn or call had otherwise is kept as well. Afterwards the
program's functions run as they would without.
"""

import ast
import contextlib
import copy
import sys
import time
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple, cast

import numpy as np

from .copies import LARGE, duplicate_of
from .fuller import FIRST, zeros_in
from .rewriting import alone, imports_in, rewritten_tree
from .swapping import Swapping, inner_codes

WATCH = "_watched_by_tinygrad_dnn"
TURN = "_turn_of_tinygrad_dnn"  # the name of the function that runs lines of a file again (turns.py)
FEW = 3  # turns of a loop that is called on data that are made up
LATER = 6  # turns or calls beside the first that are kept
MOST = 400  # loops and functions that are looked at
ENOUGH = 2**27  # bytes of copies, after which an array is large that has SMALL
SMALL = 2**14
Key = tuple[int, int]  # line and column of a loop


class Start(NamedTuple):
    """A loop, or a function, as it was reached first: its key, the function ("" at the top), its variables.

    local: which of them are the function's own; the others are the module's.
    """

    key: Key
    function: str
    variables: dict[str, Any]
    local: set[str]


class EnoughError(BaseException):
    """What was to be seen has been seen; no error that somebody's code might catch."""


class Loops:
    """The loops of one file.

    nodes   by key, a loop or a function, and the innermost function that it stands in, or None
    starts  by key, what it began with
    later   by key, the lines of branches that are not taken at first, each with what differs where they are taken first
    fuller  by key, what differs in a turn whose example has fewer zeros (fuller.py);   others  in the next turns
    left    the lines of loops that were left before their end
    beside  the modules that lie beside the file and that it imports, each with its own; above: those of that file
    """

    def __init__(self, file: str, tree: ast.Module, above: "Loops | None" = None) -> None:
        self.file, self.tree, self.above = file, tree, above
        self.beside: list[tuple[ModuleType, Loops]] = []
        self.nodes: dict[Key, tuple[Any, Any]] = {}
        self.imports = list(imports_in(tree))
        self.find(tree, None)
        self.used = {key: names_in(loop) for key, (loop, _) in self.nodes.items()}
        self.shared = {n for node in ast.walk(tree) if isinstance(node, ast.Global) for n in node.names}
        self.starts: dict[Key, Start] = {}
        self.later: dict[Key, list[tuple[int, dict[str, Any]]]] = {}
        self.fuller: dict[Key, dict[str, Any]] = {}
        self.others: dict[Key, list[dict[str, Any]]] = {}
        self.zeros: dict[Key, int] = {}  # of the fullest turn of each loop so far
        self.frames: dict[Key, FrameType] = {}  # of the last turn or call of each
        self.marked: set[Key] = set()  # branches that were taken
        self.copied = 0  # bytes
        self.lost: dict[str, int] = {}  # names that were not bound, with the line that ought to have done it
        self.left: list[int] = []
        self.turns: dict[Key, int] = {}
        self.took: dict[Key, float] = {}  # seconds of a first turn; without end for one in which a loop was left
        self.began: dict[Key, float] = {}  # when the last turn did
        self.until = float("inf")
        self.enough: set[Key] = set()  # loops after whose first turn nothing more is to be seen
        self.pairs: dict[CodeType, CodeType] = {}  # the code with these calls, and without
        self.codes: dict[tuple[int, int], CodeType] = {}  # of statements that were compiled
        self.swapping = Swapping()

    def find(self, node: ast.AST, function: Any) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.For | ast.While):
                self.nodes[child.lineno, child.col_offset] = (child, function)
            self.find(child, child if isinstance(child, ast.FunctionDef) else function)

    def compiled(self, statement: ast.stmt, flags: int = 0, seconds: float = 1.0) -> CodeType:
        """A statement of the file as it is to run; its loops may take so many seconds together."""
        self.until = time.perf_counter() + seconds
        if (known := self.codes.get((id(statement), flags))) is not None:
            self.swapping.forget(known)
            return known
        plain = rewritten_tree(alone(statement, self.imports), self.file, self.tree)
        without = compile(copy.deepcopy(plain), self.file, "exec", flags, dont_inherit=True)
        changed = Calling().visit(plain)
        code: CodeType = compile(ast.fix_missing_locations(changed), self.file, "exec", flags, dont_inherit=True)
        self.pairs |= dict(zip(inner_codes(code), inner_codes(without), strict=True))
        self.codes[id(statement), flags] = code
        self.swapping.forget(code)
        return code

    def turn(self, line: int, column: int) -> bool:
        """What each loop calls at the beginning of its body; True where it is to be left."""
        key = line, column
        count = self.turns[key] = self.turns.get(key, 0) + 1
        self.frames[key] = sys._getframe(1)
        if count == 1 and key not in self.starts:
            self.starts[key] = self.started(key, self.frames[key])
            self.zeros[key] = zeros_in(self.nodes[key][0], self.starts[key].variables)
        elif 1 < count <= FIRST and key in self.starts and isinstance(self.nodes[key][0], ast.For):
            self.look_at(key, count)
        now = time.process_time()
        if count == 2:
            self.took.setdefault(key, now - self.began[key])
        self.began[key] = now
        if count > FEW and key in self.enough:
            raise EnoughError
        if time.perf_counter() > min(self.until, self.above.until if self.above else self.until):
            if line not in self.left:
                self.left.append(line)
            self.took |= {outer: float("inf") for outer in self.around(key)}
            return True
        return False

    def look_at(self, key: Key, count: int) -> None:
        """Keeps what differs in a turn beside the first: of the next ones, and of one with fewer zeros."""
        node, frame = self.nodes[key][0], self.frames[key]
        fewer = bool(self.zeros[key]) and (zeros := zeros_in(node, frame.f_locals)) < self.zeros[key]
        if fewer:
            self.zeros[key], self.fuller[key] = zeros, self.duplicate(what_differs(node, frame))
        if count <= FEW:
            self.others.setdefault(key, []).append(self.duplicate(what_differs(node, frame)))

    def entered(self, line: int, column: int) -> None:
        """What each function calls at the beginning of its body."""
        frame = self.frames[line, column] = sys._getframe(1)
        count = self.turns[line, column] = self.turns.get((line, column), 0) + 1
        if count > 1 or (line, column) in self.starts or len(self.starts) > MOST:
            return
        code, given = frame.f_code, dict(frame.f_locals)
        used = {
            n: frame.f_globals[n]
            for n in (*code.co_names, *sorted(self.shared))
            if n in frame.f_globals and n not in given
        }
        beside = {n: v for n, v in used.items() if is_data(v) and n[:1] != "_"}
        self.starts[line, column] = Start((line, column), code.co_qualname, self.duplicate(beside | given), set(given))

    def mark(self, line: int, column: int) -> None:
        """What each branch calls: where it is taken first, what is going on is kept if it is no first turn or call."""
        if (line, column) in self.marked:
            return
        self.marked.add((line, column))
        for key in self.around(None):
            node, found = self.nodes[key][0], self.later.setdefault(key, [])
            if self.turns[key] > 1 and key in self.starts and len(found) < LATER:
                found.append((line, self.duplicate(what_differs(node, self.frames[key]))))

    def around(self, own: Key | None) -> list[Key]:
        """The loops and functions that are in the middle of a turn or a call, but for this one."""
        active, outer = set[int](), cast("FrameType | None", sys._getframe(2))
        while outer is not None:
            active.add(id(outer))
            outer = outer.f_back
        found = []
        for key, frame in self.frames.items():
            node = self.nodes[key][0]
            if key != own and id(frame) in active and node.lineno <= frame.f_lineno <= (node.end_lineno or node.lineno):
                found.append(key)
        return found

    def started(self, key: Key, frame: FrameType) -> Start:
        at_top, code = frame.f_locals is frame.f_globals, frame.f_code
        names = set() if at_top else self.used[key] | set(code.co_freevars)
        local = {n: frame.f_locals[n] for n in sorted(names) if n in frame.f_locals}
        beside = {n: v for n, v in list(frame.f_globals.items()) if is_data(v) and n[:1] != "_" and n not in local}
        return Start(key, "" if at_top else code.co_qualname, self.duplicate(beside | local), set(local))

    def reached(self, first: ast.stmt, body: list[ast.stmt], variables: dict[str, Any]) -> None:
        """Lines at the top that are run once come next: they are kept as one turn, with what they begin with."""
        key = first.lineno, -1
        held = {n: v for n, v in variables.items() if is_data(v) and n[:1] != "_"}
        self.nodes[key] = (ast.copy_location(ast.If(ast.Constant(True), body, []), first), None)
        self.nodes[key][0].end_lineno = body[-1].end_lineno
        self.starts[key] = Start(key, "", self.duplicate(held), set())

    def took_long(self, key: Key, seconds: float) -> bool:
        """Whether one turn of a loop takes longer than that, as one of several trainings does."""
        return self.took.get(key, 0.0) > seconds

    def duplicate(self, variables: dict[str, Any]) -> dict[str, Any]:
        """A copy, of which less is copied once much was."""
        found, size = duplicate_of(variables, LARGE if self.copied < ENOUGH else SMALL)
        self.copied += size
        return found

    def within(self, function: Any) -> list[Key]:
        """The loops of a function, those that stand in no other first."""
        node = next((n for n, _ in self.nodes.values() if is_of(n, function)), None)
        inner = [n for n in ast.walk(node) if isinstance(n, ast.For | ast.While)] if node else []
        return [(n.lineno, n.col_offset) for n in inner]

    def outermost(self, keys: list[Key]) -> set[Key]:
        inner = {(n.lineno, n.col_offset) for k in keys for n in ast.walk(self.nodes[k][0]) if n is not self.nodes[k][0]
                 if isinstance(n, ast.For | ast.While)}  # fmt: skip
        return set(keys) - inner

    def rest(self) -> None:
        """The program has run: its functions run without these calls from here on."""
        self.until = float("inf")
        self.frames.clear()
        self.swapping(self.pairs)

    def forget(self) -> None:
        """What was seen so far."""
        for seen in (self.starts, self.later, self.fuller, self.others, self.zeros, self.turns, self.marked):
            seen.clear()

    @property
    def every(self) -> list["Loops"]:
        """These, and those of the modules beside."""
        return [self, *(own for _, own in self.beside)]

    @contextlib.contextmanager
    def all_again(self, seconds: float) -> Iterator[None]:
        """The same of all that was loaded, and what was seen of it is forgotten."""
        with contextlib.ExitStack() as stack:
            for one in self.every:
                one.forget()
                stack.enter_context(one.again(seconds))
            yield

    @contextlib.contextmanager
    def again(self, seconds: float) -> Iterator[None]:
        """Within this, loops are watched as they were while the program ran."""
        back = {plain: code for code, plain in self.pairs.items()}
        self.swapping(back)
        self.until = time.perf_counter() + seconds
        try:
            yield
        finally:
            self.rest()
            self.enough = set()


def is_of(node: ast.AST, function: Any) -> bool:
    """Whether a definition is that of a function."""
    if not isinstance(node, ast.FunctionDef) or node.name != function.__name__:
        return False
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return bool(first <= function.__code__.co_firstlineno <= node.lineno)


def what_differs(node: Any, frame: FrameType) -> dict[str, Any]:
    """What a later turn or call has otherwise: plain numbers and words, what a loop runs over; arguments."""
    if isinstance(node, ast.FunctionDef):
        arguments = frame.f_code.co_varnames[: frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount]
        return {n: frame.f_locals[n] for n in arguments if n in frame.f_locals}
    over = names_in(node.target) if isinstance(node, ast.For) else set()
    held = {n: frame.f_locals[n] for n in names_in(node) if n in frame.f_locals}
    return {n: v for n, v in held.items() if n in over or isinstance(v, int | float | str | np.number)}


class Calling(ast.NodeTransformer):
    """Puts the call at the beginning of each body, and into each branch."""

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        if not node.orelse and isinstance(node.body[-1], ast.Return | ast.Continue | ast.Break | ast.Raise):
            node.orelse = [ast.copy_location(ast.Pass(), node)]  # what follows is the other branch
        for part in filter(None, (node.body, node.orelse)):
            part.insert(0, ast.copy_location(ast.Expr(self.mark(part[0])), part[0]))
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        self.generic_visit(node)
        node.body, node.orelse = (self.marked(part) for part in (node.body, node.orelse))
        return node

    def mark(self, at: ast.stmt | ast.expr) -> ast.expr:
        call = ast.parse(f"{WATCH}.mark({at.lineno}, {at.col_offset})", mode="eval").body
        for part in ast.walk(call):
            if isinstance(part, ast.expr):
                ast.copy_location(part, at)
        return call

    def marked(self, value: ast.expr) -> ast.expr:
        """(mark, value)[1]"""
        both = ast.Tuple([self.mark(value), value], ast.Load())
        return ast.copy_location(ast.Subscript(both, ast.Constant(1), ast.Load()), value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        call = ast.parse(f"{WATCH}.entered({node.lineno}, {node.col_offset})").body[0]
        for part in ast.walk(call):
            if isinstance(part, ast.expr | ast.stmt):
                ast.copy_location(part, node.body[0])
        node.body.insert(1 if ast.get_docstring(node, clean=False) is not None else 0, call)
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        return self.with_call(node)  # type: ignore[return-value]

    def visit_While(self, node: ast.While) -> ast.While:
        return self.with_call(node)  # type: ignore[return-value]

    def with_call(self, node: ast.For | ast.While) -> ast.For | ast.While:
        self.generic_visit(node)
        test = ast.parse(f"{WATCH}.turn({node.lineno}, {node.col_offset})", mode="eval").body
        first = ast.If(test, [ast.Break()], [])
        for part in ast.walk(first):
            if isinstance(part, ast.expr | ast.stmt):
                ast.copy_location(part, node)
        node.body.insert(0, first)
        return node


def names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def is_data(value: Any) -> bool:
    """Whether it is something that a program computes with: no module, function or class."""
    return not isinstance(value, ModuleType | FunctionType | type) and not type(value).__module__.startswith(
        ("builtins.function", "tinygrad_dnn")
    )
