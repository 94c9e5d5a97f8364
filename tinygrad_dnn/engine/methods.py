"""The methods of an ndarray, each the NumPy function of its name; those that differ from it are written out."""

import operator
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Self

import numpy as np

from .derivatives import cast
from .versions import Versioned

OTHERWISE = {"resize"}  # a method that differs from the function of its name


class Methods(Versioned):
    """t.sum(axis=0) is np.sum(t, axis=0)."""

    __slots__ = ()

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        """A NumPy function that meets a tensor."""
        raise NotImplementedError

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.__array_function__(function, (), (self, *arguments), {})

    def __getattr__(self, name: str) -> Any:
        function: Any = getattr(np, name, None) if name[:1] != "_" and name not in OTHERWISE else None
        if not callable(function) or not callable(getattr(np.ndarray, name, None)):
            raise AttributeError(f"Tensor has no attribute {name!r}; t.data.{name} is that of the plain array")
        return lambda *arguments, **keywords: self.__array_function__(function, (), (self, *arguments), keywords)

    def reshape(self, *shape: Any, order: str = "C") -> Self:
        if order != "C":
            raise TypeError(f"reshape: order={order!r} is not recorded; transpose before and after instead")
        return self._call(np.reshape, shape[0] if len(shape) == 1 else shape)  # type: ignore[no-any-return]

    def transpose(self, *axes: Any) -> Self:
        given = (axes[0] if len(axes) == 1 else axes,) if axes else ()
        return self._call(np.transpose, *given)  # type: ignore[no-any-return]

    def ravel(self, order: str = "C") -> Self:
        if order != "C":
            raise TypeError(f"ravel, flatten: order={order!r} is not recorded; transpose before and after instead")
        return self._call(np.ravel)  # type: ignore[no-any-return]

    def flatten(self, order: str = "C") -> Self:
        flat = self.ravel(order)
        flat.base = None  # a copy
        return flat

    def copy(self, order: str = "C") -> Self:
        return self._call(np.copy)  # type: ignore[no-any-return]

    def astype(self, dtype: Any, *, copy: bool = True) -> Self:
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"astype: {np.dtype(dtype)} holds no gradient; write t.data.astype(...) for a constant")
        return self if not copy and self._data.dtype == dtype else cast(self, np.dtype(dtype))

    def compress(self, condition: Any, axis: int | None = None) -> Any:
        return self.__array_function__(np.compress, (), (condition, self, axis), {})

    @property
    def real(self) -> Self:
        return self

    @property
    def imag(self) -> Any:
        return np.zeros_like(self._data)

    def conj(self) -> Self:
        return self

    conjugate = conj

    @property
    def flat(self) -> "Flat":
        return Flat(self)

    # Those that write into it

    def __setitem__(self, index: Any, value: Any) -> None:
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        if np.ndim(value):
            raise ValueError(f"fill: an array of shape {np.shape(value)} came; expected is a number")
        self[...] = value

    def sort(self, axis: int = -1, kind: Any = None) -> None:
        self[...] = self._call(np.sort, operator.index(axis))

    def partition(self, kth: Any, axis: int = -1) -> None:
        self[...] = self._call(np.partition, kth, axis)

    def put(self, indices: Any, values: Any, mode: str = "raise") -> None:
        self._call(np.put, indices, values, mode)

    # Copies that Python makes

    def __copy__(self) -> Self:
        return self._call(np.positive)  # type: ignore[no-any-return]

    def __deepcopy__(self, memo: Any) -> Self:
        return self._call(np.positive)  # type: ignore[no-any-return]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Tensor cannot be pickled without its graph; pickle t.data")


class Flat:
    """t.flat: the entries of a tensor in a row, to read and to write."""

    def __init__(self, t: Any) -> None:
        self.t = t

    def places(self, index: Any) -> Any:
        """Where the entries are in the tensor."""
        return np.unravel_index(np.arange(self.t.size)[index], self.t.shape)

    def __getitem__(self, index: Any) -> Any:
        return self.t[self.places(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        self.t[self.places(index)] = value

    def __len__(self) -> int:
        return int(self.t.size)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.t.flatten())

    def copy(self) -> Any:
        return self.t.flatten()
