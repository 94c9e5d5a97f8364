"""Tensor: an array and how it was made. NumPy's functions record themselves on it; backward derives the gradients.

A Tensor is something one wants a gradient for, a plain array is a constant. Nothing that was recorded can change:
data is read-only, and constants are copied. An assignment, t[i] = v or t += v, makes a new version of t; what read t
before goes on meaning the version it read, as the numbers tell, and a view of what has changed since is refused.
What would take a value out of the recording unseen raises an error that says what to write instead.
"""

import itertools
import operator
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from .compositions import COMPOSED, COMPOSED_VIEWS, IN_PLACE, SAME_AS_NUMPY
from .constants import UNCHANGING, as_data, as_floats, freeze, read_only
from .derivatives import (
    CONSTANT_FIRST,
    DERIVATIVES,
    PIECEWISE_CONSTANT,
    VIEWS,
    agrees,
    assign,
    cast,
    may_repeat,
    records,
    scatter_add,
)
from .signatures import IN_PRECISION, KNOWN, OF_PRECISION, OPERANDS, by_position, check_parameters, full_name, learn
from .walk import backpropagate, graph, state

_numbers = itertools.count()


class _Changes:
    """Whether any tensor was ever changed: as long as none was, nobody has to look for versions."""

    any = False


class Leaving(threading.local):
    """The tensors whose numbers were taken, where somebody watches; else it is refused before backward."""

    seen: list["Tensor"] | None = None


_changes, leaving = _Changes(), Leaving()


class Tensor:
    """A floating-point array that remembers the NumPy function and the arguments it was computed with.

    data      what was computed, read-only
    grad      None, or d(output)/d(this) after output.backward(): an array of the same shape and precision, read-only
    name      what to call it in reports and pictures
    function, arguments, keywords
              how it was made; function is None for a tensor that was given, not computed
    number    its place in the order of recording: a tensor's arguments have smaller numbers than itself
    base      the tensor that this one would be a view of in NumPy, or None

    Tensor(data, name) copies data. Integers and booleans become float64; complex numbers, strings and objects raise a
    TypeError. A tensor cannot be changed: an update is a new one, W = Tensor(W.data - learning_rate * W.grad).
    """

    __slots__ = (
        "__weakref__", "_arguments", "_data", "_versions", "base", "function", "grad", "keywords", "name", "number",
    )  # fmt: skip

    records = True  # unlike an array

    _data: Any
    _arguments: tuple[Any, ...]
    _versions: list["Tensor"] | None
    base: "Tensor | None"
    grad: Any
    name: str | None
    function: Callable[..., Any] | None
    keywords: dict[str, Any]
    number: int

    def __init__(self, data: Any, name: str | None = None) -> None:
        if isinstance(data, Tensor):
            raise TypeError("Tensor: the data is a Tensor already; use it as it is, or its .data for a constant")
        _fill(self, read_only(as_floats(data)), name, None, (), {})

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Tensor cannot be subclassed: the recorder knows exactly one kind of tensor")

    @property
    def data(self) -> Any:
        if _changes.any:
            self._check_base()
        return self._data

    @data.setter
    def data(self, value: Any) -> NoReturn:
        raise TypeError(UPDATE.format(self.name or "W"))

    @property
    def recorded(self) -> Any:
        """The value of the moment it was recorded, also of a view that was left behind: for readers of the graph."""
        return self._data

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What it was computed from: constants, and tensors in the version of that moment."""
        if not _changes.any:
            return self._arguments
        return tuple(a._version_at(self.number) if type(a) is Tensor else a for a in self._arguments)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self._data.shape)

    @property
    def ndim(self) -> int:
        return int(self._data.ndim)

    @property
    def size(self) -> int:
        return int(self._data.size)

    @property
    def dtype(self) -> Any:
        return self._data.dtype

    @property
    def T(self) -> "Tensor":
        return record(np.transpose, (self,))

    @property
    def parents(self) -> tuple["Tensor", ...]:
        """The tensors among the arguments, one per operand: x * x has x twice."""
        return tuple(a for a in self.arguments if type(a) is Tensor)

    @property
    def operation(self) -> str | None:
        """The function it was computed with as a user writes it, np.dot or indexing; None for a given tensor."""
        return full_name(self.function) if self.function else None

    def backward(self, gradient: Any = None) -> None:
        """Set .grad on every tensor this one was computed from, and on itself: d(sum of gradient * self)/d(tensor).

        gradient: an array of this tensor's shape; may be left out when there is a single entry, and is 1 then.
        The gradients are fresh: nothing to zero before, and a second call gives the same answer.
        """
        gradients = backpropagate(self, start(self, gradient))
        for tensor in graph(self):
            tensor.grad = read_only(gradients[tensor] if tensor in gradients else np.zeros_like(tensor._data))

    # NumPy's protocols: this is where plain NumPy code records itself

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method != "__call__":
            return ufunc_method(ufunc, method, inputs, keywords)
        if "out" in keywords:
            raise TypeError(f"{full_name(ufunc)}: out= cannot be recorded; write x = x + t for x += t")
        return call(ufunc, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return call(function, arguments, keywords)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError(
            f"{describe(self)} would be turned into a plain array here and its gradient be lost. "
            + instead(sys._getframe(1))
        )

    # Operators

    def __add__(self, other: Any) -> "Tensor":
        return record(np.add, (self, other))

    def __radd__(self, other: Any) -> "Tensor":
        return record(np.add, (other, self))

    def __sub__(self, other: Any) -> "Tensor":
        return record(np.subtract, (self, other))

    def __rsub__(self, other: Any) -> "Tensor":
        return record(np.subtract, (other, self))

    def __mul__(self, other: Any) -> "Tensor":
        return record(np.multiply, (self, other))

    def __rmul__(self, other: Any) -> "Tensor":
        return record(np.multiply, (other, self))

    def __truediv__(self, other: Any) -> "Tensor":
        return record(np.divide, (self, other))

    def __rtruediv__(self, other: Any) -> "Tensor":
        return record(np.divide, (other, self))

    def __matmul__(self, other: Any) -> "Tensor":
        return record(np.matmul, (self, other))

    def __rmatmul__(self, other: Any) -> "Tensor":
        return record(np.matmul, (other, self))

    def __pow__(self, other: Any) -> "Tensor":
        short = POWERS.get(other) if type(other) in (int, float) else None
        return record(short, (self,)) if short else record(np.power, (self, other))

    def __rpow__(self, other: Any) -> "Tensor":
        return record(np.power, (other, self))

    def __mod__(self, other: Any) -> Any:
        return call(np.remainder, (self, other), {})

    def __floordiv__(self, other: Any) -> Any:
        return call(np.floor_divide, (self, other), {})

    def __rmod__(self, other: Any) -> Any:
        return call(np.remainder, (other, self), {})

    def __rfloordiv__(self, other: Any) -> Any:
        return call(np.floor_divide, (other, self), {})

    def __divmod__(self, other: Any) -> Any:
        return call(np.divmod, (self, other), {})

    def __rdivmod__(self, other: Any) -> Any:
        return call(np.divmod, (other, self), {})

    def __round__(self, ndigits: int = 0) -> Any:
        return call(np.round, (self, ndigits), {})

    def __neg__(self) -> "Tensor":
        return record(np.negative, (self,))

    def __pos__(self) -> "Tensor":
        return record(np.positive, (self,))

    def __abs__(self) -> "Tensor":
        return record(np.absolute, (self,))

    def __lt__(self, other: Any) -> Any:
        return call(np.less, (self, other), {})

    def __le__(self, other: Any) -> Any:
        return call(np.less_equal, (self, other), {})

    def __gt__(self, other: Any) -> Any:
        return call(np.greater, (self, other), {})

    def __ge__(self, other: Any) -> Any:
        return call(np.greater_equal, (self, other), {})

    def __eq__(self, other: Any) -> Any:
        return call(np.equal, (self, other), {})

    def __ne__(self, other: Any) -> Any:
        return call(np.not_equal, (self, other), {})

    __hash__ = object.__hash__

    # Assignment

    def _version_at(self, number: int) -> "Tensor":
        """What this tensor was when the tensor of this number was recorded."""
        earlier = [t for t in self._versions or () if t.number < number]
        return self if self.number < number or not earlier else earlier[-1]

    def _check_base(self) -> None:
        """A view of a tensor that was changed after the view was made has another value in NumPy: it is refused."""
        base = None if state.records else self.base
        while base is not None:
            if base.number > self.number:
                raise TypeError(
                    f"{describe(self)} is a view of {describe(base)}, which was changed since: take the view anew, or "
                    "a copy before the change"
                )
            base = base.base

    def _change(self, function: Callable[..., Any], *arguments: Any) -> "Tensor":
        """Become the result of a function of what this tensor is now, as an array changes in place."""
        if self.base is not None:
            return self._change_base(function, *arguments)
        if self.function is None:
            raise TypeError(
                f"{describe(self)} is an input and cannot be changed: write t = t.copy() before; for a step of "
                "gradient descent, " + UPDATE.format(self.name or "W")
            )
        before = self._as_it_is()
        return self._become(before._changed(function, *arguments), before)

    def _change_base(self, function: Callable[..., Any], *arguments: Any) -> "Tensor":
        """A view that indexing gave is changed by changing what it is a view of, and taken anew."""
        if self.function is not operator.getitem or self.base is not self._arguments[0]:
            raise TypeError(
                f"{describe(self)} is a view of {describe(self.base)}, which would change with it: "  # type: ignore[arg-type]
                "write t = t.copy() before, or t = t + v for t += v"
            )
        self._check_base()
        base, index, before = self.base, self._arguments[1], self._as_it_is()
        base[index] = before._changed(function, *arguments)
        return self._become(base[index], before)

    def _as_it_is(self) -> "Tensor":
        """This version as a tensor of its own."""
        before = Tensor.__new__(Tensor)
        for slot in SLOTS:
            setattr(before, slot, getattr(self, slot))
        return before

    def _changed(self, function: Callable[..., Any], *arguments: Any) -> "Tensor":
        """A function of this version, in its shape and precision, as an array."""
        after = record(function, (self, *arguments))
        if after.shape != self.shape:
            raise ValueError(f"{describe(self)} cannot hold a result of shape {after.shape}")
        after = after if after.dtype == self.dtype else record(cast, (after, self.dtype))
        if isinstance(self._data, np.ndarray) and isinstance(after._data, np.generic):
            after._data = read_only(np.copy(after._data))
        return after

    def _become(self, after: "Tensor", before: "Tensor") -> "Tensor":
        name, versions = self.name, [*(self._versions or ()), before]
        for slot in SLOTS:
            setattr(self, slot, getattr(after, slot))
        self.name, self.grad, self._versions = name, None, versions
        _changes.any = True
        return self

    def _in_place(self, function: Callable[..., Any], other: Any) -> "Tensor":
        """t += v changes an array, and makes another number of a computed number."""
        return self._change(function, other) if isinstance(self._data, np.ndarray) else record(function, (self, other))

    def __iadd__(self, other: Any) -> "Tensor":
        return self._in_place(np.add, other)

    def __isub__(self, other: Any) -> "Tensor":
        return self._in_place(np.subtract, other)

    def __imul__(self, other: Any) -> "Tensor":
        return self._in_place(np.multiply, other)

    def __itruediv__(self, other: Any) -> "Tensor":
        return self._in_place(np.divide, other)

    def __ipow__(self, other: Any) -> "Tensor":
        return self._in_place(np.power, other)

    def __imod__(self, other: Any) -> "Tensor":
        return self._in_place(np.remainder, other)

    def __ifloordiv__(self, other: Any) -> NoReturn:
        raise TypeError(f"{describe(self)}: //= leaves no gradient; write t = t // v for the constant it gives")

    def __imatmul__(self, other: Any) -> "Tensor":
        return self._in_place(np.matmul, other)

    # Indexing and the methods of an ndarray

    def __getitem__(self, index: Any) -> "Tensor":
        return record(operator.getitem, (self, index))

    def __setitem__(self, index: Any, value: Any) -> None:
        self._change(assign, value, index)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator["Tensor"]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self.data == (value.data if type(value) is Tensor else value)))

    def reshape(self, *shape: Any, order: str = "C") -> "Tensor":
        if order != "C":
            raise TypeError(f"reshape: order={order!r} is not recorded; transpose before and after instead")
        return record(np.reshape, (self, shape[0] if len(shape) == 1 else shape))

    def transpose(self, *axes: Any) -> "Tensor":
        return record(np.transpose, (self, axes[0] if len(axes) == 1 else axes) if axes else (self,))

    def flatten(self, order: str = "C") -> "Tensor":
        flat = self.ravel(order)
        flat.base = None  # a copy
        return flat

    def ravel(self, order: str = "C") -> "Tensor":
        if order != "C":
            raise TypeError(f"ravel, flatten: order={order!r} is not recorded; transpose before and after instead")
        return record(np.ravel, (self,))

    def copy(self, order: str = "C") -> "Tensor":
        return record(np.copy, (self,))

    @property
    def real(self) -> "Tensor":
        return self

    @property
    def imag(self) -> Any:
        return np.zeros(self.shape, self.dtype)

    @property
    def mT(self) -> "Tensor":
        return record(np.swapaxes, (self, -1, -2))

    def conj(self) -> "Tensor":
        return self

    conjugate = conj

    def fill(self, value: Any) -> None:
        if np.ndim(value):
            raise ValueError(f"fill: an array of shape {np.shape(value)} came; expected is a number")
        self[...] = value

    def sort(self, axis: int = -1, kind: Any = None) -> None:
        self[...] = np.sort(self, operator.index(axis))

    def partition(self, kth: Any, axis: int = -1) -> None:
        self[...] = np.partition(self, kth, axis)

    def put(self, indices: Any, values: Any, mode: str = "raise") -> None:
        call(np.put, (self, indices, values, mode), {})

    def compress(self, condition: Any, axis: int | None = None) -> Any:
        return call(np.compress, (condition, self, axis), {})

    def astype(self, dtype: Any, *, copy: bool = True) -> "Tensor":
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"astype: {np.dtype(dtype)} holds no gradient; write t.data.astype(...) for a constant")
        return self if not copy and self.dtype == dtype else record(cast, (self, np.dtype(dtype)))

    def __getattr__(self, name: str) -> Any:
        """t.sum(axis=0) is np.sum(t, axis=0): a method of an ndarray is the NumPy function of its name."""
        function = getattr(np, name, None) if name[:1] != "_" and name not in OTHERWISE else None
        if not callable(function) or not callable(getattr(np.ndarray, name, None)):
            raise AttributeError(f"Tensor has no attribute {name!r}; t.data.{name} is that of the plain array")
        return lambda *arguments, **keywords: call(function, (self, *arguments), keywords)

    def __copy__(self) -> "Tensor":
        return record(np.positive, (self,))

    def __deepcopy__(self, memo: Any) -> "Tensor":
        return record(np.positive, (self,))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Tensor cannot be pickled without its graph; pickle t.data")

    # Ways out of the recording

    def __bool__(self) -> bool:
        return bool(self.data)

    def __float__(self) -> float:
        """The number, once backward has been through it; before that it would leave the recording unseen."""
        return float(self._number("float()"))

    def item(self, *place: Any) -> float:
        """The number as float(t) gives it; of several entries, the one at a place."""
        return float(self._number("item()").item(*place))

    def __int__(self) -> int:
        return int(self._number("int()"))

    def _number(self, way: str) -> Any:
        if self.grad is None and leaving.seen is not None:
            leaving.seen.append(self)
        elif self.grad is None:
            raise TypeError(
                f"{way} would take {describe(self)} out of the recording: leave it as it is in what is differentiated; "
                "for the number write float(t.data), or float(t) after backward()"
            )
        return self.data

    def __index__(self) -> NoReturn:
        raise TypeError(f"{describe(self)} cannot be an index: write int(t.data)")

    def __format__(self, specification: str) -> str:
        return str(format(self.data, specification)) if specification else str(self)

    def __repr__(self) -> str:
        made = f", by={self.operation}" if self.function else ""
        called = f", name={self.name!r}" if self.name else ""
        return f"Tensor({np.array2string(np.asarray(self.data), separator=', ', prefix='Tensor(')}{called}{made})"


SLOTS = ("_data", "_arguments", "_versions", "base", "function", "grad", "keywords", "name", "number")
UPDATE = "an update makes a new tensor: {0} = Tensor({0}.data - learning_rate * {0}.grad)"
OTHERWISE = {"resize"}  # a method that differs from the function of its name
POWERS = {2: np.square, 1: np.positive, -1: np.reciprocal, 0.5: np.sqrt}  # as ndarray's ** does


def _fill(tensor: Tensor, data: Any, name: Any, function: Any, arguments: Any, keywords: Any) -> Tensor:
    tensor._data, tensor.name, tensor.grad = data, name, None
    tensor.function, tensor._arguments, tensor.keywords = function, arguments, keywords
    tensor._versions, tensor.number = None, next(_numbers)
    is_view = function in VIEWS or (function is operator.getitem and is_basic(arguments[1]))
    tensor.base = arguments[0] if is_view and isinstance(data, np.ndarray) else None
    return tensor


def is_basic(index: Any) -> bool:
    """Whether indexing gives a view: by slices and numbers, and not by arrays or masks."""
    parts = index if isinstance(index, tuple) else (index,)
    return not may_repeat(index) and not any(isinstance(part, np.ndarray | np.bool_ | bool) for part in parts)


# What to write for a Python function that converts its arguments, where the protocols cannot see the call.
INSTEAD = {
    "full": "Write value * np.ones(shape) for np.full(shape, value)",
    "softmax": "Write e = np.exp(z - np.max(z, axis=0, keepdims=True)) and e / np.sum(e, axis=0, keepdims=True)",
    "log_softmax": "Write z - np.logaddexp.reduce(z, axis=0, keepdims=True)",
    "logsumexp": "Write np.logaddexp.reduce(z, axis=0), or axis=None for all entries",
}
USUALLY = (
    "Write np.dot(X, W) or X @ W for X.dot(W), t itself for np.array(t) and np.asarray(t), np.stack([t, u]) for "
    "np.array([t, u]), and z = Tensor(a).copy() before z[i] = t; or t.data where a constant is meant"
)


def instead(frame: FrameType | None) -> str:
    """The advice for whoever converts a tensor: that of the library's function it was given to, if there is one."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith(("numpy", "scipy")):
        if frame.f_code.co_name in INSTEAD:
            return INSTEAD[frame.f_code.co_name]
        frame = frame.f_back
    return USUALLY


def describe(tensor: Tensor) -> str:
    """How an error message calls a tensor."""
    made = f"the result of {tensor.operation}" if tensor.function else "a Tensor"
    return f"{tensor.name or made} of shape {tensor.shape}"


def call(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A NumPy function on tensors: recorded, composed of recorded ones, constant as its derivative is 0, or refused."""
    if function not in KNOWN:
        learn(function)
    if function in KNOWN and keywords:
        arguments, keywords = by_position(function, arguments, keywords)
        if "dtype" in keywords and "dtype" not in KNOWN[function].keywords:
            return call_in(keywords.pop("dtype"), function, arguments, keywords)
    if function in DERIVATIVES:
        if function in PARTLY and not has_derivative(function, arguments, keywords):
            return function(*plain(arguments), **keywords)
        return record(function, arguments, keywords)
    if function in COMPOSED:
        return compose(function, arguments, keywords)
    if function in PIECEWISE_CONSTANT:
        return function(*plain(arguments), **{name: plain(value) for name, value in keywords.items()})
    raise TypeError(
        f"{full_name(function)} is not recorded: it is not in the table of derivatives. Say it with functions that "
        "are, or pass t.data if a constant is meant"
    )


def compose(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The composition's result, which has to be NumPy's own: what NumPy refuses is refused by NumPy itself."""
    check_parameters(function, arguments, keywords)
    expected = None
    if function not in SAME_AS_NUMPY:
        as_given = held if function in IN_PLACE else plain
        values = [as_given(a) for a in arguments]
        if function in IN_PLACE and isinstance(values[0], np.ndarray):
            values[0] = values[0].copy()
        expected = function(*values, **{name: as_given(value) for name, value in keywords.items()})
        expected = values[0] if function in IN_PLACE else expected
    data = KNOWN[function].data
    given = (as_data(a) if i < data else a for i, a in enumerate(arguments))
    result = COMPOSED[function](
        *given, **{name: as_data(value) if name in OPERANDS else value for name, value in keywords.items()}
    )
    if expected is not None:
        found = same_as(function, arguments[0] if function in IN_PLACE else result, expected)
        result = None if function in IN_PLACE else found
    several = isinstance(result, list | tuple)
    for i, part in enumerate(result if several else (result,)):
        if type(part) is Tensor and not any(part is a for a in arguments):
            owner = arguments[i] if several and len(arguments) == len(result) else arguments[0]
            own = any(part.base is a for a in arguments)
            view = function in COMPOSED_VIEWS and type(owner) is Tensor
            part.base = owner if view else part.base if own else None
    return result


def held(value: Any) -> Any:
    """As plain, and with the numbers themselves for what stands for an array while its calls are written down."""
    value = value.data if type(value) is Tensor else value
    if type(value) in (tuple, list):
        return type(value)(map(held, value))
    return value.value if records(value) else value


def same_as(function: Any, found: Any, expected: Any) -> Any:
    """What was found, in the precision that is expected; TypeError where the values or shapes are others."""
    if isinstance(expected, list | tuple):
        parts = [same_as(function, *pair) for pair in zip(found, expected, strict=True)]
        return type(found)(*parts) if hasattr(found, "_fields") else type(found)(parts)
    if not isinstance(expected, np.ndarray | np.floating):
        return found
    values = plain(found) if records(expected) else np.asarray(held(found))
    if values.shape != expected.shape or not agrees(values, expected):
        other = f"shape {values.shape}" if values.shape != expected.shape else "other values"
        raise TypeError(
            f"{full_name(function)}: called like this it cannot be recorded: NumPy gives an array of shape "
            f"{expected.shape}, the recording one of {other}. Say it with simpler functions"
        )
    if type(found) is Tensor and found.dtype != expected.dtype and expected.dtype.kind == "f":
        return found.astype(expected.dtype)
    return found


def call_in(dtype: Any, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A function with dtype=: its operands in this precision, or its result where NumPy computes first."""
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{full_name(function)}: dtype={dtype} holds no gradient; a floating-point type is expected")
    if function in OF_PRECISION:
        return call(function, arguments, keywords).astype(dtype)
    if function not in IN_PRECISION and not isinstance(function, np.ufunc):
        raise TypeError(f"{full_name(function)}: dtype cannot be recorded; write t.astype({dtype}) before")
    operands = (a if type(a) is Tensor else np.asarray(a) for a in arguments[: KNOWN[function].data])
    in_precision = [a if a.dtype == dtype else a.astype(dtype) for a in operands]
    return call(function, (*in_precision, *arguments[KNOWN[function].data :]), keywords)


REDUCTIONS: dict[Any, Any] = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}
ACCUMULATIONS: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


def ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """np.add.reduce as np.sum over the first axis, np.add.accumulate as np.cumsum, np.multiply.outer on more axes."""
    if method == "at" and ufunc in (np.add, np.subtract) and type(inputs[0]) is Tensor:
        t, index, value = inputs
        part: Any = np.broadcast_to(value, t.data[index].shape)
        t._change(ufunc, scatter_add(part, index, t.shape))
        return None
    if method == "outer" and len(inputs) == 2 and not keywords:
        a, b = (x if type(x) is Tensor else np.asarray(x) for x in inputs)
        return call(ufunc, (np.reshape(a, (*np.shape(a), *[1] * np.ndim(b))), b), {})
    if method not in ("reduce", "accumulate") or ufunc not in DERIVATIVES or ufunc.nin != 2:
        raise TypeError(f"{full_name(ufunc)}.{method} is not recorded; write it with functions that are")
    a, *rest = inputs
    keywords = {"axis": rest[0] if rest else 0} | {k: v for k, v in keywords.items() if v is not None or k == "axis"}
    if len(rest) > 1:
        raise TypeError(f"{full_name(ufunc)}.{method}: only the axis can be given by position")
    unknown = keywords.keys() - {"axis", "keepdims", "out", "dtype"} - {k for k, v in keywords.items() if v is True}
    if unknown or keywords.get("dtype") is not None:
        raise TypeError(f"{full_name(ufunc)}.{method}: {', '.join(sorted(unknown)) or 'dtype'} cannot be recorded")
    keywords = {k: v for k, v in keywords.items() if k in ("axis", "keepdims")}
    table = REDUCTIONS if method == "reduce" else ACCUMULATIONS
    return call(table[ufunc], (a,), keywords) if ufunc in table else fold(ufunc, method, a, **keywords)


def fold(ufunc: np.ufunc, method: str, a: Any, axis: Any, keepdims: bool = False) -> Any:
    """f(f(f(a_0, a_1), a_2), ...) along an axis; the last, or all of them. What NumPy refuses is refused by NumPy."""
    name = f"{full_name(ufunc)}.{method}"
    expected = getattr(ufunc, method)(a.data, axis, **({"keepdims": keepdims} if method == "reduce" else {}))
    if method == "reduce" and (axis is None or isinstance(axis, tuple)):
        axes = tuple(range(a.ndim)) if axis is None else tuple(i % a.ndim for i in axis)
        if len(axes) == a.ndim != 1:
            y = fold(ufunc, method, np.ravel(a), 0)
            return np.reshape(y, (1,) * a.ndim) if keepdims else y
        if len(axes) != 1:
            raise TypeError(f"{name}: axis={axis!r} cannot be recorded; give one axis after the other")
        axis = axes[0]
    if a.ndim == 0 or a.shape[axis] == 0:
        raise TypeError(f"{name}: an array of shape {a.shape} has nothing to fold along axis {axis}")
    first, *rest = (np.take(a, i, axis) for i in range(a.shape[axis]))
    steps = list(itertools.accumulate(rest, ufunc, initial=first))
    y = np.stack(steps, axis) if method == "accumulate" else steps[-1]
    return same_as(ufunc, np.expand_dims(y, axis) if keepdims else y, expected)


PARTLY = {f for f, rules in DERIVATIVES.items() if type(rules) is tuple and None in rules}  # constant in some arguments


def has_derivative(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """False where tensors only stand where a function is constant by steps, such as the condition of np.where."""
    rules = DERIVATIVES[function]
    constant = [type(a) is Tensor and rule is None for a, rule in zip(arguments, rules, strict=False)]
    return sum(constant) < sum(type(a) is Tensor for a in (*arguments, *keywords.values()))


def record(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any] | None = None) -> Tensor:
    """Call a function of the table on the values of its arguments, and keep how the result was made."""
    data = KNOWN[function].data
    if keywords or len(arguments) > data:
        check_parameters(function, arguments, keywords or {})
        if any(type(a) is Tensor for a in (*arguments[data:], *(keywords or {}).values())):
            raise TypeError(f"{full_name(function)}: only its data may be a Tensor, not its other arguments")
        keywords = {name: freeze(value) for name, value in keywords.items()} if keywords else {}
    else:
        keywords = {}
    kept, values = [], []
    for i, a in enumerate(arguments):
        if type(a) is Tensor:
            if _changes.any:
                a._check_base()
            values.append(a._data)
        else:
            if type(a) not in UNCHANGING and not kept_before(a):
                a = freeze(as_data(a) if i < data else a)
            values.append(a)
        kept.append(a)
    y = function(*values, **keywords)
    if y.dtype.kind != "f":
        raise TypeError(f"{full_name(function)}: the result has dtype {y.dtype}; only real numbers are recorded")
    if function in CONSTANT_FIRST and type(kept[1]) is not Tensor:
        kept.reverse()
    return _fill(Tensor.__new__(Tensor), read_only(y), None, function, tuple(kept), keywords)


def kept_before(a: Any) -> bool:
    """Whether the forward pass holds this array: what the backward pass reads of it was copied then."""
    return state.records and type(a) is np.ndarray and not a.flags.writeable and a.base is None


def plain(value: Any) -> Any:
    """The value with every tensor in it replaced by its data."""
    if type(value) is Tensor:
        return value.data
    return type(value)(map(plain, value)) if type(value) in (tuple, list) else value


def start(output: Tensor, gradient: Any = None) -> Any:
    """The gradient to begin with: the given one if its shape is the output's, or 1 for an output of one entry."""
    if _changes.any:
        output._check_base()
    if gradient is None:
        if output.size != 1:
            raise ValueError(
                f"backward: {describe(output)} is not a scalar; give the gradient of what it is for: "
                "t.backward(gradient) with an array of the same shape"
            )
        return np.ones_like(output._data)
    if type(gradient) is Tensor:
        raise TypeError("backward: the gradient is a Tensor; give an array, or use grad for gradients of gradients")
    if np.shape(gradient) != output.shape:
        raise ValueError(f"backward: gradient has shape {np.shape(gradient)}, the tensor has shape {output.shape}")
    return as_floats(gradient).astype(output.dtype)
