"""What to check in a file that says nothing of it: functions, classes and layers by the names that courses give them.

They are called on small random data. A file may say it itself: cost(parameters), gradients(parameters) and the dict
parameters.
"""

import ast
import copy
import inspect
import re
from collections.abc import Mapping
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from .asking import UnknownError, unknown
from .functions import codes_of, codes_run, for_role, of_functions
from .making import own_classes
from .objects import of_classes
from .offers import own_functions
from .one_function import looks_like_one, of_one_function
from .steps import assumption, of_steps
from .tasks import Part, Task, UnfitError, Variant, furthest, merged, telling
from .unfinished import blanks, not_filled_in
from .values import tree_of
from .wiring import of_trainings

AROUND = re.compile(r"check|numeric|update|descent|clip|zero|train|plot|step")  # what is about gradients and is none
GRADIENT = ("backward", "backprop", "back_prop", "bprop", "grad", "prime", "deriv", "vjp")
__all__ = ["Part", "Task", "UnfitError", "UnknownError", "Variant", "task_of"]


def task_of(module: ModuleType) -> Task | None:
    """What a file is about, or None where its names say nothing.

    Where they do and nothing of it runs, a name that is missing in it is raised again, and else an error that says what
    was tried and what would tell.
    """
    if says_itself(module):
        if not isinstance(module.parameters, Mapping | list | tuple | np.ndarray | np.number | float):
            return None
        return with_the_rest(module, Task(module.cost, module.gradients, module.parameters, ""))
    raised: list[Exception] = []
    main: Task | None = None
    beside: list[Part] = []
    for attempt in (of_classes, of_trainings, of_functions, of_one_function):
        if found := attempt(module, raised):
            if attempt is of_functions:
                main, beside = found[0].task, found[1:]
            else:
                main = merged(found, " ".join(part.task.assumed for part in found))
            break
    blank = blanks(module)
    if main is None and not blank and (own := telling(raised, str(module.__file__))):
        raise own  # the whole is there and does not run: its steps may, and that is no answer
    ran = set[CodeType]().union(*(codes_run(task) for task in [main, *(p.task for p in beside)] if task is not None))
    steps, failed = of_steps(module, raised, ran)
    if steps and main is not None:
        beside += [Part(step.name, step.task._replace(assumed=assumption([step]))) for step in steps]
    elif steps:
        main = merged(steps, assumption(steps))
    if main is None:
        if blank:
            raise not_filled_in(blank)
        if own := telling(raised, str(module.__file__)):
            raise own
        if not raised and not for_role(own_functions(module), "backward"):
            return None
        raise unknown(module, furthest(raised, str(module.__file__)))
    ran |= {code for step in steps for code in codes_run(step.task)}
    left = not_run(module, ran, failed)
    doubts = [f"{name}: {said}" for name, said in blank.items() if name in left]
    left = [name for name in left if name not in blank]
    return main._replace(beside=tuple(beside), left_out=tuple(left), doubts=(*main.doubts, *doubts))


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
    about = {f.__qualname__ for _, f in own if AROUND.search(f.__name__.lower()) or trains(f, done) or is_empty(f)}
    left = [f for f in meant if f.__code__ not in ran and f.__qualname__ not in about]
    names = [f.__qualname__ for f in left if f.__qualname__.split(".")[0] not in failed]
    return list(dict.fromkeys([*(name for name in failed if name not in about), *names]))


def is_empty(f: Any) -> bool:
    """Whether a function is there to be overridden: it does nothing but raise."""
    body = next((n.body for n in ast.walk(tree_of(f)) if isinstance(n, ast.FunctionDef)), [])
    return bool(body) and isinstance(body[-1], ast.Raise | ast.Pass) and len(body) <= 2


def trains(f: Any, done: set[str]) -> bool:
    """Whether a function takes steps with what was checked: it makes use of gradients in a loop, and is none.

    w = w - rate * gradient(w) or w -= ... stands in a loop that calls it; a backward pass over layers has no such line.
    """
    for loop in (n for n in ast.walk(tree_of(f)) if isinstance(n, ast.For | ast.While)):
        inside = list(ast.walk(loop))
        calls = {ast.unparse(n.func).split(".")[-1] for n in inside if isinstance(n, ast.Call)}
        if calls & done and any(map(is_a_step, inside)):
            return True
    return False


def is_a_step(node: ast.AST) -> bool:
    """Whether a statement takes something away from what it assigns to."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Sub)
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub)):
        return False
    return any(ast.unparse(target) == ast.unparse(node.value.left) for target in node.targets)
