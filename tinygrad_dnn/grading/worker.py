"""Somebody's file checked in a process of its own, with limits on time, memory, output, and what it may touch.

It runs in a folder made for it, beside links to what lay beside it. There it may write; elsewhere it may not, and it
may start no program and use no network. That keeps accidents and pranks from other files; it is no wall against an
attack.
"""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

try:
    import resource
except ImportError:  # not on this system: the limit on time remains
    resource = None  # type: ignore[assignment]

OUTPUT = 1_000_000  # bytes of a report; what is longer is no report
WRITTEN = 100 * 2**20  # bytes that one file of theirs may grow to
UNCHECKED = 2
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PLACES = {"os.remove": 1, "os.rename": 2, "os.rmdir": 1, "os.mkdir": 1, "os.truncate": 1, "os.chmod": 1, "os.chown": 1,
          "os.link": 2, "os.symlink": 2, "os.utime": 1, "shutil.rmtree": 1, "shutil.move": 2}  # fmt: skip
NEVER = ("os.kill", "os.killpg", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.", "socket.connect",
         "socket.bind", "socket.sendto", "ftplib.", "smtplib.", "urllib.", "ctypes.dlopen")  # fmt: skip
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
HOME = str(Path(__file__).parents[2])  # where this package is found, from whatever folder
OURS = str(Path(__file__).parents[1] / "mistakes")  # it ends the copies of the process that it makes

Found = dict[str, Any]  # a report as a dict, with file, code and text


class Job(NamedTuple):
    """A file to check: its name, its content (None if it is not there), the options of the check, and the limits."""

    file: str
    content: bytes | None
    options: list[str]
    seconds: float
    megabytes: int


class Ended(NamedTuple):
    """How a process ended: its exit code, None if it was stopped, what it printed, and why it was stopped."""

    code: int | None
    out: str
    err: str
    reason: str


_running: set[subprocess.Popen[bytes]] = set()


def check_apart(job: Job) -> Found:
    """The report on a file, or why there is none. It needs nothing but the job: another machine may do it."""
    if job.content is None:
        return not_checked(job.file, f"{job.file}: No such file or directory")
    original = Path(job.file).absolute()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder).resolve() / original.name
        copy.write_bytes(job.content)
        with contextlib.suppress(OSError):
            for beside in original.parent.iterdir():
                if beside.name != original.name:
                    (copy.parent / beside.name).symlink_to(beside)
        command = ["-m", "tinygrad_dnn.cli", "check", str(copy), "--json", *job.options]
        ended = run([*command, "--confined", str(job.megabytes)], job.seconds, copy.parent)
        return dict(renamed(report_in(ended, str(copy)), str(copy), job.file))


def report_in(ended: Ended, file: str) -> Found:
    for line in ended.out.splitlines():
        if line.startswith(f'{{"file": {json.dumps(file)}, "code": '):
            with contextlib.suppress(ValueError):
                return dict(json.loads(line))
    lines = ended.err.rstrip().splitlines()
    said = [i for i, line in enumerate(lines) if line.startswith(file)]  # a line, and what is said of the file beside
    text = "\n".join(lines[said[-1] if said else -1 :])
    return not_checked(file, ended.reason or text or "it ended the program before there was a report")


def not_checked(file: str, reason: str) -> Found:
    return {"file": file, "code": UNCHECKED, "ok": False, "text": f"Not checked: {reason}"}


def renamed(value: Any, old: str, new: str) -> Any:
    """The same with one text for another in every string."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: renamed(v, old, new) for key, v in value.items()}
    return [renamed(v, old, new) for v in value] if isinstance(value, list) else value


def run(command: list[str], seconds: float, folder: Path) -> Ended:
    """Run a command of this Python in a folder; it and all it started are stopped when its time is over."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=ONE_THREAD
            | os.environ
            | {"PYTHONPATH": os.pathsep.join(filter(None, [HOME, os.getenv("PYTHONPATH")]))},
            start_new_session=True,
        )
        _running.add(process)
        reason = ""
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            reason = f"stopped after {seconds:g} seconds"
        finally:
            stop(process)
            _running.discard(process)
        code = process.wait()
        if not reason and code < 0:
            reason = f"ended by signal {signal.Signals(-code).name}, as when memory runs out"
        return Ended(None if reason else code, beginning(out), beginning(err), reason)


def stop_all() -> None:
    """End every process that is being waited for."""
    for process in list(_running):
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever it started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def beginning(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(OUTPUT).decode(errors="replace")


def limit_memory(megabytes: int) -> None:
    """So much memory beside what this process has now, for the whole of it."""
    if resource:
        with contextlib.suppress(ValueError, OSError):
            own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (own + megabytes * 2**20, hard))


def limit_time(seconds: float) -> None:
    """No more computing than so many seconds on every core make, for the whole of this process."""
    if resource:
        most = math.ceil((seconds + 1) * (os.cpu_count() or 1))
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))


def confine(megabytes: int) -> None:
    """In the process of a file, before it is loaded: from here on these limits hold for the whole process."""
    if resource:
        for kind, most in (
            (resource.RLIMIT_AS, megabytes * 2**20),
            (resource.RLIMIT_FSIZE, WRITTEN),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, hard if hard != resource.RLIM_INFINITY else most))
    sys.addaudithook(guard(os.path.realpath(os.getcwd())))


def guard(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that keeps changes to files inside a folder, and refuses programs and the network."""

    def inside(path: Any) -> bool:
        if isinstance(path, int):
            return True  # it is open already
        parent, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        return os.path.join(os.path.realpath(parent), name).startswith((folder + os.sep, os.devnull))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments[:3]
            writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & WRITING)
            if writes and not isinstance(path, int) and not inside(os.path.realpath(os.fsdecode(path))):
                raise PermissionError(f"it may not write to {os.fsdecode(path)}")
        elif event in PLACES:
            if not all(inside(path) for path in arguments[: PLACES[event]]):
                raise PermissionError(f"it may not do {event} outside its folder")
        elif event.startswith(NEVER) and not sys._getframe(1).f_code.co_filename.startswith(OURS):
            raise PermissionError(f"it may not do {event}")

    return hook
