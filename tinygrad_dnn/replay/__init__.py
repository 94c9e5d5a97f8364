"""A recorded step as a straight list of NumPy calls, that is run again and again.

A function is run once on arrays that write down each call (tape.py), forward and back; the list is tidied up and
compiled (program.py); and what the function read beside its arguments is watched (outside.py). The first three calls
are recorded: the second has to make the same calls as the first, and the third has to come to the same numbers without
any of this. Later the list is run, and the 8th, 16th, 32nd, ... call is recorded too and compared.
"""

import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensor import Tensor
from .binding import Binding, NestedError, NotReplayedError
from .outside import Outside, Watched
from .program import Program, again, signature
from .tape import Tape, Traced, mapped, nodes, parts

PROGRAMS = 16  # who needs more asks for other shapes or numbers each time
MOST = 30_000  # calls of a list: so many take seconds to compile
TOLERANCE = 1e4  # units in the last place of the largest number: sums that cancel lose some of theirs


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
            for program in self.programs:
                found = self.run(program, args, kwargs)
                if found is not again:
                    if program is not self.programs[0]:
                        self.programs.remove(program)
                        self.programs.insert(0, program)
                    program.calls += 1
                    return found if program.calls < program.compare_at else self.compared(program, found, args, kwargs)
            return self.traced(args, kwargs)
        finally:
            self.lock.release()

    def run(self, program: Program, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return program.run(args, kwargs)
        except (ArithmeticError, ValueError, RuntimeWarning):  # the recorder says where in the code
            return self.recorded(*args, **kwargs)

    def written_down(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Tape, Binding, Outside, Any]:
        """One run on arrays that write down what is called."""
        tape = Tape()
        binding = Binding(tape, args, kwargs, self.differentiated(len(args)))
        outside = Outside(self.f, *binding.objects)
        if outside.unknown:
            raise NotReplayedError(outside.unknown)
        with Watched(tape.refuse):
            results = self.derived(binding.args, binding.kwargs)
        if any(type(r) is Tensor for r in parts(results)):
            raise NotReplayedError("a tensor of somewhere else takes part")
        tape.why = tape.why or outside.drawn() or outside.changed()
        outside.forget()
        if len(tape.calls) > MOST:
            tape.why = f"it makes more than {MOST} calls"
        return tape, binding, outside, results

    def traced(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The step, whose calls become a list, or the reason why not."""
        if sys.getprofile() is not None:  # somebody measures: the next call will do
            return self.recorded(*args, **kwargs)
        try:
            tape, binding, outside, results = self.written_down(args, kwargs)
        except NestedError:
            return self.recorded(*args, **kwargs)
        except NotReplayedError as reason:
            return self.afresh(str(reason), self.recorded(*args, **kwargs))
        except Exception as error:
            found = self.recorded(*args, **kwargs)  # raises what is wrong with the code itself
            return self.afresh(f"{type(error).__name__}: {error}", found)
        found = numbers(results)
        if tape.why:
            return self.afresh(tape.why, found)
        if len(self.programs) == PROGRAMS:
            return self.afresh(f"more than {PROGRAMS} kinds of arguments or ways through the code came", found)
        self.programs.insert(0, Program(tape, binding, outside, nodes(results)))
        return found

    def compared(self, program: Program, found: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The step as it is recorded, with which the list has to agree."""
        program.compare_at = 3 if program.calls == 2 else max(8, 2 * program.calls)
        if program.calls > 2:
            expected = self.recorded(*args, **kwargs)
            reason = None if close(found, expected, program.eps) else "recorded afresh it comes to other numbers"
        else:
            tape, binding, _, results = self.written_down(args, kwargs)
            before, program.signature = program.signature, []
            expected, reason = numbers(results), tape.why or another_call(before, signature(tape, binding))
            if not reason and not close(found, expected, program.eps):
                reason = "replayed it comes to other numbers"
        if reason and program.calls > 3:
            raise RuntimeError(
                f"value_and_grad: {self.name} has been replayed, and {reason}: what it depends on has changed unseen "
                f"since call {program.calls // 2} of this kind. Give it as an argument, or leave replay=True out"
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
    """The results themselves, in memory of their own."""
    values = mapped(lambda r: r.value if type(r) is Traced else r, results)
    return mapped(lambda v: np.array(v) if isinstance(v, np.ndarray) else v, values)


def another_call(before: list[Any], now: list[Any]) -> str | None:
    """Where two runs part, in words."""
    for (one, place), (other, _) in zip(before, now, strict=False):
        if one != other:
            what = "makes another call" if one[0] != other[0] else "reads other numbers"
            return f"{place}: it {what} than the time before, which its arguments do not explain"
    return None if len(before) == len(now) else "it makes more or fewer calls than the time before"


def close(found: Any, expected: Any, eps: float) -> bool:
    """Whether two results are the same up to rounding. eps: that of the lowest precision that was computed in."""
    pairs: list[tuple[Any, Any]] = []
    flat(found, expected, pairs)
    size = max((float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b))) for _, b in pairs), default=0.0)
    return all(
        np.shape(a) == np.shape(b)
        and np.result_type(a) == np.result_type(b)
        and np.allclose(a, b, 0, TOLERANCE * eps * size, equal_nan=True)
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
