"""Gradients of what lies between the parameters and the cost: dZ2, dA1, ..., wherever the code returns them.

They are compared with the gradient of the tensor that the code calls Z2 or A1. Two conventions are right: gradients
of the cost, or of the loss summed over the m examples, which are m times as large. Two ways to count are right as
well: dA1 under the number of A1, or all numbers one higher, as some print them.
"""

from typing import Any

import numpy as np

from .comparison import TOLERANCE, entry_errors, largest
from .recording import Recording, split_name
from .report import Row
from .subject import Arrays


def judge_intermediates(hand: Arrays, recording: Recording, kinks: bool) -> tuple[list[tuple[int, Row]], list[str]]:
    """A row with its place in the order of recording for each gradient, and sentences on the conventions found."""
    factors = [1, *example_counts(hand)]
    shifts = {letter: shift_of(letter, hand, recording, factors) for letter in {split_name(k)[0] for k in hand}}
    rows, found = [], dict[int, list[str]]()
    for name, g in hand.items():
        place, row, factor = judge_one(name, g, recording, factors, shifts[split_name(name)[0]], kinks)
        rows.append((place, row))
        if row.verdict == "right":
            found.setdefault(factor, []).append(name)
    return rows, [convention(factor, names) for factor, names in sorted(found.items())]


def convention(factor: int, names: list[str]) -> str:
    joined = ", ".join(names)
    if factor == 1:
        return f"Of the cost itself, with the 1/m carried in them: {joined}."
    return f"Of the loss summed over m = {factor} examples, as in the course (dW and db divide by m): {joined}."


def example_counts(hand: Arrays) -> list[int]:
    """What m may be: the lengths above 1 that all these gradients have in common."""
    lengths = [set(g.shape) - {0, 1} for g in hand.values()]
    return sorted(set.intersection(*lengths)) if lengths else []


def targets(letter: str, number: int | None, g: Any, recording: Recording) -> list[tuple[int, Any]]:
    """The gradients that may be meant, with their place in the recording: a tensor's, or for number 0 the input's."""
    if number is None:
        tensors = recording.names.get(letter, [])[-1:]
    else:
        tensors = recording.named(letter, number) if number > 0 else []
    found = [(t.number, recording.gradients[t]) for t in tensors if t in recording.gradients]
    if not found and (number == 0 or letter in ("X", "x")):
        found = [(-1, constant) for constant in recording.constant_gradients(g.shape)]
    return found


def error_of(g: Any, target: Any, factor: int) -> float:
    if g.shape != target.shape:
        return np.inf
    return largest(entry_errors(g, factor * target, 0.0, TOLERANCE))


def shift_of(letter: str, hand: Arrays, recording: Recording, factors: list[int]) -> int:
    """0, or -1 where the numbers fit the tensors better when each is one too high."""

    def fitting(shift: int) -> int:
        count = 0
        for name, g in hand.items():
            own, number = split_name(name)
            if own == letter and number is not None:
                candidates = targets(letter, number + shift, g, recording)
                count += any(error_of(g, t, f) <= TOLERANCE for _, t in candidates for f in factors)
        return count

    return -1 if fitting(-1) > fitting(0) else 0


def judge_one(
    name: str, g: Any, recording: Recording, factors: list[int], shift: int, kinks: bool
) -> tuple[int, Row, int]:
    letter, number = split_name(name)
    candidates = targets(letter, None if number is None else number + shift, g, recording)
    if not candidates:
        note = f"no recorded variable is called {name.removeprefix('d')}, so there is nothing to compare it with"
        return -1, Row(name, g.shape, "unchecked", note), 1
    error, factor, place = min((error_of(g, t, f), f, place) for place, t in candidates for f in factors)
    if error <= TOLERANCE:
        note = f"is the gradient of {letter}{number - 1}: the numbers are one higher" if number and shift else ""
        return place, Row(name, g.shape, "right", note, by_hand=error), factor
    if kinks:
        note = "differs, but the cost has a kink at these parameters, where several slopes are right"
        return place, Row(name, g.shape, "unchecked", note, by_hand=error), 1
    shape = candidates[0][1].shape
    if g.shape != shape:
        return place, Row(name, g.shape, "wrong", f"has shape {g.shape}; {letter} has shape {shape}"), 1
    return place, Row(name, g.shape, "wrong", "is neither the gradient of the cost nor m times it", by_hand=error), 1
