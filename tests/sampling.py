"""Which cases run always, and which where -m thorough asks for them. A tuple is the values of several arguments."""

import pytest


def one_in(n, cases):
    """Every n-th of these cases runs always, the others are thorough."""
    return [as_param(case) if i % n == 0 else thorough(case) for i, case in enumerate(cases)]


def thorough(case):
    """A case that runs where -m thorough asks for it."""
    return as_param(case, pytest.mark.thorough)


def as_param(case, *marks):
    if hasattr(case, "values") and hasattr(case, "marks"):  # it is one already
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, *marks])
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks)
