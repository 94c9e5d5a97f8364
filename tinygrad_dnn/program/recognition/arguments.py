"""What the arguments of a function are, by their names and by parts of these: training_data, labels_i, lambdaval.

def objective(theta, *args):
    n_in, n_out, train_data, train_label, strength = args      as scipy.optimize hands on what belongs to a vector
"""

import inspect
import re
from collections.abc import Callable
from typing import Any

from .guessing import said_by_parts
from .values import KIND_OF, SIZE_OF, Values, is_called_labels, unpacked

INPUTS = re.compile(r"(^|_)x(_|$|\d)|image|feature|input|data|pixel|sample")
PENALTY = re.compile(r"(^|_)lam(b|bd|bda)?(_|val|\d|$)|regul|penalty")
COUNTS = re.compile(r"^(n|no|num|nb|size|dim|count|len)(_|$|[A-Z])|(num|size|dim|count|nodes|units|neurons)s?$")


def needed(function: Callable[..., Any]) -> list[str]:
    """The arguments without which a function is not called, those that it unpacks of *args among them."""
    everything = inspect.signature(function).parameters.values()
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in everything if p.default is p.empty and p.kind in named] + unpacked(function)


def role_of(name: str) -> str | None:
    """What an argument is, as the tables have it, else by parts of its name; no word of a weight says data."""
    if name in KIND_OF:
        return KIND_OF[name]
    if name in SIZE_OF or COUNTS.search(name):
        return SIZE_OF.get(name) or said_by_parts(name)
    if "weight" in name.lower() or "param" in name.lower():
        return None
    if PENALTY.search(name.lower()):
        return "reg"
    if is_called_labels(name):
        return "Y"
    return "X" if INPUTS.search(name.lower()) else None


def by_parts(function: Callable[..., Any], values: Values) -> Values:
    """What is known of the arguments of a function, by what they are, and not by their own names."""
    return {n: values[role] for n in needed(function) if n not in values and (role := role_of(n)) in values}
