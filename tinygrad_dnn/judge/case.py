"""What the verdicts rest on, and the verdict on each gradient at one point."""

from typing import Any, NamedTuple

import numpy as np

from .comparison import Probe, agree, entry_errors, largest
from .intermediates import judge_intermediates, split
from .one_gradient import Judge
from .probing import ALONE, DIRECTIONS, LEAST, probe_all
from .recording import Recording, Rounding, recording_of
from .report import Row
from .subject import Arrays, Hand, Subject

NOT_COMPARED = "is compared with the recorded one only, and the cost could not be recorded"
CONTRADICTED = "is compared with the recorded one only, and that is not confirmed by central differences"

ROUGH = 1e-9  # of the cost: noise that is none of double precision

Placed = list[tuple[float, Row]]  # each row with its place in the order of recording, those of the parameters first


class Case(NamedTuple):
    """What the verdicts rest on.

    hand, again    what the hand-written code returned, called twice
    keys           by parameter, under which key its gradient was returned
    recording      the recorded run and what rounding does to it, or None
    probes         by parameter, the differences
    contradicted   whether differences say otherwise than the recording, or than a derivative of somebody's own in it
    approximate    whether the gradients are differences themselves, and so only nearly right
    """

    subject: Subject
    hand: Hand
    again: Hand
    keys: dict[str, str]
    recording: Recording | None
    rounding: Rounding | None
    probes: dict[str, list[Probe]]
    contradicted: bool = False
    approximate: bool = False

    @property
    def truth(self) -> Arrays:
        return self.recording.of_parameters() if self.recording else {}

    @property
    def changing(self) -> list[str]:
        """What came out as something else at the second call."""
        return [key for key, g in self.hand.arrays.items() if not same(g, self.again.arrays.get(key))]

    @property
    def intermediates(self) -> Arrays:
        return {key: g for key, g in self.hand.arrays.items() if key not in self.keys.values()}


def evidence(subject: Subject, hand: Hand, again: Hand, keys: dict[str, str], seconds: float) -> tuple[Case, str, str]:
    """The case, why there is no recording if there is none, and a sentence where the differences are a sample."""
    subject.named = not set(hand.arrays) <= set(keys.values())
    recording, reason = recording_of(subject)
    subject.noise = max(subject.noise, recording.noise() if recording else subject.measured_noise())
    subject.rough |= recording.is_rough() if recording else subject.noise > ROUGH * abs(subject.value)
    by_name = {name: hand.arrays[key] for name, key in keys.items() if key in hand.arrays}
    expected = recording.of_parameters() if recording else by_name
    how = (seconds, DIRECTIONS) if recording else (max(seconds, LEAST), ALONE)
    probes, sampled = probe_all(subject, expected, *how)
    rounding = Rounding(subject, recording, hand, seconds) if recording else None
    return Case(subject, hand, again, keys, recording, rounding, probes), reason, sampled


def judges_of(case: Case) -> list[Judge]:
    """What judges the gradient of each parameter."""
    whole = max((largest(g) for g in (case.truth or case.hand.arrays).values()), default=0.0)
    return [
        Judge(case.subject, name, case.probes[name], case.recording, case.rounding, whole, case.approximate)
        for name in case.keys
    ]


def of_parameters(case: Case, judges: list[Judge]) -> Placed:
    """A row for each parameter."""
    changing, placed = case.changing, Placed()
    for order, (judge, key) in enumerate(zip(judges, case.keys.values(), strict=True)):
        place = case.recording.first_use(judge.name) - 0.5 if case.recording else order
        placed.append((place, judge.row(key, case.hand, changing)))
    return placed


def with_intermediates(case: Case, placed: Placed) -> tuple[Placed, list[str]]:
    """The rows and those of dZ2, dA1 and the like, and sentences on these."""
    if not case.intermediates:
        return placed, []
    if case.recording is None or case.rounding is None or case.contradicted:
        why = CONTRADICTED if case.contradicted else NOT_COMPARED
        return placed + [(-1.0, Row(k, g.shape, "unchecked", why)) for k, g in case.intermediates.items()], []
    rows, sentences, factors = judge_intermediates(case.intermediates, case.recording, case.rounding)
    return [(place, as_the_others(case, row, factors)) for place, row in placed] + rows, sentences


def as_the_others(case: Case, row: Row, factors: dict[str, int]) -> Row:
    """dA0 is right as m times the gradient of the cost, where A0 is a parameter, if dA1 and dA2 are so as well."""
    letter, number = split(row.name) if row.name.startswith("d") else ("", None)
    m, own = factors.get(letter, 1), [name for name, key in case.keys.items() if key == row.name]
    g = case.hand.arrays.get(row.name)
    if row.verdict != "wrong" or letter != "A" or number is None or m == 1 or g is None or not own:
        return row
    truth = m * case.truth[own[0]]
    if case.rounding is None or not agree(g, truth, case.rounding.of(None, row.name, truth)):
        return row
    note = f"of the loss summed over m = {m} examples, as the others"
    return row._replace(verdict="right", by_hand=largest(entry_errors(g, truth, 0.0)), note=note)


def key_of(name: str, hand: Hand, parameters: Arrays) -> str:
    """Under which key the gradient of a parameter was returned; the usual one where it was not."""
    returned = [*hand.arrays, *hand.faults]
    usual = "d" + name
    return name if name in returned and (usual not in returned or usual in parameters) else usual


def same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)
