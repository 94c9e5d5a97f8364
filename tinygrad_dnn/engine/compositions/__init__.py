"""NumPy functions said with others: what they are made of is recorded, so they need no derivative of their own.

To add one, write it with functions that are in the tables, in the file of its kind, and put it in that file's TABLE.
An entry's parameters have NumPy's names; those that NumPy takes but an entry does not are refused by name.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import differences, elementwise, in_place, joining, linear_algebra, places, products, reductions

COMPOSED: dict[Callable[..., Any], Callable[..., Any]] = (
    places.TABLE
    | joining.TABLE
    | reductions.TABLE
    | elementwise.TABLE
    | differences.TABLE
    | products.TABLE
    | linear_algebra.TABLE
    | in_place.TABLE
)

IN_PLACE = set(in_place.TABLE)

# Of the simplest the result needs no comparison with NumPy's own: that of the others is made at each call.
SAME_AS_NUMPY = {
    np.mean, np.var, np.std, np.amax, np.amin, np.ptp, np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack,
    np.clip, np.outer, np.trace, np.sort, np.take, np.diag, np.tril, np.triu, *places.PICKING,
}  # fmt: skip

# What NumPy returns as a view of its first argument: a later change of the one is seen in the other.
COMPOSED_VIEWS = places.VIEWS | joining.VIEWS | elementwise.VIEWS
