"""Somebody's file as a module whose run records, and what it can import."""

import contextlib
import sys
import warnings
from pathlib import Path
from types import ModuleType

from .limits import silence
from .rewriting import HELPER, Helper, rewritten
from .sources import read, sentences

folders: set[Path] = set()  # of the files that were loaded, and those of their packages
_known: set[str] = set()  # the modules that were there before


def load(path: str | Path) -> ModuleType:
    """A file as a module whose run records: Python, a notebook, a text with code. It can import what lies beside it.

    It is changed only so that X.dot(W), float(J), np.array([t, u]) and a[i] = t of plain arrays record themselves too
    (rewriting.py); errors and tracebacks show the file's own lines.

    What files loaded before have imported from beside them is forgotten: another folder may have other modules of the
    same names. What the file raises is passed on, SystemExit as a RuntimeError: a file that ends the program is not
    usable.
    """
    path, source = Path(path), read(path)
    module = module_for(path)
    for note in sentences(source):
        warnings.warn(f"{path.name}, {note}", SyntaxWarning, 2)
    try:
        exec(compile(rewritten(source.runs, str(path)), str(path), "exec"), module.__dict__)
    except SystemExit as error:
        ended = RuntimeError(f"the file ends the program: sys.exit({error.code!r})")
        raise ended.with_traceback(error.__traceback__) from None
    return module


def module_for(path: Path, above: int = 0) -> ModuleType:
    """An empty module for a file, with the folder that it imports from on the path.

    above: how many folders up its relative imports reach: it is in a package then, whether that says so or not.
    """
    forgetfolders()
    own = path.parent.resolve()
    _known.clear()
    _known.update(sys.modules)
    root, package = own, ""
    while (root / "__init__.py").exists() or package.count(".") + bool(package) < above:
        package = f"{root.name}.{package}".rstrip(".")
        root = root.parent
    for folder in dict.fromkeys((root, own)):
        folders.add(folder)
        sys.path.insert(0, str(folder))
    module = ModuleType(f"loaded:{path.stem}")
    module.__file__ = str(path)
    module.__package__ = package
    if package:
        with contextlib.suppress(Exception), silence():
            __import__(package)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    setattr(module, HELPER, Helper())
    return module


def forgetfolders() -> None:
    """Take the folders of files that were loaded before off the path, and their modules with them."""
    for name, module in list(sys.modules.items()):
        if name in _known or name.startswith("loaded:"):
            continue
        file = getattr(module, "__file__", None)  # a folder without __init__.py has none
        if any(folder in Path(place).parents for place in [file or "", *folders_of(module)] for folder in folders):
            del sys.modules[name]
    for folder in folders:  # the entry that load() has put in front; one that was there before stays
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))
    folders.clear()


def folders_of(module: ModuleType) -> list[str]:
    """Where a package looks for its modules; nothing for what is none."""
    try:
        return [str(folder) for folder in getattr(module, "__path__", [])]
    except Exception:  # a library's own idea of a module
        return []
