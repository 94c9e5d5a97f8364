"""Code put in the place of what runs: an edited definition, or one whose source was changed for a purpose.

An edited definition is compiled by itself, and its code put into the functions that exist: whoever holds one of them, a
module, an object or a test, runs the edited code until the original is put back.
"""

import ast
import contextlib
import gc
import linecache
import threading
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from .loops import TURN
from .rewriting import HELPER, Helper, rewritten
from .sources import is_changed, tree_of
from .watching import Ran, follow

_one_at_a_time = threading.RLock()  # functions are everybody's


class Source(NamedTuple):
    """A file as text and tree, the lines of it that ran in the gradients and in the cost, and its live functions."""

    file: str
    text: bytes
    tree: ast.Module
    lines: set[int]
    forward: set[int]
    variables: dict[CodeType, dict[str, Any]]
    functions: list[FunctionType]
    names: list[str]


def sources(gradients: dict[str, Ran], cost: dict[str, Ran]) -> list[Source]:
    """The files of which something ran in the gradients, and whose text is at hand."""
    found, functions = [], functions_of({code for ran in gradients.values() for code in ran.variables})
    for file, ran in gradients.items():
        text = "".join(linecache.getlines(file))
        with contextlib.suppress(SyntaxError):
            tree = ast.parse(text)
            forward = cost[file].lines if file in cost else set()
            if text and not is_changed(file):
                own = [f for f in functions if f.__code__ in ran.variables and f.__name__ != TURN]
                whole = compile(tree_of(text, file), file, "exec", dont_inherit=True)
                texts = [*versions(tree_of(text, file), file), *versions(rewritten(text, file), file)]
                if not own or not {f.__code__ for f in own} <= {
                    code for version in texts for code in codes_of(version)
                }:
                    continue  # the file is no longer what runs
                names = [code.co_qualname for code in codes_of(whole)]
                found.append(Source(file, text.encode(), tree, ran.lines, forward, ran.variables, own, names))
    return found


def versions(tree: ast.Module, file: str) -> list[CodeType]:
    """A text compiled as one, and each statement by itself, as Jupyter and we run it.

    It is other code: Python calls np.exp in another way where it sees that np is imported.
    """
    parts = [tree, *(ast.Module([statement], []) for statement in tree.body)]
    return [compile(part, file, "exec", dont_inherit=True) for part in parts]


def functions_of(codes: set[CodeType]) -> list[FunctionType]:
    """The functions that run these codes. Every object is looked at, and so once for all of them."""
    return [f for f in gc.get_referrers(*codes) if isinstance(f, FunctionType) and f.__code__ in codes]


@contextlib.contextmanager
def running(source: Source, statement: ast.stmt, text: str) -> Iterator[None]:
    """Within this, the functions of a definition of the file run as the text says; SyntaxError where it is none."""
    first = statement.lineno - len(getattr(statement, "decorator_list", ()))
    last = statement.end_lineno or first
    edited = codes_of(compile(tree_of("\n" * (first - 1) + text, source.file), source.file, "exec", dont_inherit=True))
    names = [code.co_qualname for code in edited]
    own = [f for f in source.functions if first <= f.__code__.co_firstlineno <= last]
    before = [(f, f.__code__) for f in own]
    try:
        for f, code in before:
            alike = [c for c in edited if c.co_qualname == code.co_qualname and c.co_freevars == code.co_freevars]
            if not alike and "<locals>" in code.co_qualname and code.co_qualname in names:
                continue  # it reads another variable around it now: it is made anew where that one is
            if not alike or names.count(code.co_qualname) != source.names.count(code.co_qualname):
                raise SyntaxError(f"{source.file}: the edited text defines other functions")
            f.__code__ = alike[0] if len(alike) == 1 else same_place(alike, code)
        yield
    finally:
        for f, code in before:
            f.__code__ = code


def recordable(f: Callable[..., Any], *arguments: Any) -> contextlib.AbstractContextManager[None]:
    """Within this, what f runs of files whose text is at hand records what the protocols cannot see (rewriting.py)."""
    return changed_by(rewritten, {HELPER: Helper()}, f, *arguments)


@contextlib.contextmanager
def changed_by(
    change: Callable[[bytes, str], ast.Module], helpers: dict[str, Any], f: Callable[..., Any], *arguments: Any
) -> Iterator[None]:
    """Within this, what f runs of files whose text is at hand runs as a change of their source has it.

    helpers: the names that the changed source reads, put into the modules where they are not there.
    """
    _one_at_a_time.acquire()
    try:
        ran = follow(f, *arguments)
    except BaseException:
        _one_at_a_time.release()
        raise
    given: list[tuple[dict[str, Any], str]] = []
    changed: list[tuple[FunctionType, CodeType]] = []
    try:
        found = sources(ran, {})
        ran.clear()  # what the variables of the plain run held would count as looked at (owning.py)
        for source in found:
            source.variables.clear()
            codes = codes_of(compile(change(source.text, source.file), source.file, "exec", dont_inherit=True))
            for function in source.functions:
                code = function.__code__
                alike = [c for c in codes if c.co_qualname == code.co_qualname and c.co_freevars == code.co_freevars]
                if alike:
                    with contextlib.suppress(SyntaxError):
                        new = alike[0] if len(alike) == 1 else same_place(alike, code)
                        for name in helpers.keys() - function.__globals__.keys():
                            function.__globals__[name] = helpers[name]
                            given.append((function.__globals__, name))
                        changed.append((function, code))
                        function.__code__ = new
        yield
    finally:
        for function, code in changed:
            function.__code__ = code
        for names, name in given:
            names.pop(name, None)
        _one_at_a_time.release()


def same_place(alike: list[CodeType], code: CodeType) -> CodeType:
    """Of several functions of one name, lambdas mostly, the one that stands on this line."""
    there = [c for c in alike if c.co_firstlineno == code.co_firstlineno]
    if len(there) != 1:
        raise SyntaxError(f"several functions are called {code.co_qualname}")
    return there[0]


def codes_of(code: CodeType) -> list[CodeType]:
    """The code of every function in a compiled text, nested ones after what they stand in."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [*inner, *(found for constant in inner for found in codes_of(constant))]
