"""How the wrong gradients relate to the right ones: by a factor, a transpose, a sum, a path that is missing.

A relation counts only if it holds to the digits.
"""

import functools
import operator
from typing import Any

import numpy as np

from ..engine.derivatives import cast
from ..engine.tensor import Tensor
from ..engine.walk import backpropagate, start
from ..judge.comparison import agree
from ..judge.recording import Recording
from ..judge.subject import Arrays

LINEAR = {
    np.sum, np.add, np.subtract, np.negative, np.positive, np.reshape, np.squeeze, np.ravel, np.transpose, np.copy,
    operator.getitem, cast, np.expand_dims,
}  # fmt: skip
LINEAR_IN_ONE = {np.multiply, np.divide, np.dot, np.matmul, np.where}
OF_COUNT = 1e-7  # how close a ratio has to be to a number of examples


class Evidence:
    """What is known of a wrong backward pass. hand and truth by key; parameters by key."""

    def __init__(self, hand: Arrays, truth: Arrays, parameters: Arrays, wrong: list[str], recording: Recording | None):
        self.hand, self.truth, self.parameters, self.wrong, self.recording = hand, truth, parameters, wrong, recording
        self.right = [key for key in truth if key not in wrong]
        self.ratios = {key: ratio(hand.get(key), truth[key]) for key in wrong}

    def input(self, key: str) -> Tensor:
        """The parameter whose gradient stands under a key."""
        assert self.recording is not None
        inputs = self.recording.inputs
        return inputs[key] if key in inputs else inputs[key[1:]]

    def bias(self, key: str) -> bool:
        """Whether a parameter is only added to something."""
        if self.recording is not None:
            tensor = self.input(key)
            uses = [t.function for t in self.recording.tensors if any(p is tensor for p in t.parents)]
            if uses:
                return all(f in (np.add, np.subtract) for f in uses)
        name = key[1:] if key.startswith("d") else key
        return np.ndim(self.parameters[key]) < 2 or name.lower().startswith("b")

    def used(self, *functions: Any) -> bool:
        return self.recording is not None and any(t.function in functions for t in self.recording.tensors)

    @functools.cached_property
    def loss(self) -> str:
        """What the cost is made of: logarithms, squares or something else, seen from its end through what is linear."""
        if self.recording is None:
            return "unknown"
        waiting, met, seen = [self.recording.cost], set(), set()
        while waiting:
            tensor = waiting.pop()
            if tensor in seen or tensor.function is None:
                continue
            seen.add(tensor)
            one = sum(type(a) is Tensor for a in tensor.arguments) == 1
            if tensor.function in LINEAR or (one and tensor.function in LINEAR_IN_ONE):
                waiting += tensor.parents
            else:
                met.add(tensor.function)
        logarithms = met & {np.log, np.log1p, np.logaddexp, np.log2, np.log10}
        squares = met & {np.square, np.power, np.multiply, np.dot, np.matmul, np.sqrt}
        return "logarithms" if logarithms else "squares" if squares else "other"

    @property
    def counts(self) -> set[int]:
        """What the number of examples may be: the lengths of the constant arrays."""
        if self.recording is None:
            return set(range(3, 10_000))  # any length may be meant
        return {n for _, _, array in self.recording.constants() for n in array.shape if n > 1}

    @property
    def examples(self) -> set[int]:
        """The lengths that all constant tables share."""
        if self.recording is None:
            return self.counts
        shapes = [set(array.shape) for _, _, array in self.recording.constants() if array.size > 1]
        return set.intersection(*shapes) if shapes else set()

    @property
    def averaged(self) -> bool:
        """Whether the cost divides by a number of examples."""
        if self.recording is None:
            return True
        numbers = [
            abs(float(a)) for t in self.recording.tensors for a in t.arguments if np.ndim(a) == 0 and is_number(a)
        ]
        return any(np.isclose(n, m) or np.isclose(n * m, 1) or np.isclose(2 * n * m, 1) or np.isclose(n, 2 * m)
                   for n in numbers for m in self.counts)  # fmt: skip


def is_number(a: Any) -> bool:
    return isinstance(a, int | float | np.number) and not isinstance(a, bool)


def ratio(found: Any, truth: Any) -> float | None:
    """c where found = c * truth, or None."""
    if found is None or np.shape(found) != np.shape(truth) or not np.any(truth):
        return None
    c = float(np.sum(found * truth) / np.sum(truth * truth))
    return c if c and agree(found, c * truth, 1e-12 * np.max(np.abs(found))) else None


def is_near(a: float | None, b: float) -> bool:
    return a is not None and abs(a - b) <= OF_COUNT * abs(b)


# Relations


def related(e: Evidence) -> str | None:
    """The mistake that a relation of the wrong gradients to the right ones shows."""
    if not e.wrong:
        return None
    shapes = [key for key in e.wrong if key in e.hand and np.shape(e.hand[key]) != np.shape(e.truth[key])]
    if shapes and len(shapes) == len(e.wrong):
        return of_shapes(e, shapes)
    if any(transposed(e.hand.get(key), e.truth[key]) for key in e.wrong) and all(
        transposed(e.hand.get(key), e.truth[key]) for key in e.wrong
    ):
        return "dW_transposed"
    if len(e.wrong) > 1 and all(
        any(same(e.hand.get(key), e.truth[other]) for other in e.wrong if other != key) for key in e.wrong
    ):
        return "layers_stored_in_backward_order"
    return of_ratios(e) or of_biases(e)


def of_shapes(e: Evidence, keys: list[str]) -> str | None:
    values = [
        np.size(e.hand[k]) == np.size(e.truth[k]) and same(np.ravel(e.hand[k]), np.ravel(e.truth[k])) for k in keys
    ]
    biases = all(e.bias(k) for k in keys)
    if all(values):
        return "bias_squeezed_shape" if biases else "gradient_flattened_shape"
    return "bias_summed_over_wrong_axis" if biases else None


def of_ratios(e: Evidence) -> str | None:
    ratios = list(e.ratios.values())
    if any(r is None for r in ratios):
        return None
    first = ratios[0]
    biases, weights = [k for k in e.wrong if e.bias(k)], [k for k in e.wrong if not e.bias(k)]
    if not all(is_near(r, first) for r in ratios):  # type: ignore[arg-type]
        return None
    if is_near(first, -1):
        return "sign_flipped"
    for m in sorted(e.counts):
        if is_near(first, m):
            if not weights and any(not e.bias(k) for k in e.right):
                return "missing_1_over_m_in_db"
            if not biases and any(e.bias(k) for k in e.right):
                return "missing_1_over_m_in_dW"
            return "missing_1_over_m_everywhere" if not e.right else None
        if is_near(first, 1 / m):
            if not weights:
                return "bias_gradient_mean_instead_of_sum"
            if e.right:
                return "extra_one_over_m_in_dZ1"
            if m not in e.examples and e.averaged:
                return "divided_by_all_elements"
            return "one_over_m_applied_twice" if e.averaged else "cost_is_sum_gradient_is_mean"
    if e.loss == "squares" and not e.right:
        if is_near(first, 0.5):
            return "mse_missing_factor_two"
        if is_near(first, 2):
            return "mse_extra_factor_two"
    return None


def of_biases(e: Evidence) -> str | None:
    """A bias gradient that is the sum of all, or the sums of its layer's dW."""
    if not all(e.bias(k) for k in e.wrong):
        return None

    def summed(key: str) -> bool:
        g, truth = e.hand.get(key), e.truth[key]
        return g is not None and np.size(truth) > 1 and same(g, np.full(np.shape(truth), np.sum(truth)))

    if all(map(summed, e.wrong)):
        return "bias_summed_over_units_too"

    def of_weights(key: str) -> bool:
        g = e.hand.get(key)
        if g is None:
            return False
        tables = [t for k, t in e.hand.items() if k in e.truth and not e.bias(k) and np.ndim(t) == 2]
        return any(same(np.ravel(g), t.sum(axis=a)) for t in tables for a in (0, 1))

    if all(map(of_weights, e.wrong)):
        return "bias_gradient_from_dW"
    return None


def same(a: Any, b: Any) -> bool:
    return a is not None and np.shape(a) == np.shape(b) and agree(a, b, 1e-12 * np.max(np.abs(b), initial=0.0))


def transposed(a: Any, b: Any) -> bool:
    return a is not None and np.ndim(a) == 2 and not same(a, b) and same(a, np.transpose(b))


def paths(e: Evidence) -> str | None:
    """Whether the wrong gradients are those without the paths through a sum over an axis: a mean, or a variance."""
    if e.recording is None:
        return None
    sums = [t for t in e.recording.tensors if t.function is np.sum and t.size > 1]
    squares = {t for t in sums if t.parents and t.parents[0].function in (np.square, np.power, np.multiply)}
    means = [t for t in sums if t not in squares]
    together = {t.shape: [u for u in sums if u.shape == t.shape] for t in sums}
    for kind, cut in (
        *(("batch_statistics_treated_as_constants", cut) for cut in together.values() if len(cut) > 1),
        *(("variance_path_missing", [t]) for t in squares),
        *(("batchnorm_mean_path_missing", [t]) for t in means),
    ):
        if cut and all(
            agree(e.hand.get(key), g, 1e-12 * np.max(np.abs(g), initial=0.0)) for key, g in without(e, cut).items()
        ):
            return kind
    return None


def without(e: Evidence, cut: list[Tensor]) -> Arrays:
    """The wrong gradients as they would be if nothing went back through these tensors."""
    assert e.recording is not None
    through = {*e.recording.tensors, *e.recording.inputs.values()} - set(cut)
    with np.errstate(all="ignore"):
        found = backpropagate(e.recording.cost, start(e.recording.cost), through)
    tensors = {key: e.input(key) for key in e.wrong}
    return {key: found[t] if t in found else np.zeros(np.shape(e.truth[key])) for key, t in tensors.items()}
