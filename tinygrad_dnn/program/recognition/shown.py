"""What the run of a program shows: what its loops learn, and what it calls its functions with."""

import ast
import gc
import inspect
import time
from types import CodeType, ModuleType

from ..loops import Loops
from ..sources import place
from ..turns import Turn
from ..watching import follow
from .called import of_calls
from .choosing import Found
from .functions import codes_run
from .later import first_found
from .passes import of_halves
from .readings import agreement, remaining
from .runs import NO_TIME
from .stepping import is_a_step, steps_taken
from .tasks import Part, Task, copied

SECONDS = 8.0  # for all that the run shows
LONG = 0.3  # seconds of a turn that is looked at last: it is slower where it is watched


def seen_in(module: ModuleType, loops: Loops, raised: list[Exception]) -> tuple[list[Found], list[Part]]:
    """What the run of a program shows: what its loops learn, and what its functions are called with.

    And then what the modules beside it show that it imports, of what has not run by then.
    """
    shown, called, ran = list[Found](), list[Part](), set[CodeType]()
    for one, own in [(module, loops), *loops.beside]:
        if one is not module and (not own.starts or remaining(SECONDS) < 1.0):
            continue
        more = of_run(one, own, raised)
        shown = best_shown([*shown, *more]) if shown else more
        ran |= ran_by(more)
        calls = of_calls(one, own, raised, ran)
        ran = ran.union(*(codes_run(part.task) for part in calls))
        called += [*calls, *of_halves(one, own, raised, ran)]
        ran = ran.union(*(codes_run(part.task) for part in called))
    return shown, called


def how_good(seen: tuple[list[Found], list[Part]]) -> float:
    """How far a run is understood: of what part of the parameters the gradients are right, at most."""
    shown, called = seen
    return max(
        [
            0.0,
            *(max(one.part, 0.5 * one.off) + 1e-3 for one in shown if one.task),
            *(agreement(part.task) + 1e-3 for part in called),
        ]
    )


def of_run(module: ModuleType, loops: Loops, raised: list[Exception]) -> list[Found]:
    """What the loops that ran show, each thing that is learnt once."""
    every, until = list[Found](), time.process_time() + remaining(SECONDS)
    latest_first = list(loops.starts.values())[::-1]
    long = {start.key for start in latest_first if loops.took_long(start.key, LONG)}
    outer_first = sorted(latest_first, key=lambda start: (start.key in long, start.function != ""))
    for start in outer_first:
        turn = Turn(loops, start, module)
        if start.key in long and any(one.task is not None and trains_with(turn, one) for one in every):
            continue  # it trains several times what is understood by now
        if any(one.part == 1.0 and one.overlaps(Found(turn, [], None)) for one in every):
            continue  # it is understood as a part of that
        if time.process_time() > until:
            moved = steps_taken(turn.nodes())
            every += [Found(turn, moved, None, missing=NO_TIME)] if moved and turn.is_a_loop else []
        elif turn.is_a_loop or turn.at_top or any(map(is_a_step, turn.nodes())):
            one = first_found(loops, start, module, raised)
            every += [one] if one is not None else []
    return best_shown(
        [one for one in every if one.task is not None or ((one.turn.is_a_loop or one.turn.at_top) and one.steps)]
    )


def trains_with(turn: Turn, one: Found) -> bool:
    """Whether a turn trains what is understood, within it or by its function, and takes no step of its own beside."""
    called = {ast.unparse(n.func).rpartition(".")[2] for n in turn.nodes() if isinstance(n, ast.Call)}
    calls = bool(one.turn.function) and one.turn.function.rpartition(".")[2] in called
    lines = lines_within(turn, one.turn)
    return (calls or bool(lines)) and not steps_taken(n for n in turn.nodes() if getattr(n, "lineno", 0) not in lines)


def steps_beside(one: Found, other: Found) -> bool:
    """Whether a turn that calls what another stands in takes steps of its own as well."""
    near = lines_within(one.turn, other.turn) or lines_within(other.turn, one.turn)
    return not near and other.turn.function in one.ran and bool(steps_taken(one.turn.nodes()))


def lines_within(turn: Turn, other: Turn) -> range:
    """The lines of a turn that stands within another; none where it does not."""
    within = turn.file == other.file and turn.line <= other.line <= turn.last
    return range(other.line, other.last + 1) if within else range(0)


def best_shown(every: list[Found]) -> list[Found]:
    """Of loops that learn the same, as one within another does, the one that is understood best."""
    found: list[Found] = []
    for one in sorted(every, key=lambda one: (one.part, one.task is not None), reverse=True):
        if not any(one.overlaps(other) and not steps_beside(one, other) for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.turn.line)


def part_of(one: Found) -> Part:
    assert one.task is not None
    return Part(one.turn.function or place(one.turn.file, one.turn.line), one.task)


def ran_by(shown: list[Found]) -> set[CodeType]:
    """The code that these run, and that of the functions that they stand in; of those that are understood."""
    clear = [one for one in shown if one.task is not None]
    return stands_in(clear).union(*(codes_run(one.task) for one in clear if one.task is not None))


def stands_in(shown: list[Found]) -> set[CodeType]:
    """The code of the functions that these stand in."""
    return codes_in({(one.turn.file, one.turn.function) for one in shown})


def gradients_run(task: Task) -> set[CodeType]:
    """The code that the gradients of a task run and that its cost does not."""
    cost, gradients = (follow(f, copied(task.parameters)) for f in (task.cost, task.gradients))
    both = [{code for ran in each.values() for code in ran.variables} for each in (gradients, cost)]
    return both[0] - both[1]


def codes_in(functions: set[tuple[str, str]]) -> set[CodeType]:
    """The code of functions, by their file and qualified name."""
    found = (
        f for f in gc.get_objects() if inspect.isfunction(f) and f.__code__.co_filename in {n for n, _ in functions}
    )
    return {f.__code__ for f in found if (f.__code__.co_filename, f.__code__.co_qualname) in functions}
