"""The verdicts again at a point drawn at random beside the given one, which the code cannot know.

A gradient may be right where it is tried and nowhere else: at a kink several slopes are right; numbers can be stored.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .case import Case, Placed, judges_of, of_parameters
from .comparison import Probe, probe, random_direction
from .leaving_out import LITTLE, doubted, is_kept_finite, without_small_numbers
from .recording import QUICK, Rounding, record
from .report import Row
from .sets import on_the_set
from .stripping import small_numbers
from .subject import Arrays, Subject

AMOUNTS = (0.5, 0.1, 1e-2, 1e-4)  # of the size of a parameter: the farthest at which the code runs
CLOSE = AMOUNTS[2:]  # in single precision: farther away a model saturates sooner than the formulas on trial do
FAR = 3.0  # times: there a hinge, a threshold or a clip is on its other side
LEAST_SIZE = 0.5  # of a parameter that is smaller, but for the nearest points
CLEARLY = 1e-5  # relative: an error that is none of rounding where the gradient is right at the given point
THERE = "at another point, drawn at random: "
HERE = "right at the parameters given, and wrong "
STORED = (
    "gradients(parameters) returns the same at other parameters: it does not compute with its argument, so that no "
    "formula was tried"
)
ON_A_SET = (
    "is right for parameters such as these, which are symmetric, of one sign or of given sums or lengths, and wrong "
    "for others: right if they always are so"
)
NOT_RUN = "could not be compared at another point than the given one, as gradients(parameters) does not run there: {}"


class Elsewhere(NamedTuple):
    """A case at another point, the rows there by their names, and what was raised where the code did not run."""

    case: Case | None
    rows: dict[str, Row]
    error: str = ""


def elsewhere(case: Case, placed: Placed) -> tuple[Case, Placed]:
    """The rows with what another point and a far one say of them; and the case, that where something is wrong alone."""
    first, beside = case, CLOSE if case.subject.rough else AMOUNTS
    for amounts in (beside, (FAR,)):
        far = amounts is not beside
        if all(row.verdict == "wrong" for _, row in placed) or (
            far and (is_slow(first.subject) or guarded(first) or first.subject.rough)
        ):
            break
        there = at_another_point(first, {row.name for _, row in placed if row.verdict != "wrong"}, amounts)
        if there.case is None:
            if not far:
                return case, [(place, without_another(row, there.error)) for place, row in placed]
            break
        stored = is_stored(first, there.case)
        found = [(place, merged(row, there.rows.get(row.name), stored)) for place, row in placed]
        if any(new.verdict == "wrong" != old.verdict for (_, new), (_, old) in zip(found, placed, strict=True)):
            found = within_their_set(first, placed, found)
        before, after = ([row.verdict for _, row in rows].count("wrong") for rows in (placed, found))
        case, placed = there.case if after > before == 0 else case, found
    return case, placed


def is_slow(subject: Subject) -> bool:
    """Whether there is no time for extended precision, which tells rounding from faults where a model saturates."""
    return subject.seconds >= QUICK


def guarded(case: Case) -> bool:
    """Whether a cost has small numbers, or is not known to have none: far away they are what keeps it finite."""
    return case.recording is None or bool(small_numbers(case.recording.tensors)) or bool(case.subject.left_out)


def within_their_set(case: Case, placed: Placed, found: Placed) -> Placed:
    """The rows, unchecked where they are wrong outside of a set that the parameters are on, and right on it."""
    open_keys = {row.name for _, row in placed if row.verdict == "right"}
    there = at_another_point(case, open_keys, AMOUNTS, kept=True)
    kept = []
    for (place, new), (_, old) in zip(found, placed, strict=True):
        on_it = there.rows.get(new.name) if there.case is not None else None
        if old.verdict == "right" and new.verdict == "wrong" and on_it is not None and on_it.verdict == "right":
            new = new._replace(verdict="unchecked", note=ON_A_SET)
        kept.append((place, new))
    return kept


def at_another_point(case: Case, open_keys: set[str], amounts: tuple[float, ...], kept: bool = False) -> Elsewhere:
    """The first of some points at which the cost is finite and the gradients run; the rows there of some keys.

    kept: the points are on the set that the parameters are on, and there are none where they are on none.
    """
    error = ""
    for point in points(case.subject, amounts):
        if kept:
            moved = {name: on_the_set(x, point[name]) for name, x in case.subject.parameters.items()}
            if all(x is None for x in moved.values()):
                break
            point = {name: point[name] if x is None else x for name, x in moved.items()}
        with np.errstate(all="ignore"):
            try:
                subject, hand = case.subject.at(point), case.subject.gradients(copied(point))
            except Exception as raised:
                error = f"{type(raised).__name__}: {raised}"
                continue
        returned = [hand.arrays[key] for key in case.keys.values() if key in hand.arrays]
        if not np.isfinite(subject.value):
            continue
        if not all(np.all(np.isfinite(g)) for g in returned):
            error = "what it returns is not finite"
            continue
        nothing = {name: list[Probe]() for name in case.keys}
        other = case._replace(
            subject=subject, hand=hand, again=hand, recording=None, rounding=None, probes=nothing, contradicted=False
        )
        if case.recording and not case.contradicted:
            try:
                recording = record(subject, point)
            except Exception:  # the plain code runs there: what is recorded may lack a case
                continue
            if is_kept_finite(subject, recording):
                continue  # a model saturates there: what is cut off has no gradient, and it is not meant
            other = other._replace(recording=recording, rounding=Rounding(subject, recording, hand, 1.0))
        else:
            other = with_directions(other)
        return rows_at(other._replace(keys={n: key for n, key in case.keys.items() if key in open_keys}))
    return Elsewhere(None, {}, error)


def points(subject: Subject, amounts: tuple[float, ...]) -> Iterator[Arrays]:
    """Points beside the given one, nearer and nearer."""
    rng = np.random.default_rng([subject.seed, len(amounts)])
    for amount in amounts:
        least = LEAST_SIZE if amount >= 0.1 and not is_slow(subject) else 0.0
        sizes = {name: max(float(np.sqrt(np.mean(np.square(x)))), least) for name, x in subject.parameters.items()}
        yield {
            name: x + amount * (sizes[name] or 1.0) * rng.normal(size=np.shape(x))
            for name, x in subject.parameters.items()
        }


def copied(point: Arrays) -> Arrays:
    return {name: value.copy() for name, value in point.items()}


def with_directions(case: Case) -> Case:
    """The case with a difference along a random direction of each parameter."""
    rng, subject, probes = np.random.default_rng([case.subject.seed, 2]), case.subject, {}
    with subject.as_it_was_checked():
        for name, x in subject.parameters.items():
            direction = random_direction(rng, np.shape(x), case.hand.arrays.get(case.keys[name]))
            probes[name] = [probe(subject, name, None, direction, 0.0)]
    return case._replace(probes=probes)


def is_stored(case: Case, there: Case) -> bool:
    """Whether all gradients came out as the same numbers at both points."""
    shared = [(case.hand.arrays[k], there.hand.arrays.get(k)) for k in case.keys.values() if k in case.hand.arrays]
    return bool(shared) and all(np.array_equal(g, other) for g, other in shared if other is not None)


def rows_at(case: Case) -> Elsewhere:
    """The rows at another point, without the small numbers that make a difference there."""
    placed = of_parameters(case, judges_of(case))
    if any(row.verdict == "wrong" for _, row in placed):
        case, placed, _ = without_small_numbers(case, placed, 0.0)
        case, placed = doubted(case, placed, LITTLE)  # far away a probability may be as small as anything
    return Elsewhere(case, {row.name: row for _, row in placed})


def merged(row: Row, there: Row | None, stored: bool) -> Row:
    """A row with what the other point says of it."""
    if (
        there is None
        or row.verdict == "wrong"
        or row.by_hand is None
        or row.note in (STORED, ON_A_SET)
        or row.note.startswith("of the loss summed")
    ):
        return row
    if there.verdict == "wrong":
        if there.by_hand is not None and there.by_hand < CLEARLY:
            return row
        if stored:
            return row._replace(verdict="unchecked", note=STORED)
        note = f"{HERE * (row.verdict == 'right')}{THERE}{there.note}"
        return row._replace(verdict="wrong", note=note, by_hand=there.by_hand)
    if row.verdict == "unchecked" and there.verdict == "right":
        note = f"{THERE}right; where it was given, it {row.note}"
        return row._replace(verdict="right", note=note, by_hand=there.by_hand)
    return row


def without_another(row: Row, error: str) -> Row:
    """A row where the code does not run at any other point."""
    if row.verdict != "right" or row.by_hand is None or not error:
        return row
    return row._replace(verdict="unchecked", note=NOT_RUN.format(error))
