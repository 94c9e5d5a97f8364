"""Arrays that write down what NumPy is asked to do with them: the list of calls that a replay runs.

A Traced array stands for an ndarray in code that runs once: each call is made, and noted with its arguments. What asks
for a number and not for an array cannot be noted: bool(x) is noted as a condition that has to hold again, and anything
else, float(x) or np.asarray(x), is a reason not to replay, kept with its line. The code runs on with the true value.
"""

import operator
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..engine.derivatives import PIECEWISE_CONSTANT, agrees, assign, cast, scatter_add
from ..engine.primitives import is_primitive
from ..engine.signatures import KNOWN, OPERANDS, full_name
from ..engine.tensor import POWERS
from .nodes import Node, copied, flat, greatest, holds, is_array, mapped, parts, place

SHAPE_ONLY = {
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj,
    np.ones_like, np.zeros_like, np.empty_like,
}  # fmt: skip
SHAPED_BY_DATA = {np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.trim_zeros}
SHAPED_BY = {np.compress: 0, np.extract: 0, np.insert: 1}  # which argument decides the shape
ALL_DATA = {
    np.clip, np.take, np.interp, np.isclose, np.allclose, np.array_equal, np.array_equiv, np.isin, np.searchsorted,
    np.digitize, np.take_along_axis, np.einsum, scatter_add, assign, agrees,
    np.full_like, np.choose, np.select, np.broadcast_arrays, np.meshgrid, *SHAPED_BY,
}  # fmt: skip  # of which no argument that may be computed decides a shape
BETWEEN = {np.linspace, np.logspace, np.geomspace}  # of which the third argument is a number of entries
DATA = OPERANDS | {"a_min", "a_max", "min", "max", "fill_value", "choices"}  # the same by keyword
HANDED_ON = {np.atleast_1d, np.atleast_2d, np.atleast_3d, np.real, np.squeeze, np.ravel, np.broadcast_arrays,
             np.linalg.matrix_power, np.real_if_close}  # fmt: skip
IN_PLACE = {"fill", "itemset", "partition", "put", "resize", "setfield", "setflags", "sort"}  # methods


class Silence:
    """What NumPy may write its warnings to: the recorder has given them. To be told apart from what f asks for."""

    def write(self, _: str) -> None:
        pass


class Tape:
    """The calls of one run, in their order.

    why     what keeps them from being run again, or None
    quiet   whether some were made where NumPy was told not to warn
    """

    def __init__(self) -> None:
        self.calls: list[Node] = []
        self.why: str | None = None
        self.quiet = False

    def input(self, value: Any) -> "Traced":
        return Traced(value, Node(None, (), {}, value), self)

    def eps(self) -> float:
        """The rounding error of the lowest precision that is computed in."""
        kinds = {node.value.dtype for node in self.calls if hasattr(node.value, "dtype")}
        return max((float(np.finfo(kind).eps) for kind in kinds if kind.kind == "f"), default=0.0)

    def largest(self) -> float:
        """The largest finite number that came on the way."""
        return max((greatest(node.value) for node in self.calls), default=0.0)

    def refuse(self, reason: str) -> None:
        self.why = self.why or f"{place()}: {reason}"

    def call(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Make a call, and note it. Of what a function returns, each part is a node of its own."""
        before, given = kept(arguments), plain(arguments)
        arrays = [] if isinstance(function, np.ufunc) else [a for a in parts((given, plain(keywords))) if is_array(a)]
        copies = [a.copy() for a in arrays]
        try:
            value = function(*given, **plain(keywords))
        except Exception as error:
            self.refuse(f"{full_name(function)} raises {type(error).__name__}, and may not another time")
            raise
        if any(not np.array_equal(a, c, equal_nan=a.dtype.kind in "fc") for a, c in zip(arrays, copies, strict=True)):
            self.refuse(f"{full_name(function)} changes an array in place")
        if any(value is a for a in arrays) and function not in HANDED_ON:
            self.refuse(f"{full_name(function)} gives an array that it was given, and may have changed it")
        if function is not copied and any(type(a) is str and a in "KA" for a in parts((given, keywords))):
            self.refuse(f"{full_name(function)} is asked for the order of memory, which may be another one each time")
        self.quiet = self.quiet or set(np.geterr().values()) != {"log"}
        if "raise" in np.geterr().values():
            self.refuse("NumPy is told to raise errors")
        node = Node(function, before, kept(keywords), value)
        self.calls.append(node)
        return self.wrapped(node, value)

    def wrapped(self, node: Node, value: Any) -> Any:
        if isinstance(value, bool | int | float):
            value = node.value = np.asarray(value)[()]
        if isinstance(value, np.ndarray | np.generic):
            return Traced(value, node, self)
        if isinstance(value, tuple | list):
            parts = []
            for i, part in enumerate(value):
                one = Node(operator.getitem, (node, i), {}, part)
                self.calls.append(one)
                parts.append(self.wrapped(one, part))
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        self.refuse(f"{full_name(node.function)} gives a {type(value).__name__}, which no array can follow")
        return value


def plain(value: Any) -> Any:
    return mapped(lambda v: v.value if type(v) is Traced else v, value)


def nodes(value: Any) -> Any:
    return mapped(lambda v: v.node if type(v) is Traced else v, value)


def kept(value: Any) -> Any:
    """Arguments as they are now: what could still be written to is copied."""

    def one(v: Any) -> Any:
        if type(v) is Traced:
            return v.node
        return v.copy() if type(v) is np.ndarray and (v.flags.writeable or v.base is not None) else v

    return mapped(one, value)


class Traced(NDArrayOperatorsMixin):
    """What stands for an array or a NumPy number while the calls on it are written down."""

    __slots__ = ("node", "tape", "value")

    records = True  # the recorder's own functions are noted whole

    def __init__(self, value: Any, node: Node, tape: Tape) -> None:
        self.value, self.node, self.tape = value, node, tape

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # code that asks isinstance(x, np.ndarray) gets the answer that it gets of the array
        return type(self.value)

    # What is noted

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if any(is_tensor(x) for x in inputs):
            return NotImplemented
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        out = keywords.get("out", ())
        if method == "at" or any(x is not None for x in out):
            if len(out) == 1 and type(out[0]) is Traced and isinstance(out[0].value, np.generic):
                return self.tape.call(function, inputs, {})  # x += 1 makes another number of a number
            return self.changed(function, inputs, keywords)
        return self.tape.call(function, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        if any(map(is_tensor, parts((arguments, keywords)))):
            return NotImplemented
        if keywords.get("out") is not None:
            return self.changed(function, arguments, keywords)
        if function in SHAPE_ONLY:
            if any(type(a) is Traced for a in parts((arguments[1:], keywords))) and function is not np.result_type:
                self.tape.refuse(f"{full_name(function)} asks for a shape by a number that is computed")
            return function(*plain(arguments), **plain(keywords))
        if is_primitive(function):
            self.tape.refuse(f"{full_name(function)} has a derivative of its own (@primitive), and may do anything")
            return self.changed(function, arguments, keywords)
        if function not in KNOWN and function not in PIECEWISE_CONSTANT:
            self.tape.refuse(f"{full_name(function)} is not in the table of functions, and may do anything")
            return self.changed(function, arguments, keywords)
        decides = arguments[SHAPED_BY[function] : SHAPED_BY[function] + 1] if function in SHAPED_BY else ()
        decided = any(type(a) is Traced for a in parts(decides))
        if decided or function in SHAPED_BY_DATA or (function is np.where and len(arguments) == 1):
            self.tape.refuse(f"the shape of what {full_name(function)} gives depends on the numbers")
        data = 2 if function in BETWEEN else KNOWN[function].data if function in KNOWN else 1
        others = () if function in ALL_DATA else arguments[data:]
        keys = [v for k, v in keywords.items() if k not in DATA]
        if any(type(a) is Traced for a in parts((others, keys))):
            self.tape.refuse(f"the shape of what {full_name(function)} gives may depend on a number that is computed")
        return self.tape.call(function, arguments, keywords)

    def changed(self, function: Any, arguments: Any, keywords: Any) -> Any:
        """What changes an array, or may do so for all that is known of the function."""
        self.tape.refuse(f"{full_name(function)} may change an array in place; write x = x + t for x += t")
        result = function(*plain(arguments), **plain(keywords))
        return next((x for x in parts((keywords, arguments)) if type(x) is Traced and x.value is result), result)

    def __getitem__(self, index: Any) -> Any:
        if any(type(i) is Traced and i.dtype == bool for i in parts(index)):
            self.tape.refuse(
                "how many entries a mask takes depends on the numbers; np.where(mask, x, 0) keeps the shape"
            )
        if any(type(i) is slice and any(type(v) is Traced for v in parts(i)) for i in flat(index)):
            self.tape.refuse("how many entries a slice takes depends on a number that is computed")
        return self.tape.call(operator.getitem, (self, index), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        self.tape.refuse("x[i] = v changes an array in place; np.where(mask, v, x) makes a new one")
        self.value[plain(index)] = plain(value)

    def __pow__(self, other: Any) -> Any:
        short = POWERS.get(other) if type(other) in (int, float) and self.dtype.kind == "f" and self.ndim else None
        if is_tensor(other):
            return NotImplemented
        return short(self) if short else self.tape.call(operator.pow, (self, other), {})

    def __mul__(self, other: Any) -> Any:
        return self.repeated(other) if isinstance(other, list | tuple | str) else np.multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.repeated(other) if isinstance(other, list | tuple | str) else np.multiply(other, self)

    def repeated(self, other: Any) -> Any:
        """A list times a number of NumPy is a longer list, times an array it is an array."""
        return self.left("a list times it,") * other if self.ndim == 0 else np.multiply(self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.tape.call(operator.pow, (other, self), {})

    def __bool__(self) -> bool:
        outcome = bool(self.value)
        self.tape.calls.append(Node(holds, (self.node, outcome), {}, True))
        return outcome

    def astype(self, dtype: Any, *more: Any, **keywords: Any) -> Any:
        if more or keywords:
            self.tape.refuse("astype is given more than a dtype")
            return self.value.astype(dtype, *more, **keywords)
        return cast(self, np.dtype(dtype))

    def copy(self, order: str = "K") -> Any:  # as a constant is copied
        return self.tape.call(copied, (self, order), {})

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()

    @property
    def T(self) -> Any:
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        return np.swapaxes(self, -1, -2)

    def reshape(self, *shape: Any, **keywords: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **keywords)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) if axes else None)

    def flatten(self, order: Any = "C") -> Any:
        return np.ravel(self, order)

    def compress(self, condition: Any, *more: Any, **keywords: Any) -> Any:
        return np.compress(condition, self, *more, **keywords)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    # What its shape and type tell

    def __len__(self) -> int:
        return len(self.value)

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    dtype = property(lambda self: self.value.dtype)
    itemsize = property(lambda self: self.value.itemsize)
    nbytes = property(lambda self: self.value.nbytes)
    data = property(lambda self: self)  # as of a tensor

    # Ways out

    def left(self, way: str) -> Any:
        self.tape.refuse(f"{way} takes a number out of the arrays, and what is done with it is not seen")
        return self.value

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.left("a conversion to an array, as plain[x] or np.asarray(x),"), dtype)

    def __float__(self) -> float:
        return float(self.left("float()"))

    def __int__(self) -> int:
        return int(self.left("int()"))

    def __index__(self) -> int:
        return operator.index(
            self.left("the use as an index (np.arange(n) == y[:, None] is a one-hot table that can be followed)")
        )

    def __complex__(self) -> complex:
        return complex(self.left("complex()"))

    def __round__(self, ndigits: Any = None) -> Any:
        return round(self.left("round()"), ndigits)

    def __hash__(self) -> int:
        return hash(self.left("hash()"))

    def __repr__(self) -> str:
        return repr(self.left("its text"))

    def __str__(self) -> str:
        return str(self.left("its text"))

    def __format__(self, specification: str) -> str:
        return format(self.left("its text"), specification)

    def __reduce__(self) -> Any:
        return self.left("a copy").__reduce__()

    def __getattr__(self, name: str) -> Any:
        """x.sum(axis=0) is np.sum(x, axis=0); any other attribute is that of the array, which nothing is known of."""
        if name[:2] == "__":  # a protocol that it does not know
            raise AttributeError(name)
        function = getattr(np, name, None)
        if name not in IN_PLACE and callable(function) and callable(getattr(np.ndarray, name, None)):
            return lambda *arguments, **keywords: function(self, *arguments, **keywords)
        return getattr(self.left(f".{name}"), name)


def is_tensor(x: Any) -> bool:
    return getattr(type(x), "records", False) and type(x) is not Traced
