"""A command on one file in a process of its own: it can be ended, and what it prints comes at its end."""

import contextlib
import gc
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
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
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "outcome.json"
        process = context.Process(target=inside, args=(command, options, seconds, megabytes, place), daemon=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads of ours: the child starts none of them
            process.start()
        try:
            process.join(seconds)
            if process.is_alive():
                return Outcome(2, "", "", f"stopped after {seconds:g} seconds; --timeout gives it more")
            if not place.exists():
                return Outcome(2, "", "", how_it_ended(process.exitcode))
            return Outcome(*json.loads(place.read_text(encoding="utf-8", errors="surrogatepass")))
        finally:
            with contextlib.suppress(Exception):
                process.kill()
            process.join()


def how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        if name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"):
            return f"a library that it calls crashed ({name}), maybe on data that were made up; a driver names others"
        return f"the process was ended by signal {name}, as when memory runs out; --memory gives it more"
    return "the file ended the program before there was a report"


def inside(command: Callable[[Any], int], options: Any, seconds: float, megabytes: int | None, place: Path) -> None:
    gc.freeze()  # what the parent left to be collected is the parent's: its end may wait for threads that are not here
    os.environ["TQDM_DISABLE"] = "1"  # a bar that is seen at the end is none
    out, err = io.StringIO(), io.StringIO()
    worker.limit_time(seconds)  # should the parent be gone before it could end this
    if megabytes is not None:
        worker.limit_memory(megabytes)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    os.dup2(sys.stdin.fileno(), 0)  # open(0) waits for nobody either
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command(options)
    gc.collect()
    whole = json.dumps([code, out.getvalue(), err.getvalue()], ensure_ascii=False)
    beside = place.with_suffix(".part")  # there is a report or there is none
    beside.write_text(whole, encoding="utf-8", errors="surrogatepass")
    beside.rename(place)
    os._exit(code)  # whatever the file leaves behind to be done at the end
