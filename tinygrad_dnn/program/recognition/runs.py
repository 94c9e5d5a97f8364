"""What a program's own run shows: what its updates take away, and of which number that is the gradient.

Every number that the parameters move may be the cost, those that are called one first. Where there is none of which
anything is the gradient, the losses that the output and the labels may have are tried (inferring.py).
"""

import ast
import contextlib
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from ..held import numbers_in, plain
from ..limits import TooLong, limited, silence
from ..noting import Expression
from ..turns import Turn
from .choosing import Found, Tried, chosen
from .costs import Cost, numbers_of, of_all_calls
from .cutting import WHOLE, is_cut, looks_cut
from .decaying import decay_in, may_have_a_penalty, with_penalty
from .following import IN_TURN, WITH_MOVED, without
from .functions import for_role
from .hidden import hidden_in
from .inferring import pairs_of
from .learning import FEW, Learning, Seen, changes
from .nameless import differences_of, nearby, thresholds_of
from .objectives import objectives_of
from .offers import own_functions
from .readings import factor, remaining
from .stepping import adds_a_product, steps_taken
from .taking import Reading, near, rates_in, readings_of, unread
from .tasks import Task, UnfitError
from .telling import said
from .truths import holds, matters, truth
from .values import SEED, Values
from .words import tells_of_a_cost, words

NO_TIME = "there was no time to look at it"
SECONDS = 6.0  # for one turn
HANDED_ON = "may be what one turn hands on to the next, or be learnt"
STATES = " What one turn hands on to the next is held as it is: {}."
BACK = ("grad", "err", "delta", "loss", "cost")  # in names of what is computed after the output


def found_in(turn: Turn, raised: list[Exception]) -> Found | None:
    """What a turn learns and how its gradients are to be checked; None where it learns nothing."""
    tried: list[Tried] = []
    names: list[str] = []
    ran: frozenset[str] = frozenset()
    held: list[str] = []
    late = False
    try:
        with silence(), limited(remaining(SECONDS), of_cpu=True):
            every = Learning(turn)
            names, ran = list(every.places), every.ran
            tried, held = with_states_held(every) if every.carried else ([], [])
            if held:
                names = [name for name in names if name not in held]
            for one in every_way(every) if not held else ():
                tried.append(one)
                if one.part == 1.0:
                    break
    except TooLong:
        late = True
    except UnfitError:
        pass
    except Exception as error:  # somebody's code with other values
        raised.append(error)
    if late and not names and turn.is_a_loop and (moved := steps_taken(turn.nodes())):
        return Found(turn, moved, None, missing=NO_TIME)
    if not names or (not tried and not every.strong):
        return None
    found = chosen(turn, names, tried)._replace(ran=ran)
    if late and found.task is None:
        found = found._replace(missing=NO_TIME)
    if found.task is not None and found.part < 1.0:  # then it may be learnt as well
        doubts = (*found.task.doubts, *(f"d{name}: {HANDED_ON}" for name in held))
        found = found._replace(task=found.task._replace(doubts=doubts))
    return found


def with_states_held(every: Learning) -> tuple[list[Tried], list[str]]:
    """The ways to read a turn whose states are held as they are, and these; nothing where they are learnt.

    They are where of the same cost more is right if they are taken for parameters.
    """
    without, tried = every.without_states(), list[Tried]()
    until = time.process_time() + SECONDS / 3
    for one in every_way(without):
        tried.append(one)
        if one.part == 1.0 or time.process_time() > until:
            break
    best = max(tried, key=lambda one: len(one.right), default=None)
    if best is None or not best.right:
        return [], []
    whole = [one for one in every_way(every, best.cost) if len(one.right) > len(best.right)]
    return ([], []) if whole else (tried, without.held)


def every_way(learning: Learning, only: Cost | None = None) -> Iterator[Tried]:
    """Every way to read a turn, with the stated costs first; losses that nobody states only if none of these holds.

    only: the cost, where it is known.
    """
    for seed in range(FEW):
        points = learning.point, away(learning.point, seed)
        seen = [learning.base, learning.look(points[1])]
        if all(np.any(taken) for taken in seen[1].taken.values()):
            break
    readings = list(readings_of(learning, *seen))
    apart = [learning.look(p, keep=True) for p in points]
    here, there = apart[0].values, learning.look(nearby(learning.point), keep=True).values
    moved = {key: value for key, value in here.items() if changes(value, there.get(key))}
    held = False
    functions = for_role(own_functions(learning.turn.module), "cost")
    beside = [Cost(("", 0, (f"{f.__name__}(...)", "cost")), None, f) for f in functions]
    if only is not None:
        as_named = [reading._replace(rate=None) for reading in readings] if only.pair is not None else readings
        yield from ways_of(learning, only, as_named, points, seen, apart)
        return
    decayed = list[Tried]()
    numbers = [key for key in numbers_of(learning, moved) if learning.strong or tells_of_a_cost(key)]
    for stated in [*map(Cost, numbers), *beside, *objectives_of(learning, functions)]:
        cost, cut = stated._replace(larger=goes_up(learning) and is_below(stated, apart, points)), False
        for one in ways_of(learning, cost, readings, points, seen, apart):
            if one.decayed:
                decayed.append(one)
                continue
            held, cut = held or one.part > 0 or one.off, cut or one.cut
            yield one
        if cut:
            whole = [learning.look(p, cut=False) for p in points]
            yield from ways_of(learning, cost, list(readings_of(learning, *whole)), points, whole, whole, cut=False)
    yield from decayed  # where no stated cost has the penalty
    if held:
        return
    free = [reading._replace(rate=None) for reading in readings]
    for pair in differences_of(learning):
        yield from ways_of(learning, Cost(pair.key, pair), free, points, seen, apart)
    for pair in thresholds_of(learning) if not learning.strong else ():  # any constant is a multiple of what it takes
        away_alone = [reading for reading in free if not any(reading.where.values())]
        yield from ways_of(learning, Cost(pair.key, pair), away_alone, points, seen, apart)
    own = {path for places in learning.places.values() for path in places}
    gradients = {where[0] for reading in readings for where in reading.where.values() if where is not None}
    outputs = {k: v for k, v in moved.items() if (k[0] or k[2] not in own) and k not in gradients}
    outputs |= of_all_calls(outputs)
    outputs = {k: v for k, v in outputs.items() if not is_all_of_the_step(v, learning)}
    likely = sorted(outputs, key=lambda k: (not k[0], k[1] > 0, not any(word in str(k[2]).lower() for word in BACK)))
    still = [(str(words(path)[-1:] or [""])[2:-2], v) for path, v in numbers_in(learning.turn.start) if path not in own]
    for pair in pairs_of({key: outputs[key] for key in likely}, still):
        yield from ways_of(learning, Cost(pair.key, pair), free, points, seen, apart)


def goes_up(learning: Learning) -> bool:
    """Whether the lines add to what is learnt, and take nothing away from it."""
    nodes = list(learning.turn.nodes())
    return any(map(adds_a_product, nodes)) and not steps_taken(nodes)


def is_below(cost: Cost, seen: list[Seen], points: tuple[Values, Values]) -> bool:
    """Whether a number is negative wherever it is looked at, as a likelihood is: what goes up makes it less wrong."""
    try:
        return all(float(plain(cost.of(one, p))) < 0 for one, p in zip(seen, points, strict=True))
    except Exception:  # it is told where it is tried
        return False


def is_all_of_the_step(value: Any, learning: Learning) -> bool:
    """Whether a value is the gradient itself, of the only parameter: half its square would have it for a gradient."""
    taken = list(learning.base.taken.values())
    alike = len(taken) == 1 and 1 < np.size(taken[0]) == np.size(plain(value))
    return alike and factor(taken[0], np.asarray(plain(value), dtype=float)) is not None


def ways_of(
    learning: Learning, cost: Cost, readings: list[Reading], points: tuple[Values, Values], seen: list[Seen],
    apart: list[Seen], cut: bool = True,
) -> Iterator[Tried]:  # fmt: skip
    """The readings of the gradients, each with how well it holds of one cost, here and at another point.

    A factor that is fitted has to be the same there: what is in proportion at one point alone is no gradient.
    apart: the same runs where the parameters are put back after each statement that moves them.
    """
    try:
        only = None if cost.key[0] or cost.function is not None else only_for(learning, cost)
        made = partial(task_for, learning, cost, only, cut)
        truths = [truth(made(readings[0], 1.0, seen[0], point)) for point in points]
    except (ArithmeticError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError):
        return
    moving = [n for n in learning.places if any(matters(t[n]) for t in truths)]
    if not moving or any(n not in moving for n in learning.strong):
        return
    truths = [{n: t[n] for n in moving} for t in truths]
    rates, none = rates_in(learning, seen[0]), True
    moved_point = {n: v - np.reshape(seen[0].taken[n], np.shape(v)) for n, v in points[0].items()}
    for whole in readings:
        reading = whole._replace(where={n: whole.where[n] for n in moving})
        found = [taken_by(reading, one) for one in seen]
        if any(g is None for each in found for g in each.values()):
            continue
        free = not reading.named or cost.pair is not None
        scale, again = (common(f, t, reading, cost, rates) for f, t in zip(found, truths, strict=True))
        over = scale if free and scale is not None and scale > 0 else 1.0
        right = [all(holds(f[f"d{n}"] / over, t[n]) for f, t in zip(found, truths, strict=True)) for n in moving]
        together = scale is not None and again is not None and abs(scale - again) <= 1e-4 * abs(scale)
        alone = cost.key[2] not in learning.sums  # a sum over turns only tells of what each of them makes smaller
        factor = scale if not free and together and alone and not any(right) else None
        off = cost.pair is None and not all(right) and is_cut(found, truths)
        sure = tuple(n for n, is_right in zip(moving, right, strict=True) if is_right)
        alike = tuple(n for n in moving if n not in sure and in_proportion([f[f"d{n}"] for f in found], n, truths))
        part = len(sure) / len(moving)
        lone = [taken_by(reading, one) for one in apart] if not all(right) else found
        task = made(reading, over, seen[0])
        one = Tried(task, cost, reading, part, factor, off, sure, alike)
        none = none and not sure and factor is None and not reading.named
        yield in_order(one, found, lone, truths, moved_point, over)
        if not all(right):
            decays = [decay for each in (found, lone) if (decay := decay_in(each, truths, points)) is not None]
            known = None if cost.pair is not None else over if free else 1.0
            if cost.pair is None:
                decays = [decay for decay in decays if decay.is_of_all(points, known) and not may_have_a_penalty(task)]
            for decay in decays[-1:]:
                touched = {n: np.reshape(np.asarray(found[0][f"d{n}"]) != 0, np.shape(points[0][n])) for n in moving}
                held = tuple(n for n in moving if decay.holds(n, found, truths, points))
                task = with_penalty(made(reading, decay.rate, seen[0]), decay, touched, cost.pair is None)
                full = [decay.added_to(t, p) for t, p in zip(truths, points, strict=True)]
                of_all = cost.pair is None
                one = Tried(task, cost, reading, len(held) / len(moving), None, False, held, decayed=of_all)
                yield in_order(one, found, lone, full, moved_point, decay.rate)
    if none and cost.pair is None and (hidden := hidden_in(seen, truths, cost.key)) is not None:
        reading = Reading(hidden.where)
        task = made(reading, hidden.factor, seen[0])
        task = task._replace(assumed=f"{task.assumed}{hidden.says}")
        yield Tried(task, cost, reading, 1.0, None, False, tuple(hidden.where))


def in_order(
    one: Tried, found: list[Values], lone: list[Values], truths: list[Values], moved: Values, over: float
) -> Tried:
    """What is said of updates that find what those before them have moved.

    lone: what each would take by itself. moved: the first point as it is after the turn.
    """
    wrong = [n for n in truths[0] if n not in one.right]
    late = [
        n for n in wrong if all(holds(f[f"d{n}"] / over, t[n]) for f, t in zip(lone, truths, strict=True))
    ] if one.right else []  # fmt: skip
    if not late:
        return one
    point = {n: v if n in late else moved[n] for n, v in one.task.parameters.items()}
    turned: list[str] = []
    with contextlib.suppress(ArithmeticError):
        there = truth(one.task._replace(parameters=point))
        turned = [n for n in late if holds(found[0][f"d{n}"] / over, there[n])]
    task = without(one.task, turned, IN_TURN)
    late = [n for n in late if n not in turned]
    said = task.assumed + (WITH_MOVED.format(" and ".join(f"d{n}" for n in late)) if late else "")
    return one._replace(task=task._replace(assumed=said), part=len(one.right) / len(truths[0]))


def in_proportion(found: list[Any], name: str, truths: list[Values]) -> bool:
    """Whether a gradient is the right one but for one factor, at all points the same."""
    factors = [None if callable(t[name]) else factor(g, t[name]) for g, t in zip(found, truths, strict=True)]
    return None not in factors and bool(np.allclose(factors, factors[0], 1e-4))  # type: ignore[arg-type]


def taken_by(reading: Reading, seen: Seen) -> Values:
    """The gradients in one run as they are read; None for what is not there."""
    found: Values = {}
    for name, where in reading.where.items():
        if where is None:
            found[f"d{name}"] = np.asarray(seen.taken[name])
        else:
            value = seen.values.get(where[0])
            found[f"d{name}"] = None if value is None else where[1] * np.asarray(plain(value))
    return found


def away(point: Values, seed: int = 0) -> Values:
    """Another point, as far away as the parameters are large."""
    rng = np.random.default_rng(SEED + 4 + seed)
    return {n: v + 0.5 * max(float(np.std(v)), 0.1) * rng.normal(size=np.shape(v)) for n, v in point.items()}


def common(found: Values, truths: Values, reading: Reading, cost: Cost, rates: set[float]) -> float | None:
    """The factor by which the most gradients are off, a known rate before others; that of all, where all have names."""
    factors = [c for n, t in truths.items() if not callable(t) and (c := factor(found[f"d{n}"], t)) is not None]
    if not factors:
        return None
    if reading.named and cost.pair is None:
        same = len(factors) == len(truths) and np.allclose(factors, factors[0], 1e-4)
        return factors[0] if same else None
    if reading.rate is not None and cost.pair is None:
        return reading.rate
    counts = [(sum(abs(c - d) <= 1e-4 * abs(c) for d in factors), near(c, rates) is not None, c)
              for c in factors if c > 0]  # fmt: skip
    return max(counts, key=lambda counted: counted[:2])[2] if counts else None


def task_for(
    learning: Learning, cost: Cost, only: tuple[int, ...] | None, cut: bool, reading: Reading, scale: float,
    here: Seen, point: Values | None = None,
) -> Task:  # fmt: skip
    nested, noting = bool(cost.key[0]), isinstance(cost.key[2][0], Expression)
    watch = any(where is not None and where[0][0] for where in reading.where.values())
    still = {n: v for n, v in learning.point.items() if n not in reading.where}
    own = {n: v for n, v in (point or learning.point).items() if n in reading.where}
    alike = {name for name, g in taken_by(reading, here).items() if g is None or looks_cut(g)}
    clips = any(isinstance(n, ast.Attribute) and n.attr == "clip" for n in ast.walk(learning.turn.tree))

    def value(p: Values) -> Any:
        return cost.of(learning.look(still | p, keep=True, only=only, watch=nested, noting=noting), p)

    def gradients(p: Values) -> Values:
        at = still | {n: plain(v) for n, v in p.items()}
        seen = learning.look(at, watch=watch, cut=cut)
        found = taken_by(reading, seen)
        whole = taken_by(reading, learning.look(at, watch=watch, cut=False)) if cut and clips else found
        short = [n for n, g in found.items() if g is not None and (looks_cut(g) or not np.array_equal(g, whole[n]))]
        if any(name not in alike for name in short):
            raise ValueError("a gradient is cut off at some size there")  # where it is large, and not where it is
        return {name: g / scale if scale != 1.0 and g is not None else g for name, g in found.items()}

    assumed = said(learning, cost, reading, scale) + WHOLE * (not cut)
    if learning.held:
        assumed += STATES.format(", ".join(learning.held))
    return Task(value, gradients, own, assumed, doubts=tuple(unread(learning, reading)))


def only_for(learning: Learning, cost: Cost) -> tuple[int, ...] | None:
    """The statements that the cost needs; None where more of them make another number of it."""
    only = learning.turn.needed_for(cost.key[2][0])
    try:
        values = [
            learning.look(learning.point, keep=True, only=some, watch=False).values[cost.key] for some in (only, None)
        ]
    except Exception:  # names do not tell all that a statement needs
        return None
    return only if np.array_equal(np.asarray(plain(values[0])), np.asarray(plain(values[1]))) else None
