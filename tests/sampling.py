"""Which cases run always, and which where -m thorough asks for them. A tuple is the values of several arguments."""

import pytest


def one_in(n, cases):
    """Every n-th of these cases runs always, the others are thorough."""
    return [pytest.param(*values(case)) if i % n == 0 else thorough(case) for i, case in enumerate(cases)]


def thorough(case):
    """A case that runs where -m thorough asks for it."""
    return pytest.param(*values(case), marks=pytest.mark.thorough)


def values(case):
    return case if isinstance(case, tuple) else (case,)
