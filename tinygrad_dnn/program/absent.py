"""Modules that are not there: what is imported from one stands for itself until its value is needed.

A plot is drawn on nothing, a decorator gives the function back, a progress bar runs through what it was given. What
computes with such a value is told which module is missing. Where a course's helper is textbook, it is there
(standins.py).
"""

import builtins
import contextlib
import dis
import importlib.abc
import importlib.machinery
import inspect
import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any

from .standins import stand_in


class MissingModuleError(NameError):
    """A value is needed that a module which is not there would give."""


class Absent:
    """What a missing module would give: an attribute of it, or what a call of that returned."""

    def __init__(self, name: str, given: tuple[Any, ...] = ()) -> None:
        self.__dict__.update(_name=name, _given=given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and not keywords and (inspect.isfunction(arguments[0]) or inspect.isclass(arguments[0])):
            return arguments[0]  # a decorator
        return Absent(self._name, arguments)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return ()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        count = unpacked(sys._getframe(1))
        if count:
            return iter([Absent(f"{self._name}[{i}]") for i in range(count)])
        if self._given and isinstance(self._given[0], int) and self._name.endswith("range"):
            return iter(range(*self._given))
        if self._given and hasattr(self._given[0], "__iter__") and not isinstance(self._given[0], Absent):
            return iter(self._given[0])
        raise self._needed()

    def __getitem__(self, key: Any) -> Any:
        return Absent(f"{self._name}[...]")

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def _needed(self) -> MissingModuleError:
        module = self._name.partition(".")[0]
        return MissingModuleError(f"{self._name} is needed, and there is no module {module}")


def raising(name: str) -> Callable[..., Any]:
    def method(self: Absent, *arguments: Any, **keywords: Any) -> Any:
        raise self._needed()

    method.__name__ = name
    return method


NEEDING = "add radd sub rsub mul rmul truediv rtruediv floordiv mod pow rpow matmul rmatmul neg abs float int index " \
          "bool array array_ufunc array_function len lt le gt ge contains"  # fmt: skip
for _name in NEEDING.split():
    setattr(Absent, f"__{_name}__", raising(f"__{_name}__"))


def unpacked(frame: FrameType) -> int:
    """How many names the caller unpacks a value into at this moment; 0 where it does something else."""
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset == frame.f_lasti:
            return instruction.arg or 0 if instruction.opname == "UNPACK_SEQUENCE" else 0
    return 0


class AbsentModule(ModuleType):
    """A missing module, and what is textbook of it."""

    def __init__(self, name: str, calls: dict[str, int], own: dict[str, Any]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []  # it may have modules of its own
        self.__all__ = [n for n in calls if n in own or stand_in(n, 0) is not None]  # what a star brings in
        self.__dict__.update(_calls=calls, _own=own)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in self._own:
            taken.setdefault(f"{self.__name__}.{name}", None)
            return self._own[name]
        found = getattr(builtins, name, None) or stand_in(name, self._calls.get(name, 0))
        if found is None:
            return Absent(f"{self.__name__}.{name}")
        if not hasattr(builtins, name):
            taken.setdefault(f"{self.__name__}.{name}", None)
        return found


taken: dict[str, None] = {}  # what was taken from a stand-in


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nobody else does.

    calls: what the file calls, with the number of names that it unpacks the result into, or 0.
    own: by the name of a module, what of it is here nevertheless.
    """

    def __init__(self, calls: dict[str, int], own: dict[str, dict[str, Any]]) -> None:
        self.calls, self.own = calls, own
        self.found: list[str] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        self.found.append(name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> ModuleType:
        return AbsentModule(spec.name, self.calls, self.own.get(spec.name.partition(".")[0], {}))

    def exec_module(self, module: ModuleType) -> None:
        pass


@contextlib.contextmanager
def made_up(finder: Finder) -> Iterator[None]:
    """Within this, a module that is not there is imported nevertheless; it is forgotten afterwards."""
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.found:
            sys.modules.pop(name, None)
