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
    "a fold from the left": lambda t: np.subtract.reduce(t, axis=1) + np.divide.reduce(t, axis=1),
    "a reduction goes over the first axis": lambda t: (
        np.add.reduce(t) * np.multiply.reduce(t) + np.maximum.reduce(t) - np.minimum.reduce(t)
    ),
    "an accumulation too": lambda t: np.add.accumulate(t) + np.multiply.accumulate(t) + np.subtract.accumulate(t),
    "log of a sum of exponentials": lambda t: (
        np.logaddexp.reduce(t, axis=None) + np.logaddexp.reduce(t, 1, keepdims=True)
    ),
    "steps of a fold": lambda t: np.hypot.accumulate(t, axis=1),
    "a remainder of a number": lambda t: 7 % t + np.divmod(7.0, t)[1] + divmod(t, 3)[1] + 7 // t + divmod(7, t)[0],
    "defaults given": lambda t: np.sum(t, axis=0, dtype=None, out=None, where=True) + np.exp(t, out=None, where=True),
    "another precision": lambda t: np.sum(t, dtype=np.float32) + np.mean(t, axis=0, dtype=np.longdouble),
    "ufuncs in another precision": lambda t: np.add(t, 1.0, dtype=np.float32) * np.sqrt(t, dtype="f8"),
    "a list of rows in another precision": lambda t: np.stack([t[0], t[1]], dtype=np.float32),
    "an axis of a number": lambda t: np.sum(t[0, 0], axis=0) + np.max(np.sum(t), axis=-1),
    "lists as operands": lambda t: (
        np.kron(t[0], [1.0, 2.0])[:4] + np.vdot(t[0], [1, 2, 3, 4]) + np.inner(t[0], (1, 0, 0, 1))
    ),
    "indices as lists": lambda t: (
        np.einsum(t, [0, 1], np.ones(4), [1], [0]) + np.einsum(t[:, 1:], [0, 0], t, [0, 1])[0]
    ),
    "a way of summing": lambda t: np.einsum("ij,kj->ik", t, t, optimize=True) + np.einsum("i,i", t[0], [1, 2, 3, 4]),
    "a keyword for a": lambda t: np.round(a=t) + np.isclose(a=t, b=t) + np.around(t, 1) + round(t[0, 0], 1),
    "sums of two copies": lambda t: np.take(t, [0, 1], 0),
}


@pytest.mark.parametrize("call", SAME.values(), ids=SAME.keys())
def test_values_are_numpys(call):
    found = call(Tensor(A))
    np.testing.assert_allclose(getattr(found, "data", found) if type(found) is Tensor else found, call(A), rtol=1e-13)


METHODS = {  # of an array: how to call them; what is not here raises and says what to write
    "astype": ("f4",), "clip": (2, 5), "dot": (np.ones(4),), "fill": (2.0,), "item": None, "partition": (1,),
    "put": ([0, 5], [1.0, 2.0]), "reshape": (4, 3), "repeat": (2,), "searchsorted": None, "sort": (),
    "compress": ([True, False],), "squeeze": (), "argpartition": (1,), "choose": None, "take": ([0, 1],),
    "swapaxes": (0, 1), "all": (), "any": (), "argmax": (), "argmin": (), "argsort": (), "conj": (), "conjugate": (),
    "copy": (), "cumprod": (), "cumsum": (), "diagonal": (), "flatten": (), "max": (), "mean": (), "min": (),
    "nonzero": (), "prod": (), "ravel": (), "round": (), "std": (), "sum": (), "trace": (), "transpose": (), "var": (),
}  # fmt: skip
OTHER_ATTRIBUTES = {"T", "mT", "real", "imag", "shape", "ndim", "size", "dtype", "data", "base", "flat"}


@pytest.mark.parametrize("name", [name for name in dir(np.ndarray) if name[0] != "_"])
def test_every_method_of_an_array_means_the_same_or_raises(name):
    t, a = Tensor(A) * 1.0, A.copy()
    if METHODS.get(name) is not None:
        found, expected = (getattr(x, name)(*METHODS[name]) for x in (t, a))
        if expected is None:  # it changed its array
            found, expected = t, a
        for y, z in zip(*((x if isinstance(x, tuple) else (x,)) for x in (found, expected)), strict=True):
            np.testing.assert_allclose(y.data if type(y) is Tensor else y, z, rtol=1e-14)
    elif name in OTHER_ATTRIBUTES - {"data", "base", "flat"}:
        np.testing.assert_array_equal(getattr(getattr(t, name), "data", getattr(t, name)), getattr(a, name))
    elif name not in OTHER_ATTRIBUTES | METHODS.keys():
        with pytest.raises(AttributeError, match=f"t.data.{name} is that of the plain array"):
            getattr(t, name)


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
    "an unknown mode": lambda t: np.correlate(t[0], t[1], "zz"),
    "a negative number of differences": lambda t: np.diff(t, n=-1),
    "an rcond that leaves no full rank": lambda t: np.linalg.lstsq(t, np.ones(3), rcond=0.5),
    "a gradient of a pseudo-inverse that jumps": lambda t: np.sum(np.linalg.pinv(t)).backward(),
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


def test_weights_of_another_precision_are_added_up_in_the_wider_one():
    rng = np.random.default_rng(4)
    for _ in range(50):
        a, weights = rng.normal(size=(3, 4)), np.abs(rng.normal(size=(3, 4))).astype(np.float32)
        found = np.average(Tensor(a), axis=0, weights=weights)
        np.testing.assert_allclose(found.data, np.average(a, axis=0, weights=weights), 1e-13, 1e-15)


def test_the_vectors_of_the_upper_triangle_have_its_signs():
    rng = np.random.default_rng(3)
    for _ in range(20):
        a = rng.normal(size=(4, 4))
        a = a @ a.T
        np.testing.assert_allclose(np.linalg.eigh(Tensor(a), "U")[1].data, np.linalg.eigh(a, "U")[1], 1e-12)
