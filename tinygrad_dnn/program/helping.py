"""What a changed source calls (rewriting.py): it does what stood there, and records where a tensor takes part."""

import operator
from functools import partial
from typing import Any

import numpy as np

from ..engine.constants import is_named
from ..engine.derivatives import assign
from ..engine.tensor import Tensor, record
from .dividing import divided, divided_in_place
from .held import as_objects, is_ragged
from .matrices import Matrix, as_matrix, of_matrices, operated
from .owning import stand_in, whole
from .scalars import as_float, called_on_numbers, meant, number, plain

JOINING = {"concatenate", "stack", "vstack", "row_stack", "hstack", "dstack", "column_stack", "block"}
TELLING = (isinstance, type, hasattr, np.isscalar)
MEANT = {"min": "a_min", "max": "a_max"}  # what np.clip calls what the method calls so
MATRICES = {"asmatrix", "matrix", "mat"}


class Helper:
    """What the changed source calls.

    An array that may become a tensor is handed on in a list of its own (held), so that references can be counted.
    """

    ragged = False  # whether arrays were made of parts of several shapes
    as_floats = staticmethod(partial(np.asarray, dtype=float))  # np.asfarray
    as_scalar = staticmethod(lambda a: Helper().method(a, "item"))  # np.asscalar
    divided = staticmethod(divided)
    divided_in_place = staticmethod(divided_in_place)

    def method(self, owner: Any, name: str, *arguments: Any, **keywords: Any) -> Any:
        """owner.name(...): the NumPy function of that name where a plain array meets a tensor."""
        if name == "dot" and is_named(owner) and any(map(holds_tensor, arguments)):
            owner = np.asarray(owner)
        if type(owner) is np.ndarray and any(map(holds_tensor, arguments)):
            if name == "fill":
                return self.assigned(arguments[0], owner, ...)
            return getattr(np, name)(owner, *arguments, **keywords)
        if name == "clip" and isinstance(owner, np.ndarray):
            return np.clip(owner, *arguments, **{MEANT.get(k, k): v for k, v in keywords.items()})
        owner = owner.t if type(owner) is Matrix and name in ("item", "tolist") else owner
        if type(owner) is Tensor and name in ("item", "tolist"):
            part = owner[arguments if len(arguments) > 1 else arguments[0]] if arguments else owner
            return listed(owner) if name == "tolist" else as_float(number(part))
        return getattr(owner, name)(*arguments, **keywords)

    def converted(self, function: Any, value: Any, *arguments: Any, **keywords: Any) -> Any:
        """float(t), np.array(t), np.array([t, u]) of tensors: the tensor itself, or the tensors put together."""
        if function not in (float, int) and not numpys(function):  # somebody's own of this name
            return function(value, *arguments, **keywords)
        if type(value) is Matrix and function.__name__ not in MATRICES:
            value = value.t
        if function in (float, int):
            if type(value) is Tensor:
                return as_float(number(value)) if function is float else int(value.data)  # which changes by steps
            if function is float and isinstance(value, np.ndarray) and value.size == 1:
                return value.item()  # as NumPy did until 2.4, of any shape
            return function(value, *arguments, **keywords)
        if type(value) is not Matrix and not holds_tensor(value):
            try:
                return function(value, *arguments, **keywords)
            except ValueError:
                if arguments or keywords or not is_ragged(value):
                    raise
        if is_ragged(value) and not arguments and not keywords:
            self.ragged = True
            return as_objects(value)
        if function.__name__ in MATRICES:
            return as_matrix(together(value))
        dtype = [function] if isinstance(function, type) else []  # np.float32
        dtype += [*arguments, *(v for k, v in keywords.items() if k == "dtype")]
        if len(dtype) > 1 or keywords.keys() - {"dtype", "copy"}:
            raise TypeError(f"np.{function.__name__} of a tensor: only a floating-point dtype and copy can be recorded")
        t = np.copy(together(value)) if function is np.array else together(value)
        return t if not dtype or dtype[0] is None or t.dtype == dtype[0] else t.astype(dtype[0])

    def called(self, function: Any, *arguments: Any, **keywords: Any) -> Any:
        """A function of NumPy, of lists of tensors and of matrices of tensors."""
        if not numpys(function):
            return function(*arguments, **keywords)
        if any(map(holds_matrix, arguments)):
            return of_matrices(function, *arguments, **keywords)
        if function is np.full and len(arguments) > 1 and type(arguments[1]) is Tensor:
            return arguments[1] * np.ones(arguments[0], *arguments[2:], **keywords)
        if not any(isinstance(a, list | tuple) and holds_tensor(a) for a in arguments):
            return function(*arguments, **keywords)
        if function.__name__ in JOINING:
            return function([together(part) for part in arguments[0]], *arguments[1:], **keywords)
        return function(*(together(a) if holds_tensor(a) else a for a in arguments), **keywords)

    def numbers(self, function: Any, *arguments: Any) -> Any:
        """A function of the module math."""
        return called_on_numbers(function, arguments)

    def told(self, function: Any, value: Any, *arguments: Any) -> Any:
        """isinstance(t, float), type(t), np.isscalar(t): of the number or the array that t stands for."""
        if type(value) not in (Tensor, Matrix) or function not in TELLING:
            return function(value, *arguments)
        told = function(meant(value), *arguments)
        return told or (function is isinstance and isinstance(value, *arguments))

    def remainder(self, left: Any, right: Any) -> Any:
        """a % b; where it fills in a text, with the numbers."""
        return left % (plain(right) if isinstance(left, str | bytes) else right)

    def product(self, left: Any, right: Any) -> Any:
        """left @ right, where the left one may be a table and the right one a tensor."""
        return (np.asarray(left) if type(right) is Tensor and is_named(left) else left) @ right

    def operated(self, name: str, left: Any, right: Any) -> Any:
        """left * right and its like, where matrices may take part."""
        return operated(name, left, right)

    def assigned(self, value: Any, owner: Any, index: Any) -> None:
        """owner[index] = value; a plain array that takes a tensor in becomes one."""
        held = [owner]
        del owner
        put(held, index, value)

    def part(self, owner: Any, index: Any) -> tuple[Any, Any, Any]:
        """What owner[index] += value reads before the value is computed."""
        return owner, index, owner[index]

    def part_changed(self, read: tuple[Any, Any, Any], change: str, value: Any) -> None:
        """owner[index] += value and its like."""
        owner, index, part = read
        del read
        if type(owner) is np.ndarray and takes_in(part, value):  # a part of an array, which changes with it
            part = result(part, change, value)
        else:
            held = [part]
            del part
            part = in_place(held, change, value)
        held = [owner]
        del owner
        put(held, index, part)

    def changed(self, owner: Any, change: str, value: Any) -> Any:
        """owner += value and its like, and what it gives."""
        held = [owner]
        del owner
        return in_place(held, change, value)

    def attribute(self, owner: Any, name: str) -> tuple[Any, str, Any]:
        """What owner.name += value reads before the value is computed."""
        return owner, name, getattr(owner, name)

    def attribute_changed(self, read: tuple[Any, str, Any], change: str, value: Any) -> None:
        """owner.name += value and its like."""
        owner, name, before = read
        del read
        held = [before]
        del before
        setattr(owner, name, in_place(held, change, value))

    def into(self, function: Any, *arguments: Any, **keywords: Any) -> Any:
        """function(..., out=a), a ufunc's last argument among them, where a plain array a takes a tensor in."""
        inputs, out = parted(function, arguments, keywords)
        given = keywords.get("where", True)
        if not numpys(function) or not takes_in(out, [*inputs, given]):
            return function(*arguments, **keywords)
        held = [out]
        del out, arguments
        keywords = {key: value for key, value in keywords.items() if key not in ("out", "where")}
        where: Any = ...
        if given is not True:
            where = np.broadcast_to(given, held[0].shape)
            inputs = [np.broadcast_to(a, held[0].shape)[where] for a in inputs]
        value = function(*inputs, **keywords)
        del inputs
        return stand_in(*with_value(held, where, value))

    def written(self, function: Any, owner: Any, *arguments: Any, **keywords: Any) -> Any:
        """np.copyto(owner, t), np.add.at(owner, i, t) and others that write into their first argument."""
        if not takes_in(owner, [*arguments, *keywords.values()]):
            return function(owner, *arguments, **keywords)
        held, tensor = [owner], record(np.positive, (owner,))  # a tensor that can be changed
        del owner
        function(tensor, *arguments, **keywords)
        stand_in(held, tensor)
        return None


def numpys(function: Any) -> bool:
    """Whether a function is NumPy's, and none of somebody's that has a name of NumPy's."""
    return isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").partition(".")[0] == "numpy"


def takes_in(owner: Any, value: Any) -> bool:
    """Whether a plain array is to hold a tensor."""
    if type(owner) is not np.ndarray or owner.dtype.kind != "f" or not owner.flags.writeable:
        return False
    return holds_tensor(value)


def holds_tensor(value: Any) -> bool:
    return type(value) is Tensor or (isinstance(value, list | tuple) and any(map(holds_tensor, value)))


def holds_matrix(value: Any) -> bool:
    return type(value) is Matrix or (isinstance(value, list | tuple) and any(map(holds_matrix, value)))


def together(value: Any) -> Any:
    """Nested lists of tensors and numbers as one tensor."""
    return np.stack([together(v) for v in value]) if isinstance(value, list | tuple) else value


def listed(t: Tensor) -> Any:
    """t.tolist(): nested lists of numbers."""
    return [listed(part) for part in t] if t.ndim else as_float(number(t))


def result(array: Any, change: str, value: Any) -> Any:
    """array + value and its like, in the shape and the precision of the array."""
    found = getattr(operator, change[1:])(array, together(value))  # of another shape, it raises as NumPy would
    if found.shape != array.shape or isinstance(found.recorded, np.generic):
        found = np.copy(np.broadcast_to(found, array.shape))
    return found if found.dtype == array.dtype else found.astype(array.dtype)


def put(held: list[Any], index: Any, value: Any) -> None:
    """The array that is held, or whatever else, with a value at an index."""
    if type(held[0]) is np.flatiter and holds_tensor(value):
        held.append(held.pop().base)
        index = np.unravel_index(np.arange(np.size(held[0]))[index], np.shape(held[0]))
    if takes_in(held[0], value):
        stand_in(*with_value(*whole(held, index), value))
    else:
        held[0][index] = together(value) if type(held[0]) is Tensor and holds_tensor(value) else value


def in_place(held: list[Any], change: str, value: Any) -> Any:
    """The array that is held, or whatever else, changed by a value; what its names stand for then."""
    if takes_in(held[0], value):
        return stand_in(held, result(held[0], change, value))
    return getattr(operator, change)(held.pop(), value)


def with_value(held: list[Any], index: Any, value: Any) -> tuple[list[Any], Any]:
    """The array that is held, and the tensor it becomes when a value is assigned."""
    return held, record(assign, (held[0], together(value), index))


def parted(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[list[Any], Any]:
    """The inputs, and the array that the result goes into."""
    out, inputs = keywords.get("out"), list(arguments)
    if isinstance(function, np.ufunc) and out is None and len(arguments) == function.nin + 1:
        out = inputs.pop()
    return inputs, out[0] if isinstance(out, tuple) and len(out) == 1 else out
