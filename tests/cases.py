"""A line per entry of the table of derivatives: how to call it, and on what. test_derivatives.py runs them all."""

import operator
from functools import partial

import numpy as np

from tinygrad_dnn.engine.derivatives import (
    assign,
    cast,
    eigenvalues,
    eigenvectors,
    join,
    left_vectors,
    log_abs_det,
    right_vectors,
    scatter_add,
    singular_values,
)  # fmt: skip

SHAPES = [(3, 4), (3, 1), (4,), (), (0, 3)]
PAIRS = [
    ((3, 4), (3, 4)),
    ((3, 4), (3, 1)),
    ((3, 1), (3, 4)),
    ((3, 4), (4,)),
    ((4,), (3, 4)),
    ((3, 4), ()),
    ((), (3, 4)),
    ((), ()),
    ((3, 1), (1, 4)),
    ((2, 3, 4), (3, 1)),
    ((0, 3), (0, 3)),
    ((0, 3), (3,)),
    ((0, 3), ()),
]


def real(rng, shape):
    """Standard normal numbers, kept away from 0, where some derivatives have kinks and poles."""
    x = rng.normal(size=shape)
    return x + np.where(x < 0, -0.3, 0.3)


def positive(rng, shape):
    return np.abs(real(rng, shape))


def small(rng, shape):
    return 0.3 * real(rng, shape)


def unary(function, sample=real):
    return [(function, sample, [shape]) for shape in SHAPES]


def binary(function, sample=real):
    return [(function, sample, list(pair)) for pair in PAIRS]


def reduction(function):
    return [
        (partial(function, axis=axis, keepdims=keepdims), real, [shape])
        for shape, axis in [
            ((3, 4), None), ((3, 4), 0), ((3, 4), -1), ((3, 4), (0, 1)), ((2, 3, 4), (0, -1)), ((4,), 0), ((3, 1), 1)
        ]
        for keepdims in (False, True)
    ] + [(function, real, [()])]  # fmt: skip


def matrices(function, *shapes):
    return [(function, real, list(pair)) for pair in shapes]


MATRICES = [((3, 4), (4, 2)), ((3, 4), (4,)), ((4,), (4, 2)), ((4,), (4,)), ((3, 3), (3, 3)), ((0, 3), (3, 2)),
            ((3, 0), (0, 2)), ((1, 4), (4, 1)), ((2, 3, 4), (4,)), ((2, 3, 4), (4, 5))]  # fmt: skip


def inside(rng, shape):
    """Numbers between -0.9 and 0.9, apart from 0."""
    return 0.9 * np.tanh(real(rng, shape))


def above_one(rng, shape):
    return 1.2 + positive(rng, shape)


def spaced(rng, shape):
    """Distinct numbers, none close to another: an order that small steps do not change."""
    n = int(np.prod(shape))
    return (rng.permutation(n) - n / 3 + 0.2 * rng.random(n)).reshape(shape)


def with_nan(rng, shape):
    x = spaced(rng, shape)
    x.flat[::3] = np.nan
    return x


def spd(rng, shape):
    """Symmetric positive definite matrices with well separated eigenvalues."""
    x = rng.normal(size=shape)
    return x @ np.swapaxes(x, -1, -2) / 2 + np.eye(shape[-1]) * np.arange(1, shape[-1] + 1)


def cases(*calls, shapes=((3, 4),), sample=real):
    """Each call on each list of shapes; a shape stands for a single argument."""
    lists = [[shape] if not shape or isinstance(shape[0], int) else list(shape) for shape in shapes]
    return [(call, sample, shapes) for call in calls for shapes in lists]


def parts(function, *arguments, **keywords):
    """A function of several results as one of a single: each is weighed differently and all are added up."""
    return lambda *x: sum((i + 1) * np.sum(np.sin(y)) for i, y in enumerate(function(*x, *arguments, **keywords)))


def written(function, *arguments):
    """A function that writes values into a copy, as one that returns the copy: f(copy, index, values, axis)."""

    def write(x, values):
        y = x * x
        function(y, *arguments[:1], values, *arguments[1:])
        return y

    return write


CUBE = [(2, 3, 4)]
SQUARE = [(3, 3), (2, 3, 3)]

INDICES = [
    1, -1, slice(1, None), slice(None, None, -2), (slice(None), 2), (None, 0), (..., 1), ([0, 0, 2],),
    (np.array([0, 2, 0]), np.array([1, 1, 1])), np.array([True, False, True]), (slice(0, 2), [1, 1]),
    (np.array([[0, 1], [1, 0]]), range(2)), np.arange(12).reshape(3, 4) % 2 == 0, (1, 2), (),
]  # fmt: skip

CASES = {
    np.add: binary(np.add),
    np.subtract: binary(np.subtract),
    np.multiply: binary(np.multiply),
    np.divide: binary(np.divide),
    np.power: binary(np.power, positive)
    + [(lambda x, n=n: np.power(x, n), real, [(3, 4)]) for n in (3, 0, -2, np.array([2.0, 0.0, 1.0, -1.0]))],
    np.negative: unary(np.negative),
    np.positive: unary(np.positive),
    np.reciprocal: unary(np.reciprocal),
    np.square: unary(np.square),
    np.sqrt: unary(np.sqrt, positive),
    np.exp: unary(np.exp),
    np.expm1: unary(np.expm1, small),
    np.log: unary(np.log, positive),
    np.log1p: unary(np.log1p, positive),
    np.logaddexp: binary(np.logaddexp),
    np.sin: unary(np.sin),
    np.cos: unary(np.cos),
    np.tanh: unary(np.tanh),
    np.absolute: unary(np.absolute),
    np.maximum: binary(np.maximum) + [(lambda x: np.maximum(0, x), real, [(3, 4)])],
    np.minimum: binary(np.minimum) + [(lambda x: np.minimum(x, 0), real, [(3, 4)])],
    np.where: binary(lambda a, b: np.where(np.array([True, False, True]).reshape(3, 1), a, b))[:1]
    + [
        (lambda a, b: np.where(np.arange(4) % 2 == 0, a, b), real, [(3, 4), (3, 1)]),
        (lambda a, b: np.where(a > 0, a, 0.01 * b), real, [(3, 4), (3, 4)]),
        (lambda a, b: np.where(True, a, b), real, [(), (3, 4)]),
        (lambda a: np.where(a > 0, a, 0.0), real, [(0, 3)]),
    ],
    np.sum: reduction(np.sum) + [(np.sum, real, [(0, 3)]), (lambda x: np.sum(x, 0), real, [(0, 3)])],
    np.max: reduction(np.max),
    np.min: reduction(np.min),
    np.mean: reduction(np.mean),
    np.var: reduction(np.var) + [(lambda x: np.var(x, 0, ddof=1), real, [(3, 4)])],
    np.std: reduction(np.std)[:-4],
    np.amax: reduction(np.amax),
    np.amin: reduction(np.amin),
    np.clip: [(lambda x: np.clip(x, -0.7, 0.9), real, [shape]) for shape in SHAPES]
    + [(np.clip, real, [(3, 4), (3, 1), ()])],
    np.reshape: [(lambda x: np.reshape(x, (2, 6)), real, [(3, 4)]), (lambda x: x.reshape(-1), real, [(3, 1)]),
                 (lambda x: x.reshape(1, 1), real, [()]), (lambda x: np.reshape(x, (3, 0)), real, [(0, 3)])],
    np.expand_dims: [(lambda x, a=a: np.expand_dims(x, a), real, [(3, 4)]) for a in (0, -1, (0, 3))],
    np.squeeze: [(np.squeeze, real, [(3, 1)]), (lambda x: np.squeeze(x, axis=1), real, [(3, 1)]),
                 (np.squeeze, real, [(1, 1)]), (np.squeeze, real, [()])],
    np.ravel: unary(np.ravel),
    np.transpose: unary(np.transpose)
    + [(lambda x, a=a: np.transpose(x, a), real, [(2, 3, 4)]) for a in ((2, 0, 1), (-1, 0, 1), None)],
    np.swapaxes: [(lambda x: np.swapaxes(x, 0, -1), real, [shape]) for shape in ((2, 3, 4), (0, 3))],
    np.broadcast_to: [(lambda x: np.broadcast_to(x, (2, 3, 4)), real, [shape]) for shape in [(3, 4), (3, 1), (4,), ()]],
    np.copy: unary(np.copy),
    cast: [(lambda x: cast(x, np.dtype(np.longdouble)), real, [(3, 4)])],
    operator.getitem: [(lambda x, i=i: x[i], real, [(3, 4)]) for i in INDICES]
    + [(lambda x: x[...], real, [()]), (lambda x: x[1:], real, [(0, 3)])]
    + [(lambda x: x[np.array([], int)], real, [(4,)])],
    scatter_add: [(lambda v: scatter_add(v, np.array([0, 2, 0]), (4, 2)), real, [(3, 2)]),
                  (lambda v: scatter_add(v, (slice(None), 1), (3, 4)), real, [(3,)])],
    assign: cases(lambda x, v: assign(x, v, 1), lambda x, v: assign(x, v, (slice(None), [0, 2, 0, 1])), shapes=[((3, 4), (4,)), ((3, 4), ())])
    + cases(lambda x, v: assign(x, v, np.array([0, 2, 0])), shapes=[((3, 4), (3, 4)), ((3, 4), (3, 1)), ((3,), (3,))])
    + cases(lambda x, v: assign(x, v, np.arange(12).reshape(3, 4) % 2 == 0), shapes=[((3, 4), (6,)), ((3, 4), ())])
    + cases(lambda x, v: assign(x, v, (slice(1, None), None, slice(0, 2))), shapes=[((3, 4), (1, 2, 1, 2))]),
    np.matmul: matrices(np.matmul, *MATRICES, ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((4,), (2, 4, 3))),
    np.dot: matrices(np.dot, *MATRICES, ((2, 3, 4), (5, 4, 2)), ((4,), (2, 4, 3)), ((), (3, 4)), ((3, 4), ()),
                     ((2, 0), (3, 0, 2))),
    np.outer: [(np.outer, real, [(3,), (4,)]), (np.outer, real, [(2, 2), (3,)])],
    # elementwise
    **{f: unary(f) for f in (np.exp2, np.arctan, np.sinh, np.cosh, np.arcsinh, np.deg2rad, np.radians, np.rad2deg,
                             np.degrees, np.fabs, np.conjugate, np.sinc, np.real)},
    **{f: unary(f, positive) for f in (np.log2, np.log10, np.cbrt)},
    **{f: unary(f, inside) for f in (np.tan, np.arcsin, np.arccos, np.arctanh)},
    np.arccosh: unary(np.arccosh, above_one),
    **{f: binary(f) for f in (np.logaddexp2, np.arctan2, np.hypot, np.fmax, np.fmin)},
    np.float_power: binary(np.float_power, positive),
    np.remainder: cases(lambda a: np.remainder(a, 0.7), lambda b: np.remainder(10.0, b), sample=above_one)
    + cases(np.remainder, shapes=[((3, 4), (4,))], sample=above_one),
    np.fmod: cases(lambda a: np.fmod(a, 0.7), sample=above_one) + cases(np.fmod, shapes=[((3, 4), (4,))], sample=above_one),
    np.copysign: cases(lambda a: np.copysign(a, np.array([1.0, -1.0, 1.0, -0.0])), np.copysign,
                       shapes=[(3, 4)])[:1] + cases(lambda a: np.copysign(a, -a), shapes=[(3, 4), ()]),
    np.heaviside: cases(lambda b: np.heaviside(np.array([0.0, 1.0, -1.0, 0.0]), b), shapes=[(3, 4), (4,)]),
    np.nan_to_num: cases(np.nan_to_num) + cases(lambda x: np.nan_to_num(np.where(x > 0, x, np.nan), nan=2.0)),
    np.select: cases(lambda a, b: np.select([a > 0.5, a > -0.5], [a, b * b], 0.1), shapes=[((3, 4), (3, 4))]),
    np.imag: cases(lambda x: np.imag(x) + x),
    np.full_like: cases(np.full_like, shapes=[((3, 4), ()), ((3, 4), (4,))]),
    # reductions
    np.prod: reduction(np.prod) + cases(lambda x: np.prod(x * np.array([1.0, 0, 1, 0]), axis=1), lambda x: np.prod(0 * x)),
    np.cumsum: cases(np.cumsum, lambda x: np.cumsum(x, 0), lambda x: np.cumsum(x, axis=-1), shapes=[(3, 4), (0, 3)]),
    np.cumprod: cases(np.cumprod, lambda x: np.cumprod(x, 0), lambda x: np.cumprod(x * np.array([1.0, 0, 1, 1]), axis=-1)),
    np.average: cases(np.average, lambda x: np.average(x, 0), lambda x: np.average(x, 1, np.arange(4.0)))
    + cases(lambda x, w: np.average(x, weights=w * w), shapes=[((3, 4), (3, 4))]),
    np.ptp: reduction(np.ptp)[:-1],
    np.median: [(c, spaced, s) for c, _, s in reduction(np.median)],
    np.quantile: cases(lambda x: np.quantile(x, 0.3), lambda x: np.quantile(x, [0.1, 0.77, 1.0], axis=1),
                       lambda x: np.quantile(x, 0.5, axis=(0, 1), keepdims=True),
                       *(lambda x, m=m: np.quantile(x, [0.0, 0.31, 0.5, 0.96], axis=1, method=m) for m in (
                           "lower", "higher", "nearest", "midpoint", "hazen", "weibull", "median_unbiased", "normal_unbiased",
                           "interpolated_inverted_cdf")), sample=spaced),
    np.percentile: cases(lambda x: np.percentile(x, 40, axis=0), lambda x: np.percentile(x, [0, 25, 100]), sample=spaced),
    **{f: cases(f, lambda x, f=f: f(x, axis=1), lambda x, f=f: f(np.where(x > -3, x, np.nan), axis=0, keepdims=True),
                sample=spaced) for f in (np.nansum, np.nanmean, np.nanmax, np.nanmin)},
    np.trace: cases(np.trace, lambda x: np.trace(x, 1), shapes=[(3, 4), (3, 3), (2, 2, 3)]),
    # moving entries
    np.flip: cases(np.flip, lambda x: np.flip(x, 0), lambda x: np.flip(x, (0, 1))),
    np.fliplr: cases(np.fliplr),
    np.flipud: cases(np.flipud),
    np.roll: cases(lambda x: np.roll(x, 2), lambda x: np.roll(x, (1, -1), axis=(0, 1))),
    np.rollaxis: cases(lambda x: np.rollaxis(x, 2), shapes=CUBE),
    np.moveaxis: cases(lambda x: np.moveaxis(x, 0, -1), lambda x: np.moveaxis(x, [0, 1], [2, 0]), shapes=CUBE),
    np.rot90: cases(np.rot90, lambda x: np.rot90(x, 2)),
    np.repeat: cases(lambda x: np.repeat(x, 2), lambda x: np.repeat(x, [1, 0, 2], axis=0)),
    np.tile: cases(lambda x: np.tile(x, 2), lambda x: np.tile(x, (2, 1, 3))),
    np.resize: cases(lambda x: np.resize(x, (2, 9))),
    np.diagonal: cases(np.diagonal, lambda x: np.diagonal(x, 1), shapes=[(3, 4), (2, 3, 3)]),
    np.take: cases(lambda x: np.take(x, [0, 5, 0]), lambda x: np.take(x, [2, 0], axis=1), lambda x: x.take(1, axis=0)),
    np.delete: cases(lambda x: np.delete(x, 1, axis=0)),
    np.take_along_axis: cases(lambda x: np.take_along_axis(x, np.array([[0, 0], [1, 3], [2, 2]]), 1)),
    **{f: cases(parts(f, 2), shapes=[shape]) for f, shape in (
        (np.split, (4, 3)), (np.array_split, (5, 3)), (np.hsplit, (3, 4)), (np.vsplit, (4, 3)), (np.dsplit, (2, 3, 4)))},
    **{f: cases(f, shapes=[(), (4,), (3, 4), (0, 3)]) for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d)},
    np.matrix_transpose: cases(np.matrix_transpose, shapes=CUBE),
    np.diag: cases(np.diag, lambda x: np.diag(x, 1), shapes=[(3, 4), (4,)]),
    np.diagflat: cases(np.diagflat, shapes=[(4,), (2, 2)]),
    np.tril: cases(np.tril, lambda x: np.tril(x, 1), shapes=[(3, 4), (2, 3, 3)]),
    np.triu: cases(np.triu, lambda x: np.triu(x, -1)),
    np.sort: cases(np.sort, lambda x: np.sort(x, axis=0), lambda x: np.sort(x, axis=None), sample=spaced),
    np.partition: cases(lambda x: np.partition(x, 1)[..., 1], sample=spaced),
    np.pad: cases(lambda x: np.pad(x, 1), lambda x: np.pad(x, ((1, 0), (2, 3)), constant_values=2.5),
                  *(lambda x, m=m: np.pad(x, ((1, 2), (0, 2)), m) for m in ("edge", "reflect", "symmetric", "wrap"))),
    # putting together
    join: cases(lambda a, b: join(a, b, axis=0), shapes=[((3, 4), (2, 4))]),
    np.concatenate: cases(lambda a, b: np.concatenate([a, b, a]), lambda a, b: np.concatenate((a, np.ones((1, 4)), b), axis=-2),
                          lambda a, b: np.concatenate([a, b], axis=None), shapes=[((3, 4), (2, 4)), ((0, 4), (2, 4))]),
    np.stack: cases(lambda a, b: np.stack([a, b, a]), lambda a, b: np.stack((a, b), axis=-1), shapes=[((3, 4), (3, 4)), ((), ())]),
    **{f: cases(lambda a, b, f=f: f([a, b]), lambda a, b, f=f: f((b, np.ones(np.shape(a)), a)), shapes=[((3,), (3,)), ((3, 3), (3, 3))])
       for f in (np.vstack, np.hstack, np.dstack, np.column_stack)},
    # differences and integrals
    np.diff: cases(np.diff, lambda x: np.diff(x, 2, axis=0)),
    np.gradient: cases(parts(np.gradient), parts(np.gradient, 0.5, 2.0), lambda x: np.gradient(x, 0.1, axis=1),
                       lambda x: np.gradient(x, axis=0, edge_order=2),
                       lambda x: np.gradient(x, np.array([0.0, 1.0, 1.5, 3.0]), axis=1),
                       parts(np.gradient, np.array([0.0, 0.5, 2.0]), 0.3, edge_order=2)),
    np.trapezoid: cases(np.trapezoid, lambda y: np.trapezoid(y, dx=0.3, axis=0), lambda y: np.trapezoid(y, np.arange(4.0) ** 2))
    + cases(np.trapezoid, shapes=[((4,), (4,)), ((3, 4), (3, 4))]),
    np.linspace: cases(lambda a, b: np.linspace(a, b, 5), lambda a, b: np.linspace(a, b, 4, endpoint=False, axis=-1),
                       shapes=[((), ()), ((3,), (3,))]),
    np.vander: cases(np.vander, lambda x: np.vander(x, 3, increasing=True), shapes=[(4,)]),
    # linear algebra
    np.inner: matrices(np.inner, ((4,), (4,)), ((3, 4), (2, 4)), ((2, 3, 4), (4,)), ((), (3,))),
    np.vdot: matrices(np.vdot, ((4,), (4,)), ((3, 4), (3, 4))),
    np.vecdot: matrices(np.vecdot, ((4,), (4,)), ((3, 4), (4,))),
    np.tensordot: matrices(lambda a, b: np.tensordot(a, b, 1), ((3, 4), (4, 2)))
    + matrices(np.tensordot, ((2, 3, 4), (3, 4, 5))) + matrices(lambda a, b: np.tensordot(a, b, ([0, 2], [1, 0])), ((2, 3, 4), (4, 2, 5))),
    np.kron: matrices(np.kron, ((2, 3), (3, 2)), ((3,), (2, 2)), ((2,), (3,))),
    np.cross: matrices(np.cross, ((4, 3), (4, 3)), ((3,), (4, 3))) + matrices(lambda a, b: np.cross(a, b, axis=0), ((3, 4), (3, 4))),
    np.einsum: [(lambda *x, s=s: np.einsum(s, *x), real, list(shapes)) for s, shapes in (
        ("ij,jk->ik", ((3, 4), (4, 2))), ("ij,jk", ((3, 4), (4, 2))), ("ij->ji", ((3, 4),)), ("ij->", ((3, 4),)),
        ("ii->i", ((3, 3),)), ("ii", ((3, 3),)), ("bij,bjk->bik", ((2, 3, 4), (2, 4, 5))), ("i,j->ij", ((3,), (4,))),
        ("ij,ij->i", ((3, 4), (3, 4))), ("ijk,jil->kl", ((2, 3, 4), (3, 2, 5))), ("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2))),
        ("...ij,...jk->...ik", ((2, 3, 4), (2, 4, 5))), ("...i,i->...", ((2, 3, 4), (4,))), ("iij,jk->ik", ((3, 3, 2), (2, 4))),
        ("ij,kl->il", ((2, 3), (4, 5))), ("i,i,i->i", ((3,), (3,), (3,))), ("ba", ((2, 3),)), ("...ij,...jk", ((1, 3, 4), (2, 4, 5))))],
    **{f: [(lambda a, v, f=f, m=m: f(a, v, m), real, list(shapes)) for m in ("full", "same", "valid")
           for shapes in (((5,), (3,)), ((6,), (4,)), ((3,), (5,)), ((4,), (6,)), ((4,), (4,)))] for f in (np.convolve, np.correlate)},
    np.linalg.inv: cases(np.linalg.inv, shapes=SQUARE, sample=spd),
    np.linalg.pinv: cases(np.linalg.pinv, shapes=[(3, 4), (4, 3), (3, 3)]),
    np.linalg.solve: cases(lambda a, b: np.linalg.solve(a + 3 * np.eye(3), b), shapes=[((3, 3), (3, 2)), ((3, 3), (3,)), ((2, 3, 3), (2, 3, 1)), ((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)), ((3, 3), (2, 3, 2))]),
    np.linalg.det: cases(np.linalg.det, shapes=[*SQUARE, (1, 1)])
    + cases(lambda a: np.linalg.det(a * np.array([1.0, 1, 0])), lambda a: np.linalg.det(a * np.array([1.0, 0, 0])), shapes=SQUARE),
    log_abs_det: cases(log_abs_det, shapes=SQUARE),
    # names of the array standard, and functions less often met
    np.compress: cases(lambda x: np.compress([True, False, True], x, axis=0), lambda x: x.compress([False, True, True])),
    np.extract: cases(lambda x: np.extract(np.arange(12).reshape(3, 4) % 5 == 0, x)),
    np.choose: cases(lambda a, b: np.choose(np.array([[0], [1], [1]]), [a, b]), shapes=[((3, 4), (3, 4)), ((3, 1), (4,))]),
    np.append: cases(np.append, lambda a, b: np.append(a, b, axis=0), shapes=[((3, 4), (2, 4))]),
    np.insert: cases(lambda a, v: np.insert(a, 1, v, axis=1), lambda a, v: np.insert(a, [0, 2, 2], v), shapes=[((3, 4), (3,))]),
    np.block: cases(lambda a, b: np.block([[a, np.ones((3, 1))], [b, np.zeros((2, 1))]]), shapes=[((3, 4), (2, 4))]),
    np.broadcast_arrays: cases(parts(np.broadcast_arrays), shapes=[((3, 4), (4,)), ((3, 1), ())]),
    np.meshgrid: cases(parts(np.meshgrid), parts(np.meshgrid, indexing="ij"), shapes=[((3,), (4,))]),
    np.piecewise: cases(lambda x: np.piecewise(x, [x < -0.5, x > 0.5], [lambda v: v * v, np.sin, lambda v: 0.1 * v]),
                        lambda x: np.piecewise(x, [x < 0], [0.0, np.exp])),
    np.real_if_close: unary(np.real_if_close),
    np.divmod: cases(lambda a: np.divmod(a, 0.7)[1], parts(np.divmod, 0.7), sample=above_one),
    np.modf: unary(lambda x: np.modf(x)[0]),
    np.ldexp: cases(lambda x: np.ldexp(x, np.array([1, -2, 0, 3]))),
    np.nanprod: cases(np.nanprod, lambda x: np.nanprod(np.where(x > -3, x, np.nan), axis=1), sample=spaced),
    **{f: cases(f, lambda x, f=f: f(np.where(x > -3, x, np.nan), axis=1, keepdims=True), sample=spaced)
       for f in (np.nanvar, np.nanstd, np.nanmedian)},
    **{f: cases(f, lambda x, f=f: f(np.where(x > -0.2, x, np.nan), axis=1)) for f in (np.nancumsum, np.nancumprod)},
    **{getattr(np, f): cases(lambda x, f=f: getattr(np, f)(x, axis=1)) for f in ("cumulative_sum", "cumulative_prod") if hasattr(np, f)},
    np.ediff1d: cases(np.ediff1d, lambda x: np.ediff1d(x, to_begin=[1.0, 2.0], to_end=np.array(3.0))),
    np.logspace: cases(lambda a, b: np.logspace(0.1 * a, 0.1 * b, 4), shapes=[((), ()), ((3,), (3,))]),
    np.interp: cases(lambda x, fp: np.interp(x, np.array([-2.0, -0.5, 0.1, 3.0]), fp), shapes=[((3, 4), (4,))], sample=small)
    + cases(lambda x: np.interp([-9.0, -0.3, 0.05, 9.0], np.sort(x), np.array([1.0, 4.0, 2.0, 3.0])), shapes=[(4,)], sample=spaced),
    np.polyval: cases(np.polyval, shapes=[((4,), (3, 2)), ((1,), (3,))]),
    **{getattr(np, f): matrices(getattr(np, f), *shapes) for f, shapes in (
        ("matvec", [((3, 4), (4,)), ((2, 3, 4), (2, 4))]), ("vecmat", [((3,), (3, 4)), ((2, 3), (2, 3, 4))])) if hasattr(np, f)},
    np.linalg.outer: matrices(np.linalg.outer, ((3,), (4,))),
    np.linalg.vecdot: matrices(np.linalg.vecdot, ((3, 4), (4,))),
    np.linalg.tensordot: matrices(lambda a, b: np.linalg.tensordot(a, b, axes=1), ((3, 4), (4, 2))),
    np.linalg.matmul: matrices(np.linalg.matmul, ((3, 4), (4, 2))),
    np.linalg.cross: matrices(np.linalg.cross, ((4, 3), (4, 3))),
    np.linalg.diagonal: cases(np.linalg.diagonal, shapes=[(2, 3, 3)]),
    np.linalg.matrix_transpose: cases(np.linalg.matrix_transpose, shapes=CUBE),
    np.linalg.trace: cases(np.linalg.trace, shapes=[(2, 3, 3)]),
    np.linalg.vector_norm: cases(lambda x: np.linalg.vector_norm(x, axis=1), lambda x: np.linalg.vector_norm(x, axis=0, ord=3, keepdims=True)),
    np.linalg.matrix_norm: cases(np.linalg.matrix_norm, lambda x: np.linalg.matrix_norm(x, ord=1)),
    np.linalg.cond: cases(np.linalg.cond, lambda a: np.linalg.cond(a, 1), lambda a: np.linalg.cond(a, -2), shapes=[(3, 3)], sample=spd),
    np.linalg.eigvalsh: cases(np.linalg.eigvalsh, lambda a: np.linalg.eigvalsh(a, UPLO="U"), shapes=SQUARE, sample=spd),
    np.linalg.svdvals: cases(np.linalg.svdvals, shapes=[(3, 4), (5, 3)]),
    # writing into the first argument
    **{f: cases(*(written(f, *arguments) for arguments in lists), shapes=shapes) for f, lists, shapes in (
        (np.copyto, [(), (), ], [((3, 4), (3, 4)), ((3, 4), (4,))]),
        (np.put, [([0, 5, -1], )], [((3, 4), (3,)), ((3, 4), ())]),
        (np.place, [(np.arange(12).reshape(3, 4) % 3 == 0,)], [((3, 4), (2,))]),
        (np.putmask, [(np.arange(12).reshape(3, 4) % 3 == 0,)], [((3, 4), (3, 4)), ((3, 4), (5,))]),
        (np.fill_diagonal, [()], [((3, 4), (3,)), ((4, 3), (2,)), ((3, 3), ())]),
        (np.put_along_axis, [(np.array([[0, 2], [1, 3], [3, 0]]), 1)], [((3, 4), (3, 2)), ((3, 4), (3, 1))]))},
    np.linalg.slogdet: cases(lambda a: np.linalg.slogdet(a)[1], lambda a: np.linalg.slogdet(a).logabsdet, shapes=SQUARE),
    np.linalg.cholesky: cases(np.linalg.cholesky, shapes=SQUARE, sample=spd),
    eigenvalues: cases(eigenvalues, shapes=SQUARE, sample=spd),
    eigenvectors: cases(lambda a: eigenvectors(a) ** 2, shapes=SQUARE, sample=spd),
    np.linalg.eigh: cases(lambda a: np.linalg.eigh(a)[0], lambda a: np.linalg.eigh(a, "U").eigenvectors ** 2, sample=spd, shapes=SQUARE),
    left_vectors: cases(lambda a: left_vectors(a) ** 2, shapes=[(3, 4), (5, 3), (3, 3), (2, 4, 2)]),
    singular_values: cases(singular_values, shapes=[(3, 4), (5, 3), (3, 3), (2, 4, 2)]),
    right_vectors: cases(lambda a: right_vectors(a) ** 2, shapes=[(3, 5), (4, 3), (3, 3), (2, 4, 2)]),
    np.linalg.svd: cases(lambda a: np.linalg.svd(a, compute_uv=False), lambda a: np.linalg.svd(a, full_matrices=False)[1],
                         lambda a: np.linalg.svd(a, full_matrices=False).U ** 2, lambda a: np.linalg.svd(a, False)[2] ** 2,
                         shapes=[(3, 4), (5, 3), (3, 3)]),
    np.linalg.lstsq: cases(lambda a, b: np.linalg.lstsq(a, b)[0], lambda a, b: np.linalg.lstsq(a, b)[1], shapes=[((5, 3), (5,)), ((5, 3), (5, 2))]),
    np.linalg.matrix_power: cases(*(lambda a, n=n: np.linalg.matrix_power(a, n) for n in (1, 3, -2)), shapes=SQUARE, sample=spd),
    np.linalg.multi_dot: cases(lambda a, b, c: np.linalg.multi_dot([a, b, c]), shapes=[((3, 4), (4, 2), (2, 3))]),
    np.linalg.norm: cases(np.linalg.norm, lambda x: np.linalg.norm(x, axis=1), *(
        lambda x, o=o: np.linalg.norm(x, o, axis=0, keepdims=True) for o in (1, 2, 3, 2.5, np.inf, -np.inf, 0)), *(
        lambda x, o=o: np.linalg.norm(x, o) for o in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
        lambda x: np.linalg.norm(x, axis=(0, 1), keepdims=True)) + cases(np.linalg.norm, shapes=CUBE),
}  # fmt: skip

if hasattr(np, "unstack"):  # NumPy 2.1
    CASES[np.unstack] = cases(parts(np.unstack), parts(np.unstack, axis=1))
if hasattr(np, "astype"):
    CASES[np.astype] = cases(lambda x: np.astype(x, np.float64))
