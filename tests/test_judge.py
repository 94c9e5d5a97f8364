"""The judge: right is right, wrong is wrong, and what cannot be told is said to be so."""

import functools
import json

import numpy as np
import pytest
from submissions import LABELS, driven

from tinygrad_dnn import check as check_and_suggest
from tinygrad_dnn.by_hand import deep, logistic, shallow, softmax
from tinygrad_dnn.engine.derivatives import DERIVATIVES
from tinygrad_dnn.judge.differences import derivative, one_sided

check = functools.partial(check_and_suggest, suggest=False)  # the search for a fix has tests of its own

EPS = np.finfo(float).eps


def network(layer_dims=(5, 4, 3, 1), m=7, scale="he", seed=0):
    """cost, gradients and parameters of the course's deep network on random data."""
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(layer_dims[0], m)), (np.arange(m) % 3 > 0).astype(float).reshape(1, m)
    parameters = deep.initialize_parameters_deep(layer_dims, rng, scale)

    def cost(p):
        return deep.compute_cost(deep.L_model_forward(X, p)[0], Y)

    def gradients(p):
        AL, caches = deep.L_model_forward(X, p)
        return deep.L_model_backward(AL, Y, caches)

    return cost, gradients, parameters


def spoiled(gradients, name, spoil):
    """The gradients with one of them changed."""
    return lambda p: {k: spoil(g) if k == name else g for k, g in gradients(p).items()}


def unrecordable(cost):
    """The same cost, written so that it cannot be recorded: memoryview refuses a tensor."""
    return lambda p: cost({name: np.array(memoryview(value)) for name, value in p.items()})


FAULTS = {
    "a factor of 1.0001": lambda g: g * 1.0001,
    "a sign": lambda g: -g,
    "a transpose": lambda g: g.T.copy().reshape(g.shape),
    "zeros": lambda g: 0 * g,
    "one entry": lambda g: g + 1e-4 * np.abs(g).max() * (np.arange(g.size) == 1).reshape(g.shape),
    "nan": lambda g: np.where(np.arange(g.size).reshape(g.shape) == 0, np.nan, g),
    "a shape": lambda g: g.ravel(),
}


@pytest.mark.parametrize("wrap", [lambda cost: cost, unrecordable], ids=["recorded", "differences alone"])
def test_right_gradients_are_right(wrap):
    cost, gradients, parameters = network()
    report = check(wrap(cost), lambda p: {k: g for k, g in gradients(p).items() if k[:2] != "dA"}, parameters)
    assert report.ok, str(report)


@pytest.mark.parametrize("wrap", [lambda cost: cost, unrecordable], ids=["recorded", "differences alone"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_found_and_nothing_else(wrap, fault):
    cost, gradients, parameters = network()
    report = check(wrap(cost), spoiled(gradients, "dW2", fault), parameters)
    assert report.having("wrong") == ["dW2"], str(report)
    assert not report.ok


@pytest.mark.parametrize("name", ["dA0", "dA1", "dA2"])
def test_a_wrong_intermediate_is_found(name):
    cost, gradients, parameters = network()
    assert check(cost, spoiled(gradients, name, lambda g: g * 1.0001), parameters).having("wrong") == [name]


def test_intermediates_of_the_mean_are_as_right_as_those_of_the_sum():
    cost, gradients, parameters = network()
    report = check(cost, lambda p: {k: g / 7 if k[:2] == "dA" else g for k, g in gradients(p).items()}, parameters)
    assert report.ok
    assert "Of the cost itself, with the 1/m carried in them: dA2, dA1, dA0." in report.notes


def test_intermediates_numbered_one_higher_are_right():
    cost, gradients, parameters = network()

    def shifted(p):
        return {f"dA{int(k[2]) + 1}" if k[:2] == "dA" else k: g for k, g in gradients(p).items()}

    report = check(cost, shifted, parameters)
    assert report.ok
    assert "the numbers are one higher" in report["dA2"].note


def test_the_gradient_of_another_layer_is_not_mistaken_for_a_numbering():
    cost, gradients, parameters = network((3, 3, 3, 1))

    def swapped(p):
        g = gradients(p)
        return g | {"dA2": g["dA1"]}

    assert check(cost, swapped, parameters).having("wrong") == ["dA2"]


def test_an_unknown_intermediate_is_unchecked_not_right():
    cost, gradients, parameters = network()
    report = check(cost, lambda p: gradients(p) | {"dspam": np.ones(3)}, parameters)
    assert report["dspam"].verdict == "unchecked"
    assert not report.ok


@pytest.mark.parametrize("module", ["logistic", "shallow", "softmax"])
def test_the_other_systems_of_the_course_are_right(module):
    rng = np.random.default_rng(1)
    X, m = rng.normal(size=(4, 6)), 6
    if module == "logistic":
        Y = (np.arange(m) % 2).reshape(1, m)
        parameters = {"w": rng.normal(size=(4, 1)), "b": 0.3}
        cost = lambda p: logistic.propagate(p["w"], p["b"], X, Y)[1]
        gradients = lambda p: logistic.propagate(p["w"], p["b"], X, Y)[0]
    elif module == "shallow":
        Y = (np.arange(m) % 2).reshape(1, m)
        parameters = shallow.initialize_parameters(4, 3, 1, rng, scale=0.5)
        cost = lambda p: shallow.compute_cost(shallow.forward_propagation(X, p)[0], Y)
        gradients = lambda p: shallow.backward_propagation(p, shallow.forward_propagation(X, p)[1], X, Y)
    else:
        Y = softmax.one_hot((np.arange(m) % 3).reshape(1, m), 3)
        parameters = softmax.initialize_parameters_deep([4, 5, 3], rng, "he")
        cost = lambda p: softmax.compute_cost(softmax.L_layer_forward(X, p)[0], Y)

        def gradients(p):
            AL, caches = softmax.L_layer_forward(X, p)
            return softmax.L_Layer_Back_Prop(AL, Y, caches)

    report = check(cost, gradients, parameters)
    assert report.ok, str(report)
    assert report.recorded


# Size and precision


@pytest.mark.parametrize("size", [1e-9, 1e-15, 1e9])
@pytest.mark.parametrize("wrap", [lambda cost: cost, unrecordable], ids=["recorded", "differences alone"])
def test_a_right_gradient_of_any_size_is_right_and_a_wrong_one_is_wrong(wrap, size):
    cost, gradients, parameters = network()
    small = wrap(lambda p: size * cost(p))
    scaled = lambda p: {k: size * g for k, g in gradients(p).items() if k[:2] != "dA"}
    assert check(small, scaled, parameters).ok
    assert check(small, spoiled(scaled, "db1", lambda g: 1.001 * g), parameters).having("wrong") == ["db1"]


def test_the_tiny_gradients_below_large_ones_are_judged_too():
    cost, gradients, parameters = network((6, 5, 4, 3, 1), scale=0.01)
    parameters = {
        k: v + 0.003 * (k[0] == "b") * np.random.default_rng(3).normal(size=v.shape) for k, v in parameters.items()
    }
    assert np.abs(gradients(parameters)["dW1"]).max() < 1e-5
    assert check(cost, gradients, parameters).ok
    assert check(cost, spoiled(gradients, "dW1", lambda g: 1.01 * g), parameters).having("wrong") == ["dW1"]


def test_a_gradient_far_below_the_differences_is_still_judged_by_the_recording():
    cost = lambda p: 1.0 + 1e-22 * np.sum(np.exp(p["w"])) + np.sum(p["v"])
    right = lambda p: {"dw": 1e-22 * np.exp(p["w"]), "dv": np.ones(2)}
    point = {"w": np.array([0.1, 0.2]), "v": np.ones(2)}
    assert check(cost, right, point).ok
    assert check(cost, spoiled(right, "dw", lambda g: 2 * g), point).having("wrong") == ["dw"]


def test_what_differences_cannot_resolve_is_unchecked():
    cost = unrecordable(lambda p: 1.0 + 1e-22 * np.sum(np.exp(p["w"])) + np.sum(p["v"]))
    twice = lambda p: {"dw": 2e-22 * np.exp(p["w"]), "dv": np.ones(2)}
    assert check(cost, twice, {"w": np.array([0.1, 0.2]), "v": np.ones(2)})["dw"].verdict != "wrong"


def test_single_precision_is_checked():
    cost, gradients, parameters = network()
    single = {k: v.astype(np.float32) for k, v in parameters.items()}
    assert check(cost, gradients, single).ok
    assert check(cost, spoiled(gradients, "dW3", lambda g: g * 1.0001), single).having("wrong") == ["dW3"]


@pytest.mark.parametrize("wrap", [lambda cost: cost, unrecordable], ids=["recorded", "differences alone"])
def test_a_cost_computed_in_single_precision_raises_no_alarm(wrap):
    cost, gradients, parameters = network()
    rough = wrap(lambda p: np.float32(1) * cost({k: v.astype(np.float32) for k, v in p.items()}))
    report = check(rough, gradients, parameters)
    assert report.having("wrong") == []
    assert check(rough, spoiled(gradients, "dW3", lambda g: 1.2 * g), parameters).having("wrong") == ["dW3"]


def test_a_gradient_that_is_zero_up_to_rounding_is_right():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(6, 3))

    def centred(p):
        return X @ p["W"] + p["b"] - np.mean(X @ p["W"] + p["b"], axis=0)

    cost = lambda p: np.sum(np.tanh(centred(p)))

    def gradients(p):
        g = 1 - np.tanh(centred(p)) ** 2
        g = g - g.mean(axis=0)
        return {"dW": X.T @ g, "db": g.sum(axis=0)}

    report = check(cost, gradients, {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)})
    assert report.ok, str(report)


@pytest.mark.parametrize("scale", [3, 10, 20])
def test_saturated_outputs_raise_no_alarm(scale):
    rng = np.random.default_rng(0)
    X, w = rng.normal(size=(4, 9)), scale * rng.normal(size=(4, 1))
    Y = logistic.predict(w, 0.1, X)
    cost = lambda p: logistic.propagate(p["w"], p["b"], X, Y)[1]
    gradients = lambda p: logistic.propagate(p["w"], p["b"], X, Y)[0]
    report = check(cost, gradients, {"w": w, "b": 0.1})
    assert report.having("wrong") == [], str(report)


# Kinks


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_every_slope_between_the_one_sided_ones_is_right_at_a_kink(slope):
    cost = lambda p: np.sum(np.maximum(0, p["z"]) * np.array([1.0, 2.0, 3.0]))
    gradients = lambda p: {"dz": np.where(p["z"] == 0, slope, p["z"] > 0) * np.array([1.0, 2.0, 3.0])}
    report = check(cost, gradients, {"z": np.array([1.0, 0.0, -1.0])})
    assert report.ok, str(report)


@pytest.mark.parametrize("slope", [-0.1, 1.1])
def test_a_slope_beyond_the_one_sided_ones_is_wrong_at_a_kink(slope):
    cost = lambda p: np.sum(np.maximum(0, p["z"]))
    report = check(cost, lambda p: {"dz": np.where(p["z"] == 0, slope, p["z"] > 0)}, {"z": np.array([1.0, 0.0])})
    assert report.having("wrong") == ["dz"]


def test_the_report_names_the_entries_at_a_kink():
    cost = lambda p: np.sum(np.abs(p["z"]))
    report = check(cost, lambda p: {"dz": np.where(p["z"] == 0, 1.0, np.sign(p["z"]))}, {"z": np.array([1.0, 0.0])})
    assert "kink" in report["dz"].note
    assert "[1]" in report["dz"].note


def test_zero_biases_and_a_zero_example_are_no_false_alarm():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 4))
    X[:, 0] = 0
    Y = np.array([[1, 0, 1, 0]])
    parameters = deep.initialize_parameters_deep([3, 4, 1], 0, "he")
    cost = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)

    def gradients(p):
        AL, caches = deep.L_model_forward(X, p)
        return deep.L_model_backward(AL, Y, caches)

    assert check(cost, gradients, parameters).ok


# What cannot be judged, and what it says


def sentence(cost, gradients=None, parameters=None):
    report = check(cost, gradients or (lambda p: {"dw": np.ones(2)}), parameters or {"w": np.ones(2)})
    assert report.having("unchecked") == ["dw"]
    assert not report.ok
    return str(report)


def test_a_cost_that_is_not_finite_checks_nothing():
    assert "the cost is inf at these parameters" in sentence(lambda p: np.sum(p["w"]) * np.inf)


def test_a_random_cost_checks_nothing():
    rng = np.random.default_rng(0)
    assert "changes from call to call" in sentence(lambda p: np.sum(p["w"]) * rng.random())


def test_a_cost_with_random_numbers_is_run_again_with_a_seed():
    def masked(p):
        return p["w"] * (np.random.rand(4) < 0.5)  # noqa: NPY002

    def gradients(p):
        return {"dw": 2 * masked(p)}

    np.random.seed(3)  # noqa: NPY002
    expected = np.random.RandomState(3).rand()
    report = check(lambda p: np.sum(masked(p) ** 2), gradients, {"w": np.ones(4)})
    assert report.ok
    assert "np.random.seed(1) was set" in str(report)
    assert np.random.rand() == expected  # noqa: NPY002


def test_gradients_that_change_from_call_to_call_are_named():
    rng = np.random.default_rng(0)
    report = check(lambda p: np.sum(p["w"]), lambda p: {"dw": rng.random(2)}, {"w": np.ones(2)})
    assert report.having("wrong") == ["dw"]
    assert "changes from one call to the next" in report["dw"].note


def test_a_gradient_that_is_not_returned_is_unchecked():
    report = check(lambda p: np.sum(p["w"]), lambda p: {}, {"w": np.ones(2)})
    assert report["w"].verdict == "unchecked"
    assert report["w"].shape is None


def test_a_cost_that_cannot_be_recorded_is_said_to_be_so_with_its_line():
    report = check(unrecordable(lambda p: np.sum(p["w"])), lambda p: {"dw": np.ones(2)}, {"w": np.ones(2)})
    assert report.ok
    assert not report.recorded
    assert "could not be recorded at test_judge.py, line" in str(report)
    assert "central differences alone" in str(report).replace("\n    ", " ")


def test_functions_that_overwrite_their_parameters_do_not_disturb_the_check():
    def cost(p):
        total = np.sum(np.square(p["w"]))
        p["w"][...] = 7 if isinstance(p["w"], np.ndarray) else None
        return total

    def gradients(p):
        g = 2 * p["w"]
        p["w"][...] = 9
        return {"dw": g}

    point = {"w": np.array([1.0, 2.0])}
    assert check(cost, gradients, point).ok
    np.testing.assert_array_equal(point["w"], [1, 2])


def test_a_wrong_line_of_the_table_does_not_become_a_verdict(monkeypatch):
    monkeypatch.setitem(DERIVATIVES, np.exp, (lambda g, y, x: g * y * 1.001,))
    cost = lambda p: np.sum(np.exp(p["w"]))
    report = check(cost, lambda p: {"dw": np.exp(p["w"])}, {"w": np.array([0.1, 0.2])})
    assert report.ok
    assert "disagrees with central differences" in report["dw"].note


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((lambda p: np.ones(2), lambda p: {}, {"w": 1.0}), r"cost\(parameters\) returned ndarray of shape \(2,\)"),
        ((lambda p: "a", lambda p: {}, {"w": 1.0}), r"cost\(parameters\) returned str"),
        ((lambda p: 1.0, lambda p: (1, 2), {"w": 1.0}), r"gradients\(parameters\) returned tuple; expected is a dict"),
        ((lambda p: 1.0, lambda p: {}, {1: 1.0}), "parameters is .* expected is a dict"),
        ((3, lambda p: {}, {"w": 1.0}), r"cost is 3; expected is a function cost\(parameters\)"),
        ((lambda p: 1.0, lambda p: {}, []), r"parameters is \[\]; expected is an array, or a dict"),
        (
            (lambda p: 1.0, lambda p: 2.0, [np.ones(1)]),
            r"returned nothing in the place of p\[0\]; expected is the structure",
        ),
        ((lambda p: 1.0, lambda p: {}, {"w": "text"}), r"parameters\['w'\] is str"),
    ],
)
def test_the_wrong_kind_of_thing_is_refused_with_what_is_expected(arguments, message):
    with pytest.raises(TypeError, match=message):
        check(*arguments)


# Large ones


def large(recordable):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 20))
    wrap = (lambda cost: cost) if recordable else unrecordable
    cost = wrap(lambda p: np.sum(np.tanh(np.dot(p["W"], X)) ** 2))

    def gradients(p):
        A = np.tanh(np.dot(p["W"], X))
        return {"dW": np.dot(2 * A * (1 - A**2), X.T)}

    return cost, gradients, {"W": 0.05 * rng.normal(size=(200, 300))}


@pytest.mark.parametrize("recordable", [True, False], ids=["recorded", "differences alone"])
def test_a_large_parameter_is_sampled_and_the_report_says_so(recordable):
    cost, gradients, parameters = large(recordable)
    report = check(cost, gradients, parameters, seconds=0.05)
    assert report.ok, str(report)
    assert f"of 60,000 entries, and {2 if recordable else 4} random directions" in str(report)
    wrong = check(cost, spoiled(gradients, "dW", lambda g: g * 1.01), parameters, seconds=0.05)
    assert wrong.having("wrong") == ["dW"]


def test_one_wrong_entry_of_a_large_gradient_is_found_by_the_recording():
    cost, gradients, parameters = large(True)
    spoil = lambda g: np.where(np.arange(g.size).reshape(g.shape) == 12345, 1.01 * g, g)
    assert check(cost, spoiled(gradients, "dW", spoil), parameters, seconds=0.05).having("wrong") == ["dW"]


# The submissions


@pytest.mark.parametrize("file", LABELS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some of the wrong files overflow on the way
def test_each_wrong_gradient_of_the_submissions_is_found_and_no_right_one_blamed(file):
    label = LABELS[file]
    cost, gradients, parameters = driven(file)
    report = check(cost, gradients, parameters)
    returned = {"d" + name for name in parameters}
    wrong = set(report.having("wrong"))
    assert wrong >= set(label["wrong_gradients"]), str(report)
    assert wrong & returned == set(label["wrong_gradients"]) & returned, str(report)
    assert report.ok == label["correct"], str(report)


# The parts


@pytest.mark.parametrize(
    ("f", "slope"), [(np.sin, 1.0), (np.exp, 1.0), (lambda t: t**3, 0.0), (lambda t: 1e-9 * t, 1e-9)]
)
def test_a_difference_is_within_its_own_estimate_of_the_derivative(f, slope):
    estimate = derivative(f, f(0.0), 1.0, EPS)
    assert abs(estimate.value - slope) <= estimate.error
    assert estimate.error < 1e-6 * max(abs(slope), 1e-2)


def test_a_difference_at_a_kink_says_that_it_is_blunt():
    assert derivative(abs, 0.0, 1.0, EPS).error > 0.1


def test_one_sided_slopes_are_found_at_a_kink_only():
    assert one_sided(lambda t: 1 + max(0.0, t), 1.0, 1.0, EPS) == pytest.approx((0, 1), abs=1e-8)
    assert one_sided(lambda t: np.exp(t), 1.0, 1.0, EPS) is None


def test_a_report_can_be_read_by_a_program():
    cost, gradients, parameters = network()
    report = json.loads(json.dumps(check(cost, gradients, parameters).to_dict()))
    assert report["ok"] is True
    assert report["gradients"][0]["name"] == "db3"
    assert report["gradients"][0]["verdict"] == "right"


def test_a_report_fits_80_columns():
    cost, gradients, parameters = network()
    text = str(check(cost, spoiled(gradients, "dW2", np.negative), parameters))
    assert max(map(len, text.splitlines())) <= 80
    assert "dW2: is -1 times the right one" in text


def test_a_cost_that_ends_with_float_is_recorded():
    namespace = {"np": np}
    exec("def cost(p):\n    return float(np.sum(np.square(p['w'])))", namespace)  # without source
    report = check(namespace["cost"], lambda p: {"dw": 2 * p["w"]}, {"w": np.ones(3)})
    assert report.ok
    assert report.recorded


def test_a_number_taken_out_in_the_middle_of_a_cost_is_no_constant():
    namespace = {"np": np}
    exec("def cost(p):\n    return np.sum(p['w']) * float(np.sum(p['w']))", namespace)
    report = check(namespace["cost"], lambda p: {"dw": 2 * np.sum(p["w"]) + 0 * p["w"]}, {"w": np.ones(3)})
    assert report.ok
    assert not report.recorded


def of_shape(shape, found, fault=1.0):
    """A check of a parameter of one shape whose gradient is returned in another."""
    b = np.random.default_rng(5).normal(size=shape)
    X = np.random.default_rng(6).normal(size=(4, *shape))
    cost = lambda p: np.sum(np.square(X + p["b"])) / 4
    by_hand = lambda p: {"db": fault * np.reshape(np.sum(2 * (X + p["b"]), axis=0) / 4, found)}
    return check(cost, by_hand, {"b": b if shape else float(b)}, suggest=False)


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((), (1,)),
        ((), (1, 1)),
        ((1, 1), ()),
        ((1, 1), (1,)),
        ((1,), ()),
        ((1, 3), (3,)),
        ((1, 1, 3), (1, 3)),
        ((1, 2, 3), (2, 3)),
    ],
)
def test_a_shape_that_changes_no_update_is_a_remark(shape, found):
    report = of_shape(shape, found)
    assert report.ok
    assert report["db"].shape == found
    assert f"has shape {found}, b has shape {shape}: the update is the same" in report["db"].note
    assert of_shape(shape, found, 1.001)["db"].verdict == "wrong"


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((3, 1), (3,)),
        ((3, 1), (1, 3)),
        ((3,), (1, 3)),
        ((3,), (3, 1)),
        ((2, 3), (3, 2)),
        ((2, 3), (6,)),
        ((1,), (1, 1)),
    ],
)
def test_a_shape_that_changes_the_update_is_wrong(shape, found):
    report = of_shape(shape, found)
    assert report["db"].verdict == "wrong"
    assert "its values are right" in report["db"].note


def test_two_parameters_of_which_one_gradient_is_returned_have_a_row_each():
    """One row took the place of the other, and a wrong gradient was not in the report."""
    cost = lambda p: np.sum(p["W"] ** 2) + np.sum(3 * p["dW"] ** 2)
    W = np.array([1.0, 2.0])
    report = check(cost, lambda p: {"dW": 6 * p["dW"]}, {"W": W, "dW": 3 * W}, suggest=False)
    assert sorted(row.verdict for row in report) == ["right", "wrong"]
    assert not report.ok


@pytest.mark.parametrize("found", [lambda g: g, lambda g: np.reshape(g, (1,)), lambda g: None])
def test_a_small_number_in_the_cost_and_another_shape_or_none_at_all(found):
    X, Y = np.random.default_rng(1).normal(size=(1, 6)), np.array([[0, 1, 1, 0, 1, 0]])
    sigmoid = lambda p: 1 / (1 + np.exp(-(p["w"] * X + p["b"])))
    cost = lambda p: -np.mean(Y * np.log(sigmoid(p) + 1e-5) + (1 - Y) * np.log(1 - sigmoid(p) + 1e-5))

    def gradients(p):
        dZ = (sigmoid(p) - Y) / 6
        return {"dw": np.sum(dZ * X), "db": found(np.sum(dZ))}

    report = check(cost, gradients, {"w": 0.5, "b": 0.1}, suggest=False)
    assert report["dw"].verdict == "right"
    assert report["db"].verdict == ("wrong" if found(1.0) is None else "right")
    assert "1e-05" in report.notes[0]


def test_a_gradient_that_changes_stays_wrong_where_a_small_number_is_left_out():
    X, calls = np.random.default_rng(1).normal(size=6), [0]
    sigmoid = lambda p: 1 / (1 + np.exp(-p["w"] * X))
    cost = lambda p: -np.mean(np.log(sigmoid(p) + 1e-5))

    def gradients(p):
        calls[0] += 1
        return {"dw": np.mean((sigmoid(p) - 1) * X) * (1 if calls[0] % 2 else 2)}

    report = check(cost, gradients, {"w": 0.5}, suggest=False)
    assert report["dw"].verdict == "wrong"
    assert "changes from one call to the next" in report["dw"].note
