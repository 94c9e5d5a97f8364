"""Derivatives of SciPy's special functions, learned when one is first met: SciPy itself is not needed.

scipy.special.logsumexp, softmax and log_softmax are Python functions that convert their argument; they raise an error
on a tensor, and are a line of NumPy each.
"""

import sys
from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np

RULES: dict[str, Callable[[Any], tuple[Callable[..., Any], ...]]] = {
    "expit":   lambda sp: (lambda g, y, x: g * y * (1 - y),),
    "logit":   lambda sp: (lambda g, y, x: g / (x * (1 - x)),),
    "erf":     lambda sp: (lambda g, y, x: g * 2 / sqrt(pi) * np.exp(-x * x),),
    "gammaln": lambda sp: (lambda g, y, x: g * sp.psi(x),),
    "psi":     lambda sp: (lambda g, y, x: g * sp.zeta(2, x),),
    "xlogy":   lambda sp: (lambda g, y, a, b: g * np.log(np.where(b == 0, 1.0, b)),
                           lambda g, y, a, b: g * a / np.where(b == 0, 1.0, b)),
}  # fmt: skip


def rules_for(function: Any) -> tuple[Callable[..., Any], ...] | None:
    """The rules of a function of scipy.special, or None."""
    scipy_special = sys.modules.get("scipy.special")
    name = getattr(function, "__name__", "")
    if scipy_special is None or name not in RULES or getattr(scipy_special, name, None) is not function:
        return None
    return RULES[name](scipy_special)
