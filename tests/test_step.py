"""One backward function by itself."""

import numpy as np
import pytest

from tinygrad_dnn import check_step

RNG = np.random.default_rng(0)
A, W, b = RNG.normal(size=(4, 7)), RNG.normal(size=(3, 4)), RNG.normal(size=(3, 1))


def linear_forward(A, W, b):
    return np.dot(W, A) + b, (A, W, b)


def linear_backward(dZ, cache):
    A, W, _ = cache
    m = A.shape[1]
    return np.dot(W.T, dZ), np.dot(dZ, A.T) / m, np.sum(dZ, axis=1, keepdims=True) / m


def test_the_courses_linear_step_is_right_with_its_1_over_m():
    report = check_step(linear_forward, linear_backward, A, W, b)
    assert [row.name for row in report] == ["dA", "dW", "db"]
    assert report.ok
    assert "is 1/7 of it" in report["dW"].note


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda dA, dW, db: (dA, -dW, db), ["dW"]),
        (lambda dA, dW, db: (dA, dW, np.squeeze(db)), ["db"]),
        (lambda dA, dW, db: (1.0001 * dA, dW, db), ["dA"]),
        (lambda dA, dW, db: (dA, dW * 7 / 3, db * 7 / 4), ["dW", "db"]),  # divided by a number of units
        (lambda dA, dW, db: (dA / 7, dW, db), ["dA"]),  # 1/m belongs in the parameters' gradients alone
    ],
)
def test_a_planted_fault_is_found(spoil, wrong):
    report = check_step(linear_forward, lambda dZ, cache: spoil(*linear_backward(dZ, cache)), A, W, b)
    assert report.having("wrong") == wrong


def test_gradients_with_and_without_1_over_m_are_not_both_right():
    mixed = lambda dZ, cache: (lambda dA, dW, db: (dA, dW, 7 * db))(*linear_backward(dZ, cache))
    assert len(check_step(linear_forward, mixed, A, W, b).having("wrong")) == 1


def test_a_step_without_a_cache_gets_the_arguments():
    assert check_step(np.tanh, lambda dA, Z: dA * (1 - np.tanh(Z) ** 2), A).ok
    assert not check_step(np.tanh, lambda dA, Z: dA * (1 - Z**2), A).ok


def test_too_few_gradients_are_an_error():
    with pytest.raises(TypeError, match="backward returned 2 gradients; the arguments hold 3 arrays"):
        check_step(linear_forward, lambda dZ, cache: linear_backward(dZ, cache)[:2], A, W, b)
