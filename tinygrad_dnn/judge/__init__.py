"""check: a hand-written gradient against the recorded one, and that against central differences.

The truth is the user's own cost. It is recorded once; where the recorded gradient agrees with differences of the same
cost it is what the hand-written one is compared with, entry by entry. Where the cost cannot be recorded, the
differences judge alone. A gradient is wrong only if it differs by more than rounding and the differences' own error.
"""

from .display import coloured
from .recognition import Task, task_of
from .report import Cause, Fix, Report, Row
from .step import check_step
from .verdicts import assert_gradients, check

__all__ = ["Cause", "Fix", "Report", "Row", "Task", "assert_gradients", "check", "check_step", "coloured", "task_of"]
