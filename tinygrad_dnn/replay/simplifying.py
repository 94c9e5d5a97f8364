"""The list made shorter at the same numbers, to the last bit.

What only copies is left out, what was computed before is taken from there, minus signs are carried into products and
sums, what was broadcast is left as it was where NumPy broadcasts it anyway, and what nothing asks for is dropped.
"""

import contextlib
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..engine.derivatives import (
    assign,
    cast,
    eigenvalues,
    eigenvectors,
    left_vectors,
    log_abs_det,
    right_vectors,
    scatter_add,
    singular_values,
)
from .nodes import Node, copied, holds, mapped, parts

SMALL = 1024  # entries: constants up to here are spread out to the shape they meet, as NumPy adds equal shapes fastest
COPYING = {copied, np.copy, np.positive, cast, np.broadcast_to, np.reshape}


def kind_of(value: Any) -> Any:
    return type(value), *(getattr(value, name, None) for name in ("dtype", "shape", "strides"))


def same_array(a: Any, b: Any) -> bool:
    return kind_of(a) == kind_of(b) and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))


def simplified(calls: list[Node]) -> tuple[list[Node], dict[Node, Any]]:
    """The calls that compute something new, and what stands for each of the others."""
    instead: dict[Node, Any] = {}
    seen: dict[Any, Node] = {}
    kept = []
    for node in calls:
        node.arguments = mapped(lambda a: instead.get(a, a) if type(a) is Node else a, node.arguments)
        node.keywords = mapped(lambda a: instead.get(a, a) if type(a) is Node else a, node.keywords)
        first = node.arguments[0] if node.arguments else None
        if node.function in COPYING and type(first) is Node and kind_of(first.value) == kind_of(node.value):
            instead[node] = first
            continue
        with contextlib.suppress(Exception), np.errstate(all="ignore"):  # what cannot be spread stays as it is
            spread_out(node)
        key = (node.function, key_of(node.arguments), key_of(node.keywords))
        if seen.setdefault(key, node) is not node:
            instead[node] = seen[key]
        else:
            kept.append(node)
    return kept, instead


def with_signs(calls: list[Node]) -> list[Node]:
    """The calls with minus signs carried on through products and into sums, where they cost nothing.

    Exact to the last bit: -a * b is -(a * b), and a + -b is a - b, also where they are zero.
    """
    bare: dict[Node, Node] = {}  # of what was negated
    kept = []
    for node in calls:
        f, arguments = node.function, node.arguments
        plainly = isinstance(node.value, np.ndarray) and not node.keywords and node.value.dtype.kind == "f"
        negated = [type(a) is Node and a in bare for a in arguments] if plainly else []
        if plainly and f is np.negative and type(arguments[0]) is Node:
            inner = arguments[0]
            if negated[0]:
                kept.append(alias(node, bare[inner]))
            else:
                bare[node] = inner
                kept.append(node)
        elif f in (np.multiply, np.divide) and any(negated):
            moved = Node(f, tuple(bare.get(a, a) if type(a) is Node else a for a in arguments), {}, node.value)
            kept.append(moved)
            if sum(negated) == 1:
                bare[node] = moved
                node.function, node.arguments = np.negative, (moved,)
                moved.value = -node.value
                kept.append(node)
            else:
                kept.append(alias(node, moved))
        elif f is np.add and sum(negated) == 1:
            a, b = reversed(arguments) if negated[0] else arguments
            node.function, node.arguments = np.subtract, (a, bare[b])
            kept.append(node)
        elif f is np.subtract and negated[1:] == [True] and not negated[0]:
            node.function, node.arguments = np.add, (arguments[0], bare[arguments[1]])
            kept.append(node)
        else:
            kept.append(node)
    return kept


def alias(node: Node, other: Node) -> Node:
    node.function, node.arguments, node.keywords = np.positive, (other,), {}
    return node


def key_of(value: Any) -> Any:
    """What is equal for arguments that mean the same."""
    if type(value) in (tuple, list):
        return type(value), *map(key_of, value)
    if type(value) is dict:
        return tuple((name, key_of(v)) for name, v in sorted(value.items()))
    if type(value) is slice:
        return slice, key_of(value.start), key_of(value.stop), key_of(value.step)
    if type(value) is np.ndarray:
        same = value.tobytes() if value.size <= SMALL and value.dtype.kind in "fiub" else id(value)
        return np.ndarray, value.dtype, value.shape, same
    return (Node, id(value)) if type(value) is Node else (type(value), repr(value))


def spread_out(node: Node) -> None:
    """Of a ufunc's operands, take what was broadcast as it was before, and small constants in the shape they meet."""
    if not isinstance(node.function, np.ufunc) or node.keywords or not isinstance(node.value, np.ndarray):
        return
    if node.function.signature is not None or node.function in (np.power, np.float_power):
        return  # the operands of np.matmul are no entries that broadcast; a power may depend on who asks
    operands = list(node.arguments)
    for i, a in enumerate(operands):
        others = [np.shape(value_of(b)) for j, b in enumerate(operands) if j != i]
        if type(a) is Node and a.function is np.broadcast_to and type(a.arguments[0]) is Node:
            before = a.arguments[0]
            if isinstance(before.value, np.ndarray) and meet(others, before.value.shape) == node.value.shape:
                operands[i] = before
        elif type(a) is not Node and 0 < node.value.size <= SMALL and others:
            spread = spread_constant(a, [value_of(b) for j, b in enumerate(operands) if j != i], node.value.shape)
            again = node.function(*(spread if j == i else value_of(b) for j, b in enumerate(operands)))
            if same_array(again, node.value):
                operands[i] = spread
    node.arguments = tuple(operands)


def meet(shapes: list[tuple[int, ...]], shape: tuple[int, ...]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*shapes, shape)
    except ValueError:
        return (-1,)


def spread_constant(a: Any, others: list[Any], shape: tuple[int, ...]) -> Any:
    """The constant in this shape; a number of Python's in the precision of what it meets."""
    dtype = np.result_type(a, *others) if type(a) in (int, float) else np.asarray(a).dtype
    spread = np.ascontiguousarray(np.broadcast_to(np.asarray(a, dtype), shape))
    spread.flags.writeable = False
    return spread


def value_of(a: Any) -> Any:
    return a.value if type(a) is Node else a


def needed(calls: list[Node], asked: list[Any]) -> list[Node]:
    """The calls that what is asked for depends on, and the conditions."""
    wanted = {a for a in asked if type(a) is Node}
    found = []
    for node in reversed(calls):
        if node in wanted or node.function is holds or may_raise(node):
            found.append(node)
            wanted |= set(inputs_of(node))
    return found[::-1]


SOLVING = {eigenvalues, eigenvectors, left_vectors, singular_values, right_vectors, log_abs_det}
INDEXING = {operator.getitem, scatter_add, assign, np.take, np.take_along_axis}


def may_raise(node: Node) -> bool:
    """Whether a call may raise an error for other numbers, which somebody may wait for."""
    if node.function in SOLVING or getattr(node.function, "__module__", "") == "numpy.linalg":
        return True
    return node.function in INDEXING and any(type(a) is Node for a in parts(node.arguments[1:]))


JUMPING = {np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round, np.around, np.fix, np.floor_divide, np.remainder,
           np.fmod, np.heaviside}  # fmt: skip


def decisive(calls: list[Node]) -> set[Node]:
    """The calls that a condition, a comparison or another jump hangs on: these have to give every bit."""
    found: set[Node] = set()
    for node in reversed(calls):
        whole = isinstance(node.value, np.ndarray | np.generic) and node.value.dtype.kind in "biu"
        if node in found or whole or node.function is holds or node.function in JUMPING:
            found |= set(inputs_of(node))
    return found


def inputs_of(node: Node) -> Iterator[Node]:
    return (a for a in parts((node.arguments, node.keywords)) if type(a) is Node)
