"""Tensors that stand in the place of arrays while something is recorded, in attributes say: taken off after it."""

import contextlib
import threading
from collections.abc import Callable, Iterator


class Standing(threading.local):
    """What puts the arrays back, one call each, while somebody will make these calls; else None."""

    undo: list[Callable[[], None]] | None = None


standing = Standing()


@contextlib.contextmanager
def put_back() -> Iterator[None]:
    """After this, what outlives the run holds arrays again; within another such, after that one."""
    if standing.undo is not None:
        yield
        return
    undo: list[Callable[[], None]] = []
    standing.undo = undo
    try:
        yield
    finally:
        standing.undo = None
        for step in reversed(undo):
            step()
