"""The code of functions, changed for other code while they are held: with what watches them, and without."""

import gc
from types import CodeType, FunctionType


class Swapping:
    """Puts other code into functions; whose it is is looked up once, as long as nothing defines another."""

    def __init__(self) -> None:
        self.known: list[FunctionType] = []

    def forget(self, code: CodeType) -> None:
        """This is going to run: it may define functions."""
        self.known = [] if inner_codes(code) else self.known

    def __call__(self, pairs: dict[CodeType, CodeType]) -> None:
        """Every function that runs the first of a pair runs the second."""
        nested = any(map(inner_codes, pairs))  # any call makes functions
        if not self.known or nested:
            self.known = [f for f in gc.get_referrers(*pairs) if isinstance(f, FunctionType)] if pairs else []
        for f in self.known:
            f.__code__ = pairs.get(f.__code__, f.__code__)


def inner_codes(code: CodeType) -> list[CodeType]:
    """The code of every function in a compiled text, in its order."""
    found = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found += [constant, *inner_codes(constant)]
    return found
