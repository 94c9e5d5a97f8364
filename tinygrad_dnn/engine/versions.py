"""Assignment: t[i] = v and t += v make a new version of t, and what read t before goes on meaning the one it read.

Versions are told by the numbers of the order of recording; a view of what has changed since is refused. Nothing here
knows how a function is recorded: it is called on a tensor, and records itself.
"""

import operator
import threading
from collections.abc import Callable
from typing import Any, NoReturn, Self

import numpy as np

from .constants import read_only
from .derivatives import cast, scatter_add

SLOTS = ("_arguments", "_data", "_versions", "base", "function", "grad", "keywords", "name", "number")
UPDATE = "an update makes a new tensor: {0} = Tensor({0}.data - learning_rate * {0}.grad)"


class State(threading.local):
    """Whether this thread walks back and records it: what it reads are the versions of the forward pass."""

    records = False


class Changes:
    """Whether any tensor was ever changed: as long as none was, nobody has to look for versions."""

    any = False


state, changes = State(), Changes()


def in_order(t: Any, shape: tuple[int, ...], *_: Any, **__: Any) -> Any:
    """t, in the shape of what it is a view of, where the entries have the same order."""
    return np.reshape(t, shape)


UNDONE: dict[Any, Callable[..., Any]] = {  # how what views give goes back to where they were taken
    np.reshape: in_order, np.ravel: in_order, np.expand_dims: in_order, np.squeeze: in_order,
    np.transpose: lambda t, _, axes=None: np.transpose(t, axes and np.argsort([a % t.ndim for a in axes])),
    np.swapaxes: lambda t, _, a, b: np.swapaxes(t, a, b),
}  # fmt: skip


class Versioned:
    """What a tensor is made of, at the moment that is asked for."""

    __slots__ = ("__weakref__", *SLOTS)

    _data: Any
    _arguments: tuple[Any, ...]
    _versions: list[Self] | None
    base: Self | None
    grad: Any
    name: str | None
    function: Callable[..., Any] | None
    keywords: dict[str, Any]
    number: int

    @property
    def data(self) -> Any:
        """The values, read-only."""
        if changes.any:
            self.check_base()
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
        if not changes.any:
            return self._arguments
        return tuple(a.version_at(self.number) if is_tensor(a) else a for a in self._arguments)

    @property
    def operation(self) -> str | None:
        """The function it was computed with as a user writes it."""
        raise NotImplementedError

    def version_at(self, number: int) -> Self:
        """What this tensor was when the tensor of this number was recorded."""
        earlier = [t for t in self._versions or () if t.number < number]
        return self if self.number < number or not earlier else earlier[-1]

    def check_base(self) -> None:
        """A view of a tensor that was changed after the view was made has another value in NumPy: it is refused."""
        base = None if state.records else self.base
        while base is not None:
            if base.number > self.number:
                raise TypeError(
                    f"{describe(self)} is a view of {describe(base)}, which was changed since: take the view anew, or "
                    "a copy before the change"
                )
            base = base.base

    def change(self, function: Callable[..., Any], *arguments: Any) -> Self:
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

    def _change_base(self, function: Callable[..., Any], *arguments: Any) -> Self:
        """A view is changed by changing what it is a view of, and taken anew."""
        base: Any = self.base
        if base is not self._arguments[0] or self.function not in (operator.getitem, *UNDONE):
            raise TypeError(
                f"{describe(self)} is a view of {describe(base)}, which would change with it: "
                "write t = t.copy() before, or t = t + v for t += v"
            )
        self.check_base()
        before = self._as_it_is()
        if not np.may_share_memory(self._data, base._data):  # np.ravel and np.reshape had to copy
            after = before._changed(function, *arguments)
            after.base = None
            return self._become(after, before)
        view: Any = self.function
        parameters, keywords = self._arguments[1:], self.keywords
        index = parameters[0] if view is operator.getitem else ...
        after = before._changed(function, *arguments)
        base[index] = after if view is operator.getitem else UNDONE[view](after, base.shape, *parameters, **keywords)
        return self._become(view(base, *parameters, **keywords), before)

    def _as_it_is(self) -> Self:
        """This version as a tensor of its own."""
        before = type(self).__new__(type(self))
        for slot in SLOTS:
            setattr(before, slot, getattr(self, slot))
        return before

    def _changed(self, function: Callable[..., Any], *arguments: Any) -> Self:
        """A function of this version, in its shape and precision, as an array."""
        after: Self = function(self, *arguments)
        shape, dtype = self._data.shape, self._data.dtype
        if after._data.shape != shape:
            raise ValueError(f"{describe(self)} cannot hold a result of shape {after._data.shape}")
        after = after if after._data.dtype == dtype else cast(after, dtype)
        if isinstance(self._data, np.ndarray) and isinstance(after._data, np.generic):
            after._data = read_only(np.copy(after._data))
        lay_out(after, self._data)
        return after

    def _become(self, after: Self, before: Self) -> Self:
        name, versions = self.name, [*(self._versions or ()), before]
        for slot in SLOTS:
            setattr(self, slot, getattr(after, slot))
        self.name, self.grad, self._versions = name, None, versions
        changes.any = True
        return self

    def add_at(self, ufunc: np.ufunc, index: Any, value: Any) -> None:
        """np.add.at(t, index, value) and np.subtract.at: entries that an index meets twice are changed twice."""
        part: Any = np.broadcast_to(value, self.data[index].shape)
        self.change(ufunc, scatter_add(part, index, tuple(self._data.shape)))


def lay_out(t: Versioned, array: Any) -> None:
    """The values of a tensor in the order in memory that an array has: which reshapes are views depends on it."""
    if not type(t._data) is type(array) is np.ndarray or array.ndim < 2:
        return
    flags = t._data.flags, array.flags
    if len({(f.c_contiguous, f.f_contiguous) for f in flags}) > 1:
        laid = np.empty_like(array)
        laid[...] = t._data
        t._data = read_only(laid)


def in_place(function: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """t += v and its like: it changes an array, and makes another number of a computed number."""
    return lambda self, other: (
        self.change(function, other) if isinstance(self._data, np.ndarray) else function(self, other)
    )


def is_tensor(a: Any) -> bool:
    return isinstance(a, Versioned)


def describe(tensor: Versioned) -> str:
    """How an error message calls a tensor."""
    made = f"the result of {tensor.operation}" if tensor.function else "a Tensor"
    return f"{tensor.name or made} of shape {tuple(tensor._data.shape)}"
