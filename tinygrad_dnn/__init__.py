"""Plain NumPy code records itself; from the recording come gradients, checks of hand-written ones, and pictures."""

from .derivation import convention_of, explain, explain_order, local_derivatives
from .judge import Cause, Fix, Report, assert_gradients, check, check_step
from .recorded import Backward, Recorded, record
from .tensor import Tensor
from .training import gradient_descent
from .transforms import grad, hessian, hessian_vector_product, jacobian, jvp, value_and_grad, vjp
from .walk import graph

__version__ = "0.1.0"
__all__ = [
    "Backward",
    "Cause",
    "Fix",
    "Recorded",
    "Report",
    "Tensor",
    "assert_gradients",
    "check",
    "check_step",
    "convention_of",
    "explain",
    "explain_order",
    "grad",
    "gradient_descent",
    "graph",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "jvp",
    "local_derivatives",
    "record",
    "value_and_grad",
    "vjp",
]
