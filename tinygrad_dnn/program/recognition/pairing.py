"""Which functions belong together, by the words of their names: tanh and tanhPrime, l2_cost and l2_backward."""

import ast
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .values import KIND_OF

Function = Callable[..., Any]
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
DERIVING = {
    "prime", "derivative", "deriv", "der", "grad", "gradient", "backward", "bwd", "backprop", "bprop", "dash",
    "derivate", "backpropagation", "jacobian", "delta", "vjp",
}  # fmt: skip
BETWEEN = {"forward", "fwd", "of", "the", "to", "func", "function", "fn", "act", "activation", "naive", "pass"}


def words(name: str) -> list[str]:
    """The words of a name, in any style: L_model_forward, sigmoidPrime, d_tanh."""
    return [word.lower() for word in WORDS.findall(name)]


def derivative_pairs(own: dict[str, Function]) -> list[tuple[str, Function, Function]]:
    """Functions with what bears the name of their derivative: (name, function, derivative)."""
    plain: dict[tuple[str, ...], list[str]] = {}
    for name in own:
        for key in {stem(name), tuple(words(name))} - {()} if not is_derivative(name) else ():
            plain.setdefault(key, []).append(name)
    found = []
    for name, function in own.items():
        keys = [stem(name)] if is_derivative(name) else []
        if name[:1] == "d" and name[1:].lstrip("_") in own:  # dtanh
            keys = [tuple(words(name[1:]))]
        alike = [other for key in keys for other in plain.get(key, []) if other != name]
        if alike:  # linear_backward is of linear_forward, and not of linear_activation_forward
            partner = min(alike, key=lambda other: len(set(words(other)) ^ set(words(name))))
            found.append((partner, own[partner], function))
        elif keys and len(keys[0]) == 1 and (known := of_numpy(keys[0][0])) is not None:
            found.append((name, known, function))
        elif is_derivative(name) and len(same := of_same_arguments(function, own)) == 1:
            found.append((same[0].__name__, same[0], function))
    return found


def of_same_arguments(function: Function, own: dict[str, Function]) -> list[Function]:
    """The functions that take what a derivative takes, and are none."""
    takes = list(inspect.signature(function).parameters)
    if not any(KIND_OF.get(name) == "Y" for name in takes):
        return []  # every function of one argument takes what another takes
    return [f for n, f in own.items() if not is_derivative(n) and list(inspect.signature(f).parameters) == takes]


def of_numpy(name: str) -> Function | None:
    """A function of one argument of NumPy, for a derivative whose function the file leaves to NumPy."""
    known = getattr(np, name, None)
    if not isinstance(known, np.ufunc) or known.nin != 1:
        return None

    def function(x: Any) -> Any:
        return known(x)

    function.__name__ = f"np.{name}"
    return function


def is_derivative(name: str) -> bool:
    said = words(name)
    return any(map(derives, said)) or (len(said) > 1 and said[0] == "d")  # d_tanh, and no conv2d


def derives(word: str) -> bool:
    """Whether a word says derivative; derivada, derivata and derivee do as well."""
    return word in DERIVING or word.startswith("deriv")


def is_downstream(name: str) -> bool:
    """Whether an argument is called what comes from above: dout, dA, d_next; no datum is."""
    return bool(re.match(r"d(_|[A-Z]|out|next|top|[a-z]\d*$|[a-z]_)", name)) and KIND_OF.get(name) not in ("X", "Y")


def stem(name: str) -> tuple[str, ...]:
    """What is left of a name without the words that say forward or backward."""
    said = words(name)
    return tuple(word for word in said[said[:1] == ["d"] :] if not derives(word) and word not in BETWEEN)


def marks(function: Function) -> set[str]:
    """The words of a name, and what an argument of it says besides data: a strength, a part that is kept."""
    kinds = {KIND_OF.get(name, "") for name in inspect.signature(function).parameters}
    return {word[:3] for word in words(function.__name__)} | {kind for kind in kinds if kind in ("reg", "keep")}


def called_beside(tree: ast.AST, function: Function, options: list[Function]) -> list[Function]:
    """The options that a file calls where it calls a function: in the same definition, or in its outermost lines."""
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    outer = [n for n in ast.iter_child_nodes(tree) if not isinstance(n, ast.FunctionDef | ast.ClassDef)]
    together = set[str]()
    for nodes in [[scope] for scope in scopes] + [outer]:
        calls = [n.func for node in nodes for n in ast.walk(node) if isinstance(n, ast.Call)]
        names = {ast.unparse(called).split(".")[-1] for called in calls}
        if function.__name__ in names:
            together |= names
    return [o for o in options if o.__name__ in together and o is not function]


def partners(
    function: Function, others: Iterable[Function], rivals: Iterable[Function], tree: ast.AST | None = None
) -> list[Function]:
    """Of the others those that may belong to a function, the likeliest first.

    What the file calls beside it, in a function that trains or checks, belongs to it. Else a mark that it shares with
    some and not with all settles it: those of its rivals that share one with another take that one away. Without such
    a mark it may be any.
    """
    options = list(others)
    if tree is not None and (used := called_beside(tree, function, options)):
        return used
    common = set.intersection(*(marks(o) for o in options)) if options else set()

    def sharing(f: Function) -> list[Function]:
        return [o for o in options if (marks(f) & marks(o)) - common]

    own = sharing(function)
    if not own:
        taken = {o for rival in rivals if rival is not function for o in sharing(rival)}
        own = [o for o in options if o not in taken] or options
    return sorted(own, key=lambda o: len(marks(function) ^ marks(o)))
