"""Sets that parameters may be kept on: symmetric, triangular or orthogonal, of one sign, sorted, of sum or length 1."""

from typing import Any

import numpy as np


def on_the_set(x: Any, moved: Any) -> Any:
    """A moved parameter put back on the set that the given one is on: symmetric, of one sign, of given sums or lengths.

    None where the given one is on none of these.
    """
    if x.size < 2 or not np.any(x):
        return None
    square = x.ndim == 2 and x.shape[0] == x.shape[1]
    if square and np.allclose(x @ x.T, np.eye(len(x))):
        return np.linalg.qr(moved)[0]
    if square and np.array_equal(x, x.T):
        moved = (moved + moved.T) / 2
    elif square and (np.array_equal(x, np.tril(x)) or np.array_equal(x, np.triu(x))):
        moved = moved * (x != 0)
    elif x.ndim == 1 and x.size > 3 and np.all(np.diff(x) > 0):
        moved = np.sort(moved)
    elif not (np.all(x > 0) or constant_length(x) is not None):
        return None
    if np.all(x > 0):
        moved = x * np.exp(np.clip((moved - x) / np.maximum(np.abs(x), 1e-300), -1, 1))
    if (axis := constant_length(x)) is not None:
        length = np.linalg.norm(x, axis=axis, keepdims=True)
        moved = moved * length / np.linalg.norm(moved, axis=axis, keepdims=True)
    if np.all(x > 0) and (axis := constant_sum(x)) is not None:
        moved = moved * np.sum(x, axis=axis, keepdims=True) / np.sum(moved, axis=axis, keepdims=True)
    return moved


def constant_length(x: Any) -> int | None:
    """The axis along which all lengths are 1, if there is one."""
    return next((a for a in range(x.ndim) if np.allclose(np.linalg.norm(x, axis=a), 1, rtol=1e-9)), None)


def constant_sum(x: Any) -> int | None:
    """The axis along which all sums are 1, if there is one."""
    return next((a for a in range(x.ndim) if np.allclose(np.sum(x, axis=a), 1, rtol=1e-9)), None)
