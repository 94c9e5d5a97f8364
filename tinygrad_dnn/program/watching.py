"""Somebody's code while it runs: which lines of which functions ran, and what their variables held."""

import functools
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor
from .places import is_inside, somebodys
from .sources import place


class Made(NamedTuple):
    """A variable that held a tensor when it was new, the line that made it, and in which call of which function.

    call counts the calls of the function from 1.
    """

    name: str
    file: str
    line: int
    function: str
    call: int

    @property
    def place(self) -> str:
        """The line in words, and the cell in a notebook."""
        return place(self.file, self.line)


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
    watch, earlier = Watch(), sys.gettrace()
    sys.settrace(watch.on_call)
    try:
        result = f(*arguments)
    finally:
        sys.settrace(earlier)
    return result, watch.names()


class Watch:
    """Notes what variables hold while code runs; see Names."""

    def __init__(self) -> None:
        self.tensors: dict[str, dict[CodeType, dict[Tensor, None]]] = {}
        self.arrays: dict[str, dict[int, Any]] = {}
        self.made: dict[Tensor, list[Made]] = {}
        self.holders: dict[Tensor, set[str]] = {}
        self.returned: dict[Tensor, str] = {}
        self.outside: dict[int, Any] = {}
        self.calls: Counter[CodeType] = Counter()

    def names(self) -> Names:
        in_order = {
            name: [sorted(held, key=lambda t: t.number) for held in functions.values()]
            for name, functions in self.tensors.items()
        }
        plain = {name: list(held.values()) for name, held in self.arrays.items()}
        return Names(in_order, plain, self.made, self.holders, self.returned, list(self.outside.values()))

    def on_call(self, frame: FrameType, event: str, _: Any) -> Any:
        """What a call of somebody's function reads from its module and from the functions it stands in."""
        code = frame.f_code
        if is_inside(code.co_filename):
            return None
        self.calls[code] += 1
        around = {name: frame.f_globals.get(name) for name in code.co_names}
        around |= {name: frame.f_locals.get(name) for name in code.co_freevars}
        for name, value in around.items():
            if type(value) is np.ndarray:
                self.arrays.setdefault(name, {})[id(value)] = self.outside[id(value)] = value
        return self.lines_of(frame, self.calls[code])

    def lines_of(self, frame: FrameType, call: int) -> Any:
        """What notes the variables of one call, before each of its lines and when it returns."""
        code, before, seen = frame.f_code, frame.f_lineno, set[tuple[str, Tensor]]()
        given = {value for _, value in named_values(frame.f_locals) if type(value) is Tensor}

        def on_line(frame: FrameType, event: str, result: Any) -> Any:
            nonlocal before
            if event == "return" and type(result) is Tensor and result not in given:
                self.returned.setdefault(result, code.co_qualname)
            for name, value in named_values(frame.f_locals):
                if type(value) is Tensor:
                    self.tensors.setdefault(name, {}).setdefault(code, {})[value] = None
                    if (name, value) not in seen:
                        seen.add((name, value))
                        self.holders.setdefault(value, set()).add(code.co_qualname)
                        if before != code.co_firstlineno:  # not an argument, that came with the call
                            place = Made(name, code.co_filename, before, code.co_qualname, call)
                            self.made.setdefault(value, []).append(place)
                elif type(value) is np.ndarray:
                    self.arrays.setdefault(name, {})[id(value)] = value
            before = frame.f_lineno
            return on_line

        return on_line


def named_values(variables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Local variables, and what is kept under a name in one of them: self.Z1 and cache["Z1"] are called Z1."""
    for name, value in list(variables.items()):
        yield name, value
        if type(value) is dict:
            yield from ((key, kept) for key, kept in list(value.items()) if isinstance(key, str))
        elif name == "self":
            yield from list(getattr(value, "__dict__", {}).items())


def draws(f: Callable[..., Any], *arguments: Any) -> tuple[Any, bool]:
    """What f returns, and whether it drew from NumPy's global random numbers."""
    before = random_state()
    found = f(*arguments)
    return found, random_state() != before


def random_state() -> bytes:
    """Where NumPy's global random numbers stand."""
    return pickle.dumps(np.random.get_state(legacy=False))  # noqa: NPY002


def places_drawn(f: Callable[..., Any], *arguments: Any) -> list[bytes]:
    """Where NumPy's global random numbers stand while f runs from a seed, line by line, and at its end."""
    found: list[bytes] = []

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if is_inside(frame.f_code.co_filename):
            return None
        if not found or random_state() != found[-1]:
            found.append(random_state())
        return on_line

    state, before = np.random.get_state(), sys.gettrace()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    sys.settrace(on_line)
    try:
        f(*arguments)
    finally:
        sys.settrace(before)
        found.append(random_state())
        np.random.set_state(state)  # noqa: NPY002
    return found


def seeded(f: Callable[..., Any]) -> Callable[..., Any]:
    """f with NumPy's global random numbers started from a seed at each call, and left as they were."""

    @functools.wraps(f)
    def call(*arguments: Any) -> Any:
        state = np.random.get_state()  # noqa: NPY002
        np.random.seed(1)  # noqa: NPY002
        try:
            return f(*arguments)
        finally:
            np.random.set_state(state)  # noqa: NPY002

    return call


class Ran(NamedTuple):
    """What ran of a file: its lines, by function what its variables held when it returned, and the functions."""

    lines: set[int]
    variables: dict[CodeType, dict[str, Any]]


def follow(f: Callable[..., Any], *arguments: Any) -> dict[str, Ran]:
    """Run f and tell what ran of each file that is not a library's."""
    found: dict[str, Ran] = {}

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        if not somebodys(file):
            return None
        ran = found.setdefault(file, Ran(set(), {}))

        def on_line(frame: FrameType, event: str, _: Any) -> Any:
            ran.lines.add(frame.f_lineno)
            if event == "return":
                before, now = ran.variables.get(frame.f_code, {}), dict(frame.f_locals)
                # of several calls the one that made the most variables is kept whole
                ran.variables[frame.f_code] = before | now if len(now) >= len(before) else now | before
            return on_line

        return on_line

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        f(*arguments)
    finally:
        sys.settrace(before)
    return found
