"""Whose derivation a gradient is: the hand's, or that of differences, of complex steps or of a library.

Differences run the functions of the cost at neighbouring points, and complex steps run them with complex numbers. That
is seen while the gradients are computed. Such a gradient may be right, but no derivation was checked then.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from ..program.places import is_inside, library_of, somebodys
from .subject import Subject

NEIGHBOURING = 1e-2  # relative: what a function returns at a point beside another
MOST = 20_000  # returns of functions that are looked at
DIFFERENCES = (
    "gradients(parameters) runs {} at neighbouring points, as differences of the cost do: no derivation was checked of "
    "what comes from these."
)
COMPLEX = "gradients(parameters) runs {} with complex numbers: these are complex steps, and no derivation was checked."
LIBRARY = "gradients(parameters) runs code of {}: what comes from that was not derived by hand."
Returned = Callable[[CodeType, Any], None]


class Provenance(NamedTuple):
    """What is said of where gradients are from, if anything; approximate: they are nearly right at most."""

    said: str
    approximate: bool


class Calls(NamedTuple):
    """How often the most called of somebody's functions ran, and the libraries that ran."""

    most: int
    libraries: list[str]


def counted(f: Callable[..., Any]) -> tuple[Any, Calls]:
    """What f returns, and what it called."""
    calls: Counter[CodeType] = Counter()
    libraries: dict[str, None] = {}

    def on_call(frame: FrameType, event: str, _: Any) -> None:
        if (code := frame.f_code) in calls or somebodys(code.co_filename):
            calls[code] += 1
        elif not is_inside(code.co_filename) and (name := library_of(Path(code.co_filename))):
            libraries[name] = None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        found = f()
    finally:
        sys.settrace(before)
    return found, Calls(max(calls.values(), default=0), list(libraries))


def provenance_of(subject: Subject, calls: Calls) -> Provenance:
    """Whether the gradients are derived by differences, by complex steps or by a library.

    calls: those of the gradients. Differences and complex steps take at least one of the cost for each parameter.
    """
    if calls.most < max(subject.numbers, 2 - (subject.numbers == 1)):
        return of_library(calls)
    once: dict[CodeType, Any] = {}
    often: set[CodeType] = set()

    def in_cost(code: CodeType, value: Any) -> None:
        if code in once:
            often.add(code)
        once[code] = np.array(value) if is_numeric(value) else None

    follow_returns(in_cost, subject.cost, subject.fresh())
    neighbours: dict[CodeType, int] = {}
    complex_ones: list[CodeType] = []

    def in_gradients(code: CodeType, value: Any) -> None:
        known = once.get(code)
        if known is None or code in often or not is_numeric(value):
            return
        if np.iscomplexobj(value) and not np.iscomplexobj(known):
            complex_ones.append(code)
        elif is_neighbour(np.asarray(value), known):
            neighbours[code] = neighbours.get(code, 0) + 1

    try:
        follow_returns(in_gradients, subject.bare_gradients, subject.fresh())
    except Exception:
        return Provenance("", False)
    if complex_ones:
        return Provenance(COMPLEX.format(complex_ones[0].co_name), True)
    moved = [code for code, count in neighbours.items() if count > 1 or subject.numbers == 1]
    if moved:
        return Provenance(DIFFERENCES.format(moved[-1].co_name), True)
    return of_library(calls)


def of_library(calls: Calls) -> Provenance:
    return Provenance(LIBRARY.format(", ".join(calls.libraries)) if calls.libraries else "", False)


def is_numeric(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.number | float | complex) and np.asarray(value).dtype.kind in "fc"


def is_neighbour(value: Any, known: Any) -> bool:
    """Whether a function returned nearly what it returned before, and not the same."""
    if value.shape != known.shape or not value.size:
        return False
    with np.errstate(all="ignore"):
        apart = float(np.max(np.abs(value - known), initial=0.0))
    size = float(np.max(np.abs(known), initial=0.0))
    return 1e-14 * size < apart <= NEIGHBOURING * size


def follow_returns(returned: Returned, f: Callable[..., Any], *arguments: Any) -> None:
    """Run f and tell what each of somebody's functions returns."""
    count = 0

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_lines = False
        return on_return if somebodys(frame.f_code.co_filename) else None

    def on_return(frame: FrameType, event: str, value: Any) -> Any:
        nonlocal count
        if event == "return" and count < MOST:
            count += 1
            returned(frame.f_code, value)
        return on_return

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        with np.errstate(all="ignore"):
            f(*arguments)
    finally:
        sys.settrace(before)
