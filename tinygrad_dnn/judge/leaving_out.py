"""The rows again, of the cost without the small numbers that keep it finite, if they are right then that were wrong."""

import inspect
import itertools
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from ..program.omitting import is_bound
from .case import Case, Placed, judges_of, of_parameters
from .comparison import agree, entry_errors, largest
from .intermediates import judge_intermediates
from .one_gradient import as_updating
from .probing import ALONE, LEAST, probe_all
from .recording import Recording, Rounding, recording_of
from .report import Row
from .stripping import small_numbers
from .subject import Arrays, Subject

LITTLE = 1e-2  # of the largest entry: what a small number may be to a gradient, but in a logarithm
NOTHING = 1e-3  # of the largest of all: below, a gradient is as good as zero
TINY = 1e-5  # of the largest entry: what no fault is as small as
SOURCELESS = 1e-4  # of the largest entry: what a small number makes where a probability is as small as that
MAYBE = (
    "differs by {:.1e} of its size, which a small number in a logarithm may make: the cost is not recorded, and its "
    "source is not at hand"
)
MOST = 4  # small numbers of which every selection is tried
SAID = "Right of the cost without the {}, which only {} it finite: {}."
OF_BOTH = "Right where neither the cost nor the gradients have the {}, which only {} them finite: {}."


def without_small_numbers(case: Case, placed: Placed, seconds: float) -> tuple[Case, Placed, list[str]]:
    """The case, its rows and a sentence; what they were where no small number makes a difference."""
    recorded = case.recording is not None and not case.contradicted
    trials = of_recording(case, placed) if recorded else of_source(case, seconds)
    of_all = of_both(case, placed) if recorded else ()
    wrong = {i for i, (_, row) in enumerate(placed) if row.verdict == "wrong"}
    told = itertools.chain(((SAID, trial) for trial in trials), ((OF_BOTH, trial) for trial in of_all))
    best, least, sentences = (case, placed), wrong, list[str]()
    left_out = case.subject.left_out
    for sentence, (other, anew, numbers) in told:
        left = {i for i, (_, row) in enumerate(anew) if row.verdict == "wrong"}
        if left < least:
            mended = ", ".join(placed[i][1].name for i in sorted(wrong - left))
            said = " and ".join(f"1 - {1 - n:.2g}" if n > 0.5 else f"{n:g}" for n in numbers)
            sentences = [sentence.format(said, "keeps" if len(numbers) == 1 else "keep", mended)]
            best, least, left_out = (other, anew), left, case.subject.left_out
            case.subject.omitting = other.recording is None
        if not left:
            break
    case.subject.left_out = left_out
    return *doubted(*best, SOURCELESS), sentences


def doubted(case: Case, placed: Placed, most: float) -> tuple[Case, Placed]:
    """The rows; unchecked where they are wrong by so little that a small number may have made it that nobody sees."""
    cost = case.subject.cost_function
    if case.recording is not None or has_source(cost) or not has_small_numbers(cost):
        return case, placed
    return case, [(place, doubtful(row) if off_by_less(row, most) else row) for place, row in placed]


def has_small_numbers(function: Any) -> bool:
    """Whether a small number stands in the code of a function, of what that calls, or in what these read."""
    waiting, seen = [inspect.unwrap(function)], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, CodeType):
            waiting += one.co_consts
        elif isinstance(one, MethodType):
            waiting += [one.__func__, *vars(one.__self__).values(), *vars(type(one.__self__)).values()]
        elif isinstance(one, FunctionType):
            read = [one.__globals__[name] for name in one.__code__.co_names if name in one.__globals__]
            held = [cell.cell_contents for cell in one.__closure__ or ()]
            waiting += [one.__code__, *read, *held, *(one.__defaults__ or ())]
        elif isinstance(one, float) and is_bound(one):
            return True
    return False


def off_by_less(row: Row, most: float) -> bool:
    return row.verdict == "wrong" and row.by_hand is not None and row.by_hand < most


def doubtful(row: Row) -> Row:
    return row._replace(verdict="unchecked", note=MAYBE.format(row.by_hand))


def has_source(function: Any) -> bool:
    """Whether the source of a function is at hand, so that it can be run without its small numbers."""
    try:
        return bool(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError):
        return False


def is_kept_finite(subject: Subject, recording: Recording) -> bool:
    """Whether a cost is finite at a point for its small numbers alone."""
    before, numbers = subject.left_out, sorted({n for s in small_numbers(recording.tensors) for n in s.numbers})
    if not numbers:
        return False
    try:
        subject.left_out = numbers
        other, _ = recording_of(subject)
    except Exception:  # it is no cost without them
        return True
    finally:
        subject.left_out = before
    return other is None or not np.all(np.isfinite(np.asarray(other.cost.data)))


def of_recording(case: Case, placed: Placed) -> Iterator[tuple[Case, Placed, list[float]]]:
    """The recording run again without some of its small numbers."""
    assert case.recording is not None
    small = small_numbers(case.recording.tensors)
    most = len(small) if len(small) <= MOST else 1
    chosen = [c for size in range(1, most + 1) for c in itertools.combinations(small, size)]
    before = case.subject.left_out
    for groups in chosen + [tuple(small)] * (len(small) > MOST):
        numbers = sorted({n for group in groups for n in group.numbers})
        case.subject.left_out = sorted({*before, *numbers})
        other, _ = recording_of(case.subject)
        if other is not None and (all(group.of_log for group in groups) or near(case.truth, other.of_parameters())):
            yield case._replace(recording=other), without(case, other, placed), numbers


def of_both(case: Case, placed: Placed) -> Iterator[tuple[Case, Placed, list[float]]]:
    """The recording and the gradients, both without any: the one may add them to a variance and the other to its root.

    A gradient of which they make more than a little is what it is by them, and stays wrong.
    """
    subject, small = case.subject, small_numbers(case.recording.tensors) if case.recording else []
    try:
        with subject.without_small_numbers(subject.gradients) as numbers:
            hand = subject.gradients() if numbers else case.hand
    except Exception:  # it is no gradient without them, or does not run as its changed source has it
        return
    if not numbers or not hand.arrays.keys() >= case.hand.arrays.keys():
        return
    returned = {key: case.hand.arrays[key] for key in case.keys.values() if key in case.hand.arrays}
    subject.left_out = sorted({n for group in small for n in group.numbers}.union(subject.left_out))
    other, _ = recording_of(subject)
    if other is None or not near(case.truth, other.of_parameters()) or not near(returned, hand.arrays):
        return
    yield case._replace(recording=other), without(case._replace(hand=hand, again=hand), other, placed), sorted(numbers)


def without(case: Case, other: Recording, placed: Placed) -> Placed:
    """The rows again, of another recording: of the parameters' those that are wrong, of the intermediates' all."""
    rounding, truths, found = Rounding(case.subject, other, case.hand, 0.0), other.of_parameters(), Placed()
    for (name, key), (place, row) in zip(case.keys.items(), placed, strict=False):
        truth = truths[name]
        if row.verdict == "wrong" and key in case.hand.arrays and key not in case.changing:
            g, remark = as_updating(case.hand.arrays[key], name, truth.shape)
            same = g.shape == truth.shape and agree(g, truth, rounding.of(other.inputs[name], key, truth))
            if same or in_between(g, case.truth[name], truth):
                row = row._replace(verdict="right", note=remark, by_hand=largest(entry_errors(g, truth, 0.0)))
        found.append((place, row))
    return found + (judge_intermediates(case.intermediates, other, rounding)[0] if case.intermediates else [])


def near(gradients: Arrays, others: Arrays) -> bool:
    """Whether small numbers make so little of a difference as those that only keep something from 0."""
    least = NOTHING * max(map(largest, gradients.values()))
    return all(largest(g - others[name]) <= LITTLE * max(largest(g), least) for name, g in gradients.items())


def in_between(g: Any, whole: Any, without: Any) -> bool:
    """Whether a gradient is off by no more than a small number makes, which is left out in a part of it alone."""
    made = largest(whole - without)
    return g.shape == whole.shape and made <= TINY * largest(whole) and largest(g - whole) <= 2 * made


def of_source(case: Case, seconds: float) -> Iterator[tuple[Case, Placed, list[float]]]:
    """The differences again, of the cost as its source without small numbers has it."""
    subject = case.subject
    with subject.without_small_numbers() as numbers:
        if numbers:
            returned = {name: case.hand.arrays[key] for name, key in case.keys.items() if key in case.hand.arrays}
            other = case._replace(recording=None, probes=probe_all(subject, returned, max(seconds, LEAST), ALONE)[0])
            yield other, of_parameters(other, judges_of(other)), sorted(numbers)
