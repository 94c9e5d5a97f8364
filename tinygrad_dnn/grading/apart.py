"""A command on one file in a process of its own: it can be ended, and what it prints comes at its end."""

import contextlib
import io
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

from . import worker


class Outcome(NamedTuple):
    """How a command ended: its exit code, what it printed, and why there is no code where it did not end by itself."""

    code: int
    out: str
    err: str
    reason: str = ""


def apart(command: Callable[[Any], int], options: Any, seconds: float, megabytes: int | None) -> Outcome:
    """command(options), with limits on time and memory; code 2 where it is stopped or ends the process.

    megabytes: beside what this process has now; None for no limit.
    """
    methods = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=inside, args=(command, options, megabytes, theirs), daemon=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads of ours: the child starts none of them
        process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            return Outcome(2, "", "", f"stopped after {seconds:g} seconds; --timeout gives it more")
        return Outcome(*ours.recv())
    except (EOFError, OSError):
        process.join(1.0)
        return Outcome(2, "", "", how_it_ended(process.exitcode))
    finally:
        with contextlib.suppress(Exception):
            process.kill()
        process.join()
        ours.close()


def how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"the process was ended by signal {name}, as when memory runs out; --memory gives it more"
    return "the file ended the program before there was a report"


def inside(command: Callable[[Any], int], options: Any, megabytes: int | None, pipe: Any) -> None:
    out, err = io.StringIO(), io.StringIO()
    if megabytes is not None:
        worker.limit_memory(megabytes)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command(options)
    pipe.send((code, out.getvalue(), err.getvalue()))
    pipe.close()
