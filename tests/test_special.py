"""SciPy's special functions: value, first and second derivative."""

import numpy as np
import pytest
from numeric import difference

from tinygrad_dnn import Tensor, grad

special = pytest.importorskip("scipy.special")

CASES = {
    "expit": lambda x: special.expit(x),
    "logit": lambda x: special.logit(x),
    "erf": lambda x: special.erf(x),
    "gammaln": lambda x: special.gammaln(x),
    "xlogy": lambda x: special.xlogy(x, 2 * x) + special.xlogy(np.array([[0.0], [1.0]]), x),
}


@pytest.mark.parametrize("f", CASES.values(), ids=CASES.keys())
def test_values_and_derivatives(f):
    rng = np.random.default_rng(0)
    x, c, v = rng.uniform(0.2, 0.8, size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    np.testing.assert_array_equal(f(Tensor(x)).data, f(x))
    cost = lambda x: np.sum(c * f(x))
    slope = lambda x: np.sum(v * grad(cost)(x))
    assert np.sum(v * grad(cost)(x)) == pytest.approx(difference(cost, x, v), rel=1e-8)
    assert np.sum(v * grad(slope)(x)) == pytest.approx(difference(slope, x, v), rel=1e-7)


def test_a_special_function_without_a_rule_is_named():
    with pytest.raises(TypeError, match=r"scipy\.special\.j0 is not recorded"):
        special.j0(Tensor(1.0))
    with pytest.raises(TypeError, match="would be turned into a plain array"):
        special.logsumexp(Tensor([1.0, 2.0]))
