"""Charts by matplotlib: a network, its training, a check, and what the step of a difference does."""

from .checks import comparison
from .diagram import network
from .picture import Picture
from .steps import step_sizes
from .training import curves, gradients

__all__ = ["Picture", "comparison", "curves", "gradients", "network", "step_sizes"]
