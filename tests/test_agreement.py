"""The course's formulas by hand against the recorder: random shapes, every dW, db, dA_prev and dZ."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import relative_error

from tinygrad_dnn import Tensor, grad
from tinygrad_dnn.by_hand import deep, logistic, shallow, softmax

TIGHT = 1e-10
CASES = settings(max_examples=200, deadline=None, derandomize=True)
sizes = st.integers(1, 7)
seeds = st.integers(0, 2**32 - 1)


def agree(by_hand, recorded):
    """Equal to a relative 1e-10 of the largest entry: both round, and in a different order."""
    return relative_error(by_hand, recorded) < TIGHT


def binary_labels(rng, m):
    return rng.integers(0, 2, size=(1, m))


def random_network(rng, layer_dims):
    """Parameters of a scale at which no unit saturates, with biases that are not zero."""
    parameters = deep.initialize_parameters_deep(layer_dims, rng, "he")
    return {k: v + 0.1 * rng.normal(size=v.shape) for k, v in parameters.items()}


def tensors_of(parameters):
    return {name: Tensor(value, name=name) for name, value in parameters.items()}


@CASES
@given(sizes, sizes, seeds)
def test_logistic(n, m, seed):
    rng = np.random.default_rng(seed)
    w, b, X, Y = rng.normal(size=(n, 1)), rng.normal(), rng.normal(size=(n, m)), binary_labels(rng, m)
    by_hand, _ = logistic.propagate(w, b, X, Y)
    dw, db = grad(lambda w, b: logistic.propagate(w, b, X, Y)[1], (0, 1))(w, b)
    assert agree(by_hand["dw"], dw)
    assert agree(by_hand["db"], db)


@CASES
@given(sizes, sizes, sizes, sizes, seeds)
def test_shallow(n_x, n_h, n_y, m, seed):
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(n_x, m)), rng.integers(0, 2, size=(n_y, m))
    parameters = random_network(rng, [n_x, n_h, n_y])
    _, cache = shallow.forward_propagation(X, parameters)
    by_hand = shallow.backward_propagation(parameters, cache, X, Y)
    recorded = tensors_of(parameters)
    AL, tensors = shallow.forward_propagation(X, recorded)
    shallow.compute_cost(AL, Y).backward()
    for name, tensor in recorded.items():
        assert agree(by_hand["d" + name], tensor.grad)
    for name in ("Z2", "A1", "Z1"):
        assert agree(by_hand["d" + name], m * tensors[name].grad)


def check_network(grads, parameters, X, recorded, caches, m):
    """dW and db of the parameters, dA of every layer's input, against what backward left in the tensors."""
    for name, tensor in recorded.items():
        assert agree(grads["d" + name], tensor.grad)
    for l, ((A_prev, _, _), _) in enumerate(caches):
        assert agree(grads[f"dA{l}"], m * A_prev.grad)


@CASES
@given(st.lists(sizes, min_size=1, max_size=4), sizes, seeds)
def test_deep(layer_dims, m, seed):
    rng = np.random.default_rng(seed)
    layer_dims = [*layer_dims, 1]
    X, Y = rng.normal(size=(layer_dims[0], m)), binary_labels(rng, m)
    parameters = random_network(rng, layer_dims)
    AL, caches = deep.L_model_forward(X, parameters)
    grads = deep.L_model_backward(AL, Y, caches)
    recorded = tensors_of(parameters)
    AL, caches = deep.L_model_forward(Tensor(X), recorded)
    deep.compute_cost(AL, Y).backward()
    check_network(grads, parameters, X, recorded, caches, m)


@CASES
@given(st.lists(sizes, min_size=2, max_size=4), sizes, st.sampled_from([0.0, 0.01, 0.3]), seeds)
def test_softmax(layer_dims, m, slope, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(layer_dims[0], m)), rng.integers(0, layer_dims[-1], size=(1, m))
    Y = softmax.one_hot(y, layer_dims[-1])
    parameters = random_network(rng, layer_dims)
    AL, caches = softmax.L_layer_forward(X, parameters, slope)
    grads = softmax.L_Layer_Back_Prop(AL, Y, caches, slope)
    recorded = tensors_of(parameters)
    AL, caches = softmax.L_layer_forward(Tensor(X), recorded, slope)
    softmax.compute_cost(AL, Y).backward()
    check_network(grads, parameters, X, recorded, caches, m)


@CASES
@given(sizes, sizes, seeds)
def test_cross_entropy(classes, m, seed):
    rng = np.random.default_rng(seed)
    Z, y = rng.normal(size=(classes, m)), rng.integers(0, classes, size=(1, m))
    Y = softmax.one_hot(y, classes)
    assert agree(softmax.delta_cross_entropy(Z, y), grad(softmax.cross_entropy)(Z, y))
    assert agree(softmax.delta_cross_entropy_one_hot(Z, Y), grad(softmax.cross_entropy_one_hot)(Z, Y))


STEPS = {
    "sigmoid": (deep.linear_activation_forward, deep.linear_activation_backward, "sigmoid"),
    "relu": (deep.linear_activation_forward, deep.linear_activation_backward, "relu"),
}


@pytest.mark.parametrize("activation", STEPS)
@CASES
@given(sizes, sizes, sizes, seeds)
def test_one_step_backward_is_the_vector_jacobian_product_of_the_step_forward(activation, n_prev, n, m, seed):
    forward, backward, name = STEPS[activation]
    rng = np.random.default_rng(seed)
    A_prev, W, b = rng.normal(size=(n_prev, m)), rng.normal(size=(n, n_prev)), rng.normal(size=(n, 1))
    dA = rng.normal(size=(n, m))
    dA_prev, dW, db = backward(dA, forward(A_prev, W, b, name)[1], name)
    tensors = [Tensor(A_prev), Tensor(W), Tensor(b)]
    forward(*tensors, name)[0].backward(dA)
    assert agree(dA_prev, tensors[0].grad)
    assert agree(dW, tensors[1].grad / m)  # the course divides dW and db by m, and its dA is of the summed loss
    assert agree(db, tensors[2].grad / m)


@pytest.mark.parametrize("fault", [lambda g: g * 1.0001, np.negative, lambda g: g.T.reshape(g.shape)])
def test_a_planted_fault_is_caught(monkeypatch, fault):
    right = deep.linear_backward
    monkeypatch.setattr(deep, "linear_backward", lambda *a: (right(*a)[0], fault(right(*a)[1]), right(*a)[2]))
    with pytest.raises(AssertionError):
        test_deep.hypothesis.inner_test([4, 3], 5, 0)
