"""What lies beside a file is read as the file is: of any Python, its statements one by one; it records too."""

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from .rewriting import HELPER, Helper, alone, imports_in, rewritten_tree
from .sources import read, statements


class Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds Python files in these folders, and what lies in them, before anybody else does.

    failed: what was left out of them, as (file, line, error).
    """

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.failed: list[tuple[str, int, BaseException]] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        file = Path(spec.origin) if spec and spec.origin and spec.has_location else None
        if spec is None or file is None or file.suffix != ".py":
            return None
        if not any(folder in file.parents for folder in self.folders) or "site-packages" in file.parts:
            return None
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=spec.submodule_search_locations
        )

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        file = str(module.__file__)
        module.__dict__[HELPER] = Helper()
        body, _ = statements(read(file))
        whole = ast.Module(list(body), [])
        imports = list(imports_in(whole))
        for statement in body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                continue
            tree = rewritten_tree(alone(statement, imports), file, whole)
            try:
                exec(compile(tree, file, "exec", dont_inherit=True), module.__dict__)
            except ModuleNotFoundError:
                raise  # it may be made up, or is what the file itself asks for
            except (Exception, SystemExit) as error:
                self.failed.append((file, statement.lineno, error))


@contextlib.contextmanager
def found_beside(finder: Beside) -> Iterator[None]:
    """Within this, what is imported from these folders is read so."""
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
