"""Gradients that are right of another cost: an axis that a sum of the forward pass lacks, or has wrong.

A softmax that adds up over the whole table is differentiated by everybody as the one that was meant.
"""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..judge.comparison import TOLERANCE
from ..judge.report import Cause, Fix
from ..judge.subject import Arrays, Subject
from ..program.limits import TooLong, limited, silence
from ..program.replacing import Source, sources
from ..program.watching import follow
from .editing import Edit, forward_axes
from .repair import Place, copied, edited, error, fix_of

Truth = Callable[[Arrays], dict[str, Any]]  # the right gradients of the cost that runs now, at a point
SAYS = (
    "The sum under the softmax has no axis, or the wrong one: the probabilities of each example have to add up to 1. "
    "The gradients are right of the cost with the right one."
)


def reconsidered(subject: Subject, truth: Truth, points: list[Arrays]) -> tuple[Fix, Cause, Place] | None:
    """An axis in the forward pass with which every gradient is right at these points, of the cost that it gives."""
    with silence():
        for source in forward_sources(subject, points[0]):
            for edit in forward_axes(source):
                if about_softmax(source, edit) and all_right(subject, truth, points, source, edit):
                    fix = fix_of(source, edit)._replace(of_cost=True)
                    where = fix.place
                    place = Place(source.file, edit.start, edit.end, edit.text)
                    return fix, Cause("softmax_without_axis", SAYS, where), place
    return None


def forward_sources(subject: Subject, point: Arrays) -> list[Source]:
    ran = follow(subject.gradients, copied(point)), follow(subject.cost, copied(point))
    return sources(*ran)


def about_softmax(source: Source, edit: Edit) -> bool:
    """Whether the sum is one of exponentials, by what its function computes."""
    functions = [f for f in ast.walk(source.tree) if isinstance(f, ast.FunctionDef)]
    return any("exp(" in ast.unparse(f) for f in functions if any(s is edit.statement for s in ast.walk(f)))


def all_right(subject: Subject, truth: Truth, points: list[Arrays], source: Source, edit: Edit) -> bool:
    try:
        for point in points:
            before = subject.cost(copied(point))
            with edited(source, edit), limited(5.0):
                now, right = subject.cost(copied(point)), truth(point)
                hand = subject.gradients(copied(point)).arrays
            if not np.isfinite(now) or now == before or not right:
                return False
            if any(error(hand.get(key), g, 0.0) > TOLERANCE for key, g in right.items()):
                return False
    except (Exception, TooLong):  # an edit may break the code in any way
        return False
    return True
