"""A recorded graph as formulas: each tensor that has no name written with those that have one, in NumPy's own words."""

import ast
import operator
from typing import Any

import numpy as np

from ..engine import derivatives
from ..engine.constants import Setting
from ..engine.signatures import full_name
from ..engine.tensor import Tensor

OPERATORS = {
    np.add: "({} + {})", np.subtract: "({} - {})", np.multiply: "({} * {})", np.divide: "({} / {})",
    np.power: "({} ** {})", np.matmul: "({} @ {})", np.negative: "(-{})", np.square: "({} ** 2)",
    np.positive: "{}", np.copy: "{}", np.reciprocal: "(1 / {})",
}  # fmt: skip
MOST = 120  # functions in the formula of a gradient: what is longer is not written


Key = tuple[tuple[int, ...], bool, bytes]


class Reader:
    """Writes tensors as code. names: of the tensors at which a formula ends; constants: by the name it gives them."""

    def __init__(
        self, names: dict[Tensor, str], reserved: set[str], known: dict[str, list[Any]], m: int | None
    ) -> None:
        self.names, self.known, self.m = names, known, m
        self.taken = {*names.values(), *reserved, "m", "np"}
        self.constants: dict[str, Any] = {}
        self.keys: dict[str, Key | None] = {}
        self.own: dict[Key, list[str]] = {}  # names by what the arrays hold, by their transposes, and 1 minus them
        self.turned: dict[Key, list[str]] = {}
        self.others: dict[Key, list[Any]] = {}
        for name, arrays in known.items():
            for a in arrays if name.isidentifier() else ():
                if (key := key_of(a)) is not None:
                    listed = self.own.setdefault(key, [])
                    listed += [name] * (name not in listed)
                    if a.ndim == 2:
                        self.turned.setdefault(key_of(a.T), []).append(name)  # type: ignore[arg-type]
                    if a.dtype.kind == "f":
                        self.others.setdefault(key_of(1 - a), []).append(a)  # type: ignore[arg-type]
        self.said: dict[int, tuple[Any, str]] = {}  # by number of an array, it and what it is called

    def code(self, tensor: Tensor) -> str:
        """The tensor as a formula of those that have names: one step at least, so that none is its own name."""
        written: dict[Tensor, str] = {}
        if self.length(tensor) > MOST:
            return ""
        waiting = [tensor]
        while waiting:  # no recursion: a chain may be long
            t = waiting[-1]
            missing = [p for p in t.parents if p not in self.names and p not in written]
            if missing and t.function is not None:
                waiting += missing
                continue
            written[t] = self.call(t, written)
            waiting.pop()
        return ast.unparse(ast.parse(written[tensor], mode="eval"))

    def length(self, tensor: Tensor) -> int:
        """How many functions the formula of a tensor has, those that come twice counted twice."""
        found: dict[Tensor, int] = {}
        waiting = [tensor]
        while waiting:
            t = waiting[-1]
            own = [p for p in t.parents if p not in self.names]
            missing = [p for p in own if p not in found]
            if missing:
                waiting += missing
                continue
            found[t] = min(1 + sum(found[p] for p in own), MOST + 1)
            waiting.pop()
        return found[tensor]

    def call(self, tensor: Tensor, written: dict[Tensor, str]) -> str:
        function = tensor.function
        if function is None:
            return self.constant(tensor.recorded)
        parts = [self.names.get(a) or written[a] if type(a) is Tensor else a for a in tensor.arguments]
        if function is operator.getitem and type(parts[1]) is not str:
            parts[1] = 0  # written below
        factor = function in (np.multiply, np.divide)
        plain = [
            p if type(a) is Tensor else self.argument(a, factor) for a, p in zip(tensor.arguments, parts, strict=True)
        ]
        if function in OPERATORS and not tensor.keywords:
            return OPERATORS[function].format(*plain)
        if function is np.dot:
            scalar = any(np.ndim(a.recorded if type(a) is Tensor else a) == 0 for a in tensor.arguments)
            return f"({plain[0]} {'*' if scalar else '@'} {plain[1]})"
        if turns(tensor):
            return f"{plain[0]}.T" if plain[0].isidentifier() else f"({plain[0]}).T"
        if function is derivatives.cast:
            return plain[0]
        if function is operator.getitem:
            return f"{plain[0]}[{self.index(tensor.arguments[1])}]"
        given = {k: self.argument(v) if type(v) is Setting else repr(v) for k, v in tensor.keywords.items()}
        keywords = [f"{name}={code}" for name, code in given.items() if code != "None"]
        name = full_name(function)
        name = name if name.startswith("np.") else self.function(function, name.rpartition(".")[2])
        return f"{name}({', '.join([*plain, *keywords])})"

    def function(self, function: Any, name: str) -> str:
        """A function by its name, with a mark where that is another's."""
        name = name if name.isidentifier() else "function"
        while name in self.taken or self.constants.get(name, function) is not function:
            name += "_"
        self.constants[name] = function
        return name

    def argument(self, value: Any, factor: bool = False) -> str:
        if type(value) is Setting:
            if callable(value.value):
                return self.function(value.value, getattr(value.value, "__name__", ""))
            plain = isinstance(value.value, tuple | list | slice | bytes) and not holds_arrays(value.value)
            return repr(value) if plain else self.constant(value.value)
        if isinstance(value, np.ndarray) and value.ndim:
            return self.constant(value)
        if isinstance(value, int | float | np.number | np.ndarray) and not isinstance(value, bool):
            return self.number(float(value), factor)
        if isinstance(value, tuple | list | slice) or callable(value):
            return self.constant(value) if holds_arrays(value) or callable(value) else repr(value)
        return repr(value)

    def index(self, value: Any) -> str:
        """What stands in brackets: 1:3 for slice(1, 3)."""
        if isinstance(value, tuple) and not holds_arrays(value):
            return ", ".join(map(self.index, value)) or "()"
        if isinstance(value, slice):
            parts = ["" if part is None else repr(part) for part in (value.start, value.stop)]
            return ":".join(parts) + (f":{value.step}" if value.step is not None else "")
        return (
            "..."
            if value is ...
            else self.argument(value)
            if isinstance(value, np.ndarray | tuple | list)
            else repr(value)
        )

    def number(self, value: float, factor: bool = False) -> str:
        """A number, said with m where it is one over the number of examples or it itself."""
        if not np.isfinite(value):
            return "np.nan" if np.isnan(value) else "np.inf" if value > 0 else "(-np.inf)"
        if self.m and self.m > 2 and factor and abs(value) in (self.m, 1 / self.m):  # a 2 is mostly that of a square
            said = "m" if abs(value) == self.m else "(1 / m)"
            return said if value > 0 else f"(-{said})"
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)

    def constant(self, value: Any) -> str:
        """A constant by the name that the code has for it, else by one of ours."""
        if id(value) not in self.said:
            self.said[id(value)] = value, self.named(value)
        return self.said[id(value)][1]

    def named(self, value: Any) -> str:
        """By a variable that holds the same; masks are not mixed with numbers, nor two masks with each other."""
        key = key_of(value)
        mask = isinstance(value, np.ndarray) and value.dtype.kind == "b"
        for name, held in self.constants.items():
            if held is value or (key is not None and not mask and self.keys.get(name) == key):
                return name
        taken = self.taken | self.constants.keys()
        alike = self.own.get(key, []) if key is not None else []
        free = [n for n in alike if n not in taken]
        if key is None or mask:
            return self.new(value, free)
        if value.ndim == 2 and not alike:  # the transpose of a constant that has a name
            for n in self.turned.get(key, []) + [n for n, k in self.keys.items() if k == key_of(value.T)]:
                if n not in taken or self.keys.get(n) == key_of(value.T):
                    self.keep(n, value.T)
                    return f"{n}.T"
        if not free and (part := self.complement(value, key)):
            return part
        return self.new(value, free)

    def new(self, value: Any, free: list[str]) -> str:
        taken = self.taken | self.constants.keys()
        name = min(free, key=len) if free else next(f"c{i}" for i in range(1, 10**6) if f"c{i}" not in taken)
        self.keep(name, value)
        return name

    def keep(self, name: str, value: Any) -> None:
        self.constants[name], self.keys[name] = value, key_of(value)

    def complement(self, value: Any, key: Key) -> str:
        """1 - Y, where that is what a constant table is."""
        if value.size < 2 or value.dtype.kind != "f":
            return ""
        for held in [*self.constants.values(), *self.others.get(key, [])]:
            if isinstance(held, np.ndarray) and held.dtype.kind == "f" and same(1 - held, value):
                return f"(1 - {self.constant(held)})"
        return ""


def key_of(value: Any) -> Key | None:
    """What two arrays of the same numbers have in common, whatever their types; but a mask is no table of numbers."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
        return None
    return value.shape, value.dtype.kind == "b", (value.astype(np.float64) + 0.0).tobytes()


def same(a: Any, b: Any) -> bool:
    return isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape and bool(np.all(a == b))


def holds_arrays(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(holds_arrays, value))
    return isinstance(value, np.ndarray)


def turns(tensor: Tensor) -> bool:
    """Whether this is the transpose of a table."""
    if tensor.ndim != 2:
        return False
    if tensor.function is np.transpose:
        rest = (*tensor.arguments[1:], *tensor.keywords.values())
        return all(axes is None or tuple(axes) == (1, 0) for axes in rest)
    axes = {*tensor.arguments[1:], *tensor.keywords.values()} if tensor.function is np.swapaxes else set()
    return tensor.function is np.swapaxes and axes in ({0, 1}, {-1, -2}, {-1, 0}, {1, -2})
