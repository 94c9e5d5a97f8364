"""A recorded graph as DOT text: a node per tensor in the order of recording, an edge per operand.

Nodes are numbered 0, 1, 2 ... over this graph, so that the same graph gives the same text in every process. A constant
is numbered after the operation it goes into and its place there: 4_1 is the second operand of node 4.
"""

import operator
from functools import cache
from inspect import signature
from typing import Any

import numpy as np

from tinygrad_dnn import Tensor, graph

from .label import CONSTANT, MUTED, PAPER, PARAMETER, VALUE, of_constant, with_numbers, without_numbers
from .render import Drawing
from .text import argument, index, on_one_line, shorten

FONTS = "Helvetica,Arial,DejaVu Sans,sans-serif"
BOX = {"shape": "box", "fontname": FONTS, "fillcolor": PAPER, "margin": "0.06,0.04"}
ROLES = {
    "parameter": {"style": "filled", "color": PARAMETER, "penwidth": "2.5"},
    "operation": {"style": "filled,rounded", "color": VALUE},
    "constant": {"style": "filled,dashed", "color": CONSTANT},
}
EDGE = {"color": MUTED, "fontcolor": MUTED, "fontname": FONTS, "fontsize": "9", "arrowsize": "0.7"}
BACKBONE = "10"  # the weight of an edge between two operations: together they are drawn in a straight line

ALL_DATA = {np.where, np.dot}  # besides the ufuncs: functions whose every positional argument is data
EITHER_ORDER = {np.add, np.multiply, np.logaddexp}  # whose operands need no numbers


def draw(J: Tensor, values: bool = True) -> Drawing:
    """The picture of everything J was computed from; values=False leaves out the numbers."""
    if type(J) is not Tensor:
        raise TypeError(f"draw: a {type(J).__name__} came, a Tensor is expected: {advice(J)}")
    picture = new_picture()
    nodes = {tensor: str(number) for number, tensor in enumerate(graph(J))}
    for tensor, node in nodes.items():
        add_tensor(picture, node, tensor, values, values and J.grad is not None, tensor is J)
        add_operands(picture, node, tensor, nodes, values)
    return Drawing(str(picture.source))


def advice(J: Any) -> str:
    if isinstance(J, int | float | np.generic | np.ndarray):
        return "it is a plain number or array, so nothing was recorded; make the parameters Tensors, W = Tensor(W)"
    return "draw the cost that was computed from Tensors, viz.draw(J)"


def new_picture() -> Any:
    """An empty directed graph of the graphviz package."""
    try:
        import graphviz
    except ImportError as missing:
        raise ImportError('draw: the package graphviz is missing; pip install "tinygrad_dnn[viz]"') from missing
    return graphviz.Digraph(graph_attr={"bgcolor": PAPER}, node_attr=BOX, edge_attr=EDGE)


def add_tensor(picture: Any, node: str, tensor: Tensor, values: bool, computed: bool, is_output: bool) -> None:
    """The node of a tensor. A gradient counts as computed when the output has one, else it is of another output."""
    kind = described(tensor) if tensor.function else "parameter"
    size = str(tensor.shape) if tensor.dtype == np.float64 else f"{tensor.shape} {tensor.dtype}"
    name = shorten(on_one_line(str(tensor.name))) if tensor.name else ""
    title, subtitle = (name, f"{kind}  {size}") if name else (kind, size)
    gradient = tensor.grad if computed else None
    text = with_numbers(title, subtitle, tensor.recorded, gradient) if values else without_numbers(title, subtitle)
    role = ROLES["operation" if tensor.function else "parameter"]
    picture.node(node, text, **role, peripheries="2" if is_output else "1")


def add_operands(picture: Any, node: str, tensor: Tensor, nodes: dict[Tensor, str], values: bool) -> None:
    """An edge from every operand, numbered where their order matters; a constant brings its own node."""
    operands = [a for a in tensor.arguments if is_data(tensor.function, a)]
    numbered = len(operands) > 1 and tensor.function not in EITHER_ORDER
    for place, operand in enumerate(operands):
        order = {"label": f" {place + 1}"} if numbered else {}
        if type(operand) is Tensor:
            picture.edge(nodes[operand], node, weight=BACKBONE if operand.function else "1", **order)
        else:
            constant = f"{node}_{place + 1}"
            data = operand if hasattr(operand, "shape") else np.asarray(operand)
            picture.node(constant, of_constant(data, values), **ROLES["constant"])
            picture.edge(constant, node, style="dashed", **order)


def is_data(function: Any, operand: Any) -> bool:
    """Whether an argument is what the function computes with, and not an axis, an index or a shape."""
    if type(operand) is Tensor or isinstance(function, np.ufunc) or function in ALL_DATA:
        return True
    is_floats = isinstance(operand, np.ndarray) and operand.dtype.kind == "f"
    return is_floats and function is not operator.getitem


def described(tensor: Tensor) -> str:
    """An operation and its other arguments, unless None or False: dot, sum axis=1, reshape (2, 6), indexing [0, :]."""
    name = str(tensor.operation).rpartition(".")[2]
    if tensor.function is operator.getitem:
        return shorten(f"{name} {index(tensor.arguments[1])}")
    words = [name]
    for place, a in enumerate(tensor.arguments):
        if not is_data(tensor.function, a) and a is not None:
            words.append(axis_name(tensor.function, place) + argument(a))
    words += [f"{key}={argument(a)}" for key, a in tensor.keywords.items() if a is not None and a is not False]
    return shorten(on_one_line(" ".join(words)))


@cache
def axis_name(function: Any, place: int) -> str:
    """axis= for an argument whose number alone would say little, nothing for a shape or a type."""
    names = list(signature(function).parameters)
    return f"{names[place]}=" if names[place].startswith("ax") else ""
