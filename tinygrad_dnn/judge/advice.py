"""What is wrong and what mends it: the causes and the fix for the rows of a report that are wrong."""

import itertools
from typing import Any

import numpy as np

from .causes import causes
from .comparison import largest
from .evidence import Evidence
from .intermediates import meant
from .recording import Recording, record
from .repair import Bench, copied, repair
from .report import Cause, Fix, Row
from .subject import Arrays, Hand, Subject

ENTRIES = 2000  # more parameters than this are not differentiated one by one where the cost cannot be recorded


def advise(
    subject: Subject, recording: Recording | None, hand: Hand, keys: dict[str, str], rows: list[Row], seconds: float
) -> tuple[list[Row], list[Cause], Fix | None]:
    """The rows with their causes, the causes, and the fix if one is found within the time. keys: by parameter."""
    wrong = [row.name for row in rows if row.verdict == "wrong"]
    others = {key: g for key, g in hand.arrays.items() if key not in keys.values()}
    places = meant(wrong, others, recording) if recording and others else {}
    points = [(subject.parameters, truth_at(subject, recording, keys, places))]
    for seed in range(3):
        point = beside(subject, seed)
        try:
            points.append(
                (point, truth_at(subject, record(subject, point) if recording else None, keys, places, point))
            )
            break
        except Exception:  # the code may not run there: try another
            continue
    if not all(truth is not None for _, truth in points) or len(points) < 2:
        return rows, [], None
    bench = Bench(subject, points)  # type: ignore[arg-type]
    found = repair(bench, {key for key in wrong if key in points[0][1]}, seconds)  # type: ignore[operator]
    parameters = {keys[name]: value for name, value in subject.parameters.items()}
    own = [key for key in wrong if key in parameters]
    truth = {key: g for key, g in points[0][1].items() if key in parameters}  # type: ignore[union-attr]
    listed = causes(Evidence(hand.arrays, truth, parameters, own, recording), found)
    first = listed[0] if listed else None
    rows = [row._replace(cause=first) if row.verdict == "wrong" else row for row in rows]
    return rows, listed, found.fix if found else None


def beside(subject: Subject, seed: int) -> Arrays:
    """The parameters at another random point, near enough for the code to run there too."""
    rng = np.random.default_rng(seed)
    sizes = {k: float(np.sqrt(np.mean(np.square(v)))) or 1.0 for k, v in subject.parameters.items()}
    return {
        k: v * (1 + 0.1 * rng.normal(size=v.shape)) + 0.02 * sizes[k] * rng.normal(size=v.shape)
        for k, v in subject.parameters.items()
    }


def truth_at(
    subject: Subject,
    recording: Recording | None,
    keys: dict[str, str],
    places: dict[str, tuple[int, int]],
    point: Arrays | None = None,
) -> dict[str, Any] | None:
    """The right gradients by key: recorded, or from differences where there is no recording."""
    if recording is not None:
        found = {keys[name]: g for name, g in recording.of_parameters().items()}
        by_place = [recording.gradients[t] for t in recording.tensors]
        return found | {key: factor * by_place[place] for key, (place, factor) in places.items()}
    values = subject.parameters if point is None else point
    if sum(v.size for v in values.values()) > ENTRIES:
        return None
    return {keys[name]: differences(subject, values, name) for name in values}


def differences(subject: Subject, point: Arrays, name: str) -> Any:
    """The gradient by one parameter from four differences for each entry, of fourth order."""
    x = point[name]
    step = 1e-3 * (largest(x) or 1.0)
    found = np.zeros_like(x)
    for index in itertools.product(*map(range, x.shape)):

        def f(h: float, index: tuple[int, ...] = index) -> float:
            moved = copied(point)
            if x.ndim:
                moved[name][index] += h
            else:
                moved[name] = moved[name] + h
            return subject.cost(moved)

        found[index] = (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step)
    return found
