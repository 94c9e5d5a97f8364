"""Functions of functions: gradients, Jacobians, Hessians and products with them, of plain NumPy code.

The argument to differentiate may be an array, or a dict, list or tuple of them, nested as one likes; the gradient has
the same form. They may be nested in any order: what depends on an outer tensor is recorded.

Names and arguments are those of autograd (grad, jacobian, hessian, hessian_vector_product) and of JAX (vjp, jvp).
"""

import operator
from collections.abc import Callable
from math import prod
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from .engine.standing import put_back
from .engine.tensor import Tensor, record
from .engine.trees import Path, at_path, by_path, leaves_of, map_leaves
from .engine.walk import backpropagate, dependents, graph, start

__all__ = ["grad", "hessian", "hessian_vector_product", "jacobian", "jvp", "value_and_grad", "vjp"]


# The inputs of calls that returned, by their number: to whoever is outside they are constants.
_finished: WeakValueDictionary[int, Tensor] = WeakValueDictionary()


def tensor_of(leaf: Any, path: Path) -> Tensor:
    """A tensor that nothing was computed from yet: its gradient is of this function's argument alone."""
    if type(leaf) is Tensor:
        same = record(np.positive, (leaf,))
        same.base = leaf  # in plain code the two are one array
        return same
    try:
        return Tensor(leaf, name=".".join(map(str, path)) or None)
    except (TypeError, ValueError) as error:
        where = "".join(f"[{key!r}]" for key in path)
        raise TypeError(f"grad: the argument{where} cannot be differentiated: {error}") from None


def value_and_grad(
    f: Callable[..., Any], argnum: int | tuple[int, ...] = 0, replay: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """g with g(*args) = (f(*args), df/d(args[argnum])), from one recorded run of f.

    f returns a number (an array of one entry). argnum: which positional argument, or a tuple of them for a tuple of
    gradients. The gradients are new arrays, in the form and shapes of the argument. ValueError when f returns more
    than one entry; TypeError when the argument holds something else than real numbers.

    replay: record f once for each structure, shapes and dtypes of the arguments, and later run its NumPy calls as a
    list, in buffers of their own. Where that would not be the same, as f draws random numbers or writes to something,
    f is recorded on each call, and a warning says why (Replay.why).
    """
    single = not isinstance(argnum, tuple)

    def chosen(count: int) -> list[int]:
        return [position(f, i, count) for i in ((argnum,) if single else argnum)]  # type: ignore[union-attr]

    def run(args: tuple[Any, ...], kwargs: dict[str, Any], find: Callable[..., Any]) -> tuple[Any, Any]:
        positions = chosen(len(args))
        inputs = {i: map_leaves(tensor_of, args[i]) for i in set(positions)}
        value, gradients = find(f, called(f, args, inputs, kwargs), leaves_of(tuple(inputs.values())))
        trees = tuple(map_leaves(lambda leaf, _: gradients[leaf], inputs[i]) for i in positions)
        return value, trees[0] if single else trees

    def recorded(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        return run(args, kwargs, gradients_of)

    if not replay:
        return recorded
    from .replay import Replay  # most never ask for it

    return Replay(f, recorded, lambda args, kwargs: run(args, kwargs, derived), lambda count: set(chosen(count)))


def called(f: Callable[..., Any], args: tuple[Any, ...], inputs: dict[int, Any], kwargs: dict[str, Any]) -> Any:
    """f with some of its arguments replaced; in containers of their own, as f may change what it is given."""
    given = [map_leaves(lambda leaf, _: leaf, inputs[i]) if i in inputs else a for i, a in enumerate(args)]
    with put_back():
        return f(*given, **kwargs)


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


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """(f(*primals), pull) with pull(g) = (g^T df/dx for each primal x): the vector-Jacobian products.

    f may return an array or a tree of them; g has the form and shapes of what it returns.
    """
    inputs = dict(enumerate(map_leaves(tensor_of, primals)))
    leaves = leaves_of(tuple(inputs.values()))
    value = called(f, primals, inputs, {})
    nested = any(type(y) is Tensor and outside(graph(y), leaves) for y in leaves_of(value))

    value = map_leaves(kept, value)

    def pull(g: Any) -> tuple[Any, ...]:
        _, gradients = gradients_of(f, weighed(f, value, g), leaves)
        return tuple(map_leaves(lambda leaf, _: gradients[leaf], inputs[i]) for i in inputs)

    _finished.update({leaf.number: leaf for leaf in leaves})
    given = map_leaves(lambda y, path: kept(y, path) if nested else np.array(getattr(kept(y, path), "data", y)), value)
    return map_leaves(lambda y, _: y[()] if isinstance(y, np.ndarray) and y.ndim == 0 else y, given), pull


def weighed(f: Any, value: Any, g: Any) -> Any:
    """sum of g * y over the entries of a value, or of a tree of them: the scalar whose gradient is the product."""
    values, weights = by_path(value), by_path(g)
    shapes = [{path: np.shape(x) for path, x in leaves.items()} for leaves in (weights, values)]
    if shapes[0] != shapes[1]:
        found = [list(shape.values()) if set(shapes[0]) == set(shapes[1]) else shape for shape in shapes]
        raise ValueError(f"vjp: g has the shapes {found[0]}, {name_of(f)} returned the shapes {found[1]}")
    return sum((np.sum(weights[path] * y) for path, y in values.items()), start=0.0)


def kept(y: Any, _: Path) -> Any:
    """A value as it is now: what its owner does to it later does not reach it."""
    return record(np.positive, (y,)) if type(y) is Tensor else y


def jvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """(f(*primals), df/dx v summed over primals x and tangents v): the Jacobian-vector product.

    Tangents have the form and shapes of the primals. From two backward passes: the first is linear in its g, and the
    gradient by g of its product with v is what is asked for.
    """
    value, pull = vjp(f, *primals)
    g = map_leaves(
        lambda y, _: Tensor(np.zeros(np.shape(y), np.result_type(y.dtype, np.float16))), map_leaves(as_array, value)
    )
    products = weighed(f, pull(g), tangents)
    _, found = gradients_of(f, products, leaves_of(g))
    return value, map_leaves(lambda leaf, _: found[leaf], g)


def jacobian(f: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """J with J(*args) = df/d(args[argnum]), of shape f(*args).shape + args[argnum].shape.

    Where f returns a tree, or the argument is one, the result is a tree of trees: J["y"]["x"] = dy/dx.
    """

    def at(*args: Any, **kwargs: Any) -> Any:
        i = position(f, argnum, len(args))
        value, pull = vjp(lambda x: f(*args[:i], x, *args[i + 1 :], **kwargs), args[i])
        zeros = map_leaves(lambda y, _: np.zeros(np.shape(y)), value)

        def rows(y: Any, path: Path) -> Any:
            found = []
            for index in np.ndindex(np.shape(y)):
                g = map_leaves(lambda zero, p: unit_at(zero, index) if p == path else zero, zeros)  # noqa: B023
                found.append(pull(g)[0])
            return map_leaves(
                lambda x, p: stacked([at_path(row, p) for row in found], np.shape(y), np.shape(x)), args[i]
            )

        return map_leaves(rows, value)

    return at


def as_array(y: Any, _: Path) -> Any:
    return y if hasattr(y, "dtype") else np.asarray(y)


def unit_at(zero: Any, index: tuple[int, ...]) -> Any:
    one = zero.copy()
    one[index] = 1.0
    return one


def stacked(rows: list[Any], of_y: tuple[int, ...], of_x: tuple[int, ...]) -> Any:
    """A gradient for each entry of y, as one array."""
    return np.reshape(np.stack(rows), of_y + of_x) if rows else np.zeros(of_y + of_x)


def hessian(f: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """H with H(*args) = d^2 f / d(args[argnum])^2, of shape x.shape + x.shape; of a tree, H["a"]["b"]."""
    return jacobian(grad(f, argnum), argnum)


def hessian_vector_product(f: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """p with p(*args, v) = H v, without H: the gradient of the product of the gradient and v."""

    def product(*args: Any, **kwargs: Any) -> Any:
        *args_of_f, v = args
        return grad(lambda *x, **k: weighed(f, grad(f, argnum)(*x, **k), v), argnum)(*args_of_f, **kwargs)

    return product


def outside(tensors: list[Tensor], leaves: list[Tensor]) -> bool:
    """Whether a tensor of the caller, and not only these leaves, took part in a graph."""
    own = set(leaves)
    return any(t.function is None and t not in own and t.number not in _finished for t in tensors)


def gradients_of(f: Any, value: Any, leaves: list[Tensor]) -> tuple[Any, dict[Tensor, Any]]:
    """The value of a recorded run and its gradients: plain, or recorded where other tensors took part."""
    value, found = derived(f, value, leaves)
    return value, own(list(found.items()))


def derived(f: Any, value: Any, leaves: list[Tensor]) -> tuple[Any, dict[Tensor, Any]]:
    """The same, the gradients as they are: some may share memory."""
    check_number(f, value)
    if type(value) is not Tensor:  # nothing leaves a recording unseen: a plain number does not depend on the leaves
        return value, zeros(leaves)
    order = graph(value)
    through = dependents(order, leaves)
    if through is not None and value not in through:
        return value, zeros(leaves)
    nested = through is not None and outside(order, leaves)
    found = backpropagate(value, start(value), through, recording=nested, order=order)
    if nested:
        _finished.update({leaf.number: leaf for leaf in leaves})
    gradients = zeros([leaf for leaf in leaves if leaf not in found])
    return value if nested else value.data, gradients | {leaf: found[leaf] for leaf in leaves if leaf in found}


def zeros(leaves: list[Tensor]) -> dict[Tensor, Any]:
    return {leaf: np.zeros_like(leaf.data) for leaf in leaves}


def check_number(f: Any, value: Any) -> None:
    """An error unless a function returned one real number, or a tensor or array of one."""
    if not isinstance(value, Tensor | np.ndarray | np.number | float | int):
        raise TypeError(f"grad: {name_of(f)} returned {type(value).__name__}; expected is a number")
    dtype, shape = (value.dtype, value.shape) if type(value) is Tensor else (np.result_type(value), np.shape(value))
    if prod(shape) != 1 or dtype.kind not in "fiu":
        raise ValueError(f"grad: {name_of(f)} returned {dtype} of shape {shape}; expected is a number")


def own(gradients: list[tuple[Tensor, Any]]) -> dict[Tensor, Any]:
    """The gradients as arrays that share memory with nothing else, so that their user may write to them."""
    seen: set[int] = set()
    result = {}
    for tensor, g in gradients:
        if isinstance(g, np.ndarray):
            root = g if g.base is None else g.base
            g = g if g.flags.writeable and id(root) not in seen else np.array(g)
            seen.add(id(root))
        elif type(g) is Tensor:
            g = record(np.positive, (g,))  # a tensor of its own, as its user may change it
        result[tensor] = g
    return result
