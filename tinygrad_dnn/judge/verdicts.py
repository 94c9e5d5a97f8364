"""From a subject, its recording and its differences to a verdict on each gradient."""

from typing import Any, NamedTuple

import numpy as np

from .comparison import Probe, agree, entry_errors, largest
from .intermediates import FITS_NONE, judge_intermediates, split
from .one_gradient import Judge, as_updating
from .own_derivatives import unconfirmed
from .probing import probe_all
from .recording import Recording, Rounding, recording_of
from .report import Row
from .stripping import small_numbers
from .subject import Arrays, Hand, Subject

LEAST = 1e-3  # seconds for the differences where they judge alone
SMALL_CHANGE = 1e-2  # of the largest entry: what a small number may be to a gradient that leaves it out
SEEDED = "The cost changes from call to call, so np.random.seed(1) was set before each call of cost and of gradients."
ALTERED = (
    "gradients(parameters) changes {} in the dict it is given, as an update would: whoever calls it to look at the "
    "gradients has moved. It was given a copy."
)
NOT_COMPARED = "is compared with the recorded one only, and the cost could not be recorded"
CONTRADICTED = "is compared with the recorded one only, and that is not confirmed by central differences"
OWN = (
    "What was recorded rests on the hand-written derivative of {0} (@primitive), which central differences do not "
    "confirm where it was used: check_primitive({0}, ...) shows more."
)

Placed = list[tuple[float, Row]]  # each row with its place in the order of recording, those of the parameters first


class Case(NamedTuple):
    """What the verdicts rest on.

    hand, again    what the hand-written code returned, called twice
    keys           by parameter, under which key its gradient was returned
    recording      the recorded run and what rounding does to it, or None
    probes         by parameter, the differences
    contradicted   whether differences say otherwise than the recording, or than a derivative of somebody's own in it
    """

    subject: Subject
    hand: Hand
    again: Hand
    keys: dict[str, str]
    recording: Recording | None
    rounding: Rounding | None
    probes: dict[str, list[Probe]]
    contradicted: bool = False

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
    hand, again = subject.gradients(), subject.gradients()
    keys = {name: key_of(name, hand, subject.parameters) for name in subject.parameters}
    if subject.problem:
        return nothing_checked(Case(subject, hand, again, keys, None, None, {}))
    case, reason, sampled = evidence(subject, hand, again, keys, seconds)
    judges = judges_of(case)
    doubtful = unconfirmed(case.recording.tensors) if case.recording else []
    case = case._replace(contradicted=bool(doubtful) or any(judge.contradicted for judge in judges))
    placed = of_parameters(case, judges)
    placed, sentences = with_intermediates(case, placed)
    notes = [f"{reason} The verdicts rest on central differences alone."] if reason else []
    notes += [OWN.format(name) for name in doubtful]
    notes += [*sentences, *[sampled] * bool(sampled), *[SEEDED] * subject.seeded]
    notes += [ALTERED.format(", ".join(hand.altered))] if hand.altered else []
    if case.recording and not case.contradicted and any(row.verdict == "wrong" for _, row in placed):
        case, placed, sentences = without_small_numbers(case, placed)
        notes += sentences
    rows = [row for _, row in sorted(placed, key=lambda pair: -pair[0])]
    return Judged(settled(rows), notes, case)


def nothing_checked(case: Case) -> Judged:
    arrays = case.hand.arrays
    keys = [*case.keys.values(), *case.intermediates]
    rows = [Row(key, np.shape(arrays[key]) if key in arrays else None, "unchecked") for key in keys]
    problem = case.subject.problem or ""
    return Judged(rows, ["Nothing was checked: " + problem + "." * (not problem.endswith("?"))], case)


def evidence(subject: Subject, hand: Hand, again: Hand, keys: dict[str, str], seconds: float) -> tuple[Case, str, str]:
    """The case, why there is no recording if there is none, and a sentence where the differences are a sample."""
    subject.named = not set(hand.arrays) <= set(keys.values())
    recording, reason = recording_of(subject)
    subject.noise = max(subject.noise, recording.noise() if recording else subject.measured_noise())
    by_name = {name: hand.arrays[key] for name, key in keys.items() if key in hand.arrays}
    expected = recording.of_parameters() if recording else by_name
    probes, sampled = probe_all(subject, expected, seconds if recording else max(seconds, LEAST))
    rounding = Rounding(subject, recording, hand, seconds) if recording else None
    return Case(subject, hand, again, keys, recording, rounding, probes), reason, sampled


def judges_of(case: Case) -> list[Judge]:
    """What judges the gradient of each parameter."""
    whole = max((largest(g) for g in (case.truth or case.hand.arrays).values()), default=0.0)
    return [Judge(case.subject, name, case.probes[name], case.recording, case.rounding, whole) for name in case.keys]


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
    if case.rounding is None or not agree(g, truth, case.rounding.of(None, row.name)):
        return row
    note = f"of the loss summed over m = {m} examples, as the others"
    return row._replace(verdict="right", by_hand=largest(entry_errors(g, truth, 0.0)), note=note)


def settled(rows: list[Row]) -> list[Row]:
    """What fits none of the values that it may stand for is wrong where something else is: else it may be another's."""
    if not any(row.verdict == "wrong" for row in rows):
        return rows
    return [row._replace(verdict="wrong") if row.note.startswith(FITS_NONE) else row for row in rows]


# The cost without the small number that keeps a logarithm from 0


def without_small_numbers(case: Case, placed: Placed) -> tuple[Case, Placed, list[str]]:
    """The rows again, of the cost without the 1e-8 of a log(A + 1e-8), if they are right then that were wrong."""
    assert case.recording is not None
    small = small_numbers(case.recording.tensors)
    wrong = [i for i, (_, row) in enumerate(placed) if row.verdict == "wrong"]
    for numbers in [[n] for n in small] + [small] * (len(small) > 1):
        case.subject.left_out = numbers
        other, _ = recording_of(case.subject)
        if other is None or not near(case.truth, other.of_parameters()):
            continue
        anew = without(case, other, placed)
        left = [i for i, (_, row) in enumerate(anew) if row.verdict == "wrong"]
        if set(left) < set(wrong):
            mended = ", ".join(placed[i][1].name for i in wrong if i not in left)
            said = " and ".join(f"{n:g}" for n in numbers)
            sentence = f"Right of the cost without the {said} that is added in it: {mended}."
            return case._replace(recording=other), anew, [sentence]
    case.subject.left_out = []
    return case, placed, []


def without(case: Case, other: Recording, placed: Placed) -> Placed:
    """The rows again, of another recording: of the parameters' those that are wrong, of the intermediates' all."""
    rounding, truths, found = Rounding(case.subject, other, case.hand, 0.0), other.of_parameters(), Placed()
    for (name, key), (place, row) in zip(case.keys.items(), placed, strict=False):
        truth = truths[name]
        if row.verdict == "wrong" and key in case.hand.arrays and key not in case.changing:
            g, remark = as_updating(case.hand.arrays[key], name, truth.shape)
            if agree(g, truth, rounding.of(other.inputs[name], key)):
                row = row._replace(verdict="right", note=remark, by_hand=largest(entry_errors(g, truth, 0.0)))
        found.append((place, row))
    return found + (judge_intermediates(case.intermediates, other, rounding)[0] if case.intermediates else [])


def near(gradients: Arrays, others: Arrays) -> bool:
    """Whether small numbers make so little of a difference as those that only keep a logarithm from 0."""
    pairs = [(g, others[name]) for name, g in gradients.items()]
    return all(largest(g - other) <= SMALL_CHANGE * largest(g) for g, other in pairs)


def key_of(name: str, hand: Hand, parameters: Arrays) -> str:
    """Under which key the gradient of a parameter was returned; the usual one where it was not."""
    returned = [*hand.arrays, *hand.faults]
    usual = "d" + name
    return name if name in returned and (usual not in returned or usual in parameters) else usual


def same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)
