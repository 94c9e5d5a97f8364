"""What to check in a file that says nothing of it: functions, classes and layers by the names that courses give them.

They are called on small random data. A file may say it itself: cost(parameters), gradients(parameters) and the dict
parameters.
"""

import ast
import builtins
import copy
import dis
import inspect
import re
from collections.abc import Container, Iterable, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..places import line_of
from ..running import Program
from ..sources import place
from ..turns import SEEN
from .answers import answers, of_answers
from .asking import GRADIENT, UnknownError, missing_in, no_gradient, not_filled_in
from .functions import codes_of, codes_run, of_functions
from .making import own_classes
from .objects import of_classes
from .offers import own_functions
from .one_function import looks_like_one, of_one_function
from .readings import ALTOGETHER, recorded, within
from .rehearsing import of_rehearsals
from .shown import best_shown, gradients_run, how_good, part_of, ran_by, seen_in, stands_in
from .stepping import descends, trains, updating
from .steps import assumption, of_steps
from .supplying import by_supply
from .tasks import Part, Raised, Task, UnfitError, Variant, furthest, merged, telling
from .twins import of_twins
from .unfinished import blanks, dots
from .values import tree_of
from .wiring import of_trainings

AROUND = re.compile(r"check|numeric|update|descent|clip|zero|train|plot|step")  # what is about gradients and is none
NAMES, WHOLE = 10.0, 6.0  # seconds for what names say, and for each way in which they say the whole
__all__ = ["GRADIENT", "Part", "Task", "UnfitError", "UnknownError", "Variant", "no_gradient", "says_itself", "task_of"]


def task_of(module: ModuleType, program: Program | None = None) -> Task | None:
    """What a file is about, or None where its names say nothing.

    Where they do and nothing of it runs, what is raised says the one thing that is missing.
    """
    if gives_both(module) and (open_ones := dots(module)):
        raise not_filled_in(open_ones)
    if says_itself(module):
        if not isinstance(module.parameters, Mapping | list | tuple | np.ndarray | np.number | float):
            return None
        return with_the_rest(module, Task(module.cost, module.gradients, module.parameters, ""))
    raised = Raised()
    with within(ALTOGETHER):
        return recognised(module, program, raised)


def recognised(module: ModuleType, program: Program | None, raised: list[Exception]) -> Task | None:
    """What is to be checked in a file that does not say so itself."""
    loops = program.loops if program else None
    shown, called = seen_in(module, loops, raised) if loops else ([], [])
    ran = ran_by(shown).union(*(codes_run(part.task) for part in called))
    named = Named()
    if not (called or any(one.task for one in shown)) or not_run(module, ran, []):
        with within(NAMES):
            named = of_names(module, raised, ran, program.lost if program else set())
    if not called and not any(one.task for one in shown) and not named.whole and program and program.lost:
        found, said = by_supply(program, partial(seen_in, module, program.loops, raised), how_good)
        if found is not None:
            shown, called = found
            program.notes.append(said)
            ran |= ran_by(shown).union(*(codes_run(part.task) for part in called))
            named = named.without(ran)
    if not called and not any(one.task for one in shown) and not named.whole and loops:
        made = [one for one in of_rehearsals(module, loops, raised) if one.task is not None or one.steps]
        shown = best_shown([*shown, *made])
        ran |= ran_by(shown)
        named = named.without(ran)
        if not any(one.task for one in shown):  # the steps of something, at most
            steps = [named.main, *(part.task for part in named.beside)] if named.main is not None else []
            known = ran.union(*map(codes_run, steps))
            called = of_answers(module, loops, raised, known)
            called = called or (of_twins(module, raised, known) if named.main is None else [])
            ran = ran.union(*(codes_run(part.task) for part in called))
    blank = blanks(module)
    if named.main is None and not called and not [one for one in shown if one.task is not None]:
        lost = program.lost if program else set()
        if (missing := missing_in(module, raised, shown, list(blank.values()), loops is not None, lost)) is not None:
            raise missing
        return None
    tasks = [*(part_of(one) for one in shown if one.task is not None), *called]
    first = tasks.pop(0) if tasks else None
    main = first.task._replace(name=first.name) if first is not None else named.main
    assert main is not None
    others = [Part("the functions", named.main)] if named.main is not None and main is not named.main else []
    beside = [*tasks, *others, *named.beside]
    ran = ran.union(*(codes_run(task) for task in (main, *(p.task for p in beside))))
    dark = [one for one in shown if one.task is None and not stands_in([one]) & ran]  # of what nothing else is checked
    known = {code.co_qualname for code in ran}
    dark = [one for one in dark if one.turn.seen == SEEN or not one.ran & known]  # of ours: what it trains with is
    doubts = tuple(f"d{name}: {one.where}: {one.missing}" for one in dark for name in one.names)
    ran |= stands_in(dark)
    left = not_run(module, ran, named.failed)
    doubts += tuple(f"{name}: {said}" for name, said in blank.items() if name in left)
    stopped = {name: said for name in left if name not in blank and (said := what_stopped(module, name, raised))}
    doubts += tuple(f"{name}: {said}" for name, said in stopped.items())
    left = [name for name in left if name not in blank and name not in stopped]
    doubts += tuple(updates_left_out(program, [main, *(p.task for p in beside)])) if program else ()
    return main._replace(beside=tuple(beside), left_out=tuple(left), doubts=(*main.doubts, *doubts))


def updates_left_out(program: Program, tasks: Iterable[Task]) -> list[str]:
    """What is said of what is updated in loops at the top that were left out, and learnt nowhere else."""
    learnt = {name for task in tasks for name in task.parameters}
    defining = ast.FunctionDef | ast.ClassDef
    loops = [found for s in program.runner.left if not isinstance(s, defining) for found in updating(s)]
    return [
        f"d{name}: is moved in {place(str(program.module.__file__), loop.lineno)}, which did not run"
        for loop, names in loops
        for name in names
        if name not in learnt
    ]


class Named(NamedTuple):
    """What names say: a task, others beside it, what failed, and whether it is a model and not some of its steps."""

    main: Task | None = None
    beside: tuple[Part, ...] = ()
    failed: tuple[str, ...] = ()
    whole: bool = False

    def without(self, ran: set[CodeType]) -> "Named":
        """The same without what has run by now."""
        beside = tuple(part for part in self.beside if not gradients_run(part.task) & ran)
        kept = self.main is not None and not gradients_run(self.main) & ran
        return self._replace(main=self.main if kept else None, beside=beside)


def of_names(module: ModuleType, raised: list[Exception], done: set[CodeType], lost: Container[str]) -> Named:
    """What the names of functions and classes say, beside what has run already."""
    main: Task | None = None
    beside: list[Part] = []
    for attempt in (of_classes, of_trainings, of_functions, of_one_function):
        backwards = own_functions(module) if attempt is of_functions else {}
        with within(WHOLE):
            tried = attempt(module, raised)
        if found := [part for part in tried if not done & codes_new_in(part, backwards)]:
            if attempt is of_functions:
                main, beside = found[0].task._replace(name=found[0].name), found[1:]
            else:
                main = merged(found, " ".join(part.task.assumed for part in found))
            break
    whole = main is not None
    own = None if whole or done or blanks(module) else telling(raised, str(module.__file__))
    if own is not None and getattr(own, "name", None) not in lost:
        return Named()  # the whole is there and does not run: its steps may, and that is no answer
    ran = done.union(*(codes_run(task) for task in [main, *(p.task for p in beside)] if task is not None))
    steps, failed = of_steps(module, raised, ran)
    if steps and main is not None:
        beside += [Part(step.name, step.task._replace(assumed=assumption([step]))) for step in steps]
    elif steps:
        sure = [step for step in steps if not step.task.unsure] or steps[:1]
        sure = [step for step in sure if recorded(step.task) is not None] or sure  # what cannot be would hide the rest
        main = merged(sure, assumption(sure))
        rest = [step for step in steps if step not in sure]
        beside += [Part(step.name, step.task._replace(assumed=assumption([step]))) for step in rest]
    return Named(main, tuple(beside), tuple(failed), whole)


def codes_new_in(part: Part, own: Mapping[str, Any]) -> set[CodeType]:
    """What must not have run yet where a part is something new: a backward pass may call others that have."""
    return {own[part.name].__code__} if part.name in own else gradients_run(part.task)


def what_stopped(module: ModuleType, name: str, raised: list[Exception]) -> str:
    """What a function raised at last, of all that it was called with on trial; nothing where it is not known."""
    file = str(module.__file__)
    nodes = [n for n in ast.walk(tree_of(module)) if isinstance(n, ast.FunctionDef) and n.name == name]
    inside = range(nodes[-1].lineno, (nodes[-1].end_lineno or 0) + 1) if nodes else range(0)
    error = furthest([e for e in raised if (at := line_of(e, file)) is not None and at[1] in inside], file)
    if error is None:
        return ""
    _, line = line_of(error, file) or ("", 0)
    return (
        f"was not run whole: on data that were made up it raises {type(error).__name__} in {place(file, line)}: {error}"
    )


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
    return gives_both(module) and not callable(getattr(module, "parameters", says_itself))


def gives_both(module: ModuleType) -> bool:
    """Whether a file has functions cost(parameters) and gradients(parameters)."""
    return all(takes_one(getattr(module, name, None)) for name in ("cost", "gradients"))


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


def not_run(module: ModuleType, ran: set[CodeType], failed: Iterable[str]) -> list[str]:
    """What looks like a gradient by its name and did not run, but for what only makes use of gradients."""
    own: list[tuple[str, Any]] = [
        (name, f) for kind in own_classes(module) for name, f in vars(kind).items() if inspect.isfunction(f)
    ]
    own += [(name, f) for name, f in own_functions(module).items() if depends_on_something(f)]
    said = (f for name, f in own if any(word in name.lower() for word in GRADIENT) or looks_like_one(f))
    meant = list(dict.fromkeys([*said, *(f for _, f in own if answers(f))]))
    done = {code.co_name for code in ran}
    about = {
        f.__qualname__
        for _, f in own
        if AROUND.search(f.__name__.lower()) or trains(f, done) or descends(f) or is_empty(f)
    }
    left = [f for f in meant if f.__code__ not in ran and f.__qualname__ not in about]
    failed = [name for name in failed if not has_run(getattr(module, name, None), ran)]
    names = [f.__qualname__ for f in left if f.__qualname__.split(".")[0] not in failed]
    return list(dict.fromkeys([*(name for name in failed if name not in about), *names]))


def has_run(of: Any, ran: set[CodeType]) -> bool:
    """Whether a function has run, or a method of a class beside those that make an object."""
    if inspect.isfunction(of):
        return of.__code__ in ran
    methods = (f for n, f in vars(of).items() if inspect.isfunction(f) and n[:2] != "__") if inspect.isclass(of) else ()
    return any(f.__code__ in ran for f in methods)


def depends_on_something(f: Any) -> bool:
    """Whether a function takes anything, or reads what is no function and no module: else it is an example."""
    read = [i.argval for i in dis.get_instructions(f) if i.opname == "LOAD_GLOBAL" and not hasattr(builtins, i.argval)]
    held = [f.__globals__.get(name) for name in read]  # None for what could not be loaded
    return bool(inspect.signature(f).parameters or f.__closure__) or any(
        not callable(value) and not inspect.ismodule(value) for value in held
    )


def is_empty(f: Any) -> bool:
    """Whether a function is there to be overridden: it does nothing but raise."""
    body = next((n.body for n in ast.walk(tree_of(f)) if isinstance(n, ast.FunctionDef)), [])
    return bool(body) and isinstance(body[-1], ast.Raise | ast.Pass) and len(body) <= 2
