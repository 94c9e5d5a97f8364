"""Where the boxes and arrows of the page go: on one row where the operations are a chain, else as Graphviz says.

Where no Graphviz is found, every graph is on a row, with arcs below.
"""

from itertools import pairwise
from typing import Any, NamedTuple

from ..form import Form, Node
from ..render import render

WIDTH, HEIGHT = 118, 92  # of a box
GAP, ROW = 34, 70  # between boxes, and between the row of the parameters and that of the operations
POINTS = 72  # to an inch


class Box(NamedTuple):
    """A place, by its centre."""

    x: float
    y: float


class Layout(NamedTuple):
    """The places of the nodes, the way of each edge as an SVG path, and the size of the whole."""

    places: dict[str, Box]
    paths: list[str]
    width: float
    height: float


def layout_of(form: Form) -> Layout:
    if is_chain(form):
        return on_a_row(form)
    try:
        return by_graphviz(form)
    except RuntimeError:
        return on_a_row(form)


def is_chain(form: Form) -> bool:
    """Whether every operation is computed from the one before it: a layered network is."""
    order = [n.id for n in form.nodes if n.role == "operation"]
    edges = {(e.source, e.target) for e in form.edges}
    return len(order) > 1 and all(pair in edges for pair in pairwise(order))


def on_a_row(form: Form) -> Layout:
    """The operations on one straight row, what each takes besides above it, skipped ones in arcs below."""
    operations = [n for n in form.nodes if n.role == "operation"]
    index = {n.id: i for i, n in enumerate(operations)}
    above: dict[str, list[Node]] = {n.id: [] for n in operations}
    for node in form.nodes:
        if node.role != "operation":
            users = [e.target for e in form.edges if e.source == node.id and e.target in index]
            above[min(users, key=index.__getitem__, default=operations[0].id)].append(node)
    first = operations[0].id  # its constants, the data, stand before it on the row
    before = [n for n in above[first] if n.role == "constant"]
    above[first] = [n for n in above[first] if n.role != "constant"]
    skips = [e for e in form.edges if e.source in index and e.target in index and index[e.target] - index[e.source] > 1]
    row = HEIGHT * 1.5 + ROW
    places, x = dict[str, Box](), GAP / 2
    for node in before:
        places[node.id] = Box(x + WIDTH / 2, row + 26)
        x += WIDTH + GAP
    for operation in operations:
        inputs = above[operation.id]
        wide = max(WIDTH, len(inputs) * (WIDTH + 8) - 8)
        left = x + wide / 2 - (len(inputs) * (WIDTH + 8) - 8) / 2
        for i, node in enumerate(inputs):
            places[node.id] = Box(left + i * (WIDTH + 8) + WIDTH / 2, HEIGHT / 2 + 26)
        places[operation.id] = Box(x + wide / 2, row + 26)
        x += wide + GAP
    depth = max((20 + 12 * min(index[e.target] - index[e.source], 8) for e in skips), default=0)
    data = {n.id: i - len(before) for i, n in enumerate(before)}
    index |= data
    skips += [e for e in form.edges if e.source in data and index[e.target] - index[e.source] > 1]
    paths = [arrow(places[e.source], places[e.target], e.source in index, e in skips, index, e) for e in form.edges]
    return Layout(places, paths, x - GAP / 2, row + 26 + HEIGHT / 2 + 12 + depth)


def arrow(a: Box, b: Box, row: bool, skips: bool, index: dict[str, int], edge: Any) -> str:
    if not row:  # from above
        shift = max(-WIDTH / 2 + 14, min(WIDTH / 2 - 14, (a.x - b.x) / 4))
        y1, y2, x = a.y + HEIGHT / 2, b.y - HEIGHT / 2, b.x + shift
        return f"M{a.x:.0f},{y1:.0f} C{a.x:.0f},{(y1 + y2) / 2:.0f} {x:.0f},{(y1 + y2) / 2:.0f} {x:.0f},{y2:.0f}"
    if not skips:
        return f"M{a.x + WIDTH / 2:.0f},{a.y:.0f} H{b.x - WIDTH / 2:.0f}"
    low = a.y + HEIGHT / 2 + (20 + 12 * min(index[edge.target] - index[edge.source], 8)) * 1.2
    x1, x2, y = a.x + 20, b.x - 20, a.y + HEIGHT / 2
    return f"M{x1:.0f},{y:.0f} C{x1 + 20:.0f},{low:.0f} {x2 - 20:.0f},{low:.0f} {x2:.0f},{y:.0f}"


def by_graphviz(form: Form) -> Layout:
    """RuntimeError where no Graphviz can be found."""
    size = f"width={WIDTH / POINTS:.4f} height={HEIGHT / POINTS:.4f}"
    lines = [
        "digraph {",
        f'node [shape=box fixedsize=true label="" {size}]',
        "graph [rankdir=LR nodesep=0.2 ranksep=0.45]",
        "edge [arrowhead=none]",
    ]
    lines += [f'"{node.id}"' for node in form.nodes]
    role = {n.id: n.role for n in form.nodes}
    for edge in form.edges:
        weight = 10 if role[edge.source] == "operation" else 1
        lines.append(f'"{edge.source}" -> "{edge.target}" [weight={weight}]')
    places, found, width, height = dict[str, Box](), dict[tuple[str, str], list[str]](), 1.0, 1.0
    for line in render("\n".join([*lines, "}"]), "plain").decode().replace("\\\n", "").splitlines():
        words = line.split()
        if words[0] == "graph":
            width, height = float(words[2]) * POINTS, float(words[3]) * POINTS
        elif words[0] == "node":
            places[words[1].strip('"')] = Box(float(words[2]) * POINTS, height - float(words[3]) * POINTS)
        elif words[0] == "edge":
            count = int(words[3])
            numbers = [float(w) * POINTS for w in words[4 : 4 + 2 * count]]
            points = [f"{x:.0f},{height - y:.0f}" for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            key = words[1].strip('"'), words[2].strip('"')
            found.setdefault(key, []).append(f"M{points[0]} C{' '.join(points[1:])}")
    paths = [found[e.source, e.target].pop(0) for e in form.edges]
    return Layout(places, paths, width, height)
