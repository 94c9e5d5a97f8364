"""What a function reads beside its arguments, as it was: whoever runs its calls again must know that it is the same.

Everything that the function can reach is walked through once: the globals that its code names, what it closes over,
its defaults, the functions it calls, and what lies in containers and attributes of these. A name, an entry or an
attribute has to be bound to the same object again, an array has to hold the same numbers. What cannot be followed, a
file or an object of a library, is a reason not to replay.
"""

import builtins
import dis
import enum
import functools
import gc
import operator
import random
import sys
import sysconfig
import types
from abc import ABC
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Generic, Protocol

import numpy as np

MOST = 10_000  # names, entries and attributes that are watched
NUMBERS = (int, float, complex, str, bytes, bool, type(None), np.generic, np.dtype, type(...), enum.Enum, range,
           PurePath, np.ufunc)  # fmt: skip  # what cannot change
CONTAINERS = (dict, list, tuple, set, frozenset, deque, OrderedDict, defaultdict)
FUNCTIONS = (np.ufunc, type(np.sum), type(np.dot), operator.itemgetter, operator.attrgetter, operator.methodcaller)
WITHOUT_STATE = (object, Generic, Protocol, ABC)  # the bases of a class that say nothing of its objects
GENERATORS = (np.random.Generator, np.random.RandomState, np.random.BitGenerator, random.Random)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_OURS = str(Path(__file__).parents[1])
MISSING = object()
ENVIRONMENT = {"environ", "environb", "getenv", "argv"}


class Outside:
    """What functions and objects can reach, as it is now.

    names      (dict, key, what it is bound to there): globals, attributes and entries
    contents   (container, what is in it, in order)
    arrays     (array, its numbers)
    unknown    what cannot be followed, in words, or None
    """

    def __init__(self, *roots: Any) -> None:
        self.names: list[tuple[Any, Any, Any]] = []
        self.contents: list[tuple[Any, tuple[Any, ...]]] = []
        self.arrays: list[tuple[Any, Any]] = []
        self.states: list[tuple[Any, Any]] = [(g, state_of(g)) for g in (np.random.mtrand._rand, random._inst)]
        self.unknown: str | None = None
        self.seen: dict[int, Any] = {}
        waiting = [(root, name_of(root)) for root in roots]
        while waiting and not self.unknown:
            value, called = waiting.pop()
            if id(value) not in self.seen and not isinstance(value, NUMBERS):
                self.seen[id(value)] = value  # kept: its id stays its own
                waiting += self.inside(value, called)
                if len(self.names) + sum(len(held) for _, held in self.contents) > MOST:
                    self.unknown = f"more than {MOST} objects can be reached from {called}"

    def inside(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note a value, and give what can be reached from it."""
        if type(value) is np.ndarray:
            self.note_array(value)
        elif isinstance(value, GENERATORS):
            self.states.append((value, state_of(value)))
        elif isinstance(value, FunctionType):
            yield from self.inside_function(value)
        elif isinstance(value, MethodType):
            yield from ((value.__func__, called), (value.__self__, called))
        elif isinstance(value, functools.partial):
            yield from ((part, called) for part in (value.func, value.args, value.keywords))
        elif isinstance(value, CONTAINERS):
            held = held_by(value)
            if not isinstance(value, tuple | frozenset):
                self.contents.append((value, held))
            yield from ((part, called) for part in held)
            if type(value) not in CONTAINERS:
                yield from self.inside_object(value, called)
        elif type(value) is slice:
            yield (value.start, value.stop, value.step), called
        elif isinstance(value, BuiltinFunctionType):
            if not isinstance(value.__self__, ModuleType | type(None)):
                yield value.__self__, called
        elif isinstance(value, type | ModuleType):
            if not from_library(value):
                yield from self.inside_attributes(value, called)
        elif hasattr(value, "__wrapped__") and from_library(type(value)):  # functools.lru_cache
            yield value.__wrapped__, called
        elif isinstance(value, FUNCTIONS):
            return
        else:
            yield from self.inside_object(value, called)

    def inside_object(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note an object of somebody's class: its attributes, and what the class holds."""
        own = [kind for kind in type(value).__mro__ if kind not in WITHOUT_STATE and not issubclass(kind, CONTAINERS)]
        slots = any(vars(kind).get("__slots__") for kind in own)
        if slots or any(map(from_library, own)) or not (hasattr(value, "__dict__") or isinstance(value, CONTAINERS)):
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            self.unknown = f"{called} is a {kind}, of which is not known whether it changes"
            return
        yield type(value), called
        if hasattr(value, "__dict__"):
            yield from self.inside_attributes(value, called)

    def note_array(self, array: Any) -> None:
        if array.dtype.hasobject:
            self.unknown = "an array of objects is read"
        elif array.flags.writeable or array.base is not None:
            self.arrays.append((array, array.copy()))

    def inside_function(self, function: FunctionType) -> Iterator[tuple[Any, str]]:
        if from_library(function):
            return
        yield (function.__defaults__, function.__kwdefaults__), function.__name__
        if function.__dict__:
            yield function.__dict__, function.__name__
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            bound = contents_of(cell)
            self.names.append((cell, None, bound))
            if bound is not MISSING:
                yield bound, name
        for code in codes_in(function.__code__):
            if not ENVIRONMENT.isdisjoint(code.co_names):
                self.unknown = f"{code.co_name} reads the environment"
            used = dict.fromkeys(
                i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")
            )
            for name in used:
                bound = function.__globals__.get(name, MISSING)
                self.names.append((function.__globals__, name, bound))
                if isinstance(bound, ModuleType) and not from_library(bound):
                    for attribute in code.co_names:
                        if attribute in vars(bound):
                            self.names.append((vars(bound), attribute, vars(bound)[attribute]))
                            yield vars(bound)[attribute], f"{name}.{attribute}"
                elif bound is not MISSING and not isinstance(bound, ModuleType):
                    yield bound, name

    def inside_attributes(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        if isinstance(value, ModuleType):
            return  # its names are looked at where code names them
        attributes = {k: v for k, v in vars(value).items() if not (isinstance(value, type) and is_description(k, v))}
        for name, bound in attributes.items():
            self.names.append((vars(value), name, bound))
            if isinstance(bound, property):
                bound = bound.fget
            elif isinstance(bound, staticmethod | classmethod):
                bound = bound.__func__
            yield bound, f"{called}.{name}"
        if not isinstance(value, type):
            self.contents.append((vars(value), (*vars(value), *vars(value).values())))
        else:
            yield from ((base, called) for base in value.__bases__ if base is not object)

    def changed(self) -> str | None:
        """What is not as it was, in words, or None."""
        for place, key, bound in self.names:
            now = contents_of(place) if key is None else place.get(key, MISSING)
            if now is not bound and not alike(now, bound):
                return f"{key or 'what it closes over'} is bound to something else"
        return self.filled()

    def filled(self) -> str | None:
        """What holds something else than it did, in words, or None."""
        for container, held in self.contents:
            now = held_by(container)
            if len(now) != len(held) or any(a is not b and not alike(a, b) for a, b in zip(now, held, strict=True)):
                return f"a {type(container).__name__} holds something else"
        for array, copy in self.arrays:
            if not (np.array_equal(array, copy) or np.array_equal(array, copy, equal_nan=array.dtype.kind in "fc")):
                return f"an array of shape {copy.shape} holds other numbers"
        return None

    def drawn(self) -> str | None:
        """Whether random numbers were drawn."""
        for generator, state in self.states:
            if state_of(generator) != state:
                return "it draws random numbers; give what is drawn as an argument"
        return None

    def forget(self) -> None:
        """Drop what is needed for one run alone."""
        self.states, self.seen = [], {}


def held_by(container: Any) -> tuple[Any, ...]:
    return (*container, *container.values()) if isinstance(container, dict) else tuple(container)


def alike(a: Any, b: Any) -> bool:
    """Equal numbers or texts are as good as the same one."""
    return type(a) is type(b) and isinstance(a, int | float | complex | str | bytes | np.generic) and repr(a) == repr(b)


def state_of(generator: Any) -> Any:
    """The state of a generator of random numbers, as something that can be compared."""
    if isinstance(generator, random.Random):
        return generator.getstate()
    if isinstance(generator, np.random.RandomState):
        return repr([x.tolist() if isinstance(x, np.ndarray) else x for x in generator.get_state(legacy=True)])
    bits = generator.bit_generator if isinstance(generator, np.random.Generator) else generator
    return repr(bits.state)


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


def is_description(name: str, value: Any) -> bool:
    """Whether an attribute of a class only says what it is."""
    return name in ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__",
                    "__firstlineno__", "__static_attributes__")  # fmt: skip


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


IMPURE_MODULES = {"time", "posix", "nt", "_io", "_socket", "_thread", "datetime", "_datetime"}
IMPURE = {print, input, open}


def leaves_a_trace(function: Any) -> bool:
    """Whether a function of Python's own does something that a replay would not, or depends on when it is called."""
    owner = getattr(function, "__self__", None)
    module = (
        owner.__name__
        if isinstance(owner, ModuleType)
        else (owner if isinstance(owner, type) else type(owner)).__module__
    )
    return function in IMPURE or module in IMPURE_MODULES


class Watched:
    """While this runs, the first call that leaves a trace is told to whoever watches."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell, self.collects = tell, gc.isenabled()

    def __enter__(self) -> None:
        gc.disable()  # what others have asked to be called then is not the function's

        def on_event(frame: Any, event: str, function: Any) -> None:
            if event == "c_call" and leaves_a_trace(function):
                self.tell(f"it calls {name_of(function)}, which a replay would not")

        sys.setprofile(on_event)

    def __exit__(self, *_: Any) -> None:
        sys.setprofile(None)
        if self.collects:
            gc.enable()
