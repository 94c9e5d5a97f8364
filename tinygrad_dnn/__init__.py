"""Plain NumPy code records itself; from the recording come gradients, checks of hand-written ones, and pictures.

What judges and explains is imported when it is first asked for: import tinygrad_dnn takes little longer than NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .engine.primitives import primitive
from .engine.tensor import Tensor
from .engine.trees import map_tree
from .engine.walk import graph
from .training import gradient_descent
from .transforms import grad, hessian, hessian_vector_product, jacobian, jvp, value_and_grad, vjp

if TYPE_CHECKING:
    from .checking import assert_gradients, check, check_primitive, check_step
    from .derivation import convention_of, explain, explain_order, local_derivatives
    from .judge.report import Cause, Fix, Report
    from .program.loading import load
    from .program.recorded import Backward, Recorded, record

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
    "check_primitive",
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
    "load",
    "local_derivatives",
    "map_tree",
    "primitive",
    "record",
    "value_and_grad",
    "vjp",
]
LATER = {
    "checking": ["assert_gradients", "check", "check_primitive", "check_step"],
    "derivation": ["convention_of", "explain", "explain_order", "local_derivatives"],
    "judge.report": ["Cause", "Fix", "Report"],
    "program.loading": ["load"],
    "program.recorded": ["Backward", "Recorded", "record"],
}


def __getattr__(name: str) -> Any:
    for module, names in LATER.items():
        if name in names:
            globals()[name] = value = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
