"""What comes out of a layer and what goes back: what its methods return, or leave in the object."""

import itertools
from typing import Any, NamedTuple

import numpy as np

from .holdings import STEP, Place, arrays_in, gradients_in
from .pairing import words
from .values import KIND_OF, Values, gradient_of

BACK = {"d", "grad", "gradient", "gradients", "delta", "del", "error", "errors", "retrograde", "diff"}
OUT = {"out", "output", "outputs"}
MOST = 5  # parts of a tuple that are told apart by their shapes
Held = dict[tuple[Any, ...], Any]  # the arrays of an object by their places, as they were


class End(NamedTuple):
    """Where something is after a call: a part of what was returned, or a place in the object.

    sure: whether nothing else may be it.
    """

    part: int | None = None
    place: Place | None = None
    sure: bool = True

    def of(self, result: Any, root: Any) -> Any:
        if self.place is not None:
            return self.place.get(root)
        return result if self.part is None else result[self.part]


def held(root: Any) -> Held:
    return {place.path: (array, array.copy()) for place, array in arrays_in(root)}


def left_since(root: Any, before: Held) -> list[tuple[Place, Any]]:
    """The arrays that an object has otherwise than before, with their places."""
    found = []
    for place, array in arrays_in(root):
        was, value = before.get(place.path, (None, None))
        if was is not array or not np.array_equal(value, array, equal_nan=True):
            found.append((place, array))
    return found


def outputs(result: Any, root: Any, before: Held, x: Any) -> list[End]:
    """What may come out of a forward pass; of a tuple the first array, the rest is kept for the way back."""
    if isinstance(result, tuple | list):
        return [End(i) for i, part in enumerate(result) if isinstance(part, np.ndarray)][:1] or [End()]
    if result is not None:
        return [End()]
    left = [(place, array) for place, array in left_since(root, before) if not np.array_equal(array, x)]
    named = [one for one in left if KIND_OF.get(one[0].path[-1]) == "output" or says(one[0], OUT)]
    chosen = named or left[::-1]
    return [End(None, place, len(chosen) == 1) for place, _ in chosen]


def kept_output(root: Any, before: Held, x: Any) -> Place | None:
    """Where a loss keeps what it has made of what went in, as its softmax: as large as that, and not that."""
    left = [(place, array) for place, array in left_since(root, before) if np.shape(array) == np.shape(x)]
    return next((place for place, array in left if not np.array_equal(array, x)), None)


def orders_of(result: Any, names: list[str], sizes: dict[str, tuple[int, ...]]) -> list[dict[str, int]]:
    """Which part of a tuple may be the gradient of what, by shapes; nothing where the parts have names.

    sizes: the shapes of what goes in, as x, and of the parameters.
    """
    if not isinstance(result, tuple | list) or (all(names[: len(result)]) and len(names) == len(result)):
        return []
    shapes = [np.shape(part) for part in result]
    if len(shapes) < len(sizes) or len(shapes) > MOST:
        return []
    every = (dict(zip(sizes, places, strict=True)) for places in itertools.permutations(range(len(shapes)), len(sizes)))
    return [order for order in every if all(shapes[i] == sizes[name] for name, i in order.items())]


def gone_back(
    result: Any, root: Any, before: Held, names: list[str], x: tuple[str, Any], places: Any, p: Values
) -> Values:
    """The gradients after a backward pass: of what went in, which has this name and value there, as dx."""
    name, value = x
    whole = isinstance(result, tuple | list | dict)
    own = {n: p[n] for n in places}
    found = gradients_in(root, result if whole else None, names, places, own, False) if places else {}
    found = {key: g for key, g in found.items() if key[1:] in own}
    idle = [array for place, array in arrays_in(root) if array is before.get(place.path, (None,))[0]]
    changed = [array for _, array in left_since(root, before)]
    idle = [array for array in idle if not is_among(array, changed)]
    found = {key: g for key, g in found.items() if not is_among(g, idle)}  # what it was before is no gradient of this
    found |= moved_by(root, places, own, found)
    for n in places if not whole else ():
        kept = only_as(p[n], root, before, (result, value)) if f"d{n}" not in found else None
        if kept is not None and not is_one_of(kept, found):
            found[f"d{n}"] = kept
    if isinstance(result, tuple | list):
        parts = {n or str(i): g for i, (n, g) in enumerate(zip(names or [""] * len(result), result, strict=False))}
        left = {n: g for n, g in parts.items() if not is_one_of(g, found)}
        named = of_input(left, name, value)
        result = named if named is not None else next(iter(left.values()), None)
    elif isinstance(result, dict):
        result = of_input({str(n): g for n, g in result.items() if not is_one_of(g, found)}, name, value)
    elif result is not None:
        same = (np.shape(g) == np.shape(result) and np.array_equal(g, result) for g in found.values())
        result = None if any(same) else result  # it gives that of what it learns once more
    elif result is None:
        kept = {str(place.path[-1]): g for place, g in left_since(root, before) if not is_one_of(g, found)}
        learnt = {place.path[-1] for own in places.values() for place in own}
        result = of_input({n: g for n, g in kept.items() if n not in learnt}, name, value)
    return found if result is None else found | {"dx": result}


def of_input(parts: dict[str, Any], name: str, x: Any) -> Any:
    """Of several gradients that of what goes in: by its name, else the only one as large as that."""
    key = gradient_of(name, list(parts))
    if key is not None and key != name and np.size(parts[key]) == np.size(x):
        return parts[key]
    alike = {n: g for n, g in parts.items() if isinstance(g, np.ndarray) and np.size(g) == np.size(x)}
    told = {n: g for n, g in alike.items() if set(words(n)) & BACK or n[:1] == "d"}
    chosen = list((told or alike).values())
    return chosen[0] if len(chosen) == 1 else None


def moved_by(root: Any, places: dict[str, list[Place]], before: Values, found: Values) -> Values:
    """What a backward pass takes away from the parameters whose gradient it gives nowhere: that, times its rate."""
    now = {n: own[0].get(root) for n, own in places.items() if f"d{n}" not in found}
    return {f"d{n}": (before[n] - v) / STEP for n, v in now.items() if not np.array_equal(v, before[n])}


def only_as(parameter: Any, root: Any, before: Held, others: tuple[Any, ...]) -> Any:
    """The only array of a parameter's shape that a backward pass has left, and that is called a gradient."""
    shape = np.shape(parameter)
    if any(np.shape(other) == shape for other in others):
        return None
    left = [g for place, g in left_since(root, before) if np.shape(g) == shape and tells_of_a_gradient(place)]
    return left[0] if len(left) == 1 else None


def tells_of_a_gradient(place: Place) -> bool:
    name = str(place.path[-1])
    return says(place, BACK) or (name[:1] == "d" and name[1:2].isupper())


def is_one_of(value: Any, found: Values) -> bool:
    return is_among(value, list(found.values()))


def is_among(value: Any, others: list[Any]) -> bool:
    return any(value is other for other in others)


def says(place: Place, meant: set[str]) -> bool:
    return bool(set(words(str(place.path[-1]))) & meant)
