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


def test_a_gradient_is_told_by_its_shape_alone_only_where_it_is_right(tmp_path, capsys):
    """What is returned is called dZ and has the shape of A, of whose gradient it is none: nothing is said of it."""
    text = LAYER.replace("return dA_prev, dW, db", "dZ_kept = 2 * dA_prev\n    return dZ_kept, dW, db")
    found, _ = checked(tmp_path, capsys, text)
    assert "dA" not in found
    assert set(found.values()) == {"right"}
