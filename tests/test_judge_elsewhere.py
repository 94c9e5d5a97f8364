"""Verdicts at points that no code can know, and what they say of parameters of a kind of their own."""

import math
import zlib
from types import MappingProxyType

import numpy as np
import pytest

from tinygrad_dnn import check
from tinygrad_dnn.by_hand import deep

RNG = np.random.default_rng


def row_of(cost, gradients, parameters, seed=5):
    report = check(cost, gradients, parameters, suggest=False, seed=seed)
    return next(iter(report)), str(report)


def test_the_seed_is_in_the_report_and_repeats_it():
    cost, gradients = lambda p: np.sum(p["w"] ** 3), lambda p: {"dw": 3 * p["w"] ** 2 * (1 + (p["w"] > 1.2) * 1e-3)}
    first = check(cost, gradients, {"w": np.ones(3)}, suggest=False)
    again = check(cost, gradients, {"w": np.ones(3)}, suggest=False, seed=first.seed)
    assert str(again) == str(first)
    assert f"Seed {first.seed}." in str(first)
    assert first.to_dict()["seed"] == first.seed


@pytest.mark.parametrize("seed", range(5))
def test_what_is_right_only_where_it_was_tried_is_wrong(seed):
    home = RNG(1).normal(size=(3, 4))
    hand = lambda p: {"dW": 2 * p["W"] * (1.0 if np.allclose(p["W"], home, atol=1e-3) else 1.5)}
    row, _ = row_of(lambda p: np.sum(p["W"] ** 2), hand, {"W": home}, seed)
    assert row.verdict == "wrong"
    assert "at another point" in row.note


def test_numbers_that_were_stored_are_not_called_right():
    stored = 2 * np.ones(3)
    row, _ = row_of(lambda p: np.sum(p["w"] ** 2), lambda p: {"dw": stored}, {"w": np.ones(3)})
    assert (row.verdict, "does not compute with its argument" in row.note) == ("unchecked", True)


@pytest.mark.parametrize("factor", [1.0, 1.001])
def test_a_mask_that_is_never_needed_at_the_given_point_is_needed_far_away(factor):
    X, y = RNG(0).normal(size=(8, 3)), np.where(np.arange(8) % 2, 1.0, -1.0)
    cost = lambda p: np.mean(np.maximum(0, 1 - y * (X @ p["w"])))
    without = lambda p: {"dw": -X.T @ y / 8}
    with_it = lambda p: {"dw": -X.T @ (y * (y * (X @ p["w"]) < 1)) / 8 * factor}
    assert row_of(cost, without, {"w": np.zeros(3)})[0].verdict in ("wrong", "unchecked")
    assert row_of(cost, with_it, {"w": np.zeros(3)})[0].verdict == ("right" if factor == 1 else "wrong")


def test_what_is_right_of_symmetric_parameters_alone_is_not_called_wrong():
    A = RNG(2).normal(size=(3, 3))
    S, x = A @ A.T + np.eye(3), np.arange(1.0, 4.0)
    cost = lambda p: x @ p["S"] @ p["S"] @ x
    hand = lambda p: {"dS": np.outer(x, p["S"] @ x) + np.outer(p["S"] @ x, x)}
    assert row_of(cost, hand, {"S": S})[0].verdict == "unchecked"
    right = lambda p: {"dS": np.outer(x, p["S"] @ x) + np.outer(p["S"].T @ x, x)}
    assert row_of(cost, right, {"S": S})[0].verdict == "right"


def test_noise_of_the_hand_written_gradient_buys_it_no_slack():
    def noisy(p):
        noise = RNG(zlib.crc32(p["w"].tobytes())).uniform(-1, 1, size=5)  # another at every other point
        return {"dw": 2 * p["w"] * (1 + 0.3 * noise)}

    assert row_of(lambda p: np.sum(p["w"] ** 2), noisy, {"w": RNG(0).normal(size=5)})[0].verdict == "wrong"


def test_gradients_that_draw_other_random_numbers_than_the_cost_are_not_judged():
    def cost(p):
        return np.sum(p["w"] ** 2 * (np.random.rand(4) < 0.5))  # noqa: NPY002

    def other(p):
        np.random.permutation(4)  # noqa: NPY002
        return {"dw": 2 * p["w"] * (np.random.rand(4) < 0.5)}  # noqa: NPY002

    def same(p):
        return {"dw": 2 * p["w"] * (np.random.rand(4) < 0.5)}  # noqa: NPY002

    w = {"w": np.arange(1.0, 5.0)}
    assert row_of(cost, same, w)[0].verdict == "right"
    assert row_of(cost, other, w)[0].verdict != "wrong"


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (np.arange(1.0, 4.0), "dw"),
        ([np.arange(1.0, 4.0)], "dw[0]"),
        ({"layer": {"W": np.arange(1.0, 4.0)}}, "dlayer.W"),
    ],
)
def test_parameters_come_in_any_structure(parameters, name):
    def leaf(w):
        return w if isinstance(parameters, np.ndarray) else w[0] if isinstance(parameters, list) else w["layer"]["W"]

    def like(w, g):
        return g if isinstance(parameters, np.ndarray) else [g] if isinstance(parameters, list) else {"layer": {"W": g}}

    report = check(lambda w: np.sum(leaf(w) ** 2), lambda w: like(w, 2 * leaf(w)), parameters)
    assert report.ok
    assert report[name].verdict == "right"
    assert check(lambda w: np.sum(leaf(w) ** 2), lambda w: like(w, 3 * leaf(w)), parameters).having("wrong") == [name]


def test_one_wrong_entry_of_many_is_found_where_differences_judge_alone():
    A = RNG(3).normal(size=(400, 400)) / 20
    cost = lambda p: float(np.sum(np.tanh(A @ np.asarray(p["w"], dtype=float))))
    right = lambda p: A.T @ (1 - np.tanh(A @ p["w"]) ** 2)
    bent = lambda p: {"dw": right(p) * np.where(np.arange(400) == 123, 1.01, 1.0)}
    w = {"w": RNG(4).normal(size=400)}
    for seed in range(3):
        assert check(cost, lambda p: {"dw": right(p)}, w, seconds=0.01, seed=seed)["dw"].verdict == "right"
        assert check(cost, bent, w, seconds=0.01, seed=seed, suggest=False)["dw"].verdict == "wrong"


@pytest.mark.parametrize("factor", [1.0, 1.001])
def test_the_small_number_of_a_cost_that_is_not_recorded_is_left_out(factor):
    X, t = RNG(0).normal(size=(6, 4)), np.eye(3)[RNG(1).integers(3, size=6)]

    def softmax(z):
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def cost(p):
        A = softmax(X @ p["W"])
        return float(sum(-math.log(a + 1e-6) for a in np.frombuffer(A.tobytes()).reshape(A.shape)[t == 1])) / 6

    report = check(
        cost, lambda p: {"dW": X.T @ (softmax(X @ p["W"]) - t) / 6 * factor}, {"W": RNG(2).normal(size=(4, 3))}
    )
    assert not report.recorded
    assert report["dW"].verdict == ("right" if factor == 1 else "wrong"), str(report)
    assert ("without the 1e-06" in str(report)) == (factor == 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_network_of_many_examples_is_right_at_other_points_too(seed):
    """Far away its output is 1 but for rounding, and what is recorded of log(1 - A) is rounding then."""
    X, Y = RNG(0).uniform(size=(64, 1500)), (RNG(1).random((1, 1500)) > 0.5) * 1.0
    parameters = deep.initialize_parameters_deep([64, 20, 7, 1], RNG(2), "he")
    cost = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)

    def gradients(p):
        AL, caches = deep.L_model_forward(X, p)
        found = deep.L_model_backward(AL, Y, caches)
        return {name: g for name, g in found.items() if not name.startswith("dA")}

    report = check(cost, gradients, parameters, seconds=0, seed=seed)
    assert report.ok, str(report)


@pytest.mark.parametrize("decay", [0.0, 0.02])
def test_a_small_penalty_is_no_small_number(decay):
    """It is computed from the parameters, and so it is another at another point: it may not be left out."""
    X, y = RNG(0).normal(size=(4, 3)), RNG(1).normal(size=4)

    def cost(p):
        loss = sum(
            (math.fsum(float(w) * x for w, x in zip(p["w"], row, strict=True)) - t) ** 2
            for row, t in zip(X, y, strict=True)
        )
        penalty = 0.01 * math.fsum(float(w) ** 2 for w in p["w"])
        return loss + penalty

    hand = lambda p: {"dw": 2 * X.T @ (X @ p["w"] - y) + decay * p["w"]}
    report = check(cost, hand, {"w": np.array([0.02, -0.03, 0.05])}, suggest=False)
    assert report["dw"].verdict == ("right" if decay else "wrong"), str(report)
    assert "without the" not in str(report)


def test_code_of_a_library_buys_no_tolerance():
    extmath = pytest.importorskip("sklearn.utils.extmath")
    X, y = RNG(0).normal(size=(20, 3)), RNG(1).normal(size=20)
    cost = lambda p: np.mean((X @ p["w"] - y) ** 2)
    bent = lambda p: {"dw": 2 * extmath.safe_sparse_dot(X.T, X @ p["w"] - y) / 20 * (1 + 5e-5)}
    row, said = row_of(cost, bent, {"w": RNG(2).normal(size=3)})
    assert row.verdict == "wrong"
    assert "runs code of sklearn" in said


def test_any_mapping_is_a_dict():
    parameters = MappingProxyType({"w": np.ones(3)})
    assert check(lambda p: np.sum(p["w"] ** 2), lambda p: {"dw": 2 * p["w"]}, parameters).ok


SOURCELESS = """
def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def cost(p):
    A = np.frombuffer(softmax(X @ p["W"]).tobytes()).reshape(6, 3)
    return float(-np.sum(t * np.log(A + 1e-8))) / 6
def gradients(p):
    return {"dW": factor * X.T @ (softmax(X @ p["W"]) - t) / 6}
"""


@pytest.mark.parametrize("factor", [1.0, 1.03])
def test_where_there_is_no_source_a_difference_that_a_small_number_may_make_is_not_wrong(factor):
    names = {"np": np, "X": RNG(0).normal(size=(6, 4)), "t": np.eye(3)[RNG(1).integers(3, size=6)], "factor": factor}
    exec(SOURCELESS, names)
    verdicts = {
        check(names["cost"], names["gradients"], {"W": RNG(2).normal(size=(4, 3))}, seed=seed)["dW"].verdict
        for seed in range(12)
    }
    assert verdicts <= ({"right", "unchecked"} if factor == 1 else {"wrong"})
