"""Gradients of what lies between the parameters and the cost: dZ2, dA1, ..., wherever the code returns them.

They are compared with the gradients of what the code's variable Z2 or A1 held. Two conventions are right: gradients of
the cost, or of the loss summed over the m examples, which are m times as large. Two ways to count are right as well:
dA1 under the number of A1, or all numbers one higher, as some print them.
"""

import itertools
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor
from .comparison import TOLERANCE, agree, entry_errors, largest, outside_choices
from .recording import BELOW, Recording, Rounding
from .report import Row
from .subject import Arrays
from .wording import difference

FITS_NONE = "fits none of the"


class Target(NamedTuple):
    """A gradient that may be meant: of a tensor, or of the input, which has none; and its place in the recording."""

    tensor: Tensor | None
    gradient: Any

    @property
    def place(self) -> int:
        return -1 if self.tensor is None else self.tensor.number


class Targets(NamedTuple):
    """Which gradients may be meant by a name. certain: there is no doubt which, so one that differs is wrong."""

    found: list[Target]
    certain: bool


def judge_intermediates(
    hand: Arrays, recording: Recording, rounding: Rounding
) -> tuple[list[tuple[float, Row]], list[str], dict[str, int]]:
    """A row with its place in the order of recording for each gradient, sentences on what was found, and m by letter.

    The last holds 5 under A if some dA is right that is 5 times the gradient of the cost.
    """
    others = [name for name in hand if not name.startswith("d")]
    hand = {name: g for name, g in hand.items() if name.startswith("d")}
    factors = [1, *example_counts(hand, recording)]
    letters = dict.fromkeys(split(name)[0] for name in hand)
    shifted = {name for letter in letters for name in shifted_names(letter, hand, recording, factors)}
    rows, kinds = [], dict[int, list[str]]()
    for name, g in hand.items():
        place, row, factor = judge_one(name, g, recording, rounding, factors, name in shifted)
        rows.append((float(place), row))
        if row.verdict == "right":
            kinds.setdefault(factor, []).append(name)
    sentences = [convention(factor, names) for factor, names in sorted(kinds.items())]
    if others:
        sentences.append(f"Not judged, as their names are not d and the name of something: {', '.join(others)}.")
    return rows, sentences, {split(name)[0]: factor for factor, names in kinds.items() for name in names}


def meant(wrong: list[str], hand: Arrays, recording: Recording) -> dict[str, tuple[int, int]]:
    """For each wrong gradient of which it is certain what it is of: its place among the recorded tensors, and 1 or m.

    Which of the two is seen in the entries that are right, its own or those of the others.
    """
    certain = {}
    for name, g in hand.items():
        found = targets(*split(name), recording) if name.startswith("d") else Targets([], False)
        fitting = [t for t in found.found if t.tensor is not None and t.gradient.shape == g.shape]
        if found.certain and len(fitting) == 1:
            certain[name] = fitting[0]
    factors = [1, *example_counts({}, recording)]

    def right(f: int) -> int:
        agreeing = [
            np.isclose(hand[name], f * t.gradient, 1e-6, 0.0) & (t.gradient != 0) for name, t in certain.items()
        ]
        return sum(int(np.sum(a)) for a in agreeing)

    factor = max(factors, key=right)
    if not right(factor):
        return {}
    places = {tensor: i for i, tensor in enumerate(recording.tensors)}
    return {name: (places[t.tensor], factor) for name, t in certain.items() if name in wrong and t.tensor in places}


def convention(factor: int, names: list[str]) -> str:
    joined = ", ".join(names)
    if factor == 1:
        return f"Of the cost itself, with the 1/m carried in them: {joined}."
    return f"Of the loss summed over m = {factor} examples, as in the course (dW and db divide by m): {joined}."


def split(name: str) -> tuple[str, int | None]:
    """dA2 as ("A", 2), dhpreact as ("hpreact", None)."""
    letter, digits = re.fullmatch(r"d(.*?)(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return letter, int(digits) if digits else None


def example_counts(hand: Arrays, recording: Recording) -> list[int]:
    """What m may be: the lengths above 1 that all constant arrays, and all these gradients that are tables, share."""
    shapes = [array.shape for _, _, array in recording.constants() if array.size > 1]
    shapes += [g.shape for name, g in hand.items() if is_table(g.shape) and targets(*split(name), recording).found]
    return sorted(set.intersection(*(set(shape) - {0, 1} for shape in shapes))) if shapes else []


def is_table(shape: tuple[int, ...]) -> bool:
    return sum(n > 1 for n in shape) > 1


def targets(letter: str, number: int | None, recording: Recording) -> Targets:
    """What the code calls by this name: the values of a variable A2, else the second value of a variable A."""
    name = letter if number is None else f"{letter}{number}"
    held = of_tensors(itertools.chain(*recording.names.tensors.get(name, [])), recording) + of_arrays(name, recording)
    if held or number is None:
        return Targets(held + summed(held), len(held) == 1 or is_one_value(held))
    if number == 0:
        found = of_arrays("X", recording) or of_arrays("x", recording)
        return Targets(found, len(found) == 1)
    layers = {split("d" + parameter)[1] for parameter in recording.inputs} - {None}
    functions = recording.names.tensors.get(letter, [])
    one_a_layer = [runs[number - 1] for values in functions if len(runs := alike(values)) == len(layers) >= number]
    if one_a_layer:  # so the second belongs to layer 2
        found = of_tensors(itertools.chain(*one_a_layer), recording)
        return Targets(found + summed(found), True)
    return Targets(of_tensors(itertools.chain(*functions), recording), False)


def alike(tensors: list[Tensor]) -> list[list[Tensor]]:
    """The tensors of a variable with those of the same value together, as a forward pass that runs twice gives them."""
    groups: list[list[Tensor]] = []
    for tensor in tensors:
        group = next((g for g in groups if np.array_equal(g[0].recorded, tensor.recorded)), None)
        if group is None:
            groups.append([tensor])
        else:
            group.append(tensor)
    return groups


def is_one_value(found: list[Target]) -> bool:
    """Whether several tensors are the same variable, of a forward pass that ran more than once."""
    tensors = [t.tensor for t in found if t.tensor is not None]
    if not len(tensors) == len(found) > 1:
        return False
    return all(np.array_equal(t.recorded, tensors[0].recorded) for t in tensors)


def summed(found: list[Target]) -> list[Target]:
    """The gradient of a variable that was computed several times alike: the sum over the times."""
    return [Target(found[0].tensor, sum(t.gradient for t in found))] if is_one_value(found) else []


def of_tensors(tensors: Iterable[Tensor], recording: Recording) -> list[Target]:
    return [Target(t, recording.gradients[t]) for t in dict.fromkeys(tensors) if t in recording.gradients]


def of_arrays(name: str, recording: Recording) -> list[Target]:
    """The gradients of the constants that a variable of this name held."""
    arrays: list[Any] = []
    for array in recording.names.arrays.get(name, []):
        if not any(np.array_equal(array, other) for other in arrays):
            arrays.append(array)
    return [Target(None, g) for array in arrays for g in recording.constant_gradients(array)]


def shifted_names(letter: str, hand: Arrays, recording: Recording, factors: list[int]) -> set[str]:
    """The names of a letter whose number is one too high: two or more that fit so, and not as they stand.

    All of the letter, where none fits as it stands. One alone is enough where it is a table that has not even the shape
    of what it is called.
    """
    numbered = {name: n for name in hand if split(name)[0] == letter and (n := split(name)[1]) is not None}

    def fits(name: str, number: int) -> bool:
        found = targets(letter, number, recording)
        own = [t for t in found.found if found.certain or len(found.found) == 1]
        return any(agree(hand[name], f * t.gradient, 0.0) for t in own for f in factors)

    standing = {name for name, number in numbered.items() if fits(name, number)}
    higher = {name for name, number in numbered.items() if name not in standing and fits(name, number - 1)}
    if len(numbered) == len(higher) == 1:
        (name, number), *_ = numbered.items()
        shapes = {t.gradient.shape for t in targets(letter, number, recording).found}
        return higher if is_table(hand[name].shape) and hand[name].shape not in shapes else set()
    if len(higher) < 2:
        return set()
    return set(numbered) if not standing else higher


def judge_one(
    name: str, g: Any, recording: Recording, rounding: Rounding, factors: list[int], shifted: bool
) -> tuple[int, Row, int]:
    """The place in the recording, the row, and the factor that fits."""
    letter, number = split(name)
    meant = number - 1 if shifted and number is not None else number
    found, certain = targets(letter, meant, recording)
    comparable = [t for t in found if t.gradient.shape == g.shape]
    if not found or is_left_over(letter, meant, recording) or not comparable:
        return *without_target(name, g, found, certain, meant, recording), 1
    options = [(error_of(name, g, t, rounding, f), i, f) for i, t in enumerate(comparable) for f in factors]
    error, i, factor = min(options)
    target = comparable[i]
    if error <= TOLERANCE:
        note = f"is the gradient of {letter}{meant}: the numbers are one higher" if shifted else ""
        return target.place, Row(name, g.shape, "right", note, by_hand=error), factor
    if recording.at_kink and (found_at := at_kink(name, g, target, recording, rounding, factors)):
        return target.place, Row(name, g.shape, *found_at, by_hand=error), factor
    verdict, note = differing(name, g, target, comparable, certain, rounding, factors)
    return target.place, Row(name, g.shape, verdict, note, by_hand=error), 1


def is_left_over(letter: str, number: int | None, recording: Recording) -> bool:
    """Whether a number is none of the layers, where the letter is that of parameters."""
    layers = [n for n in recording.inputs if split(f"d{n}")[0] == letter]
    return number is not None and len(layers) > 1 and f"{letter}{number}" not in layers


def without_target(
    name: str, g: Any, found: list[Target], certain: bool, number: int | None, recording: Recording
) -> tuple[int, Row]:
    """The place and the row of a gradient for which there is nothing, or nothing of its shape, to compare it with."""
    own, letter = name.removeprefix("d"), split(name)[0]
    if not found:
        note = f"no variable that was recorded is called {own}; there is nothing to compare it with"
    elif is_left_over(letter, number, recording):
        note = f"there is no parameter {letter}{number}: is it left from another run?"
    else:
        note = f"has shape {g.shape}, {own} has shape {found[-1].gradient.shape}"
        return found[-1].place, Row(name, g.shape, "wrong" if certain else "unchecked", note)
    return -1, Row(name, g.shape, "unchecked", note)


def differing(
    name: str, g: Any, target: Target, comparable: list[Target], certain: bool, rounding: Rounding, factors: list[int]
) -> tuple[str, str]:
    """The verdict on a gradient that agrees with none that may be meant, and in which way it differs."""
    if any(rounding.explains(t.tensor, (g - f * t.gradient) / f) for t in comparable for f in factors):
        return "unchecked", BELOW
    if not certain and len(comparable) > 1:
        return "unchecked", f"{FITS_NONE} {len(comparable)} values that {name.removeprefix('d')} may stand for"
    other = "neither the gradient of the cost nor m times it" if len(factors) > 1 else "not the gradient of the cost"
    return "wrong", difference(g, target.gradient) or f"is {other}"


def error_of(name: str, g: Any, target: Target, rounding: Rounding, factor: int) -> float:
    truth = factor * target.gradient
    error = largest(entry_errors(g, truth, 0.0))
    return error if error <= TOLERANCE else largest(entry_errors(g, truth, rounding.of(target.tensor, name, truth)))


def at_kink(
    name: str, g: Any, target: Target, recording: Recording, rounding: Rounding, factors: list[int]
) -> tuple[str, str] | None:
    """A verdict and a note when other slopes at the kinks of this run explain the difference, or may."""
    several = "differs where the cost has a kink, and several slopes are right"
    if target.tensor is None:  # the input
        return "unchecked", several
    choices = [choice[target.tensor] for choice in recording.choices]
    slack = rounding.of(target.tensor, name, target.gradient)
    if any(agree(g, f * choice, f * slack) for choice in choices for f in factors):
        return "right", "with another slope at a kink than the recorded one; both are right"
    if all(outside_choices(g, [f * c for c in (target.gradient, *choices)], f * slack) for f in factors):
        return None
    return "unchecked", several
