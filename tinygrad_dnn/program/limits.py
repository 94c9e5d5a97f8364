"""Somebody's code within limits: stopped when its time is over, and silent."""

import builtins
import contextlib
import io
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from .places import somebodys
from .sources import named


class TooLong(BaseException):
    """It takes too long; no error that somebody's code might catch."""


@contextlib.contextmanager
def limited(seconds: float, of_cpu: bool = False) -> Iterator[None]:
    """TooLong after so many seconds. Only where the system can interrupt a thread; one within another ends no later.

    of_cpu: seconds of this process's own computing, however busy the machine is.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLong

    told, timer = (signal.SIGPROF, signal.ITIMER_PROF) if of_cpu else (signal.SIGALRM, signal.ITIMER_REAL)
    clock = time.process_time if of_cpu else time.monotonic
    before, begun = signal.signal(told, stop), clock()
    left, _ = signal.getitimer(timer)  # of what this is within
    every = 0.1  # again and again, should the code catch it
    signal.setitimer(timer, min(seconds, left or seconds), every)
    try:
        yield
    finally:
        rest = max(left - (clock() - begun), 0.001) if left else 0.0
        signal.setitimer(timer, rest, every if rest else 0.0)
        signal.signal(told, before)


@contextlib.contextmanager
def silence() -> Any:
    """Nothing is printed, nothing warns, nobody sleeps, and no screen is cleared by a command."""
    sleep, system = time.sleep, os.system
    time.sleep, os.system = awake, idle
    try:
        with silently():
            yield
    finally:
        time.sleep, os.system = sleep, system


def idle(command: Any) -> int:
    """os.system, which does nothing and says that all is well."""
    return 0


def awake(seconds: Any, /) -> None:
    """time.sleep, without the waiting."""


@contextlib.contextmanager
def silently() -> Any:
    nowhere = io.StringIO()
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(nowhere):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stderr(nowhere):  # progress bars, and what a file logs
            yield


@contextlib.contextmanager
def unheard() -> Iterator[list[str]]:
    """Nothing is printed; what somebody's code warns of is in the list afterwards."""
    said: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        yield said
    said += warned(caught)


def warned(caught: list[warnings.WarningMessage]) -> list[str]:
    """What somebody's code warned of, each line once."""
    places = [(w.filename, w.lineno, str(w.message)) for w in caught if somebodys(w.filename)]
    return [f"Warning: {named(file, line)}: {text}." for file, line, text in dict.fromkeys(places)]


@contextlib.contextmanager
def unasked(file: str) -> Iterator[None]:
    """Within this, somebody's code has no arguments of a command line, and what it asks is answered with nothing."""
    kept = sys.argv, builtins.input
    sys.argv, builtins.input = [file], lambda *_: ""
    try:
        yield
    finally:
        sys.argv, builtins.input = kept
