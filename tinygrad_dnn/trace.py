"""Run somebody's code on tensors and learn what they call them: the variables that held each tensor."""

import contextlib
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from .rewriting import HELPER, Helper, rewritten
from .tensor import Tensor

_PACKAGE = Path(__file__).parent
_OURS = [path for path in _PACKAGE.iterdir() if path.name != "by_hand"]  # that is code like a user's
_ENGINE = tuple(str(path) for path in (Path(np.__file__).parent, *_OURS))
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def somebodys(file: str) -> bool:
    """Whether a file is neither ours nor a library's."""
    return not file.startswith((*_ENGINE, *_LIBRARIES, "<frozen"))


class Made(NamedTuple):
    """A variable that held a tensor when it was new, the line that made it, and in which call of which function.

    call counts the calls of the function from 1.
    """

    name: str
    file: str
    line: int
    function: str
    call: int


class Names(NamedTuple):
    """What each variable held while the code ran.

    tensors: by name, for each function that has a variable of this name the distinct tensors, in the order of recording
    arrays: by name, the distinct plain arrays
    made: by tensor, where it was bound to a name, the innermost function first
    holders: by tensor, the functions that had it in a variable, as an argument too
    returned: by tensor, the function that computed it and returned it alone, the innermost
    outside: the arrays that the functions read from their modules and from what they stand in
    """

    tensors: dict[str, list[list[Tensor]]]
    arrays: dict[str, list[Any]]
    made: dict[Tensor, list[Made]]
    holders: dict[Tensor, set[str]]
    returned: dict[Tensor, str]
    outside: list[Any]


def run(f: Callable[..., Any], *arguments: Any) -> tuple[Any, Names]:
    """f(*arguments), and what the variables of the functions that ran held, line by line.

    The variables of NumPy and of the engine are left out.
    """
    tensors: dict[str, dict[CodeType, dict[Tensor, None]]] = {}
    arrays: dict[str, dict[int, Any]] = {}
    made: dict[Tensor, list[Made]] = {}
    holders: dict[Tensor, set[str]] = {}
    returned: dict[Tensor, str] = {}
    outside: dict[int, Any] = {}
    calls: Counter[CodeType] = Counter()

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_filename.startswith(_ENGINE):
            return None
        calls[code] += 1
        call, before, seen = calls[code], frame.f_lineno, set[tuple[str, Tensor]]()
        given = {value for _, value in named_values(frame.f_locals) if type(value) is Tensor}
        around = {name: frame.f_globals.get(name) for name in code.co_names}
        around |= {name: frame.f_locals.get(name) for name in code.co_freevars}
        for name, value in around.items():  # what it reads from its module, and from the functions it stands in
            if type(value) is np.ndarray:
                arrays.setdefault(name, {})[id(value)] = outside[id(value)] = value

        def on_line(frame: FrameType, event: str, result: Any) -> Any:
            nonlocal before
            if event == "return" and type(result) is Tensor and result not in given:
                returned.setdefault(result, code.co_qualname)
            for name, value in named_values(frame.f_locals):
                if type(value) is Tensor:
                    tensors.setdefault(name, {}).setdefault(code, {})[value] = None
                    if (name, value) not in seen:
                        seen.add((name, value))
                        holders.setdefault(value, set()).add(code.co_qualname)
                        if before != code.co_firstlineno:  # not an argument, that came with the call
                            made.setdefault(value, []).append(
                                Made(name, code.co_filename, before, code.co_qualname, call)
                            )
                elif type(value) is np.ndarray:
                    arrays.setdefault(name, {})[id(value)] = value
            before = frame.f_lineno
            return on_line

        return on_line

    earlier = sys.gettrace()
    sys.settrace(on_call)
    try:
        result = f(*arguments)
    finally:
        sys.settrace(earlier)
    in_order = {
        name: [sorted(held, key=lambda t: t.number) for held in functions.values()]
        for name, functions in tensors.items()
    }
    plain = {name: list(held.values()) for name, held in arrays.items()}
    return result, Names(in_order, plain, made, holders, returned, list(outside.values()))


def named_values(variables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Local variables, and what is kept under a name in one of them: self.Z1 and cache["Z1"] are called Z1."""
    for name, value in list(variables.items()):
        yield name, value
        if type(value) is dict:
            yield from ((key, kept) for key, kept in list(value.items()) if isinstance(key, str))
        elif name == "self":
            yield from list(getattr(value, "__dict__", {}).items())


def line_of(error: BaseException, path: str | None = None) -> tuple[str, int] | None:
    """The file and line where an error arose in somebody's code: the innermost one of path, or outside ours."""
    found, step = None, error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file == path if path else not file.startswith(_ENGINE):
            found = (file, step.tb_lineno)
        step = step.tb_next
    return found


_folders: set[Path] = set()  # of the files that were loaded


def load(path: str | Path) -> ModuleType:
    """The module of a Python file. What lies beside it can be imported by it, also later on.

    It is changed only so that X.dot(W), float(J), np.array([t, u]) and a[i] = t of plain arrays record themselves too
    (rewriting.py); errors and tracebacks show the file's own lines.

    What files loaded before have imported from beside them is forgotten: another folder may have other modules of the
    same names. What the file raises is passed on, SystemExit as a RuntimeError: a file that ends the program is not
    usable.
    """
    path = Path(path)
    forget_folders()
    _folders.add(folder := path.parent.resolve())
    sys.path.insert(0, str(folder))
    module = ModuleType(f"loaded:{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    try:
        setattr(module, HELPER, Helper())
        exec(compile(rewritten(path.read_bytes(), str(path)), str(path), "exec"), module.__dict__)
    except SystemExit as error:
        ended = RuntimeError(f"the file ends the program: sys.exit({error.code!r})")
        raise ended.with_traceback(error.__traceback__) from None
    return module


def forget_folders() -> None:
    """Take the folders of files that were loaded before off the path, and their modules with them."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and Path(file).parent in _folders and not name.startswith("loaded:"):
            del sys.modules[name]
    for folder in _folders:  # the entry that load() has put in front; one that was there before stays
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))
    _folders.clear()
