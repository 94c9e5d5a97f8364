"""Composed functions beyond their derivatives: values and precisions are NumPy's, and the rest is refused."""

import numpy as np
import pytest

from tinygrad_dnn import Tensor, grad

A = np.arange(12.0).reshape(3, 4) + 1
F4 = A.astype(np.float32)

SAME = {
    "two arrays at least 1-d": lambda t: np.atleast_1d(t, np.array([2.0, 0.0]))[1],
    "a product that would overflow": lambda t: np.prod(t * np.array([1e200, 1e-200, 1e200, 1e-200]), axis=1),
    "a sign of a tiny determinant": lambda t: np.linalg.slogdet(1e-5 * np.eye(100) * t[0, 0])[0],
    "posinf of 0": lambda t: np.nan_to_num(np.where(t > 3, t, np.inf), posinf=0.0),
    "imag of what is not finite": lambda t: np.imag(np.where(t > 3, t, np.nan)) + t,
    "power zero": lambda t: np.linalg.matrix_power(t[:, :3], 0),
    "a kernel with nan": lambda t: np.convolve(t[0], np.array([1.0, np.nan])),
    "filled with an integer": lambda t: np.full_like(t, 10),
    "a tuple axis by position": lambda t: np.mean(t, (0, 1)) + np.std(t, (0, 1)) + np.amax(t, (0, 1)),
    "weights in a list": lambda t: np.average(t, 1, [1.0, 2.0, 3.0, 4.0]),
    "outer with a number": lambda t: np.add.outer(t, 2.0),
    "sums of two copies": lambda t: np.take(t, [0, 1], 0),
}


@pytest.mark.parametrize("call", SAME.values(), ids=SAME.keys())
def test_values_are_numpys(call):
    found = call(Tensor(A))
    np.testing.assert_allclose(getattr(found, "data", found) if type(found) is Tensor else found, call(A), rtol=1e-13)


PRECISE = [np.median, lambda t: np.quantile(t, 0.3), np.nanmax, np.nanmean, lambda t: np.pad(t, 1, constant_values=2),
           lambda t: np.linspace(t[0], t[1], 3), lambda t: np.nan_to_num(t, posinf=1.0), np.prod, np.copy,
           lambda t: np.full_like(t, 2.0), lambda t: np.add.outer(t, 2.0), lambda t: np.vander(t[0])]  # fmt: skip


@pytest.mark.parametrize("call", PRECISE)
def test_precisions_are_numpys(call):
    assert call(Tensor(F4)).dtype == call(F4).dtype


REFUSED = {
    "an axis that is not there": lambda t: np.concatenate([t, t], axis=5),
    "axes that do not fit": lambda t: np.tensordot(t, t, 2 if t.shape[0] == t.shape[1] else ([0], [1])),
    "a quantile above 1": lambda t: np.quantile(t, 30),
    "an unknown mode": lambda t: np.correlate(t[0], t[1], "v"),
    "a negative number of differences": lambda t: np.diff(t, n=-1),
    "an rcond": lambda t: np.linalg.lstsq(t, np.ones(3), rcond=0.5),
    "the upper half": lambda t: np.linalg.eigh(t[:, :3], "U"),
    "out by position": lambda t: np.take(t, [0], 0, np.zeros((1, 4))),
    "a nan beside minus infinity": lambda t: np.nanmax(np.where(t > 3, -np.inf, np.nan) + 0 * t),
    "vectors of unlike length": lambda t: np.vecdot(t, t[:, :1]),
    "a gradient of one entry": lambda t: np.gradient(t[:1, 0]),
    "a table in vander": lambda t: np.vander(t),
    "a bound given twice": lambda t: np.clip(t, 0, 1, min=-1),
    "conditions that are none": lambda t: np.select([np.arange(4)], [t]),
    "an output index from nowhere": lambda t: np.einsum("ij->k", t),
    "an ellipsis that is lost": lambda t: np.einsum("...i->i", t),
    "a diagonal of a rectangle": lambda t: np.einsum("ii->", t),
    "full matrices": lambda t: np.linalg.svd(t),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_what_numpy_refuses_or_the_table_does_not_know_is_refused(call):
    with pytest.raises((TypeError, ValueError)):
        call(Tensor(A))


def test_weights_that_sum_to_zero_are_refused():
    with pytest.raises(ZeroDivisionError):
        np.average(Tensor(A), 1, [1.0, -1.0, 1.0, -1.0])


def test_the_slope_of_a_remainder_belongs_to_its_value():
    assert grad(lambda b: np.remainder(1.0, b))(0.1) == -9


def test_a_product_knows_its_derivative_where_entries_are_zero():
    np.testing.assert_array_equal(grad(np.prod)(np.array([2.0, 0.0, 3.0])), [0, 6, 0])
    np.testing.assert_array_equal(grad(np.prod)(np.array([2.0, 0.0, 0.0])), [0, 0, 0])
    assert grad(grad(lambda x: np.prod(np.array([1.0, 2.0]) * x)))(0.0) == 4
