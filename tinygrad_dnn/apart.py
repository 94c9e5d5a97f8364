"""Somebody's file in a process of its own, with limits on time, memory, output and what it writes."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from typing import IO, NamedTuple

try:
    import resource
except ImportError:  # not on this system: the limit on time remains
    resource = None  # type: ignore[assignment]

OUTPUT = 200_000  # bytes of a report; what is longer is no report
WRITTEN = 100 * 2**20  # bytes that one file of theirs may grow to


class Ended(NamedTuple):
    """How a process ended: its exit code, None if it was stopped, what it printed, and why it was stopped."""

    code: int | None
    out: str
    err: str
    reason: str


def run(command: list[str], seconds: float, megabytes: int) -> Ended:
    """Run a command of this Python; it and all it started are stopped when its time is over."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=lambda: limit(megabytes) if resource else None,
        )
        reason = ""
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            reason = f"stopped after {seconds:g} seconds"
        stop(process)
        code = process.wait()
        if not reason and code < 0:
            reason = f"ended by signal {signal.Signals(-code).name}, as when memory runs out"
        return Ended(None if reason else code, beginning(out), beginning(err), reason)


def limit(megabytes: int) -> None:
    """In the new process, before it begins."""
    for kind, most in (
        (resource.RLIMIT_AS, megabytes * 2**20),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard if hard != resource.RLIM_INFINITY else most))


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever it started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def beginning(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(OUTPUT).decode(errors="replace")
