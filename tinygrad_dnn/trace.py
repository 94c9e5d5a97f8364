"""Run somebody's code on tensors and learn what they call them: the variables that held each tensor."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from .tensor import Tensor

Names = dict[str, list[Tensor]]

_PACKAGE = Path(__file__).parent
_ENGINE = tuple(str(path) for path in (Path(np.__file__).parent, *_PACKAGE.glob("*.py"), _PACKAGE / "judge"))


def run(f: Callable[..., Any], *arguments: Any) -> tuple[Any, Names]:
    """f(*arguments), and for each variable of the functions that ran the tensors it held when they returned.

    The tensors of a name are distinct and in the order of recording. The variables of NumPy and of the engine are
    left out.
    """
    held: dict[str, dict[Tensor, None]] = {}

    def on_event(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and not frame.f_code.co_filename.startswith(_ENGINE):
            for name, value in frame.f_locals.items():
                if type(value) is Tensor:
                    held.setdefault(name, {})[value] = None

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        result = f(*arguments)
    finally:
        sys.setprofile(before)
    return result, {name: sorted(tensors, key=lambda t: t.number) for name, tensors in held.items()}


def line_of(error: BaseException, path: str | None = None) -> tuple[str, int] | None:
    """The file and line where an error arose in somebody's code: the innermost one of path, or outside ours."""
    found, step = None, error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file == path if path else not file.startswith(_ENGINE):
            found = (file, step.tb_lineno)
        step = step.tb_next
    return found


def load(path: str | Path) -> ModuleType:
    """The module of a Python file, run as it stands; files beside it can be imported by it.

    What the file raises is passed on, SystemExit as a RuntimeError: a file that ends the program is not usable.
    """
    path = Path(path)
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SystemExit as error:
        raise RuntimeError(f"the file ends the program: sys.exit({error.code!r})").with_traceback(
            error.__traceback__
        ) from None
    finally:
        sys.path.remove(str(path.parent.resolve()))
    return module
