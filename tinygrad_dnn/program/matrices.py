"""np.matrix of a tensor: a table for which * is the product of matrices, and which keeps its two axes."""

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.tensor import Tensor

KEEPING = {"sum", "mean", "max", "min", "prod", "std", "var", "amax", "amin"}  # both axes, where they are given one
AS_ARRAYS = {"asarray", "array", "ravel", "trace", "diagonal", "inner", "asanyarray", "squeeze"}
Index = Any


class Matrix:
    """A tensor of two axes that multiplies as np.matrix does."""

    __array_ufunc__ = None  # an operator of an array leaves it to the matrix
    __slots__ = ("t",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, t: Tensor) -> None:
        self.t = t

    @property
    def data(self) -> Any:
        return np.asmatrix(self.t.data)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.t.shape

    @property
    def T(self) -> "Matrix":
        return Matrix(self.t.T)

    H = T

    @property
    def I(self) -> "Matrix":  # noqa: E743
        return Matrix(np.linalg.inv(self.t))  # type: ignore[arg-type]

    @property
    def A(self) -> Tensor:
        return self.t

    @property
    def A1(self) -> Tensor:
        return self.t.ravel()

    def __getattr__(self, name: str) -> Any:
        """An attribute or a method of a table: with its results as matrices."""
        found = getattr(self.t, name)
        if not callable(found):
            return found
        if name in KEEPING:
            return lambda *args, **kwargs: of_matrices(getattr(np, name), self, *args, **kwargs)
        if name in ("flatten", "ravel"):
            return lambda *args, **kwargs: as_matrix(self.t.ravel(*args, **kwargs))
        if name == "trace":
            return lambda *args: as_matrix(np.trace(self.t, *args))
        if name == "dot":
            return lambda other: self * other
        return lambda *args, **kwargs: wrapped(name, found(*map(unwrapped, args), **kwargs))

    def __getitem__(self, index: Index) -> Any:
        part = self.t[index]
        if part.ndim == 1:
            column = isinstance(index, tuple) and len(index) > 1 and np.isscalar(index[1])
            part = part.reshape(-1, 1) if column else part.reshape(1, -1)
        return Matrix(part) if part.ndim else part

    def __setitem__(self, index: Index, value: Any) -> None:
        self.t[index] = unwrapped(value)

    def __len__(self) -> int:
        return len(self.t)

    def __bool__(self) -> bool:
        return bool(self.t)

    def __format__(self, specification: str) -> str:
        return format(self.data, specification)


def unwrapped(value: Any) -> Any:
    """A matrix as a table whose * is that of arrays; so in a list."""
    if type(value) in (list, tuple):
        return type(value)(map(unwrapped, value))
    return value.t if type(value) is Matrix else np.asarray(value) if isinstance(value, np.matrix) else value


def as_matrix(value: Any) -> Any:
    """np.asmatrix(value)."""
    if type(value) is Matrix or not isinstance(value, Tensor):
        return value if type(value) is Matrix else np.asmatrix(value)
    return Matrix(value if value.ndim == 2 else value.reshape(1, -1))


def wrapped(name: str, found: Any) -> Any:
    if not isinstance(found, Tensor | np.ndarray) or found.ndim == 0:
        return found
    if found.ndim != 2:
        raise TypeError(f"{name} of a matrix of a tensor is not recorded: write np.asarray(...) of the matrix")
    return as_matrix(found)


def operated(name: str, a: Any, b: Any) -> Any:
    """a * b and its like, where one of both may be a matrix of a tensor, or a matrix that meets a tensor."""
    function = getattr(operator, name)
    kinds = {type(a), type(b)}
    if Matrix not in kinds and not (Tensor in kinds and np.matrix in kinds):
        return function(a, b)
    if name in ("mul", "matmul") and np.ndim(unwrapped(a)) and np.ndim(unwrapped(b)):
        return wrapped("product", np.matmul(*(unwrapped(as_matrix(x)) for x in (a, b))))
    if name == "pow":
        return as_matrix(np.linalg.matrix_power(unwrapped(a), b))
    return wrapped(name, function(unwrapped(a), unwrapped(b)))


def of_matrices(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """A function of NumPy, of matrices of tensors."""
    name = function.__name__
    if name in KEEPING and (len(arguments) > 1 or keywords.get("axis") is not None):
        keywords = keywords | {"keepdims": True}
    if name == "dot" and len(arguments) == 2:
        return operated("mul", *arguments)
    found = function(*map(unwrapped, arguments), **{key: unwrapped(value) for key, value in keywords.items()})
    return found if name in AS_ARRAYS else wrapped(name, found)


def reflected(name: str) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    return (lambda a, b: operated(name, a, b)), (lambda a, b: operated(name, b, a))


def of_one(a: Matrix, function: Callable[[Any], Any]) -> Matrix:
    return Matrix(function(a.t))


for _name in ("add", "sub", "mul", "truediv", "matmul", "pow"):
    _forward, _backward = reflected(_name)
    setattr(Matrix, f"__{_name}__", _forward)
    setattr(Matrix, f"__r{_name}__", _backward)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Matrix, f"__{_name}__", reflected(_name)[0])
for _name in ("neg", "pos", "abs"):
    setattr(Matrix, f"__{_name}__", functools.partialmethod(of_one, getattr(operator, _name)))
