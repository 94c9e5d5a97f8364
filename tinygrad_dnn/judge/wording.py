"""Sentences on how a gradient differs from the right one."""

from typing import Any

import numpy as np


def listed(entries: list[tuple[int, ...]], most: int = 4) -> str:
    shown = ", ".join(str(list(entry)) for entry in entries[:most])
    return shown + (f" and {len(entries) - most} more" if len(entries) > most else "")


def plain(c: float) -> bool:
    """Whether a factor says something by itself: a small whole number, or one over it."""
    return any(abs(x - round(x)) < 1e-6 * abs(x) and abs(x) < 10**4 for x in (c, 1 / c))


def difference(g: Any, truth: Any, wrong: list[tuple[int, ...]] | None = None, precision: float = 1e-6) -> str:
    """A multiple of the right gradient, its transpose, zero; else which entries are wrong, if that is known."""
    if not np.any(g):
        return "is zero everywhere"
    if g.ndim == 2 and g.shape[0] == g.shape[1] > 1 and np.allclose(g, truth.T, rtol=precision, atol=0):
        return "is the transpose of the right one"
    if np.any(truth) and np.all(truth[g != 0]):
        c = float(np.sum(g * truth) / np.sum(truth * truth))
        if np.allclose(g, c * truth, rtol=precision, atol=0):
            if g.size > 1 or plain(c):
                return f"is {c:.6g} times the right one"
            return (
                f"is {float(g.item()):.4g} by hand, {float(truth.item()):.4g} by autograd"  # any number is a multiple
            )
    if not wrong or g.ndim == 0:
        return ""
    worst = max(wrong, key=lambda entry: abs(float(g[entry] - truth[entry])))
    values = f"{float(g[worst]):.4g} by hand, {float(truth[worst]):.4g} by autograd"
    return f"differs in {len(wrong)} of {g.size} entries, most at {list(worst)}: {values}"
