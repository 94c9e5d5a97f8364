"""Parameters in any structure as a dict of arrays by name: a single array, and dicts, lists and tuples of them."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trees import Path, at_path, by_path, map_leaves

Function = Callable[..., Any]


class Flat(NamedTuple):
    """A cost, its gradients and the parameters, these as a dict of arrays."""

    cost: Function
    gradients: Function
    parameters: Mapping[str, Any]


def flat(cost: Function, gradients: Function, parameters: Any) -> Flat:
    """As they are where the parameters are a dict of arrays; else the same functions of such a dict.

    A single array is called as the argument of cost, an entry of a list p[0], one of a nested dict layer.W; the
    gradients come in the structure of the parameters. TypeError where the parameters hold no array.
    """
    if isinstance(parameters, Mapping) and not isinstance(parameters, dict):  # as np.load gives one
        parameters = dict(parameters)
    leaves = by_path(parameters) if isinstance(parameters, dict | list | tuple) else {(): parameters}
    if isinstance(parameters, Mapping) and all(len(path) == 1 for path in leaves):
        return Flat(cost, gradients, parameters)
    if not leaves or (() in leaves and not isinstance(parameters, np.ndarray | np.number | float | int)):
        raise TypeError(
            f"check: parameters is {parameters!r:.60}; expected is an array, or a dict, list or tuple of arrays"
        )
    own = argument_of(cost)
    names = {path: name_of(path, own) for path in leaves}

    def rebuilt(p: Mapping[str, Any]) -> Any:
        return map_leaves(lambda _, path: p[names[path]], parameters)

    def flat_cost(p: Mapping[str, Any]) -> Any:
        return cost(rebuilt(p))

    def flat_gradients(p: Mapping[str, Any]) -> dict[str, Any]:
        given = rebuilt(p)
        found = gradients(given)
        if isinstance(found, Mapping) and () in names and not isinstance(found, np.ndarray):
            return dict(found)
        after = by_path(given) if () not in names else {(): given}
        for path, value in after.items():  # what the code wrote into its argument is seen
            if isinstance(p, dict) and path in names and type(value) is not Tensor:
                p[names[path]] = value
        return {f"d{name}": at(found, path, name) for path, name in names.items()}

    return Flat(flat_cost, flat_gradients, {name: leaves[path] for path, name in names.items()})


def argument_of(cost: Function) -> str:
    """What a function calls its first argument."""
    try:
        return next(iter(inspect.signature(cost).parameters), "parameters")
    except (TypeError, ValueError):
        return "parameters"


def name_of(path: Path, own: str) -> str:
    """W for a single array called W, p[0] for the first of a list p, layers[0].W for what is nested."""
    if not path:
        return own
    first, *rest = path
    start = first if isinstance(first, str) else f"{own}[{first!r}]"
    return start + "".join(f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]" for key in rest)


def at(found: Any, path: Path, name: str) -> Any:
    """What stands in the place of a parameter among the gradients; a key W may be called dW there."""
    for i, key in enumerate(path):
        if isinstance(found, Mapping) and key not in found and f"d{key}" in found:
            path = (*path[:i], f"d{key}", *path[i + 1 :])
        try:
            found = at_path(found, path[i : i + 1])
        except (KeyError, IndexError, TypeError, AttributeError):
            raise TypeError(
                f"gradients(parameters) returned nothing in the place of {name}; expected is the structure of the "
                "parameters"
            ) from None
    return found
