"""Trees: arrays in dicts, lists and tuples, nested as one likes."""

import copy
from collections.abc import Callable
from typing import Any

Path = tuple[Any, ...]


def map_tree(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The tree with function(leaf) in place of each leaf; with other trees function(leaf, and what they have there).

        map_tree(lambda theta, dtheta: theta - learning_rate * dtheta, parameters, gradients)

    Dicts, lists and tuples, named ones and subclasses too, keep their type; anything else is a leaf. ValueError where
    another tree has nothing in the place of a leaf; what else it has is left out.
    """

    def at(leaf: Any, path: Path) -> Any:
        try:
            rest = [at_path(other, path) for other in others]
        except (KeyError, IndexError, TypeError, AttributeError):
            place = "".join(f"[{key!r}]" for key in path)
            raise ValueError(f"map_tree: another tree has nothing at {place}, where the first has a leaf") from None
        return function(leaf, *rest)

    return map_leaves(at, tree)


def map_leaves(function: Callable[[Any, Path], Any], tree: Any, path: Path = ()) -> Any:
    """The tree with function(leaf, path) in place of each leaf: the path is the tuple of keys that lead to it."""
    if not isinstance(tree, (dict, list, tuple)):  # a union of types would be made anew at each leaf
        return function(tree, path)
    if type(tree) is dict:
        return {key: map_leaves(function, value, (*path, key)) for key, value in tree.items()}
    if isinstance(tree, dict):
        result = copy.copy(tree)  # an OrderedDict or a defaultdict stays one
        for key, value in tree.items():
            result[key] = map_leaves(function, value, (*path, key))
        return result
    leaves = [map_leaves(function, value, (*path, i)) for i, value in enumerate(tree)]
    return type(tree)(*leaves) if hasattr(tree, "_fields") else type(tree)(leaves)  # a named tuple, or a plain one


def leaves_of(tree: Any) -> list[Any]:
    leaves: list[Any] = []
    map_leaves(lambda leaf, _: leaves.append(leaf), tree)
    return leaves


def by_path(tree: Any) -> dict[Path, Any]:
    leaves: dict[Path, Any] = {}
    map_leaves(lambda leaf, path: leaves.update({path: leaf}), tree)
    return leaves


def at_path(tree: Any, path: Path) -> Any:
    for key in path:
        tree = getattr(tree, key) if isinstance(key, str) and hasattr(tree, "_fields") else tree[key]
    return tree
