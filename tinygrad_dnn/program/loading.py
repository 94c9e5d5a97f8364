"""Somebody's file as a module whose run records."""

import contextlib
import sys
from pathlib import Path
from types import ModuleType

from .rewriting import HELPER, Helper, rewritten

_folders: set[Path] = set()  # of the files that were loaded


def load(path: str | Path) -> ModuleType:
    """A Python file as a module whose run records. What lies beside it can be imported by it, also later on.

    It is changed only so that X.dot(W), float(J), np.array([t, u]) and a[i] = t of plain arrays record themselves too
    (rewriting.py); errors and tracebacks show the file's own lines.

    What files loaded before have imported from beside them is forgotten: another folder may have other modules of the
    same names. What the file raises is passed on, SystemExit as a RuntimeError: a file that ends the program is not
    usable.
    """
    path = Path(path)
    if path.suffix == ".ipynb":
        raise TypeError("it is a notebook: save it as a .py file, or call check(...) in it")
    forget_folders()
    _folders.add(folder := path.parent.resolve())
    sys.path.insert(0, str(folder))
    module = ModuleType(f"loaded:{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    try:
        setattr(module, HELPER, Helper())
        exec(compile(rewritten(path.read_bytes(), str(path)), str(path), "exec"), module.__dict__)
    except SystemExit as error:
        ended = RuntimeError(f"the file ends the program: sys.exit({error.code!r})")
        raise ended.with_traceback(error.__traceback__) from None
    return module


def forget_folders() -> None:
    """Take the folders of files that were loaded before off the path, and their modules with them."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and Path(file).parent in _folders and not name.startswith("loaded:"):
            del sys.modules[name]
    for folder in _folders:  # the entry that load() has put in front; one that was there before stays
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))
    _folders.clear()
