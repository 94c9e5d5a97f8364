"""A line per entry of the table of derivatives: how to call it, and on what. test_derivatives.py runs them all."""

import operator
from functools import partial

import numpy as np

from tinygrad_dnn.derivatives import cast, scatter_add

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
    np.matmul: matrices(np.matmul, *MATRICES, ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((4,), (2, 4, 3))),
    np.dot: matrices(np.dot, *MATRICES, ((2, 3, 4), (5, 4, 2)), ((4,), (2, 4, 3)), ((), (3, 4)), ((3, 4), ()),
                     ((2, 0), (3, 0, 2))),
    np.outer: [(np.outer, real, [(3,), (4,)]), (np.outer, real, [(2, 2), (3,)])],
}  # fmt: skip
