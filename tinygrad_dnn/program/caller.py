"""The module that calls us, looked at as a file is: a script, or the cells of a notebook that were run.

It is the live one: nothing of it runs a second time, and it is left as it was.
"""

import ast
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .cells import cell_of, cells_of, lines_of_cell
from .copies import MANY
from .held import is_object
from .loops import WATCH
from .places import is_inside, line_of, parts
from .recognition import GRADIENT, Task, UnknownError, task_of
from .recognition.driving import driver
from .recognition.making import own_classes
from .recognition.offers import own_functions
from .recognition.stepping import is_a_step
from .recognition.understanding import understood
from .recognition.values import tree_of
from .sources import Places, keep_cells, named, place

NOTEBOOK = "this notebook"  # what stands for the name of its file, which no kernel knows
DEPTH = 6  # a list of models, each with a list of layers, each with a dict of arrays
MOST = 2**28  # bytes of an array that may be copied, to be put back
NOT_AGAIN = "takes steps by itself, and nothing runs again here: tinygrad-dnn check FILE runs it, and looks at it"
OF_IPYTHON = ("In", "Out", "exit", "quit", "get_ipython", "open")


def calling_module() -> ModuleType:
    """The module of the innermost code that is not ours; a copy of its variables where it has no module."""
    frame = sys._getframe(1)
    while is_inside(frame.f_code.co_filename) and frame.f_back is not None:
        frame = frame.f_back
    module = sys.modules.get(name := str(frame.f_globals.get("__name__", "__main__")))
    if module is None or vars(module) is not frame.f_globals:
        module = ModuleType(name)
        module.__dict__.update(frame.f_globals)
    return module


def is_being_looked_at(module: ModuleType) -> bool:
    """Whether a module is that of a file which tinygrad-dnn is running, to check all of it."""
    return WATCH in vars(module)


@contextlib.contextmanager
def as_a_file(module: ModuleType) -> Iterator[None]:
    """Within this, a module has a file, whose lines are those of its cells where it is a notebook's.

    Afterwards the module is what it was: its variables, what they hold, and NumPy's random numbers.
    """
    namespace, missing = vars(module), object()
    with left_alone(namespace):
        before, file = namespace.get("__file__", missing), str(Path.cwd() / NOTEBOOK)
        lines, places = list[str](), Places()
        for cell in cells_of(module):
            own = lines_of_cell(cell, namespace)
            parts[cell] = file, len(lines)
            places += [(cell_of(cell), number) for number in range(1, len(own) + 1)]
            lines += own
        if lines or before is missing:
            keep_cells(file, lines, places)
            module.__file__ = file
        try:
            yield
        finally:
            parts.clear()


@contextlib.contextmanager
def left_alone(namespace: dict[str, Any]) -> Iterator[None]:
    """Within this, whatever the functions of a module write into its variables is undone in the end."""
    own = {name: value for name, value in namespace.items() if name[:1] != "_" and name not in OF_IPYTHON}
    bound, held = dict(namespace), [(value, copied(value)) for value in held_by(own)]
    state = np.random.get_state()  # noqa: NPY002
    try:
        with no_figures():
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        put_back(namespace, bound)
        for value, before in held:
            put_back(value, before)


def held_by(root: Any) -> Iterator[Any]:
    """The arrays, dicts and lists that variables hold, and the attributes of objects, as dicts."""
    waiting, seen = [(root, 0)], set[int]()
    while waiting:
        value, depth = waiting.pop()
        if id(value) in seen or depth > DEPTH:
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            if value.nbytes <= MOST and value.flags.writeable and value.dtype.kind != "O":
                yield value
        elif isinstance(value, dict | list):
            yield value
            inner = list(value.values() if isinstance(value, dict) else value)
            waiting += [(v, depth + 1) for v in inner] if len(inner) <= MANY else []
        elif isinstance(value, tuple):
            waiting += [(v, depth + 1) for v in value]
        elif is_object(value) and isinstance(getattr(value, "__dict__", None), dict):
            waiting.append((vars(value), depth + 1))


def copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else dict(value) if isinstance(value, dict) else list(value)


def put_back(value: Any, before: Any) -> None:
    if isinstance(value, np.ndarray):
        if not np.array_equal(value, before, equal_nan=value.dtype.kind in "fc"):
            value[...] = before
    elif isinstance(value, list):
        value[:] = before
    else:
        for key in list(value.keys() - before.keys()):
            del value[key]
        value.update(before)


@contextlib.contextmanager
def no_figures() -> Iterator[None]:
    """Within this, nothing is drawn: figures that open are closed in the end, and shown nowhere."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        yield
        return
    open_ones, show = set(pyplot.get_fignums()), pyplot.show
    pyplot.show = lambda *_, **__: None
    try:
        yield
    finally:
        pyplot.show = show
        for number in set(pyplot.get_fignums()) - open_ones:
            pyplot.close(number)


def task_here(module: ModuleType) -> Task:
    """What is to be checked in a module that is looked at as a file; ValueError with what to write where nothing is."""
    __tracebackhide__ = True
    try:
        found = task_of(module)
    except UnknownError as error:
        lines = driver(understood(module, None, error.shown))
        asked = f". It says itself what to check with lines such as these:\n\n{lines}" if error.asks else ""
        raise ValueError(f"check: {error}{asked}") from None
    except Exception as error:  # of the module's own code
        at = line_of(error, str(module.__file__))
        where = f"{named(*at)} raises {type(error).__name__}: " if at else ""
        raise ValueError(f"check: {where}{error}") from None
    loops = loops_of(module)
    if found is None:
        raise ValueError(nothing_in(module, loops))
    return found._replace(doubts=(*found.doubts, *(f"loop: {where} {NOT_AGAIN}" for where in loops)))


def loops_of(module: ModuleType) -> list[str]:
    """Where a loop at the top takes steps of its own: with gradients that it computes itself, and calls nobody for."""
    tree, file = tree_of(module), str(module.__file__)
    loops = [node for node in getattr(tree, "body", []) if isinstance(node, ast.For | ast.While)]
    return [place(file, loop.lineno) for loop in loops if any(map(is_a_step, ast.walk(loop))) and not asks(loop)]


def asks(loop: ast.stmt) -> bool:
    """Whether something is called in a loop that gives gradients, by its name."""
    called = [ast.unparse(node.func).lower() for node in ast.walk(loop) if isinstance(node, ast.Call)]
    return any(word in name for name in called for word in GRADIENT)


def nothing_in(module: ModuleType, loops: list[str]) -> str:
    """What is said where nothing looks like gradients by hand: what there is, and what to write."""
    arrays = [name for name, value in vars(module).items() if isinstance(value, np.ndarray) and name[:1] != "_"]
    kinds = {"functions": list(own_functions(module)), "classes": [c.__name__ for c in own_classes(module)],
             "arrays": arrays}  # fmt: skip
    said = "; ".join(f"the {kind} {', '.join(names)}" for kind, names in kinds.items() if names)
    there = f"Defined so far: {said}." if said else "Nothing is defined so far: were the cells above run?"
    there += f" The loop of {loops[0]} {NOT_AGAIN}." if loops else ""
    return (
        f"check: nothing here looks like gradients by hand. {there} A backward pass is known by its name, such as "
        "backward_propagation, backprop, gradients or compute_grad. Or say what to check: check(cost, gradients, "
        'parameters), where cost(parameters) returns a number and gradients(parameters) {"dW1": array, ...}'
    )
