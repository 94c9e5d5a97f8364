"""The course notes' own code, run as it stands: its forward pass records and its gradients agree.

The notes are not part of this project; the tests that need them are skipped where they are not beside it.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from numeric import relative_error

from tinygrad_dnn import Tensor, check

NOTES = Path(__file__).parents[2] / "shared" / "seeds"
LAYER = ["linear_forward", "linear_activation_forward"]
FORWARD = {
    "000": [*LAYER, "L_model_forward"],
    "001": [*LAYER, "propagate", "compute_cost", "softmax", "stable_softmax", "cross_entropy", "cross_entropy_one_hot"],
    "002": [*LAYER, "sigmoid", "relu", "L_model_forward", "compute_cost"],
}

pytestmark = pytest.mark.skipif(not NOTES.is_dir(), reason="the course notes are not beside the project")


def functions_of(document):
    """Every function of a document that compiles as it stands, by name: the first one where a name comes twice."""
    text = next(NOTES.glob(f"{document}_*.txt")).read_text()
    namespace = {"np": np}
    for source in re.findall(r"^def .*\n(?:(?:[ \t].*)?\n)+", text + "\n", re.MULTILINE):
        found = {"np": np}
        exec(compile(source, document, "exec"), found)
        namespace = found | namespace
    return namespace


def supplied(document):
    """The functions with what the document uses and does not define, taken from the one that does."""
    namespace = functions_of(document)
    for name in ("sigmoid", "relu", "sigmoid_backward", "relu_backward"):
        namespace.setdefault(name, functions_of("002")[name])
    for function in list(namespace.values()):
        if hasattr(function, "__globals__"):
            function.__globals__.update(namespace)
    return namespace


def network(seed=0, m=6):
    rng = np.random.default_rng(seed)
    parameters = {"W1": rng.normal(size=(4, 5)), "b1": rng.normal(size=(4, 1)), "W2": rng.normal(size=(1, 4)),
                  "b2": rng.normal(size=(1, 1))}  # fmt: skip
    return rng.normal(size=(5, m)), (np.arange(m) % 2).reshape(1, m), parameters


@pytest.mark.parametrize("document", FORWARD)
def test_the_forward_functions_of_the_notes_are_there(document):
    assert set(FORWARD[document]) <= set(functions_of(document))


@pytest.mark.parametrize("document", ["000", "002"])
def test_the_deep_network_of_the_notes_records_itself(document):
    notes, (X, Y, parameters) = supplied(document), network()
    cost = functions_of("002")["compute_cost"]
    tensors = {name: Tensor(value) for name, value in parameters.items()}
    J = cost(notes["L_model_forward"](X, tensors)[0], Y)
    assert type(J) is Tensor
    assert J.data == cost(notes["L_model_forward"](X, parameters)[0], Y)


def test_the_backward_pass_of_the_notes_agrees_with_the_recording():
    notes, (X, Y, parameters) = functions_of("002"), network()
    for function in notes.values():
        if hasattr(function, "__globals__"):
            function.__globals__.update(notes)

    def gradients(p):
        AL, caches = notes["L_model_forward"](X, p)
        return notes["L_model_backward"](AL, Y, caches)

    report = check(lambda p: notes["compute_cost"](notes["L_model_forward"](X, p)[0], Y), gradients, parameters)
    assert report.ok, str(report)
    assert report.recorded
    assert "the numbers are one higher" in report["dA2"].note


@pytest.mark.parametrize("classes", [3, 5])
def test_the_cross_entropies_of_the_notes_record_themselves(classes):
    notes = supplied("001")
    rng = np.random.default_rng(0)
    Z, y = rng.normal(size=(classes, 4)), rng.integers(0, classes, size=(1, 4))
    Y = np.eye(classes)[y[0]].T
    for loss, labels in (("cross_entropy", y), ("cross_entropy_one_hot", Y)):
        t = Tensor(Z)
        notes[loss](t, labels).backward()
        # normalised over the whole table, as these are written, m softmax(Z) - Y is their gradient, divided by m
        expected = (4 * notes["softmax"](Z) - Y) / 4
        assert relative_error(t.grad, expected) < 1e-12


def test_the_logistic_regression_of_the_notes_records_itself():
    notes = supplied("001")
    notes["propagate"].__globals__["sigmoid"] = lambda z: 1 / (1 + np.exp(-z))  # the document uses two kinds of it
    X, Y, _ = network()
    w, b = np.linspace(-1, 1, 5).reshape(5, 1), 0.3
    propagate = lambda p: notes["propagate"](p["w"], p["b"], X, Y)
    report = check(lambda p: propagate(p)[1], lambda p: propagate(p)[0], {"w": w, "b": b}, suggest=False)
    assert report["w"].verdict == "right"
    assert report["b"].verdict == "right"
    assert "has shape (1,), b has shape (): the update is the same" in report["b"].note
    assert report.recorded
