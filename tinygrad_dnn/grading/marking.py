"""Many files checked: several at a time here, or spread over a Dask cluster; each report kept as it comes."""

import contextlib
import hashlib
import importlib.util
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from .. import __version__
from .worker import Found, Job, check_apart, not_checked, stop_all

ATTEMPTS = 3  # so often a job is given to a cluster whose workers are lost


def mark(jobs: list[Job], workers: int = 1, scheduler: str = "", kept: Path | None = None) -> Iterator[Found]:
    """The report on each file, as it comes.

    workers    so many at a time, each in a process of its own
    scheduler  the address of a Dask cluster that does them instead; what a lost worker had is done by another
    kept       a file to which each report is added as a line of JSON. What it holds already of the same content,
               checked with the same options, comes from there: after an interruption only the rest is done
    """
    before = kept_in(kept) if kept else {}
    waiting = []
    for job in jobs:
        if key_of(job) in before:
            yield before[key_of(job)]
        else:
            waiting.append(job)
    for job, found in with_bar(elsewhere(waiting, scheduler) if scheduler else here(waiting, workers), len(waiting)):
        if kept:
            keep(kept, key_of(job), found)
        yield found


def here(jobs: list[Job], workers: int) -> Iterator[tuple[Job, Found]]:
    """Several at a time on this machine: threads that wait for processes."""
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(check_apart, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], outcome(futures[future], future.result)
        except BaseException:  # an interruption: no further file is begun
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def elsewhere(jobs: list[Job], scheduler: str) -> Iterator[tuple[Job, Found]]:
    """Spread over the workers of a Dask cluster, which gives what a lost one had to another."""
    try:
        from dask import distributed
    except ImportError:
        raise ImportError("--scheduler needs Dask: pip install 'tinygrad_dnn[cluster]'") from None
    connect: Any = distributed.Client
    with connect(scheduler, timeout="60s", set_as_default=False) as client:
        for worker, found in client.run(importlib.util.find_spec, "tinygrad_dnn", on_error="ignore").items():
            if found is None:
                raise ImportError(f"the worker {worker} has no tinygrad_dnn: install it there too")
        futures = {client.submit(check_apart, job, pure=False, retries=ATTEMPTS): job for job in jobs}
        tries = Counter(job.file for job in jobs)
        as_finished: Any = distributed.as_completed
        finished = as_finished(list(futures), loop=client.loop)
        for future in finished:
            job = futures.pop(future)
            try:
                yield job, future.result()
            except Exception:  # the worker that held the report was lost before it was fetched
                if tries[job.file] == ATTEMPTS:
                    yield job, outcome(job, future.result)
                else:
                    tries[job.file] += 1
                    again = client.submit(check_apart, job, pure=False, retries=ATTEMPTS)
                    futures[again] = job
                    finished.add(again)


def outcome(job: Job, result: Callable[[], Found]) -> Found:
    """What a job gave; where it failed itself, that is what there is to report."""
    try:
        return result()
    except Exception as error:
        return not_checked(job.file, f"{type(error).__name__}: {error}")


def with_bar(found: Iterable[Any], total: int) -> Iterable[Any]:
    """Behind a bar where somebody watches and tqdm is installed."""
    if total < 2 or not sys.stderr.isatty():
        return found
    with contextlib.suppress(ImportError):
        from tqdm import tqdm

        return tqdm(found, desc="files", total=total, unit="file", leave=False)  # type: ignore[no-any-return]
    return found


def key_of(job: Job) -> str:
    """What makes two jobs the same: the file, its content, and how it is checked."""
    parts = [__version__.encode(), os.path.abspath(job.file).encode(), job.content or b"", repr(job[2:]).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def kept_in(path: Path) -> dict[str, Found]:
    """The reports in a file by the key of their job. A line that an interruption cut off is left out."""
    found: dict[str, Found] = {}
    if path.exists():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            try:
                entry = json.loads(line)
                found[entry["key"]] = entry["report"]
            except (ValueError, KeyError, TypeError):
                if line.startswith('{"key": '):
                    continue
                raise ValueError(f"{path}, line {number}: it is no line that a check has written") from None
    return found


def keep(path: Path, key: str, found: Found) -> None:
    """Add a report as a line, whole and on the disk before the next; after half a line a new one is begun."""
    with path.open("a+b") as file:
        if file.tell() and not ends_with_newline(file):
            file.write(b"\n")
        file.write(json.dumps({"key": key, "report": found}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def ends_with_newline(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")
