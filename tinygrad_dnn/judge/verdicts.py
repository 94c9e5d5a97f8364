"""From a subject, its recording and its differences to a verdict on each gradient."""

from typing import NamedTuple

import numpy as np

from .case import Case, Placed, evidence, judges_of, key_of, of_parameters, with_intermediates
from .comparison import agree
from .elsewhere import elsewhere
from .intermediates import FITS_NONE
from .leaving_out import without_small_numbers
from .own_derivatives import unconfirmed
from .provenance import counted, provenance_of
from .report import Row
from .subject import Hand, Subject

SEEDED = "The cost draws random numbers, so np.random.seed(1) was set before each call of cost and of gradients."
ALTERED = (
    "gradients(parameters) changes {} in the dict it is given, as an update would: whoever calls it to look at the "
    "gradients has moved. It was given a copy."
)
WHOLE = "These came as whole numbers, and were taken as floating-point numbers: {}."
TRUNCATED = (
    "right of floating-point parameters; of the whole numbers that came it is another, as an array of integers cuts "
    "off what is written into it: write x.astype(float)"
)
DRAWS = (
    "gradients(parameters) draws other random numbers than the cost, or in another order: let it use those that the "
    "cost drew"
)
OWN = (
    "What was recorded rests on the hand-written derivative of {0} (@primitive), which central differences do not "
    "confirm where it was used: check_primitive({0}, ...) shows more."
)


class Judged(NamedTuple):
    """The rows in backward order, sentences on the whole, and the case that they were judged on."""

    rows: list[Row]
    notes: list[str]
    case: Case

    @property
    def wrong(self) -> list[str]:
        return [row.name for row in self.rows if row.verdict == "wrong"]


def judged(subject: Subject, seconds: float) -> Judged:
    """The verdict on each gradient of a subject; seconds: about how long the differences may take."""
    hand = subject.gradients()
    again, calls = counted(subject.gradients)
    keys = {name: key_of(name, hand, subject.parameters) for name in subject.parameters}
    if subject.problem:
        return nothing_checked(Case(subject, hand, again, keys, None, None, {}))
    case, reason, sampled = evidence(subject, hand, again, keys, seconds)
    origin = provenance_of(subject, calls)
    case = case._replace(approximate=origin.approximate)
    judges = judges_of(case)
    doubtful = unconfirmed(case.recording.tensors) if case.recording else []
    case = case._replace(contradicted=bool(doubtful) or any(judge.contradicted for judge in judges))
    placed = of_parameters(case, judges)
    placed, sentences = with_intermediates(case, placed)
    notes = [f"{reason} The verdicts rest on central differences alone."] if reason else []
    notes += [OWN.format(name) for name in doubtful] + [origin.said] * bool(origin.said)
    notes += [*sentences, *[sampled] * bool(sampled), *[SEEDED] * subject.seeded]
    notes += [ALTERED.format(", ".join(hand.altered))] if hand.altered else []
    if any(row.verdict == "wrong" for _, row in placed):
        case, placed, sentences = without_small_numbers(case, placed, seconds)
        notes += sentences
    case, placed = elsewhere(case, placed)
    if any(row.verdict == "wrong" for _, row in placed) and subject.draws_otherwise():
        placed = [(p, r._replace(verdict="unchecked", note=DRAWS) if r.verdict == "wrong" else r) for p, r in placed]
    placed, sentences = with_integers(subject, hand, placed)
    notes += sentences
    rows = [row for _, row in sorted(placed, key=lambda pair: -pair[0])]
    return Judged(settled(rows), notes, case)


def with_integers(subject: Subject, hand: Hand, placed: Placed) -> tuple[Placed, list[str]]:
    """The rows with what the code returns of whole numbers as they came, and a sentence on these."""
    if not subject.integers:
        return placed, []
    kinds = ", ".join(f"{name} ({value.dtype})" for name, value in subject.integers.items())
    notes = [WHOLE.format(kinds)]
    try:
        with np.errstate(all="ignore"):
            arrays = subject.of_integers().arrays
    except Exception as error:
        return placed, [*notes, f"With the whole numbers themselves it raises {type(error).__name__}: {error}."]
    found = Placed()
    for place, row in placed:
        g, other = hand.arrays.get(row.name), arrays.get(row.name)
        if row.verdict == "right" and g is not None and not (agree(g, other, 0.0) if other is not None else False):
            row = row._replace(verdict="wrong", note=TRUNCATED)
        found.append((place, row))
    return found, notes


def nothing_checked(case: Case) -> Judged:
    arrays = case.hand.arrays
    keys = [*case.keys.values(), *case.intermediates]
    rows = [Row(key, np.shape(arrays[key]) if key in arrays else None, "unchecked") for key in keys]
    problem = case.subject.problem or ""
    return Judged(rows, ["Nothing was checked: " + problem + "." * (not problem.endswith("?"))], case)


def settled(rows: list[Row]) -> list[Row]:
    """What fits none of the values that it may stand for is wrong where something else is: else it may be another's."""
    if not any(row.verdict == "wrong" for row in rows):
        return rows
    return [row._replace(verdict="wrong") if row.note.startswith(FITS_NONE) else row for row in rows]
