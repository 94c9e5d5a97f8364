"""What to check in a file that says nothing of it: functions, classes and layers by the names that courses give them.

They are called on small random data. A file may say it itself: cost(parameters), gradients(parameters) and the dict
parameters.
"""

import ast
import copy
import gc
import inspect
import re
import time
from collections.abc import Container, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from ..loops import Loops
from ..running import Program
from ..turns import Turn
from ..watching import follow
from .asking import UnknownError, unknown, unseen
from .called import of_calls
from .functions import codes_of, codes_run, for_role, of_functions, own_functions
from .objects import of_classes, own_classes
from .one_function import looks_like_one, of_one_function
from .readings import agreement
from .runs import Found, found_in
from .stepping import descends, is_a_step, trains
from .steps import assumption, of_steps
from .supplying import by_supply
from .tasks import Part, Task, UnfitError, Variant, copied, furthest, merged, telling
from .training import of_training
from .values import tree_of

AROUND = re.compile(r"check|numeric|update|descent|clip|zero|train|plot|step")  # what is about gradients and is none
SECONDS = 8.0  # for all that the run shows
GRADIENT = ("backward", "backprop", "back_prop", "bprop", "grad", "prime", "deriv", "vjp")
__all__ = ["Part", "Task", "UnfitError", "UnknownError", "Variant", "task_of"]


def task_of(module: ModuleType, program: Program | None = None) -> Task | None:
    """What a file is about, or None where its names say nothing.

    Where they do and nothing of it runs, a name that is missing in it is raised again, and else an error that says what
    was tried and what would tell.
    """
    if says_itself(module):
        if not isinstance(module.parameters, Mapping | list | tuple | np.ndarray | np.number | float):
            return None
        return with_the_rest(module, Task(module.cost, module.gradients, module.parameters, ""))
    raised: list[Exception] = []
    loops = program.loops if program else None
    shown, called = seen_in(module, loops, raised) if loops else ([], [])
    ran = ran_by(shown).union(*(codes_run(part.task) for part in called))
    named: Task | None = None
    parts: list[Part] = []
    failed: list[str] = []
    if not (called or any(one.task for one in shown)) or not_run(module, ran, []):
        named, parts, failed = of_names(module, raised, ran, program.lost if program else set())
    if not called and not any(one.task for one in shown) and named is None and program and program.lost:
        found, said = by_supply(program, partial(seen_in, module, program.loops, raised), how_good)
        if found is not None:
            shown, called = found
            program.notes.append(said)
            ran |= ran_by(shown).union(*(codes_run(part.task) for part in called))
    if not called and not any(one.task for one in shown) and named is None and loops:
        made = [one for one in of_training(module, loops, raised) if one.task is not None or one.steps]
        shown = best_shown([*shown, *made])
        ran |= ran_by(shown)
    if named is None and not called and not [one for one in shown if one.task is not None]:
        raise_for(module, raised, shown)
        return None
    tasks = [*(part_of(one) for one in shown if one.task is not None), *called]
    main = tasks.pop(0).task if tasks else named
    assert main is not None
    beside = [*tasks, *([Part("the functions", named)] if named is not None and main is not named else []), *parts]
    ran = ran.union(*(codes_run(task) for task in (main, *(p.task for p in beside))))
    doubts = tuple(f"d{name}: {one.where}: {one.missing}" for one in shown if one.task is None for name in one.names)
    left = tuple(not_run(module, ran, failed))
    return main._replace(beside=tuple(beside), left_out=left, doubts=(*main.doubts, *doubts))


def seen_in(module: ModuleType, loops: Loops, raised: list[Exception]) -> tuple[list[Found], list[Part]]:
    """What the run of a program shows: what its loops learn, and what its functions are called with."""
    shown = of_run(module, loops, raised)
    return shown, of_calls(module, loops, raised, ran_by(shown))


def how_good(seen: tuple[list[Found], list[Part]]) -> float:
    """How far a run is understood: of what part of the parameters the gradients are right, at most."""
    shown, called = seen
    return max(
        [0.0, *(one.part + 1e-3 for one in shown if one.task), *(agreement(part.task) + 1e-3 for part in called)]
    )


def of_names(
    module: ModuleType, raised: list[Exception], done: set[CodeType], lost: Container[str]
) -> tuple[Task | None, list[Part], list[str]]:
    """What the names of functions and classes say, beside what has run already: a task, others, and what failed."""
    main: Task | None = None
    beside: list[Part] = []
    for attempt in (of_classes, of_functions, of_one_function):
        if found := [part for part in attempt(module, raised) if not gradients_run(part.task) & done]:
            if attempt is of_functions:
                main, beside = found[0].task, found[1:]
            else:
                main = merged(found, " ".join(part.task.assumed for part in found))
            break
    own = None if main is not None or done else telling(raised, str(module.__file__))
    if own is not None and getattr(own, "name", None) not in lost:
        return None, [], []  # the whole is there and does not run: its steps may, and that is no answer
    ran = done.union(*(codes_run(task) for task in [main, *(p.task for p in beside)] if task is not None))
    steps, failed = of_steps(module, raised, ran)
    if steps and main is not None:
        beside += [Part(step.name, step.task._replace(assumed=assumption([step]))) for step in steps]
    elif steps:
        main = merged(steps, assumption(steps))
    return main, beside, failed


def raise_for(module: ModuleType, raised: list[Exception], shown: list[Found]) -> None:
    """The error that says why nothing can be checked, where there is something to say."""
    if shown:
        one = shown[0]
        raise unseen(module, f"{one.where} update {', '.join(one.names)}, but {one.missing}")
    if own := telling(raised, str(module.__file__)):
        raise own
    if raised or for_role(own_functions(module), "backward"):
        raise unknown(module, furthest(raised, str(module.__file__)))


def of_run(module: ModuleType, loops: Loops, raised: list[Exception]) -> list[Found]:
    """What the loops that ran show, each thing that is learnt once."""
    every, until = [], time.perf_counter() + SECONDS
    for start in reversed(list(loops.starts.values())):
        turn = Turn(loops, start, module)
        if turn.is_a_loop or any(map(is_a_step, turn.nodes())):
            every.append(found_in(turn, raised))
        if time.perf_counter() > until:
            break
    return best_shown([one for one in every if one is not None and (one.task is not None or one.steps)])


def best_shown(every: list[Found]) -> list[Found]:
    """Of loops that learn the same, as one within another does, the one that is understood best."""
    found: list[Found] = []
    for one in sorted(every, key=lambda one: (one.part, one.task is not None), reverse=True):
        if not any(one.overlaps(other) for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.turn.line)


def part_of(one: Found) -> Part:
    assert one.task is not None
    return Part(one.turn.function or f"line {one.turn.line}", one.task)


def ran_by(shown: list[Found]) -> set[CodeType]:
    """The code that these run, and that of the functions that they stand in."""
    tasks = [one.task for one in shown if one.task is not None]
    found = set[CodeType]().union(*map(codes_run, tasks))
    inside = {(one.turn.file, one.turn.function) for one in shown}
    return found | codes_in(inside)


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


def with_the_rest(module: ModuleType, task: Task) -> Task:
    """What a file says itself, and beside it the steps in it that this does not run."""
    try:
        ran = codes_of(task.cost, task.gradients, copy.deepcopy(task.parameters))
    except Exception:  # it is told where it is checked
        return task
    steps, failed = of_steps(module, [], ran)
    ran |= {code for step in steps for code in codes_run(step.task)}
    beside = tuple(Part(step.name, step.task._replace(assumed=assumption([step]))) for step in steps)
    return task._replace(beside=beside, left_out=tuple(not_run(module, ran, failed)))


def says_itself(module: ModuleType) -> bool:
    """Whether a file says itself what to check: a number called cost or a dict called gradients says nothing."""
    functions = [getattr(module, name, None) for name in ("cost", "gradients")]
    return all(map(takes_one, functions)) and not callable(getattr(module, "parameters", says_itself))


def takes_one(function: Any) -> bool:
    """Whether it is a function that can be called with one argument."""
    if not callable(function):
        return False
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    except ValueError:  # there is no signature
        pass
    return True


def not_run(module: ModuleType, ran: set[CodeType], failed: list[str]) -> list[str]:
    """What looks like a gradient by its name and did not run, but for what only makes use of gradients."""
    own: list[tuple[str, Any]] = [
        (name, f) for kind in own_classes(module) for name, f in vars(kind).items() if inspect.isfunction(f)
    ]
    own += list(own_functions(module).items())
    meant = [f for name, f in own if any(word in name.lower() for word in GRADIENT) or looks_like_one(f)]
    done = {code.co_name for code in ran}
    about = {
        f.__qualname__
        for _, f in own
        if AROUND.search(f.__name__.lower()) or trains(f, done) or descends(f) or is_empty(f)
    }
    left = [f for f in meant if f.__code__ not in ran and f.__qualname__ not in about]
    names = [f.__qualname__ for f in left if f.__qualname__.split(".")[0] not in failed]
    return list(dict.fromkeys([*(name for name in failed if name not in about), *names]))


def is_empty(f: Any) -> bool:
    """Whether a function is there to be overridden: it does nothing but raise."""
    body = next((n.body for n in ast.walk(tree_of(f)) if isinstance(n, ast.FunctionDef)), [])
    return bool(body) and isinstance(body[-1], ast.Raise | ast.Pass) and len(body) <= 2
