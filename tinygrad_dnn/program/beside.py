"""What lies beside a file is read as the file is: of any Python, its statements one by one; it records too.

A notebook or a text beside it is a module as well, under its name: from homework import forward finds homework.ipynb
where there is no homework.py. What is no name in Python has one with _ for each sign that is none: week_1 for week 1.
"""

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from .limits import TooLong, limited
from .loops import WATCH, Loops
from .rewriting import HELPER, Helper
from .sources import TEXTS, read, statements

ENDINGS = (".py", ".ipynb", *sorted(TEXTS))  # of what may be imported, the likeliest first
AT_ONCE = 1.0  # seconds for a statement of what is imported that defines nothing: a training at the top is stopped


class Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds Python files in these folders, and what lies in them, before anybody else does.

    loops: those of the file that imports; what is imported is watched as that is.
    failed: what was left out of them, as (file, line, error).
    """

    def __init__(self, folders: list[Path], loops: Loops) -> None:
        self.folders, self.loops = folders, loops
        self.failed: list[tuple[str, int, BaseException]] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.origin is None:
            return self.of_file(name, path)
        file = Path(spec.origin) if spec.has_location else None
        if file is None or file.suffix != ".py":
            return None
        if not any(folder in file.parents for folder in self.folders) or "site-packages" in file.parts:
            return None
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=spec.submodule_search_locations
        )

    def of_file(self, name: str, path: Any) -> Any:
        """A notebook, a text, or a file whose name is none in Python, that a module may be; None where none is."""
        last = name.rpartition(".")[2]
        for folder in map(Path, path if path is not None else self.folders):
            file = file_called(last, folder)
            if file is not None and any(own == folder or own in folder.parents for own in self.folders):
                return importlib.util.spec_from_file_location(name, file, loader=self)
        return None

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        file = str(module.__file__)
        body, _ = statements(read(file))
        loops = Loops(file, ast.Module(list(body), []), self.loops)
        module.__dict__.update({HELPER: Helper(), WATCH: loops})
        self.loops.beside.append((module, loops))
        for statement in body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                continue
            defines = isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
            try:
                with contextlib.nullcontext() if defines else limited(AT_ONCE):
                    exec(loops.compiled(statement, 0, AT_ONCE), module.__dict__)
            except ModuleNotFoundError:
                raise  # it may be made up, or is what the file itself asks for
            except TooLong:
                self.failed.append((file, statement.lineno, TimeoutError("it takes long")))
            except (Exception, SystemExit) as error:
                self.failed.append((file, statement.lineno, error))
        self.failed += [(file, line, TimeoutError("it takes long")) for line in loops.left]
        loops.until = float("inf")


@contextlib.contextmanager
def found_beside(finder: Beside) -> Iterator[None]:
    """Within this, what is imported from these folders is read so."""
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def file_called(name: str, folder: Path) -> Path | None:
    """The file of a folder that a module of this name is: by its name without the ending, else by all of it."""
    try:
        every = sorted((p for p in folder.iterdir() if p.suffix.lower() in ENDINGS), key=rank)
    except OSError:
        return None
    known = [p for p in every if as_name(p.stem) == name] + [p for p in every if as_name(p.name) == name]
    return next(iter(known), None)


def rank(path: Path) -> tuple[int, str]:
    return ENDINGS.index(path.suffix.lower()), path.name


def as_name(text: str) -> str:
    """A text as a name in Python."""
    name = re.sub(r"\W", "_", text)
    return f"_{name}" if name[:1].isdigit() or not name or keyword.iskeyword(name) else name


def module_of(path: Path) -> str:
    """The name under which a file is imported by what lies beside it, and nothing else is.

    With a dot before it where the file itself imports so, as one of a package does.
    """
    short = as_name(path.stem)
    elsewhere = [entry for entry in sys.path if Path(entry).resolve() != path.parent.resolve()]
    free = short not in sys.stdlib_module_names and importlib.machinery.PathFinder.find_spec(short, elsewhere) is None
    name = short if free and file_called(short, path.parent) == path else as_name(path.name)
    relative = any(
        isinstance(n, ast.ImportFrom) and n.level for part in statements(read(path))[0] for n in ast.walk(part)
    )
    return f"{'.' * relative}{name}"
