"""Whose code a file is: ours, a library's, or somebody's; and where in it an error arose."""

import functools
import sysconfig
from pathlib import Path

import numpy as np

NOBODYS = {"numpy", "scipy", "matplotlib", "mpl_toolkits", "tqdm", "IPython"}  # everybody's, or for pictures and bars
_PACKAGE = Path(__file__).parents[1]
_OURS = [path for path in _PACKAGE.iterdir() if path.name != "by_hand"]  # that is code like a user's
_INSIDE = tuple(str(path) for path in (Path(np.__file__).parent, *_OURS))
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_INSTALLED = tuple(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib"))
parts: dict[
    str, tuple[str, int]
] = {}  # files that are part of another, the cells of a notebook: it, and the lines before


def somebodys(file: str) -> bool:
    """Whether a file is neither ours nor a library's."""
    return not file.startswith((*_INSIDE, *_LIBRARIES, "<frozen"))


def is_inside(file: str) -> bool:
    """Whether a file is ours or NumPy's, which nobody wants to see."""
    return file.startswith(_INSIDE)


def library_of(file: Path) -> str:
    """The package that a file was installed with, if it is one that may derive a gradient."""
    package = package_of(file)
    return "" if package in NOBODYS else package


@functools.lru_cache(maxsize=1024)
def package_of(file: Path) -> str:
    """The package that a file was installed with, if it is one."""
    inside = next((folder for folder in _INSTALLED if folder in file.parents), None)
    return file.relative_to(inside).parts[0].removesuffix(".py") if inside else ""


def line_of(error: BaseException, path: str | None = None) -> tuple[str, int] | None:
    """The file and line where an error arose in somebody's code: the innermost one of path, or outside ours."""
    found, step = None, error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        whole, before = parts.get(file, (file, 0)) if path else (file, 0)
        if whole == path if path else not is_inside(file):
            found = (whole, step.tb_lineno + before)
        step = step.tb_next
    return found
