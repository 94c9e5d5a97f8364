"""Sentences on how a gradient differs from the right one."""

from typing import Any

import numpy as np


def listed(entries: list[tuple[int, ...]], most: int = 4) -> str:
    shown = ", ".join(str(list(entry)) for entry in entries[:most])
    return shown + (f" and {len(entries) - most} more" if len(entries) > most else "")


def plain(c: float) -> bool:
    """Whether a factor says something by itself: a small whole number, or one over it."""
    return any(abs(x - round(x)) < 1e-6 * abs(x) and abs(x) < 10**4 for x in (c, 1 / c))


def difference(
    g: Any, truth: Any, wrong: list[tuple[int, ...]] | None = None, precision: float = 1e-6, by: str = "by autograd"
) -> str:
    """A multiple of the right gradient, its transpose, zero; else which entries are wrong, if that is known.

    by: where the right one is from.
    """
    if not np.any(g):
        return "is zero everywhere"
    if g.ndim == 2 and g.shape[0] == g.shape[1] > 1 and np.allclose(g, truth.T, rtol=precision, atol=0):
        return "is the transpose of the right one"
    if np.any(truth) and np.all(truth[g != 0]):
        c = float(np.sum(g * truth) / np.sum(truth * truth))
        said = f"{c:.6g}"
        if np.allclose(g, c * truth, rtol=precision, atol=0) and said != "1":
            # any single number is a multiple
            return f"is {said} times the right one" if g.size > 1 or plain(c) else f"is {values(g, truth, by)}"
    if not wrong or g.ndim == 0:
        return ""
    worst = max(wrong, key=lambda entry: abs(float(g[entry] - truth[entry])))
    entries = f"differs in {len(wrong)} of {g.size} entries, most at {list(worst)}"
    return f"{entries}: {values(g[worst], truth[worst], by)}"


def values(by_hand: Any, right: Any, by: str) -> str:
    """Both numbers, with as many digits as it takes to tell them apart."""
    a, b = float(np.reshape(by_hand, ())), float(np.reshape(right, ()))
    digits = next((n for n in range(4, 17) if f"{a:.{n}g}" != f"{b:.{n}g}"), 17)
    return f"{a:.{digits}g} by hand, {b:.{digits}g} {by}"
