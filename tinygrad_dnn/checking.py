"""check: a verdict on each gradient, and where one is wrong, the mistake and a change that mends it."""

import functools
import secrets
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .engine.primitives import Primitive
from .judge.own_derivatives import Trial
from .judge.report import Cause, Report, Row
from .judge.step import check_step
from .judge.structure import flat
from .judge.subject import Subject
from .judge.verdicts import judged
from .mistakes.advice import advise
from .program.caller import as_a_file, calling_module, is_being_looked_at, task_here
from .program.limits import unheard
from .program.recognition import Task, UnfitError

LEFT_OUT = "not run: nothing is known of the arguments; a file that defines cost, gradients and parameters says it"
LOOKED_AT = "Nothing was checked here: tinygrad-dnn is running this file, and checks all of it."
EXPECTED = "expected is check(cost, gradients, parameters), or check() alone for what is defined here"
PATIENCE = 15.0  # seconds that the search for a fix may take
__all__ = ["assert_gradients", "check", "check_primitive", "check_step"]


def check(
    cost: Callable[..., Any] | None = None,
    gradients: Callable[..., Any] | None = None,
    parameters: Any = None,
    *arguments: Any,
    seconds: float = 1.0,
    suggest: bool | float = True,
    seed: int | None = None,
) -> Report:
    """Whether the gradients that gradients(parameters) returns are those of cost(parameters).

        check()                             # what is defined here: in a notebook, in the cells that were run
        check(cost, gradients, parameters)
        check(f, grad_f, x)                 # as scipy.optimize.check_grad has it

    With nothing, the functions, classes and variables of the module that calls it are looked at as tinygrad-dnn check
    looks at a file, but that nothing runs a second time: they are called on small random data, by their names and those
    of their arguments. The report says what was taken for what. Nothing that they write into variables stays.

    parameters: an array, or a dict, list or tuple of arrays, nested as one likes. For a dict {name: array} gradients
    returns {"dW1" or "W1": array, ...}, and whatever intermediates it has (dZ2, dA1, ...), or the arrays in a tuple, if
    their names or shapes tell them apart; else it returns the structure of the parameters. A list of numbers is an
    array, where cost takes one. What comes with them, a cost before or a cache behind, is left aside. Both functions
    are plain NumPy, and get the arguments that follow, if there are any: f(x, *arguments).

    seconds: about how long the finite differences may take; a bar shows when it is more than two. Entries that do not
    fit into that are sampled, and the report says so. With 0 the recorded gradients are confirmed along one random
    direction of all parameters, or of each; every entry of the hand-written ones is still compared with them.

    suggest: whether to look for the mistake and a change of the code that mends it where something is wrong; for 15
    seconds at most, or the number of seconds given.

    seed: of the points beside the given one and of the directions that are drawn. Without it they are others each time,
    so that no code can know them, and report.seed says which it was.

    Errors that the two functions raise are passed on. TypeError when one of them returns the wrong kind of thing.
    ValueError where nothing is given, and nothing that is defined can be checked.
    """
    __tracebackhide__ = True  # what somebody sees of an error is his own line
    if not seconds >= 0:
        raise ValueError(f"check: seconds is {seconds}; expected is a number, 0 or above")
    if cost is None and gradients is None and parameters is None:
        return check_here(calling_module(), seconds=seconds, suggest=suggest, seed=seed)
    if cost is None or gradients is None:
        raise TypeError(f"check: {'cost' if cost is None else 'gradients'} is missing; {EXPECTED}")
    if arguments:
        cost, gradients = given_too(cost, arguments), given_too(gradients, arguments)
    drawn = secrets.randbelow(10**6) if seed is None else seed
    state = np.random.get_state()  # noqa: NPY002
    try:
        subject = Subject(*flat(cost, gradients, parameters), drawn)
        found, causes, fix = judged(subject, seconds), list[Cause](), None
        rows, notes = found.rows, found.notes
        if suggest and found.wrong:
            try:
                rows, causes, fix = advise(found, PATIENCE if suggest is True else suggest)
            except Exception as error:  # the verdicts stand without it
                notes = [*notes, f"The search for the mistake ended with {type(error).__name__}: {error}."]
    finally:
        np.random.set_state(state)  # noqa: NPY002
    return Report(rows, notes, found.case.recording is not None, causes, fix, drawn)


def check_here(module: ModuleType, **how: Any) -> Report:
    """check, for what a module has defined so far."""
    __tracebackhide__ = True
    if is_being_looked_at(module):
        return Report([], [LOOKED_AT], False)
    with as_a_file(module), unheard() as warned:
        report = check_task(task_here(module), **how)
    report.notes += warned
    return report


def given_too(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any]:
    """A function of the parameters alone, which has its other arguments already."""

    @functools.wraps(function)
    def alone(parameters: Any) -> Any:
        return function(parameters, *arguments)

    return alone


def check_task(task: Task, *, seconds: float = 1.0, suggest: bool | float = True, seed: int | None = None) -> Report:
    """check, for what was found in a file that does not say what to check.

    What is right is tried at other sizes as well, and an error in one of them is reported. What else the file holds
    comes below, each under its name; what could not be run is unchecked.
    """
    report = check(task.cost, task.gradients, task.parameters, seconds=seconds, suggest=suggest, seed=seed)
    report.notes += [task.assumed] * bool(task.assumed)
    if task.unsure and report.having("wrong"):
        wrong, note = report.having("wrong"), task.unsure
        report.rows = [r._replace(verdict="unchecked", note=note) if r.name in wrong else r for r in report.rows]
        report.causes, report.fix = [], None
    elif not report.having("wrong"):
        report = at_other_sizes(task, report, seconds, suggest)
    for part in task.beside:
        other = check_task(part.task, seconds=seconds, suggest=suggest, seed=report.seed)
        report.rows += [row._replace(name=f"{row.name} of {part.name}") for row in other.rows]
        report.notes += other.notes
        report.causes, report.fix = report.causes or other.causes, report.fix or other.fix
    report.rows += [Row(name, None, "unchecked", LEFT_OUT) for name in task.left_out]
    doubts = [doubt.partition(": ") for doubt in task.doubts]
    report.rows += [Row(name, None, "unchecked", note) for name, _, note in doubts]
    return report


def at_other_sizes(task: Task, report: Report, seconds: float, suggest: bool | float) -> Report:
    """The report, or that of the first size at which something is wrong."""
    tried = 0
    for variant in task.variants:
        try:
            other = variant.make()
            found = check(other.cost, other.gradients, other.parameters, seconds=0, suggest=False, seed=report.seed)
        except Exception as error:  # what was made does not go together, or the file is not for it
            if variant.firm and not isinstance(error, UnfitError):
                note = f"raises {type(error).__name__} with {variant.says}: {error}"
                report.rows.append(Row(f"gradients with {variant.says}", None, "unchecked", note))
            continue
        wrong = [row for row in found if row.verdict == "wrong"]
        if wrong and variant.remark:
            report.notes.append(of_one_output(wrong))
            continue
        if wrong and not variant.firm and all(row.by_hand is None for row in wrong):  # it may not be for such a size
            report.rows += [row._replace(verdict="unchecked", note=f"{row.note}, with {variant.says}") for row in wrong]
            continue
        if wrong:
            task_there = other.cost, other.gradients, other.parameters
            found = check(*task_there, seconds=seconds, suggest=suggest, seed=report.seed)
            found.notes += [f"Right as it was tried first, and wrong with {variant.says}.", task.assumed]
            return found
        tried += found.ok
    report.notes += [f"Right as well at {tried} other size{'s' * (tried > 1)}."] * bool(tried)
    return report


def of_one_output(wrong: list[Row]) -> str:
    """What is said where a model is right with one output, and these are wrong with several."""
    notes = {row.note for row in wrong}
    if len(notes) == 1 and (said := notes.pop()).endswith("times the right one"):
        return f"That is of one output; with several each gradient {said}."
    return f"That is of one output; with several these are wrong: {', '.join(row.name for row in wrong)}."


def check_primitive(
    function: Primitive[..., Any], *arguments: Any, seed: int = 0, suggest: bool | float = True, **keywords: Any
) -> Report:
    """Whether the backward that @primitive(backward) gave a function is its gradient, for a random g.

    The function is run as it was written, g * function(*arguments) summed is the cost, and what backward(g, ...)
    returns is checked: against the recorded gradient of what the function does itself, where that can be recorded, and
    against differences. arguments: those of the function; arrays of floating-point numbers are differentiated, and
    given read-only, as a recording gives them. keywords: settings of the function. seed: of g. suggest: as of check.

    TypeError when the function is no primitive, and where no argument is an array of floating-point numbers.
    """
    if not isinstance(function, Primitive):
        raise TypeError(f"check_primitive: {function!r:.60} came; expected is a function made by @primitive(backward)")
    trial = Trial(function, arguments, keywords, seed)
    report = check(trial.cost, trial.gradients, trial.parameters, suggest=suggest, seed=seed)
    rows = [row._replace(name=f"d{trial.names[row.name]}", cause=None) for row in report.rows]
    return Report(rows, report.notes, report.recorded, [], report.fix, seed)


def assert_gradients(*arguments: Any, **keywords: Any) -> None:
    """check, for a test: AssertionError with the report as its message unless every gradient is right.

    The arguments are those of check: assert_gradients(cost, gradients, parameters), or none for what is defined here.
    """
    report = check(*arguments, **keywords)
    if report.notes == [LOOKED_AT]:
        return
    if not report.ok:
        raise AssertionError("\n" + str(report))
