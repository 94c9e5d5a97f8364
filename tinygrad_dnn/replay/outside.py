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
import random
import sys
import types
from abc import ABC
from collections.abc import Iterator
from importlib.util import resolve_name
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any, Generic, NamedTuple, Protocol

import numpy as np

from .values import (
    CONTAINERS,
    FUNCTIONS,
    MISSING,
    alike,
    codes_in,
    contents_of,
    from_library,
    held_by,
    is_unchanging,
    name_of,
    same_bytes,
)
from .watching import leaves_a_trace

MOST = 10_000  # names, entries and attributes that are watched
WITHOUT_STATE = (object, Generic, Protocol, ABC)  # the bases of a class that say nothing of its objects
DESCRIPTIONS = ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__", "__slots__",
                "__firstlineno__", "__static_attributes__", "__parameters__", "__orig_bases__", "__abstractmethods__",
                "__match_args__", "_abc_impl", "__dataclass_fields__", "__dataclass_params__", "_is_protocol",
                "__annotate_func__", "__annotations_cache__", "__init__", "__new__", "__repr__",
                "__str__")  # fmt: skip  # what a class says of itself, and what its objects are made by
UNSEEN = {"environ", "environb", "getenv", "argv", "globals", "vars", "eval", "exec", "__import__",
          "import_module", "geterr", "seterr", "seterrcall", "seed", "fromfile", "tofile", "loadtxt", "genfromtxt",
          "logging", "memmap", "savetxt", "savez", "load", "save", "dump"}  # fmt: skip  # what cannot be watched
COMPUTED = {"getattr", "hasattr", "__dict__", "attrgetter", "delattr", "setattr"}
LARGE = 32 * 2**20  # bytes of arrays outside that are compared on each call


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


class ClassOf:
    """A class of which there is an object: unlike one that the code names, it may not be called."""

    def __init__(self, kind: type) -> None:
        self.kind = kind


class Outside:
    """What functions and objects can reach, as it is now.

    names      what each name, entry and attribute is bound to
    contents   (container, what is in it, in order); of a class the names of its attributes
    arrays     (array, a copy of it)
    generators of random numbers
    unknown    what cannot be followed, in words, or None

    most: bytes of arrays that are compared.
    """

    def __init__(self, *roots: Any, most: float = LARGE) -> None:
        self.most = most
        self.names: list[Bound] = []
        self.contents: list[tuple[Any, tuple[Any, ...]]] = []
        self.arrays: list[tuple[Any, Any]] = []
        self.generators: list[Any] = []
        self.unknown: str | None = None
        self.holders: dict[int, tuple[Any, str]] = {}  # modules, classes and objects, of which what is read counts
        self.read: dict[str, None] = {}  # names and texts in the code: what may be read of them
        self.written: set[str] = set()  # attributes that it sets
        self.imported: dict[str, Any] = {}  # modules, or MISSING
        self.tries = False  # whether it may wait for an error, as that of an attribute that is not there
        self.any = False  # whether the code reads attributes by names that it makes
        self.noted: set[tuple[int, str]] = set()
        self.seen: dict[int, Any] = {}  # by id; kept, so that an id stays its object's own
        waiting = [(root, name_of(root)) for root in roots]
        while waiting and not self.unknown:
            value, called = waiting.pop()
            if id(value) not in self.seen and not is_unchanging(value):
                self.seen[id(value)] = value
                waiting += self.inside(value, called)
            if not waiting:
                waiting += [found for holder in list(self.holders.values()) for found in self.of_holder(*holder)]
            if len(self.names) + sum(len(held) for _, held in self.contents) > MOST:
                self.unknown = f"more than {MOST} objects can be reached from {called}"

    def note(self, kind: str, place: Any, key: str, value: Any) -> None:
        self.names.append(Bound(kind, place, key, value))

    def inside(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note a value, and give what can be reached from it."""
        if type(value) is np.ndarray:
            if value.dtype.hasobject:
                self.unknown = f"{called} is an array of objects"
            elif value.nbytes + sum(copy.nbytes for _, copy in self.arrays) > self.most:
                self.unknown = f"{called} is large, and would be compared on each call; give it as an argument"
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
        elif isinstance(value, enum.Enum) and not from_library(type(value)):
            yield from ((value.value, called), (ClassOf(type(value)), called))
            self.holders[id(value)] = (value, called)
        elif isinstance(value, CONTAINERS):
            yield from self.inside_container(value, called)
        elif type(value).__module__ == __package__:  # a step within a step
            yield value.f, called
        elif isinstance(value, BuiltinFunctionType):
            if leaves_a_trace(value):
                self.unknown = f"{called} is {value.__name__}, whose calls are not all seen"
            elif not isinstance(value.__self__, ModuleType | type(None) | type):
                yield value.__self__, called
        elif isinstance(value, ModuleType):
            if not from_library(value):
                self.holders[id(value)] = (value, called)
        elif isinstance(value, ClassOf):
            if not from_library(value.kind) and id(value.kind) not in self.holders:
                yield from self.inside_class(value.kind, called)
        elif isinstance(value, type):
            if not from_library(value):
                yield ClassOf(value), called
                yield from ((vars(value).get(name), called) for name in ("__init__", "__new__"))
        elif isinstance(value, np.random.Generator | np.random.RandomState | random.Random):
            self.generators.append(value)
        elif isinstance(value, np.ufunc):
            if value.__name__ not in vars(np) and not hasattr(special(), value.__name__):
                self.unknown = f"{called} was made of a function, which nothing is known of"
        elif not isinstance(value, FUNCTIONS):
            yield from self.inside_object(value, called)

    def inside_container(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        held = held_by(value)
        if not isinstance(value, tuple | frozenset):
            self.contents.append((value, held))
        yield from ((part, called) for part in held)
        if type(value) not in CONTAINERS:
            yield ClassOf(type(value)), called
            if hasattr(value, "__dict__"):
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
            self.read |= dict.fromkeys((*code.co_names, *texts_in(code.co_consts)))
            self.tries = self.tries or bool(code.co_exceptiontable)
            self.any = self.any or not COMPUTED.isdisjoint(code.co_names)
            if unseen := UNSEEN & {*code.co_names, *code.co_freevars}:
                self.unknown = f"{code.co_name} uses {min(unseen)}, behind which nothing can be watched"
            yield from self.inside_code(code, function.__globals__)

    def inside_code(self, code: CodeType, names: dict[str, Any]) -> Iterator[tuple[Any, str]]:
        instructions = list(dis.get_instructions(code))
        for i, instruction in enumerate(instructions):
            if instruction.opname == "IMPORT_NAME":
                level, package = instructions[i - 2].argval, names.get("__package__") or ""
                name = resolve_name("." * level + instruction.argval, package) if level else instruction.argval
                self.imported[name] = sys.modules.get(name, MISSING)
                self.note("entry", sys.modules, name, self.imported[name])
                if name in sys.modules:
                    yield sys.modules[name], name
            elif instruction.opname == "STORE_ATTR":
                self.written.add(instruction.argval)
            elif (
                instruction.opname == "IS_OP"
                and instructions[i - 1].opname != "LOAD_CONST"
                and code.co_name != "__eq__"
            ):
                self.unknown = f"{code.co_name} asks whether one is the other; == or isinstance can be followed"
            elif instruction.opname in GLOBAL:
                if instruction.argval in ("print", "open", "input") and not (instruction.arg or 0) & 1:
                    self.unknown = f"{code.co_name} hands {instruction.argval} on, whose calls are not all seen"
                if instruction.argval in ("type", "id"):
                    self.unknown = f"{code.co_name} uses {instruction.argval}(); isinstance can be followed"
                yield from self.inside_global(names, instruction.argval)

    def inside_global(self, names: dict[str, Any], name: str) -> Iterator[tuple[Any, str]]:
        bound = names.get(name, MISSING)
        self.note("entry", names, name, bound)
        if bound is MISSING:
            names = vars(builtins)
            bound = names.get(name, MISSING)
            self.note("entry", names, name, bound)
        if bound is not MISSING and not isinstance(bound, BuiltinFunctionType):  # whose calls are seen
            yield bound, name

    def of_holder(self, holder: Any, called: str) -> Iterator[tuple[Any, str]]:
        """What the code may read of a module, a class or an object, by the names in it."""
        own = vars(holder)
        names = [name for name in own if name[:2] != "__"] if self.any else self.read
        for name in list(names):
            there = name in own or any(name in vars(kind) for kind in type(holder).__mro__)
            if (there or name in self.written or self.tries) and (id(holder), name) not in self.noted:
                self.noted.add((id(holder), name))
                bound = own.get(name, MISSING)
                self.note("entry", own, name, bound)
                if bound is not MISSING:
                    yield bound, f"{called}.{name}"
        if self.any and (id(holder), "") not in self.noted:
            self.noted.add((id(holder), ""))
            self.contents.append((MappingProxyType(own), tuple(own)))

    def inside_class(self, kind: type, called: str) -> Iterator[tuple[Any, str]]:
        self.holders[id(kind)] = (kind, called)
        self.contents.append((vars(kind), tuple(vars(kind))))
        for name, bound in vars(kind).items():
            if name[:2] == "__" and name not in DESCRIPTIONS:  # what operators and calls find
                self.note("entry", vars(kind), name, bound)
                yield bound, f"{called}.{name}"
        yield from ((ClassOf(base), called) for base in kind.__bases__ if base not in WITHOUT_STATE)
        if type(kind) is not type:
            yield ClassOf(type(kind)), called

    def inside_object(self, value: Any, called: str) -> Iterator[tuple[Any, str]]:
        """Note an object of somebody's class: its class, and of its attributes those that the code names."""
        own = [kind for kind in type(value).__mro__ if kind not in (*WITHOUT_STATE, types.SimpleNamespace)]
        own = [kind for kind in own if kind not in CONTAINERS]
        slots = any(vars(kind).get("__slots__") for kind in own)
        if slots or any(map(from_library, own)) or not hasattr(value, "__dict__"):
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            self.unknown = f"{called} is a {kind}, of which is not known whether it changes"
            return
        self.note("attribute", value, "__class__", type(value))
        self.note("attribute", value, "__dict__", vars(value))
        self.holders[id(value)] = (value, called)
        yield ClassOf(type(value)), called

    def changed(self) -> str | None:
        """What is not as it was, in words, or None."""
        for bound in self.names:
            if bound.now() is not bound.value and not alike(bound.now(), bound.value):
                return f"{bound.key} is bound to something else than before"
        return self.filled()

    def grown(self) -> bool:
        """Whether a module that the code imports was imported since: it has to be looked through as well."""
        return any(module is MISSING and name in sys.modules for name, module in self.imported.items())

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
        self.seen, self.read, self.holders, self.generators = {}, {}, {}, []


GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")


def special() -> Any:
    return sys.modules.get("scipy.special")


def texts_in(constants: Any) -> Iterator[str]:
    """The texts among the constants of a code that may be names."""
    for constant in constants:
        if isinstance(constant, str) and constant.isidentifier():
            yield constant
        elif isinstance(constant, tuple | frozenset):
            yield from texts_in(constant)
