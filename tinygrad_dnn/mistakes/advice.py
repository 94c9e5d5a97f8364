"""What is wrong and what mends it: the causes and the fix for the rows of a report that are wrong."""

import itertools
import linecache
import time
from typing import Any, NamedTuple

import numpy as np

from ..judge.comparison import largest
from ..judge.intermediates import meant
from ..judge.recording import Recording, record
from ..judge.report import Cause, Fix, Row
from ..judge.subject import Arrays, Hand, Subject, as_number
from ..judge.verdicts import Judged
from ..program.sources import tree_of
from . import child
from .causes import causes
from .evidence import Evidence, ratio, same
from .reconsidering import reconsidered
from .repair import Bench, Place, copied, edited_cost, repair

ATTEMPTS = 4  # so many edits may turn out to have lived on what earlier ones left behind
ENTRIES = 2000  # more parameters than this are not differentiated one by one where the cost cannot be recorded


class Search(NamedTuple):
    """What a search needs. keys: by parameter; wrong: the keys of those that are wrong; truth: what they should be."""

    subject: Subject
    recording: Recording | None
    hand: Hand
    keys: dict[str, str]
    wrong: list[str]
    truth: dict[str, Any]


class Offer(NamedTuple):
    """The causes, and the fix if there is one, with its place in the bytes of its file."""

    causes: list[Cause]
    fix: Fix | None
    place: Place | None


def advise(found: Judged, seconds: float) -> tuple[list[Row], list[Cause], Fix | None]:
    """The rows with their causes, the causes, and the fix if one is found within the time.

    The search runs in a copy of the process, and what it finds is run again in a new copy, at another point too.
    """
    deadline, case = time.monotonic() + seconds, found.case
    recording = None if case.contradicted else case.recording
    truth = {case.keys[name]: g for name, g in recording.of_parameters().items()} if recording else {}
    search = Search(case.subject, recording, case.hand, case.keys, found.wrong, truth)
    offer, refused = Offer([], None, None), list[Place]()
    while child.possible() and len(refused) < ATTEMPTS:
        left = deadline - time.monotonic()
        latest = child.in_a_child(lambda left=left: look(search, refused, left), left + 1)  # type: ignore[misc]
        offer = latest or offer
        if latest is None or latest.fix is None:
            break
        if stands(search, latest.place, latest.fix.of_cost, max(deadline - time.monotonic(), 1.0)):
            break
        refused.append(latest.place)
        offer = Offer([], None, None)
    first = offer.causes[0] if offer.causes else None
    rows = [row._replace(cause=first) if row.verdict == "wrong" else row for row in found.rows]
    return rows, offer.causes, offer.fix


def bench_of(search: Search) -> Bench | None:
    """The points to run edits at, with the right gradients there; None where they cannot be known."""
    subject, recording, keys = search.subject, search.recording, search.keys
    others = {key: g for key, g in search.hand.arrays.items() if key not in keys.values()}
    places = meant(search.wrong, others, recording) if recording and others else {}
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
    known = [(point, as_judged(search, truth)) for point, truth in points if truth is not None]
    if len(known) < 2 or not all(truth.keys() & set(search.wrong) for _, truth in known):
        return None  # where nothing is known of what is wrong, an edit that mends it looks like one that does nothing
    return Bench(subject, known)


def as_judged(search: Search, truth: dict[str, Any]) -> dict[str, Any]:
    """The gradients that count as right: m times those of the cost where that was judged right, as by convention.

    One that is right by another slope at a kink is left out: there is no telling what it should be elsewhere.
    """
    factors: dict[str, float | None] = {}
    for key, g in search.truth.items():
        if key not in search.wrong and not same(search.hand.arrays.get(key), g):
            factors[key] = ratio(search.hand.arrays.get(key), g)
    return {key: g * (factors.get(key) or 1.0) for key, g in truth.items() if factors.get(key, 1.0) is not None}


def look(search: Search, refused: list[Place], seconds: float) -> Offer | None:
    """The nearest edit that mends everything and was not refused, and the causes."""
    bench = bench_of(search)
    if bench is None:
        return None
    other = reconsidered(
        search.subject, lambda point: truth_now(search, point), [point for point, _, _ in bench.points]
    )
    if other and other[2] not in refused:
        return Offer([other[1]], other[0], other[2])
    truth = bench.points[0][2]
    found = repair(bench, {key for key in search.wrong if key in truth}, seconds, refused)
    parameters = {search.keys[name]: value for name, value in search.subject.parameters.items()}
    own = [key for key in search.wrong if key in parameters]
    evidence = Evidence(
        search.hand.arrays, {k: g for k, g in truth.items() if k in parameters}, parameters, own, search.recording
    )
    if not found:
        return Offer(causes(evidence, None), None, None)
    unknown = tuple(key for key in search.wrong if key not in truth)
    return Offer(causes(evidence, found), found.fix._replace(unknown=unknown), found.place)


def truth_now(search: Search, point: Arrays) -> dict[str, Any]:
    """The right gradients by key, of the cost as the code computes it now."""
    recording = record(search.subject, point) if search.recording else None
    return truth_at(search.subject, recording, search.keys, {}, point) or {}


def stands(search: Search, place: Place, of_cost: bool, seconds: float) -> bool:
    """Whether an edit mends everything in a copy of its own, and leaves the cost at a third point what it was."""
    third = beside(search.subject, 7)
    if of_cost:
        look_again = lambda: reconsidered(search.subject, lambda point: truth_now(search, point), [third])
        found = child.in_a_child(look_again, seconds)
        return found is not None and found[2] == place

    def edited_run() -> tuple[bool, float]:
        return edited_cost(bench_of(search), place, third)  # type: ignore[arg-type]

    before = child.in_a_child(lambda: search.subject.cost(copied(third)), seconds)
    after = child.in_a_child(edited_run, seconds)
    if before is None or after is None or not after[0] or not np.array_equal(before, after[1], equal_nan=True):
        return False
    afresh = child.in_a_child(lambda: cost_afresh(search, place, third), seconds)
    return afresh is None or bool(np.array_equal(before, afresh, equal_nan=True))


def cost_afresh(search: Search, place: Place, point: Arrays) -> float | None:
    """The cost as the repaired file has it when it is run anew; None where the cost is not that file's own."""
    cost = search.subject.cost_function
    names = getattr(cost, "__globals__", {})
    if names.get("__file__") != place.file or names.get(cost.__name__) is not cost:
        return None
    text = "".join(linecache.getlines(place.file)).encode()
    anew = {"__name__": "repaired", "__file__": place.file}
    repaired = text[: place.start] + place.text.encode() + text[place.end :]
    exec(compile(tree_of(repaired, place.file), place.file, "exec"), anew)
    return as_number(anew[cost.__name__](copied(point)))[0]  # type: ignore[operator]


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
