"""A graph as DOT text. The same graph gives the same text in every process: nodes are numbered, never named by id()."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from tinygrad_dnn import Backward, Recorded, Tensor, record

from .form import Form, Node, form_of
from .label import (
    CONSTANT,
    GRADIENT,
    INK,
    LOCAL,
    MUTED,
    PAPER,
    PARAMETER,
    VALUE,
    font,
    of_constant,
    of_node,
    of_value,
    raised,
)
from .render import Drawing
from .text import shorten

FONTS = "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif"  # the widest first: text that is narrower fits the boxes too
BOX = {"shape": "box", "fontname": FONTS, "fillcolor": PAPER, "margin": "0.06,0.04"}
ROLES = {
    "parameter": {"style": "filled", "color": PARAMETER, "penwidth": "2.5"},
    "operation": {"style": "filled,rounded", "color": VALUE},
    "constant": {"style": "filled,dashed", "color": CONSTANT},
    "value": {"style": "filled", "color": VALUE},
    "gradient": {"style": "filled,rounded,dashed", "color": GRADIENT},
    "local": {"style": "filled,rounded,dotted", "color": LOCAL},
}
EDGE = {"color": MUTED, "fontcolor": MUTED, "fontname": FONTS, "fontsize": "9", "arrowsize": "0.7"}
BACKWARD = {"color": GRADIENT, "style": "dashed", "dir": "back"}  # beside the edge forward, as it has the same ends
LAYER = {"style": "dashed,rounded", "color": CONSTANT, "fontcolor": INK, "fontname": FONTS, "fontsize": "11"}
BACKBONE = "10"  # the weight of an edge between two operations: together they are drawn in a straight line


def draw(
    J: Tensor | Callable[..., Any] | Recorded,
    parameters: Mapping[str, Any] | None = None,
    *,
    backward: bool | Literal["alone"] = False,
    local: bool = False,
    fold: str = "auto",
    values: bool = True,
) -> Drawing:
    """The picture of everything J was computed from.

    J is a recorded tensor, whose tensors are called what the caller's variables call them, or a function J(parameters),
    which is run here, with its gradients. fold: "none", "calls" (a node for each variable), "layers", "repeats", or
    "auto", the finest that draws 60 nodes or fewer. values=False leaves out the numbers.

    backward: draw the way of the gradients as a second set of edges; "alone" draws the backward pass as a graph of its
    own, the operations that make the gradients out of the values of the forward pass. local: write on each edge the
    local derivative, what the gradient that comes back is multiplied with; every tensor has a name then, t1 where the
    code has none. Where a local derivative has no short formula there are dots. A folded node ends where another uses
    what is in it, so that along each way the derivatives can be multiplied.

    TypeError where nothing was recorded; ValueError for another fold or backward, or where J of a graph of gradients
    has several entries.
    """
    if backward not in (True, False, "alone"):
        raise ValueError(f"draw: backward is {backward!r}; expected is True, False, or 'alone'")
    frame = inspect.currentframe()
    it = recorded(J, parameters, frame.f_back if frame else None)
    if backward == "alone":
        if it.cost.size != 1:
            raise ValueError(f"draw: J has shape {it.cost.shape}; the backward pass of a cost is expected, one number")
        if local:
            raise ValueError("draw: local derivatives are those of the forward graph; leave out backward='alone'")
        it = Backward(it)
    return Drawing(source(form_of(it, fold, local), values, backward is True))


def recorded(J: Any, parameters: Any, caller: Any, who: str = "draw") -> Recorded:
    """J with its names; what is a plain number or array was not recorded, and the error says what to do."""
    if isinstance(J, Recorded):
        return J
    if type(J) is Tensor:
        return record(J, variables={**caller.f_globals, **caller.f_locals} if caller else {})
    if not callable(J):
        raise TypeError(f"{who}: a {type(J).__name__} came, a Tensor is expected: {advice(J, who)}")
    found = record(J, parameters, who=who)
    if found.cost.size == 1:
        found.cost.backward()
    return found


def advice(J: Any, who: str) -> str:
    if isinstance(J, int | float | np.generic | np.ndarray):
        return "it is a plain number or array, so nothing was recorded; make the parameters Tensors, W = Tensor(W)"
    return f"draw the cost that was computed from Tensors, viz.{who}(J)"


def source(form: Form, values: bool, backward: bool) -> str:
    """The DOT text of a graph."""
    picture = new_picture()
    layers = sorted({n.layer for n in form.nodes if n.layer}, key=int) if form.level in ("none", "calls") else []
    role = {n.id: n.role for n in form.nodes}
    for node in form.nodes:
        if len(layers) < 2 or node.layer not in layers:
            add_node(picture, node, form, values)
    for layer in layers if len(layers) > 1 else []:
        with picture.subgraph(name=f"cluster_{layer}", graph_attr={"label": f"layer {layer}", **LAYER}) as group:
            for node in form.nodes:
                if node.layer == layer:
                    add_node(group, node, form, values)
    for edge in form.edges:
        extra = {"style": "dashed"} if role[edge.source] == "constant" else {}
        if role[edge.source] != "constant":
            extra["weight"] = BACKBONE if role[edge.source] == "operation" else "1"
        label = f" {edge.order}" if edge.order else f" × {edge.times}" if edge.times > 1 else ""
        if edge.local:
            label = f"<&#160;{font(raised(edge.local), LOCAL, 10)}>"
        picture.edge(edge.source, edge.target, **extra, **({"label": label} if label else {}))
        if backward and role[edge.source] != "constant":
            picture.edge(edge.source, edge.target, **BACKWARD)
    return str(picture.source)


def new_picture() -> Any:
    """An empty directed graph of the graphviz package."""
    try:
        import graphviz
    except ImportError as missing:
        raise ImportError('draw: the package graphviz is missing; pip install "tinygrad_dnn[viz]"') from missing
    return graphviz.Digraph(graph_attr={"bgcolor": PAPER, "newrank": "true"}, node_attr=BOX, edge_attr=EDGE)


def add_node(picture: Any, node: Node, form: Form, values: bool) -> None:
    """A gradient counts as computed when the output has one, else it is of another output."""
    if node.tensor is None:
        text = of_constant(node.data, values, shorten(node.title))
        picture.node(node.id, text, **ROLES["constant"])
        return
    role = "gradient" if form.computed is None and node.role == "operation" else node.role
    if form.computed is None:
        text = of_value(node.title, node.subtitle, node.data, values, role)
    else:
        text = of_node(node.title, node.subtitle, node.data, node.tensor.grad if form.computed else None, values)
    several = {"penwidth": "2", "fillcolor": "#EEF4F9"} if node.members > 1 else {}
    picture.node(node.id, text, **{**ROLES[role], **several}, peripheries="2" if node.id in form.outputs else "1")
