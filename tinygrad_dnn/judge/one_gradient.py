"""The verdict on one parameter's gradient: by the recorded one where that can be trusted, else by differences."""

import math
from typing import Any

import numpy as np

from .comparison import (
    NUMERIC_TOLERANCE,
    TOLERANCE,
    Probe,
    agree,
    contradict,
    entry_errors,
    largest,
    outside_choices,
    probe,
    resolved,
    uncovered,
    unit,
)
from .recording import BELOW, Recording, Rounding
from .report import Row
from .subject import Hand, Subject
from .wording import difference, listed, values

ALIKE = "has shape {}, {} has shape {}: the update is the same; with an (n,) for an (n, 1) it would broadcast to (n, n)"
CUT_OFF = "it is an array of whole numbers, which cuts off what is written into it"
NEARLY = 1e-4  # of the largest entry: what differences with a usual step are off
KINKS = 64  # disagreeing entries that are looked at for a kink


def as_updating(g: Any, name: str, shape: tuple[int, ...]) -> tuple[Any, str]:
    """A gradient of another shape that makes the same update, in the parameter's shape and with a remark; else itself.

    (n,) makes that of (1, n), a number that of (1, 1), and (1,) or (1, 1) that of a number.
    """
    shorter = len(g.shape) < len(shape) and shape[len(shape) - len(g.shape) :] == g.shape
    if g.shape == shape or g.size != math.prod(shape) or not (shape == () or shorter):
        return g, ""
    return g.reshape(shape), ALIKE.format(g.shape, name, shape)


class Judge:
    """The verdict on one parameter's gradient."""

    def __init__(
        self, subject: Subject, name: str, probes: list[Probe], recording: Recording | None, rounding: Rounding | None,
        whole: float, approximate: bool = False,
    ) -> None:  # fmt: skip
        self.approximate = approximate
        self.subject, self.name, self.probes, self.whole = subject, name, probes, whole
        self.recording, self.rounding = recording, rounding
        self.shape = np.shape(subject.parameters[name])
        self.truth = recording.of_parameters()[name] if recording else None
        self.contradicted = self.truth is not None and contradict(probes, self.truth)
        self.numeric = None if self.truth is None else self.probe_error(self.truth)
        self.trusted = self.truth is not None and bool(np.all(np.isfinite(self.truth))) and not self.contradicted

    def row(self, key: str, hand: Hand, changing: list[str]) -> Row:
        """The verdict, and why."""
        if key in hand.faults:
            return self.make(key, None, "wrong", hand.faults[key])
        if key not in hand.arrays:
            return self.make(key, None, "unchecked", "gradients() returned nothing for it")
        g, remark = as_updating(hand.arrays[key], self.name, self.shape)
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
        if verdict == "wrong" and key in hand.whole:
            remark = "; ".join(filter(None, [remark, CUT_OFF]))
        return self.make(key, hand.arrays[key], verdict, "; ".join(filter(None, [note, remark])), error)

    def not_finite(self, key: str, g: Any) -> Row:
        count = int(np.sum(~np.isfinite(g)))
        if self.truth is not None and not np.all(np.isfinite(self.truth)):
            return self.make(key, g, "unchecked", "is not finite, and neither is the recorded one")
        return self.make(key, g, "wrong", f"holds {count} {'entries' if count > 1 else 'entry'} not finite")

    def make(self, key: str, g: Any, verdict: str, note: str, error: float | None = None) -> Row:
        return Row(key, None if g is None else g.shape, verdict, note, error, self.numeric, len(self.probes))

    def verdict(self, key: str, g: Any) -> tuple[str, str, float]:
        """(verdict, note, error) of a gradient of the parameter's shape."""
        verdict, note, error = self.against_recording(key, g) if self.trusted else self.against_differences(g)
        if verdict == "wrong" and self.approximate and self.is_near(g):
            return "right", "", error
        return verdict, note, error

    def is_near(self, g: Any) -> bool:
        """Whether a gradient is as near to the right one as differences come."""
        if self.trusted:
            assert self.truth is not None
            return largest(g - self.truth) <= NEARLY * largest(self.truth)
        return self.probe_error(g) <= NEARLY

    def against_recording(self, key: str, g: Any) -> tuple[str, str, float]:
        assert self.recording is not None
        assert self.rounding is not None
        tensor = self.recording.inputs[self.name]
        errors = entry_errors(g, self.truth, 0.0)
        if largest(errors) <= TOLERANCE:
            return "right", "", largest(errors)
        slack = self.rounding.of(tensor, key, self.truth)
        errors = entry_errors(g, self.truth, slack)
        if largest(errors) <= TOLERANCE:
            return "right", "", largest(errors)
        wrong = [tuple(int(i) for i in entry) for entry in np.argwhere(errors > TOLERANCE)]
        if self.recording.at_kink:
            choices = [choice[tensor] for choice in self.recording.choices]
            if any(agree(g, choice, slack) for choice in choices) or self.between(g, wrong):
                note = f"at a kink, where any slope between the one-sided ones is right: {listed(wrong)}"
                return "right", note, 0.0
            if not outside_choices(g, [self.truth, *choices], slack) or self.unseen_kink(wrong):
                note = f"differs at a kink, where several slopes are right: {listed(wrong)}"
                return "unchecked", note, largest(errors)
        if self.rounding.explains(tensor, g - self.truth):
            return "unchecked", BELOW, largest(errors)
        return "wrong", difference(g, self.truth, wrong), largest(errors)

    def between(self, g: Any, entries: list[tuple[int, ...]]) -> bool:
        """Whether every one of these entries lies between the one-sided slopes of a kink."""
        return len(entries) <= KINKS and all(p.kink and p.error(g, 0.0) == 0.0 for p in self.probes_of(entries))

    def unseen_kink(self, entries: list[tuple[int, ...]]) -> bool:
        """Whether one of these entries stands at a kink that may be inside of somebody's own derivative."""
        assert self.recording is not None
        return self.recording.has_primitives and any(p.kink for p in self.probes_of(entries[:KINKS]))

    def probes_of(self, entries: list[tuple[int, ...]]) -> list[Probe]:
        return [probe(self.subject, self.name, entry, unit(self.shape, entry), 0.0) for entry in entries]

    def against_differences(self, g: Any) -> tuple[str, str, float]:
        error, note = self.probe_error(g), ""
        if self.truth is not None:
            note = "the recorded gradient disagrees with central differences here, which judge instead"
        if error > NUMERIC_TOLERANCE:
            return "wrong", "; ".join(filter(None, [note, self.from_differences(g)])), error
        if not resolved(self.probes, g, self.whole):
            return "unchecked", "central differences are too rough here to confirm it", error
        if few := uncovered(self.probes, g):
            return "unchecked", few, error
        kinks = [p.entry for p in self.probes if p.kink and p.entry is not None]
        at = f"at a kink, where any slope between the one-sided ones is right: {listed(kinks)}" if kinks else ""
        return "right", "; ".join(filter(None, [note, at])), error

    def from_differences(self, g: Any) -> str:
        """In which way a gradient differs from the differences at the entries that were looked at."""
        entries = [p for p in self.probes if p.entry is not None]
        if not entries:
            return "differs from the central difference along a random direction"
        by_hand, numeric = np.array([p.along(g) for p in entries]), np.array([p.value for p in entries])
        if said := difference(by_hand, numeric, precision=1e-4, by="by differences"):
            return said
        size = largest(numeric)
        worst = max(entries, key=lambda p: p.error(g, size))
        if worst.error(g, size) <= NUMERIC_TOLERANCE:
            return "differs from the central difference along a random direction"
        return f"at {list(worst.entry or ())} is {values(worst.along(g), worst.value, 'by differences')}"

    def probe_error(self, g: Any) -> float:
        if not np.all(np.isfinite(g)):
            return np.inf
        size = max((abs(p.value) for p in self.probes), default=0.0)
        return max((p.error(g, size) for p in self.probes), default=0.0)
