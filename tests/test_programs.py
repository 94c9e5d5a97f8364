"""Random programs against HIPS autograd: the same code, once on its namespace and once on plain NumPy.

A program is 10 to 40 operations, each on values that stand before it, so that what is computed is used again.
TINYGRAD_PROGRAMS=100000 runs as many of them.
"""

import os

import numpy
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sampling import thorough

from tinygrad_dnn import grad

autograd = pytest.importorskip("autograd")

COUNT = int(os.environ.get("TINYGRAD_PROGRAMS", "2000"))
SEED = 20260101
TIGHT = 1e-9
SMALL = 1e-4  # a smaller gradient is what cancels of values of size 1, which round at 1e-16 each
MASK = numpy.arange(12).reshape(3, 4) % 3 > 0
ROWS = numpy.array([2, 0, 0, 1])
APART = numpy.random.default_rng(6).normal(size=(3, 4)) / 9  # keeps values from being equal, where slopes may differ
MIX = numpy.random.default_rng(5).normal(size=(4, 4)) / 2


def tame(np, a):
    """Between -1 and 1, so that no program grows without bound."""
    return np.tanh(a)


def table(np, a):
    """Any value as a (3, 4) table, by broadcasting or by summing what is too large."""
    return a if np.shape(a) == (3, 4) else np.zeros((3, 4)) + a


# Every operation takes two (3, 4) tables and gives something that broadcasts with one.
OPERATIONS = [
    lambda np, a, b: a + b,
    lambda np, a, b: a - 2.0 * b,
    lambda np, a, b: a * b,
    lambda np, a, b: a / (1.5 + tame(np, b)),
    lambda np, a, b: (1.5 + tame(np, a)) ** (1.0 + tame(np, b)),
    lambda np, a, b: tame(np, a) ** 3,
    lambda np, a, b: np.maximum(a, b + APART),
    lambda np, a, b: np.minimum(0.1, a + APART) * b,
    lambda np, a, b: np.where(MASK, a, b),
    lambda np, a, b: np.where(a + APART > 0.05, a, 0.01 * b),
    lambda np, a, b: np.exp(tame(np, a)),
    lambda np, a, b: np.log(1.1 + tame(np, a)),
    lambda np, a, b: np.sqrt(1.1 + tame(np, a)),
    lambda np, a, b: np.sin(a) * np.cos(b),
    lambda np, a, b: np.abs(a + APART),
    lambda np, a, b: np.logaddexp(a, b),
    lambda np, a, b: np.sum(a, axis=0),
    lambda np, a, b: np.mean(a * b, axis=1, keepdims=True),
    lambda np, a, b: np.max(a + APART, axis=0, keepdims=True),
    lambda np, a, b: np.min(a + APART),
    lambda np, a, b: np.var(a, axis=1, keepdims=True),
    lambda np, a, b: np.std(a + b + APART),
    lambda np, a, b: np.prod(tame(np, a), axis=0),
    lambda np, a, b: np.cumsum(a, axis=1),
    lambda np, a, b: np.dot(a, MIX),
    lambda np, a, b: np.dot(a, b.T) @ np.ones((3, 4)) / 3,
    lambda np, a, b: np.matmul(a.T, b)[:3],
    lambda np, a, b: np.einsum("ij,kj->ik", a, b) @ np.ones((3, 4)) / 4,
    lambda np, a, b: np.tensordot(a, b, axes=([1], [1]))[:, :1],
    lambda np, a, b: np.reshape(a, (4, 3)).T,
    lambda np, a, b: np.transpose(np.reshape(a, (2, 3, 2)), (1, 0, 2)).reshape((3, 4)),
    lambda np, a, b: np.roll(a, 1, axis=1),
    lambda np, a, b: np.flipud(a),
    lambda np, a, b: a[:, ::-1],
    lambda np, a, b: a[1:2],
    lambda np, a, b: a[:, 2:3] * b[0],
    lambda np, a, b: a[ROWS, numpy.arange(4)],
    lambda np, a, b: a[numpy.array([0, 0, 2])],
    lambda np, a, b: np.concatenate([a[:1], b[1:]], axis=0),
    lambda np, a, b: np.stack([a[0], b[1], a[2]]),
    lambda np, a, b: np.tile(a[:, :2], (1, 2)),
    lambda np, a, b: np.repeat(a[:, :2], 2, axis=1),
    lambda np, a, b: np.squeeze(np.expand_dims(a, 0)),
    lambda np, a, b: np.reshape(np.sort(np.reshape(a + APART, (12,))), (3, 4)),
    lambda np, a, b: np.diag(np.dot(a, b.T)).reshape((3, 1)),
    lambda np, a, b: np.outer(a[:, 0], b[0]),
    lambda np, a, b: np.linalg.norm(a + APART),
    lambda np, a, b: np.clip(a + APART, -0.6, 0.7) + b,
]

steps = st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 41), st.integers(0, 41))
programs = st.lists(steps, min_size=10, max_size=40)


def run(np, program, x, y):
    """The last values of a program, weighed and added up."""
    values = [x, y + np.zeros((3, 4))]
    for operation, i, j in program:
        a, b = values[-1 - i % len(values)], values[-1 - j % len(values)]
        values.append(tame(np, table(np, OPERATIONS[operation](np, a, b))))
    weights = numpy.cos(numpy.arange(12)).reshape(3, 4)
    return np.sum(weights * values[-1]) + np.sum(values[-2] ** 2) + np.sum(values[len(values) // 2])


@pytest.mark.parametrize("count", [200, thorough(COUNT)])
@pytest.mark.filterwarnings("ignore:Output seems independent")  # autograd says so of a gradient that is zero
def test_random_programs_have_the_gradients_of_autograd(count, record_property):
    import autograd.numpy as anp

    rng = numpy.random.default_rng(SEED)
    x, y = rng.normal(size=(3, 4)), rng.normal(size=(4,))
    agreed = []

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(programs)
    def agree(program):
        ours = grad(lambda x, y: run(numpy, program, x, y), (0, 1))(x, y)
        with numpy.errstate(all="ignore"):  # autograd divides by zero in the derivative of a product that holds one
            theirs = [autograd.grad(lambda x, y: run(anp, program, x, y), i)(x, y) for i in (0, 1)]
        if not all(numpy.all(numpy.isfinite(g)) for g in theirs):
            return
        g, expected = (numpy.concatenate([part.ravel() for part in parts]) for parts in (ours, theirs))
        size = max(numpy.max(numpy.abs(expected)), SMALL)
        assert numpy.max(numpy.abs(g - expected)) < TIGHT * size
        agreed.append(len(program))

    agree()
    operations = f"{min(agreed)} to {max(agreed)} operations"
    record_property("summary", f"{len(agreed):,} random programs of {operations} agree with autograd, seed {SEED}")
    assert len(agreed) >= 0.99 * count
