"""What the entries of the tables know of NumPy's parameters, read off their own: the rest is refused by name."""

import inspect
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .compositions import COMPOSED
from .derivatives import DERIVATIVES, EveryArgument
from .special import rules_for
from .walk import BROADCASTING

# Functions that compute in the precision dtype= names, and those that give their result in it.
IN_PRECISION = {np.sum, np.prod, np.mean, np.std, np.var, np.cumsum, np.cumprod, np.trace, np.nansum, np.nanmean,
                np.nanprod}  # fmt: skip
OF_PRECISION = {np.concatenate, np.stack, np.vstack, np.hstack, np.linspace, np.einsum}


def full_name(function: Any) -> str:
    """The name a user writes: np.add, np.linalg.norm, indexing."""
    if function is operator.getitem:
        return "indexing"
    name, module = function.__name__, getattr(function, "__module__", None) or "numpy"
    if isinstance(function, np.ufunc):
        module = "numpy" if getattr(np, name, None) is function else "scipy.special"
    own = function in DERIVATIVES and not module.startswith(("numpy", "scipy"))
    return name if own or module.startswith("tinygrad_dnn") else f"{module.replace('numpy', 'np')}.{name}"


class Known(NamedTuple):
    """What a table entry knows: how many arguments hold data, the names of those given by position, all keywords.

    any_number: it takes any number of positional arguments.
    """

    data: int
    positional: tuple[str, ...]
    keywords: frozenset[str]
    any_number: bool


def known(entry: Callable[..., Any], hidden: int, data: int) -> Known:
    parameters = list(inspect.signature(entry).parameters.values())[hidden:]
    positional = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    keywords = [p.name for p in parameters[data:] if p.kind is not p.VAR_POSITIONAL]
    return Known(10**9 if hidden and any_number else data, positional, frozenset(keywords) - {"out"}, any_number)


def first_rule(rules: Any) -> Callable[..., Any]:
    return rules[0] if isinstance(rules, EveryArgument) else next(filter(None, rules))


KNOWN = {
    function: known(first_rule(rules), 2, 0 if isinstance(rules, EveryArgument) else len(rules))
    for function, rules in DERIVATIVES.items()
}


OPERANDS = {"b", "v", "x", "x2", "xp", "fp", "values", "weights"}  # what NumPy calls an operand that is not the first


def operands(composition: Callable[..., Any]) -> int:
    """How many of a composition's first parameters stand for numbers: two, if NumPy calls the second an operand."""
    return 2 if [*inspect.signature(composition).parameters, ""][1] in OPERANDS else 1


KNOWN |= {function: known(composition, 0, operands(composition)) for function, composition in COMPOSED.items()}


def check_parameters(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """A TypeError for what the table entry does not know: nothing is left out in silence."""
    _, positional, names, any_number = KNOWN[function]
    if (len(arguments) > len(positional) and not any_number) or not keywords.keys() <= names:
        unknown = ", ".join(sorted(keywords.keys() - names)) or f"more than {len(positional)} positional arguments"
        knows = f"it knows {', '.join(sorted(names)) or 'no keywords'}"
        raise TypeError(f"{full_name(function)}: {unknown} cannot be recorded; {knows}")


# What NumPy takes a parameter to be that is left out: giving it says nothing.
LEFT_OUT: dict[str, tuple[Any, ...]] = {
    "out": (None,), "dtype": (None,), "initial": (None,), "where": (True,), "order": ("C", None),
    "casting": ("same_kind",),    "copy": (True,), "subok": (True, False), "kind": (None,), "stable": (None,),
    "overwrite_input": (False,), "retstep": (False,), "upper": (False,), "left": (None,), "right": (None,),
    "period": (None,),
}  # fmt: skip


def says_nothing(function: Any, name: str, value: Any) -> bool:
    """Whether a keyword that the entry does not know has the value that it has when it is left out."""
    if name in KNOWN[function].keywords or name in KNOWN[function].positional:
        return False
    return value is np._NoValue or any(value is v or (type(v) is str and value == v) for v in LEFT_OUT.get(name, ()))


def by_position(
    function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """np.dot(a=W, b=X) as np.dot(W, X): data given by keyword takes its place among the arguments."""
    keywords = {name: value for name, value in keywords.items() if not says_nothing(function, name, value)}
    moved = list(arguments)
    names = KNOWN[function].positional[: KNOWN[function].data]
    while len(moved) < len(names) and names[len(moved)] in keywords:
        moved.append(keywords.pop(names[len(moved)]))
    return tuple(moved), keywords


def learn(function: Any) -> None:
    """Take a special function of SciPy into the table."""
    rules = rules_for(function)
    if rules is not None:
        DERIVATIVES[function], KNOWN[function] = rules, known(rules[0], 2, len(rules))
        BROADCASTING.add(function)
