"""A cost for code that has none: the loss that its output and its labels belong to.

Half the sum of squares, the cross-entropy of probabilities, that of scores under a softmax or a sigmoid. Each is tried
on every pair of something that the parameters move and something that they do not, of fitting shapes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..held import plain
from ..turns import Key
from .values import KIND_OF, is_called_labels

Loss = Callable[[Any, Any], Any]
HINGE = "the hinge"
MOST = 80  # pairs that are tried
ERROR = re.compile(r"(?i)e|r|.*(err|diff|resid).*")  # what an output less its labels is called


class Pair(NamedTuple):
    """A loss of a value with this key and these labels; none where the value has its labels in it, as an error."""

    says: str
    loss: Loss
    key: Key
    labels: Any
    called: str


def squares(A: Any, Y: Any) -> Any:
    return np.sum((A - Y) ** 2) / 2


def of_probabilities(A: Any, Y: Any) -> Any:
    return -np.sum(Y * np.log(A))


def of_two(A: Any, Y: Any) -> Any:
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def of_scores(axis: int) -> Loss:
    def loss(S: Any, Y: Any) -> Any:
        shifted = S - np.max(plain(S), axis=axis, keepdims=True)
        return np.sum(np.log(np.sum(np.exp(shifted), axis=axis))) - np.sum(Y * shifted)

    return loss


def of_weights(axis: int) -> Loss:
    """The cross-entropy of what is positive, over its sums: exp(scores), as a softmax divides it."""

    def loss(E: Any, Y: Any) -> Any:
        return np.sum(np.log(np.sum(E, axis=axis))) - np.sum(Y * np.log(E))

    return loss


def of_logits(S: Any, Y: Any) -> Any:
    return np.sum(np.maximum(S, 0) + np.log(1 + np.exp(-np.abs(S))) - Y * S)


def losses_for(A: Any, Y: Any) -> Iterator[tuple[str, Loss]]:
    """The losses that an output may have, by its values."""
    positive = bool(np.all(A > 0) and np.all(A < 1))
    either = bool(np.all((Y >= 0) & (Y <= 1)))
    axes = [i for i in range(np.ndim(A)) if positive and np.allclose(np.sum(A, axis=i), 1)]
    if axes and either:
        yield "the cross-entropy", of_probabilities
    if positive and either:
        yield "the binary cross-entropy", of_two
    yield "half the sum of squares", squares
    axes = [i for i in range(np.ndim(A)) if np.shape(A)[i] > 1 and np.allclose(np.sum(Y, axis=i), 1)] if either else []
    for axis in axes if np.all(A > 0) else []:
        yield "the softmax cross-entropy", of_weights(axis)
    if either and not positive:
        for axis in axes:
            yield "the softmax cross-entropy", of_scores(axis)
        yield "the sigmoid cross-entropy", of_logits


def pairs_of(moved: dict[Key, Any], still: list[tuple[str, Any]]) -> Iterator[Pair]:
    """Pairs of an output and its labels, each with the losses that it may have; the likeliest first.

    moved: what the parameters move, in the order in which it was computed. still: what they do not, with its name.
    """
    errors = [key for key in moved if ERROR.fullmatch(str(key[2][-1]))]
    errors += [key for key, value in moved.items() if np.size(plain(value)) == 1 and key not in errors]
    for key in errors:
        A = np.asarray(plain(moved[key]), dtype=float)
        if np.all(np.isfinite(A)):
            yield Pair("half the sum of squares", squares, key, np.zeros(A.shape), "")
    labels = sorted(still, key=lambda pair: KIND_OF.get(pair[0]) != "Y")
    count, seen = 0, set[tuple[bytes, int]]()
    for key, value in reversed(list(moved.items())):
        A = np.asarray(plain(value), dtype=float)
        if not np.all(np.isfinite(A)):
            continue
        for name, Y in labels:
            if not may_be_labels(name, np.asarray(Y)):
                continue
            for says, target in forms_of(np.asarray(Y), A):
                mark = (A.tobytes(), id(Y)) if A.size < 10_000 else (np.sum(A).tobytes(), id(Y))
                if mark in seen:
                    continue
                seen.add(mark)
                for what, loss in losses_for(A, target):
                    count += 1
                    if count > MOST:
                        return
                    yield Pair(what, loss, key, target, f"{name}{says}")


def pairs_noted(
    differences: list[tuple[Key | None, Key, Key]], moved: dict[Key, Any], still: dict[Key, Any], own: list[Any]
) -> Iterator[Pair]:
    """Of each subtraction of which one side stays what it is, as labels do, the losses of the other with that.

    differences: the keys of each, None for a whole that is not kept. own: the entries of each parameter that are
    moved; what is in proportion to them is no output, but decays.
    """
    for whole, *sides in differences:
        for key, other in (sides, sides[::-1]):
            if key not in moved or other not in still:
                continue
            A, Y = np.asarray(plain(moved[key]), dtype=float), np.asarray(still[other])
            if not np.all(np.isfinite(A)) or any(is_multiple(A, part) for part in own):
                continue
            for says, target in forms_of(Y, A):
                for what, loss in losses_for(A, target):
                    if loss is not squares or whole is None:
                        yield Pair(what, loss, key, target, f"{other[2][-1]}{says}")
            if whole is not None and whole in moved:
                yield Pair("half the sum of squares", squares, whole, np.zeros(np.shape(plain(moved[whole]))), "")


def hinges(key: Key, A: Any, limit: Any, called: str) -> Iterator[Pair]:
    """What a value is below a limit, or above it, and nothing on the other side."""
    if np.size(limit) in (1, np.size(A)):
        yield Pair(HINGE, lambda A, Y: np.sum(np.maximum(0, Y - A)), key, limit, called)
        yield Pair(HINGE, lambda A, Y: np.sum(np.maximum(0, A - Y)), key, limit, called)


def is_multiple(A: Any, part: Any) -> bool:
    """Whether one value is another times a number."""
    a, b = np.ravel(A), np.ravel(part)
    size = float(b @ b) if a.size == b.size else 0.0
    return size > 0 and bool(np.allclose(a, float(a @ b) / size * b, 1e-9, 1e-12))


def may_be_labels(name: str, Y: Any) -> bool:
    """Whether a value may be labels: a single number is mostly a setting, and what is all alike tells nothing."""
    return is_called_labels(name) if Y.size == 1 else bool(np.any(Y.flat[0] != Y))


def forms_of(Y: Any, A: Any) -> Iterator[tuple[str, Any]]:
    """Labels as an output wants them: as they are, or indices as one-hot."""
    if Y.shape == A.shape:
        yield "", Y.astype(float)
    elif Y.size == A.size and A.ndim and Y.ndim:
        yield "", Y.astype(float).reshape(A.shape)
    whole = Y.size and np.all(np.round(Y) == Y) and np.all(Y >= 0)
    if whole and A.ndim and Y.size != A.size:
        index = Y.astype(int).ravel()
        for axis in range(A.ndim) if A.ndim == 2 else [0] if A.ndim == 1 else []:
            classes, examples = A.shape[axis], A.size // A.shape[axis]
            if examples == index.size and classes > 1 and np.max(index) < classes:
                one = np.eye(classes)[index]
                yield ", one-hot", (one if axis == A.ndim - 1 else one.T).reshape(A.shape)
