"""Folding: which recorded operations are drawn as one node.

Operations are folded in intervals of the order of recording. Whatever is computed comes after what it is computed from,
so that intervals never wait for each other and the folded graph has no circles.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from tinygrad_dnn import Tensor

MOST = 60  # nodes: with more, the next coarser way is taken
CHUNKS = 24
LONGEST_PERIOD = 64  # segments in a block that repeats
LEVELS = ("none", "calls", "layers", "repeats")


class Segment(NamedTuple):
    """Operations that are one node: the tensors they made, in order; how often the same came; and what to call it."""

    tensors: list[Tensor]
    times: int = 1
    title: str = ""

    @property
    def last(self) -> Tensor:
        return self.tensors[-1]


Key = Callable[[Segment], Any]


def one_by_one(operations: list[Tensor]) -> list[Segment]:
    return [Segment([t]) for t in operations]


def by_variable(operations: list[Tensor], names: dict[Tensor, str]) -> list[Segment]:
    """An interval for each variable: the operations of a sigmoid are one node, called what its result is called."""
    found, current = list[Segment](), list[Tensor]()
    for t in operations:
        current.append(t)
        if t in names:
            found.append(Segment(current))
            current = []
    return found + [Segment([t]) for t in current]


def number_of(name: str) -> str:
    """The number at the end of a name: 2 of Z2."""
    match = re.search(r"(?<!\d)\d{1,3}$", name)
    return match[0] if match else ""


def layers_of(tensors: list[Tensor], names: dict[Tensor, str]) -> dict[Tensor, str]:
    """The layer of each tensor that is in one: W2, Z2 and A2 are in layer 2.

    2 is the number of a parameter, and the highest of those that Z2 is computed from: what a later layer makes, and
    what has its number by chance, is in none. Nor is a single number, such as the penalty L2.
    """
    number = {t: number_of(name) for t, name in names.items()}
    highest: dict[Tensor, int] = {}
    for t in tensors:
        own = [int(number[t])] if t.function is None and number.get(t) else []
        highest[t] = max([*own, *(highest[p] for p in t.parents)], default=-1)
    found = {t: n for t, n in number.items() if t.function is not None and t.ndim and n and int(n) == highest[t]}
    known = set(found.values())
    return found | {t: n for t, n in number.items() if t.function is None and n in known}


def layers_with(tensors: list[Tensor], layers: dict[Tensor, str]) -> dict[Tensor, str]:
    """The same with what lies between two tensors of a layer, and the inputs that one layer alone uses.

    The product in Z2 = W2 A1 + b2 is in layer 2, and so are the mean of Z2 and gamma, where A2 is computed from them.
    """
    first, last, own = dict[str, int](), dict[str, int](), dict[str, set[Tensor]]()
    for i, t in enumerate(tensors):
        for p in (*t.parents, t):
            if (layer := layers.get(p)) and t.function is not None:
                first.setdefault(layer, i)
                own.setdefault(layer, set()).add(p)
                last[layer] = i if p is t else last.get(layer, i)
    found = dict(layers)
    for layer, known in own.items():
        between = tensors[first[layer] : last[layer] + 1]
        after, before = set(known), set(known)
        for t in between:
            if not after.isdisjoint(t.parents):
                after.add(t)
        for t in reversed(between):
            if t in before:
                before.update(t.parents)
        found |= {t: layer for t in after & before if t.function is not None and t not in layers}
    users: dict[Tensor, set[str]] = {}
    for t in tensors:
        for p in t.parents:
            if p.function is None and p not in found:
                users.setdefault(p, set()).add(found.get(t, ""))
    return found | {p: homes.pop() for p, homes in users.items() if len(homes) == 1 and homes != {""}}


def by_layer(segments: list[Segment], layers: dict[Tensor, str]) -> list[Segment]:
    """Neighbours of one layer as one. What is in none stays as it is."""
    found: list[Segment] = []
    before = ""
    for segment in segments:
        layer = layers.get(segment.last, "")
        if layer and layer == before:
            found[-1] = Segment(found[-1].tensors + segment.tensors, 1, f"layer {layer}")
        else:
            found.append(segment)
        before = layer
    return found


def signature(segment: Segment) -> tuple[Any, ...]:
    return tuple((t.operation, t.shape) for t in segment.tensors)


def repeated(segments: list[Segment]) -> list[Segment]:
    """Blocks of segments that come three times or more, one after the other, as one: "x 12"."""
    numbers: dict[Any, int] = {}
    kinds = np.array([numbers.setdefault(signature(s), len(numbers)) for s in segments])
    alike = {p: runs(kinds[:-p] == kinds[p:]) for p in range(1, min(LONGEST_PERIOD, len(kinds) // 2) + 1)}
    found, i = list[Segment](), 0
    while i < len(segments):
        options = [(int(run[i]) // p * p + p, p) for p, run in alike.items() if i < len(run) and run[i] >= 2 * p]
        length, period = max(options, key=lambda option: (option[0], -option[1]), default=(1, 1))
        block = segments[i : i + length]
        tensors = [t for s in block for t in s.tensors]
        times = length // period
        found.append(Segment(tensors, times, block[0].title) if times > 1 else segments[i])
        i += length
    return found


def runs(same: Any) -> Any:
    """For each place, how many in a row are True from there on."""
    ends = np.flatnonzero(~np.append(same, False))
    return ends[np.searchsorted(ends, np.arange(len(same)))] - np.arange(len(same))


def in_chunks(segments: list[Segment]) -> list[Segment]:
    size = -(-len(segments) // CHUNKS)
    groups = [segments[i : i + size] for i in range(0, len(segments), size)]
    return [Segment([t for s in g for t in s.tensors], 1, "") for g in groups]


def ways(
    operations: list[Tensor], names: dict[Tensor, str], layers: dict[Tensor, str]
) -> Iterator[tuple[str, list[Segment]]]:
    """The ways to fold, the finest first; what comes last is small enough for any graph."""
    yield "none", one_by_one(operations)
    calls = by_variable(operations, names)
    yield "calls", calls
    layered = by_layer(calls, layers)
    yield "layers", layered
    few = [repeated(way) for way in (calls, layered, one_by_one(operations))]
    fewest = min(few, key=len)
    yield "repeats", next((way for way in few if len(way) <= MOST), fewest)
    yield "chunks", in_chunks(fewest)


def folded(
    operations: list[Tensor], names: dict[Tensor, str], layers: dict[Tensor, str], fold: str,
    count: Callable[[list[Segment]], int],
) -> Any:  # fmt: skip
    """The level and its segments: the one asked for, or with "auto" the finest that draws few nodes."""
    if fold not in ("auto", *LEVELS):
        raise ValueError(f"draw: fold is {fold!r}; expected is 'auto', {', '.join(map(repr, LEVELS))}")
    for level, segments in ways(operations, names, layers):
        if level == fold or (fold == "auto" and count(segments) <= MOST) or level == "chunks":
            return level, segments
