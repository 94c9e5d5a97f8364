"""The judge where it is hard: curvature and kinks, cancellation and saturation, names that are used twice."""

import functools
import time

import numpy as np
import pytest
from sampling import one_in

from tinygrad_dnn import Tensor
from tinygrad_dnn import check as check_and_suggest
from tinygrad_dnn.by_hand import deep

check = functools.partial(check_and_suggest, suggest=False)  # the search for a fix has tests of its own

RNG = np.random.default_rng


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def verdict(cost, gradient, value, name="w", **options):
    """The verdict on the gradient of a single parameter."""
    return check(cost, lambda p: {"d" + name: gradient(p)}, {name: value}, **options)["d" + name].verdict


def unrecordable(cost):
    return lambda p: cost({name: np.asarray(value) for name, value in p.items()})


WAYS = pytest.mark.parametrize("way", [lambda cost: cost, unrecordable], ids=["recorded", "differences alone"])

# Curvature that could be taken for a kink, and steps too long for the function


@pytest.mark.parametrize("size", one_in(4, [1e3, 2e6, 1e7, 1e8, 1.6e9]))
@pytest.mark.parametrize("factor", [0.0, 0.5, -1.0, 1.5, 1.0])
@WAYS
def test_a_large_feature_and_a_zero_weight_are_no_kink(way, size, factor):
    x, y = size * (1 + 0.1 * RNG(0).normal(size=20)), (RNG(1).random(20) > 0.5) * 1.0
    cost = lambda p: np.mean(np.logaddexp(0, p["w"] * x) - y * p["w"] * x)
    found = verdict(way(cost), lambda p: factor * np.mean((sigmoid(p["w"] * x) - y) * x), 0.0)
    assert found == "right" if factor == 1 else found in ("wrong", "unchecked")
    assert found == "wrong" or factor == 1 or way is unrecordable


@pytest.mark.parametrize("k", one_in(2, [10, 1e3, 1e4, 1e5, 1e7]))
@pytest.mark.parametrize("seed", one_in(8, range(8)))
@WAYS
def test_a_fast_wave_is_not_misjudged(way, k, seed):
    w = RNG(seed).normal(size=3)
    cost = way(lambda p: np.sum(np.sin(k * p["w"])))
    assert verdict(cost, lambda p: k * np.cos(k * p["w"]), w) != "wrong"
    assert verdict(cost, lambda p: 1.3 * k * np.cos(k * p["w"]), w) != "right"


@pytest.mark.parametrize("k", [1e4, 1e5, 1e8])
def test_a_steep_tanh_at_zero_is_right_and_a_wrong_one_is_not(k):
    cost = lambda p: np.sum(np.tanh(k * p["b"]))
    assert verdict(cost, lambda p: k * (1 - np.tanh(k * p["b"]) ** 2), np.zeros(2), "b") == "right"
    assert verdict(cost, lambda p: 0.5 * k * (1 - np.tanh(k * p["b"]) ** 2), np.zeros(2), "b") == "wrong"


@pytest.mark.parametrize("k", [1e5, 1e8])
def test_structure_of_size_one_at_large_parameters(k):
    cost = lambda p: np.sum(np.tanh(p["w"] - k + 0.2))
    right = lambda p: 1 - np.tanh(p["w"] - k + 0.2) ** 2
    assert verdict(cost, right, np.array([k, k + 0.5])) == "right"
    assert verdict(cost, lambda p: 0 * p["w"], np.array([k, k + 0.5])) == "wrong"


# Kinks


@pytest.mark.parametrize("slope", [-3.0, -1.0, -0.2, 1.2, 2.0, 5.0])
@WAYS
def test_a_slope_outside_the_one_sided_ones_is_wrong(way, slope):
    cost = way(lambda p: np.sum(np.maximum(0, p["x"])))
    assert verdict(cost, lambda p: np.array([slope, 1, 0]), np.array([0.0, 1, -1]), "x") == "wrong"


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.5, 1.0])
@WAYS
def test_a_slope_between_the_one_sided_ones_is_right(way, slope):
    cost = way(lambda p: np.sum(np.maximum(0, p["x"])))
    at_kink = lambda p: np.where(p["x"] == 0, slope, p["x"] > 0)
    assert verdict(cost, at_kink, np.array([0.0, 1, -1]), "x") == "right"
    beside_it = lambda p: np.where(p["x"] == 0, slope, 1.01 * (p["x"] > 0))
    assert verdict(cost, beside_it, np.zeros(9), "x") == "wrong"


@pytest.mark.parametrize("near", [1e-5, 1e-7, 1e-9])
def test_beside_a_kink_only_the_one_slope_is_right(near):
    cost = lambda p: np.sum(np.maximum(0, p["x"]))
    assert verdict(cost, lambda p: 1.0 * (p["x"] > 0), np.array([near, 1, -1]), "x") == "right"
    assert verdict(cost, lambda p: np.array([0.0, 1, 0]), np.array([near, 1, -1]), "x") == "wrong"


def relu_network(width, seed, slope, m=20):
    """Three hidden ReLU layers with zero biases: dead layers make whole arrays exactly 0."""
    rng = RNG(seed)
    X, Y = rng.normal(size=(width, m)), (rng.random((1, m)) > 0.5) * 1.0
    parameters = deep.initialize_parameters_deep([width, width, width, width, 1], rng, "he")

    def cost(p):
        return deep.compute_cost(deep.L_model_forward(X, p)[0], Y)

    def gradients(p):
        AL, caches = deep.L_model_forward(X, p)
        dZ, grads = AL - Y, {}
        for l in range(4, 0, -1):
            (A_prev, W, _), _ = caches[l - 1]
            grads |= {f"dW{l}": dZ @ A_prev.T / m, f"db{l}": dZ.sum(axis=1, keepdims=True) / m}
            if l > 1:
                Z = caches[l - 2][1]
                dZ = (W.T @ dZ) * np.where(Z == 0, slope, Z > 0)
        return grads

    return cost, gradients, parameters


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", one_in(4, range(12)))
def test_dead_layers_raise_no_alarm_whatever_the_slope_at_zero(slope, seed):
    report = check(*relu_network(2, seed, slope))
    assert report.having("wrong") == [], str(report)


def test_a_hundred_entries_at_a_kink_are_right_with_one_slope():
    assert (
        verdict(lambda p: np.sum(np.abs(p["w"])), lambda p: np.where(p["w"] >= 0, 1.0, -1.0), np.zeros(100)) == "right"
    )


def test_a_hundred_entries_at_a_kink_with_mixed_slopes_are_not_called_wrong():
    mixed = RNG(0).uniform(-1, 1, size=100)
    assert verdict(lambda p: np.sum(np.abs(p["w"])), lambda p: mixed, np.zeros(100)) == "unchecked"


def test_an_intermediate_at_a_kink_may_have_the_other_slope():
    X, Y = np.array([[1.0, 0.0], [2.0, 0.0]]), np.array([[1.0, 2.0]])

    def forward(p):
        Z1 = p["W1"] @ X
        A1 = np.maximum(0, Z1)
        return Z1, A1, p["W2"] @ A1

    def gradients(p):
        Z1, A1, A2 = forward(p)
        dA2 = A2 - Y
        dZ1 = (p["W2"].T @ dA2) * (Z1 >= 0)
        return {"dW2": dA2 @ A1.T, "dZ1": dZ1, "dW1": dZ1 @ X.T}

    report = check(
        lambda p: 0.5 * np.sum((forward(p)[2] - Y) ** 2), gradients, {"W1": np.eye(2), "W2": np.ones((1, 2))}
    )
    assert report.ok, str(report)


KINKED = {  # a function with a kink at 0, and slopes there that others take
    "maximum": (lambda Z: np.maximum(0, Z), lambda Z: Z >= 0, lambda Z: (Z > 0) + 0.5 * (Z == 0)),
    "minimum": (lambda Z: -np.minimum(0, -Z), lambda Z: Z >= 0, lambda Z: (Z > 0) + 0.5 * (Z == 0)),
    "where": (lambda Z: np.where(Z > 0, Z, 0.0), lambda Z: Z >= 0, lambda Z: (Z > 0) + 0.5 * (Z == 0)),
    "absolute": (np.abs, lambda Z: np.where(Z >= 0, 1.0, -1.0), lambda Z: np.where(Z > 0, 1.0, -1.0)),
}


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("fault", [1.0, 1.01])
def test_a_dead_unit_of_many_examples_may_have_the_other_slope(name, which, fault):
    """No direction of W1 shows it: some examples go up when others go down."""
    draws = RNG(3)
    X, Y, W1, W2 = (draws.normal(size=shape) for shape in ((3, 6), (1, 6), (4, 3), (1, 4)))
    W1[0] = 0
    f, slope = KINKED[name][0], KINKED[name][1 + which]

    def gradients(p):
        Z1 = p["W1"] @ X
        A1 = f(Z1)
        dA2 = p["W2"] @ A1 - Y
        dZ1 = (p["W2"].T @ dA2) * slope(Z1)
        return {"dW2": dA2 @ A1.T, "dW1": fault * dZ1 @ X.T}

    report = check(
        lambda p: 0.5 * np.sum((p["W2"] @ f(p["W1"] @ X) - Y) ** 2), gradients, {"W1": W1, "W2": W2}, suggest=False
    )
    assert report["dW2"].verdict == "right"
    assert report["dW1"].verdict == ("right" if fault == 1.0 else "wrong")


# Cancellation, rounding, saturation


@pytest.mark.parametrize("offset", [1e-10, 1e-12, 1e-14, 0.0])
@pytest.mark.parametrize("factor", [1.001, 1.5, -1.0, 0.0])
def test_a_cost_near_zero_by_cancellation_is_judged(offset, factor):
    W, X = RNG(3).normal(size=(3, 4)), np.abs(RNG(4).normal(size=(4, 20)))
    base = np.mean(np.tanh(W @ X))
    cost = lambda p: np.mean(np.tanh(p["W"] @ X)) - (base - offset)
    gradient = lambda p: ((1 - np.tanh(p["W"] @ X) ** 2) / 60) @ X.T
    assert verdict(cost, gradient, W, "W") == "right"
    assert verdict(cost, lambda p: factor * gradient(p), W, "W") == "wrong"


def test_a_gradient_that_is_not_finite_does_not_hide_the_others():
    cost = lambda p: np.sqrt(np.sum(p["z"] ** 2)) + 1e-8 * np.sum(np.sin(p["w"]))
    gradients = lambda p: {"dz": np.zeros(2), "dw": 50e-8 * np.cos(p["w"])}
    assert check(cost, gradients, {"z": np.zeros(2), "w": np.array([0.2, 0.4])})["dw"].verdict == "wrong"


@pytest.mark.parametrize("factor", [0.0, 2.0, -1.0, 1.001])
def test_an_entry_far_below_the_largest_is_judged(factor):
    X, y = np.stack([1.6e9 * (1 + 0.1 * RNG(0).random(9)), np.ones(9)]), RNG(1).normal(size=9)
    cost = lambda p: np.mean((p["w"] @ X / 1e9 - y) ** 2)
    right = lambda p: 2 * X @ (p["w"] @ X / 1e9 - y) / 9 / 1e9
    assert verdict(cost, right, np.array([0.3, 0.7])) == "right"
    assert verdict(cost, lambda p: right(p) * np.array([1, factor]), np.array([0.3, 0.7])) == "wrong"


@pytest.mark.parametrize("w", [5.0, 20.0, 28.0, 33.0])
@pytest.mark.parametrize("form", ["logaddexp", "log of 1 + exp", "log of the sigmoid"])
def test_a_trained_network_raises_no_alarm(w, form):
    x, y = np.array([1.0, -1, 1.2, -1.3]), np.array([1, 0, 1, 0])
    z = lambda p: (2 * y - 1) * p["w"] * x
    cost = {
        "logaddexp": lambda p: np.mean(np.logaddexp(0, -z(p))),
        "log of 1 + exp": lambda p: np.mean(np.log(1 + np.exp(-z(p)))),
        "log of the sigmoid": lambda p: -np.mean(np.log(sigmoid(z(p)))),
    }[form]
    gradient = lambda p: np.mean((sigmoid(p["w"] * x) - y) * x)
    assert verdict(cost, gradient, w) != "wrong"
    assert verdict(cost, lambda p: 1.5 * gradient(p), w) in (("wrong",) if w < 30 else ("wrong", "unchecked"))


@pytest.mark.parametrize("seed", [1, 2, 5, 7, 11])
def test_a_gradient_below_the_rounding_of_its_formula_is_unchecked(seed):
    w = RNG(seed + 1).normal(size=3)
    X = RNG(seed).normal(size=(3, 8))
    X = X[:, np.abs(w @ X) > 0.5]
    Y, trained = (w @ X > 0) * 1.0, 60 * w
    cost = lambda p: np.mean(np.logaddexp(0, -(2 * Y - 1) * (p["w"] @ X)))
    gradient = lambda p: X @ (sigmoid(p["w"] @ X) - Y) / X.shape[1]
    assert verdict(cost, gradient, trained) != "wrong"
    assert verdict(cost, lambda p: gradient(p) + 1e-12, trained) == "wrong"


@pytest.mark.parametrize("seed", one_in(4, range(20)))
@pytest.mark.parametrize("eps", [1e-5, 0.0])
def test_batch_norm_over_two_examples_raises_no_alarm(seed, eps):
    rng = RNG(seed)
    X, y = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))

    def forward(p):
        Z = X @ p["W"] + p["b"]
        centred = Z - Z.mean(axis=0)
        inverse = (np.mean(centred**2, axis=0) + eps) ** -0.5
        return Z, centred * inverse, inverse

    def gradients(p):
        _, out, inverse = forward(p)
        dout = np.cos(out) * y
        dZ = inverse * (dout - dout.mean(axis=0) - out * np.mean(dout * out, axis=0))
        return {"dZ": dZ, "dW": X.T @ dZ, "db": dZ.sum(axis=0)}

    report = check(
        lambda p: np.sum(np.sin(forward(p)[1]) * y), gradients, {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    )
    assert report.having("wrong") == [], str(report)


def test_a_rounded_cost_is_said_to_be_so():
    report = check(
        lambda p: round(float(0.01 * np.sum(np.sin(p["w"])) + 0.5), 4),
        lambda p: {"dw": 0.01 * np.cos(p["w"])},
        {"w": np.array([0.3, 0.5])},
    )
    assert report.having("unchecked") == ["dw"]
    assert "moves in steps" in str(report)


# State


def test_gradients_that_are_not_reset_are_wrong():
    kept = {"dw": np.zeros(2)}

    def gradients(p):
        kept["dw"] = kept["dw"] + 2 * p["w"]
        return dict(kept)

    assert check(lambda p: np.sum(p["w"] ** 2), gradients, {"w": np.array([1.0, 2.0])}).having("wrong") == ["dw"]


def test_noise_beside_a_large_gradient_is_wrong():
    rng = RNG(0)
    gradients = lambda p: {"dw": np.full(2, 1e3), "dv": 1e-5 * rng.random(2)}
    report = check(
        lambda p: np.sum(1e3 * p["w"]) + 1e-9 * np.sum(p["v"]), gradients, {"w": np.ones(2), "v": np.ones(2)}
    )
    assert report.having("wrong") == ["dv"]


def test_a_backward_pass_on_the_cache_of_the_last_forward_pass_is_right():
    cache = {}

    def cost(p):
        cache["A"] = np.tanh(p["w"])
        return np.sum(cache["A"] ** 2)

    gradients = lambda p: {"dw": 2 * cache["A"] * (1 - cache["A"] ** 2)}
    assert check(cost, gradients, {"w": np.array([0.3, 0.5])}).ok


def test_an_assertion_beside_the_parameters_is_not_an_error():
    def cost(p):
        assert np.max(p["w"]) <= 1
        return np.sum(p["w"] ** 2)

    report = check(cost, lambda p: {"dw": 2 * p["w"]}, {"w": np.array([1.0, 0.5])})
    assert report.having("wrong") == []


# Names


def two_layers(returned, m=7, width=5, seed=0):
    """A two-layer tanh network in the course's names; returned changes what its backward pass gives."""
    rng = RNG(seed)
    X, Y = rng.normal(size=(3, m)), (rng.random((1, m)) > 0.5) * 1.0
    parameters = {"W1": rng.normal(size=(width, 3)), "W2": rng.normal(size=(1, width))}

    def forward(p):
        Z1 = p["W1"] @ X
        A1 = np.tanh(Z1)
        Z2 = p["W2"] @ A1
        A2 = sigmoid(Z2)
        return Z1, A1, Z2, A2

    def cost(p):
        A2 = forward(p)[-1]
        return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m

    def gradients(p):
        _, A1, _, A2 = forward(p)
        dZ2 = A2 - Y
        dA1 = p["W2"].T @ dZ2
        dZ1 = dA1 * (1 - A1**2)
        g = {"dW2": dZ2 @ A1.T / m, "dW1": dZ1 @ X.T / m, "dZ2": dZ2, "dA1": dA1, "dZ1": dZ1, "dX": p["W1"].T @ dZ1}
        return returned(g, {"A1": A1, "A2": A2, "Y": Y})

    return cost, gradients, parameters


def test_every_intermediate_of_a_right_network_is_right():
    assert check(*two_layers(lambda g, _: g)).ok


def test_the_number_of_units_is_not_taken_for_the_number_of_examples():
    report = check(*two_layers(lambda g, _: g | {"dA1": 5 / 7 * g["dA1"], "dZ1": 5 / 7 * g["dZ1"]}))
    assert report.having("wrong") == ["dA1", "dZ1"]


def test_the_gradient_of_the_labels_is_not_taken_for_that_of_the_input():
    cost, gradients, parameters = two_layers(lambda g, v: g | {"dX": -g["dZ2"] * np.ones((3, 1))})
    assert check(cost, gradients, parameters).having("wrong") == ["dX"]


def test_other_keys_are_named_and_disturb_nothing():
    report = check(*two_layers(lambda g, v: g | {"cost": 3.0, "m": 7, "A1": v["A1"]}))
    assert report.ok, str(report)
    assert any("cost, m, A1" in note for note in report.notes)


def test_one_intermediate_is_not_enough_for_another_numbering():
    rng = RNG(0)
    X = rng.normal(size=(3, 5))
    parameters = {f"W{l}": rng.normal(size=(3, 3)) for l in (1, 2, 3)}

    def forward(p):
        A1 = np.tanh(p["W1"] @ X)
        A2 = np.tanh(p["W2"] @ A1)
        A3 = np.tanh(p["W3"] @ A2)
        return A1, A2, A3

    def gradients(p):
        A1, A2, A3 = forward(p)
        dZ3 = 1 - A3**2
        dZ2 = (p["W3"].T @ dZ3) * (1 - A2**2)
        dA1 = p["W2"].T @ dZ2
        dZ1 = dA1 * (1 - A1**2)
        return {"dW3": dZ3 @ A2.T, "dW2": dZ2 @ A1.T, "dW1": dZ1 @ X.T, "dA2": dA1}

    assert check(lambda p: np.sum(forward(p)[-1]), gradients, parameters).having("wrong") == ["dA2"]


def test_a_name_that_is_used_again_stands_for_each_of_its_values():
    rng = RNG(0)
    X, D = rng.normal(size=(3, 8)), (RNG(1).random((4, 8)) < 0.7) * 1.0
    parameters = {"W1": rng.normal(size=(4, 3)), "W2": rng.normal(size=(1, 4))}

    def forward(p):
        A1 = np.maximum(0, p["W1"] @ X)
        A1 = A1 * D
        A1 = A1 / 0.7
        return A1, p["W2"] @ A1

    def gradients(p):
        A1, A2 = forward(p)
        dA2 = 2 * A2
        dA1 = p["W2"].T @ dA2 * D / 0.7
        return {"dW2": dA2 @ A1.T, "dA1": dA1, "dW1": (dA1 * (A1 > 0)) @ X.T}

    assert check(lambda p: np.sum(forward(p)[1] ** 2), gradients, parameters).ok


def test_the_input_of_a_name_that_is_overwritten_is_one_of_its_values():
    rng = RNG(0)
    data = rng.normal(size=(6, 4))

    def forward(p, x):
        x = np.tanh(x @ p["W1"])
        x = x @ p["W2"]
        return x

    def gradients(p):
        h = np.tanh(data @ p["W1"])
        dout = 2 * (h @ p["W2"])
        dh = dout @ p["W2"].T * (1 - h**2)
        return {"dW1": data.T @ dh, "dW2": h.T @ dout, "dx": dh @ p["W1"].T}

    report = check(
        lambda p: np.sum(forward(p, data) ** 2),
        gradients,
        {"W1": rng.normal(size=(4, 3)), "W2": rng.normal(size=(3, 2))},
    )
    assert report.ok, str(report)


def test_an_input_that_is_also_the_target_counts_where_it_goes_in():
    rng = RNG(0)
    X = rng.normal(size=(3, 6))
    forward = lambda p: p["W2"] @ np.tanh(p["W1"] @ X)

    def cost(p):
        return 0.5 * np.sum((forward(p) - X) ** 2)

    def gradients(p):
        A1 = np.tanh(p["W1"] @ X)
        dA2 = p["W2"] @ A1 - X
        dZ1 = p["W2"].T @ dA2 * (1 - A1**2)
        return {"dW2": dA2 @ A1.T, "dW1": dZ1 @ X.T, "dX": p["W1"].T @ dZ1}

    def with_name(p):
        X_ = X
        return cost(p) + 0 * np.sum(X_)

    report = check(with_name, gradients, {"W1": rng.normal(size=(2, 3)), "W2": rng.normal(size=(3, 2))})
    assert report.having("wrong") == [], str(report)


def test_parameters_named_x_and_dx_are_kept_apart():
    cost = lambda p: np.sum(p["x"] ** 2) + np.sum(p["dx"] ** 3)
    gradients = lambda p: {"x": 2 * p["x"], "dx": 3 * p["dx"] ** 2}
    report = check(cost, gradients, {"x": np.array([1.0, 2.0]), "dx": np.array([3.0, 4.0])})
    assert report.ok, str(report)


# What it says, and how long it takes

ODD = {
    "None": (None, "is NoneType; expected is an array of real numbers"),
    "complex numbers": (np.array([2.0, 4.0 + 1j]), "is complex; expected is an array of real numbers"),
    "strings": (["2", "4"], "is list; expected is an array of real numbers"),
    "a ragged list": ([[1.0], [1.0, 2.0]], "is list; expected is an array of real numbers"),
}


@pytest.mark.parametrize(("value", "note"), ODD.values(), ids=ODD.keys())
def test_what_is_no_array_of_real_numbers_is_wrong_and_says_so(value, note):
    row = check(lambda p: np.sum(p["w"] ** 2), lambda p: {"dw": value}, {"w": np.array([1.0, 2.0])})["dw"]
    assert (row.verdict, row.note) == ("wrong", note)


def test_a_long_name_does_not_break_the_table():
    name = "x" * 70 + "\n"
    text = str(check(lambda p: np.sum(p[name] ** 2), lambda p: {"d" + name: 2 * p[name]}, {name: np.ones(2)}))
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("seconds", [float("nan"), -1])
def test_a_time_that_is_none_is_refused(seconds):
    with pytest.raises(ValueError, match="expected is a number, 0 or above"):
        check(lambda p: np.sum(p["w"]), lambda p: {"dw": np.ones(2)}, {"w": np.ones(2)}, seconds=seconds)


def test_no_time_means_one_direction_of_each_parameter_and_every_entry_against_the_recording():
    w = np.arange(1.0, 100.0)
    factor = np.where(np.arange(99) == 57, 2.002, 2.0)
    for c, verdict in ((2.0, "right"), (factor, "wrong")):
        gradients = lambda p, c=c: {"dw": c * p["w"]}
        report = check(lambda p: np.sum(p["w"] ** 2), gradients, {"w": w}, seconds=0, suggest=False)
        assert (report["dw"].verdict, report["dw"].probes) == (verdict, 1)
        assert "one random direction of all parameters together" in str(report)


def test_no_time_is_enough_to_see_that_a_recording_is_not_the_cost():
    def cost(p):
        frozen = p["b"].data if type(p["b"]) is Tensor else p["b"]  # hidden from the recording
        return np.sum(p["W"] ** 2) + 1e-3 * np.sum(frozen**3) + np.sum(p["b"])

    W, b = np.arange(1.0, 7.0).reshape(2, 3), np.array([0.5, -1.0])
    report = check(cost, lambda p: {"dW": 2 * p["W"], "db": 1 + 3e-3 * p["b"] ** 2}, {"W": W, "b": b}, seconds=0)
    assert "the recorded gradient disagrees with central differences" in report["db"].note
    assert report["dW"].verdict == "right"


def test_all_the_time_in_the_world_means_every_entry():
    report = check(lambda p: np.sum(p["w"]), lambda p: {"dw": np.ones(99)}, {"w": np.ones(99)}, seconds=float("inf"))
    assert report["dw"].probes == 99


def test_a_slow_cost_is_sampled():
    calls = []

    def cost(p):
        calls.append(1)
        time.sleep(0.005)
        return np.sum(np.tanh(p["W"]) ** 2) + np.sum(p["V"] ** 2)

    right = lambda p: {"dW": 2 * np.tanh(p["W"]) * (1 - np.tanh(p["W"]) ** 2), "dV": 2 * p["V"]}
    wrong = lambda p: {k: 2 * g for k, g in right(p).items()}
    point = {"W": RNG(0).normal(size=(10, 12)), "V": RNG(1).normal(size=60)}
    assert check(cost, right, point, seconds=0.5).ok
    assert len(calls) < 400
    assert check(cost, wrong, point, seconds=0.5).having("wrong") == ["dV", "dW"]
    assert len(calls) < 800


def test_a_small_number_that_matters_is_not_left_out():
    """Left out of a cost, 1e-5 is nothing beside weights of size 1, and a third of weights of size 3e-5."""
    cost, gradients = lambda p: np.sum((p["W"] - 1e-5) ** 2), lambda p: {"dW": 2 * p["W"]}
    assert check(cost, gradients, {"W": np.array([3e-5, 2e-5])})["dW"].verdict == "wrong"
    report = check(cost, gradients, {"W": np.array([3.0, 2.0])})
    assert report["dW"].verdict == "right"
    assert "without the 1e-05" in str(report)


@pytest.mark.parametrize(("small", "smaller"), [(1e-5, 1e-5), (1e-5, 1e-8), (0.0, 1e-6)])
@pytest.mark.parametrize(("change", "wrong"), [("", []), ("dropped", ["dW"]), ("decay", ["dW"]), ("twice", ["dg"])])
def test_a_small_number_under_a_root_may_stand_beside_it_in_the_gradients(small, smaller, change, wrong):
    """Normalised by the square root of a variance and 1e-5, or by a deviation and 1e-8: the same but for these."""
    X, Y = RNG(0).normal(size=(5, 3)), RNG(1).normal(size=(5, 3))

    def cost(p):
        Z = X @ p["W"]
        return np.sum(((Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + small) * p["g"] - Y) ** 2) / 2

    def gradients(p):
        Z = X @ p["W"]
        s = Z.std(axis=0) + smaller
        H = (Z - Z.mean(axis=0)) / s
        D = H * p["g"] - Y
        dH = D * p["g"]
        path = H * (dH * H).mean(axis=0) * (change != "dropped")
        dW = X.T @ ((dH - dH.mean(axis=0) - path) / s) + (1e-4 * p["W"] if change == "decay" else 0.0)
        return {"dW": dW, "dg": np.sum(D * H, axis=0) * (2 if change == "twice" else 1)}

    parameters = {"W": RNG(2).normal(size=(3, 3)), "g": np.array([1.0, 0.5, 2.0])}
    assert check(cost, gradients, parameters, suggest=False).having("wrong") == wrong


def test_the_inputs_convention_is_no_excuse_for_a_parameter():
    rng = np.random.default_rng(0)
    x, Y = rng.normal(size=(3, 6)), rng.normal(size=(2, 6))

    def cost(p):
        h1 = np.tanh(p["h0"] + x)
        return np.sum((p["W"] @ h1 - Y) ** 2) / 6

    def gradients(p):
        h1 = np.tanh(p["h0"] + x)
        dZ = 2 * (p["W"] @ h1 - Y)
        dh1 = p["W"].T @ dZ
        return {"dW": dZ @ h1.T / 6, "dh1": dh1, "dh0": dh1 * (1 - h1**2)}

    report = check(cost, gradients, {"W": rng.normal(size=(2, 3)), "h0": rng.normal(size=(3, 6))})
    assert (report["dh1"].verdict, report["dh0"].verdict) == ("right", "wrong")
