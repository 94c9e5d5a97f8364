"""Tensors that stand in the place of arrays while something is recorded, in attributes say: taken off after it."""

import threading
from collections.abc import Callable
from typing import Any


class Standing(threading.local):
    """What puts the arrays back, one call each, while somebody will make these calls; else None."""

    undo: list[Callable[[], None]] | None = None


standing = Standing()


class put_back:  # noqa: N801  # it reads as what happens at its end, and has no frame of its own
    """After this, what outlives the run holds arrays again; within another such, after that one."""

    def __enter__(self) -> None:
        self.outer = standing.undo is not None
        if not self.outer:
            standing.undo = []

    def __exit__(self, *_: Any) -> None:
        if not self.outer:
            undo, standing.undo = standing.undo or [], None
            for step in reversed(undo):
                step()
