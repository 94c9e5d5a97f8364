"""Parameters in any structure as a dict of arrays by name: a single array, and dicts, lists and tuples of them."""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trees import Path, at_path, by_path, map_leaves
from ..program.recognition.values import gradient_of, returned_names

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
    if takes_array(cost, parameters):
        parameters = np.array(parameters)
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
        if () in names and is_with_cost(found, given):
            found = found[1]
        if isinstance(found, Mapping) and () in names and not isinstance(found, np.ndarray):
            return dict(found)
        after = by_path(given) if () not in names else {(): given}
        for path, value in after.items():  # what the code wrote into its argument is seen
            if isinstance(p, dict) and path in names and type(value) is not Tensor:
                p[names[path]] = value
        return {f"d{name}": at(found, path, name) for path, name in names.items()}

    return Flat(flat_cost, flat_gradients, {name: leaves[path] for path, name in names.items()})


def takes_array(cost: Function, parameters: Any) -> bool:
    """Whether numbers in a list, or in a tuple that it does not take, are what a cost has as an array."""
    if (
        not isinstance(parameters, list | tuple)
        or not parameters
        or not all(type(v) in (int, float) for v in parameters)
    ):
        return False
    if isinstance(parameters, tuple) and runs(cost, parameters):
        return False
    return runs(cost, np.array(parameters))


def runs(cost: Function, parameters: Any) -> bool:
    """Whether a cost computes a number of these; a copy is what it gets."""
    try:
        with np.errstate(all="ignore"):
            return np.size(cost(copy.copy(parameters))) == 1
    except Exception:  # as a list has no powers
        return False


def is_with_cost(found: Any, parameters: Any) -> bool:
    """Whether a gradient came after the cost in a tuple, as scipy.optimize takes the two from one function."""
    pair = isinstance(found, tuple | list) and len(found) == 2
    return pair and np.ndim(parameters) > 0 and np.size(found[0]) == 1 and np.shape(found[1]) == np.shape(parameters)


def by_parameter(found: Any, gradients: Function, parameters: Mapping[str, Any]) -> Mapping[Any, Any]:
    """What the gradients of a dict of parameters returned, as a dict: of arrays in a tuple by their names there.

    A dict may have come with something beside it. TypeError where neither names nor shapes tell which is which.
    """
    if isinstance(found, tuple | list):
        inside = [part for part in found if isinstance(part, dict)]
        found = inside[0] if inside else by_names(found, gradients, parameters) or by_shapes(found, parameters) or found
    if isinstance(found, Mapping):
        return found
    unclear = (
        "; of arrays alone neither names nor shapes tell which is which" if isinstance(found, tuple | list) else ""
    )
    raise TypeError(
        f"gradients(parameters) returned {type(found).__name__}; expected is a dict such as {{'dW1': array}}{unclear}"
    )


def by_names(found: Sequence[Any], gradients: Function, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Arrays by the names that their function has for them, where that has one for the gradient of each parameter."""
    own = returned_names(inspect.unwrap(gradients))
    called = {name: value for name, value in zip(own, found, strict=False) if name} if len(own) == len(found) else {}
    keys = {gradient_of(name, list(called)): f"d{name}" for name in parameters}
    whole = None not in keys and len(keys) == len(parameters)
    return {keys.get(name, name): value for name, value in called.items()} if whole else {}


def by_shapes(found: Sequence[Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """As many arrays as there are parameters by their shapes, where no two parameters have the same."""
    names = {np.shape(value): f"d{name}" for name, value in parameters.items()}
    if not len(found) == len(names) == len(parameters) or any(map(fault_of, found)):
        return {}
    arrays = {names.get(np.shape(g)): g for g in found}
    return {str(name): g for name, g in arrays.items()} if arrays.keys() == set(names.values()) else {}


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


def fault_of(value: Any) -> str:
    """Why a returned gradient is no array of real numbers, or nothing."""
    try:
        kind = np.asarray(value).dtype.kind
    except (TypeError, ValueError):
        kind = "O"
    if value is None or kind not in "fiub":
        return f"is {type(value).__name__ if kind != 'c' else 'complex'}; expected is an array of real numbers"
    return ""
