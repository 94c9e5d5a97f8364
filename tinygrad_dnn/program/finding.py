"""What check takes of a file, and what explain and draw show: the same, and where nothing is checked its costs."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from .recognition import Part, Task, UnknownError, no_gradient, says_itself, task_of
from .recognition.measuring import costs_of, none
from .recognition.tasks import furthest, parts_in
from .running import Program

EXPECTED = {
    "cost": "a function cost(parameters) that returns a number",
    "gradients": 'a function gradients(parameters) that returns {"dW1": array, ...}',
    "parameters": 'a dict {"W1": array, ...}, or another structure of arrays',
}


def task_in(program: Program) -> Task:
    """What to check in a program: what it says, what its run shows, or what its names say."""
    found = task_of(program.module, program)
    if found is None and not says_itself(program.module):
        raise no_gradient(program.module)
    return found or stated(program.module)


def stated(module: ModuleType) -> Task:
    """What a file says of itself; AttributeError for what it does not say."""
    require(module, EXPECTED)
    return Task(module.cost, module.gradients, module.parameters, "")


def require(module: ModuleType, names: Any) -> None:
    """An error unless the module defines these names as they have to be."""
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise AttributeError(f"it defines no {missing[0]}; needed is {EXPECTED[missing[0]]}")
    if "parameters" in names and not isinstance(module.parameters, Mapping | list | tuple | np.ndarray | float):
        raise TypeError(f"its parameters is {type(module.parameters).__name__}; needed is {EXPECTED['parameters']}")


def costs_in(program: Program) -> list[Part]:
    """The costs of a file, the one that is checked first; a gradient need not be there, nor run.

    An error that says what is missing where there is none.
    """
    first: Exception | None = None
    turns = list(program.loops.starts.values())  # of the file's own run: guesses run its functions too
    try:
        task = task_of(program.module, program)
        if task is not None:
            return parts_in(task)
    except Exception as error:  # of the gradients, it may be, and these are not needed
        first = error
    raised: list[Exception] = []
    if found := costs_of(program.module, program.loops, turns, raised):
        return found
    if first is not None and (not isinstance(first, UnknownError) or not first.asks):
        raise first
    last = furthest(raised, str(program.module.__file__))
    said = f"; what came furthest raised {type(last).__name__}: {last}" if last is not None else ""
    raise UnknownError(f"it computes no cost that could be run on data that were made up for it{said}")


def chosen(parts: list[Part], name: str | None) -> tuple[Part, list[str]]:
    """The cost of this name, or the first, and the names of the others. ValueError where none has the name."""
    names = [part.name or "cost" for part in parts]
    if name is not None and name not in names:
        raise ValueError(f"--of {name}: there is {', '.join(dict.fromkeys(names))}")
    index = 0 if name is None else names.index(name)
    return parts[index], list(dict.fromkeys(n for n in names if n != names[index]))


def has_gradients(part: Part) -> bool:
    return part.task.gradients is not none
