"""Measures of the tests' own: central differences, which know nothing of the project's, and counts of calls."""

import sys

import numpy as np

STEP = np.finfo(float).eps ** (1 / 3)  # where truncation and rounding of a central difference are about equal


def difference(f, x, direction, step=STEP):
    """(f(x + step v) - f(x - step v)) / (2 step), the derivative of f at x along v."""
    return (f(x + step * direction) - f(x - step * direction)) / (2 * step)


def gradient(f, x):
    """The gradient of a scalar function by a central difference per entry."""
    x = np.asarray(x, dtype=float)
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[index] = 1.0
        result[index] = difference(f, x, unit)
    return result


def relative_error(a, b):
    """|a - b| / max(|a|, |b|) in the maximum norm; 0 for two empty or two zero arrays, infinite for unlike shapes."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return np.inf
    scale = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    return np.abs(a - b).max(initial=0) / scale if scale else 0.0


def calls_of(do, kinds=("call", "c_call")):
    """How many functions are called: a measure of work that no other load on the machine changes."""
    count = 0

    def on_call(frame, event, _):
        nonlocal count
        count += event in kinds

    sys.setprofile(on_call)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count
