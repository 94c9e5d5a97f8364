"""check: from a subject, its recording and its differences to a verdict on each gradient."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .comparison import (
    NUMERIC_TOLERANCE,
    TOLERANCE,
    Probe,
    entry_errors,
    largest,
    probe,
    random_direction,
    resolved,
    rounding,
    unit,
)
from .intermediates import judge_intermediates
from .recording import Recording, gradients_at, recording_of
from .report import Report, Row
from .subject import Arrays, Subject

try:
    from tqdm import tqdm
except ImportError:  # a bar is a convenience
    tqdm = None

CALLS_PER_PROBE = 4
SAMPLE, DIRECTIONS = 8, 2  # of a parameter too large to probe every entry of
KINKS = 64  # disagreeing entries that are looked at for a kink
BAR_AFTER = 2.0  # seconds


def check(
    cost: Callable[..., Any], gradients: Callable[..., Any], parameters: Mapping[str, Any], *, seconds: float = 1.0
) -> Report:
    """Whether the gradients that gradients(parameters) returns are those of cost(parameters).

    parameters: {name: array}. gradients returns {"dW1" or "W1": array, ...}, and whatever intermediates it has (dZ2,
    dA1, ...). Both functions are plain NumPy. seconds: how long the finite differences may take; a bar shows when it
    is more than two. Entries that do not fit into that are sampled, and the report says so.

    Errors that the two functions raise are passed on. TypeError when one of them returns the wrong kind of thing.
    """
    subject = Subject(cost, gradients, parameters)
    hand = subject.gradients()
    names = {name: key_of(name, hand) for name in subject.parameters}
    intermediates = {key: g for key, g in hand.items() if key not in names.values()}
    if subject.problem:
        keys = [*(names[n] or "d" + n for n in names), *intermediates]
        rows = [Row(key, hand[key].shape if key in hand else None, "unchecked") for key in keys]
        return Report(rows, [f"Nothing was checked: {subject.problem}."], recorded=False)
    recording, reason = recording_of(subject)
    notes = [reason + " The verdicts rest on central differences alone."] if reason else []
    probes, sampled = probe_all(subject, seconds)
    truth = recording.parameters if recording else {}
    whole = max((largest(np.abs(g)) for g in (truth or hand).values()), default=0.0)
    slack = slack_of(subject, hand, recording, names, whole)
    placed: list[tuple[float, Row]] = []
    for order, (name, key) in enumerate(names.items()):
        judge = Judge(subject, name, probes[name], truth.get(name), slack.get(name, 0.0), whole)
        row = judge.row(key or "d" + name, hand.get(key or ""))
        placed.append((recording.first_use[name] if recording else order, row))
    if intermediates and recording:
        kinks = any(p.kink for found in probes.values() for p in found)
        further, conventions = judge_intermediates(intermediates, recording, kinks)
        placed += further
        notes += conventions
    else:
        placed += [(-1, Row(k, g.shape, "unchecked", "needs a recording")) for k, g in intermediates.items()]
    notes += [changing(subject, hand)] if changing(subject, hand) else []
    notes += [sampled] if sampled else []
    return Report([row for _, row in sorted(placed, key=lambda p: -p[0])], notes, recorded=recording is not None)


def key_of(name: str, hand: Arrays) -> str | None:
    """Under which key the gradient of a parameter was returned."""
    return next((key for key in ("d" + name, name) if key in hand), None)


def changing(subject: Subject, hand: Arrays) -> str:
    """A sentence when the hand-written gradients differ from one call to the next."""
    again = subject.gradients()
    moved = [k for k, g in hand.items() if k in again and not np.allclose(again[k], g, rtol=1e-9, equal_nan=True)]
    return f"From call to call, with the same parameters, these change: {', '.join(moved)}." if moved else ""


def slack_of(
    subject: Subject, hand: Arrays, recording: Recording | None, names: dict[str, str | None], whole: float
) -> Arrays:
    """What rounding alone does to each parameter's gradient, recorded and by hand together."""
    if recording is None:
        return {}
    points, most = [subject.nearby(seed) for seed in (1, 2)], whole * max(1e-8, 64 * subject.eps)
    with np.errstate(all="ignore"):
        by_hand = rounding(hand, [subject.gradients(dict(p)) for p in points], most)
        recorded = rounding(recording.parameters, [gradients_at(subject, p).parameters for p in points], most)
    both = {name: (g, by_hand.get(names[name] or "", np.inf)) for name, g in recorded.items()}
    return {name: 16 * (g + h) for name, (g, h) in both.items() if np.shape(h) == g.shape}


def probe_all(subject: Subject, seconds: float) -> tuple[dict[str, list[Probe]], str]:
    """Differences for every entry of every parameter, or for as many as the time allows and some directions."""
    plan, sampled = plan_probes(subject, seconds)
    tasks = [(name, *task) for name, tasks in plan.items() for task in tasks]
    expected = CALLS_PER_PROBE * len(tasks) * subject.seconds
    probes: dict[str, list[Probe]] = {name: [] for name in plan}
    for name, index in with_bar(tasks, expected > BAR_AFTER):
        shape = subject.parameters[name].shape
        rng = np.random.default_rng(len(probes[name]))
        direction = random_direction(rng, shape) if index is None else unit(shape, index)
        probes[name].append(probe(subject, name, index, direction))
    return probes, sampled


def with_bar(tasks: list[Any], shown: bool) -> Iterable[Any]:
    return tqdm(tasks, desc="central differences", unit="entry", leave=False) if shown and tqdm else tasks


def plan_probes(subject: Subject, seconds: float) -> tuple[dict[str, list[tuple[Any]]], str]:
    """The entries to probe, None standing for a random direction; and a sentence when that is a sample."""
    shapes = {name: np.shape(x) for name, x in subject.parameters.items()}
    total = sum(x.size for x in subject.parameters.values())
    affordable = int(seconds / (CALLS_PER_PROBE * max(subject.seconds, 1e-6)))
    if total <= affordable:
        return {name: [(index,) for index in np.ndindex(shape)] for name, shape in shapes.items()}, ""
    each = max(SAMPLE, affordable // len(shapes) - DIRECTIONS)
    rng = np.random.default_rng(0)
    plan: dict[str, list[tuple[Any]]] = {}
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        chosen = np.sort(rng.choice(size, min(each, size), replace=False))
        entries = [(tuple(int(i) for i in np.unravel_index(k, shape)),) for k in chosen]
        plan[name] = entries + [(None,)] * (DIRECTIONS if len(entries) < size else 0)
    entries_probed = sum(task != (None,) for task in itertools.chain(*plan.values()))
    return plan, (
        f"Central differences: {entries_probed:,} of {total:,} entries, and {DIRECTIONS} random directions of each "
        "parameter that is not covered whole; more with check(..., seconds=60)."
    )


class Judge:
    """One parameter's gradient: truth is the recorded one, None where there is none."""

    def __init__(self, subject: Subject, name: str, probes: list[Probe], truth: Any, slack: Any, whole: float) -> None:
        self.subject, self.name, self.probes, self.slack, self.whole = subject, name, probes, slack, whole
        self.shape = np.shape(subject.parameters[name])
        self.numeric = None if truth is None else self.probe_error(truth)
        self.trusted = self.numeric is not None and self.numeric <= NUMERIC_TOLERANCE
        self.truth = truth

    def row(self, key: str, g: Any) -> Row:
        """The verdict on g, and why."""
        if g is None:
            return self.make(key, None, "unchecked", "gradients() returned nothing for it")
        if g.shape != self.shape:
            fits = g.size == np.prod(self.shape) and self.verdict(g.reshape(self.shape))[0] == "right"
            values = "its values are right" if fits else "its values cannot be compared"
            return self.make(key, g, "wrong", f"has shape {g.shape}, {self.name} has shape {self.shape}; {values}")
        if not np.all(np.isfinite(g)):
            return self.make(key, g, "wrong", f"holds {np.sum(~np.isfinite(g))} entries that are nan or infinite")
        return self.make(key, g, *self.verdict(g))

    def make(self, key: str, g: Any, verdict: str, note: str, error: float | None = None) -> Row:
        return Row(key, None if g is None else g.shape, verdict, note, error, self.numeric, f"{len(self.probes)}")

    def verdict(self, g: Any) -> tuple[str, str, float]:
        """(verdict, note, error) of a gradient of the parameter's shape."""
        return self.against_recording(g) if self.trusted else self.against_differences(g)

    def against_recording(self, g: Any) -> tuple[str, str, float]:
        errors = entry_errors(g, self.truth, self.slack, TOLERANCE)
        at_kinks = self.at_kinks(g, errors)
        for index in at_kinks:
            errors[index] = 0.0
        note = f"at a kink, where any slope between the one-sided ones is right: {listed(at_kinks)}" if at_kinks else ""
        if largest(errors) <= TOLERANCE:
            return "right", note, largest(errors)
        return "wrong", ratio_note(g, self.truth), largest(errors)

    def against_differences(self, g: Any) -> tuple[str, str, float]:
        error = self.probe_error(g)
        note = ""
        if self.truth is not None:
            note = "the recorded gradient disagrees with central differences here, which judge instead"
        if error > NUMERIC_TOLERANCE:
            entries = [p for p in self.probes if p.entry is not None]
            ratio = ratio_note(np.array([p.along(g) for p in entries]), np.array([p.value for p in entries]), 1e-4)
            return "wrong", "; ".join(filter(None, [note, ratio])), error
        if not resolved(self.probes, g, self.whole):
            return "unchecked", "central differences are too rough here to confirm it", error
        return "right", note, error

    def probe_error(self, g: Any) -> float:
        if not np.all(np.isfinite(g)):
            return np.inf
        size = max((abs(p.value) for p in self.probes), default=0.0)
        return max((p.error(g, size) for p in self.probes), default=0.0)

    def at_kinks(self, g: Any, errors: Any) -> list[tuple[int, ...]]:
        """The disagreeing entries whose value lies between the one-sided slopes of a kink."""
        indices = [tuple(int(i) for i in index) for index in np.argwhere(errors > TOLERANCE)]
        if len(indices) > KINKS:
            return []
        probes = [probe(self.subject, self.name, index, unit(self.shape, index)) for index in indices]
        return [p.entry for p in probes if p.entry is not None and p.kink and p.error(g, 0.0) == 0.0]


def listed(indices: list[tuple[int, ...]], most: int = 4) -> str:
    shown = ", ".join(str(list(index)) for index in indices[:most])
    return shown + (f" and {len(indices) - most} more" if len(indices) > most else "")


def ratio_note(g: Any, truth: Any, precision: float = 1e-6) -> str:
    """A sentence when g is a multiple of the right gradient, or its transpose, or zero."""
    if not np.any(g):
        return "is zero everywhere"
    if g.ndim == 2 and g.shape[0] == g.shape[1] > 1 and np.allclose(g, truth.T, rtol=precision, atol=0):
        return "is the transpose of the right one"
    if not np.any(truth) or not np.all(truth[g != 0]):
        return ""
    c = float(np.sum(g * truth) / np.sum(truth * truth))
    return f"is {c:.6g} times the right one" if np.allclose(g, c * truth, rtol=precision, atol=0) else ""
