"""What code reads from outside: which values cannot change, and when two are alike."""

import builtins
import operator
import os
import sys
import sysconfig
import types
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import CodeType, FunctionType, GetSetDescriptorType, MappingProxyType, MemberDescriptorType, ModuleType
from typing import Any

import numpy as np

MISSING = object()

UNCHANGING = {int, float, complex, str, bytes, bool, type(None), type(...), type(NotImplemented), range, CodeType,
              np.finfo, np.iinfo}  # fmt: skip
CONTAINERS = (dict, list, tuple, set, frozenset, deque, OrderedDict, defaultdict, Counter)
Pair = namedtuple("Pair", "x")  # for the type of its descriptors
FUNCTIONS = (GetSetDescriptorType, MemberDescriptorType, type(vars(Pair)["x"]), type(np.sum), type(np.dot),
             operator.itemgetter, operator.attrgetter, operator.methodcaller)  # fmt: skip
_LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_INSTALLED = tuple({sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib")})
_OURS = str(Path(__file__).parents[1]) + os.sep


def is_unchanging(value: Any) -> bool:
    """Whether a value is one that cannot change."""
    if type(value) is slice:
        return all(map(is_unchanging, (value.start, value.stop, value.step)))
    return type(value) in UNCHANGING or (
        isinstance(value, np.generic | np.dtype | PurePath) and not hasattr(value, "__dict__")
    )


def held_by(container: Any) -> tuple[Any, ...]:
    if isinstance(container, MappingProxyType):
        return tuple(container)
    return (*container, *container.values()) if isinstance(container, dict) else tuple(container)


def alike(a: Any, b: Any) -> bool:
    """Equal numbers or texts are as good as the same one."""
    return type(a) is type(b) and is_unchanging(a) and repr(a) == repr(b)


def same_bytes(a: Any, b: Any) -> bool:
    """Whether two arrays of one shape and type hold the same, to the sign of a zero."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.itemsize in (1, 2, 4, 8):
        kind = f"i{a.dtype.itemsize}"
        return bool(np.array_equal(a.view(kind), b.view(kind)))
    return bool(a.tobytes() == b.tobytes())


def contents_of(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """A code and those of the functions that it defines."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def from_library(value: Any) -> bool:
    """Whether a module, a class or a function comes with Python or is installed, and so is not edited while it runs."""
    if isinstance(value, FunctionType):
        return trusted(value.__code__.co_filename)
    module = value if isinstance(value, ModuleType) else sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None or module.__name__ == "__main__":
        return False
    if module is builtins:  # what is made where there is no module says it is of this one
        return value is module or getattr(builtins, value.__name__, None) is value or value.__name__ in vars(types)
    file = getattr(module, "__file__", None)
    if file is None:
        return module.__name__.partition(".")[0] in sys.stdlib_module_names
    return trusted(str(file)) or module.__name__.partition(".")[0] == "numpy"


def trusted(file: str) -> bool:
    """Whether a file is Python's own, NumPy's, SciPy's, pytest's or ours: what else is installed may have settings."""
    for folder in _INSTALLED:
        if file.startswith(folder):
            return file.startswith((*(folder + name + os.sep for name in ("numpy", "scipy", "_pytest")), _OURS))
    return file.startswith((*_LIBRARIES, _OURS, "<frozen"))


def name_of(value: Any) -> str:
    return getattr(value, "__name__", type(value).__name__)
