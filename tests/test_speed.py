"""How much work a step is, counted and not timed: what slows it down fails here on any machine.

The counts are those of Python's functions; what NumPy does inside is not seen. They were measured, a tenth is to spare.
"""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from numeric import calls_of

from tinygrad_dnn import Tensor, value_and_grad
from tinygrad_dnn.by_hand.deep import L_model_backward, L_model_forward, compute_cost
from tinygrad_dnn.engine import versions

X, Y = np.random.default_rng(0).normal(size=(2, 4)), np.array([[0.0, 1.0, 1.0, 0.0]])


def draw(sizes):
    rng = np.random.default_rng(1)
    layers = list(pairwise(sizes))
    weights = {f"W{l}": rng.normal(size=(n, k)) / np.sqrt(k) for l, (k, n) in enumerate(layers, 1)}
    return weights | {f"b{l}": np.zeros((n, 1)) for l, (_, n) in enumerate(layers, 1)}


def cost(p, X, Y):
    A1 = np.tanh(np.dot(p["W1"], X) + p["b1"])
    A2 = 1 / (1 + np.exp(-(np.dot(p["W2"], A1) + p["b2"])))
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]


def warm(step, *arguments):
    for _ in range(4):
        step(*arguments)
    return step


def test_a_recorded_step_of_forty_operations_takes_some_three_hundred_calls(monkeypatch):
    monkeypatch.setattr(versions.changes, "any", False)  # as long as no tensor was changed, nobody looks for versions
    step, p = value_and_grad(cost), draw([2, 4, 1])
    assert calls_of(lambda: step(p, X, Y), ("call",)) <= 350


def test_a_replayed_step_calls_nothing_but_numpy():
    p = draw([2, 4, 1])
    step = warm(value_and_grad(cost, replay=True), p, X, Y)
    assert calls_of(lambda: step(p, X, Y), ("call",)) <= 5
    assert step.source.count("\n") <= 55


@pytest.mark.parametrize("work", ["record", "walk back", "replay"])
def test_the_work_grows_no_faster_than_the_graph(work):
    def chain(x, length):
        y = x
        for _ in range(length):
            y = np.negative(np.tanh(y))
        return np.sum(y)

    def calls(length):
        if work == "record":
            return calls_of(lambda: chain(Tensor(1.0), length))
        if work == "walk back":
            return calls_of(chain(Tensor(1.0), length).backward)
        step = value_and_grad(lambda x: chain(x, length), replay=True)
        return calls_of(lambda: step(np.ones(3)))

    assert calls(1000) < 10.5 * calls(100)


def test_a_replayed_step_holds_less_memory_than_the_formulas_written_by_hand():
    p = draw([200, 100, 50, 1])
    X, Y = np.random.default_rng(0).normal(size=(200, 400)), np.ones((1, 400))

    def network(p, X, Y):
        A = X
        for l in (1, 2):
            A = np.maximum(0, np.dot(p[f"W{l}"], A) + p[f"b{l}"])
        A = 1 / (1 + np.exp(-(np.dot(p["W3"], A) + p["b3"])))
        return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1]

    def by_hand(p, X, Y):
        AL, caches = L_model_forward(X, p)
        return compute_cost(AL, Y), L_model_backward(AL, Y, caches)

    def peak(build):
        tracemalloc.start()
        step = warm(build(), p, X, Y)
        tracemalloc.reset_peak()
        step(p, X, Y)
        found = tracemalloc.get_traced_memory()[1]  # with the buffers that it keeps
        tracemalloc.stop()
        return found

    assert peak(lambda: value_and_grad(network, replay=True)) < 0.8 * peak(lambda: by_hand)
