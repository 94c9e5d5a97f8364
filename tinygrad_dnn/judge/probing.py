"""Which differences to take in the time there is: all entries, or a sample of them and random directions."""

import itertools
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from .comparison import NUMERIC_TOLERANCE, Probe, contradict, largest, probe, random_direction, unit
from .differences import derivative
from .subject import Arrays, Subject

CALLS_PER_PROBE = 8
SAMPLE, DIRECTIONS = 2, 2  # at least, of a parameter too large to probe every entry of
ALONE = 4  # directions where there is no recording
LEAST = 1e-3  # seconds where the differences judge alone
BAR_AFTER = 2.0  # seconds
SEEN = 1e-2  # the part of the largest slope that each has to have, for none to be hidden behind the others
TOGETHER = (
    "Central differences: one random direction of all parameters together; every entry with check(..., seconds=1)."
)

Task = tuple[tuple[int, ...] | None]  # an entry to probe, or None for a random direction


def probe_all(
    subject: Subject, truth: Arrays, seconds: float, directions: int = DIRECTIONS
) -> tuple[dict[str, list[Probe]], str]:
    """Differences for every entry of every parameter, or for as many as the time allows and some directions."""
    if seconds == 0:
        if together := probe_together(subject, truth):
            return together, TOGETHER
        found, sampled = probe_planned(subject, truth, 0.0)
        if not any(contradict(probes, truth[name]) for name, probes in found.items() if name in truth):
            return found, sampled
        seconds, directions = LEAST, ALONE
    return probe_planned(subject, truth, seconds, directions)


def probe_planned(
    subject: Subject, truth: Arrays, seconds: float, directions: int = DIRECTIONS
) -> tuple[dict[str, list[Probe]], str]:
    plan, sampled = plan_probes(subject, seconds, directions)
    tasks = [(name, *task) for name, tasks in plan.items() for task in tasks]
    expected = CALLS_PER_PROBE * len(tasks) * subject.seconds
    probes: dict[str, list[Probe]] = {name: [] for name in plan}
    rng = np.random.default_rng(subject.seed)
    for name, entry in with_bar(tasks, expected > BAR_AFTER):
        shape = subject.parameters[name].shape
        drawn_for = truth.get(name) if len(probes[name]) % 2 else None
        direction = random_direction(rng, shape, drawn_for) if entry is None else unit(shape, entry)
        goal = 1e-9 * largest(truth.get(name, 0.0))
        probes[name].append(probe(subject, name, entry, direction, goal))
    return probes, sampled


def probe_together(subject: Subject, truth: Arrays) -> dict[str, list[Probe]] | None:
    """One random direction of all parameters at once, as a probe of each; None where it does not confirm them all.

    What the difference and the gradients are apart is put down to each parameter in full.
    """
    rng = np.random.default_rng(subject.seed)
    directions = {}
    for name, x in subject.parameters.items():
        size = float(np.sqrt(np.mean(np.square(x)))) or 1.0
        directions[name] = size * random_direction(rng, np.shape(x))

    def line(distance: float) -> float:
        return subject.cost({name: x + distance * directions[name] for name, x in subject.parameters.items()})

    estimate = derivative(line, subject.value, 1.0, subject.noise)
    slopes = {name: float(np.sum(truth[name] * d)) for name, d in directions.items()}
    apart = estimate.value - sum(slopes.values())
    sizes = [abs(slope) for slope in slopes.values()]
    if min(sizes) < SEEN * max(sizes) or not abs(apart) <= 4 * estimate.error <= NUMERIC_TOLERANCE * max(sizes):
        return None
    return {n: [Probe(None, d, slopes[n] + apart, 4 * estimate.error, None)] for n, d in directions.items()}


def with_bar(tasks: list[Any], shown: bool) -> Iterable[Any]:
    """The tasks, behind a bar where tqdm is installed; it is imported late, as it takes half as long as NumPy."""
    if not shown:
        return tasks
    try:
        from tqdm import tqdm
    except ImportError:
        return tasks
    return tqdm(tasks, desc="central differences", unit="entry", leave=False)  # type: ignore[no-any-return]


def plan_probes(subject: Subject, seconds: float, directions: int) -> tuple[dict[str, list[Task]], str]:
    """The entries to probe, None standing for a random direction; and a sentence when that is a sample."""
    shapes = {name: np.shape(x) for name, x in subject.parameters.items()}
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    if seconds == 0:
        return {name: [(None,)] for name in shapes}, (
            "Central differences: one random direction of each parameter; every entry with check(..., seconds=1)."
        )
    affordable = seconds / (CALLS_PER_PROBE * max(subject.seconds, 1e-6))
    if sum(sizes.values()) <= affordable:
        return {name: [(entry,) for entry in np.ndindex(shape)] for name, shape in shapes.items()}, ""
    each = max(SAMPLE, int(affordable / len(shapes)) - directions)
    rng = np.random.default_rng(subject.seed)
    plan: dict[str, list[Task]] = {}
    for name, shape in shapes.items():
        chosen = np.sort(rng.choice(sizes[name], min(each, sizes[name]), replace=False))
        plan[name] = [(tuple(int(i) for i in np.unravel_index(k, shape)),) for k in chosen]
        plan[name] += [(None,)] * (directions if len(chosen) < sizes[name] else 0)
    probed = sum(task != (None,) for task in itertools.chain(*plan.values()))
    if probed == sum(sizes.values()):
        return plan, ""
    return plan, (
        f"Central differences: {probed:,} of {sum(sizes.values()):,} entries, and {directions} random directions of "
        "each parameter that is not covered whole; more with check(..., seconds=60)."
    )
