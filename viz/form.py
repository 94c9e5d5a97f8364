"""A recorded graph as a value: nodes in the order of recording, an edge per operand. Every writer draws this."""

import copy
import re
from typing import Any, NamedTuple

import numpy as np

from tinygrad_dnn import Backward, Recorded, Tensor, local_derivatives

from .folding import Segment, folded, layers_of, layers_with
from .text import ELLIPSIS, LONGEST, number
from .titles import (
    LARGEST,
    Known,
    called,
    constant_name,
    done_in,
    heading,
    is_data,
    listed,
    names_of_arrays,
    numbers_of,
    role_of,
    sized,
)

EITHER_ORDER = {np.add, np.multiply, np.logaddexp}  # whose operands need no numbers


class Node(NamedTuple):
    """A box: a parameter, a constant, an operation, or several operations as one.

    id        the number of its last tensor in the order of recording; 4_1 for the constant that is operand 1 of node 4
    role      parameter, constant, operation; of a backward pass also value (of the forward pass), gradient (where it
              starts), and local (an operation that no gradient comes into)
    title     what it is called; subtitle: what it does, and its shape
    data      the value, an array
    tensor    the tensor, or None for a constant; of several the last
    members   how many tensors it stands for
    layer     the number of its layer, or nothing
    """

    id: str
    role: str
    title: str
    subtitle: str
    data: Any
    tensor: Tensor | None
    members: int
    layer: str


class Edge(NamedTuple):
    """From an operand to what is computed from it.

    order: which operand, where that matters; times: how often; local: the local derivative, as text.
    """

    source: str
    target: str
    order: str
    times: int
    local: str = ""


class Form(NamedTuple):
    """A graph to be drawn.

    level     how it is folded
    outputs   the nodes of the results: that of the cost
    computed  whether it has gradients; None where it is a graph of gradients
    left      the tensors of what repeats, without those of the first and the last time; of a graph that could be folded
              by the order of recording alone, all but those of the first and the last part
    """

    nodes: list[Node]
    edges: list[Edge]
    level: str
    outputs: set[str]
    computed: bool | None
    left: set[Tensor]


def form_of(it: Recorded, fold: str = "auto", local: bool = False) -> Form:
    """The graph of a recorded cost, folded as asked. local: with the local derivatives on its edges."""
    given = set(it.inputs)
    operations = [t for t in it.tensors if t not in given]
    names = {t: name for t in operations if (name := called(it, t))} | {it.cost: "J"}
    layers, known = layers_with(it.tensors, known_layers(it)), names_of_arrays(it)
    level, segments = folded(operations, names, layers, fold, lambda found: len(drawn(it, found, layers, known)[0]))
    shown = copy.copy(it)
    if local:
        segments = split_where_used(it, segments)
    if local or (isinstance(it, Backward) and level == "none"):
        shown.names = it.all_names
    elif isinstance(it, Backward):
        shown.names = {t: it.all_names[t] for t in it.inputs} | it.names
    nodes, edges = drawn(shown, segments, layers, known)
    number = {t: i for i, t in enumerate(it.tensors)}
    if local:
        repeated = {str(number[s.last]) for s in segments if s.times > 1}
        edges = with_local_derivatives(shown, nodes, edges, repeated)
    results = set(it.results)
    outputs = {str(number[s.last]) for s in segments if not results.isdisjoint(s.tensors)}
    outputs |= {str(number[t]) for t in results & given}
    computed = None if isinstance(it, Backward) else it.cost.grad is not None
    return Form(nodes, edges, level, outputs, computed, left_out(it, level, segments))


def split_where_used(it: Recorded, segments: list[Segment]) -> list[Segment]:
    """The same, but a segment ends at each tensor that is used outside it: then only its last tensor leaves a node.

    A part may be used by another part of the same segment, so that it is looked at again until nothing is split.
    """
    before = list[Segment]()
    while len(before) < len(segments):
        before = segments
        home = {t: i for i, s in enumerate(before) for t in s.tensors}
        leaving = {p for t in it.tensors for p in t.parents if home.get(p) != home.get(t)}
        segments = [part for s in before for part in (parts_of(s, leaving) if s.times == 1 else [s])]
    return segments


def parts_of(segment: Segment, leaving: set[Tensor]) -> list[Segment]:
    """The segment in parts, each of which ends with a tensor that leaves it."""
    found, part = list[Segment](), list[Tensor]()
    for t in segment.tensors:
        part.append(t)
        if t in leaving or t is segment.last:
            found.append(segment._replace(tensors=part) if t is segment.last else Segment(part))
            part = []
    return found


def left_out(it: Recorded, level: str, segments: list[Segment]) -> set[Tensor]:
    """What a reader who sees the folded graph can do without: see Form.left."""
    found = set[Tensor]()
    if level == "chunks":
        found.update(t for s in segments[1:-1] for t in s.tensors)
    for s in segments:
        once = len(s.tensors) // s.times
        if s.times > 2:
            found.update(s.tensors[once:-once])
    users: dict[Tensor, bool] = {}
    for t in it.tensors:
        for p in t.parents:
            if p.function is None:
                users[p] = users.get(p, True) and t in found
    return found | {p for p, alone in users.items() if alone}


def known_layers(it: Recorded) -> dict[Tensor, str]:
    """The layers of a cost's tensors, and of a backward pass those of what its gradients are of."""
    if not isinstance(it, Backward):
        return layers_of(it.tensors, it.names)
    layers = layers_with(it.forward.tensors, layers_of(it.forward.tensors, it.forward.names))
    return {t: layers[t] for t in it.inputs if t in layers} | {g: layers[t] for g, t in it.of.items() if t in layers}


def drawn(
    it: Recorded, segments: list[Segment], layers: dict[Tensor, str], known: Known
) -> tuple[list[Node], list[Edge]]:
    number = {t: i for i, t in enumerate(it.tensors)}
    whole = all(len(s.tensors) == 1 for s in segments)
    home = {t: str(number[s.last]) for s in segments for t in s.tensors}
    inside = {} if whole else absorbed(it, segments)
    home |= inside
    nodes, edges = list[Node](), dict[tuple[Any, ...], Edge]()
    for t in it.inputs:
        if t not in inside:
            home[t] = str(number[t])
            nodes.append(Node(home[t], role_of(it, t), *heading(it, t), t.recorded, t, 1, layers.get(t, "")))
    constants: dict[Any, str] = {}
    for segment in segments:
        node = home[segment.last]
        within = [t for t in inside if inside[t] == node]
        nodes.append(operation(it, segment, node, within, layers.get(segment.last, "")))
        for t in segment.tensors:
            add_operands(t, node, home, whole, nodes, edges, constants, known, segment.times > 1)
    nodes.sort(key=lambda n: [int(part) for part in n.id.split("_")])
    return nodes, list(edges.values())


def absorbed(it: Recorded, segments: list[Segment]) -> dict[Tensor, str]:
    """The parameters that one folded layer alone uses: they are drawn inside it."""
    number, given = {t: i for i, t in enumerate(it.tensors)}, set(it.inputs)
    users: dict[Tensor, set[str]] = {}
    for s in segments:
        for t in s.tensors:
            for p in t.parents:
                if p in given:
                    users.setdefault(p, set()).add(str(number[s.last]) if s.title or s.times > 1 else "")
    return {p: homes.pop() for p, homes in users.items() if len(homes) == 1 and homes != {""}}


def add_operands(
    t: Tensor, node: str, home: dict[Tensor, str], whole: bool, nodes: list[Node],
    edges: dict[tuple[Any, ...], Edge], constants: dict[Any, str], known: Known,
    repeats: bool,
) -> None:  # fmt: skip
    """The edges from a tensor's operands, and the constants among them. A folded graph has each edge once."""
    operands = [a for a in t.arguments if is_data(t.function, a)]
    numbered = whole and len(operands) > 1 and t.function not in EITHER_ORDER
    for place, a in enumerate(operands):
        if type(a) is Tensor:
            source = home[a]
        else:
            data = a if hasattr(a, "shape") else np.asarray(a)
            name, plain = constant_name(known, a), "mask" if data.dtype.kind == "b" and data.size > 1 else "constant"
            which = node if repeats else numbers_of(data) if data.size <= LARGEST else id(a)
            key_of = (name, which)  # of what repeats, the table of the first time
            if whole or (name and key_of not in constants):
                source = f"{node}_{place + 1}" if whole else f"{node}_{len(constants) + 1}"
                constants[key_of] = source
                nodes.append(Node(source, "constant", name or plain, str(tuple(data.shape)), data, None, 1, ""))
            elif name:
                source = constants[key_of]
            else:
                continue  # a folded node says nothing of the numbers in it
        if source == node:
            continue
        key = (source, node, place, t) if whole else (source, node)
        times = edges[key].times + 1 if key in edges else 1
        edges[key] = Edge(source, node, str(place + 1) if numbered else "", times)


def with_local_derivatives(it: Recorded, nodes: list[Node], edges: list[Edge], repeated: set[str]) -> list[Edge]:
    """The edges with the derivative of what each leads to by what it comes from, everything else held.

    What repeats has no one derivative, and neither has a parameter that is drawn inside a layer.
    """
    tensor = {n.id: n.tensor for n in nodes if n.tensor is not None}
    into: dict[str, list[int]] = {}
    for i, edge in enumerate(edges):
        if edge.source in tensor:
            into.setdefault(edge.target, []).append(i)
    found = list(edges)
    for target, places in into.items():
        y, sources = tensor[target], [tensor[edges[i].source] for i in places]
        ends = [(t, it.names[t]) for t in sources]
        if target in repeated or repeated & {edges[i].source for i in places}:
            continue
        for i, part in zip(places, local_derivatives(it, y, it.names[y], ends).parts, strict=True):
            alone = part.jacobian is not None and part.entries == 1 and part.factor
            known = f" = {number(part.jacobian[0, 0])}" if alone and re.search("[A-Za-z/]", part.factor) else ""
            short = part.factor if len(part.factor) <= LONGEST else ""
            found[i] = edges[i]._replace(local=(short or ELLIPSIS) + (known if short else ""))
    return found


def operation(it: Recorded, segment: Segment, node: str, inside: list[Tensor], layer: str) -> Node:
    """The node of a segment: what it is called, what is done in it, how often."""
    t, count = segment.last, len(segment.tensors)
    title, subtitle = heading(it, t)
    if count > 1:
        title = segment.title or called(it, t)
        done = done_in(it, segment)
        within = f", with {listed([called(it, p) for p in inside])}" if inside else ""
        title, subtitle = (title, f"{done}{within}  {sized(t)}") if title else (f"{done}{within}", sized(t))
    if segment.times > 1:
        title = f"{re.sub(r'[0-9]+$', '', title)} × {segment.times:,}"
    role = "local" if isinstance(it, Backward) and it.flows.isdisjoint(segment.tensors) else "operation"
    return Node(node, role, title, subtitle, t.recorded, t, count, layer)
