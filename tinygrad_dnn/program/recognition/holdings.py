"""What an object holds: its arrays with their places, which of them it learns, and where it keeps their gradients."""

import inspect
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..held import parts_of
from .tasks import UnfitError, by_parameter
from .values import KIND_OF, Values, gradient_of

GROUPS = ("params", "parameters", "theta", "p")  # dicts that hold what is learnt
NEVER = ("grad", "velocity", "cache", "running", "nabla", "momentum")  # names of what is not
STEP = 1.0  # the learning rate by which a gradient is read off an update


class Place(NamedTuple):
    """Where an array is kept: the containers on the way, as attribute names, keys and indices."""

    path: tuple[Any, ...]

    def owner(self, root: Any) -> Any:
        for step in self.path[:-1]:
            root = step_into(root, step)
        return root

    def get(self, root: Any) -> Any:
        return step_into(self.owner(root), self.path[-1])

    def put(self, root: Any, value: Any) -> None:
        owner, last = self.owner(root), self.path[-1]
        if isinstance(owner, tuple):
            raise UnfitError("a tuple cannot take another array")
        if isinstance(owner, dict | list):
            owner[last] = value
        else:
            setattr(owner, last, value)


def step_into(owner: Any, step: Any) -> Any:
    return owner[step] if isinstance(owner, dict | list | tuple) else getattr(owner, step)


def arrays_in(root: Any, path: tuple[Any, ...] = (), seen: set[int] | None = None) -> Iterator[tuple[Place, Any]]:
    """Every array of real numbers that an object holds, with its place."""
    seen = set() if seen is None else seen
    if id(root) in seen or len(path) > 6:
        return
    seen.add(id(root))
    for key, value in parts_of(root):
        if isinstance(value, np.ndarray):
            if value.dtype.kind == "f" and value.size:
                yield Place((*path, key)), value
        elif not isinstance(value, type | str | int | float) and value is not None and not callable_only(value):
            yield from arrays_in(value, (*path, key), seen)


def numbers_in(root: Any) -> dict[str, list[Place]]:
    """Every floating-point number that an object holds itself: one of them may be a bias."""
    held = getattr(root, "__dict__", {}).items()
    return {name: [Place((name,))] for name, value in held if isinstance(value, float | np.floating)}


def callable_only(value: Any) -> bool:
    return inspect.isfunction(value) or inspect.ismethod(value) or inspect.ismodule(value)


def parameters_of(root: Any) -> dict[str, list[Place]]:
    """What an object learns, by name, with every place that holds the same array."""
    places: dict[int, list[Place]] = {}
    for place, array in arrays_in(root):
        places.setdefault(id(array), []).append(place)
    groups = [found for found in places.values() if not any(about_gradients(p) for p in found)]
    for group in GROUPS:
        if isinstance(getattr(root, group, None), dict) and getattr(root, group):
            groups = [found for found in groups if any(p.path[0] == group for p in found)] or groups
            break
    groups = [found for found in groups if not is_data(root, most_telling(found))]
    names = [name_of(most_telling(found)) for found in groups]
    return dict(zip(numbered(names), groups, strict=True))


def is_data(root: Any, place: Place) -> bool:
    """Whether what an object holds is data, or room for what comes out, which has no values from the beginning."""
    kind = KIND_OF.get(name_of(place))
    return kind in ("X", "Y") or (kind == "output" and not np.std(place.get(root)))


def without_states(places: dict[str, list[Place]], before: Any, after: Any) -> dict[str, list[Place]]:
    """The places without those of what a forward pass itself replaces: a state that is handed on is not learnt.

    before, after: the object, and a copy of it after a forward pass alone.
    """
    pairs = {name: (own[0].get(before), own[0].get(after)) for name, own in places.items()}
    return {name: places[name] for name, (old, new) in pairs.items() if np.array_equal(old, new)}


def numbered(names: list[str]) -> list[str]:
    """Names that are all different: of several layers with a W, W1, W2, W3; of two with a params0, params0_1 and _2."""
    counts: Counter[str] = Counter()
    found = []
    for name in names:
        counts[name] += 1
        between = "_" if name[-1:].isdigit() else ""
        found.append(name if names.count(name) == 1 else f"{name}{between}{counts[name]}")
    return found


def most_telling(places: list[Place]) -> Place:
    """The place that says most of an array: a name rather than a number, near to the root."""
    return min(places, key=lambda p: (not isinstance(p.path[-1], str), len(p.path)))


def about_gradients(place: Place) -> bool:
    words = [step.lower() for step in place.path if isinstance(step, str)]
    last = words[-1] if words else ""
    return any(part in word for word in words for part in NEVER) or (last[:1] == "d" and last[1:2] in ("w", "b", "_"))


def name_of(place: Place) -> str:
    """W1 for params["W1"], W for layers[0].W, weights0 for weights[0]."""
    last = place.path[-1]
    if isinstance(last, str):
        return last
    words = [step for step in place.path if isinstance(step, str)]
    return f"{words[-1] if words else 'p'}{last}"


def install(root: Any, places: dict[str, list[Place]], values: Values) -> None:
    for name, found in places.items():
        if name in values:
            for place in found:
                place.put(root, values[name])


def gradients_in(
    root: Any, result: Any, names: list[str], places: dict[str, list[Place]], before: Values, updates: bool
) -> Values:
    """The gradients after a backward pass: returned, kept beside the parameters, or what these were moved by.

    updates: whether it moves them by the gradients times a rate, which was STEP.
    """
    found = by_parameter(result, names, before)
    found |= of_lists(result, names, places)
    if not any(f"d{name}" in found for name in places):
        found |= by_shapes(result, places, before)
    for name, own in places.items():
        if f"d{name}" in found and np.shape(found[f"d{name}"]) == np.shape(before[name]):
            continue
        kept = next((g for place in own if (g := beside(root, place)) is not None), None)
        now = own[0].get(root)
        if kept is not None:
            found[f"d{name}"] = kept
        elif updates and not np.array_equal(now, before[name]):
            found[f"d{name}"] = (before[name] - now) / STEP
    return {k: v for k, v in found.items() if isinstance(v, np.ndarray | float)}


def of_lists(result: Any, names: list[str], places: dict[str, list[Place]]) -> Values:
    """Of lists with an array for each layer, as in nabla_b, nabla_w."""
    found: Values = {}
    if isinstance(result, tuple) and len(names) == len(result):
        lists = {n: r for n, r in zip(names, result, strict=True) if n and isinstance(r, list)}
        for name, own in places.items():
            for place in own:
                if isinstance(place.path[-1], int) and len(place.path) > 1 and isinstance(place.path[-2], str):
                    key = gradient_of(place.path[-2], list(lists))
                    if key and place.path[-1] < len(lists[key]):
                        found[f"d{name}"] = lists[key][place.path[-1]]
    return found


def by_shapes(result: Any, places: dict[str, list[Place]], before: Values) -> Values:
    """Of lists with names of their own: each is of the one list of parameters whose arrays have the same shapes."""
    lists = [part for part in result if isinstance(part, list | tuple)] if isinstance(result, tuple | list) else []
    kept: dict[tuple[Any, ...], dict[int, str]] = {}
    for name, own in places.items():
        path = own[0].path
        if isinstance(path[-1], int):
            kept.setdefault(path[:-1], {})[path[-1]] = name
    found: Values = {}
    for names in kept.values():
        shapes = [np.shape(before[names[i]]) for i in sorted(names)]
        alike = [part for part in lists if [getattr(g, "shape", None) for g in part] == shapes]
        if len(alike) == 1:
            found |= {f"d{names[i]}": g for i, g in zip(sorted(names), alike[0], strict=True)}
    return found


def beside(root: Any, place: Place) -> Any:
    """What the owner of a parameter keeps as its gradient: layer.dW for layer.W, grads["W1"], grads[0]."""
    owners = [root]
    for step in place.path[:-1]:
        owners.append(step_into(owners[-1], step))
    last = place.path[-1]
    for owner in reversed(owners):
        kept = getattr(owner, "__dict__", owner if isinstance(owner, dict) else {})
        keys = [k for k, v in kept.items() if isinstance(k, str) and isinstance(v, np.ndarray | float)]
        if isinstance(last, str):
            key = gradient_of(last, [k for k in keys if k != last])
            if key is not None:
                return kept[key]
        for group, values in kept.items():
            if not isinstance(group, str) or not ("grad" in group.lower() or group.lower() in ("g", "dw", "nabla")):
                continue
            if isinstance(values, dict) and isinstance(last, str):
                key = gradient_of(last, [k for k in values if isinstance(k, str)])
                if key is not None:
                    return values[key]
            elif isinstance(values, list) and isinstance(last, int) and last < len(values):
                return values[last]
    return None
