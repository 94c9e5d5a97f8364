"""One turn of a loop, or one run of some lines, as a function of what it begins with: somebody's own code, run again.

A training loop is a function of its parameters: its forward pass, its cost, its gradients, and what its update takes
away. The same lines are run with other parameters and the data that the program itself used.
"""

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from ..engine.tensor import Tensor
from .loops import TURN, Loops, Start, duplicate
from .places import somebodys
from .rewriting import HELPER, Helper, rewritten_tree

KEEPER = "_kept_by_tinygrad_dnn"
Path = tuple[Any, ...]  # from the name of a variable on: keys, indices and attributes
Key = tuple[str, int, Path]  # of a value: the function that held it, in which of its calls, and where


class Turn:
    """Lines that can be run again.

    line       where they begin;   function  what they stand in, "" at the top
    start      the variables that they begin with;   local: which of them are the function's own
    seen       how it came to run, for the report
    """

    def __init__(self, loops: Loops, start: Start, module: ModuleType, seen: str = "Seen in its run") -> None:
        loop, _ = loops.nodes[start.key]
        self.file, self.line, self.function, self.module = loops.file, loop.lineno, start.function, module
        self.last = loop.end_lineno or loop.lineno
        self.body: list[ast.stmt] = loop.body
        self.start, self.local = start.variables, start.local
        self.at_top, self.is_a_loop = not start.function, isinstance(loop, ast.For | ast.While)
        self.shared, self.seen, self.tree = loops.shared, seen, loops.tree
        self.roots: set[str] = set(self.start)  # what is copied before each run; the rest never changes
        self.functions: dict[tuple[str, ...], Callable[..., Any]] = {}

    def nodes(self) -> Iterator[ast.AST]:
        for statement in self.body:
            yield from ast.walk(statement)

    def function_of(self, kept: tuple[str, ...] = (), until: int | None = None) -> Callable[..., Any]:
        """The lines as a function of their variables that returns these at its end.

        kept: variables that are handed to the keeper after each statement that may change them. until: how many of the
        statements run.
        """
        key = (*kept, str(until))
        if key not in self.functions:
            self.functions[key] = self.compiled(kept, until)
        return self.functions[key]

    def compiled(self, kept: tuple[str, ...], until: int | None) -> Callable[..., Any]:
        body = copy.deepcopy(self.body[:until])
        stored = {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if kept:
            body = Keeping(kept).block(body)
        body = [Returning().visit(s) for s in body]
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

    def fresh(self) -> dict[str, Any]:
        """The variables as they were at the beginning, copied as far as anything changes them."""
        copies = duplicate({name: value for name, value in self.start.items() if name in self.roots})
        return self.start | copies

    def run(
        self, state: dict[str, Any], keeper: "Keeper | None" = None, watch: "Observed | None" = None,
        until: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The variables after one run; state is what it begins with, and is changed."""
        function = self.function_of(tuple(sorted(keeper.names)) if keeper else (), until)
        space, missing = self.module.__dict__, object()
        stored = {n for s in self.body for n in names_stored(s)} if self.at_top else self.shared
        touched = (set(state) | stored) - self.local
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
    """Puts the parameters back after each statement that moves them, so that a cost after the update is theirs."""

    def __init__(self, places: dict[str, list[Path]], values: dict[str, Any]) -> None:
        self.places, self.values = places, values
        self.names = {path[0] for own in places.values() for path in own}
        self.plain = {name: np.array(plain(value)) for name, value in values.items()}

    def kept(self, name: str, value: Any) -> Any:
        state = {name: value}
        for parameter, own in self.places.items():
            for path in own:
                if path[0] == name:
                    try:
                        now = value_at(state, path)
                    except (KeyError, IndexError, AttributeError, TypeError):
                        continue
                    if not np.array_equal(plain(now), self.plain[parameter]):
                        put(state, path, installed(self.values[parameter]))
        return state[name]


def installed(value: Any) -> Any:
    """A parameter as the program may change it: a copy, of a tensor one that records."""
    return value + 0.0 if type(value) is Tensor or np.ndim(value) == 0 else np.array(value)


def plain(value: Any) -> Any:
    return value.data if type(value) is Tensor else value


def value_at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step] if isinstance(root, dict | list | tuple) else getattr(root, step)
    return root


def put(root: Any, path: Path, value: Any) -> None:
    owner = value_at(root, path[:-1])
    if isinstance(owner, dict | list):
        owner[path[-1]] = value
    else:
        setattr(owner, path[-1], value)


def numbers_in(
    root: Any, path: Path = (), seen: set[int] | None = None, depth: int = 6, few: int = 60
) -> Iterator[tuple[Path, Any]]:
    """Every array of numbers and every number that variables hold, with its place; a tensor is one."""
    seen = set() if seen is None else seen
    if id(root) in seen:
        return
    seen.add(id(root))
    if isinstance(root, dict):
        inner = list(root.items())
    elif isinstance(root, list | tuple):
        inner = list(enumerate(root))
    elif isinstance(root, type | ModuleType) or (callable(root) and not hasattr(root, "__dict__")):
        return
    else:
        inner = list(getattr(root, "__dict__", {}).items()) + slots_of(root)
    if path and len(inner) > few:
        inner = inner[-few:]
    for key, value in inner:
        if is_number(value) or (isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size):
            yield (*path, key), value
        elif depth and (isinstance(value, dict | list | tuple) or is_object(value)):
            yield from numbers_in(value, (*path, key), seen, depth - 1)


def is_number(value: Any) -> bool:
    real = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    return real or type(value) is Tensor


def slots_of(value: Any) -> list[tuple[str, Any]]:
    names = [n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ()) if isinstance(n, str)]
    return [(n, getattr(value, n)) for n in names if hasattr(value, n)]


def is_object(value: Any) -> bool:
    """Whether it is an object of somebody's class."""
    kind = type(value)
    own = not isinstance(value, type | ModuleType) and kind.__module__.startswith(("loaded:", "__main__"))
    if own:
        return True
    module = sys.modules.get(kind.__module__)
    file = getattr(module, "__file__", None)
    return not isinstance(value, type | ModuleType) and bool(file) and somebodys(str(file))


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


def names_stored(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


class Returning(ast.NodeTransformer):
    """A return of the function that the lines stand in ends the run."""

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
