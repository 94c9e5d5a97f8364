"""The course's formulas, derived by hand. NumPy only.

Shapes: columns are examples. X (n_0, m), W (n_l, n_{l-1}), b (n_l, 1), Z and A (n_l, m), Y like the last A.

The 1/m: dZ and dA are gradients of the loss SUMMED over the examples, dW and db are gradients of its mean,
the cost J. The division by m happens once, in dW and db: so dA = m * dJ/dA, and dW = dJ/dW.

A gradient has the name and shape of what it belongs to: dA0 is that of A0 = X. At Z = 0 the ReLU has slope 0.
"""

from . import deep, logistic, shallow, softmax

__all__ = ["deep", "logistic", "shallow", "softmax"]
