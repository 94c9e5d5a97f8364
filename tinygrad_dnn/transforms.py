"""Functions that give gradients of functions: grad and value_and_grad, of plain NumPy code.

The argument to differentiate may be an array, or a dict, list or tuple of them, nested as one likes; the gradient has
the same form. grad of grad works: an inner gradient that depends on an outer tensor is recorded.
"""

import copy
import operator
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import numpy as np

from .tensor import Tensor, backpropagate, graph, record, start

__all__ = ["grad", "value_and_grad"]


_finished: WeakSet[Tensor] = WeakSet()  # inputs of inner calls that returned: to whoever is outside, constants

Path = tuple[Any, ...]


def map_tree(function: Callable[[Any, Path], Any], tree: Any, path: Path = ()) -> Any:
    """The tree with function(leaf, path) in place of each leaf; the path is the keys that lead to it."""
    if isinstance(tree, dict):
        result = copy.copy(tree)  # an OrderedDict or a defaultdict stays one
        result.update((key, map_tree(function, value, (*path, key))) for key, value in tree.items())
        return result
    if isinstance(tree, list | tuple):
        leaves = [map_tree(function, value, (*path, i)) for i, value in enumerate(tree)]
        return type(tree)(*leaves) if hasattr(tree, "_fields") else type(tree)(leaves)  # a named tuple, or a plain one
    return function(tree, path)


def tensor_of(leaf: Any, path: Path) -> Tensor:
    """A tensor that nothing was computed from yet: its gradient is of this function's argument alone."""
    if type(leaf) is Tensor:
        return record(np.positive, (leaf,))
    try:
        return Tensor(leaf, name=".".join(map(str, path)) or None)
    except (TypeError, ValueError) as error:
        where = "".join(f"[{key!r}]" for key in path)
        raise TypeError(f"grad: the argument{where} cannot be differentiated: {error}") from None


def value_and_grad(f: Callable[..., Any], argnum: int | tuple[int, ...] = 0) -> Callable[..., tuple[Any, Any]]:
    """g with g(*args) = (f(*args), df/d(args[argnum])), from one recorded run of f.

    f returns a number (an array of one entry). argnum: which positional argument, or a tuple of them for a tuple of
    gradients. The gradients are new arrays, in the form and shapes of the argument. ValueError when f returns more
    than one entry; TypeError when the argument holds something else than real numbers.
    """
    single = not isinstance(argnum, tuple)

    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        positions = [position(f, i, len(args)) for i in ((argnum,) if single else argnum)]  # type: ignore[union-attr]
        inputs = {i: map_tree(tensor_of, args[i]) for i in set(positions)}
        leaves: list[Tensor] = []
        map_tree(lambda leaf, _: leaves.append(leaf), tuple(inputs.values()))
        given = [map_tree(lambda leaf, _: leaf, inputs[i]) if i in inputs else a for i, a in enumerate(args)]
        value, gradients = gradients_of(f, f(*given, **kwargs), leaves)  # f may change the containers it is given
        trees = tuple(map_tree(lambda leaf, _: gradients[leaf], inputs[i]) for i in positions)
        return value, trees[0] if single else trees

    return value_and_gradient


def position(f: Any, argnum: Any, count: int) -> int:
    """The argument meant by argnum, counted from the end where it is negative."""
    i = operator.index(argnum)
    if not -count <= i < count:
        raise TypeError(f"grad: argnum is {i}, but {name_of(f)} was called with {count} positional arguments")
    return i % count


def name_of(f: Any) -> str:
    return getattr(f, "__name__", "the function")


def grad(f: Callable[..., Any], argnum: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """g with g(*args) = df/d(args[argnum]); see value_and_grad."""
    both = value_and_grad(f, argnum)
    return lambda *args, **kwargs: both(*args, **kwargs)[1]


def gradients_of(f: Any, value: Any, leaves: list[Tensor]) -> tuple[Any, dict[Tensor, Any]]:
    """The value of a recorded run and its gradients: plain, or recorded where other tensors took part."""
    zeros: dict[Tensor, Any] = {leaf: np.zeros_like(leaf.data) for leaf in leaves}
    check_number(f, value)
    if type(value) is not Tensor:  # nothing leaves a recording unseen: a plain number does not depend on the leaves
        return value, zeros
    tensors = graph(value)
    dependent = set(leaves)
    for tensor in tensors:
        if any(parent in dependent for parent in tensor.parents):
            dependent.add(tensor)
    outside = [t for t in tensors if t.function is None and t not in dependent and t not in _finished]
    nested = bool(outside)
    if value not in dependent:
        return value, zeros
    found = backpropagate(value, start(value), dependent, recording=nested)
    if nested:
        _finished.update(leaves)
    return value if nested else value.data, zeros | own([(leaf, found[leaf]) for leaf in leaves if leaf in found])


def check_number(f: Any, value: Any) -> None:
    """An error unless a function returned one real number, or a tensor or array of one."""
    if not isinstance(value, Tensor | np.ndarray | np.number | float | int):
        raise TypeError(f"grad: {name_of(f)} returned {type(value).__name__}; expected is a number")
    dtype = np.result_type(value)
    if np.size(value) != 1 or dtype.kind not in "fiu":
        raise ValueError(f"grad: {name_of(f)} returned {dtype} of shape {np.shape(value)}; expected is a number")


def own(gradients: list[tuple[Tensor, Any]]) -> dict[Tensor, Any]:
    """The gradients as arrays that share memory with nothing else, so that their user may write to them."""
    seen: set[int] = set()
    result = {}
    for tensor, g in gradients:
        if isinstance(g, np.ndarray):
            root = g if g.base is None else g.base
            g = g if g.flags.writeable and id(root) not in seen else np.array(g)
            seen.add(id(root))
        result[tensor] = g
    return result
