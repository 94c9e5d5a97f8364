"""The table of derivatives: a line per NumPy function, one vector-Jacobian product per argument.

g is the gradient that comes in (the cotangent of the output), y the output, then the function's own arguments. Each
entry answers: given g, what is the gradient of this argument? None stands for an argument without one. Everything is
written in NumPy, so that arrays give numbers and Tensors record themselves: gradients of gradients need no second
table. Broadcasting is not undone here but once, where the table is used.

To add a function: if it can be said with others, a line in compositions/; if it is a primitive, one in DERIVATIVES
here; if its derivative is zero wherever it exists, its name in PIECEWISE_CONSTANT. Then a line in tests/cases.py,
without which the tests fail. An entry's parameters have NumPy's names; those that NumPy takes but an entry does not are
refused by name when they are used.
"""

import itertools
import operator
from collections.abc import Callable, Iterator
from functools import wraps
from math import prod
from typing import Any

import numpy as np

Rule = Callable[..., Any]


def records(x: Any) -> bool:
    """Whether x is a tensor, and no array of any library."""
    return getattr(type(x), "records", False)


def dispatching(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of ours that dispatches as NumPy's own do, so that it can stand in the table."""

    @wraps(function)
    def dispatch(*arguments: Any) -> Any:
        for a in arguments:
            for x in a if type(a) is tuple else (a,):  # an index may hold some
                if records(x):
                    return x.__array_function__(dispatch, (type(x),), arguments, {})
        return function(*arguments)

    return dispatch


@dispatching
def scatter_add(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """The adjoint of indexing: zeros of the given shape with g added at index, repeated indices summed."""
    x = np.zeros_like(g, shape=shape)
    if may_repeat(index):
        np.add.at(x, index, g)
    else:
        x[index] = g
    return x


def may_repeat(index: Any) -> bool:
    """Whether an index can meet an entry twice: only arrays, lists and ranges of integers can."""
    parts = index if isinstance(index, tuple) else (index,)
    arrays = (part if hasattr(part, "dtype") else np.asarray(part) for part in parts if not isinstance(part, slice))
    return any(part.ndim > 0 and part.dtype != bool for part in arrays)


def is_basic(index: Any) -> bool:
    """Whether indexing gives a view: by slices and numbers, and not by arrays or masks."""
    parts = index if isinstance(index, tuple) else (index,)
    return not may_repeat(index) and not any(isinstance(part, np.ndarray | np.bool_ | bool) for part in parts)


@dispatching
def assign(x: Any, value: Any, index: Any) -> Any:
    """A copy of x with x[index] = value."""
    y = x.copy()
    y[index] = value
    return y


def assigned(g: Any, y: Any, x: Any, value: Any, index: Any) -> Any:
    """The gradient of an assigned value: g where it stands, zero where another was written over it."""
    part = g[index]
    if may_repeat(index):
        writes = np.reshape(np.arange(part.size), part.shape)
        last = np.full(x.shape, -1)
        last[index] = writes
        part = np.where(last[index] == writes, part, 0.0)
    shape = np.shape(value)
    return np.reshape(unbroadcast(part, shape[max(len(shape) - part.ndim, 0) :]), shape)


def join(*arrays: Any, axis: int) -> Any:
    """The arrays one after the other along an axis; np.concatenate with each array an argument of its own."""
    tensor = next(filter(records, arrays), None)
    if tensor is None:
        return np.concatenate(arrays, axis=axis)
    return tensor.__array_function__(join, (type(tensor),), arrays, {"axis": axis})


class EveryArgument:
    """The rules of a function of any number of arguments: rule(i) is that of the i-th."""

    def __init__(self, rule: Callable[[int], Rule]) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Rule]:
        return map(self.rule, itertools.count())

    def __getitem__(self, i: int) -> Rule:
        return self.rule(i)


def own_part(i: int) -> Rule:
    """The part of g that belongs to the i-th of joined arrays."""

    def rule(g: Any, y: Any, *arrays: Any, axis: int) -> Any:
        start = sum(a.shape[axis] for a in arrays[:i])
        index = [slice(None)] * g.ndim
        index[axis] = slice(start, start + arrays[i].shape[axis])
        return g[tuple(index)]

    return rule


@dispatching
def cast(x: Any, dtype: Any) -> Any:
    """x in another floating precision."""
    return x.astype(dtype)


@dispatching
def agrees(values: Any, expected: Any) -> Any:
    """Whether two arrays hold the same numbers but for rounding, to half of their digits."""
    eps = max((float(np.finfo(x.dtype).eps) for x in (values, expected) if x.dtype.kind == "f"), default=0.0)
    size = np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))
    return np.bool_(np.allclose(values, expected, 0, size * eps**0.5, equal_nan=True))


def if_true(g: Any, _: Any, condition: Any, x: Any, y: Any) -> Any:
    """The gradient of what np.where takes where the condition holds; y is NumPy's name for the other choice."""
    return np.where(condition, g, 0.0)


def if_false(g: Any, _: Any, condition: Any, x: Any, y: Any) -> Any:
    """The gradient of what np.where takes where the condition does not hold."""
    return np.where(condition, 0.0, g)


def spread(g: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """g, which lost its axes in a reduction of x, on the shape of x again."""
    if axis is not None and not keepdims and x.ndim:  # NumPy takes axis=0 of a number too
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


def share(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of an extreme: all of g where x attains it, in equal parts where several entries do."""
    attained = x == spread(y, x, axis, keepdims)
    return spread(g, x, axis, keepdims) * attained / np.sum(attained, axis=axis, keepdims=True)


def scaled_power(a: Any, b: Any) -> Any:
    """b a^(b-1), and 0 at a = b = 0."""
    if isinstance(b, int | float) and b != 0:
        return b * a ** (b - 1.0)
    return b * np.power(np.where((b == 0) & (a == 0), 1.0, a), b - 1.0)  # b - 1 could leave the range of an integer b


def log_of_base(a: Any) -> Any:
    """log a for the derivative of a^b by b, whose limit at a = 0 is 0."""
    return np.log(np.where(a == 0, 1.0, a))


LOG_2, LOG_10, DEGREE = float(np.log(2)), float(np.log(10)), float(np.pi / 180)


def each(g: Any) -> Any:
    """A number for each matrix of a stack, ready to multiply the matrices."""
    return np.reshape(g, (*g.shape, 1, 1))


def share_of_first(a: Any, b: Any) -> Any:
    """e^a / (e^a + e^b), without overflow."""
    return np.exp(-np.logaddexp(0.0, b - a))


def flip_matrix(x: Any) -> Any:
    """x with its last two axes exchanged."""
    return x.T if type(x) is np.ndarray and x.ndim == 2 else np.swapaxes(x, -1, -2)


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


def others(a: Any, axis: Any) -> Any:
    """For each entry the product of the others in its reduction: what stands before it, times what stands after."""
    axes = tuple(range(a.ndim)) if axis is None else tuple(int(i) % max(a.ndim, 1) for i in np.atleast_1d(axis))
    axes = axes if a.ndim else ()
    order = (*(i for i in range(a.ndim) if i not in axes), *axes)
    moved = np.transpose(a, order) if a.ndim else a
    rest = moved.shape[: a.ndim - len(axes)]
    x = np.reshape(moved, (*rest, prod(a.shape[i] for i in axes)))
    if x.shape[-1] == 0:
        return np.ones(a.shape, a.dtype)
    one = np.ones((*rest, 1), a.dtype)
    before = np.cumprod(join(one, x[..., :-1], axis=len(rest)), axis=-1)
    after = np.flip(np.cumprod(join(one, np.flip(x[..., 1:], -1), axis=len(rest)), axis=-1), -1)
    product = np.reshape(before * after, moved.shape)
    return np.transpose(product, tuple(np.argsort(order))) if a.ndim else product


def undo_cumsum(g: Any, axis: int | None, shape: tuple[int, ...]) -> Any:
    """The sums of g from each place to the end."""
    axis = 0 if axis is None else axis
    return np.reshape(np.flip(np.cumsum(np.flip(g, axis), axis), axis), shape)


def below(g: Any) -> Any:
    """The gradient of a symmetric matrix of which only the lower triangle is read."""
    return np.tril(g + flip_matrix(g), -1) + np.tril(np.triu(g))


def invert_gaps(w: Any) -> Any:
    """1 / (w_j - w_i), and 0 where i = j."""
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    same = np.eye(w.shape[-1])
    return (1 - same) / (gaps + same)


def eigh(a: Any, upper: bool) -> Any:
    return np.linalg.eigh(flip_matrix(a), "U") if upper else np.linalg.eigh(a)


@dispatching
def eigenvalues(a: Any, upper: bool = False) -> Any:
    """The eigenvalues of a symmetric matrix, ascending; upper: as NumPy finds them of the upper triangle of a^T."""
    return eigh(a, upper)[0]


@dispatching
def eigenvectors(a: Any, upper: bool = False) -> Any:
    """The eigenvectors of a symmetric matrix, as columns, whose signs differ by the triangle that is read."""
    return eigh(a, upper)[1]


def eigenvalues_rule(g: Any, y: Any, a: Any, upper: bool = False) -> Any:
    """dA = V diag(dw) V^T."""
    V = eigenvectors(a)
    return below((V * np.expand_dims(g, -2)) @ flip_matrix(V))


def eigenvectors_rule(g: Any, y: Any, a: Any, upper: bool = False) -> Any:
    """dA = V (F * (V^T dV)) V^T with F_ij = 1 / (w_j - w_i)."""
    return below(y @ (invert_gaps(eigenvalues(a)) * (flip_matrix(y) @ g)) @ flip_matrix(y))


@dispatching
def left_vectors(a: Any) -> Any:
    """U of the reduced singular value decomposition A = U diag(s) V^T."""
    return np.linalg.svd(a, full_matrices=False)[0]


@dispatching
def singular_values(a: Any) -> Any:
    """s of A = U diag(s) V^T, descending."""
    return np.linalg.svd(a, compute_uv=False)


@dispatching
def right_vectors(a: Any) -> Any:
    """V^T of the reduced singular value decomposition A = U diag(s) V^T."""
    return np.linalg.svd(a, full_matrices=False)[2]


def turning(vectors: Any, g: Any, s: Any) -> Any:
    """F * (V^T dV - dV^T V) with F_ij = 1 / (s_j^2 - s_i^2): how far the vectors turn into each other."""
    inside = flip_matrix(vectors) @ g
    return invert_gaps(s * s) * (inside - flip_matrix(inside))


def left_rule(g: Any, y: Any, a: Any) -> Any:
    """dA = U (F * (U^T dU - dU^T U)) S V^T + (1 - U U^T) dU S^-1 V^T. Townsend, 2016."""
    s = np.expand_dims(singular_values(a), -2)
    turned = y @ (turning(y, g, singular_values(a)) * s)
    return (turned + (g - y @ (flip_matrix(y) @ g)) / s) @ right_vectors(a)


def right_rule(g: Any, y: Any, a: Any) -> Any:
    """dA = U S (F * (V^T dV - dV^T V)) V^T + U S^-1 dV^T (1 - V V^T)."""
    V, dV, s = flip_matrix(y), flip_matrix(g), np.expand_dims(singular_values(a), -1)
    turned = (s * turning(V, dV, singular_values(a))) @ y
    return left_vectors(a) @ (turned + (g - (g @ V) @ y) / s)


def cholesky_rule(g: Any, y: Any, a: Any) -> Any:
    """dA = L^-T P L^-1, P the lower half of L^T dL; of which A's lower triangle takes its own and the upper's part."""
    P = np.tril(flip_matrix(y) @ g) * (1 - np.eye(a.shape[-1]) / 2)
    inner = np.linalg.solve(flip_matrix(y), P)
    return below(flip_matrix(np.linalg.solve(flip_matrix(y), flip_matrix(inner))))


def cofactors(a: Any) -> Any:
    """(-1)^(i+j) times the determinant of a without row i and column j, which is the derivative of det a by a_ij."""
    n = a.shape[-1]
    if n == 1:
        return a * 0 + 1
    rest = np.array([[k for k in range(n) if k != i] for i in range(n)])
    minors = a[..., rest[:, None, :, None], rest[None, :, None, :]]
    return np.linalg.det(minors) * (-1.0) ** np.add.outer(np.arange(n), np.arange(n))


def det_rule(g: Any, y: Any, a: Any) -> Any:
    """dA = dy det(A) A^-T, and by cofactors where a matrix is singular or close to it."""
    s = np.linalg.svd(a.data if records(a) else a, compute_uv=False)
    if np.any(s[..., -1:] <= 1e-4 * s[..., :1]):  # below, the second derivative would lose half of its digits
        return each(g) * cofactors(a)
    return each(g * y) * flip_matrix(np.linalg.inv(a))


@dispatching
def log_abs_det(a: Any) -> Any:
    """log |det A|."""
    return np.linalg.slogdet(a)[1]


def pinv_rule(g: Any, y: Any, a: Any) -> Any:
    """dA = -P^T dP P^T + (1 - A P) dP^T P P^T + P^T P dP^T (1 - P A), P the pseudo-inverse. Golub and Pereyra, 1973."""
    s = np.linalg.svd(a.data if records(a) else a, compute_uv=False)
    if np.any(s <= 1e-15 * np.max(s, initial=0)):  # NumPy's own limit for a singular value that counts as 0
        raise ValueError("np.linalg.pinv: the matrix has not full rank; the pseudo-inverse jumps there")
    P, PT, gT = y, flip_matrix(y), flip_matrix(g)
    left, right = np.eye(a.shape[-2]) - a @ P, np.eye(a.shape[-1]) - P @ a
    return -PT @ g @ PT + left @ gT @ P @ PT + PT @ P @ gT @ right


def solve_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dB = A^-T dX."""
    if b.ndim == 1:
        return np.linalg.solve(flip_matrix(a), np.expand_dims(g, -1))[..., 0]
    return np.linalg.solve(flip_matrix(a), g)


def solve_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """dA = -dB X^T; a vector b is a column."""
    dB = solve_right(g, y, a, b)
    if b.ndim == 1:
        return -np.expand_dims(dB, -1) * np.expand_dims(y, -2)
    return -dB @ flip_matrix(y)


def undo_transpose(g: Any, axes: Any) -> Any:
    """The transpose that puts the axes back where they were."""
    return np.transpose(g, None if axes is None else tuple(np.argsort(np.asarray(axes) % len(axes))))


DERIVATIVES: dict[Callable[..., Any], Any] = {  # of tuples: a rule per argument
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
    np.cbrt:       (lambda g, y, x: g / (3 * y * y),),
    np.float_power: (lambda g, y, a, b: g * scaled_power(a, b), lambda g, y, a, b: g * y * log_of_base(a)),
    np.remainder:  (lambda g, y, a, b: g,                       lambda g, y, a, b: -g * np.floor_divide(a, b)),
    np.fmod:       (lambda g, y, a, b: g,                       lambda g, y, a, b: -g * np.rint((a - y) / b)),
    np.conjugate:  (lambda g, y, x: g,),

    # exponentials
    np.exp:        (lambda g, y, x: g * y,),
    np.expm1:      (lambda g, y, x: g * np.exp(x),),            # y + 1 would cancel for x << 0
    np.log:        (lambda g, y, x: g / x,),
    np.log1p:      (lambda g, y, x: g / (1 + x),),
    np.logaddexp:  (lambda g, y, a, b: g * share_of_first(a, b),  lambda g, y, a, b: g * share_of_first(b, a)),
    np.exp2:       (lambda g, y, x: g * y * LOG_2,),
    np.log2:       (lambda g, y, x: g / (x * LOG_2),),
    np.log10:      (lambda g, y, x: g / (x * LOG_10),),
    np.logaddexp2: (lambda g, y, a, b: g * share_of_first(a * LOG_2, b * LOG_2),
                    lambda g, y, a, b: g * share_of_first(b * LOG_2, a * LOG_2)),

    # trigonometric and hyperbolic functions
    np.sin:        (lambda g, y, x: g * np.cos(x),),
    np.cos:        (lambda g, y, x: -g * np.sin(x),),
    np.tan:        (lambda g, y, x: g * (1 + y * y),),
    np.arcsin:     (lambda g, y, x: g / np.sqrt(1 - x * x),),
    np.arccos:     (lambda g, y, x: -g / np.sqrt(1 - x * x),),
    np.arctan:     (lambda g, y, x: g / (1 + x * x),),
    np.arctan2:    (lambda g, y, a, b: g * b / (a * a + b * b), lambda g, y, a, b: -g * a / (a * a + b * b)),
    np.hypot:      (lambda g, y, a, b: g * a / y,               lambda g, y, a, b: g * b / y),
    np.sinh:       (lambda g, y, x: g * np.cosh(x),),
    np.cosh:       (lambda g, y, x: g * np.sinh(x),),
    np.tanh:       (lambda g, y, x: g * (1 - y * y),),
    np.arcsinh:    (lambda g, y, x: g / np.sqrt(1 + x * x),),
    np.arccosh:    (lambda g, y, x: g / np.sqrt(x * x - 1),),
    np.arctanh:    (lambda g, y, x: g / (1 - x * x),),
    np.deg2rad:    (lambda g, y, x: g * DEGREE,),
    np.radians:    (lambda g, y, x: g * DEGREE,),
    np.rad2deg:    (lambda g, y, x: g / DEGREE,),
    np.degrees:    (lambda g, y, x: g / DEGREE,),

    # kinks: a tie counts for the first argument; a constant is always put first, so np.maximum(0, Z) has slope 0 at 0
    np.absolute:   (lambda g, y, x: g * np.sign(x),),
    np.fabs:       (lambda g, y, x: g * np.sign(x),),
    np.copysign:   (lambda g, y, a, b: g * np.sign(a) * np.where(np.signbit(b), -1.0, 1.0),  None),
    np.heaviside:  (None,                                       lambda g, y, a, b: g * (a == 0)),
    np.maximum:    (lambda g, y, a, b: g * (a >= b),            lambda g, y, a, b: g * (b > a)),
    np.minimum:    (lambda g, y, a, b: g * (a <= b),            lambda g, y, a, b: g * (b < a)),
    np.fmax:       (lambda g, y, a, b: g * ((a >= b) | np.isnan(b)),  lambda g, y, a, b: g * ((b > a) | np.isnan(a))),
    np.fmin:       (lambda g, y, a, b: g * ((a <= b) | np.isnan(b)),  lambda g, y, a, b: g * ((b < a) | np.isnan(a))),
    np.where:      (None,                                       if_true,  if_false),

    # reductions
    np.sum:        (lambda g, y, a, axis=None, *, keepdims=False: spread(g, a, axis, keepdims),),
    np.max:        (lambda g, y, a, axis=None, *, keepdims=False: share(g, y, a, axis, keepdims),),
    np.min:        (lambda g, y, a, axis=None, *, keepdims=False: share(g, y, a, axis, keepdims),),

    np.prod:       (lambda g, y, a, axis=None, *, keepdims=False: spread(g, a, axis, keepdims) * others(a, axis),),
    np.cumsum:     (lambda g, y, a, axis=None: undo_cumsum(g, axis, a.shape),),

    # shapes
    np.reshape:      (lambda g, y, a, shape: np.reshape(g, a.shape),),
    np.expand_dims:  (lambda g, y, a, axis: np.reshape(g, a.shape),),
    np.squeeze:      (lambda g, y, a, axis=None: np.reshape(g, a.shape),),
    np.ravel:        (lambda g, y, a: np.reshape(g, a.shape),),
    np.transpose:    (lambda g, y, a, axes=None: undo_transpose(g, axes),),
    np.swapaxes:     (lambda g, y, a, axis1, axis2: np.swapaxes(g, axis1, axis2),),
    np.broadcast_to: (lambda g, y, array, shape: unbroadcast(g, array.shape),),
    np.copy:         (lambda g, y, a: g,),
    cast:            (lambda g, y, x, dtype: cast(g, x.dtype),),

    join:            EveryArgument(own_part),

    # indexing
    operator.getitem: (lambda g, y, x, index: scatter_add(g, index, x.shape),),
    scatter_add:      (lambda g, y, v, index, shape: g[index],),
    assign:           (lambda g, y, x, value, index: assign(g, 0.0, index),  assigned),

    # linear algebra
    np.matmul:     (matmul_left, matmul_right),
    np.dot:        (dot_left, dot_right),
    np.linalg.inv:      (lambda g, y, a: -flip_matrix(y) @ g @ flip_matrix(y),),
    np.linalg.pinv:     (pinv_rule,),
    np.linalg.solve:    (solve_left, solve_right),
    np.linalg.det:      (det_rule,),
    log_abs_det:        (lambda g, y, a: each(g) * flip_matrix(np.linalg.inv(a)),),
    np.linalg.cholesky: (cholesky_rule,),
    eigenvalues:        (eigenvalues_rule,),
    left_vectors:       (left_rule,),
    singular_values:    (lambda g, y, a: (left_vectors(a) * np.expand_dims(g, -2)) @ right_vectors(a),),
    right_vectors:      (right_rule,),
    eigenvectors:       (eigenvectors_rule,),
}  # fmt: skip


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """g summed over the axes along which an array of this shape was repeated."""
    extra = g.ndim - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and g.ndim == len(shape) and g.shape[i] != 1)
    return np.sum(g, axis=repeated, keepdims=True) if repeated else g


PIECEWISE_CONSTANT = {
    agrees,
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.isnan, np.isinf, np.isfinite, np.signbit,
    np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round, np.around, np.fix, np.floor_divide, np.angle,
    np.any, np.all, np.argmax, np.argmin, np.argsort, np.argpartition, np.count_nonzero, np.nonzero, np.flatnonzero,
    np.argwhere, np.searchsorted, np.digitize, np.lexsort, np.nanargmax, np.nanargmin, np.isin,
       np.isclose, np.allclose, np.array_equal, np.array_equiv, np.linalg.matrix_rank, np.shape, np.ndim, np.size,
    np.result_type, np.isposinf, np.isneginf,
       np.iscomplex, np.iscomplexobj, np.isrealobj, np.tril_indices_from, np.triu_indices_from, np.diag_indices_from,
    np.isreal, np.zeros_like, np.ones_like, np.empty_like,
    np.array_repr, np.array_str, np.array2string,
}  # fmt: skip

# What NumPy returns as a view: a later change of the one is seen in the other.
VIEWS = {np.reshape, np.ravel, np.expand_dims, np.squeeze, np.transpose, np.swapaxes, np.broadcast_to}

CONSTANT_FIRST = {np.maximum, np.minimum, np.fmax, np.fmin}  # what decides a tie; the value is that of the order given
