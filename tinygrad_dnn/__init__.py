"""Plain NumPy code records itself; from the recording come gradients, checks of hand-written ones, and pictures."""

from .judge import check
from .tensor import Tensor, graph
from .transforms import grad, value_and_grad

__version__ = "0.1.0"
__all__ = ["Tensor", "check", "grad", "graph", "value_and_grad"]
