"""The recorder: what it records, what it refuses, and that nothing leaves or changes unseen."""

import copy
import gc
import threading
import weakref

import numpy as np
import pytest
from numeric import gradient, relative_error

from tinygrad_dnn import Tensor, grad, value_and_grad
from tinygrad_dnn.engine.derivatives import DERIVATIVES

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 5))
W = RNG.normal(size=(3, 4))


def layer(W, b, X):
    return np.tanh(np.dot(W, X) + b)


def test_plain_numpy_code_records_itself():
    t, b = Tensor(W), Tensor(np.zeros((3, 1)))
    np.sum(layer(t, b, X) ** 2).backward()
    assert relative_error(t.grad, gradient(lambda w: np.sum(layer(w, 0, X) ** 2), W)) < 1e-8
    assert relative_error(b.grad, gradient(lambda v: np.sum(layer(W, v, X) ** 2), np.zeros((3, 1)))) < 1e-8


def test_backward_reaches_intermediates_and_every_gradient_has_its_tensors_shape():
    t = Tensor(W)
    Z = np.dot(t, X)
    J = np.mean(np.square(Z))
    J.backward()
    assert relative_error(Z.grad, 2 * Z.data / Z.size) < 1e-15
    assert J.grad == 1


def test_a_second_backward_gives_the_same_numbers():
    t = Tensor(W)
    J = np.sum(np.exp(t) * t)
    J.backward()
    first = t.grad
    J.backward()
    np.testing.assert_array_equal(first, t.grad)


def test_two_costs_that_share_a_graph_have_gradients_of_their_own():
    t = Tensor(W)
    A = np.tanh(t)
    J1, J2 = np.sum(A), np.sum(A * A)
    J1.backward()
    J2.backward()
    np.testing.assert_allclose(t.grad, 2 * A.data * (1 - A.data**2), rtol=1e-14)


def test_a_tensor_used_twice_gets_the_sum_of_both_paths():
    x = Tensor(3.0)
    (x * x + x).backward()
    assert x.grad == 7


def test_backward_of_a_table_asks_for_a_gradient():
    with pytest.raises(ValueError, match=r"W of shape \(3, 4\) is not a scalar.*t\.backward\(gradient\)"):
        Tensor(W, name="W").backward()


def test_backward_takes_a_gradient_of_the_outputs_shape_only():
    t = Tensor(W)
    with pytest.raises(ValueError, match=r"gradient has shape \(4,\), the tensor has shape \(3, 4\)"):
        (t * t).backward(np.ones(4))
    (t * t).backward(np.ones((3, 4)))
    np.testing.assert_allclose(t.grad, 2 * W)


def test_a_tensor_without_influence_gets_zeros_not_the_gradient_of_another_cost():
    t, u = Tensor([1.0, 0.0]), Tensor([1.0, 1.0])
    np.sum(t * t).backward()
    np.sum(np.where(t, 1.0, 2.0) * u + 0 * t).backward()
    np.testing.assert_array_equal(t.grad, [0, 0])


@pytest.mark.parametrize("gradient", [np.ones(3) * 1j, np.ma.masked_array(np.ones(3), [0, 1, 0]), ["a", "b", "c"]])
def test_a_gradient_that_is_not_real_numbers_is_refused(gradient):
    with pytest.raises(TypeError):
        Tensor([1.0, 2.0, 3.0]).backward(gradient)


def test_a_cost_of_shape_1_1_is_a_scalar():
    t = Tensor(W)
    np.sum(t, keepdims=True).backward()
    np.testing.assert_array_equal(t.grad, np.ones_like(W))


# Meaning what NumPy means


def test_comparisons_and_shapes_are_plain():
    t = Tensor(W)
    for plain in (t > 0, np.isnan(t), np.argmax(t, axis=0), np.zeros_like(t), np.sign(t), t == t):
        assert type(plain) is np.ndarray
    assert np.shape(t) == t.shape == (3, 4)
    assert (len(t), t.ndim, t.size) == (3, 2, 12)


def test_methods_are_the_numpy_functions_of_their_names():
    t = Tensor(W)
    np.testing.assert_array_equal(t.sum(axis=0).data, W.sum(axis=0))
    np.testing.assert_array_equal(t.max(1, keepdims=True).data, W.max(1, keepdims=True))
    np.testing.assert_array_equal(t.reshape(2, 6).data, W.reshape(2, 6))
    np.testing.assert_array_equal(t.transpose(1, 0).data, W.transpose(1, 0))
    np.testing.assert_array_equal(t.dot(X).data, W.dot(X))
    np.testing.assert_array_equal(t.clip(-1, 1).data, W.clip(-1, 1))
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = t.colour


def test_a_scalar_cost_can_be_summed_up_with_plus_equals():
    t, J = Tensor(2.0), 0.0
    for k in range(3):
        J += k * t
    J /= 2
    J.backward()
    assert t.grad == 1.5


def test_tensors_may_be_given_by_keyword():
    t = Tensor(W)
    np.sum(a=np.dot(a=t, b=X)).backward()
    np.testing.assert_allclose(t.grad, np.broadcast_to(X.sum(axis=1), W.shape))


def test_data_may_be_given_by_keyword_beside_positional_data():
    t = Tensor(W)
    np.testing.assert_array_equal(np.dot(t, b=X).data, W @ X)
    np.testing.assert_array_equal(np.clip(W, None, a_max=Tensor(0.5)).data, np.clip(W, None, 0.5))
    np.testing.assert_array_equal(t.clip(min=-1, max=1).data, W.clip(-1, 1))


@pytest.mark.parametrize("constant", [(1.0, 2.0, 3.0), range(3), [1, 2, 3]])
def test_lists_tuples_and_ranges_of_numbers_are_arrays(constant):
    x, c = np.array([2.0, 3.0, 4.0]), np.array(constant)
    np.testing.assert_array_equal(grad(lambda v: v @ constant)(x), c)
    np.testing.assert_array_equal(grad(lambda v: np.dot(constant, v))(x), c)
    np.testing.assert_allclose(grad(lambda v: np.sum(v**constant))(x), c * x ** (c - 1))


def test_an_empty_list_is_an_index():
    assert Tensor(W)[[]].shape == (0, 4)
    assert Tensor(W)[:, []].shape == (3, 0)


def test_where_with_a_tensor_as_its_condition_alone_is_plain():
    assert type(np.where(Tensor(W) > 0, 1, 0)) is np.ndarray
    np.testing.assert_array_equal(np.where(Tensor(W), 1, 0), np.where(W, 1, 0))
    np.testing.assert_array_equal(np.where(Tensor(W))[0], np.where(W)[0])


def test_a_mean_in_half_precision_does_not_overflow():
    x = np.full(1000, 100, np.float16)
    assert np.mean(Tensor(x)).data == np.mean(x)
    assert np.mean(Tensor(x)).dtype == np.float16


def test_a_variance_without_degrees_of_freedom_is_infinite_as_in_numpy():
    with np.errstate(divide="ignore"):
        assert np.var(Tensor([1.0, 2.0]), ddof=3).data == np.inf


def test_the_order_given_decides_the_sign_of_a_zero():
    for f in (np.minimum, np.maximum):
        for a, b in ((0.0, -0.0), (-0.0, 0.0)):
            expected = np.signbit(f(np.array([a]), np.array([b])))
            assert np.signbit(f(Tensor([a]), np.array([b])).data) == expected


def test_rows_are_recorded_when_a_tensor_is_iterated():
    t = Tensor(W)
    sum(np.sum(row * row) for row in t).backward()
    np.testing.assert_allclose(t.grad, 2 * W)


def test_copies_stay_in_the_recording():
    t = Tensor(W)
    np.sum(copy.deepcopy({"W": t})["W"] * copy.copy(t) * t.copy()).backward()
    np.testing.assert_allclose(t.grad, 3 * W**2)


def test_maximum_takes_slope_zero_at_the_kink_whichever_side_the_constant_is_on():
    for f in (lambda z: np.maximum(0, z), lambda z: np.maximum(z, 0), lambda z: np.maximum(z, np.zeros(1))):
        assert grad(lambda z, f=f: np.sum(f(z)))(np.zeros(1)) == 0


def test_a_tie_of_two_tensors_is_counted_once():
    assert grad(lambda x: np.maximum(x, x))(1.0) == 1
    assert grad(lambda x: np.minimum(x, 1 * x))(1.0) == 1
    np.testing.assert_array_equal(grad(lambda x: np.max(x))(np.array([1.0, 1.0, 0.0])), [0.5, 0.5, 0])


def test_arrays_on_the_left_of_an_operator_are_recorded():
    t = Tensor(W)
    for y in (W + t, W - t, W * t, W / t, X.T @ t.T, 2**t, np.float64(2) * t):
        assert type(y) is Tensor


# Size, memory, threads


def count_rules(monkeypatch, function):
    """Let each derivative of a function count how often it is called."""
    calls = []
    counted = [lambda *a, r=r: calls.append(1) or r(*a) for r in DERIVATIVES[function]]
    monkeypatch.setitem(DERIVATIVES, function, tuple(counted))
    return calls


def test_a_chain_of_200_000_operations_takes_a_step_each_and_no_recursion(monkeypatch):
    calls = count_rules(monkeypatch, np.multiply)
    y = x = Tensor(1.0)
    for _ in range(200_000):
        y = y * 1.0
    y.backward()
    assert x.grad == 1
    assert len(calls) == 200_000


def test_sixty_doublings_take_two_steps_each(monkeypatch):
    calls = count_rules(monkeypatch, np.add)
    y = x = Tensor(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert len(calls) == 120
    assert x.grad == 2.0**60


def test_dropping_the_cost_frees_the_graph_without_the_garbage_collector():
    gc.disable()
    try:
        t = Tensor(W)
        Z = np.dot(t, X)
        J = np.sum(np.exp(Z) * Z)
        J.backward()
        grad(lambda w: np.sum(np.dot(w, X)))(t)
        watched = weakref.ref(Z)
        del Z, J
        assert watched() is None
    finally:
        gc.enable()


def test_eight_threads_at_once_get_right_gradients():
    wrong = []

    def work(seed):
        w = np.random.default_rng(seed).normal(size=(3, 4))
        expected = gradient(lambda v: np.sum(layer(v, 0, X) ** 2), w)
        for _ in range(50):
            if relative_error(grad(lambda v: np.sum(layer(v, 0, X) ** 2))(w), expected) > 1e-7:
                wrong.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_value_recorded_is_the_value_computed():
    value, _ = value_and_grad(lambda w: np.sum(layer(w, 0.5, X)))(W)
    assert value == np.sum(layer(W, 0.5, X))
