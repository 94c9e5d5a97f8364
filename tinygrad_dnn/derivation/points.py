"""The recorded run once more at other values of its inputs: what a formula has to hold for, to be printed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..engine.tensor import Tensor, record
from ..engine.walk import backpropagate, graph, start
from ..program.recorded import Rerun


class Point(NamedTuple):
    """The value and the gradient of every tensor of a run, by the tensor of the first one.

    anywhere: whether the inputs are random, and not near those of the first run
    """

    values: dict[Tensor, Any]
    gradients: dict[Tensor, Any]
    anywhere: bool = False


def here(J: Tensor, extra: list[Tensor]) -> Point:
    tensors = [*graph(J), *extra]
    with np.errstate(all="ignore"):
        found = backpropagate(J, start(J))
    return Point({t: t.recorded for t in tensors}, {t: np.asarray(found.get(t, np.zeros(t.shape))) for t in tensors})


ANEW, STEEP = -1.0, 1e6
TELLING = 16  # entries: a smaller mask may be that of another tensor, or stay the same, by chance


def again(J: Tensor, rerun: Rerun | None, seed: int, size: float) -> Point | None:
    """The run with each input moved at random by about a part of its size; None where it is not finite.

    Without the code the recorded functions are called anew, and masks of entries above 0 are made anew.
    """
    rng = np.random.default_rng(seed)
    tensors = graph(J)
    inputs = {t: Tensor(moved(t.recorded, size, rng), name=t.name) for t in tensors if t.function is None}
    with np.errstate(all="ignore"):
        anew = matched(tensors, graph(rerun(inputs))) if rerun else called_anew(tensors, inputs)
        if anew is None:
            return None
        found = backpropagate(anew[J], start(anew[J]))
    gradients = {t: np.asarray(found.get(anew[t], np.zeros(t.shape))) for t in tensors}
    values = {t: anew[t].recorded for t in tensors}
    finite = all(np.all(np.isfinite(a)) for a in (*values.values(), *gradients.values()))
    return Point(values, gradients, size == ANEW) if finite else None


def moved(x: Any, size: float, rng: np.random.Generator) -> Any:
    """Moved by about a part of its size; with size ANEW, random numbers of its size in its place, of at most 1."""
    spread = (float(np.sqrt(np.mean(np.square(x, dtype=float)))) if np.size(x) else 0.0) or 1.0
    noise = rng.normal(size=np.shape(x))
    return min(spread, 1.0) * noise if size == ANEW else x + size * spread * noise


def matched(first: list[Tensor], second: list[Tensor]) -> dict[Tensor, Tensor] | None:
    """Each tensor of one run with its like in another; None where the code took another way."""
    if [(t.function, t.shape) for t in first] != [(t.function, t.shape) for t in second]:
        return None
    return dict(zip(first, second, strict=True))


def called_anew(tensors: list[Tensor], inputs: dict[Tensor, Tensor]) -> dict[Tensor, Tensor]:
    anew, masks = dict(inputs), comparisons(tensors)
    for tensor in tensors:
        if tensor.function is not None:
            arguments = [
                anew.get(a, a) if type(a) is Tensor
                else anew[masks[id(a)]].recorded > 0 if id(a) in masks
                else a
                for a in tensor.arguments
            ]  # fmt: skip
            anew[tensor] = record(tensor.function, tuple(arguments), tensor.keywords)
    return anew


def comparisons(tensors: list[Tensor]) -> dict[int, Tensor]:
    """The constant masks that are Z > 0 of a tensor Z: elsewhere they are others. By the number of the array."""
    found: dict[int, Tensor] = {}
    for tensor in tensors:
        for a in tensor.arguments:
            if isinstance(a, np.ndarray) and a.dtype == bool and a.size >= TELLING:
                own = [t for t in tensor.parents if t.shape == a.shape]  # where(Z > 0, Z, ...), Z * (Z > 0)
                like = [t for t in own if np.array_equal(t.recorded > 0, a)]
                if like:
                    found[id(a)] = like[0]
    return found


def elsewhere(J: Tensor, rerun: Rerun | None = None, count: int = 6) -> Iterator[Point]:
    """So many other points: some near, some anywhere; others where the run is not finite, or takes another way.

    Points at which a function is saturated are taken only where there are no others: gradients cancel there.
    """
    for seed in range(count):
        found: Point | None = None
        for size in (ANEW, 0.5, 0.1, 0.01) if seed % 2 else (0.5, ANEW, 0.1, 0.01):
            try:
                point = again(J, rerun, seed, size)
            except Exception:  # a function may refuse what it is given there
                continue
            found = found or point
            if point is not None and calm(point):
                found = point
                break
        if found is not None:
            yield found


def calm(point: Point) -> bool:
    return all(np.max(np.abs(g), initial=0.0) < STEEP for g in point.gradients.values())
