"""check: from a subject, its recording and its differences to a verdict on each gradient."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .advice import advise
from .comparison import (
    NUMERIC_TOLERANCE,
    TOLERANCE,
    Probe,
    agree,
    entry_errors,
    largest,
    outside_choices,
    probe,
    resolved,
    unit,
)
from .intermediates import FITS_NONE, judge_intermediates, split
from .probing import probe_all
from .recording import BELOW, Recording, Rounding, recording_of
from .report import Cause, Report, Row
from .stripping import small_numbers
from .subject import Arrays, Hand, Subject
from .wording import difference, listed

LEAST = 1e-3  # seconds for the differences where they judge alone
PATIENCE = 15.0  # seconds that the search for a fix may take
SEEDED = "The cost changes from call to call, so np.random.seed(1) was set before each call of cost and of gradients."
ALTERED = (
    "gradients(parameters) changes {} in the dict it is given, as an update would: whoever calls it to look at the "
    "gradients has moved. It was given a copy."
)
SMALL_CHANGE = 1e-2  # of the largest entry: what a small number may be to a gradient that leaves it out
KINKS = 64  # disagreeing entries that are looked at for a kink


def check(
    cost: Callable[..., Any],
    gradients: Callable[..., Any],
    parameters: Mapping[str, Any],
    *,
    seconds: float = 1.0,
    suggest: bool | float = True,
) -> Report:
    """Whether the gradients that gradients(parameters) returns are those of cost(parameters).

    parameters: {name: array}. gradients returns {"dW1" or "W1": array, ...}, and whatever intermediates it has (dZ2,
    dA1, ...). Both functions are plain NumPy.

    seconds: about how long the finite differences may take; a bar shows when it is more than two. Entries that do not
    fit into that are sampled, and the report says so. With 0 the recorded gradients are confirmed along one random
    direction of all parameters, or of each; every entry of the hand-written ones is still compared with them.

    suggest: whether to look for the mistake and a change of the code that mends it where something is wrong; for 15
    seconds at most, or the number of seconds given.

    Errors that the two functions raise are passed on. TypeError when one of them returns the wrong kind of thing.
    """
    if not seconds >= 0:
        raise ValueError(f"check: seconds is {seconds}; expected is a number, 0 or above")
    state = np.random.get_state()  # noqa: NPY002
    try:
        return judged(Subject(cost, gradients, parameters), seconds, suggest)
    finally:
        np.random.set_state(state)  # noqa: NPY002


def judged(subject: Subject, seconds: float, suggest: bool | float) -> Report:
    """The report on a subject."""
    hand, again = subject.gradients(), subject.gradients()
    names = {name: key_of(name, hand, subject.parameters) for name in subject.parameters}
    intermediates = {key: g for key, g in hand.arrays.items() if key not in names.values()}
    if subject.problem:
        keys = [*names.values(), *intermediates]
        rows = [Row(key, np.shape(hand.arrays[key]) if key in hand.arrays else None, "unchecked") for key in keys]
        return Report(
            rows,
            ["Nothing was checked: " + subject.problem + "." * (not subject.problem.endswith("?"))],
            recorded=False,
        )
    subject.named = bool(intermediates)
    recording, reason = recording_of(subject)
    notes = [reason + " The verdicts rest on central differences alone."] if reason else []
    subject.noise = max(subject.noise, recording.noise() if recording else subject.measured_noise())
    truth = recording.of_parameters() if recording else {}
    whole = max((largest(g) for g in (truth or hand.arrays).values()), default=0.0)
    probes, sampled = probe_all(
        subject,
        truth or {n: hand.arrays[k] for n, k in names.items() if k in hand.arrays},
        seconds if recording else max(seconds, LEAST),
    )
    rounding = Rounding(subject, recording, hand, seconds) if recording else None
    changing = [key for key in hand.arrays if not same(hand.arrays[key], again.arrays.get(key))]
    placed: list[tuple[float, Row]] = []
    for order, (name, key) in enumerate(names.items()):
        judge = Judge(subject, name, probes[name], recording, rounding, whole)
        row = judge.row(key, hand, changing)
        placed.append((recording.first_use(name) - 0.5 if recording else order, row))
    if intermediates and recording and rounding:
        further, sentences, factors = judge_intermediates(intermediates, recording, rounding)
        placed = [(place, as_the_others(row, hand, truth, names, factors, rounding)) for place, row in placed] + further
        notes += sentences
    else:
        note = "is compared with the recorded one only, and the cost could not be recorded"
        placed += [(-1, Row(k, g.shape, "unchecked", note)) for k, g in intermediates.items()]
    notes += [sampled] if sampled else []
    notes += [SEEDED] if subject.seeded else []
    notes += [ALTERED.format(", ".join(hand.altered))] if hand.altered else []
    if recording and any(row.verdict == "wrong" for _, row in placed):
        placed, recording, sentence = without_small_numbers(subject, recording, hand, names, intermediates, placed)
        notes += sentence
    rows = [row for _, row in sorted(placed, key=lambda p: -p[0])]
    if any(row.verdict == "wrong" for row in rows):  # where all else is right, it may well stand for something else
        rows = [row._replace(verdict="wrong") if row.note.startswith(FITS_NONE) else row for row in rows]
    causes, fix = list[Cause](), None
    if suggest and any(row.verdict == "wrong" for row in rows):
        try:
            rows, causes, fix = advise(subject, recording, hand, names, rows, PATIENCE if suggest is True else suggest)
        except Exception as error:  # the verdicts stand without it
            notes.append(f"The search for the mistake ended with {type(error).__name__}: {error}.")
    return Report(rows, notes, recording is not None, causes, fix)


def as_the_others(
    row: Row, hand: Hand, truth: Arrays, names: dict[str, str], factors: dict[str, int], rounding: Rounding
) -> Row:
    """dA0 is right as m times the gradient of the cost, where A0 is a parameter, if dA1 and dA2 are so as well."""
    letter, number = split(row.name) if row.name.startswith("d") else ("", None)
    m, own = factors.get(letter, 1), [name for name, key in names.items() if key == row.name]
    if row.verdict != "wrong" or letter != "A" or number is None or m == 1 or row.name not in hand.arrays or not own:
        return row
    g = hand.arrays[row.name]
    if not agree(g, m * truth[own[0]], rounding.of(None, row.name)):
        return row
    error = largest(entry_errors(g, m * truth[own[0]], 0.0))
    return row._replace(verdict="right", by_hand=error, note=f"of the loss summed over m = {m} examples, as the others")


def near(gradients: Arrays, others: Arrays) -> bool:
    """Whether small numbers make so little of a difference as those that only keep a logarithm from 0."""
    pairs = [(g, others[name]) for name, g in gradients.items()]
    return all(largest(g - other) <= SMALL_CHANGE * largest(g) for g, other in pairs)


def without_small_numbers(
    subject: Subject, recording: Recording, hand: Hand, names: dict[str, str], intermediates: Arrays,
    placed: list[tuple[float, Row]],
) -> tuple[list[tuple[float, Row]], Recording, list[str]]:  # fmt: skip
    """The rows again, of the cost without the 1e-8 of a log(A + 1e-8), if they are right then that were wrong."""
    small = small_numbers(recording.tensors)
    wrong = {row.name for _, row in placed if row.verdict == "wrong"}
    for numbers in [[n] for n in small] + [small] * (len(small) > 1):
        subject.left_out = numbers
        other, _ = recording_of(subject)
        if other is not None and near(recording.of_parameters(), other.of_parameters()):
            rounding = Rounding(subject, other, hand, 0.0)
            anew = {row.name: (place, row) for place, row in placed}
            for name, key in names.items():
                g, truth = hand.arrays.get(key), other.of_parameters()[name]
                if key in wrong and agree(g, truth, rounding.of(other.inputs[name], key)):
                    place, row = anew[key]
                    anew[key] = (
                        place,
                        row._replace(verdict="right", note="", by_hand=largest(entry_errors(g, truth, 0.0))),
                    )
            if intermediates:
                anew |= {
                    row.name: (place, row) for place, row in judge_intermediates(intermediates, other, rounding)[0]
                }
            left = {name for name, (_, row) in anew.items() if row.verdict == "wrong"}
            if left < wrong:
                mended = ", ".join(name for name in anew if name in wrong - left)
                said = " and ".join(f"{n:g}" for n in numbers)
                return (
                    list(anew.values()),
                    other,
                    [f"Right of the cost without the {said} that is added in it: {mended}."],
                )
    subject.left_out = []
    return placed, recording, []


def assert_gradients(
    cost: Callable[..., Any], gradients: Callable[..., Any], parameters: Mapping[str, Any], **keywords: Any
) -> None:
    """check, for a test: AssertionError with the report as its message unless every gradient is right."""
    report = check(cost, gradients, parameters, **keywords)
    if not report.ok:
        raise AssertionError("\n" + str(report))


def key_of(name: str, hand: Hand, parameters: Arrays) -> str:
    """Under which key the gradient of a parameter was returned; the usual one where it was not."""
    returned = [*hand.arrays, *hand.faults]
    usual = "d" + name
    return name if name in returned and (usual not in returned or usual in parameters) else usual


def same(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)


class Judge:
    """The verdict on one parameter's gradient."""

    def __init__(
        self,
        subject: Subject,
        name: str,
        probes: list[Probe],
        recording: Recording | None,
        rounding: Rounding | None,
        whole: float,
    ) -> None:
        self.subject, self.name, self.probes, self.whole = subject, name, probes, whole
        self.recording, self.rounding = recording, rounding
        self.shape = np.shape(subject.parameters[name])
        self.truth = recording.of_parameters()[name] if recording else None
        self.numeric = None if self.truth is None else self.probe_error(self.truth)
        self.trusted = self.truth is not None and bool(np.all(np.isfinite(self.truth))) and not self.contradicted()

    def contradicted(self) -> bool:
        """Whether a sharp difference says otherwise than the recording."""
        size = max((abs(p.value) for p in self.probes), default=0.0)
        return any(p.sharp and p.error(self.truth, size) > NUMERIC_TOLERANCE for p in self.probes)

    def row(self, key: str, hand: Hand, changing: list[str]) -> Row:
        """The verdict, and why."""
        if key in hand.faults:
            return self.make(key, None, "wrong", hand.faults[key])
        if key not in hand.arrays:
            return self.make(key, None, "unchecked", "gradients() returned nothing for it")
        g = hand.arrays[key]
        if g.shape != self.shape:
            values = "its values cannot be compared"
            if g.size == math.prod(self.shape):
                right = self.verdict(key, g.reshape(self.shape))[0] == "right"
                values = "its values are right" if right else "its values are wrong as well"
            return self.make(key, g, "wrong", f"has shape {g.shape}, {self.name} has shape {self.shape}; {values}")
        if not np.all(np.isfinite(g)):
            return self.not_finite(key, g)
        verdict, note, error = self.verdict(key, g)
        if key in changing:
            verdict, note = "wrong", "changes from one call to the next, with the same parameters"
        return self.make(key, g, verdict, note, error)

    def not_finite(self, key: str, g: Any) -> Row:
        count = int(np.sum(~np.isfinite(g)))
        if self.truth is not None and not np.all(np.isfinite(self.truth)):
            return self.make(key, g, "unchecked", "is not finite, and neither is the recorded one")
        return self.make(key, g, "wrong", f"holds {count} {'entries' if count > 1 else 'entry'} not finite")

    def make(self, key: str, g: Any, verdict: str, note: str, error: float | None = None) -> Row:
        return Row(key, None if g is None else g.shape, verdict, note, error, self.numeric, len(self.probes))

    def verdict(self, key: str, g: Any) -> tuple[str, str, float]:
        """(verdict, note, error) of a gradient of the parameter's shape."""
        return self.against_recording(key, g) if self.trusted else self.against_differences(g)

    def against_recording(self, key: str, g: Any) -> tuple[str, str, float]:
        assert self.recording is not None
        assert self.rounding is not None
        tensor = self.recording.inputs[self.name]
        errors = entry_errors(g, self.truth, 0.0)
        if largest(errors) <= TOLERANCE:
            return "right", "", largest(errors)
        slack = self.rounding.of(tensor, key)
        errors = entry_errors(g, self.truth, slack)
        if largest(errors) <= TOLERANCE:
            return "right", "", largest(errors)
        wrong = [tuple(int(i) for i in entry) for entry in np.argwhere(errors > TOLERANCE)]
        if self.recording.at_kink:
            choices = [choice[tensor] for choice in self.recording.choices]
            if any(agree(g, choice, slack) for choice in choices) or self.between(g, wrong):
                note = f"at a kink, where any slope between the one-sided ones is right: {listed(wrong)}"
                return "right", note, 0.0
            if not outside_choices(g, [self.truth, *choices], slack):
                note = f"differs at a kink, where several slopes are right: {listed(wrong)}"
                return "unchecked", note, largest(errors)
        if self.rounding.explains(key, g - self.truth):
            return "unchecked", BELOW, largest(errors)
        return "wrong", difference(g, self.truth, wrong), largest(errors)

    def between(self, g: Any, entries: list[tuple[int, ...]]) -> bool:
        """Whether every one of these entries lies between the one-sided slopes of a kink."""
        if len(entries) > KINKS:
            return False
        probes = [probe(self.subject, self.name, entry, unit(self.shape, entry), 0.0) for entry in entries]
        return all(p.kink and p.error(g, 0.0) == 0.0 for p in probes)

    def against_differences(self, g: Any) -> tuple[str, str, float]:
        error, note = self.probe_error(g), ""
        if self.truth is not None:
            note = "the recorded gradient disagrees with central differences here, which judge instead"
        if error > NUMERIC_TOLERANCE:
            entries = [p for p in self.probes if p.entry is not None]
            by_hand, numeric = np.array([p.along(g) for p in entries]), np.array([p.value for p in entries])
            ratio = difference(by_hand, numeric, precision=1e-4)
            return "wrong", "; ".join(filter(None, [note, ratio])), error
        if not resolved(self.probes, g, self.whole):
            return "unchecked", "central differences are too rough here to confirm it", error
        kinks = [p.entry for p in self.probes if p.kink and p.entry is not None]
        at = f"at a kink, where any slope between the one-sided ones is right: {listed(kinks)}" if kinks else ""
        return "right", "; ".join(filter(None, [note, at])), error

    def probe_error(self, g: Any) -> float:
        if not np.all(np.isfinite(g)):
            return np.inf
        size = max((abs(p.value) for p in self.probes), default=0.0)
        return max((p.error(g, size) for p in self.probes), default=0.0)
