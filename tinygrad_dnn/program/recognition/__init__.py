"""What to check in a file that says nothing of it: functions, classes and layers by the names that courses give them.

They are called on small random data. A file may say it itself: cost(parameters), gradients(parameters) and the dict
parameters.
"""

import inspect
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from ..watching import follow
from .functions import of_functions, of_one_function, own_functions
from .objects import of_classes, own_classes
from .steps import of_steps
from .tasks import Task, UnfitError, first_fitting, is_telling, most_telling

GUESSED = (
    "It was called with what its arguments are named after; a file may say itself what to check: cost(parameters), "
    "gradients(parameters) and the dict parameters."
)
AROUND = re.compile(r"check|numeric|update|descent|clip|zero|train|plot|step")  # what is about gradients and is none
__all__ = ["Task", "task_of"]


def task_of(module: ModuleType) -> Task | None:
    """What a file is about, or None where its names say nothing.

    Where they do and nothing of it runs, the first error that it raised is raised again.
    """
    if all(hasattr(module, n) for n in ("cost", "gradients", "parameters")) and isinstance(module.parameters, Mapping):
        return Task(module.cost, module.gradients, dict(module.parameters), "")
    raised: list[Exception] = []
    for attempts in (of_classes, of_functions, of_one_function, of_steps):
        if attempts is of_steps and is_telling(most_telling(raised, str(module.__file__), ""), str(module.__file__)):
            break  # the whole is there and does not run: its steps may, and that is no answer
        for attempt in attempts(module):
            task = first_fitting(attempt, raised)
            if task is not None:
                return task._replace(assumed=" ".join([task.assumed, *not_run(task, module)]))
    error = most_telling(raised, str(module.__file__), "")
    if isinstance(error, UnfitError):
        return None
    error.add_note(GUESSED)
    raise error


def not_run(task: Task, module: ModuleType) -> list[str]:
    """A sentence on what looks like a gradient by its name and did not run, if there is any."""
    point = {name: np.array(value) for name, value in task.parameters.items()}
    ran = {code.co_qualname for found in follow(task.gradients, point).values() for code in found.variables}
    own: list[tuple[str, Any]] = [
        (name, f) for kind in own_classes(module) for name, f in vars(kind).items() if inspect.isfunction(f)
    ]
    own += list(own_functions(module).items())
    meant = [f for name, f in own if any(word in name.lower() for word in ("backward", "backprop", "grad", "loss"))]
    left = [f.__qualname__ for f in meant if f.__qualname__ not in ran and not AROUND.search(f.__name__.lower())]
    left = [name for name in dict.fromkeys(left) if name not in task.left_out]
    return [f"Not run, and so not checked: {', '.join(left)}."] if left else []
