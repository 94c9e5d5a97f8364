"""Attempts to get a silently wrong gradient: each ends with the right one, or with an error that says why not."""

import array
import collections
import copy
import itertools
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from numeric import gradient, relative_error

from tinygrad_dnn import Tensor, grad, hessian, jacobian, jvp, vjp

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 5))
W = RNG.normal(size=(3, 4))
V = np.array([1.0, 2.0, 3.0])


# Attacks: a function that returns the gradient found and the one expected, by what it tries


def aliases_of_one_buffer():
    x = V.copy()
    t, u = Tensor(x), Tensor(x)
    np.sum(t * t * u).backward()
    return t.grad + u.grad, 3 * V**2


def two_names_of_one_tensor():
    t = Tensor(V)
    u = t
    np.sum(t * u).backward()
    return u.grad, 2 * V


def a_view_of_the_input():
    return grad(lambda x: np.sum(x.reshape(1, 3).T[::-1] * np.array([[1.0], [2.0], [3.0]])))(V), [3, 2, 1]


def a_buffer_used_again_and_again():
    buffer, t, J = np.empty(3), Tensor(V), 0.0
    for k in range(4):
        buffer[:] = k
        J = J + np.sum(buffer * t)
    J.backward()
    return t.grad, np.full(3, 6.0)


def a_constant_that_out_changes():
    x, t = np.ones(3), Tensor(V)
    J = np.sum(t * x)
    np.multiply(x, 5, out=x)
    J.backward()
    return t.grad, np.ones(3)


def a_random_mask_drawn_in_place():
    mask, t, rng = np.ones(3), Tensor(V), np.random.default_rng(0)
    J = np.sum(mask * t**2)
    mask *= rng.random(3) < 0.5
    J.backward()
    return t.grad, 2 * V


def a_list_that_grows():
    weights, t = [1.0, 2.0, 3.0], Tensor(V)
    J = np.sum(t * weights)
    weights[0] = 100.0
    J.backward()
    return t.grad, [1, 2, 3]


def an_index_list_that_changes():
    index, t = [0, 0], Tensor(V)
    J = np.sum(t[index])
    index[1] = 2
    J.backward()
    return t.grad, [2, 0, 0]


def a_shape_that_changes():
    shape, t = [3, 1], Tensor(V)
    J = np.sum(np.reshape(t, shape) * np.array([[1.0], [2.0], [3.0]]))
    shape[:] = [1, 3]
    J.backward()
    return t.grad, [1, 2, 3]


def a_condition_that_changes():
    condition, t = np.array([True, False, True]), Tensor(V)
    J = np.sum(np.where(condition, t, 0.0))
    condition[:] = True
    J.backward()
    return t.grad, [1, 0, 1]


def a_pad_width_that_changes():
    width, t = [1, 0], Tensor(V)
    J = np.sum(np.pad(t, width) * np.arange(4.0))
    width.reverse()
    J.backward()
    return t.grad, [1, 2, 3]


def the_gradient_that_starts_is_changed():
    g, t = np.ones(3), Tensor(V)
    y = t * 1.0
    y.backward(g)
    g[:] = 7
    return np.concatenate([t.grad, y.grad]), np.ones(6)


def a_gradient_written_to():
    g = grad(lambda x: np.sum(x + x.T))(np.ones((2, 2)))
    g[0, 0] = 100.0
    return grad(lambda x: np.sum(x + x.T))(np.ones((2, 2))), np.full((2, 2), 2.0)


def gradients_of_two_arguments_share_no_memory():
    a, b = grad(lambda x, y: np.sum(x + y), (0, 1))(V, V)
    a += 5
    return b, np.ones(3)


def a_value_written_to():
    value, pull = vjp(lambda x: x * x, V)
    value[:] = 0
    return pull(np.ones(3))[0], 2 * V


# numbers


def integers():
    return grad(lambda x: np.sum(x**2 / 2))(np.array([1, 2, 3], np.uint8)), V


def integer_exponents_and_negative_bases():
    return grad(lambda x: np.sum(x**3))(-V), 3 * V**2


def an_exponent_of_zero():
    return grad(lambda x: np.sum(x**0))(np.array([0.0, -1.0])), np.zeros(2)


def a_power_at_zero():
    return grad(lambda x: np.sum(x**2.0))(np.zeros(2)), np.zeros(2)


def an_unsigned_constant_that_would_wrap():
    return grad(lambda x: np.sum(x ** np.array([0, 1, 2], np.uint8)))(V), [0, 1, 6]


def a_mean_of_integers_as_weights():
    return grad(lambda x: np.mean(x * np.array([1, 2, 3], np.int8)))(V), np.array([1, 2, 3]) / 3


def single_and_double_mixed():
    return grad(lambda x: np.sum(x * X[0, :3]))(V.astype(np.float32)), X[0, :3].astype(np.float32)


def half_precision_sums():
    return grad(lambda x: np.mean(x))(np.ones(4000, np.float16)), np.full(4000, 1 / 4000, np.float16)


def subnormal_numbers():
    tiny = np.array([5e-324, 1e-310])
    return grad(lambda x: np.sum(x * 3.0))(tiny) * 1.0, np.full(2, 3.0)


def a_product_of_subnormal_numbers():
    return grad(np.prod)(np.array([1e-310, 2.0])), [2, 1e-310]


def large_numbers_in_a_sigmoid():
    return grad(lambda x: np.sum(1 / (1 + np.exp(-x))))(np.array([-350.0, 0.0, 800.0])), [np.exp(-350), 0.25, 0]


def a_logarithm_of_a_sum_of_exponentials():
    return grad(lambda x: np.logaddexp(x, 1000.0))(1000.0), 0.5


def an_overflow_under_errstate():
    with np.errstate(all="ignore"):
        return grad(lambda x: np.sum(np.where(x < 500, np.exp(np.minimum(x, 500)), x)))(np.array([1.0, 900.0])), [
            np.e,
            1,
        ]


def a_norm_at_a_tie_of_signs():
    return grad(lambda x: np.linalg.norm(x, 1))(np.array([-2.0, 0.0, 3.0])), [-1, 0, 1]


def ties_of_max():
    return grad(np.max)(np.array([2.0, 2.0, 1.0])), [0.5, 0.5, 0]


def a_tie_with_a_constant():
    return grad(lambda x: np.sum(np.maximum(x, 0) + np.maximum(0, x)))(np.zeros(3)), np.zeros(3)


def a_tie_of_two_tensors():
    return sum(grad(lambda a, b: np.maximum(a, b), (0, 1))(1.0, 1.0)), 1


def ties_in_a_sort():
    return grad(lambda x: np.sum(np.sort(x) * np.array([1.0, 2.0, 4.0])))(np.array([5.0, 5.0, 1.0])), [2, 4, 1]


def negative_zero():
    return grad(lambda x: np.sum(np.abs(x)))(np.array([-0.0, 0.0])), [0, 0]


def nothing_at_all():
    return grad(lambda x: np.sum(x * 2))(np.zeros((0, 3))), np.zeros((0, 3))


def zero_products():
    return grad(np.prod)(np.array([[0.0, 2.0], [0.0, 3.0]])), np.zeros((2, 2))


def broadcasting_a_column_against_a_row():
    return grad(lambda b: np.sum(b * np.arange(4.0)))(np.ones((3, 1))), np.full((3, 1), 6.0)


def a_bias_of_shape_1_1():
    return grad(lambda b: np.sum(np.ones((3, 4)) * b))(np.ones((1, 1))), [[12.0]]


# containers and Python


def a_generator():
    return grad(lambda x: sum(v * v for v in x))(V), 2 * V


def a_generator_read_after_the_change_of_a_name():
    scale, t = 1.0, Tensor(V)
    terms = (scale * v for v in t)
    scale = 3.0
    sum(terms).backward()
    return t.grad, np.full(3, 3.0)


def unpacking_and_zip():
    def f(x):
        a, *rest = x
        return a * sum(itertools.starmap(lambda r, k: r * k, zip(rest, (1.0, 10.0), strict=True)))

    return grad(f)(V), [32, 1, 10]


def sum_max_and_sorted_of_python():
    return grad(lambda x: max(x) * min(x) + sorted(x)[1])(V), [3, 1, 1]


def an_object_that_holds_parameters():
    class Layer:
        def __init__(self, W):
            self.W = W
            self.memory = SimpleNamespace(last=None)

        def __call__(self, x):
            self.memory.last = self.W @ x
            return self.memory.last

    layer = Layer(Tensor(W))
    np.sum(layer(X) + layer.memory.last).backward()
    return layer.W.grad, np.broadcast_to(2 * X.sum(axis=1), W.shape)


def a_copy_made_deeply():
    return grad(lambda p: np.sum(copy.deepcopy(p)["W"] ** 2))({"W": V})["W"], 2 * V


def a_dict_that_the_function_changes():
    parameters = {"W": V.copy()}

    def f(p):
        p["W"] = p["W"] * 2
        return np.sum(p["W"] ** 2)

    return grad(f)(parameters)["W"] + grad(f)(parameters)["W"], 16 * V


def the_same_array_in_two_places():
    return grad(lambda p: np.sum(p["a"] * p["b"]))({"a": V, "b": (same := V)})["a"] + 0 * same, V


def a_default_argument_that_remembers():
    def f(x, seen=[]):  # noqa: B006
        seen.append(x)
        return np.sum(seen[-1] ** 2)

    grad(f)(V)
    return grad(f)(10 * V), 20 * V


# several runs, costs, threads


def a_second_backward():
    t = Tensor(V)
    J = np.sum(np.exp(t))
    J.backward()
    J.backward()
    return t.grad, np.exp(V)


def two_costs_that_share_a_graph():
    t = Tensor(V)
    A = t * t
    (J1, J2) = np.sum(A), np.sum(3 * A)
    J1.backward()
    J2.backward()
    return t.grad, 6 * V


def backward_in_the_middle_of_a_forward_pass():
    t = Tensor(V)
    A = t * t
    np.sum(A).backward()
    np.sum(A * A).backward()
    return t.grad, 4 * V**3


def an_exception_in_the_middle():
    t = Tensor(V)
    A = t * t
    with pytest.raises(ValueError, match="broadcast"):
        A + np.ones(2)
    np.sum(A).backward()
    return t.grad, 2 * V


def an_exception_inside_a_nested_gradient():
    def f(x):
        with pytest.raises(ValueError, match="expected is a number"):
            grad(lambda y: np.sum(y) + np.ones((2, 2)))(x)
        return np.sum(x * x)

    return grad(f)(V), 2 * V


def perturbations_that_must_not_be_confused():
    return grad(lambda x: x * grad(lambda y: x + y)(2.0))(1.0), 1


def a_gradient_inside_a_cost():
    return grad(lambda x: np.sum(grad(lambda y: np.sum(y**3))(x) ** 2))(V), 36 * V**3


def the_same_function_at_two_depths():
    cube = lambda y: y**3
    return grad(lambda x: grad(cube)(x) + cube(x))(2.0), 12 + 12


def a_tensor_of_another_thread():
    t = Tensor(V)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda i: t[i] ** 2, range(3)))
    sum(parts).backward()
    return t.grad, 2 * V


def second_order_in_many_threads():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: hessian(lambda x: np.sum(x**3) * k)(V), range(8)))
    return np.array(found), np.array([k * np.diag(6 * V) for k in range(8)])


def assignments_in_many_threads():
    def work(k):
        def f(x):
            z = x * 1.0
            for i in range(3):
                z[i] = z[i] * k
            return np.sum(z * z)

        return [grad(f)(V) for _ in range(20)][-1]

    with ThreadPoolExecutor(8) as pool:
        return np.array(list(pool.map(work, range(8)))), np.array([2 * k**2 * V for k in range(8)])


def a_thread_that_walks_while_another_assigns():
    stop, t = threading.Event(), Tensor(V)

    def assign():
        while not stop.is_set():
            z = Tensor(V) * 1.0
            z[0] = 0.0

    thread = threading.Thread(target=assign)
    thread.start()
    try:
        for _ in range(50):
            np.sum(np.exp(t) * t).backward()
    finally:
        stop.set()
        thread.join()
    return t.grad, np.exp(V) * (1 + V)


# assignment and views


def an_entry_read_before_it_is_overwritten():
    def f(x):
        z = x * 1.0
        a = z[0]
        b = a * a
        z[0] = 5.0
        return b + np.sum(z)

    return grad(f)(V), [2, 1, 1]


def a_copy_taken_before_a_change():
    def f(x):
        z = x * 1.0
        before = z.copy()
        z *= 0.0
        return np.sum(before * before + z)

    return grad(f)(V), 2 * V


def swapping_rows():
    def f(x):
        z = x * 1.0
        z[[0, 2]] = z[[2, 0]]
        return np.sum(z * np.array([1.0, 10.0, 100.0]))

    return grad(f)(V), [100, 10, 1]


def writing_twice_at_one_index():
    def f(x):
        z = np.zeros_like(x) + 0 * x
        z[[0, 0]] = x[:2]
        return np.sum(z)

    return grad(f)(V), [0, 1, 0]


def adding_in_place_at_repeated_indices():
    def f(x):
        z = x * 1.0
        z[[0, 0]] += 10 * x[1:]  # as NumPy: the last addition counts
        return np.sum(z * z)

    return grad(f)(V), gradient(f, V)


def a_method_that_sorts_in_place():
    def f(x):
        z = x * -1.0
        z.sort()
        return np.sum(z * np.array([1.0, 10.0, 100.0]))

    return grad(f)(V), [-100, -10, -1]


def filling_and_masked_filling():
    def f(x):
        z = x * x
        y = z + 0
        y.fill(2.0)
        np.putmask(z, z > 5, 0.0)
        return np.sum(y * z)

    return grad(f)(V), [4, 8, 0]


def a_second_derivative_at_a_nearly_singular_matrix():
    H = hessian(np.linalg.det)(np.outer([0.1, 0.7], [0.3, 0.9])).reshape(4, 4)
    return H, np.fliplr(np.diag([1.0, -1.0, -1.0, 1.0]))


def indices_that_are_broadcast():
    def f(x):
        z = x * 1.0
        np.put_along_axis(z, np.array([[1]]), 0.0, 1)
        return np.sum(z)

    return grad(f)(np.ones((3, 2))), [[1, 0], [1, 0], [1, 0]]


def pieces_by_one_condition():
    pieces = [lambda v: v**2, lambda v: -v]
    return grad(lambda x: np.sum(np.piecewise(x, x > 0, pieces)))(np.array([1.0, -2.0])), [2, -1]


def an_axis_of_each_operand():
    f = lambda x: np.sum(np.vecdot(x, V, axis=0))
    return grad(f)(np.ones((3, 3))), np.tile(V[:, None], 3)


def the_same_array_by_astype():
    def f(x):
        a = x * 1.0
        b = a.astype(float, copy=False)
        b[0] = 9.0
        return np.sum(a)

    return grad(f)(V), [0, 1, 1]


def nothing_to_put():
    def f(x):
        z = x * 1.0
        np.put(z, [0, 1], [])
        np.putmask(z, [True, True, False], [])
        return np.sum(z)

    return grad(f)(V), np.ones(3)


def coordinates_that_would_wrap():
    weights = np.array([1.0, 10.0, 100.0])
    f = lambda x, at: np.sum(weights * np.gradient(x, at))
    return grad(f)(V, np.array([3, 1, 0], np.uint8)), grad(f)(V, np.array([3.0, 1.0, 0.0]))


def indices_by_number():
    weights = np.array([[0.0, 1.0], [0.0, 0.0]])
    return grad(lambda x: np.sum(np.einsum(x, [26, 0]) * weights))(np.ones((2, 2))), weights.T


def a_spread_of_one_entry():
    return grad(lambda x: np.sum(np.std(x, axis=1)))(np.ones((2, 1))), np.zeros((2, 1))


def a_jacobian_of_something_assigned():
    def f(x):
        z = x * x
        z[1] = x[0]
        return z

    return jacobian(f)(V), [[2, 0, 0], [1, 0, 0], [0, 0, 6]]


def a_jvp_through_an_assignment():
    def f(x):
        z = x * x
        z[0] *= x[2]
        return z

    return jvp(f, (V,), (np.ones(3),))[1], [2 * 3 + 1, 4, 6]


ATTACKS = [value for value in list(globals().values()) if getattr(value, "__module__", None) == __name__]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda f: f.__name__)
def test_the_gradient_is_right_though(attack):
    found, expected = attack()
    assert relative_error(np.asarray(found, float), np.asarray(expected, float)) < 1e-7  # some expect a difference


# What a recording keeps


def test_a_constant_changed_after_the_forward_pass_does_not_change_the_gradient():
    x, t = np.ones(3), Tensor([1.0, 2.0, 3.0])
    J = np.sum(t * x)
    x[:] = 100
    J.backward()
    np.testing.assert_array_equal(t.grad, np.ones(3))


def test_a_view_of_a_writable_array_is_copied_though_it_is_read_only_itself():
    base, t = np.ones(3), Tensor([1.0, 2.0, 3.0])
    view = base[:]
    view.flags.writeable = False
    J = np.sum(t * view)
    base[:] = 100
    J.backward()
    np.testing.assert_array_equal(t.grad, np.ones(3))


def test_a_view_made_before_its_base_was_frozen_does_not_change_the_gradient():
    base = np.ones(3)
    view, t = base[:], Tensor([1.0, 2.0, 3.0])
    base.flags.writeable = False
    J = np.sum(t * base)
    view[:] = 100
    J.backward()
    np.testing.assert_array_equal(t.grad, np.ones(3))


def test_a_keyword_changed_after_the_forward_pass_does_not_change_the_gradient():
    axes, t = [1, 0], Tensor(np.arange(4.0).reshape(2, 2))
    J = np.sum(np.transpose(t, axes=axes) * np.array([[1.0, 2.0], [3.0, 4.0]]))
    axes.reverse()
    J.backward()
    np.testing.assert_array_equal(t.grad, [[1, 3], [2, 4]])


def test_an_index_changed_after_the_forward_pass_does_not_change_the_gradient():
    index, t = np.array([0, 1]), Tensor([1.0, 2.0, 3.0])
    J = np.sum(t[index] * np.array([1.0, 10.0]))
    index[:] = 2
    J.backward()
    np.testing.assert_array_equal(t.grad, [1, 10, 0])


def test_the_data_it_was_made_of_may_change_later():
    w = np.array([1.0, 2.0])
    t = Tensor(w)
    J = np.sum(t * t)
    w[:] = 0
    J.backward()
    np.testing.assert_array_equal(t.grad, [2, 4])


def test_data_and_gradients_are_read_only():
    t = Tensor(W)
    y = t + 1
    np.sum(y).backward()
    for kept in (t.data, y.data, y.T.data, t.grad, y.grad):
        with pytest.raises(ValueError, match="read-only"):
            kept[0, 0] = 7
    with pytest.raises(TypeError, match=r"W = Tensor\(W.data - learning_rate \* W.grad\)"):
        t.data = W


def test_an_error_in_the_middle_leaves_earlier_gradients_alone(monkeypatch):
    from tinygrad_dnn.engine import tensor

    t = Tensor([1.0, 2.0])
    np.sum(t * t).backward()
    monkeypatch.setitem(tensor.DERIVATIVES, np.exp, (lambda g, y, x: g[0],))
    with pytest.raises(ValueError, match="exp: gradient has shape"):
        np.sum(np.exp(t) + t).backward()
    np.testing.assert_array_equal(t.grad, [2, 4])


# Ways out


def stale_second(t):
    a, b = t * 1.0, t * 2.0
    _, w = np.atleast_1d(a, b)
    b[0] = 7.0
    return np.sum(w)


LOSING = {
    "an object array as a constant": lambda t: t * np.array([1.0, None, 2.0, 3.0], dtype=object),
    "a structured array": lambda t: t + np.zeros(4, dtype=[("a", float)]),
    "a matrix object": lambda t: t @ np.ones((4, 2)).view(np.matrix),
    "a subclass of an array": lambda t: t + np.ones(4).view(type("Mine", (np.ndarray,), {})),
    "a date": lambda t: t + np.timedelta64(3),
    "text": lambda t: t + "a",
    "a complex exponent": lambda t: t ** (1 + 1j),
    "a fraction of integers": lambda t: np.sum(t, dtype=np.int64),
    "copying into an array": lambda t: np.copyto(np.zeros((3, 4)), t),
    "putting into an array": lambda t: np.put(np.zeros(12), [0], t[0, 0]),
    "a tensor as a shape": lambda t: np.reshape(t, (t[0, 0], 2)),
    "the entries as a list": lambda t: t.tolist(),
    "the bytes": lambda t: t.tobytes(),
    "the entries in a row as an array": lambda t: np.asarray(t.flat),
    "a memory view": lambda t: memoryview(t),
    "the shape set": lambda t: setattr(t, "shape", (4, 3)),
    "changing an input": lambda t: t.__setitem__(0, 1.0),
    "a view of the second of two": stale_second,
    "an axis that is not there": lambda t: np.linalg.norm(t[0], axis=1),
    "a cast that loses": lambda t: np.copyto(t * 1.0, 1j * W),
    "an integer where": lambda t: np.copyto(t[0] * 1.0, 5.0, where=np.array([0, 1, 1, 0])),
    "an exponent that is no integer": lambda t: np.ldexp(t, 1.5),
    "a knot that is not finite": lambda t: np.interp(t * 0, [0, 1, 2], [1, np.nan, 2]),
    "changing the data": lambda t: t.data.__setitem__(0, 1.0),
    "saving": lambda t: np.save("/dev/null", t),
    "a Fourier transform": lambda t: np.fft.fft(t),
    "a loop of Python's math": lambda t: __import__("math").exp(t[0, 0]),
    "a frompyfunc": lambda t: np.frompyfunc(lambda v: v, 1, 1)(t),
    "a method of a plain array": lambda t: X.T.dot(t.T),
    "np.array": lambda t: np.array(t),
    "np.asarray": lambda t: np.asarray(t),
    "an array of tensors": lambda t: np.array([t[0, 0], t[0, 1]]),
    "assignment into an array": lambda t: np.zeros(3).__setitem__(0, t[0, 0]),
    "assignment of a table": lambda t: np.zeros((3, 4)).__setitem__(slice(None), t),
    "filling an array": lambda t: np.full((2,), t[0, 0]),
    "float": lambda t: float(t[0, 0]),
    "item": lambda t: t[0, 0].item(),
    "int": lambda t: int(t[0, 0]),
    "an index": lambda t: X[t[0, 0]],
    "out=": lambda t: np.add(t, 1, out=np.zeros((3, 4))),
    "adding in place to an array": lambda t: np.zeros((3, 4)).__iadd__(t),
    "where=": lambda t: np.sum(t, where=W > 0),
    "dtype= of integers": lambda t: np.sum(t, dtype=int),
    "a positional dtype": lambda t: np.sum(t, 0, np.float32),
    "initial=": lambda t: np.max(t, initial=3.0),
    "a ufunc method": lambda t: np.add.reduceat(t, [0, 1]),
    "np.add.at": lambda t: np.add.at(np.zeros((3, 4)), 0, t),
    "out= of a constant": lambda t: np.floor(W, out=t),
    "a method that sorts in place": lambda t: t.sort(),
    "a function without a derivative here": lambda t: np.linalg.qr(t),
    "a bitwise operator": lambda t: t & 2,
    "pickling": lambda t: pickle.dumps(t),
    "a tensor of a tensor": lambda t: Tensor(t),
    "an integer type": lambda t: t.astype(int),
    "complex arithmetic": lambda t: t * 1j,
    "a masked array": lambda t: t * np.ma.masked_array(W, W > 0),
    "a random function": lambda t: np.random.default_rng(0).normal(t),
    "a vectorised function": lambda t: np.vectorize(lambda v: v)(t),
    "a fill value": lambda t: np.full_like(W, t[0, 0]),
    "a subclass": lambda t: type("Mine", (Tensor,), {}),
}


@pytest.mark.parametrize("lose", LOSING.values(), ids=LOSING.keys())
def test_what_would_lose_the_recording_raises(lose):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        lose(Tensor(W, name="W1"))


def test_the_error_says_what_to_write_instead():
    with pytest.raises(TypeError, match=r"W1 of shape \(3, 4\) .* Write np\.dot\(X, W\) or X @ W for X\.dot\(W\)"):
        np.ones((2, 3)).dot(Tensor(W, name="W1"))
    with pytest.raises(TypeError, match=r"np\.linalg\.qr is not recorded"):
        np.linalg.qr(Tensor(W))
    with pytest.raises(TypeError, match=r"np\.sum: where cannot be recorded; it knows axis, keepdims"):
        np.sum(Tensor(W), where=W > 0)
    with pytest.raises(TypeError, match=r"value \* np\.ones\(shape\) for np\.full"):
        np.full((2, 2), Tensor(1.0))
    with pytest.raises(TypeError, match=r"float\(t\.data\), or float\(t\) after backward"):
        float(Tensor(1.0))


@pytest.mark.parametrize(
    "data", [1j, "text", None, [[1.0], [1.0, 2.0]], np.array([object()]), np.ma.masked_array([1.0])]
)
def test_what_is_not_real_numbers_is_refused(data):
    with pytest.raises((TypeError, ValueError)):
        Tensor(data)


@pytest.mark.parametrize("data", [3, True, [1, 2], np.arange(3, dtype=np.uint8)])
def test_integers_become_float64(data):
    assert Tensor(data).dtype == np.float64


def test_a_number_may_leave_after_backward():
    t = Tensor(2.0)
    J = t * t
    J.backward()
    assert (float(J), J.item(), int(t), f"{float(J):.1f}") == (4.0, 4.0, 2, "4.0")
    A = Tensor([1.0, 2.0])
    np.sum(A).backward()
    assert A.item(1) == 2.0
    with pytest.raises(TypeError):
        float(A)


@pytest.mark.parametrize(
    "constant",
    [array.array("d", [1, 1, 1]), collections.deque([1, 1, 1]), memoryview(array.array("d", [1, 1, 1])), bytearray(3)],
    ids=lambda c: type(c).__name__,
)
def test_a_constant_of_an_unknown_kind_is_refused(constant):
    with pytest.raises(TypeError, match=f"{type(constant).__name__} has a meaning of its own"):
        Tensor([1.0, 2.0, 3.0]) * constant
