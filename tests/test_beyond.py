"""Arrays that are not NumPy's, inside a tensor or beside it: the same table, forward, backward and second order."""

import numpy as np
import pytest

from tinygrad_dnn import Tensor, grad

da = pytest.importorskip("dask.array")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(4, 100)), (RNG.random((1, 100)) > 0.5) * 1.0
P = {"W1": RNG.normal(size=(3, 4)), "b1": RNG.normal(size=(3, 1)), "w": RNG.normal(size=(3, 1)), "b": 0.1}


def cost(p, X, Y):
    A1 = np.maximum(0, np.dot(p["W1"], X) + p["b1"])
    A = 1 / (1 + np.exp(-(np.dot(p["w"].T, A1) + p["b"])))
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def chunked():
    return da.from_array(X, chunks=(4, 25)), da.from_array(Y, chunks=(1, 25))


def test_gradients_over_a_chunked_array_are_those_over_a_whole_one():
    expected = grad(cost)(P, X, Y)
    for name, g in grad(cost)(P, *chunked()).items():
        np.testing.assert_allclose(np.asarray(g), expected[name], rtol=1e-12)


def test_second_derivatives_over_a_chunked_array_are_those_over_a_whole_one():
    slope = lambda X, Y: lambda p: np.sum(grad(cost)(p, X, Y)["W1"] * np.arange(12.0).reshape(3, 4))
    expected = grad(slope(X, Y))(P)
    for name, g in grad(slope(*chunked()))(P).items():
        np.testing.assert_allclose(np.asarray(g), expected[name], rtol=1e-10, atol=1e-14)


def test_a_chunked_array_may_be_what_is_differentiated():
    t = Tensor(chunked()[0])
    J = np.sum(np.tanh(t) ** 2)
    J.backward()
    assert isinstance(t.grad, da.Array)
    np.testing.assert_allclose(t.grad.compute(), 2 * np.tanh(X) * (1 - np.tanh(X) ** 2), rtol=1e-12)
