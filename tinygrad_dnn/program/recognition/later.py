"""Other turns of a loop: those in which a branch is taken that the first turn does not take.

A turn shows one way through the code: the first step, the first example, before anything is thawed. What later turns do
otherwise is held against the same cost; what is wrong there alone is wrong, and what cannot be told there is said.
"""

import ast
import time
from types import ModuleType
from typing import Any, NamedTuple

from ..limits import TooLong, limited, silence
from ..loops import Loops, Start
from ..sources import place
from ..turns import SEEN, Turn
from .choosing import Found, Tried
from .costs import Cost
from .learning import Learning
from .readings import remaining
from .runs import every_way, found_in
from .stepping import is_a_step
from .tasks import Task, UnfitError, Variant

OTHER = "a turn after the first"
AFTER = "is not the gradient of the cost in the one turn that could be read"
SECONDS = 4.0  # for all later turns of one loop


class Later(NamedTuple):
    """A later turn: which it is, what it learns, and a task, or None, with the part of it that is right."""

    says: str
    names: list[str]
    task: Task | None
    part: float


def first_found(loops: Loops, start: Start, module: ModuleType, raised: list[Exception]) -> Found | None:
    """What a turn shows, with what later ones do otherwise; where the first learns nothing, that of a later one.

    The first turn may be one that is skipped: an entry without a rating, an example that is right already.
    """
    turn = Turn(loops, start, module)
    first = found_in(turn, raised)
    every = [(says_of(loops, line), values) for line, values in loops.later.get(start.key, [])]
    if start.key in loops.fuller:
        every.insert(0, ("a turn whose example has fewer zeros", loops.fuller[start.key]))
    if first is not None and first.task is not None:
        return with_later(first, loops, start, every, raised)
    if first is None and any(isinstance(n, ast.AugAssign) or is_a_step(n) for n in turn.nodes()):
        every += [(OTHER, values) for values in loops.others.get(start.key, [])]
    until = time.process_time() + remaining(SECONDS)
    for i, (says, values) in enumerate(every):
        if time.process_time() > until:
            break
        one = found_in(later_turn(loops, start, values, module), raised)
        if one is not None and one.task is not None:
            said = f"{one.task.assumed} It is read in {says}."
            unsure = one.task.unsure or AFTER * (says == OTHER and one.part == 0)
            one = one._replace(task=one.task._replace(assumed=said, unsure=unsure))
            return with_later(one, loops, start, every[i + 1 :], raised)
        first = first or one
    return first


def later_turn(loops: Loops, start: Start, values: dict[str, Any], module: ModuleType, seen: str = SEEN) -> Turn:
    """A turn with what a later one has otherwise."""
    own = {n: v for n, v in values.items() if n in start.variables}
    return Turn(loops, start._replace(variables=start.variables | own), module, seen)


def says_of(loops: Loops, line: int) -> str:
    return f"the first turn that takes the branch in {place(loops.file, line)}"


def with_later(
    one: Found, loops: Loops, start: Start, others: list[tuple[str, dict[str, Any]]], raised: list[Exception]
) -> Found:
    """A turn with what later ones do otherwise: what learns the most is the task, the others are its variants."""
    if one.task is None or one.cost is None:
        return one
    every = [Later("", one.names, one.task, one.part)]
    until, waiting = time.process_time() + remaining(SECONDS), list(others)
    while waiting and time.process_time() < until:
        says, values = waiting.pop(0)
        turn = later_turn(loops, start, values, one.turn.module, one.turn.seen)
        every += [later] if (later := of_turn(turn, one.cost, says, raised)) is not None else []
    told = [later for later in every if later.task is not None]
    main = max(told, key=lambda later: len(later.names))
    assert main.task is not None
    different = [later for later in told if later is not main and later.part < 1.0]
    variants = tuple(Variant(later.says, lambda later=later: later.task) for later in different)  # type: ignore[misc]
    doubts = tuple(
        f"d{name}: in {later.says}, it is not told what it is the gradient of"
        for later in every if later.task is None for name in later.names
    )  # fmt: skip
    said = [main.task.assumed, f"It is read in {main.says}." if main.says else ""]
    same = sum(later is not main and later.part == 1.0 for later in told)
    said += [f"Right as well in {same} other turn{'s' * (same > 1)}."] * bool(same)
    left = " and ".join(says for says, _ in waiting)
    said += [f"There was no time for {left}."] * bool(left)
    task = main.task._replace(
        assumed=" ".join(filter(None, said)), variants=(*main.task.variants, *variants),
        doubts=(*main.task.doubts, *doubts),
    )  # fmt: skip
    return one._replace(task=task, names=main.names, part=min(later.part for later in told))


def of_turn(turn: Turn, cost: Cost, says: str, raised: list[Exception]) -> Later | None:
    """A later turn by the cost that is known from another; None where it learns nothing or does not run."""
    best: Tried | None = None
    names: list[str] = []
    try:
        with silence(), limited(remaining(SECONDS), of_cpu=True):
            learning = Learning(turn)
            names = list(learning.places)
            for one in every_way(learning):
                if is_same(one.cost, cost) and (best is None or one.part > best.part):
                    best = one
                if best is not None and best.part == 1.0:
                    break
    except TooLong:  # what was not tried may be right
        return Later(says, names, None, 0.0)
    except UnfitError:
        pass
    except Exception as error:  # what a later turn needs may not be there
        raised.append(error)
        return None
    if best is not None:  # where a rate is not told apart, what is taken away says nothing of a gradient
        told = best.part > 0 or best.factor is not None or any(best.reading.where.values())
        return Later(says, names, best.task if told else None, best.part)
    other = found_in(turn, raised) if names else None  # the cost may not be computed in each turn
    return None if other is None else Later(says, names, other.task, other.part)


def is_same(a: Cost, b: Cost) -> bool:
    """Whether two turns have the same cost."""
    pairs = [None if cost.pair is None else (cost.pair.says, cost.pair.called) for cost in (a, b)]
    return a.key == b.key and pairs[0] == pairs[1] and a.function is b.function
