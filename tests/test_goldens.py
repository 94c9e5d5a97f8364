"""The eleven outputs the course prints, reproduced by tinygrad_dnn.by_hand.

The course seeds NumPy's global generator; RandomState draws the same numbers without touching it. Three of the
cases hold caches that no forward pass produces (one with AL = 1.79), so they test the chain step by step.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tinygrad_dnn.by_hand import deep

GOLDENS = {
    golden["name"]: golden
    for golden in json.loads((Path(__file__).parent / "data" / "course_goldens.json").read_text())["goldens"]
}


def initialize():
    return deep.initialize_parameters_deep([5, 4, 3], np.random.RandomState(3))


def linear_inputs(seed):
    randn = np.random.RandomState(seed).randn
    return randn(3, 2), randn(1, 3), randn(1, 1)


def linear_forward():
    Z, _ = deep.linear_forward(*linear_inputs(1))
    return {"Z": Z}


def linear_activation_forward(activation):
    A, _ = deep.linear_activation_forward(*linear_inputs(2), activation)
    return {"A": A}


def model_forward():
    randn = np.random.RandomState(1).randn
    X = randn(4, 2)
    AL, caches = deep.L_model_forward(X, draw_parameters(randn, [4, 3, 1]))
    return {"AL": AL, "len_caches": len(caches)}


def draw_parameters(randn, layer_dims, prefix=""):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters[f"{prefix}W{l}"] = randn(layer_dims[l], layer_dims[l - 1])
        parameters[f"{prefix}b{l}"] = randn(layer_dims[l], 1)
    return parameters


def compute_cost():
    return {"cost": deep.compute_cost(np.array([[0.8, 0.9, 0.4]]), np.array([[1, 1, 1]]))}


def linear_backward():
    randn = np.random.RandomState(1).randn
    dZ, cache = randn(1, 2), (randn(3, 2), randn(1, 3), randn(1, 1))
    return dict(zip(("dA_prev", "dW", "db"), deep.linear_backward(dZ, cache), strict=True))


def linear_activation_backward(activation):
    randn = np.random.RandomState(2).randn
    dA, cache = randn(1, 2), ((randn(3, 2), randn(1, 3), randn(1, 1)), randn(1, 2))
    step = deep.linear_activation_backward(dA, cache, activation)
    return dict(zip(("dA_prev", "dW", "db"), step, strict=True))


def model_backward():
    randn = np.random.RandomState(3).randn
    AL = randn(1, 2)
    caches = (
        ((randn(4, 2), randn(3, 4), randn(3, 1)), randn(3, 2)),
        ((randn(3, 2), randn(1, 3), randn(1, 1)), randn(1, 2)),
    )
    grads = deep.L_model_backward(AL, np.array([[1, 0]]), caches)
    # the course files the gradient of layer 1's input under dA1; it belongs to A0
    return {"dW1": grads["dW1"], "db1": grads["db1"], "dA1": grads["dA0"]}


def update_parameters():
    parameters = draw_parameters(np.random.RandomState(2).randn, [4, 3, 1])
    grads = draw_parameters(np.random.RandomState(3).randn, [4, 3, 1], prefix="d")
    return deep.update_parameters(parameters, grads, 0.1)


BUILDERS = {
    "initialize_parameters_deep": initialize,
    "linear_forward": linear_forward,
    "linear_activation_forward/sigmoid": lambda: linear_activation_forward("sigmoid"),
    "linear_activation_forward/relu": lambda: linear_activation_forward("relu"),
    "L_model_forward": model_forward,
    "compute_cost": compute_cost,
    "linear_backward": linear_backward,
    "linear_activation_backward/sigmoid": lambda: linear_activation_backward("sigmoid"),
    "linear_activation_backward/relu": lambda: linear_activation_backward("relu"),
    "L_model_backward": model_backward,
    "update_parameters": update_parameters,
}


def test_every_printed_output_has_a_builder():
    assert set(BUILDERS) == set(GOLDENS)


@pytest.mark.parametrize("name", GOLDENS)
def test_the_printed_output_is_reproduced(name):
    golden, found = GOLDENS[name], BUILDERS[name]()
    for key, expected in golden["expected"].items():
        # atol: half of the last printed digit, 8 decimals as a rule
        np.testing.assert_allclose(found[key], expected, rtol=0, atol=golden["atol"], err_msg=key)
