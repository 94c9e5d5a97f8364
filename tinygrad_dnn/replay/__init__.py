"""A recorded step as a straight list of NumPy calls, that is run again and again.

The first call is recorded, and what the function does beside it is watched (outside.py). If that is nothing, it is run
once more on arrays that write down each call (tape.py), forward and back, and the list is tidied up (simplifying.py),
written as text (writing.py) and compiled (program.py). The second call is recorded too: the list has to come to the
same numbers, and another writing down to the same list. From then on the list is run, and the 16th, 128th, 1,024th, ...
call is compared like that again.
"""

import sys
import threading
import warnings
from collections.abc import Callable
from types import MethodType
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor
from .binding import Binding, NestedError, NotReplayedError
from .nodes import greatest, mapped, parts, place
from .outside import Outside
from .program import Program, again, signature
from .tape import Silence, Tape, Traced, nodes
from .watching import Watched

PROGRAMS = 16  # who needs more asks for other shapes or numbers each time
MOST = 30_000  # calls of a list: so many take seconds to compile
TOLERANCE = 1e4  # units in the last place of the largest number on the way: sums that cancel lose some of theirs
FEW = 64  # the same for the same calls on the same numbers, which may lie in memory in another way
SPARSER = 8  # a list is compared at the 2nd call and at each 8 times as many


class Written(NamedTuple):
    """Calls that were written down, their arguments, the nodes of the results, why they will not do, and their size."""

    tape: Tape
    binding: Binding
    results: Any
    why: str | None
    largest: float


class Replay:
    """A step that is recorded until it is known what it does, and then replayed.

    recorded(*args, **kwargs)  the step as the recorder does it
    derived(args, kwargs)      the same without copies, for arrays that write down what is called
    differentiated             the positions of the arguments whose gradient is asked for
    why                        what keeps it from being replayed, or None
    source                     the calls of the list that was used last, as Python text
    """

    def __init__(
        self,
        f: Callable[..., Any],
        recorded: Callable[..., Any],
        derived: Callable[[tuple[Any, ...], dict[str, Any]], Any],
        differentiated: Callable[[int], set[int]],
    ) -> None:
        self.f, self.recorded, self.derived, self.differentiated = f, recorded, derived, differentiated
        self.why: str | None = None
        self.programs: list[Program] = []
        self.lock = threading.Lock()

    @property
    def source(self) -> str:
        return self.programs[0].source if self.programs else ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.why is not None or not self.lock.acquire(blocking=False):  # another thread, or f itself
            return self.recorded(*args, **kwargs)
        try:
            for program in list(self.programs):
                found = self.run(program, args, kwargs)
                if not self.programs:  # it raised, and is recorded from now on
                    return found
                if found is not again:
                    if program is not self.programs[0]:
                        self.programs.remove(program)
                        self.programs.insert(0, program)
                    program.calls += 1
                    return found if program.calls < program.compare_at else self.compared(program, found, args, kwargs)
            return self.first(args, kwargs)
        finally:
            self.lock.release()

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        """As a function in a class is a method."""
        return self if owner is None else MethodType(self, owner)

    def __deepcopy__(self, memo: Any) -> "Replay":
        return self  # as a function is

    def run(self, program: Program, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return program.run(args, kwargs)
        except Exception as error:
            found = self.recorded(*args, **kwargs)  # which says where in the code
            if isinstance(error, ArithmeticError | RuntimeWarning):  # what NumPy does of it was set anew
                return found
            return self.afresh(f"as a list it raises {type(error).__name__}: {error}", found)

    def first(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The step as it is recorded; its calls become a list, if it did nothing else."""
        if sys.getprofile() is not None:  # somebody measures: the next call will do
            return self.recorded(*args, **kwargs)
        try:
            outside = Outside(self.f, *Binding(Tape(), args, kwargs, self.differentiated(len(args))).objects)
        except NestedError:
            return self.recorded(*args, **kwargs)
        except NotReplayedError as reason:
            return self.afresh(str(reason), self.recorded(*args, **kwargs))
        reasons = [outside.unknown] if outside.unknown else []
        given = Outside(args, kwargs, most=np.inf)
        with Watched(lambda reason: reasons.append(f"{place()}: {reason}"), outside.generators):
            expected = self.recorded(*args, **kwargs)
        if outside.grown():  # by an import: the next call will do
            return expected
        reasons += filter(None, [outside.changed(), given.changed()])
        if len(self.programs) == PROGRAMS:
            reasons.append(
                f"more than {PROGRAMS} kinds of arguments, settings or ways through the code came; give a number "
                "that is another one each time as np.float64(x)"
            )
        if reasons:
            return self.afresh(reasons[0], expected)
        tape, binding, results, why, _ = self.written_down(args, kwargs, expected, outside)
        program = None
        if not why:
            try:
                program = Program(tape, binding, outside, results)
            except Exception as error:
                why = f"its calls cannot be written as a list, {type(error).__name__}: {error}"
        if program is None:
            return self.afresh(str(why), expected)
        outside.forget()
        self.programs.insert(0, program)
        return expected

    def written_down(self, args: tuple[Any, ...], kwargs: dict[str, Any], expected: Any, outside: Outside) -> Written:
        """A run on arrays that write down what is called, beside the one that gave what is expected."""
        tape = Tape()
        binding = Binding(tape, args, kwargs, self.differentiated(len(args)))
        results = None
        try:
            with np.errstate(all="log", call=Silence()), Watched(tape.refuse, outside.generators):
                results = self.derived(binding.args, binding.kwargs)
        except Exception as error:
            tape.refuse(f"arrays that write down what is called lead to {type(error).__name__}: {error}")
        if any(type(r) is Tensor for r in parts(results)):
            tape.refuse("a tensor of somewhere else takes part")
        elif not tape.why and not close(numbers(results), expected, FEW * tape.eps(), tape.largest()):
            tape.refuse("arrays that write down what is called come to other numbers; does it ask what they are?")
        if len(tape.calls) > MOST:
            tape.refuse(f"it makes more than {MOST} calls")
        return Written(tape, binding, nodes(results), tape.why or outside.changed(), tape.largest())

    def compared(self, program: Program, found: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The step as it is recorded, and its calls written down again: the list has to be the same."""
        if sys.getprofile() is not None:
            program.compare_at += 1
            return self.recorded(*args, **kwargs)
        program.compare_at = SPARSER * program.calls
        expected = self.recorded(*args, **kwargs)
        tape, binding, _, reason, largest = self.written_down(args, kwargs, expected, program.outside)
        reason = reason or another_call(program.signature, signature(tape, binding))
        if not reason and not close(found, expected, TOLERANCE * tape.eps(), largest):
            reason = "recorded afresh it comes to other numbers"
        if reason and program.calls > 2:
            raise RuntimeError(
                f"value_and_grad: {self.name} has been replayed, and {reason}: what it depends on has changed unseen "
                f"since call {program.calls // SPARSER} of this kind. Give it as an argument, or leave replay=True out"
            )
        return self.afresh(reason, expected) if reason else expected

    @property
    def name(self) -> str:
        return getattr(self.f, "__name__", "the function")

    def afresh(self, reason: str, found: Any) -> Any:
        """From now on the step is recorded on each call, which is said once."""
        self.why, self.programs = reason, []
        warnings.warn(f"value_and_grad: {self.name} is recorded on each call, not replayed: {reason}", stacklevel=4)
        return found


def numbers(results: Any) -> Any:
    return mapped(lambda r: r.value if type(r) is Traced else r, results)


def another_call(before: list[Any], now: list[Any]) -> str | None:
    """Where two runs part, in words."""
    for (one, line), (other, _) in zip(before, now, strict=False):
        if one != other:
            what = "makes another call" if one[0] != other[0] else "reads other numbers"
            return f"{line}: it {what} than the time before, which its arguments do not explain"
    return None if len(before) == len(now) else "it makes more or fewer calls than the time before"


def close(found: Any, expected: Any, tolerance: float, largest: float = 0.0) -> bool:
    """Whether two results are the same up to rounding. tolerance: in parts of the largest number there is."""
    pairs: list[tuple[Any, Any]] = []
    flat(found, expected, pairs)
    size = max((largest, *(greatest(b) for _, b in pairs)))
    return all(
        type(a) is type(b)
        and np.shape(a) == np.shape(b)
        and np.result_type(a) == np.result_type(b)
        and np.allclose(a, b, 0, tolerance * size, equal_nan=True)
        for a, b in pairs
    )


def flat(a: Any, b: Any, pairs: list[tuple[Any, Any]]) -> None:
    if isinstance(b, dict):
        for key in b:
            flat(a[key], b[key], pairs)
    elif isinstance(b, list | tuple):
        for x, y in zip(a, b, strict=True):
            flat(x, y, pairs)
    else:
        pairs.append((a, b))
