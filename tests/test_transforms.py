"""grad and value_and_grad: forms of arguments, orders, and what they refuse."""

from collections import Counter, OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

from tinygrad_dnn import Tensor, grad, hessian, hessian_vector_product, jacobian, jvp, map_tree, value_and_grad, vjp

Layer = namedtuple("Layer", "W b")


def cost(parameters, X):
    return np.sum(parameters["W"] @ X + parameters["b"])


def test_the_gradient_has_the_form_of_the_argument():
    g = grad(cost)({"W": np.ones((2, 3)), "b": np.zeros((2, 1))}, np.ones((3, 4)))
    np.testing.assert_array_equal(g["W"], np.full((2, 3), 4.0))
    np.testing.assert_array_equal(g["b"], np.full((2, 1), 4.0))


def test_lists_tuples_and_named_tuples_may_be_nested():
    tree = [Layer(np.ones(2), 1.0), (np.ones(3), {"c": 2})]
    g = grad(lambda t: np.sum(t[0].W) * t[0].b + np.sum(t[1][0]) * t[1][1]["c"])(tree)
    assert isinstance(g[0], Layer)
    assert g[0].b == 2
    assert g[1][1]["c"] == 3


def test_argnum_chooses_the_argument():
    f = lambda x, y: x * y**2
    assert grad(f, 1)(2.0, 3.0) == 12
    assert grad(f, (0, 1))(2.0, 3.0) == (9, 12)


def test_value_and_grad_gives_the_plain_value_too():
    value, g = value_and_grad(lambda x: x**3)(2.0)
    assert (value, g) == (8, 12)
    assert not isinstance(value, Tensor)


def test_higher_derivatives():
    assert grad(grad(grad(lambda x: np.exp(2 * x))))(0.0) == 8
    assert grad(grad(lambda x: 3 * x))(1.0) == 0


def test_an_inner_gradient_sees_an_outer_tensor_it_closes_over():
    assert grad(lambda x: x * grad(lambda y: x * y)(1.0))(3.0) == 6
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(2.0) == 1  # no confusion of inner and outer


def test_what_comes_out_is_plain_unless_a_tensor_of_the_caller_took_part():
    assert not isinstance(grad(lambda x: x * grad(lambda y: x * y)(1.0))(3.0), Tensor)
    assert not isinstance(grad(grad(lambda x: x**3))(2.0), Tensor)
    w = Tensor(5.0)
    g = grad(lambda y: w * y)(1.0)
    assert isinstance(g, Tensor)
    g.backward()
    assert w.grad == 1


def test_an_argument_that_does_not_matter_has_gradient_zero():
    assert grad(lambda x, y: 2 * y)(1.0, 3.0) == 0
    np.testing.assert_array_equal(grad(lambda x: 5.0)(np.ones(3)), np.zeros(3))


def test_the_gradients_may_be_written_to_and_share_no_memory():
    g = grad(lambda a, b: np.sum(a + b + a.T.T), (0, 1))(np.ones((2, 2)), np.ones((2, 2)))
    g[0][:] = 9
    np.testing.assert_array_equal(g[1], np.ones((2, 2)))


def test_the_argument_is_not_changed():
    x = np.array([1.0, 2.0])
    grad(lambda v: np.sum(v * v))(x)
    np.testing.assert_array_equal(x, [1, 2])
    assert x.flags.writeable


def test_a_negative_argnum_counts_from_the_end():
    f = lambda x, y: x * y**2
    assert grad(f, -1)(2.0, 3.0) == 12
    assert grad(f, (0, -1))(2.0, 3.0) == (9, 12)
    assert grad(f, np.int64(1))(2.0, 3.0) == 12
    with pytest.raises(TypeError, match=r"argnum is 2, but .* was called with 2 positional arguments"):
        grad(f, 2)(2.0, 3.0)


def test_a_function_may_change_the_containers_it_is_given():
    def replace(p):
        p["w"] = 2 * p["w"]
        p["cache"] = "text"
        return p["w"] ** 2

    assert grad(replace)({"w": 3.0}) == {"w": 24.0}
    assert grad(lambda p: p.pop("w") ** 2)({"w": 3.0}) == {"w": 6.0}
    assert grad(lambda p: p.pop() ** 2)([3.0]) == [6.0]


def test_a_dict_of_a_kind_keeps_its_kind():
    g = grad(lambda p: p["a"] * 2 + p["b"])(OrderedDict(a=1.0, b=2.0))
    assert g == OrderedDict(a=2.0, b=1.0)
    assert type(g) is OrderedDict
    assert grad(lambda p: p["a"] + p["none"])(defaultdict(float, a=1.0))["a"] == 1


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (np.sum(x), 1.0),
        lambda x: None,
        lambda x: {"J": np.sum(x)},
        lambda x: [np.sum(x)],
        lambda x: np.ones(3),
        lambda x: "text",
        lambda x: x > 0,
    ],
)
def test_what_is_not_one_number_is_refused(f):
    with pytest.raises((TypeError, ValueError), match="returned"):
        grad(f)(np.ones(3))


@pytest.mark.parametrize("b", [0.0, 1.0, 2.0])
def test_mixed_derivatives_of_a_power_are_right_at_whole_exponents(b):
    a = 2.0
    expected = a ** (b - 1) * (1 + b * np.log(a))  # of b a^(b-1) by b
    assert grad(lambda b: grad(lambda a: a**b)(a))(b) == pytest.approx(expected)
    assert grad(lambda a: grad(lambda b: a**b)(b))(a) == pytest.approx(expected)
    third = (2 * b - 1) * a ** (b - 2) + b * (b - 1) * a ** (b - 2) * np.log(a)
    assert grad(lambda b: grad(grad(lambda a: a**b))(a))(b) == pytest.approx(third)


def test_a_power_with_a_small_integer_type_does_not_overflow():
    exponent = np.array([-128], np.int8)
    expected = -128 * 1.01**-129.0
    assert grad(lambda x: np.sum(np.power(x, exponent)))(1.01) == pytest.approx(expected)


def test_a_function_of_more_than_one_value_is_refused():
    with pytest.raises(ValueError, match=r"returned float64 of shape \(2,\); expected is a number"):
        grad(lambda x: x * 2)(np.ones(2))


def test_a_leaf_that_is_no_number_is_named():
    with pytest.raises(TypeError, match=r"the argument\['layer'\]\['activation'\] cannot be differentiated.*dtype"):
        grad(lambda p: p["layer"]["W"])({"layer": {"W": 1.0, "activation": "relu"}})


# Jacobians, Hessians, products

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_the_jacobian_of_a_linear_map_is_its_matrix():
    np.testing.assert_array_equal(jacobian(lambda x: A @ x)(np.ones(3)), A)


def test_the_jacobian_has_the_shape_of_the_value_then_that_of_the_argument():
    J = jacobian(lambda x: np.outer(x, x))(np.array([1.0, 2.0, 3.0]))
    assert J.shape == (3, 3, 3)
    np.testing.assert_array_equal(J[0, 1], [2, 1, 0])
    assert jacobian(lambda x: np.sum(x))(np.ones((2, 2))).shape == (2, 2)
    assert jacobian(lambda x, y: y * x, 1)(2.0, np.ones(0)).shape == (0, 0)


def test_the_jacobian_of_trees_is_a_tree_of_trees():
    J = jacobian(lambda p: {"y": p["a"] * p["b"], "z": np.sum(p["a"])})({"a": np.array([1.0, 2.0]), "b": 3.0})
    np.testing.assert_array_equal(J["y"]["a"], 3 * np.eye(2))
    np.testing.assert_array_equal(J["y"]["b"], [1, 2])
    np.testing.assert_array_equal(J["z"]["a"], [1, 1])
    assert J["z"]["b"] == 0


def test_the_hessian_of_a_quadratic_form_is_its_symmetric_matrix():
    M = A.T @ A + np.triu(np.ones((3, 3)))
    np.testing.assert_allclose(hessian(lambda x: x @ M @ x)(np.array([1.0, -1.0, 2.0])), M + M.T, rtol=1e-14)


def test_the_hessian_of_a_tree_has_its_mixed_parts():
    H = hessian(lambda p: p["a"] ** 2 * np.sum(p["b"]))({"a": 2.0, "b": np.array([3.0, 4.0])})
    assert H["a"]["a"] == 14
    np.testing.assert_array_equal(H["a"]["b"], [4, 4])
    np.testing.assert_array_equal(H["b"]["b"], np.zeros((2, 2)))


def test_a_hessian_vector_product_is_the_hessian_times_the_vector():
    f = lambda x: np.sum(np.exp(A @ x))
    x, v = np.array([0.1, -0.2, 0.3]), np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(hessian_vector_product(f)(x, v), hessian(f)(x) @ v, rtol=1e-13)
    tree = hessian_vector_product(lambda p: p["a"] ** 3)({"a": 2.0}, {"a": 5.0})
    assert tree == {"a": 60.0}


def test_vjp_and_jvp_are_products_with_the_jacobian_from_both_sides():
    f = lambda x: np.tanh(A @ x)
    x, g, v = np.array([0.1, -0.2, 0.3]), np.array([1.0, -2.0]), np.array([0.5, 1.0, 2.0])
    J = jacobian(f)(x)
    value, pull = vjp(f, x)
    np.testing.assert_array_equal(value, f(x))
    np.testing.assert_allclose(pull(g)[0], g @ J, rtol=1e-14)
    value, moved = jvp(f, (x,), (v,))
    np.testing.assert_array_equal(value, f(x))
    np.testing.assert_allclose(moved, J @ v, rtol=1e-14)
    assert not isinstance(moved, Tensor)


def test_products_of_several_arguments_and_of_trees():
    f = lambda x, p: {"y": x * p["a"], "z": [x + p["a"]]}
    value, pull = vjp(f, 2.0, {"a": 3.0})
    assert value == {"y": 6, "z": [5]}
    assert pull({"y": 1.0, "z": [10.0]}) == (13.0, {"a": 12.0})
    assert jvp(f, (2.0, {"a": 3.0}), (1.0, {"a": 0.5}))[1] == {"y": 4.0, "z": [1.5]}


def test_the_transforms_may_be_nested():
    f = lambda x: np.sum(x**3)
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(jacobian(jacobian(lambda x: x**3))(x)[1, 1, 1], 12)
    np.testing.assert_allclose(grad(lambda x: np.sum(hessian(f)(x)))(x), [6, 6])
    np.testing.assert_allclose(grad(lambda x: np.sum(jvp(f, (x,), (np.ones(2),))[1]))(x), 6 * x)
    np.testing.assert_allclose(jvp(grad(f), (x,), (np.ones(2),))[1], 6 * x)


def test_a_value_that_does_not_depend_on_the_argument_has_jacobian_zero():
    np.testing.assert_array_equal(jacobian(lambda x: np.ones(2))(np.ones(3)), np.zeros((2, 3)))
    assert jvp(lambda x: 5.0, (1.0,), (1.0,))[1] == 0


def test_a_cotangent_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"g has the shapes \[\(3,\)\], <lambda> returned the shapes \[\(2,\)\]"):
        vjp(lambda x: x, np.ones(2))[1](np.ones(3))


def test_an_inner_call_does_not_let_its_input_be_changed():
    def f(y):
        y *= 2.0
        return np.sum(y**3)

    for transform in (lambda: hessian(f)(np.ones(2)), lambda: hessian_vector_product(f)(np.ones(2), np.ones(2))):
        with pytest.raises(TypeError, match="would change with it"):
            transform()


def test_inner_gradients_may_be_changed_one_without_the_other():
    def f(x):
        ga, gb = grad(lambda a, b: np.sum((a + b) ** 2), (0, 1))(x, 2 * x)
        ga *= 10.0
        return np.sum(ga + gb)

    value, g = value_and_grad(f)(np.array([1.0, 2.0, 3.0]))
    assert value == 396
    np.testing.assert_array_equal(g, [66, 66, 66])


def test_what_is_done_to_the_value_of_vjp_does_not_reach_the_pull():
    def f(x):
        value, pull = vjp(lambda y: y**2, x)
        value *= 10.0
        return np.sum(pull(np.ones(3))[0])

    value, g = value_and_grad(f)(np.array([1.0, 2.0, 3.0]))
    assert value == 12
    np.testing.assert_array_equal(g, [2, 2, 2])
    value, _ = vjp(lambda y: y**2, np.ones(3))
    value *= 2.0  # a plain array of the caller's own


def test_trees_are_paired_by_key_and_not_by_order():
    _, pull = vjp(lambda p: {"y": p["a"] * 2, "z": p["b"] * 3}, {"a": 1.0, "b": 1.0})
    assert pull({"z": 10.0, "y": 1.0}) == ({"a": 2.0, "b": 30.0},)
    with pytest.raises(ValueError, match="g has the shapes"):
        pull({"q": 10.0, "w": 1.0})
    f = lambda p: p["a"] ** 2 + 3 * p["b"] ** 2
    assert hessian_vector_product(f)({"a": 1.0, "b": 1.0}, {"b": 10.0, "a": 1.0}) == {"a": 2.0, "b": 60.0}


def test_tangents_keep_the_precision():
    assert jvp(np.sin, (np.ones(2, np.float32),), (np.ones(2, np.float32),))[1].dtype == np.float32


# Trees


def test_a_function_of_each_leaf_of_a_tree():
    Pair = namedtuple("Pair", "a b")
    tree = {"W": np.ones(2), "layers": [1.0, (2.0, 3.0)], "pair": Pair(4.0, 5.0), "count": Counter(x=1)}
    found = map_tree(lambda leaf: leaf * 2, tree)
    np.testing.assert_array_equal(found.pop("W"), [2.0, 2.0])
    assert found == {"layers": [2.0, (4.0, 6.0)], "pair": Pair(8.0, 10.0), "count": Counter(x=2)}
    assert map_tree(lambda theta, g, h: theta - g + h, [1.0, {"b": 2.0}], [0.5, {"b": 1.0}], [0.0, {"b": 1.0}]) == [
        0.5,
        {"b": 2.0},
    ]


def test_trees_that_do_not_match_are_refused_by_place():
    with pytest.raises(ValueError, match=r"map_tree: another tree has nothing at \['layers'\]\[1\]"):
        map_tree(lambda a, b: a + b, {"layers": [1.0, 2.0]}, {"layers": [1.0]})
