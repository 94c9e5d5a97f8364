"""NumPy functions said with others: what they are made of is recorded, so they need no derivative of their own.

To add one, write it with functions that are in the tables, in the file of its kind, and put it in that file's TABLE.
An entry's parameters have NumPy's names; those that NumPy takes but an entry does not are refused by name.
"""

from collections.abc import Callable
from typing import Any

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

# What NumPy returns as a view of its first argument: a later change of the one is seen in the other.
COMPOSED_VIEWS = places.VIEWS | joining.VIEWS | elementwise.VIEWS
