"""The course's formulas: against finite differences, at their limits, and at the door."""

import copy
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygrad_dnn import by_hand
from tinygrad_dnn.by_hand import deep, logistic, shallow, softmax

# Central differences in float64: with this step, truncation (step^2) and rounding (eps / step) are both 4e-11 of
# the cost. The gradients here are 1e-3 of the cost and more, so 1e-6 leaves room and still sees a wrong digit.
STEP = np.finfo(np.float64).eps ** (1 / 3)
TOLERANCE = 1e-6

M = 7  # examples


def central_differences(f, x):
    gradient = np.zeros_like(x, dtype=np.float64)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += STEP
        below[index] -= STEP
        gradient[index] = (f(above) - f(below)) / (2 * STEP)
    return gradient


def relative_error(found, expected):
    assert np.shape(found) == np.shape(expected)
    return np.max(np.abs(found - expected)) / np.max(np.abs(expected))


# ---- networks with random data, as (forward, cost, backward, X, parameters, Y, layers)


def draw(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def draw_network(layer_dims, seed):
    """He's scale and biases that are not 0, so that no layer is dead and no gradient tiny."""
    parameters = deep.initialize_parameters_deep(layer_dims, seed, scale="he")
    return {name: value + 0.1 * draw(*value.shape, seed=seed) for name, value in parameters.items()}


def binary_labels(m=M):
    return np.arange(m)[np.newaxis] % 2


def class_labels(classes=3, m=M):
    return np.arange(m)[np.newaxis] % classes


def away_from_kinks(caches):
    """A difference quotient across Z = 0 would measure neither slope."""
    return all(np.min(np.abs(Z)) > 100 * STEP for _, Z in caches[:-1])


DEEP = (deep.L_model_forward, deep.compute_cost, deep.L_model_backward, [4, 5, 3, 1], binary_labels())
SOFTMAX = (
    softmax.L_layer_forward,
    softmax.compute_cost,
    softmax.L_Layer_Back_Prop,
    [4, 5, 4, 3],
    softmax.one_hot(class_labels(), 3),
)
NETWORKS = {"deep": DEEP, "softmax": SOFTMAX}
LAYERS = 3


@pytest.fixture(params=NETWORKS)
def network(request):
    forward, cost, backward, layer_dims, Y = NETWORKS[request.param]
    X, parameters = draw(4, M, seed=1), draw_network(layer_dims, seed=2)
    AL, caches = forward(X, parameters)
    assert away_from_kinks(caches)
    return forward, cost, X, parameters, Y, caches, backward(AL, Y, caches)


def layers_after(l, parameters):
    """The layers above layer l, counted from 1 again."""
    kept = range(l + 1, len(parameters) // 2 + 1)
    return {f"{letter}{k - l}": parameters[f"{letter}{k}"] for k in kept for letter in "Wb"}


# ---- the checker itself


@pytest.mark.parametrize(
    "fault", [lambda g: -g, lambda g: g / M, lambda g: g * (1 + 1e-5), lambda g: g + 1e-5 * np.max(np.abs(g))]
)
def test_a_planted_fault_is_seen_by_central_differences(fault):
    x = draw(3, 2)
    numeric = central_differences(lambda x: np.sum(np.exp(x)), x)
    assert relative_error(fault(np.exp(x)), numeric) > TOLERANCE


def test_a_right_gradient_passes_central_differences():
    x = draw(3, 2)
    assert relative_error(np.exp(x), central_differences(lambda x: np.sum(np.exp(x)), x)) < TOLERANCE


# ---- whole networks against central differences


@pytest.mark.parametrize("name", [f"{letter}{l}" for l in range(1, LAYERS + 1) for letter in "Wb"])
def test_the_gradient_of_a_parameter_is_that_of_the_cost(network, name):
    forward, cost, X, parameters, Y, _, grads = network
    numeric = central_differences(lambda value: cost(forward(X, {**parameters, name: value})[0], Y), parameters[name])
    assert relative_error(grads["d" + name], numeric) < TOLERANCE


@pytest.mark.parametrize("l", range(LAYERS))
def test_the_gradient_of_an_activation_is_m_times_that_of_the_cost(network, l):
    forward, cost, _, parameters, Y, caches, grads = network
    (A, _, _), _ = caches[l]
    rest = layers_after(l, parameters)
    numeric = central_differences(lambda A: cost(forward(A, rest)[0], Y), A)
    assert relative_error(grads[f"dA{l}"], M * numeric) < TOLERANCE


def test_the_gradients_are_those_of_every_layer_and_its_input(network):
    *_, grads = network
    assert set(grads) == {"dA0", "dW1", "db1", "dA1", "dW2", "db2", "dA2", "dW3", "db3"}


def test_a_gradient_has_the_shape_of_what_it_belongs_to(network):
    _, _, X, parameters, _, _, grads = network
    shapes = {"d" + name: value.shape for name, value in {**parameters, "A0": X}.items()}
    assert {name: grads[name].shape for name in shapes} == shapes


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_one_layer_has_gradients(name):
    forward, _, backward, _, Y = NETWORKS[name]
    AL, caches = forward(draw(4, M), draw_network([4, Y.shape[0]], seed=3))
    assert set(backward(AL, Y, caches)) == {"dA0", "dW1", "db1"}


@pytest.fixture
def shallow_network():
    X, parameters, Y = draw(2, M, seed=4), draw_network([2, 4, 1], seed=5), binary_labels()
    A2, cache = shallow.forward_propagation(X, parameters)
    return X, parameters, Y, A2, cache, shallow.backward_propagation(parameters, cache, X, Y)


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_the_shallow_gradient_of_a_parameter_is_that_of_the_cost(shallow_network, name):
    X, parameters, Y, _, _, grads = shallow_network

    def cost(value):
        A2, _ = shallow.forward_propagation(X, {**parameters, name: value})
        return shallow.compute_cost(A2, Y)

    assert relative_error(grads["d" + name], central_differences(cost, parameters[name])) < TOLERANCE


SHALLOW_REST = {  # what is left of the forward pass above an intermediate
    "Z1": lambda Z1, p: logistic.sigmoid(p["W2"] @ np.tanh(Z1) + p["b2"]),
    "A1": lambda A1, p: logistic.sigmoid(p["W2"] @ A1 + p["b2"]),
    "Z2": lambda Z2, p: logistic.sigmoid(Z2),
}


@pytest.mark.parametrize("name", SHALLOW_REST)
def test_the_shallow_gradient_of_an_intermediate_is_m_times_that_of_the_cost(shallow_network, name):
    _, parameters, Y, _, cache, grads = shallow_network
    numeric = central_differences(
        lambda value: shallow.compute_cost(SHALLOW_REST[name](value, parameters), Y), cache[name]
    )
    assert relative_error(grads["d" + name], M * numeric) < TOLERANCE


def test_propagate_gives_the_gradient_of_its_own_cost_by_w():
    w, b, X, Y = draw(3, 1, seed=6), 0.3, draw(3, M, seed=7), binary_labels()
    grads, _ = logistic.propagate(w, b, X, Y)
    numeric = central_differences(lambda w: logistic.propagate(w, b, X, Y)[1], w)
    assert relative_error(grads["dw"], numeric) < TOLERANCE


def test_propagate_gives_the_gradient_of_its_own_cost_by_b():
    w, b, X, Y = draw(3, 1, seed=6), np.array(0.3), draw(3, M, seed=7), binary_labels()
    grads, _ = logistic.propagate(w, b, X, Y)
    numeric = central_differences(lambda b: logistic.propagate(w, b, X, Y)[1], b)
    assert relative_error(grads["db"], numeric) < TOLERANCE


@pytest.mark.parametrize(
    ("cost", "gradient", "labels"),
    [
        (softmax.cross_entropy, softmax.delta_cross_entropy, class_labels()),
        (
            softmax.cross_entropy_one_hot,
            softmax.delta_cross_entropy_one_hot,
            softmax.one_hot(class_labels(), 3),
        ),
        (softmax.cross_entropy_one_hot, softmax.delta_cross_entropy_one_hot, softmax.softmax(draw(3, M))),
    ],
    ids=["numbers", "one_hot", "soft"],
)
def test_delta_cross_entropy_is_the_gradient_of_the_cost_by_Z(cost, gradient, labels):
    Z = draw(3, M, seed=8)
    numeric = central_differences(lambda Z: cost(Z, labels), Z)
    assert relative_error(gradient(Z, labels), numeric) < TOLERANCE


# ---- single steps: with a random dA, the backward is the gradient of sum(dA * A)


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (lambda Z: deep.sigmoid(Z)[0], deep.sigmoid_backward),
        (lambda Z: deep.relu(Z)[0], deep.relu_backward),
        (softmax.leaky_relu, softmax.leaky_relu_backward),
        (lambda Z: softmax.leaky_relu(Z, 0.3), lambda dA, Z: softmax.leaky_relu_backward(dA, Z, 0.3)),
    ],
    ids=["sigmoid", "relu", "leaky_relu", "leaky_relu with slope 0.3"],
)
def test_an_activation_backward_is_the_vector_jacobian_product(forward, backward):
    Z, dA = draw(3, 4, seed=9), draw(3, 4, seed=10)
    numeric = central_differences(lambda Z: np.sum(dA * forward(Z)), Z)
    assert relative_error(backward(dA, Z), numeric) < TOLERANCE


@pytest.mark.parametrize(
    ("position", "factor"), [(0, 1), (1, M), (2, M)], ids=["dA_prev", "dW carries 1/m", "db carries 1/m"]
)
@pytest.mark.parametrize("activation", [None, "sigmoid", "relu"])
def test_a_layer_backward_is_the_vector_jacobian_product(activation, position, factor):
    inputs, dA = [draw(3, M, seed=11), draw(2, 3, seed=12), draw(2, 1, seed=13)], draw(2, M, seed=14)
    tail = [] if activation is None else [activation]
    forward = deep.linear_activation_forward if tail else deep.linear_forward
    backward = deep.linear_activation_backward if tail else deep.linear_backward
    _, cache = forward(*inputs, *tail)

    def value(x):
        A, _ = forward(*inputs[:position], x, *inputs[position + 1 :], *tail)
        return np.sum(dA * A)

    numeric = central_differences(value, inputs[position])
    assert relative_error(factor * backward(dA, cache, *tail)[position], numeric) < TOLERANCE


def test_a_relu_step_is_a_leaky_step_of_slope_0():
    cache = ((draw(3, M), draw(2, 3), draw(2, 1)), draw(2, M))
    relu = softmax.back_prop_single_step(draw(2, M), None, cache, "relu")
    leaky = softmax.back_prop_single_step(draw(2, M), None, cache, "leaky_relu", slope=0)
    for found, expected in zip(relu, leaky, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_leaky_slope_reaches_the_backward_pass():
    X, parameters, Y = draw(4, M, seed=1), draw_network([4, 5, 3], seed=2), SOFTMAX[-1]
    AL, caches = softmax.L_layer_forward(X, parameters, slope=0.2)
    grads = softmax.L_Layer_Back_Prop(AL, Y, caches, slope=0.2)
    numeric = central_differences(
        lambda X: softmax.compute_cost(softmax.L_layer_forward(X, parameters, slope=0.2)[0], Y), X
    )
    assert relative_error(grads["dA0"], M * numeric) < TOLERANCE


def test_relu_has_slope_0_at_0():
    assert deep.relu_backward(np.ones((1, 1)), np.zeros((1, 1))) == 0


# ---- saturation: warnings are errors, so these also say that there is none


@given(st.floats(-1e300, 1e300))
def test_sigmoid_of_z_and_of_minus_z_sum_to_one(z):
    assert logistic.sigmoid(z) + logistic.sigmoid(-z) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("z", [-30.0, -300.0, -700.0])
def test_sigmoid_keeps_its_relative_accuracy_far_below_0(z):
    # the exponent has |z| * eps absolute error, 2e-13 at most
    assert logistic.sigmoid(z) == pytest.approx(np.exp(z) / (1 + np.exp(z)), rel=1e-12)


def test_sigmoid_at_0_is_one_half():
    assert logistic.sigmoid(np.zeros((1, 1))) == 0.5


def saturated(Y):
    """One layer whose Z is 1000, -1000, 1000, -1000: AL is 1, 0, 1, 0 exactly."""
    X = np.array([[1000.0, -1000.0, 1000.0, -1000.0]])
    AL, caches = deep.L_model_forward(X, {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
    return AL, deep.L_model_backward(AL, Y, caches)


SATURATED_LABELS = np.array([[1, 0, 0, 1]])  # right, right, wrong, wrong


def test_saturated_outputs_have_the_gradient_AL_minus_Y():
    AL, grads = saturated(SATURATED_LABELS)
    np.testing.assert_array_equal(grads["dA0"], AL - SATURATED_LABELS)


def test_soft_labels_on_saturated_outputs_have_the_gradient_AL_minus_Y():
    Y = np.array([[0.25, 0.25, 0.5, 0.5]])
    AL, grads = saturated(Y)
    np.testing.assert_array_equal(grads["dA0"], AL - Y)


@pytest.mark.parametrize("z", [-744.0, -720.0, -40.0, 30.0, 36.5, 37.0])
@pytest.mark.parametrize("y", [0, 1])
def test_nearly_saturated_outputs_have_the_gradient_AL_minus_Y(z, y):
    # the smallest sigmoid is 5e-324, where 1 / AL overflows; 1 / (1 - AL) keeps 1 - AL to its last bit
    AL, caches = deep.L_model_forward(np.array([[z]]), {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
    grads = deep.L_model_backward(AL, np.array([[y]]), caches)
    np.testing.assert_allclose(grads["dA0"], AL - y, rtol=1e-12)


@pytest.mark.parametrize("compute_cost", [deep.compute_cost, shallow.compute_cost])
def test_a_certain_and_right_prediction_costs_nothing(compute_cost):
    assert compute_cost(np.array([[1.0, 0.0]]), np.array([[1, 0]])) == 0


@pytest.mark.parametrize(("AL", "y"), [(0.0, 1), (1.0, 0)])
def test_a_certain_and_wrong_prediction_costs_infinitely_much(AL, y):
    assert deep.compute_cost(np.array([[AL, 0.5]]), np.array([[y, 1]])) == np.inf


def test_the_cost_counts_both_labels():
    AL, Y = np.array([[0.8, 0.9, 0.4]]), np.array([[1, 0, 0]])
    # one rounding in each of a handful of operations
    assert deep.compute_cost(AL, Y) == pytest.approx(-np.log(0.8 * 0.1 * 0.6) / 3, rel=1e-14)


def test_propagate_survives_saturation():
    X = np.array([[1000.0, -1000.0]])
    grads, cost = logistic.propagate(np.ones((1, 1)), 0.0, X, np.array([[1, 0]]))
    assert (grads["dw"].item(), grads["db"], cost) == (0, 0, 0)


def test_the_shallow_gradients_survive_saturation():
    parameters = {name: 1000 * np.ones((1, 1)) for name in ("W1", "b1", "W2", "b2")}
    X, Y = np.array([[1.0, -3.0]]), np.array([[0, 0]])
    _, cache = shallow.forward_propagation(X, parameters)
    grads = shallow.backward_propagation(parameters, cache, X, Y)
    np.testing.assert_array_equal(grads["dZ2"], [[1, 0.5]])


def test_softmax_sums_to_one_in_every_column_whatever_its_size():
    Z = np.array([[1000.0, 0.0, -1000.0], [999.0, 1.0, -1000.0]])
    np.testing.assert_allclose(softmax.softmax(Z).sum(axis=0), 1, rtol=1e-15)  # one rounding per entry


def test_a_large_column_does_not_wipe_out_a_small_one():
    Z = np.array([[1000.0, 0.0], [999.0, 1.0]])
    np.testing.assert_allclose(softmax.softmax(Z)[:, 1], softmax.softmax(Z[:, 1:])[:, 0], rtol=0)


@pytest.mark.parametrize(("y", "cost"), [(0, 0), (1, 2000)])
def test_cross_entropy_from_Z_stays_finite(y, cost):
    assert softmax.cross_entropy(np.array([[1000.0], [-1000.0]]), np.array([[y]])) == cost


def test_cross_entropy_is_the_same_for_numbers_and_one_hot():
    Z, y = draw(3, M), class_labels()
    # the two sum in a different order
    assert softmax.cross_entropy(Z, y) == pytest.approx(
        softmax.cross_entropy_one_hot(Z, softmax.one_hot(y, 3)), rel=1e-14
    )


@pytest.mark.parametrize(("Y", "cost"), [([[1], [0]], 0), ([[0], [1]], np.inf)])
def test_the_cost_of_a_saturated_softmax_is_its_limit(Y, cost):
    assert softmax.compute_cost(np.array([[1.0], [0.0]]), np.array(Y)) == cost


def test_a_saturated_softmax_has_the_gradient_AL_minus_Y():
    X, Y = np.array([[1000.0, -1000.0]]), np.array([[1, 1], [0, 0]])
    AL, caches = softmax.L_layer_forward(X, {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))})
    grads = softmax.L_Layer_Back_Prop(AL, Y, caches)
    np.testing.assert_array_equal(grads["dW1"], (AL - Y) @ X.T / 2)


# ---- dictionaries and arrays of the caller


@pytest.mark.parametrize("update", [deep.update_parameters, shallow.update_parameters, softmax.update_parameters])
def test_update_leaves_the_parameters_of_the_caller_alone(update):
    parameters = draw_network([2, 3, 1], seed=0)
    before = copy.deepcopy(parameters)
    update(parameters, {"d" + name: np.ones_like(value) for name, value in parameters.items()}, 0.5)
    for name, value in before.items():
        np.testing.assert_array_equal(parameters[name], value)


@pytest.mark.parametrize("update", [deep.update_parameters, shallow.update_parameters, softmax.update_parameters])
def test_update_steps_against_the_gradient(update):
    parameters, grads = {"W1": np.ones((1, 2)), "b1": np.ones((1, 1))}, {"dW1": np.ones((1, 2)), "db1": np.ones((1, 1))}
    assert {name: value.tolist() for name, value in update(parameters, grads, 0.25).items()} == {
        "W1": [[0.75, 0.75]],
        "b1": [[0.75]],
    }


def test_the_shallow_learning_rate_is_1_point_2_unless_given():
    ones = {"W1": np.ones((1, 1)), "b1": np.ones((1, 1))}
    # 1 - 1.2 rounds once
    assert shallow.update_parameters(ones, {"dW1": ones["W1"], "db1": ones["b1"]})["W1"] == pytest.approx(-0.2)


def test_optimize_leaves_w_of_the_caller_alone():
    w = np.zeros((2, 1))
    logistic.optimize(w, 0.0, draw(2, M), binary_labels(), 3, 0.1)
    assert not w.any()


def test_the_backward_pass_keeps_no_gradient_of_a_deeper_network():
    X, Y = draw(4, M), binary_labels()
    for layer_dims in ([4, 3, 2, 1], [4, 1]):
        AL, caches = deep.L_model_forward(X, draw_network(layer_dims, seed=0))
        grads = deep.L_model_backward(AL, Y, caches)
    assert set(grads) == {"dA0", "dW1", "db1"}


# ---- logistic regression


def test_the_initial_w_is_a_column_of_zeros():
    w, b = logistic.initialize_with_zeros(3)
    assert (w.tolist(), b) == ([[0], [0], [0]], 0)


def test_the_gradient_of_b_is_a_number():
    grads, _ = logistic.propagate(draw(2, 1), 0.0, draw(2, M), binary_labels())
    assert np.shape(grads["db"]) == ()


def test_optimize_returns_a_cost_for_every_iteration():
    _, _, costs = logistic.optimize(np.zeros((2, 1)), 0.0, draw(2, M), binary_labels(), 5, 0.1)
    assert len(costs) == 5


def test_optimize_lowers_the_cost():
    _, _, costs = logistic.optimize(np.zeros((2, 1)), 0.0, draw(2, M), binary_labels(), 20, 0.1)
    assert all(later < earlier for earlier, later in pairwise(costs))


def test_optimize_takes_the_steps_that_propagate_gives():
    w, b, X, Y = draw(2, 1), 0.5, draw(2, M), binary_labels()
    params, grads, _ = logistic.optimize(w, b, X, Y, 1, 0.1)
    assert params["b"] == b - 0.1 * grads["db"]


# ---- predictions


def test_logistic_predicts_1_above_one_half():
    predicted = logistic.predict(np.ones((1, 1)), 0.0, np.array([[-1.0, 0.0, 2.0]]))
    assert predicted.tolist() == [[0, 0, 1]]


def test_the_shallow_network_predicts_1_above_one_half():
    parameters = {name: np.ones((1, 1)) for name in ("W1", "b1", "W2")} | {"b2": np.zeros((1, 1))}
    assert shallow.predict(np.array([[-2.0, 2.0]]), parameters).tolist() == [[0, 1]]


def test_the_deep_network_predicts_1_above_one_half():
    parameters = {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))}
    assert deep.predict(np.array([[-1.0, 0.0, 2.0]]), parameters).tolist() == [[0, 0, 1]]


def test_softmax_predicts_the_most_probable_class():
    parameters = {"W1": np.eye(3), "b1": np.zeros((3, 1))}
    X = np.array([[1.0, 0.0], [3.0, 0.5], [2.0, 4.0]])
    assert softmax.predict(X, parameters).tolist() == [[1, 2]]


# ---- parameters drawn at random


def test_a_seed_and_its_generator_draw_the_same_parameters():
    from_seed = deep.initialize_parameters(4, 3, 1, 5)
    from_generator = deep.initialize_parameters(4, 3, 1, np.random.default_rng(5))
    np.testing.assert_array_equal(from_seed["W2"], from_generator["W2"])


def test_a_generator_goes_on_and_does_not_start_again():
    rng = np.random.default_rng(5)
    first, second = (deep.initialize_parameters(4, 3, 1, rng)["W1"] for _ in range(2))
    assert not np.array_equal(first, second)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - it is the global one that is watched
    deep.initialize_parameters(4, 3, 1, 5)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_he_scale_is_the_root_of_2_over_the_inputs():
    unit = deep.initialize_parameters_deep([8, 3], 0, scale=1)["W1"]
    he = deep.initialize_parameters_deep([8, 3], 0, scale="he")["W1"]
    np.testing.assert_array_equal(he, unit * 0.5)


def test_biases_start_at_0():
    assert not deep.initialize_parameters_deep([3, 2], 0)["b1"].any()


@pytest.mark.parametrize("module", [shallow, softmax])
def test_every_network_is_initialized_by_the_one_function(module):
    assert module.initialize_parameters is deep.initialize_parameters


# ---- labels


def test_one_hot_puts_a_1_at_the_class_of_every_example():
    assert softmax.one_hot(np.array([[2, 0]]), 3).tolist() == [[0, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize("kind", [int, np.uint8, bool, np.float32])
def test_binary_labels_of_any_kind_give_the_same_gradient(kind):
    X, parameters, Y = draw(4, M), draw_network([4, 1], seed=0), binary_labels()
    AL, caches = deep.L_model_forward(X, parameters)
    found = deep.L_model_backward(AL, Y.astype(kind), caches)["dW1"]
    np.testing.assert_array_equal(found, deep.L_model_backward(AL, Y.astype(float), caches)["dW1"])


# ---- float32 in, float32 out


def single(parameters):
    return {name: value.astype(np.float32) for name, value in parameters.items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_float32_network_stays_float32(name):
    forward, cost, backward, layer_dims, Y = NETWORKS[name]
    X, parameters = draw(4, M).astype(np.float32), single(draw_network(layer_dims, seed=2))
    AL, caches = forward(X, parameters)
    grads = backward(AL, Y, caches)
    updated = deep.update_parameters(parameters, grads, 0.1)
    values = [AL, cost(AL, Y), *grads.values(), *updated.values()]
    assert {value.dtype for value in values} == {np.dtype(np.float32)}


def test_a_float32_shallow_network_stays_float32():
    X, parameters = draw(2, M).astype(np.float32), single(draw_network([2, 3, 1], seed=2))
    A2, cache = shallow.forward_propagation(X, parameters)
    grads = shallow.backward_propagation(parameters, cache, X, binary_labels())
    assert {value.dtype for value in [A2, *grads.values()]} == {np.dtype(np.float32)}


def test_float32_logistic_regression_stays_float32():
    w, X = draw(2, 1).astype(np.float32), draw(2, M).astype(np.float32)
    params, grads, costs = logistic.optimize(w, 0.0, X, binary_labels(), 2, 0.1)
    values = [*params.values(), *grads.values(), *costs]
    assert {value.dtype for value in values} == {np.dtype(np.float32)}


# ---- forward code runs on whatever behaves like an ndarray

UFUNCS = [np.add, np.subtract, np.multiply, np.divide, np.power, np.negative, np.matmul, np.exp, np.log]
UFUNCS += [np.logaddexp, np.tanh, np.sqrt, np.square, np.abs, np.maximum, np.minimum]
UFUNCS += [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal]
FUNCTIONS = [np.dot, np.where, np.sum, np.mean, np.max, np.reshape, np.transpose, np.squeeze]


def refuse(self, *_):
    raise TypeError("an array that is being watched was converted or overwritten")


class Watched(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that knows only what a recorder can differentiate, and refuses to become a plain one."""

    def __init__(self, data):
        self.data = np.asarray(data)

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    size = property(lambda self: self.data.size)
    T = property(lambda self: Watched(self.data.T))

    __array__ = __float__ = __int__ = __bool__ = __iter__ = __setitem__ = refuse

    def __getitem__(self, key):
        return Watched(self.data[key])

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        assert ufunc in UFUNCS, ufunc
        assert (method, kwargs) == ("__call__", {})
        y = ufunc(*map(plain, inputs))
        return y if y.dtype == bool else Watched(y)

    def __array_function__(self, function, types, args, kwargs):
        assert function in FUNCTIONS, function
        assert not {"out", "where"} & set(kwargs)
        return Watched(function(*map(plain, args), **kwargs))


def plain(x):
    return x.data if isinstance(x, Watched) else x


def watch_all(watch, parameters):
    return {name: watch(value) for name, value in parameters.items()}


# each takes the function that watches an array (or leaves it plain), and returns a forward result
FORWARDS = {
    "logistic.propagate": lambda watch: logistic.propagate(
        watch(draw(3, 1)), watch(np.array(0.5)), draw(3, M), binary_labels()
    )[1],
    "logistic.propagate dw": lambda watch: logistic.propagate(watch(draw(3, 1)), 0.5, draw(3, M), binary_labels())[0][
        "dw"
    ],
    "logistic.optimize": lambda watch: logistic.optimize(watch(draw(3, 1)), 0.5, draw(3, M), binary_labels(), 2, 0.1)[
        0
    ]["w"],
    "shallow": lambda watch: shallow.compute_cost(
        shallow.forward_propagation(draw(2, M), watch_all(watch, draw_network([2, 4, 1], seed=5)))[0],
        binary_labels(),
    ),
    "deep": lambda watch: deep.compute_cost(
        deep.L_model_forward(draw(4, M), watch_all(watch, draw_network([4, 3, 1], seed=5)))[0], binary_labels()
    ),
    "deep by X": lambda watch: deep.L_model_forward(watch(draw(4, M)), draw_network([4, 3, 1], seed=5))[0],
    "deep, saturated": lambda watch: deep.compute_cost(watch(np.array([[1.0, 0.0]])), np.array([[1, 0]])),
    "softmax": lambda watch: softmax.compute_cost(
        softmax.L_layer_forward(draw(4, M), watch_all(watch, draw_network([4, 5, 3], seed=5)))[0], SOFTMAX[-1]
    ),
    "softmax.cross_entropy": lambda watch: softmax.cross_entropy(watch(draw(3, M)), class_labels()),
    "softmax.cross_entropy_one_hot": lambda watch: softmax.cross_entropy_one_hot(watch(draw(3, M)), SOFTMAX[-1]),
}


@pytest.mark.parametrize("name", FORWARDS)
def test_forward_code_never_leaves_a_watched_array(name):
    forward = FORWARDS[name]
    np.testing.assert_array_equal(forward(Watched).data, forward(lambda x: x))


def test_a_watched_array_refuses_to_become_a_plain_one():
    with pytest.raises(TypeError, match="converted"):
        np.asarray(Watched(np.ones(2)))


# ---- at the door

ONES = np.ones
PARAMETERS = {"W1": ONES((3, 4)), "b1": ONES((3, 1)), "W2": ONES((1, 3)), "b2": ONES((1, 1))}
CACHE = ((ONES((4, 2)), ONES((3, 4)), ONES((3, 1))), ONES((3, 2)))


def without(name):
    return {key: value for key, value in PARAMETERS.items() if key != name}


REFUSED = {
    "linear_forward: W has shape (3, 4), A has shape (5, 2): W needs as many columns as A has rows": lambda: (
        deep.linear_forward(ONES((5, 2)), ONES((3, 4)), ONES((3, 1)))
    ),
    "linear_forward: W has shape (3, 4), A has shape (4,): both need two dimensions": lambda: deep.linear_forward(
        ONES(4), ONES((3, 4)), ONES((3, 1))
    ),
    "linear_forward: b has shape (3,), W has shape (3, 4): b needs (3, 1)": lambda: deep.linear_forward(
        ONES((4, 2)), ONES((3, 4)), ONES(3)
    ),
    "linear_backward: dZ has shape (3, 1), Z has shape (3, 2): they must have the same shape": lambda: (
        deep.linear_backward(ONES((3, 1)), CACHE[0])
    ),
    "sigmoid_backward: dA has shape (1, 2), Z has shape (3, 2)": lambda: deep.sigmoid_backward(ONES((1, 2)), CACHE[1]),
    "relu_backward: dA has shape (1, 2), Z has shape (3, 2)": lambda: deep.relu_backward(ONES((1, 2)), CACHE[1]),
    "leaky_relu_backward: dA has shape (1, 2), Z has shape (3, 2)": lambda: softmax.leaky_relu_backward(
        ONES((1, 2)), CACHE[1]
    ),
    "linear_activation_forward: activation is 'tanh': it must be 'sigmoid' or 'relu'": lambda: (
        deep.linear_activation_forward(*CACHE[0], "tanh")
    ),
    "linear_activation_backward: activation is 'tanh': it must be 'sigmoid' or 'relu'": lambda: (
        deep.linear_activation_backward(CACHE[1], CACHE, "tanh")
    ),
    "back_prop_single_step: activation is 'tanh': it must be 'softmax' or 'leaky_relu' or 'relu'": lambda: (
        softmax.back_prop_single_step(CACHE[1], None, CACHE, "tanh")
    ),
    "L_model_forward: W1 has shape (3, 4), X has shape (5, 2): W1 needs as many columns as X has rows": lambda: (
        deep.L_model_forward(ONES((5, 2)), PARAMETERS)
    ),
    "L_layer_forward: W1 has shape (3, 4), X has shape (5, 2)": lambda: softmax.L_layer_forward(
        ONES((5, 2)), PARAMETERS
    ),
    "L_model_forward: W2 has shape (1, 4), A1 has shape (3, 2): W2 needs as many columns": lambda: deep.L_model_forward(
        ONES((4, 2)), {**PARAMETERS, "W2": ONES((1, 4))}
    ),
    "L_model_forward: parameters has the keys ['W1', 'W2', 'b2']: it needs W1, b1, ..., WL, bL": lambda: (
        deep.L_model_forward(ONES((4, 2)), without("b1"))
    ),
    "L_layer_forward: parameters has the keys []": lambda: softmax.L_layer_forward(ONES((4, 2)), {}),
    "L_model_forward: parameters has the keys ['W1', 'b1', 'W3', 'b3']": lambda: deep.L_model_forward(
        ONES((4, 2)), {"W1": ONES((3, 4)), "b1": ONES((3, 1)), "W3": ONES((1, 3)), "b3": ONES((1, 1))}
    ),
    "update_parameters: parameters has the keys ['W1', 'b1', 'W2']": lambda: deep.update_parameters(
        without("b2"), {}, 0.1
    ),
    "update_parameters: grads has the keys ['dW1']: db1 is missing": lambda: deep.update_parameters(
        {"W1": ONES((3, 4)), "b1": ONES((3, 1))}, {"dW1": ONES((3, 4))}, 0.1
    ),
    "update_parameters: db1 has shape (), b1 has shape (3, 1)": lambda: deep.update_parameters(
        {"W1": ONES((3, 4)), "b1": ONES((3, 1))}, {"dW1": ONES((3, 4)), "db1": 0.5}, 0.1
    ),
    "L_model_backward: caches is empty": lambda: deep.L_model_backward(ONES((1, 2)), ONES((1, 2)), []),
    "L_model_backward: AL has shape (1, 2), Z has shape (3, 2)": lambda: deep.L_model_backward(
        ONES((1, 2)), ONES((1, 2)), [CACHE]
    ),
    "L_model_backward: Y has shape (2,), AL has shape (3, 2)": lambda: deep.L_model_backward(
        ONES((3, 2)), ONES(2), [CACHE]
    ),
    "L_Layer_Back_Prop: Y has shape (1, 2), AL has shape (3, 2)": lambda: softmax.L_Layer_Back_Prop(
        ONES((3, 2)), ONES((1, 2)), [CACHE]
    ),
    "L_Layer_Back_Prop: Y has columns that do not sum to 1: it must be one-hot": lambda: softmax.L_Layer_Back_Prop(
        ONES((3, 2)), ONES((3, 2)), [CACHE]
    ),
    "back_prop_single_step: Y has shape (), Z has shape (3, 2)": lambda: softmax.back_prop_single_step(
        None, None, CACHE, "softmax"
    ),
    "compute_cost: Y has shape (2, 1), AL has shape (1, 2)": lambda: deep.compute_cost(ONES((1, 2)), ONES((2, 1))),
    "compute_cost: Y has shape (2,): it needs a column for each example": lambda: deep.compute_cost(ONES(2), ONES(2)),
    "compute_cost: Y has shape (1, 0): it needs a column for each example": lambda: deep.compute_cost(
        ONES((1, 0)), ONES((1, 0))
    ),
    "compute_cost: Y holds -1.0 to 1.0: labels lie between 0 and 1": lambda: deep.compute_cost(
        ONES((1, 2)), np.array([[-1.0, 1.0]])
    ),
    "compute_cost: Y holds nan to nan": lambda: deep.compute_cost(ONES((1, 1)), np.array([[np.nan]])),
    "propagate: Y has shape (2,), A has shape (1, 2)": lambda: logistic.propagate(
        ONES((3, 1)), 0.0, ONES((3, 2)), ONES(2)
    ),
    "propagate: w.T has shape (1, 4), X has shape (3, 2)": lambda: logistic.propagate(
        ONES((4, 1)), 0.0, ONES((3, 2)), ONES((1, 2))
    ),
    "propagate: w has shape (3,), b has shape (): w needs one column, b is a number": lambda: logistic.propagate(
        ONES(3), 0.0, ONES((3, 2)), ONES((1, 2))
    ),
    "predict: w has shape (3, 1), b has shape (1,)": lambda: logistic.predict(ONES((3, 1)), ONES(1), ONES((3, 2))),
    "initialize_with_zeros: dim is 0": lambda: logistic.initialize_with_zeros(0),
    "forward_propagation: parameters has the keys ['W1', 'b1']: it needs W1, b1, W2, b2": lambda: (
        shallow.forward_propagation(ONES((4, 2)), {"W1": ONES((3, 4)), "b1": ONES((3, 1))})
    ),
    "forward_propagation: W1 has shape (3, 4), X has shape (5, 2)": lambda: shallow.forward_propagation(
        ONES((5, 2)), PARAMETERS
    ),
    "backward_propagation: cache has the keys ['A1']: it needs A1 and A2": lambda: shallow.backward_propagation(
        PARAMETERS, {"A1": ONES((3, 2))}, ONES((4, 2)), ONES((1, 2))
    ),
    "backward_propagation: A1 has shape (3, 5), W1 X has shape (3, 2)": lambda: shallow.backward_propagation(
        PARAMETERS, {"A1": ONES((3, 5)), "A2": ONES((1, 5))}, ONES((4, 2)), ONES((1, 5))
    ),
    "backward_propagation: Y has shape (2, 1), A2 has shape (1, 2)": lambda: shallow.backward_propagation(
        PARAMETERS, {"A1": ONES((3, 2)), "A2": ONES((1, 2))}, ONES((4, 2)), ONES((2, 1))
    ),
    "one_hot: y holds 0 to 3: 3 classes are 0 to 2": lambda: softmax.one_hot(np.array([[0, 3]]), 3),
    "one_hot: y has shape (2,): it needs the shape (1, m), here with m = 2": lambda: softmax.one_hot(
        np.array([0, 1]), 3
    ),
    "cross_entropy: y holds -1 to 0": lambda: softmax.cross_entropy(ONES((3, 2)), np.array([[-1, 0]])),
    "cross_entropy: y has the dtype float64": lambda: softmax.cross_entropy(ONES((3, 2)), ONES((1, 2))),
    "cross_entropy: y has shape (1, 3): it needs the shape (1, m), here with m = 2": lambda: softmax.cross_entropy(
        ONES((3, 2)), np.array([[0, 1, 2]])
    ),
    "cross_entropy: Z has shape (3,): it needs two dimensions": lambda: softmax.cross_entropy(ONES(3), np.array([[0]])),
    "delta_cross_entropy: y has shape (2, 1)": lambda: softmax.delta_cross_entropy(ONES((3, 2)), np.array([[0], [1]])),
    "cross_entropy_one_hot: Y has shape (1, 2), Z has shape (3, 2)": lambda: softmax.cross_entropy_one_hot(
        ONES((3, 2)), ONES((1, 2))
    ),
    "initialize_parameters_deep: layer_dims is [5]": lambda: deep.initialize_parameters_deep([5], 0),
    "initialize_parameters_deep: layer_dims is [5, 0]": lambda: deep.initialize_parameters_deep([5, 0], 0),
    "initialize_parameters_deep: scale is 'xavier'": lambda: deep.initialize_parameters_deep([5, 1], 0, "xavier"),
    "initialize_parameters_deep: rng is None": lambda: deep.initialize_parameters_deep([5, 1], None),
}


@pytest.mark.parametrize("message", REFUSED)
def test_a_wrong_call_is_told_who_refused_what_and_why(message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        REFUSED[message]()


def test_the_package_offers_its_four_modules():
    assert set(by_hand.__all__) == {"deep", "logistic", "shallow", "softmax"}
