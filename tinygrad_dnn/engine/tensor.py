"""Tensor: an array and how it was made. NumPy's functions record themselves on it; backward derives the gradients.

A Tensor is something one wants a gradient for, a plain array is a constant. Nothing that was recorded can change:
data is read-only, and constants are copied. An assignment makes a new version of a tensor (versions.py). What would
take a value out of the recording unseen raises an error that says what to write instead.
"""

import itertools
import operator
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from .calls import PARTLY, call_in, compose, has_derivative, instead, into, plain, refuse, ufunc_method
from .compositions import COMPOSED
from .constants import UNCHANGING, as_data, as_floats, freeze, read_only
from .derivatives import CONSTANT_FIRST, DERIVATIVES, PIECEWISE_CONSTANT, VIEWS, assign, is_basic
from .methods import Methods
from .signatures import KNOWN, by_position, check_parameters, full_name, learn
from .versions import changes, describe, in_place, state
from .walk import backpropagate, graph, start

_numbers = itertools.count()
POWERS = {2: np.square, 1: np.positive, -1: np.reciprocal, 0.5: np.sqrt}  # as ndarray's ** does


class Leaving(threading.local):
    """The tensors whose numbers were taken, where somebody watches; else it is refused before backward."""

    seen: list["Tensor"] | None = None


leaving = Leaving()


Operator = Callable[["Tensor", Any], "Tensor"]


def both_ways(function: Callable[..., Any]) -> tuple[Operator, Operator]:
    """t + a and a + t."""
    return (lambda t, a: record(function, (t, a))), (lambda t, a: record(function, (a, t)))


def stepwise(function: Callable[..., Any]) -> tuple[Callable[["Tensor", Any], Any], Callable[["Tensor", Any], Any]]:
    """t > a and a > t, and others that may leave the recording as their derivative is 0."""
    return (lambda t, a: call(function, (t, a), {})), (lambda t, a: call(function, (a, t), {}))


class Tensor(Methods):
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

    __slots__ = ()

    records = True  # unlike an array

    def __init__(self, data: Any, name: str | None = None) -> None:
        if isinstance(data, Tensor):
            raise TypeError("Tensor: the data is a Tensor already; use it as it is, or its .data for a constant")
        self._made(read_only(as_floats(data)), name, None, (), {})

    def _made(self, data: Any, name: Any, function: Any, arguments: tuple[Any, ...], keywords: Any) -> "Tensor":
        self._data, self.name, self.grad = data, name, None
        self.function, self._arguments, self.keywords = function, arguments, keywords
        self._versions, self.number = None, next(_numbers)
        is_view = function in VIEWS or (function is operator.getitem and is_basic(arguments[1]))
        self.base = arguments[0] if is_view and isinstance(data, np.ndarray) else None
        return self

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Tensor cannot be subclassed: the recorder knows exactly one kind of tensor")

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
        return call(ufunc, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return call(function, arguments, keywords)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError(
            f"{describe(self)} would be turned into a plain array here and its gradient be lost. "
            + instead(sys._getframe(1))
        )

    # Operators

    __add__, __radd__ = both_ways(np.add)
    __sub__, __rsub__ = both_ways(np.subtract)
    __mul__, __rmul__ = both_ways(np.multiply)
    __truediv__, __rtruediv__ = both_ways(np.divide)
    __matmul__, __rmatmul__ = both_ways(np.matmul)
    __rpow__ = both_ways(np.power)[1]
    __mod__, __rmod__ = stepwise(np.remainder)
    __floordiv__, __rfloordiv__ = stepwise(np.floor_divide)
    __divmod__, __rdivmod__ = stepwise(np.divmod)
    __lt__, __gt__ = stepwise(np.less)[0], stepwise(np.greater)[0]
    __le__, __ge__ = stepwise(np.less_equal)[0], stepwise(np.greater_equal)[0]
    __eq__, __ne__ = stepwise(np.equal)[0], stepwise(np.not_equal)[0]
    __hash__ = object.__hash__

    __iadd__, __isub__, __imul__ = in_place(np.add), in_place(np.subtract), in_place(np.multiply)
    __itruediv__, __imatmul__ = in_place(np.divide), in_place(np.matmul)
    __ipow__, __imod__ = in_place(np.power), in_place(np.remainder)

    def __ifloordiv__(self, other: Any) -> NoReturn:
        raise TypeError(f"{describe(self)}: //= leaves no gradient; write t = t // v for the constant it gives")

    def __pow__(self, other: Any) -> "Tensor":
        short = POWERS.get(other) if type(other) in (int, float) else None
        return record(short, (self,)) if short else record(np.power, (self, other))

    def __neg__(self) -> "Tensor":
        return record(np.negative, (self,))

    def __pos__(self) -> "Tensor":
        return record(np.positive, (self,))

    def __abs__(self) -> "Tensor":
        return record(np.absolute, (self,))

    def __round__(self, ndigits: int = 0) -> Any:
        return call(np.round, (self, ndigits), {})

    def __getitem__(self, index: Any) -> "Tensor":
        return record(operator.getitem, (self, index))

    def __setitem__(self, index: Any, value: Any) -> None:
        self.change(assign, value, index)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator["Tensor"]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self.data == plain(value)))

    @property
    def T(self) -> "Tensor":
        return record(np.transpose, (self,))

    @property
    def mT(self) -> "Tensor":
        return record(np.swapaxes, (self, -1, -2))

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


def record(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any] | None = None) -> "Tensor":
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
            if changes.any:
                a.check_base()
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
    return Tensor.__new__(Tensor)._made(read_only(y), None, function, tuple(kept), keywords)


def kept_before(a: Any) -> bool:
    """Whether the forward pass holds this array: what the backward pass reads of it was copied then."""
    return state.records and type(a) is np.ndarray and not a.flags.writeable and a.base is None


def call(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A NumPy function on tensors: recorded, composed of recorded ones, constant as its derivative is 0, or refused."""
    if keywords.get("out") is not None:
        return into(function, arguments, keywords)
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
    refuse(function)
