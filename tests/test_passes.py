"""A forward and a backward pass that a program calls: what belongs to what, and by what it may be divided."""

import json

import pytest

from tinygrad_dnn.cli import main

LAYER = """
import numpy as np
def affine_forward(A, W, b):
    Z = W @ A + b
    return Z, (A, W, b)
def affine_backward(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    dW = dZ @ A.T / m
    db = dZ.sum(axis=1, keepdims=True) / m
    dA_prev = W.T @ dZ
    return dA_prev, dW, db
rng = np.random.default_rng(0)
Z, cache = affine_forward(rng.normal(size=(4, 6)), rng.normal(size=(3, 4)), np.zeros((3, 1)))
affine_backward(Z, cache)
"""
FIRST_LAYER = """
import numpy as np
def scores_forward(X, W):
    return X @ W, X
def scores_backward(dZ, cache):
    X = cache
    dW = X.T @ dZ / X.shape[0]
    return dW
rng = np.random.default_rng(0)
Z, cache = scores_forward(rng.normal(size=(6, 4)), rng.normal(size=(4, 3)))
scores_backward(Z, cache)
"""


def checked(tmp_path, capsys, text):
    path = tmp_path / "handed_in.py"
    path.write_text(text)
    main(["check", str(path), "--json", "--seed", "3", "--no-suggest"])
    found = json.loads(capsys.readouterr().out)
    return {row["name"]: row["verdict"] for row in found["gradients"]}, " ".join(found["text"].split())


@pytest.mark.parametrize(("text", "names"), [(LAYER, "dA db dW"), (FIRST_LAYER, "dW")])
def test_what_is_divided_by_the_number_of_examples_is_right_as_the_course_has_it(tmp_path, capsys, text, names):
    found, said = checked(tmp_path, capsys, text)
    assert found == dict.fromkeys(names.split(), "right")
    assert "divided by m = 6, as in the course" in said


@pytest.mark.parametrize(("text", "good"), [(LAYER.replace("shape[1]", "shape[0]"), {"dA"}),
                                            (FIRST_LAYER.replace("shape[0]", "shape[1]"), set())])  # fmt: skip
def test_what_is_divided_by_the_number_of_features_is_wrong(tmp_path, capsys, text, good):
    found, _ = checked(tmp_path, capsys, text)
    assert {name for name, verdict in found.items() if verdict == "right"} == good
    assert "wrong" in found.values()


def test_weights_that_are_divided_beside_a_bias_that_is_not_are_not_right(tmp_path, capsys):
    found, _ = checked(
        tmp_path, capsys, LAYER.replace("db = dZ.sum(axis=1, keepdims=True) / m", "db = dZ.sum(axis=1, keepdims=True)")
    )
    assert found["dA"] == "right"
    assert "wrong" in found.values()


def test_a_gradient_is_told_by_its_shape_alone_only_where_it_is_right(tmp_path, capsys):
    """What is returned is called dZ and has the shape of A, of whose gradient it is none: nothing is said of it."""
    text = LAYER.replace("return dA_prev, dW, db", "dZ_kept = 2 * dA_prev\n    return dZ_kept, dW, db")
    found, _ = checked(tmp_path, capsys, text)
    assert "dA" not in found
    assert set(found.values()) == {"right"}


COURSE = """
import numpy as np
def initialize(layer_dims):
    paramters = {}
    for l in range(1, len(layer_dims)):
        parameters["W" + str(l)] = 0.1 * np.random.randn(layer_dims[l], layer_dims[l - 1])
    return parameters
def initialize_parameters_deep(layer_dims):
    made = {}
    for l in range(1, len(layer_dims)):
        made["W" + str(l)] = 0.3 * np.random.randn(layer_dims[l], layer_dims[l - 1])
        made["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return made
def unit_forward(A_prev, W, b, last):
    Z = W @ A_prev + b
    return (1 / (1 + np.exp(-Z)) if last else np.tanh(Z)), (A_prev, W, b, Z)
def unit_backward(dA, cache, last):
    A_prev, W, b, Z = cache
    s = 1 / (1 + np.exp(-Z))
    dZ = dA * (s * (1 - s) if last else 1 - np.tanh(Z) ** 2)
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m
def unit_backward_test_case():
    rng = np.random.default_rng(1)
    return rng.normal(size=(1, 4)), (rng.normal(size=(3, 4)), rng.normal(size=(1, 3)), np.ones((1, 1)), np.ones((1, 4)))
def L_model_forward(X, parameters):
    caches, A, L = [], X, len(parameters) // 2
    for l in range(1, L + 1):
        A, cache = unit_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], l == L)
        caches.append(cache)
    return A, caches
def compute_cost(AL, Y):
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
def L_model_backward(AL, Y, caches):
    grads, L = {}, len(caches)
    dA = -(Y / AL - (1 - Y) / (1 - AL))
    for l in range(L, 0, -1):
        dA, grads["dW" + str(l)], grads["db" + str(l)] = unit_backward(dA, caches[l - 1], l == L)
    return grads
def sums():
    return totals
dA, cache = unit_backward_test_case()
A, kept = unit_forward(*cache[:3], True)
print(unit_backward(dA, kept, True))
"""


def test_a_model_is_judged_whole_where_only_a_step_of_it_is_tried_in_the_file(tmp_path, capsys):
    found, said = checked(tmp_path, capsys, COURSE)
    whole = {name for name, verdict in found.items() if name.split()[0] in ("dW3", "db3", "dW1") and verdict == "right"}
    assert len(whole) == 3, found
    assert "wrong" not in found.values()
    assert "unit_backward_test_case" not in said  # what takes nothing and reads nothing is an example


def test_names_that_nothing_binds_and_misspelt_ones_are_told(tmp_path, capsys):
    _, said = checked(tmp_path, capsys, COURSE)
    assert "sums reads totals, and nothing binds it." in said
    assert "initialize reads parameters of the module; what it binds itself is paramters, and not read." in said


def test_a_whole_model_with_a_mistake_is_wrong_where_a_step_of_it_is_tried_and_right(tmp_path, capsys):
    found, _ = checked(tmp_path, capsys, COURSE.replace("-(Y / AL", "(Y / AL"))
    assert "wrong" in found.values()


NORM = """
import numpy as np
def norm_forward(x, gain, eps=1e-5):
    return gain * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps)
def norm_backward(dout, x, gain, eps=1e-5):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    h = (x - x.mean(-1, keepdims=True)) / root
    g = dout * gain
    dx = (g - g.mean(-1, keepdims=True) - h * (g * h).mean(-1, keepdims=True)) / root
    return dx, np.sum(dout * h, axis=0)
x = np.random.default_rng(0).normal(size=(4, 6))
out = norm_forward(x, np.ones(6))
dx, dgain = norm_backward(out, x, np.ones(6))
"""


@pytest.mark.parametrize(("change", "wrong"), [(("", ""), set()), (("h * (g", "(g"), {"dx"})])
def test_what_keeps_a_quotient_finite_is_as_the_file_has_it_and_may_stand_elsewhere(tmp_path, capsys, change, wrong):
    found, _ = checked(tmp_path, capsys, NORM.replace(*change))
    assert set(found) == {"dx", "dgain"}
    assert {name for name, verdict in found.items() if verdict != "right"} == wrong


@pytest.mark.parametrize("factor", [1, 2])
def test_what_has_no_name_where_it_is_returned_has_that_of_the_call_or_is_said_to_be_left(tmp_path, capsys, factor):
    text = NORM.replace("return dx, np", f"return dx, {factor} * np")
    found, _ = checked(tmp_path, capsys, text)
    assert found["dgain"] == ("right" if factor == 1 else "wrong")
    found, said = checked(tmp_path, capsys, text.replace("dx, dgain =", "dx, _ ="))
    assert found == {"dx": "right"} if factor == 2 else len(found) == 2
    assert ("not compared: its value 2" in said) == (factor == 2)
