"""What to check in a file that says nothing of it: functions, classes and layers by the names that courses give them.

They are called on small random data. A file may say it itself: cost(parameters), gradients(parameters) and the dict
parameters.
"""

from collections.abc import Mapping
from types import ModuleType

from .functions import of_functions, of_one_function
from .objects import of_classes
from .steps import of_steps
from .tasks import Task, UnfitError, first_fitting, is_telling, most_telling

GUESSED = (
    "It was called with what its arguments are named after; a file may say itself what to check: cost(parameters), "
    "gradients(parameters) and the dict parameters."
)
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
                return task
    error = most_telling(raised, str(module.__file__), "")
    if isinstance(error, UnfitError):
        return None
    error.add_note(GUESSED)
    raise error
