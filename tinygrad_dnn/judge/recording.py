"""The recorded run of a subject's cost: its gradients, and what rounding leaves uncertain in them."""

import contextlib
import functools
import linecache
import time
from typing import Any

import numpy as np

from ..engine.calls import USUALLY
from ..engine.derivatives import DERIVATIVES, unbroadcast
from ..engine.primitives import is_primitive
from ..engine.signatures import KNOWN
from ..engine.tensor import Tensor
from ..engine.walk import backpropagate, graph, start
from ..program.places import line_of
from ..program.sources import named
from ..program.watching import Names
from .kinks import Rules, other_rules, tied
from .stripping import without
from .subject import EPS, Arrays, Hand, Subject

SHAKES = (500, 5000, 50000)  # how many last places a parameter moves: another draw of the same rounding
SMALLER = (0.1, 0.01)  # times the parameters: there a network that is saturated here is not
WRITE = (  # what stands in the line, and what can be written instead
    (".dot(", "Write X @ W or np.dot(X, W) for X.dot(W)"),
    ("array(", "Write t itself for np.array(t), and np.stack([t, u]) for np.array([t, u])"),
    ("float(", "Write t itself for float(t)"),
    ("] =", "Write z = Tensor(a).copy() before z[i] = t"),
)
ELSE = "Write it with NumPy's functions of whole arrays"
BELOW = "differs by less than rounding does where the network is not saturated"
MORE = 64  # times the rounding of the recorded gradient: so much that of a hand-written one may be
MOST = 2e-5  # of an entry: or so much
FURTHER = (0.3, 0.01)  # how far away a cost is looked for once more, as a part of each entry
QUICK = 5e-3  # seconds of a cost that can be run in extended precision as well


class Recording:
    """One recorded run: the tensors in their order, their gradients, and what the code's variables held."""

    def __init__(self, cost: Tensor, inputs: dict[str, Tensor], names: Names) -> None:
        self.cost, self.inputs, self.names = cost, inputs, names
        self.tensors = graph(cost)
        self.gradients = self.under(DERIVATIVES)

    def under(self, rules: Rules) -> dict[Tensor, Any]:
        """The gradient of every tensor by a table of derivatives, zero where none arrives."""
        with np.errstate(all="ignore"):
            found = backpropagate(self.cost, start(self.cost), rules=rules)
        tensors = [*self.tensors, *self.inputs.values()]
        return {t: np.asarray(found[t]) if t in found else np.zeros(t.shape) for t in tensors}

    def of_parameters(self, gradients: dict[Tensor, Any] | None = None) -> Arrays:
        chosen = self.gradients if gradients is None else gradients
        return {name: chosen[tensor] for name, tensor in self.inputs.items()}

    @functools.cached_property
    def choices(self) -> list[dict[Tensor, Any]]:
        """The gradients that other slopes at the kinks of this run give; none where it stands at no kink."""
        return [self.under(rules) for rules in other_rules(self.tensors)]

    @functools.cached_property
    def at_kink(self) -> bool:
        """Whether a call stands at a kink; of a function with a derivative of somebody's own that is not known."""
        return self.has_primitives or any(map(tied, self.tensors))

    @functools.cached_property
    def has_primitives(self) -> bool:
        return any(is_primitive(t.function) for t in self.tensors)

    def noise(self) -> float:
        """How far rounding moves the cost at most: eps |y dJ/dy| from every tensor y on the way, added up."""
        with np.errstate(all="ignore"):
            total = sum(
                np.finfo(t.dtype).eps * float(np.sum(np.abs(t.recorded * self.gradients[t]))) for t in self.tensors
            )
        return float(total) if np.isfinite(total) else 0.0

    def is_rough(self) -> bool:
        """Whether anything on the way is computed in less than double precision."""
        return any(np.finfo(t.dtype).eps > np.finfo(float).eps for t in self.tensors)

    def first_use(self, name: str) -> int:
        """The place in the order of recording where a parameter is first used."""
        own = self.inputs[name]
        return next((t.number for t in self.tensors if any(parent is own for parent in t.parents)), -1)

    def constants(self) -> list[tuple[Tensor, int, Any]]:
        """Where a constant array goes in: the tensor it helps to make, its place there, and the array."""
        return [
            (tensor, place, argument)
            for tensor in self.tensors
            for place, argument in enumerate(tensor.arguments)
            if isinstance(argument, np.ndarray) and argument.dtype.kind in "fiu" and place < rules_of(tensor)
        ]

    def constant_gradients(self, array: Any) -> list[Any]:
        """The gradients of a constant: of each place where an equal array goes in, and their sum."""
        each = []
        for tensor, place, argument in self.constants():
            if argument.shape == np.shape(array) and np.array_equal(argument, array):
                rule = DERIVATIVES[tensor.function][place]  # type: ignore[index]
                values = [a.recorded if type(a) is Tensor else a for a in tensor.arguments]
                if rule is not None:
                    g = rule(self.gradients[tensor], tensor.recorded, *values, **tensor.keywords)
                    each.append(unbroadcast(g, argument.shape))
        return [*each, sum(each)] if len(each) > 1 else each


def rules_of(tensor: Tensor) -> int:
    return KNOWN[tensor.function].data if tensor.function else 0


def record(subject: Subject, parameters: Arrays | None = None) -> Recording:
    """Record the cost and walk back; RuntimeError where the recorded run is not the run of the plain code."""
    with np.errstate(all="ignore"):
        cost, inputs, names = subject.recorded(parameters)
    if type(cost) is not Tensor:
        raise RuntimeError("the cost came out as a plain number: no parameter took part in it")
    found = float(cost.data.item())
    if parameters is None and abs(found - subject.value) > 256 * max(subject.noise, 1e-16 * abs(subject.value)):
        raise RuntimeError(f"the recorded run gave another cost, {found:.17g}, than {subject.value:.17g}")
    if subject.left_out:
        cost, inputs, names = without(subject.left_out, cost, inputs, names)
    return Recording(cost, inputs, names)


def recording_of(subject: Subject) -> tuple[Recording | None, str]:
    """The recording, or None and a sentence that says what stopped it."""
    try:
        return record(subject), ""
    except Exception as error:  # whatever somebody's code does with a tensor that it would not do with an array
        subject.rewritten = True
        for subject.halved in (False, True):
            with contextlib.suppress(Exception):
                recording = record(subject)
                for amount in FURTHER if subject.halved else ():
                    record(subject, subject.shaken(amount))  # which raises where it finds no such number
                return recording, ""
        subject.rewritten = subject.halved = False
        return None, f"The cost could not be recorded{what_stopped(error)}"


def what_stopped(error: Exception) -> str:
    """Where, the line of code, and what to write instead."""
    place = line_of(error)
    if place is None:
        return f": {error}."
    line = linecache.getline(*place).strip()
    reason = f"{type(error).__name__}: {error}."
    if USUALLY in reason:
        fitting = [text for sign, text in WRITE if sign in line]
        reason = f"{reason.partition(USUALLY)[0]}{'; '.join(fitting) if fitting else ELSE}."
    return f" at {named(*place)}: {line or '(no source)'} -- {reason}"


class Rounding:
    """How far rounding alone moves each recorded and each hand-written gradient.

    Two looks: at points a hair to either side, where what is left after the straight part is rounding (the middle of
    three such looks, as one may meet a fast function or a kink); and in extended precision, which shows the part of
    the rounding that is the same everywhere.
    """

    def __init__(self, subject: Subject, recording: Recording, hand: Hand, seconds: float) -> None:
        self.subject, self.recording, self.hand, self.seconds = subject, recording, hand, seconds
        self.place = {tensor: i for i, tensor in enumerate(recording.tensors)}

    @functools.cached_property
    def found(self) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """How far rounding moves each gradient: the recorded ones by place, the hand-written ones by name."""
        subject, recording = self.subject, self.recording
        first = {i: recording.gradients[t] for t, i in self.place.items()}, self.hand.arrays
        looks: list[list[dict[Any, Any]]] = []
        eps = max(float(np.finfo(tensor.dtype).eps) for tensor in recording.tensors)
        started = time.perf_counter()
        for places in SHAKES:
            if looks and time.perf_counter() - started > self.seconds / 2:
                break
            left, right = (run_at(subject, subject.shaken(sign * places * eps)) for sign in (1, -1))
            looks.append([bends(*three) for three in zip(first, left, right, strict=True)])
        precise: list[dict[Any, Any]] = [{}, {}]
        if subject.seconds < QUICK:
            run = run_at(subject, {k: v.astype(np.longdouble) for k, v in subject.parameters.items()})
            precise = [bends(*three) for three in zip(first, run, run, strict=True)]
        recorded, by_hand = (
            {
                key: 8 * middle([look[k][key] for look in looks if key in look[k]]) + 4 * precise[k].get(key, 0.0)
                for key in first[k]
            }
            for k in (0, 1)
        )
        return recorded, by_hand

    def of(self, tensor: Tensor | None, name: str, truth: Any) -> Any:
        """For the hand-written gradient of this name and the right one, which is that of a tensor times a factor.

        What is seen of the hand-written one counts only up to a bound that it has no part in: its noise may be a fault.
        """
        known = tensor is not None and tensor in self.place
        own = self.recording.gradients[tensor] if known else truth  # type: ignore[index]
        factor = largest_of(truth) / largest_of(own) if largest_of(own) else 1.0
        recorded = factor * np.asarray(self.found[0][self.place[tensor]] if known else 0.0)
        most = np.maximum(MORE * np.maximum(recorded, factor * self.moved_by_noise(tensor)), MOST * np.abs(truth))
        by_hand = np.asarray(self.found[1].get(name, 0.0))
        by_hand = by_hand.reshape(np.shape(truth)) if by_hand.size == np.size(truth) else by_hand
        return recorded + np.minimum(by_hand, most)

    def moved_by_noise(self, tensor: Tensor | None) -> float:
        """How far the rounding of the cost moves a gradient: what cancels on the way is large beside what is left."""
        if tensor is None or not (size := largest_of(tensor.recorded)):
            return self.recording.noise()
        return self.recording.noise() / size

    @functools.cached_property
    def smaller(self) -> list[dict[int, Any]]:
        """The recorded gradients at smaller parameters, by place."""
        subject = self.subject
        return [run_at(subject, {k: f * v for k, v in subject.parameters.items()})[0] for f in SMALLER]

    def usual(self, tensor: Tensor | None) -> float:
        """The largest entry of a recorded gradient at smaller parameters; 0 where it is not known."""
        place = self.place.get(tensor, -1) if tensor is not None else -1
        return max((largest_of(run[place]) for run in self.smaller if place in run), default=0.0)

    def explains(self, tensor: Tensor | None, difference: Any) -> bool:
        """Whether a difference is nothing beside how a gradient of the usual size rounds, as in A - Y for A near Y."""
        return bool(np.all(np.abs(difference) <= 8 * EPS * self.usual(tensor)))


def largest_of(g: Any) -> float:
    return float(np.max(np.abs(g), initial=0.0))


def middle(looks: list[Any]) -> Any:
    return np.median(looks, axis=0) if looks else 0.0


def bends(first: Any, left: Any, right: Any) -> dict[Any, Any]:
    """For each gradient half of how far its two neighbours together are from it, where all three can be compared."""
    shared = first.keys() & left.keys() & right.keys()
    both = [key for key in shared if np.shape(left[key]) == np.shape(first[key]) == np.shape(right[key])]
    with np.errstate(all="ignore"):
        found = {key: np.abs(left[key] + right[key] - 2 * first[key]).astype(float) / 2 for key in both}
    return {key: np.where(np.isfinite(bend), bend, 0.0) for key, bend in found.items()}


def run_at(subject: Subject, parameters: Arrays) -> tuple[dict[int, Any], Arrays]:
    """The recorded gradients, by place, and the hand-written ones at other parameters; none where they do not run."""
    try:
        with np.errstate(all="ignore"):
            recording = record(subject, parameters)
            hand = subject.gradients({k: v.copy() for k, v in parameters.items()})
        return {i: recording.gradients[t] for i, t in enumerate(recording.tensors)}, hand.arrays
    except Exception:
        return {}, {}
