"""What a function reads beside its arguments, as it was: whoever runs its calls again must know that it is the same.

Everything that the function can reach is walked through once: the globals that its code names, what it closes over,
its defaults, the functions it calls, and what lies in containers, attributes and modules of these. A name, an entry or
an attribute has to be bound to the same object again, an array has to hold the same bytes. What cannot be followed, an
object of a library, eval or the environment, is a reason not to replay.
"""

import builtins
import dis
import enum
import functools
import inspect
import operator
import os
import random
import sys
import sysconfig
import types
from abc import ABC
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any, Generic, NamedTuple, Protocol

import numpy as np

MOST = 10_000  # names, entries and attributes that are watched
UNCHANGING = {int, float, complex, str, bytes, bool, type(None), type(...), type(NotImplemented), range, CodeType,
              np.finfo, np.iinfo}  # fmt: skip
CONTAINERS = (dict, list, tuple, set, frozenset, deque, OrderedDict, defaultdict, Counter)
FUNCTIONS = (np.ufunc, type(np.sum), type(np.dot), operator.itemgetter, operator.attrgetter, operator.methodcaller)
WITHOUT_STATE = (object, Generic, Protocol, ABC)  # the bases of a class that say nothing of its objects
DESCRIPTIONS = ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__", "__slots__",
                "__firstlineno__", "__static_attributes__", "__parameters__", "__orig_bases__", "__abstractmethods__",
                "__match_args__", "_abc_impl", "__dataclass_fields__", "__dataclass_params__", "_is_protocol",
                "__annotate_func__", "__annotations_cache__")  # fmt: skip  # attributes that say what a class is
UNSEEN = {"environ", "environb", "getenv", "argv", "globals", "vars", "eval", "exec", "__import__",
          "import_module", "geterr", "seterr", "seterrcall", "seed", "fromfile", "tofile", "loadtxt", "genfromtxt",
          "logging", "memmap", "savetxt", "savez", "load", "save", "dump"}  # fmt: skip  # what cannot be watched
MISSING = object()
_LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_OURS = str(Path(__file__).parents[1]) + os.sep


class Bound(NamedTuple):
    """What a name is bound to. kind: "entry" of a dict, "attribute" of an object, or "cell" of a closure."""

    kind: str
    place: Any
    key: str
    value: Any

    def now(self) -> Any:
        if self.kind == "entry":
            return self.place.get(self.key, MISSING)
        return contents_of(self.place) if self.kind == "cell" else getattr(self.place, self.key, MISSING)


class Outside:
    """What functions and objects can reach, as it is now.

    names      what each name, entry and attribute is bound to
    contents   (container, what is in it, in order); of a class the names of its attributes
    arrays     (array, a copy of it)
    generators of random numbers
    unknown    what cannot be followed, in words, or None
    """

    def __init__(self, *roots: Any) -> None:
        self.names: list[Bound] = []
        self.contents: list[tuple[Any, tuple[Any, ...]]] = []
        self.arrays: list[tuple[Any, Any]] = []
        self.generators: list[Any] = []
        self.unknown: str | None = None
        self.modules: dict[str, ModuleType] = {}
        self.read: dict[str, None] = {}  # names and texts in the code that ran, which may be attributes of a module
        self.noted: set[tuple[str, str]] = set()
        self.seen: dict[int, Any] = {}  # by id; kept, so that an id stays its object's own
        waiting = [(root, name_of(root)) for root in roots]
        while waiting and not self.unknown:
            value, called = waiting.pop()
            if id(value) not in self.seen and not is_unchanging(value):
                self.seen[id(value)] = value
                waiting += self.inside(value, called)
            if not waiting:
                waiting += self.of_modules()
            if len(self.names) + sum(len(held) for _, held in self.contents) > MOST:
                self.unknown = f"more than {MOST} objects can be reached from {called}"

    def note(self, kind: str, place: Any, key: str, value: Any) -> None:
        self.names.append(Bound(kind, place, key, value))

    def inside(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note a value, and give what can be reached from it."""
        if type(value) is np.ndarray:
            if value.dtype.hasobject:
                self.unknown = f"{called} is an array of objects"
            else:
                self.arrays.append((value, value.copy()))
        elif isinstance(value, FunctionType):
            yield from self.inside_function(value)
        elif isinstance(value, MethodType):
            yield from ((value.__func__, called), (value.__self__, called))
        elif isinstance(value, functools.partial):
            yield from ((part, called) for part in (value.func, value.args, value.keywords))
        elif isinstance(value, staticmethod | classmethod):
            yield value.__func__, called
        elif isinstance(value, property):
            yield from ((f, called) for f in (value.fget, value.fset) if f)
        elif isinstance(value, functools.cached_property):
            yield value.func, called
        elif isinstance(value, enum.Enum):
            yield from ((value.value, called), (type(value), called))
        elif isinstance(value, CONTAINERS):
            yield from self.inside_container(value, called)
        elif type(value).__module__ == __package__:  # a step within a step
            yield value.f, called
        elif isinstance(value, BuiltinFunctionType):
            if not isinstance(value.__self__, ModuleType | type(None) | type):
                yield value.__self__, called
        elif isinstance(value, ModuleType):
            if not from_library(value):
                self.modules[value.__name__] = value
        elif isinstance(value, type):
            if not from_library(value):
                yield from self.inside_class(value, called)
        elif isinstance(value, np.random.Generator | np.random.RandomState | random.Random):
            self.generators.append(value)
        elif not (isinstance(value, FUNCTIONS) or inspect.isdatadescriptor(value)):
            yield from self.inside_object(value, called)

    def inside_container(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        held = held_by(value)
        if not isinstance(value, tuple | frozenset):
            self.contents.append((value, held))
        yield from ((part, called) for part in held)
        if type(value) not in CONTAINERS and hasattr(value, "__dict__"):
            yield from self.inside_object(value, called)

    def inside_function(self, function: FunctionType) -> Iterator[tuple[Any, str]]:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self.note("cell", cell, name, contents_of(cell))
            if contents_of(cell) is not MISSING:
                yield contents_of(cell), name
        if from_library(function):
            return
        for key in ("__code__", "__defaults__", "__kwdefaults__"):
            self.note("attribute", function, key, getattr(function, key))
            yield getattr(function, key), function.__name__
        if vars(function):
            yield vars(function), function.__name__
        for code in codes_in(function.__code__):
            texts = (c for c in code.co_consts if isinstance(c, str) and c.isidentifier())
            self.read |= dict.fromkeys((*code.co_names, *texts))
            if unseen := UNSEEN & {*code.co_names, *code.co_freevars}:
                name = min(unseen)
                self.unknown = f"{code.co_name} uses {name}, behind which nothing can be watched"
            for instruction in dis.get_instructions(code):
                if instruction.opname == "IMPORT_NAME" and instruction.argval in sys.modules:
                    yield sys.modules[instruction.argval], instruction.argval
                elif instruction.opname in GLOBAL:
                    yield from self.inside_global(function.__globals__, instruction.argval)

    def inside_global(self, names: dict[str, Any], name: str) -> Iterator[tuple[Any, str]]:
        bound = names.get(name, MISSING)
        self.note("entry", names, name, bound)
        if bound is MISSING:
            names = vars(builtins)
            bound = names.get(name, MISSING)
            self.note("entry", names, name, bound)
        if bound is not MISSING:
            yield bound, name

    def of_modules(self) -> Iterator[tuple[Any, str]]:
        """What the code may read of the modules that were met, by the names in it."""
        for module in self.modules.values():
            for name in [n for n in self.read if n in vars(module)]:
                if (module.__name__, name) not in self.noted:
                    self.noted.add((module.__name__, name))
                    self.note("entry", vars(module), name, vars(module)[name])
                    yield vars(module)[name], f"{module.__name__}.{name}"

    def inside_class(self, kind: type, called: str) -> Iterator[tuple[Any, str]]:
        self.contents.append((vars(kind), tuple(vars(kind))))
        for name, bound in vars(kind).items():
            if name not in DESCRIPTIONS:
                self.note("entry", vars(kind), name, bound)
                yield bound, f"{called}.{name}"
        yield from ((base, called) for base in (*kind.__bases__, type(kind)) if base not in (*WITHOUT_STATE, type))

    def inside_object(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note an object of somebody's class: its class and its attributes."""
        own = [kind for kind in type(value).__mro__ if kind not in (*WITHOUT_STATE, types.SimpleNamespace)]
        own = [kind for kind in own if kind not in CONTAINERS]
        slots = any(vars(kind).get("__slots__") for kind in own)
        if slots or any(map(from_library, own)) or not hasattr(value, "__dict__"):
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            self.unknown = f"{called} is a {kind}, of which is not known whether it changes"
            return
        self.note("attribute", value, "__class__", type(value))
        self.note("attribute", value, "__dict__", vars(value))
        self.contents.append((vars(value), held_by(vars(value))))
        yield type(value), called
        yield from ((bound, f"{called}.{name}") for name, bound in vars(value).items())

    def changed(self) -> str | None:
        """What is not as it was, in words, or None."""
        for bound in self.names:
            if bound.now() is not bound.value and not alike(bound.now(), bound.value):
                return f"{bound.key} is bound to something else than before"
        return self.filled()

    def filled(self) -> str | None:
        """What holds something else than it did, in words, or None."""
        for container, held in self.contents:
            now = held_by(container)
            if len(now) != len(held) or any(a is not b and not alike(a, b) for a, b in zip(now, held, strict=True)):
                return f"a {type(container).__name__} holds something else than before"
        for array, copy in self.arrays:
            if not same_bytes(array, copy):
                return f"an array of shape {copy.shape} holds other numbers than before"
        return None

    def forget(self) -> None:
        """Drop what is needed for the walk alone."""
        self.seen, self.read, self.modules, self.generators = {}, {}, {}, []


GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")


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
        return value.__code__.co_filename.startswith((*_LIBRARIES, _OURS, "<frozen"))
    module = value if isinstance(value, ModuleType) else sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None or module.__name__ == "__main__":
        return False
    if module is builtins:  # what is made where there is no module says it is of this one
        return value is module or getattr(builtins, value.__name__, None) is value or value.__name__ in vars(types)
    file = getattr(module, "__file__", None)
    if file is None:
        return module.__name__.partition(".")[0] in sys.stdlib_module_names
    return str(file).startswith((*_LIBRARIES, _OURS)) or module.__name__.partition(".")[0] == "numpy"


def name_of(value: Any) -> str:
    return getattr(value, "__name__", type(value).__name__)
