"""Numbers that are recorded: what they are in the plain run, a Python float or one of NumPy's, and math's functions."""

import math
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.tensor import Tensor

DEEP = 8  # computations from a float that are looked through
_floats: weakref.WeakSet[Tensor] = weakref.WeakSet()  # tensors that are Python floats in the plain run
ARITHMETIC = {np.add, np.subtract, np.multiply, np.divide, np.power, np.negative, np.square, np.absolute, np.positive}
OTHERWISE = {"pow": "power", "fabs": "absolute", "acos": "arccos", "asin": "arcsin", "atan": "arctan",
             "atan2": "arctan2", "acosh": "arccosh", "asinh": "arcsinh", "atanh": "arctanh"}  # fmt: skip
BY_STEPS = {"floor", "ceil", "trunc", "isnan", "isinf", "isfinite", "isclose", "frexp"}


def as_float(t: Any) -> Any:
    """The number as float(t) gives it."""
    if type(t) is Tensor:
        _floats.add(t)
    return t


def is_float(t: Any, deep: int = DEEP) -> bool:
    """Whether a value is a Python number in the plain run: a float, or computed by operators from such."""
    if type(t) is not Tensor:
        return type(t) in (int, float)
    if t in _floats:
        return True
    return deep > 0 and t.function in ARITHMETIC and all(is_float(a, deep - 1) for a in t.arguments)


def meant(t: Any) -> Any:
    """What stands in the place of a tensor in the plain run."""
    return float(t.data) if not t.shape and is_float(t) else t.data


def plain(value: Any) -> Any:
    """A value with every tensor in it replaced by what it is in the plain run."""
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(map(plain, value))
    if type(value) is dict:
        return {key: plain(v) for key, v in value.items()}
    return meant(value) if type(value) is Tensor else value


def number(t: Tensor) -> Tensor:
    """The one entry of a tensor as a number, which nothing can change."""
    return t if isinstance(t.recorded, np.generic) else t[(0,) * t.ndim]


def as_one(value: Any) -> Any:
    """The entry of an array that has one, as NumPy gave it until 2.4, whatever the shape."""
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def called_on_numbers(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """A function of the module math: what it raises it raises here too, and what it gives is recorded."""
    name = getattr(function, "__name__", "")
    several = arguments and isinstance(arguments[0], list | tuple) and any(type(a) is Tensor for a in arguments[0])
    if getattr(math, name, None) is not function or not (several or any(type(a) is Tensor for a in arguments)):
        return function(*map(as_one, arguments)) if getattr(math, name, None) is function else function(*arguments)
    as_given = [[plain(a) for a in v] if isinstance(v, list | tuple) else plain(v) for v in arguments]
    value = function(*map(as_one, as_given))
    if name in BY_STEPS:
        return value
    if several and name in ("fsum", "prod"):
        return as_float((np.sum if name == "fsum" else np.prod)(np.stack(list(arguments[0]))))
    numbers = [number(a) if type(a) is Tensor else a for a in arguments]
    if name == "log" and len(numbers) == 2:
        return as_float(np.log(numbers[0]) / np.log(numbers[1]))
    numpys = getattr(np, OTHERWISE.get(name, name), None)
    if several or not isinstance(numpys, np.ufunc):
        raise TypeError(f"math.{name} of a tensor is not recorded: say it with functions of NumPy")
    return as_float(numpys(*numbers))
