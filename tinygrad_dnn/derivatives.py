"""The table of derivatives: a line per NumPy function, one vector-Jacobian product per argument.

g is the gradient that comes in (the cotangent of the output), y the output, then the function's own arguments. Each
entry answers: given g, what is the gradient of this argument? None stands for an argument without one. Everything is
written in NumPy, so that arrays give numbers and Tensors record themselves: gradients of gradients need no second
table. Broadcasting is not undone here but once, where the table is used.

To add a function: a line in DERIVATIVES if it is a primitive, a line in COMPOSED if it can be said with others, its
name in PIECEWISE_CONSTANT if its derivative is zero wherever it exists; then a line in tests/cases.py, without which
the tests fail. An entry's parameters have NumPy's names; those that NumPy takes but an entry
does not are refused by name when they are used.
"""

import operator
from collections.abc import Callable
from functools import wraps
from math import prod
from typing import Any

import numpy as np

Rule = Callable[..., Any]


def primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of ours that dispatches as NumPy's own do, so that it can stand in the table."""

    @wraps(function)
    def dispatch(x: Any, *arguments: Any) -> Any:
        if isinstance(x, np.ndarray | np.generic):
            return function(x, *arguments)
        return x.__array_function__(dispatch, (type(x),), (x, *arguments), {})

    return dispatch


@primitive
def scatter_add(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """The adjoint of indexing: zeros of the given shape with g added at index, repeated indices summed."""
    x = np.zeros(shape, g.dtype)
    if may_repeat(index):
        np.add.at(x, index, g)
    else:
        x[index] = g
    return x


def may_repeat(index: Any) -> bool:
    """Whether an index can meet an entry twice: only arrays, lists and ranges of integers can."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(np.ndim(part) > 0 and np.asarray(part).dtype != bool for part in parts if not isinstance(part, slice))


@primitive
def cast(x: Any, dtype: Any) -> Any:
    """x in another floating precision."""
    return x.astype(dtype)


def if_true(g: Any, _: Any, condition: Any, x: Any, y: Any) -> Any:
    """The gradient of what np.where takes where the condition holds; y is NumPy's name for the other choice."""
    return np.where(condition, g, 0.0)


def if_false(g: Any, _: Any, condition: Any, x: Any, y: Any) -> Any:
    """The gradient of what np.where takes where the condition does not hold."""
    return np.where(condition, 0.0, g)


def spread(g: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """g, which lost its axes in a reduction of x, on the shape of x again."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


def share(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of an extreme: all of g where x attains it, in equal parts where several entries do."""
    attained = x == spread(y, x, axis, keepdims)
    return spread(g, x, axis, keepdims) * attained / np.sum(attained, axis=axis, keepdims=True)


def scaled_power(a: Any, b: Any) -> Any:
    """b a^(b-1), and 0 at a = b = 0."""
    return b * np.power(np.where((b == 0) & (a == 0), 1.0, a), b - 1.0)  # b - 1 could leave the range of an integer b


def log_of_base(a: Any) -> Any:
    """log a for the derivative of a^b by b, whose limit at a = 0 is 0."""
    return np.log(np.where(a == 0, 1.0, a))


def share_of_first(a: Any, b: Any) -> Any:
    """e^a / (e^a + e^b), without overflow."""
    return np.exp(-np.logaddexp(0.0, b - a))


def flip_matrix(x: Any) -> Any:
    """x with its last two axes exchanged."""
    return np.swapaxes(x, -1, -2)


def matmul_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dA = g B^T, a vector taken as a row on the left and as a column on the right."""
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if a.ndim == 1:
        return np.squeeze(np.expand_dims(g, -2) @ flip_matrix(b), -2)
    return g @ flip_matrix(b)


def matmul_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dB = A^T g, a vector taken as a row on the left and as a column on the right."""
    if b.ndim == 1:
        return a * np.expand_dims(g, -1)
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2)
    return flip_matrix(a) @ g


def as_matrix(b: Any) -> Any:
    """b as np.dot sees it on the right: its last axis but one as rows, all others as columns."""
    order = (b.ndim - 2, *range(b.ndim - 2), b.ndim - 1)
    return np.reshape(np.transpose(b, order), (b.shape[-2], prod(b.shape[:-2]) * b.shape[-1]))


def dot_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dA = g B^T for a sum over the last axis of a and the last but one of b; a scalar multiplies."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * b
    if b.ndim <= 2:
        return matmul_left(g, y, a, b)
    b = as_matrix(b)
    return matmul_left(np.reshape(g, (*a.shape[:-1], b.shape[1])), y, a, b)


def dot_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dB = A^T g for a sum over the last axis of a and the last but one of b; a scalar multiplies."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if b.ndim <= 2:
        return matmul_right(g, y, a, b)
    matrix = as_matrix(b)
    db = matmul_right(np.reshape(g, (*a.shape[:-1], matrix.shape[1])), y, a, matrix)
    db = np.reshape(unbroadcast(db, matrix.shape), (b.shape[-2], *b.shape[:-2], b.shape[-1]))
    return np.transpose(db, (*range(1, b.ndim - 1), 0, b.ndim - 1))


def undo_transpose(g: Any, axes: Any) -> Any:
    """The transpose that puts the axes back where they were."""
    return np.transpose(g, None if axes is None else tuple(np.argsort(np.asarray(axes) % len(axes))))


DERIVATIVES: dict[Callable[..., Any], tuple[Rule | None, ...]] = {
    # arithmetic
    np.add:        (lambda g, y, a, b: g,                       lambda g, y, a, b: g),
    np.subtract:   (lambda g, y, a, b: g,                       lambda g, y, a, b: -g),
    np.multiply:   (lambda g, y, a, b: g * b,                   lambda g, y, a, b: g * a),
    np.divide:     (lambda g, y, a, b: g / b,                   lambda g, y, a, b: -g * y / b),
    np.power:      (lambda g, y, a, b: g * scaled_power(a, b),  lambda g, y, a, b: g * y * log_of_base(a)),
    np.negative:   (lambda g, y, x: -g,),
    np.positive:   (lambda g, y, x: g,),
    np.reciprocal: (lambda g, y, x: -g * y * y,),
    np.square:     (lambda g, y, x: g * (2 * x),),
    np.sqrt:       (lambda g, y, x: g / (2 * y),),

    # exponentials
    np.exp:        (lambda g, y, x: g * y,),
    np.expm1:      (lambda g, y, x: g * np.exp(x),),            # y + 1 would cancel for x << 0
    np.log:        (lambda g, y, x: g / x,),
    np.log1p:      (lambda g, y, x: g / (1 + x),),
    np.logaddexp:  (lambda g, y, a, b: g * share_of_first(a, b),  lambda g, y, a, b: g * share_of_first(b, a)),
    np.sin:        (lambda g, y, x: g * np.cos(x),),
    np.cos:        (lambda g, y, x: -g * np.sin(x),),
    np.tanh:       (lambda g, y, x: g * (1 - y * y),),

    # kinks: a tie counts for the first argument; a constant is always put first, so np.maximum(0, Z) has slope 0 at 0
    np.absolute:   (lambda g, y, x: g * np.sign(x),),
    np.maximum:    (lambda g, y, a, b: g * (a >= b),            lambda g, y, a, b: g * (b > a)),
    np.minimum:    (lambda g, y, a, b: g * (a <= b),            lambda g, y, a, b: g * (b < a)),
    np.where:      (None,                                       if_true,  if_false),

    # reductions
    np.sum:        (lambda g, y, a, axis=None, *, keepdims=False: spread(g, a, axis, keepdims),),
    np.max:        (lambda g, y, a, axis=None, *, keepdims=False: share(g, y, a, axis, keepdims),),
    np.min:        (lambda g, y, a, axis=None, *, keepdims=False: share(g, y, a, axis, keepdims),),

    # shapes
    np.reshape:      (lambda g, y, a, shape: np.reshape(g, a.shape),),
    np.expand_dims:  (lambda g, y, a, axis: np.reshape(g, a.shape),),
    np.squeeze:      (lambda g, y, a, axis=None: np.reshape(g, a.shape),),
    np.ravel:        (lambda g, y, a: np.reshape(g, a.shape),),
    np.transpose:    (lambda g, y, a, axes=None: undo_transpose(g, axes),),
    np.swapaxes:     (lambda g, y, a, axis1, axis2: np.swapaxes(g, axis1, axis2),),
    np.broadcast_to: (lambda g, y, array, shape: unbroadcast(g, array.shape),),
    cast:            (lambda g, y, x, dtype: cast(g, x.dtype),),

    # indexing
    operator.getitem: (lambda g, y, x, index: scatter_add(g, index, x.shape),),
    scatter_add:      (lambda g, y, v, index, shape: g[index],),

    # linear algebra
    np.matmul:     (matmul_left, matmul_right),
    np.dot:        (dot_left, dot_right),
}  # fmt: skip


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """g summed over the axes along which an array of this shape was repeated."""
    extra = g.ndim - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and g.ndim == len(shape) and g.shape[i] != 1)
    return np.sum(g, axis=repeated, keepdims=True) if repeated else g


def count(x: Any, axis: Any) -> int:
    """How many entries a reduction of x over axis takes together."""
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    return prod(x.shape[i] for i in axes)


def mean(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    if a.dtype == np.float16:  # whose sums would overflow; NumPy adds in single precision too
        return cast(mean(cast(a, np.dtype(np.float32)), axis, keepdims=keepdims), a.dtype)
    return np.sum(a, axis=axis, keepdims=keepdims) / count(a, axis)


def var(a: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    deviation = a - mean(a, axis, keepdims=True)
    return np.sum(np.square(deviation), axis=axis, keepdims=keepdims) / max(count(a, axis) - ddof, 0)


def std(a: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.sqrt(var(a, axis, ddof=ddof, keepdims=keepdims))


def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    a = +a if low is None else np.maximum(low, a)
    return a if high is None else np.minimum(high, a)


COMPOSED: dict[Callable[..., Any], Callable[..., Any]] = {
    np.mean: mean,
    np.var: var,
    np.std: std,
    np.amax: lambda a, axis=None, *, keepdims=False: np.max(a, axis, keepdims=keepdims),
    np.amin: lambda a, axis=None, *, keepdims=False: np.min(a, axis, keepdims=keepdims),
    np.clip: clip,
    np.outer: lambda a, b: np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1)),
    np.copy: lambda a: np.positive(a),
}

PIECEWISE_CONSTANT = {
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.isnan, np.isinf, np.isfinite, np.signbit,
    np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round,
    np.any, np.all, np.argmax, np.argmin, np.argsort, np.count_nonzero, np.nonzero, np.flatnonzero, np.argwhere,
    np.isclose, np.allclose, np.array_equal, np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj,
    np.zeros_like, np.ones_like, np.empty_like, np.array_repr, np.array_str, np.array2string,
}  # fmt: skip

CONSTANT_FIRST = {np.maximum, np.minimum}  # what decides a tie; the value is that of the order given
