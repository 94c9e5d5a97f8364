"""Gradients that are cut off before they are taken away: entry by entry at one size, or as a whole to one length.

No mistake in a derivative leaves what is small as it is and makes all that is large alike.
"""

from typing import Any

import numpy as np

from .values import Values

CLOSE = 1e-6
CUT = "is cut off at some size before it is taken away; what it is before that is not seen"

WHOLE = " What is cut off at some size before it is taken away is checked as it is before that."


def is_cut(found: list[Values], truths: list[Values]) -> bool:
    """Whether gradients at several points are the right ones but cut off; not where all of them are right."""
    pairs = [(np.ravel(f[f"d{n}"]), np.ravel(t)) for f, right in zip(found, truths, strict=True)
             for n, t in right.items() if not callable(t) and np.size(f[f"d{n}"]) == np.size(t)]  # fmt: skip
    by_entry = [size for g, t in pairs if (size := cut_at(g, t)) is not None]
    by_entry += [float(np.max(np.abs(f[f"d{n}"]))) for f, right in zip(found, truths, strict=True)
                 for n, t in right.items() if callable(t) and looks_cut(f[f"d{n}"]) and not t(f[f"d{n}"])]  # fmt: skip
    if by_entry and np.allclose(by_entry, by_entry[0], CLOSE):
        return len(by_entry) > 1
    wholes = [whole(f, t) for f, t in zip(found, truths, strict=True)]
    lengths = [length for pair in wholes if pair is not None and (length := shortened_to(*pair)) is not None]
    return len(lengths) > 1 and bool(np.allclose(lengths, lengths[0], CLOSE))


def looks_cut(g: Any) -> bool:
    """Whether the largest entries are all alike, as those of one that was cut off are."""
    sizes = np.abs(np.ravel(np.asarray(g, dtype=float)))
    return sizes.size > 3 and bool(np.sum(sizes >= np.max(sizes) * (1 - 1e-12)) > 1) and bool(np.max(sizes) > 0)


def cut_at(g: Any, t: Any) -> float | None:
    """The size at which the entries that are not the right ones all are, of the sign that those have."""
    off = np.abs(g - t) > CLOSE * np.max(np.abs(t), initial=0.0)
    if not np.any(off) or g.size == 1:
        return None
    size = float(np.max(np.abs(g)))
    alike = np.abs(np.abs(g[off]) - size) <= CLOSE * size
    larger = (np.abs(t[off]) > size) & (np.sign(t[off]) == np.sign(g[off]))
    return size if bool(np.all(alike & larger)) else None


def whole(found: Values, truths: Values) -> tuple[Any, Any] | None:
    """All gradients in one row, by hand and right."""
    if any(callable(t) or np.size(found[f"d{n}"]) != np.size(t) for n, t in truths.items()):
        return None
    rows = [np.concatenate([np.ravel(v) for v in each]) for each in
            ([found[f"d{n}"] for n in truths], list(truths.values()))]  # fmt: skip
    return rows[0], rows[1]


def shortened_to(g: Any, t: Any) -> float | None:
    """The length of a gradient that is the right one in its direction and shorter."""
    length, right = float(np.linalg.norm(g)), float(np.linalg.norm(t))
    if not 0 < length < right * (1 - CLOSE):
        return None
    return length if bool(np.allclose(g * right, t * length, 0, CLOSE * right * length)) else None
