"""What an argument is given whose name no table has: by the parts of its name, and by the words it is compared with."""

import ast
import inspect
import re
from typing import Any

import numpy as np

from .pairing import derivative_pairs, is_derivative
from .values import tree_of

LAYERS = 2  # of something of which a number is asked for
PARTS = {  # parts of a name, without the s of several, and what they say
    "features": "in inp input feat feature vis visible",
    "hidden": "hid hidden middle unit neuron",
    "classes": "out output class classe target label",
    "rate": "lr rate alpha eta learning",
}
SAYS = {part: kind for kind, parts in PARTS.items() for part in parts.split()}


def said_by_parts(name: str) -> str | None:
    """The kind of a size, "rate" or "layers", by the parts of a name: in_nodes, hidNum, n_hid_layers."""
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
    kinds = [kind for part in parts if (kind := SAYS.get(part) or SAYS.get(part.rstrip("s")))]
    if any(part.startswith("layer") for part in parts):
        return "layers" if kinds in ([], ["hidden"]) and len(parts) > 1 else None
    return next((kind for kind in kinds if kind != "hidden"), kinds[0]) if kinds else None  # units_in are inputs


def word_for(owner: Any, name: str) -> str | None:
    """The first word that an argument is compared with in a function or a class, or looked up by."""
    for node in ast.walk(tree_of(owner)):
        if isinstance(node, ast.Compare) and is_called(node.left, name):
            for other in node.comparators:
                words = other.elts if isinstance(other, ast.Tuple | ast.List | ast.Set) else [other]
                for word in words:
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        return word.value
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict) and is_called(node.slice, name):
            for key in node.value.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    return key.value
        elif isinstance(node, ast.Match) and is_called(node.subject, name):
            for case in node.cases:
                value = getattr(case.pattern, "value", None)
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    return value.value
    return None


def function_for(owner: Any, name: str) -> Any:
    """A function of the file for an argument that a class calls: of as many arguments, a derivative where it is one.

    The derivatives are in the order of their functions, so that two arguments get two that belong together.
    """
    calls = (n for n in ast.walk(tree_of(owner)) if isinstance(n, ast.Call) and is_called(n.func, name))
    count = next((len(call.args) for call in calls), None)
    space = getattr(getattr(owner, "__init__", None), "__globals__", getattr(owner, "__globals__", {}))
    own: dict[str, Any] = {n: f for n, f in space.items() if inspect.isfunction(f) and f.__module__ == owner.__module__}
    if count is None:
        return None
    fitting = {n: f for n, f in own.items() if len(inspect.signature(f).parameters) == count}
    pairs = {f: d for _, f, d in derivative_pairs(own) if f in fitting.values() and d in fitting.values()}
    first = sorted((f for n, f in fitting.items() if not is_derivative(n)), key=lambda f: (f not in pairs, hands_on(f)))
    if is_derivative(name):
        return next((pairs[f] for f in first if f in pairs), next(filter(named_a_derivative, fitting.values()), None))
    return next(iter(first), None)


def named_a_derivative(function: Any) -> bool:
    return is_derivative(function.__name__)


def hands_on(function: Any) -> bool:
    """Whether a function gives what it is given: under such an activation a missing derivative is not missed."""
    probe = np.array([[0.3, -0.7], [-0.2, 0.4]])
    try:
        with np.errstate(all="ignore"):
            return bool(np.array_equal(function(probe.copy()), probe))
    except Exception:  # it takes something else
        return False


def is_called(node: ast.AST, name: str) -> bool:
    """Whether this is the variable, an attribute of the same name, or one of these in lower case."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        return is_called(node.func.value, name)
    own = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return own.lstrip("_") == name.lstrip("_") and bool(own)
