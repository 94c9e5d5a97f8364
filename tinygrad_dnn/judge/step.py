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
    and returns a gradient for each argument that is an array, in their order. A gradient that is 1/m of it is right as
    well, as the course divides by m in dW and db; m is the length that y and the first argument share, the examples.
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
    names, first = names_of(forward, arrays), next(iter(arrays.values()))
    lengths = sorted(set(np.shape(y)) & set(first.shape))
    rows = [judged(name, hand, truth, lengths) for name, hand, truth in zip(names, found, truths, strict=True)]
    return Report(rows, [], recorded=True)


def names_of(forward: Callable[..., Any], arrays: dict[int, Any]) -> list[str]:
    """d and the name of each argument, as forward calls it."""
    try:
        parameters = list(inspect.signature(forward).parameters)
    except (TypeError, ValueError):
        parameters = []
    return ["d" + (parameters[i] if i < len(parameters) else f"x{i}") for i in arrays]


def judged(name: str, hand: Any, truth: Any, lengths: list[int]) -> Row:
    g = np.asarray(hand, dtype=float)
    if g.shape != truth.shape:
        return Row(name, g.shape, "wrong", f"has shape {g.shape}, {name[1:]} has shape {truth.shape}")
    errors = {m: largest(entry_errors(g, truth / m, SLACK * largest(truth))) for m in (1, *lengths) if m > 0}
    m = min(errors, key=lambda m: errors[m])
    if errors[m] <= TOLERANCE:
        note = "" if m == 1 else f"is 1/{m} of it, as in the course, where dZ is of the loss summed over {m} examples"
        return Row(name, g.shape, "right", note, errors[m])
    wrong = [tuple(int(i) for i in entry) for entry in np.argwhere(entry_errors(g, truth, 0.0) > TOLERANCE)]
    return Row(name, g.shape, "wrong", difference(g, truth, wrong), errors[1])
