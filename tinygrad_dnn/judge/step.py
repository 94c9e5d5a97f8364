"""check_step: one backward function by itself, against the vector-Jacobian product of its forward function."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from ..transforms import vjp
from .comparison import TOLERANCE, entry_errors, largest
from .report import Report, Row
from .wording import difference

SLACK = 1e-13  # of the largest entry: what rounding leaves of a sum


def check_step(forward: Callable[..., Any], backward: Callable[..., Any], *arguments: Any, seed: int = 0) -> Report:
    """Whether backward(g, cache) gives the gradients g^T dy/dx of y, cache = forward(*arguments), for a random g.

    forward returns y, or y and a cache; backward gets g and the cache, or g and the arguments where there is no cache,
    and returns a gradient for each argument that is an array, in their order. Those after the first may all be 1/m of
    theirs, as the course divides by m in dW and db; m is the length that y and the first argument share, the examples.
    The arguments may be anything the two functions agree on: no cost and no network is needed. TypeError when the
    numbers of gradients and of arguments differ.
    """
    arrays = {i: np.array(a, dtype=float) for i, a in enumerate(arguments) if np.ndim(a) > 0 or isinstance(a, float)}

    def given(values: dict[int, Any]) -> list[Any]:
        return [values.get(i, a) for i, a in enumerate(arguments)]

    output = forward(*given({i: a.copy() for i, a in arrays.items()}))
    y, cache = output if isinstance(output, tuple) else (output, None)
    g = np.random.default_rng(seed).normal(size=np.shape(y))

    def value(*tensors: Any) -> Any:
        result = forward(*given(dict(zip(arrays, tensors, strict=True))))
        return result[0] if isinstance(result, tuple) else result

    _, pull = vjp(value, *arrays.values())
    truths = pull(g.copy())
    found = backward(g.copy(), cache) if cache is not None else backward(g.copy(), *given(dict(arrays)))
    found = found if isinstance(found, tuple | list) else (found,)
    if len(found) != len(arrays):
        raise TypeError(
            f"check_step: backward returned {len(found)} gradients; the arguments hold {len(arrays)} arrays"
        )
    called, first = argument_names(forward, len(arguments)), next(iter(arrays.values()))
    names = [f"d{called[i]}" for i in arrays]
    lengths = sorted(set(np.shape(y)) & set(first.shape))
    triples = list(zip(names, found, truths, strict=True))
    options = [[judged(name, hand, truth, 1 if i == 0 else m) for i, (name, hand, truth) in enumerate(triples)]
               for m in (1, *lengths)]  # fmt: skip
    rows = max(options, key=lambda rows: sum(row.verdict == "right" for row in rows))  # one m for all of them
    return Report(rows, [], recorded=True)


def argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """What a function calls its arguments: xs[0] is the first of *xs, x3 a fourth that has no name."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
    more = range(count - len(positional))
    return positional + [f"{rest}[{i}]" if rest else f"x{len(positional) + i}" for i in more]


def judged(name: str, hand: Any, truth: Any, m: int) -> Row:
    """The verdict on one gradient, which should be 1/m of the product."""
    g = np.asarray(hand, dtype=float)
    if g.shape != truth.shape:
        return Row(name, g.shape, "wrong", f"has shape {g.shape}, {name[1:]} has shape {truth.shape}")
    error = largest(entry_errors(g, truth / m, SLACK * largest(truth)))
    if error <= TOLERANCE:
        note = "" if m == 1 else f"is 1/{m} of it, as in the course, where dZ is of the loss summed over {m} examples"
        return Row(name, g.shape, "right", note, error)
    wrong = [tuple(int(i) for i in entry) for entry in np.argwhere(entry_errors(g, truth / m, 0.0) > TOLERANCE)]
    return Row(name, g.shape, "wrong", difference(g, truth / m, wrong), error)
