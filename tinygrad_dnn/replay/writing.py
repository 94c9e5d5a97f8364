"""The calls as Python text, a line each, and for each result a buffer that is made once.

A buffer is taken over from an array that nobody reads any more, where one has the same layout; an elementwise function
writes over its own operand. What is handed out gets memory of its own, new in each run.

Every number is that of the recorded run to the last bit, with one exception: a short sum along a matrix is its product
with ones, which takes a third of the time and may differ in the last places, unless a condition or a comparison hangs
on it. np.matmul of two matrices is called as ndarray.dot, the same product with less ado.
"""

import operator
import re
from collections import Counter
from math import isfinite
from typing import Any

import numpy as np

from ..engine.derivatives import VIEWS, assign, cast, join, scatter_add
from .nodes import Node, holds
from .simplifying import decisive, inputs_of, kind_of, value_of

OUTSIDE = -1  # the owner of what is not ours: inputs and constants
SHORT = 1024  # numbers that are added up: of so many a product with ones errs by a few units in the last place
REDUCTIONS: dict[Any, Any] = {np.sum: np.add, np.max: np.maximum, np.min: np.minimum, np.prod: np.multiply}
EXTREMES = (np.maximum, np.minimum)  # which take out= by keyword only
OPERATORS: dict[Any, str] = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"}
NEW = {scatter_add, assign, cast, join, np.where, np.concatenate, np.dot, np.matmul}  # what never gives a view


class Writer:
    """Writes the calls as text, and gives each result its buffer.

    names    how the text calls a node or a constant
    held     by name, the values that the text needs: functions, constants and buffers
    owners   for each node whose memory it may share: the number of a buffer, a node that NumPy made anew, or OUTSIDE
    """

    def __init__(self, calls: list[Node], results: list[Any]) -> None:
        self.lines: list[str] = []
        self.held: dict[str, Any] = {}
        self.names: dict[Any, str] = {}
        self.constants: dict[int, str] = {}
        self.owners: dict[Node, set[Any]] = {}
        self.buffers: list[np.ndarray[Any, Any]] = []
        self.free: dict[Any, list[int]] = {}
        self.sharing: Counter[Any] = Counter()  # how many living nodes may share memory with a buffer
        self.lasting: dict[Node, Any] = {}  # the nodes that are the same array in every run, a buffer or a view of one
        self.results = {r for r in results if type(r) is Node}
        self.last = self.last_uses(calls)
        self.exact = decisive(calls)
        self.count = 0

    def input(self, node: Node, name: str) -> None:
        self.names[node], self.owners[node] = name, {OUTSIDE}

    def result(self, value: Any, taken: set[Any]) -> str:
        """How a result is handed out: as it is if its memory is new and no other result has it, or as a copy."""
        text = self.name(value)
        array = value_of(value)
        if isinstance(array, np.ndarray):
            owners: set[Any] = self.owners[value] if type(value) is Node else {OUTSIDE}
            if not array.flags.writeable or any(type(owner) is int for owner in owners) or owners & taken:
                return f"{self.function(np.array)}({text})"
            taken |= owners
        return text

    def last_uses(self, calls: list[Node]) -> dict[Node, int]:
        found = {a: i for i, node in enumerate(calls) for a in inputs_of(node)}
        return found | dict.fromkeys(self.results, len(calls))

    # Names

    def name(self, value: Any) -> str:
        """How the text calls an argument."""
        if type(value) is Node:
            return self.names[value]
        if type(value) in (tuple, list):
            inner = ", ".join(map(self.name, value))
            return f"[{inner}]" if type(value) is list else f"({inner},)" if value else "()"
        if type(value) is slice and any(type(v) is Node for v in (value.start, value.stop, value.step)):
            return f"slice({self.name(value.start)}, {self.name(value.stop)}, {self.name(value.step)})"
        if type(value) in (int, bool, type(None)) or (type(value) is float and isfinite(value)):
            return repr(value)
        return self.constant(value, "c")

    def constant(self, value: Any, stem: str) -> str:
        if id(value) not in self.constants:
            self.constants[id(value)] = name = f"{stem}{len(self.held)}"
            self.held[name] = value
        return self.constants[id(value)]

    def function(self, function: Any) -> str:
        name = re.sub(r"\W", "", getattr(function, "__name__", "")) or "f"
        if isinstance(getattr(function, "__self__", None), np.ufunc):
            name = f"{function.__self__.__name__}_{name}"
        while self.held.setdefault(name, function) != function:
            name += "_"
        return name

    # Buffers

    def buffer(self, node: Node, dying: list[Node]) -> str:
        """The name of an array to write into: one of its shape and type that nobody reads any more, or a new one.

        dying: the operands that are read for the last time here; an entry is written after it was read.
        """
        key = layout(node.value)
        self.release(dying)
        free = self.free.get(key)
        if free:
            i = free.pop()
        else:
            i = len(self.buffers)
            self.buffers.append(np.empty_like(node.value))
        self.own(node, {i})
        self.lasting[node] = self.buffers[i]
        return self.constant(self.buffers[i], "b")

    def own(self, node: Node, buffers: set[Any]) -> None:
        self.owners[node] = buffers
        self.sharing.update(buffers)

    def release(self, nodes: list[Node]) -> None:
        """Give back the buffers of these nodes that no other living node shares."""
        for node in nodes:
            for i in self.owners.pop(node, set()):
                if type(i) is not int or i == OUTSIDE:
                    continue
                self.sharing[i] -= 1
                if not self.sharing[i]:
                    self.free.setdefault(layout(self.buffers[i]), []).append(i)

    # Calls

    def write(self, i: int, node: Node) -> None:
        dying = [a for a in dict.fromkeys(inputs_of(node)) if self.last[a] == i]
        if node.function is holds:
            condition, outcome = node.arguments
            self.lines.append(f"if {'not ' if outcome else ''}{self.name(condition)}: return again")
            self.release(dying)
            return
        written = self.into_buffer(node, dying) if self.may_own(node) else None
        if written is None:
            self.fresh(node)
            self.release([a for a in dying if a in self.owners])

    def may_own(self, node: Node) -> bool:
        """Whether the result is an array that can be written to a buffer: what is handed out gets memory of its own."""
        return isinstance(node.value, np.ndarray) and node.value.ndim > 0 and node not in self.results

    def into_buffer(self, node: Node, dying: list[Node]) -> str | None:
        """Write a call that takes out=, or return None."""
        if self.written(node, "") is None:
            return None
        entrywise = isinstance(node.function, np.ufunc) and node.function.signature is None
        name = self.buffer(node, [a for a in dying if entrywise and self.is_buffer(a)])
        self.lines.append(str(self.written(node, name)))
        self.release(dying)
        self.names[node] = name
        return name

    def written(self, node: Node, out: str) -> str | None:
        """The text of a call that can be told where to write, or None. out: the array, or "" for a new one."""
        factors, end = self.as_product(node), f", {out}" if out else ""
        if factors:
            return f"{factors[0]}.dot({factors[1]}{end})"
        if is_reduction(node):
            array, axis, keepdims = reduction(node)
            reduced = self.function(REDUCTIONS[node.function].reduce)
            return f"{reduced}({self.name(array)}, {self.name(axis)}, None, {out or None}, {keepdims})"
        if isinstance(node.function, np.ufunc) and node.function.nout == 1 and not node.keywords:
            end = end.replace(" ", " out=") if node.function in EXTREMES else end
            return f"{self.function(node.function)}({', '.join(map(self.name, node.arguments))}{end})"
        return None

    def as_product(self, node: Node) -> tuple[str, str] | None:
        """The factors of a matrix product, and of a short sum along the rows or columns of a matrix, or of all."""
        if is_product(node):
            return self.name(node.arguments[0]), self.name(node.arguments[1])
        if node.function is not np.sum or not is_reduction(node) or node in self.exact:
            return None
        array, axis, keepdims = reduction(node)
        x = value_of(array)
        if type(array) is not Node or x.ndim != 2 or x.dtype not in (np.float64, np.float32) or x.size == 0:
            return None
        if axis is None and not keepdims and array in self.lasting and x.flags.c_contiguous and x.size <= SHORT:
            return self.constant(self.lasting[array].reshape(-1), "b"), self.ones((x.size,), x.dtype)
        axis = axis[0] if type(axis) is tuple and len(axis) == 1 else axis
        if type(axis) is not int or x.shape[axis] > SHORT:
            return None
        n = x.shape[axis]
        if axis % 2:
            return self.name(array), self.ones((n, 1) if keepdims else (n,), x.dtype)
        return self.ones((1, n) if keepdims else (n,), x.dtype), self.name(array)

    def ones(self, shape: tuple[int, ...], dtype: Any) -> str:
        if (shape, dtype) not in self.names:
            self.names[shape, dtype] = self.constant(np.ones(shape, dtype), "ones")
        return self.names[shape, dtype]

    def is_buffer(self, node: Node) -> bool:
        """Whether a node is a whole buffer, which may be written over entry by entry, and no view of one."""
        return any(self.lasting.get(node) is buffer for buffer in self.owned(node))

    def owned(self, node: Node) -> list[Any]:
        return [self.buffers[i] for i in self.owners[node] if type(i) is int and i != OUTSIDE]

    def fresh(self, node: Node) -> None:
        """Write a call whose result NumPy allocates, or that is a view of its argument."""
        lasting = self.view_of_lasting(node)
        new = isinstance(node.function, np.ufunc) or node.function in NEW or is_reduction(node)
        self.own(node, {node} if new else {i for a in inputs_of(node) for i in self.owners[a]})
        if lasting is not None:
            self.lasting[node], self.names[node] = lasting, self.constant(lasting, "b")
            return
        self.count += 1
        self.names[node] = f"v{self.count}"
        self.lines.append(f"{self.names[node]} = {self.text(node)}")

    def view_of_lasting(self, node: Node) -> Any:
        """The view that a call gives of an array that stays where it is, or None."""
        first = node.arguments[0] if node.arguments else None
        if type(first) is not Node or first not in self.lasting or len(list(inputs_of(node))) != 1:
            return None
        if node.function not in VIEWS | {operator.getitem} or node in self.results:
            return None
        base = self.lasting[first]
        view = node.function(base, *node.arguments[1:], **node.keywords)
        shares = isinstance(view, np.ndarray) and view.size > 0 and np.shares_memory(view, base)
        return view if shares and kind_of(view) == kind_of(node.value) else None

    def text(self, node: Node) -> str:
        function, arguments = node.function, [self.name(a) for a in node.arguments]
        simple = not node.keywords
        if simple and function in OPERATORS and of_numbers(node):
            return f"{arguments[0]} {OPERATORS[function]} {arguments[1]}"
        if simple and function is np.negative and isinstance(value_of(node.arguments[0]), np.generic):
            return f"-{arguments[0]}"
        if (written := self.written(node, "")) is not None:
            return written
        if function is operator.getitem:
            return f"{arguments[0]}[{arguments[1]}]"
        if arguments and isinstance(value_of(node.arguments[0]), np.ndarray):
            if simple and is_transpose(node):
                return f"{arguments[0]}.T"
            if function in (np.reshape, np.expand_dims, np.squeeze) and simple and len(arguments) <= 2:
                return f"{arguments[0]}.reshape({self.name(node.value.shape)})"
        named = [f"{name}={self.name(value)}" for name, value in node.keywords.items()]
        return f"{self.function(function)}({', '.join([*arguments, *named])})"


def of_numbers(node: Node) -> bool:
    """Whether a call is on NumPy's numbers, whose operators are faster than its functions."""
    values = [value_of(a) for a in node.arguments]
    plainly = all(type(v) in (int, float) or isinstance(v, np.generic) for v in values)
    return plainly and any(isinstance(v, np.generic) for v in values)


def layout(array: Any) -> Any:
    """What buffers that can stand for each other have in common; in another order of memory sums differ."""
    return array.dtype, array.shape, np.empty_like(array).strides


def is_transpose(node: Node) -> bool:
    """Whether a call reverses the axes of a matrix."""
    if node.function not in (np.swapaxes, np.transpose) or node.value.ndim != 2:
        return False
    axes = node.arguments[1:]
    return sorted(i % 2 for i in axes) == [0, 1] if node.function is np.swapaxes else not axes


def is_product(node: Node) -> bool:
    """Whether a call is the product of two matrices of one floating type."""
    a, b = (value_of(x) for x in (*node.arguments, None, None)[:2])
    if node.function not in (np.matmul, np.dot) or not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return False
    alike = a.ndim == b.ndim == 2 and a.dtype == b.dtype and a.dtype.kind == "f" and not node.keywords
    return alike and bool(node.value.flags.c_contiguous)


def is_reduction(node: Node) -> bool:
    """Whether a call reduces one array, and says nothing but the axes."""
    known = node.keywords.keys() <= {"axis", "keepdims"} and 1 <= len(node.arguments) <= 2
    return known and node.function in REDUCTIONS and isinstance(value_of(node.arguments[0]), np.ndarray)


def reduction(node: Node) -> tuple[Any, Any, bool]:
    """What is reduced, along which axes, and whether they are kept."""
    axis = node.arguments[1] if len(node.arguments) > 1 else node.keywords.get("axis")
    return node.arguments[0], axis, bool(node.keywords.get("keepdims", False))
