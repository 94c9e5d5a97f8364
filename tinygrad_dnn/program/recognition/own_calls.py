"""Objects as a file makes them itself: by the arguments of its own calls, smaller ones first."""

import ast
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..limits import TooLong, limited, silence
from .holdings import arrays_in
from .values import Sizes, tree_of

MOST = 3  # calls that are tried
SECONDS = 1.0  # for a call
LARGE = 100_000  # entries of an object's arrays


def made_by_calls(module: ModuleType, kind: type) -> Iterator[Any]:
    """An object for each of the calls of a class in its file whose arguments are known there."""
    calls = {ast.unparse(n): n for n in ast.walk(tree_of(module)) if isinstance(n, ast.Call) and is_of(n, kind)}
    for text in sorted(calls, key=lambda text: size_of(calls[text]))[:MOST]:
        try:
            with silence(), limited(SECONDS, of_cpu=True):
                made = eval(text, dict(vars(module)))
        except (Exception, TooLong):  # it is made of what a function has
            continue
        if sum(array.size for _, array in arrays_in(made)) <= LARGE:
            yield made


def is_of(call: ast.Call, kind: type) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] == kind.__name__ and bool(call.args or call.keywords)


def size_of(call: ast.Call) -> int:
    """How large the whole numbers of a call are together."""
    return sum(n.value for n in ast.walk(call) if isinstance(n, ast.Constant) and type(n.value) is int)


def inputs_for(made: Any, sizes: Sizes) -> list[tuple[int, ...]]:
    """The shapes that may go into an object, by the shapes of what it holds and the numbers that it was given."""
    shapes = [array.shape for _, array in arrays_in(made)]
    numbers = [v for v in vars(made).values() if type(v) is int] if hasattr(made, "__dict__") else []
    found: list[tuple[int, ...]] = []
    for shape in shapes:
        if len(shape) == 2:
            found += [way for k in dict.fromkeys(shape) for way in ((sizes.examples, k), (k, sizes.examples))]
            found += [way for k in dict.fromkeys(shape) for way in ((k, 1), (1, k), (k,))]
        elif len(shape) == 4:
            sides = [n for n in dict.fromkeys(numbers) if 2 * min(shape[2:]) <= n <= 32] or [2 * max(shape[-2:]) + 1]
            found += [(2, k, s, s) for k in dict.fromkeys(shape) for s in sides[:1]]
            found += [(2, s, s, k) for k in dict.fromkeys(shape) for s in sides[:1]]
            found += [way for k in dict.fromkeys(shape) for s in sides[:1] for way in ((k, s, s), (s, s, k))]
    return list(dict.fromkeys(found))[:12] or [(sizes.examples, sizes.features), (2, 3, 4, 4), (2, 4, 4, 3), (3, 4, 4)]
