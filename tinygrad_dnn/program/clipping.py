"""Gradients as they are before they are cut off: np.clip(g, -5, 5) leaves g what it is."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np


@contextlib.contextmanager
def uncut() -> Iterator[None]:
    """Within this, NumPy cuts nothing off at a bound and at its negative; other bounds are no gradient's."""
    real, module = np.clip, vars(np)

    def clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **keywords: Any) -> Any:
        if not alike(a_min, a_max) or keywords:
            return real(a, a_min, a_max, out, **keywords)
        if out is None:
            return np.array(a)
        out[...] = a
        return out

    module["clip"] = clip
    try:
        yield
    finally:
        module["clip"] = real


def alike(low: Any, high: Any) -> bool:
    """Whether two bounds are one and its negative."""
    return all(b is not None and np.ndim(b) == 0 for b in (low, high)) and float(high) == -float(low) > 0
