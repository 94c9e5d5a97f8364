"""Every line of the table against central differences, in value, first and second derivative."""

import numpy as np
import pytest
from cases import CASES
from numeric import difference, relative_error
from sampling import one_in

from tinygrad_dnn import Tensor, grad
from tinygrad_dnn.engine import derivatives
from tinygrad_dnn.engine.compositions import COMPOSED
from tinygrad_dnn.engine.derivatives import DERIVATIVES

TABLE = set(DERIVATIVES) | set(COMPOSED)  # before special functions are met
CALLS = [
    pytest.param(call, sample, shapes, id=f"{function.__name__}-{i}")
    for function, cases in CASES.items()
    for i, (call, sample, shapes) in enumerate(cases)
]
FIRST = 1e-8  # a central difference at the cube root of eps errs by about eps^(2/3) = 4e-11, times the third derivative
SECOND = 1e-7


def weighted(call, sample, shapes, seed=0):
    """The inputs, and the call as a scalar function: its output times a random cotangent, summed."""
    rng = np.random.default_rng(seed)
    inputs = tuple(sample(rng, shape) for shape in shapes)
    cotangent = rng.normal(size=np.shape(call(*inputs)))  # a g of ones would hide errors
    return inputs, lambda *arguments: np.sum(cotangent * call(*arguments))


def along(rng, f, inputs, position):
    """The inputs' function of one argument alone, that argument, and a random direction for it."""
    x = inputs[position]
    return lambda v: f(*inputs[:position], v, *inputs[position + 1 :]), x, np.asarray(rng.normal(size=x.shape))


def test_every_line_of_the_table_has_a_case():
    assert set(CASES) == TABLE


@pytest.mark.parametrize(("call", "sample", "shapes"), CALLS)
def test_the_recorded_value_is_numpys_own(call, sample, shapes):
    rng = np.random.default_rng(0)
    inputs = [sample(rng, shape) for shape in shapes]
    recorded, expected = call(*map(Tensor, inputs)), call(*inputs)
    assert recorded.shape == np.shape(expected)
    assert relative_error(recorded.data, expected) <= 4e-15  # what is composed of others may differ in its last bits


@pytest.mark.parametrize(("call", "sample", "shapes"), CALLS)
def test_the_derivative_agrees_with_central_differences(call, sample, shapes):
    inputs, f = weighted(call, sample, shapes)
    rng = np.random.default_rng(1)
    gradients = grad(f, tuple(range(len(inputs))))(*inputs)
    for position, g in enumerate(gradients):
        for _ in range(3):
            f_i, x, direction = along(rng, f, inputs, position)
            assert g.shape == x.shape
            error = abs(np.sum(g * direction) - difference(f_i, x, direction))
            rounding = 1e-9 * abs(f_i(x)) + 1e-10  # eps over the step, times what f adds up
            assert error <= FIRST * np.sum(np.abs(g * direction)) + rounding  # its terms, since their sum may cancel


@pytest.mark.parametrize(("call", "sample", "shapes"), one_in(3, CALLS))
def test_the_gradient_of_the_gradient_agrees_with_differences_of_the_gradient(call, sample, shapes):
    inputs, f = weighted(call, sample, shapes)
    rng = np.random.default_rng(2)
    positions = tuple(range(len(inputs)))
    weights = [np.asarray(rng.normal(size=x.shape)) for x in inputs]

    def slope(*arguments):
        return sum(np.sum(w * g) for w, g in zip(weights, grad(f, positions)(*arguments), strict=True))

    for position, g in enumerate(grad(slope, positions)(*inputs)):
        slope_i, x, direction = along(rng, slope, inputs, position)
        expected, found = difference(slope_i, x, direction), np.sum(g * direction)
        rounding = 1e-9  # what a difference leaves of a second derivative that is exactly 0
        assert abs(found - expected) < SECOND * max(abs(found), abs(expected)) + rounding


@pytest.mark.parametrize(("call", "sample", "shapes"), one_in(3, CALLS))
def test_single_precision_gives_single_precision_gradients(call, sample, shapes):
    inputs, f = weighted(call, sample, shapes)
    exact = grad(f, tuple(range(len(inputs))))(*inputs)
    rounded = grad(f, tuple(range(len(inputs))))(*(x.astype(np.float32) for x in inputs))
    for g, r in zip(exact, rounded, strict=True):
        assert r.dtype == np.float32
        assert relative_error(g, r) < 1e-4  # float32 holds 7 digits; a few go in cancellation


def test_sinc_has_its_derivatives_at_zero_too():
    assert grad(np.sinc)(0.0) == 0
    assert grad(grad(np.sinc))(0.0) == pytest.approx(-(np.pi**2) / 3)
    assert grad(grad(np.sinc))(1e-9) == pytest.approx(-(np.pi**2) / 3)


@pytest.mark.parametrize("fault", ["factor", "sign", "transpose"])
@pytest.mark.parametrize("function", [np.divide, np.exp, np.matmul, np.tanh])
def test_a_wrong_derivative_is_caught(monkeypatch, function, fault):
    rules = DERIVATIVES[function]
    wrong = {
        "factor": lambda g: g * 1.0001,
        "sign": lambda g: -g,
        "transpose": lambda g: np.reshape(np.transpose(g), g.shape),
    }[fault]
    monkeypatch.setitem(derivatives.DERIVATIVES, function, tuple(lambda *a, r=r, **k: wrong(r(*a, **k)) for r in rules))
    shapes = [(3, 3)] * len(rules)
    with pytest.raises(AssertionError):
        test_the_derivative_agrees_with_central_differences(function, CASES[function][0][1], shapes)


def test_a_transposed_gradient_of_another_shape_names_the_function(monkeypatch):
    monkeypatch.setitem(DERIVATIVES, np.dot, (lambda g, y, a, b: (g @ b.T).T, None))
    with pytest.raises(ValueError, match=r"dot: gradient has shape \(4, 3\), its input has shape \(3, 4\)"):
        grad(lambda W: np.sum(np.dot(W, np.ones((4, 2)))))(np.ones((3, 4)))
