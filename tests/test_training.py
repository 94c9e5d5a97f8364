"""The loop of training, against the same loop written out."""

import numpy as np
import pytest

from tinygrad_dnn import grad, gradient_descent

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(2, 9)), rng.normal(size=(1, 9))
START = {"W": rng.normal(size=(1, 2)), "b": np.zeros((1, 1))}


def cost(p, X, Y):
    return np.mean((np.dot(p["W"], X) + p["b"] - Y) ** 2)


def test_each_step_goes_against_the_gradient():
    expected = START
    for J, p in gradient_descent(cost, START, X, Y, learning_rate=0.1, steps=20):
        np.testing.assert_allclose(J, cost(expected, X, Y), 1e-14)
        g = grad(cost)(expected, X, Y)
        expected = {name: expected[name] - 0.1 * g[name] for name in expected}
        for name in p:
            np.testing.assert_allclose(p[name], expected[name], 1e-13)
    assert cost(p, X, Y) < 0.8 * cost(START, X, Y)


def test_what_came_before_is_kept():
    start = {name: value.copy() for name, value in START.items()}
    steps = list(gradient_descent(cost, START, X, Y, learning_rate=0.1, steps=12))
    assert [round(float(cost(p, X, Y)), 12) for _, p in steps[:-1]] == [round(J, 12) for J, _ in steps[1:]]
    assert all(np.array_equal(START[name], start[name]) for name in START)


def test_parameters_may_be_an_array_or_a_list_and_no_step_is_none():
    ((J, w),) = gradient_descent(lambda w: np.reshape(np.sum(w * w), (1, 1)), np.ones(3), learning_rate=0.25, steps=1)
    assert (J, w.tolist()) == (3.0, [0.5, 0.5, 0.5])
    ((_, (a, b)),) = gradient_descent(lambda p: np.sum(p[0] * p[1]), [2.0, 3.0], learning_rate=1.0, steps=1)
    assert (a, b) == (-1.0, 1.0)
    assert list(gradient_descent(cost, START, X, Y, learning_rate=0.1, steps=0)) == []
    with pytest.raises(ValueError, match="steps is -1"):
        next(gradient_descent(cost, START, X, Y, learning_rate=0.1, steps=-1))
