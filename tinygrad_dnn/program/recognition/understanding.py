"""What is understood of a file that cannot be checked: what its functions are for, its parameters, its data, its loops.

Names and bodies say it. Nothing is run but what makes the parameters, for an instant, as their shapes are wanted.
"""

import ast
import contextlib
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..limits import TooLong, limited, silence
from ..running import Program
from ..sources import place, stretch
from .called import is_called_a_gradient
from .choosing import Found
from .functions import ROLES, for_role
from .holdings import Place, parameters_of
from .making import instances, method, methods, own_classes
from .models import Parts, started
from .offers import Function, computes, functions_at_hand
from .one_function import looks_like_one
from .pairing import is_derivative
from .roles import BACK, BACK_WORDS, FORWARD, LOSS, gives_both
from .stepping import parts_of, updating
from .trial import needs
from .values import DATA_OF, USUAL, tree_of

SECONDS = 1.0  # for what makes the parameters
SIZES = f"{USUAL.features} features, {USUAL.hidden} hidden units, {USUAL.classes} outputs"
Shapes = dict[str, tuple[int, ...] | None]


class Parameters(NamedTuple):
    """What is learnt: names with shapes, None where those are not known, and who makes it.

    held    the variable of the file that holds it, or a variable for each where it holds them one by one
    places  where an object of the file's class has each, as code
    """

    shapes: Shapes
    maker: str = ""
    held: str | tuple[str, ...] = ()
    places: dict[str, str] = {}  # noqa: RUF012

    def says(self) -> str:
        shaped = ", ".join(f"{name} {shape}" if shape is not None else name for name, shape in self.shapes.items())
        return ", ".join(filter(None, [shaped, self.maker]))


class Understood(NamedTuple):
    """A file as far as it is understood.

    names    of functions, as the file has them
    values   the variables of the file that hold numbers, texts and arrays; attributes: what its classes assign
    kind     the class that is the model, if one is; the functions are its methods then
    data     inputs and labels that the file holds, by kind: name and shape
    lost     those of them that could not be loaded
    loops    what was seen to learn and could not be judged: where, and what
    """

    start: Function | None
    forward: Function | None
    cost: Function | None
    backward: Function | None
    kind: type | None
    parameters: Parameters
    data: dict[str, tuple[str, tuple[int, ...]]]
    lost: list[str]
    loops: list[tuple[str, list[str]]]
    names: dict[Function, str]
    values: set[str]
    attributes: list[str]

    @property
    def both(self) -> bool:
        """Whether the cost comes with its gradients."""
        if self.cost is None:
            return False
        rest = map(is_called_a_gradient, results_of(self.cost)[1:])
        return looks_like_one(self.cost) or gives_both(self.cost) or any(rest)

    def lines(self) -> Iterator[str]:
        """A short line for each thing that is known."""
        if self.parameters.shapes or self.parameters.maker:
            yield f"parameters: {self.parameters.says()}"
        for what, f in self.roles():
            if f is not None:
                yield f"{what}: {self.written(f)}"
        known = [f"{name} {shape}" for name, shape in self.data.values()]
        lost = f"{', '.join(self.lost)} could not be loaded" if self.lost else ""
        if known or lost:
            yield f"data: {'; '.join(filter(None, [', '.join(known), lost]))}"
        for where, names in self.loops:
            yield f"loop: {where} update{'s' * (' to ' not in where)} {', '.join(names)}"

    def roles(self) -> list[tuple[str, Function | None]]:
        if self.both and self.backward in (None, self.cost):
            return [("forward pass", self.forward), ("cost and its gradients", self.cost)]
        return [("forward pass", self.forward), ("cost", self.cost), ("backward pass", self.backward)]

    def written(self, f: Function) -> str:
        """A function with its arguments and its line."""
        of = f"{self.kind.__name__}." if self.kind is not None else ""
        arguments = [str(p) for p in inspect.signature(f).parameters.values() if p.name != "self"]
        name, file = self.names.get(f, f.__name__), f.__code__.co_filename
        return f"{of}{name}({', '.join(arguments)}), {place(file, f.__code__.co_firstlineno)}"


def understood(module: ModuleType, program: Program | None = None, shown: Iterable[Found] = ()) -> Understood:
    """What is understood of a file; shown: its loops as they were seen."""
    at_hand = {n: f for n, f in functions_at_hand(module).items() if "." not in n}
    offered = {n: f for n, f in at_hand.items() if computes(f, module)}
    loops = [(one.where, one.names) for one in shown if one.task is None] or steps_of(module)
    data, lost = data_of(module), lost_data(program)
    start, forward, cost = (first(offered, role) for role in ("start", "forward", "cost"))
    cost = cost or next(filter(looks_like_one, offered.values()), None)
    backward = next(iter(for_role(offered, "backward")), None)
    if backward is None and cost is not None and looks_like_one(cost):
        backward = cost
    names = {f: n for n, f in at_hand.items()}
    values = {n for n, v in vars(module).items() if isinstance(v, np.ndarray | int | float | str) and n[:1] != "_"}
    attributes = [n for kind in own_classes(module) for n in attributes_assigned(kind)]
    if (kind := the_class(module)) is not None and backward is None:
        parts = method(kind, FORWARD), loss_of(kind), method(kind, BACK, BACK_WORDS)
        return Understood(None, *parts, kind, of_object(module, kind), data, lost, loops, names, values, attributes)
    start = None if start in (forward, cost, backward) else start
    held = parameters_held(module, [names for _, names in loops]) or made_by(start, forward or cost or backward)
    held = held or needed_by(start, [f for f in (forward, cost, backward) if f is not None])
    if not held.shapes:
        held = held._replace(shapes=dict.fromkeys(n for _, moved in loops for n in moved if n.isidentifier()))
    return Understood(start, forward, cost, backward, None, held, data, lost, loops, names, values, attributes)


def first(offered: dict[str, Function], role: str) -> Function | None:
    """The likeliest function for a role, if there is one that does not bear the name of a derivative."""
    named = (f for f in for_role(offered, role) if not is_derivative(f.__name__))
    return next((f for f in named if role != "start" or not updating(tree_of(f))), None)


def the_class(module: ModuleType) -> type | None:
    """The class that is likeliest to be the model: with a loss and a backward pass; one that an object is of; last."""
    made = {type(value) for value in vars(module).values()}

    def likely(kind: type) -> tuple[bool, bool, bool]:
        loss, back = loss_of(kind) is not None, method(kind, BACK, BACK_WORDS) is not None
        return loss and back, kind in made and (loss or back), loss or back

    return max(own_classes(module)[::-1], key=likely, default=None)


def loss_of(kind: type) -> Function | None:
    named = method(kind, LOSS)
    words = ROLES["cost"][1]
    return named or next(
        (f for f in methods(kind) if any(w in f.__name__.lower() for w in words) and not is_derivative(f.__name__)),
        None,
    )


def kind_of(name: str) -> str:
    """What an argument or a variable is by its name; "" where nobody knows. Xb is data, as xb is."""
    small = DATA_OF.get(name.lower(), "")
    return DATA_OF.get(name) or (small if small in ("X", "Y") and len(name) > 1 else "")


def results_of(f: Function) -> list[str]:
    """What a function calls what it returns in its last line; "" for what has no name."""
    returns = [n for n in ast.walk(tree_of(f)) if isinstance(n, ast.Return) and n.value is not None]
    last = max(returns, key=lambda n: n.lineno, default=None)
    if last is None or last.value is None:
        return []
    return [part.id if isinstance(part, ast.Name) else "" for part in parts_of(last.value)]


def data_of(module: ModuleType) -> dict[str, tuple[str, tuple[int, ...]]]:
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, value in vars(module).items():
        kind = kind_of(name)
        if kind in ("X", "Y") and isinstance(value, np.ndarray) and value.size:
            found.setdefault(kind, (name, value.shape))
    return dict(sorted(found.items()))


def lost_data(program: Program | None) -> list[str]:
    return sorted(n for n in program.lost if kind_of(n) in ("X", "Y")) if program else []


# Parameters


def parameters_held(module: ModuleType, moved: list[list[str]]) -> Parameters | None:
    """Those that are variables of the file: a dict of arrays, or what its loops move."""
    own = vars(module)
    for name, value in own.items():
        if kind_of(name) == "parameters" and isinstance(value, dict) and value:
            shapes: Shapes = {str(k): np.shape(v) for k, v in value.items() if isinstance(v, np.ndarray | float)}
            if shapes:
                return Parameters(shapes, f"which {name} holds", name)
    for names in moved:
        arrays: Shapes = {n: np.shape(own[n]) for n in names if isinstance(own.get(n), np.ndarray | float)}
        if arrays and len(arrays) == len(names):
            return Parameters(arrays, "variables of the file", tuple(arrays))
    return None


def steps_of(module: ModuleType) -> list[tuple[str, list[str]]]:
    """The loops of a file that take steps, where none was seen to: where, and what from."""
    file = str(module.__file__)
    found = [
        (loop, [n for n in names if not is_called_a_gradient(root_of(n))]) for loop, names in updating(tree_of(module))
    ]
    return [(stretch(file, loop.lineno, loop.end_lineno or 0), names) for loop, names in found if names]


def root_of(name: str) -> str:
    """The name before the first index of what is assigned to."""
    return name.partition("[")[0].rpartition(".")[2]


def made_by(start: Function | None, other: Function | None) -> Parameters | None:
    """What an initialising function makes, of sizes of our own."""
    if start is None or other is None:
        return None
    with contextlib.suppress(Exception, TooLong), silence(), limited(SECONDS):
        made, _ = started(Parts(start, None, other, other), USUAL.classes, USUAL)
        of = f" for {SIZES}" if inspect.signature(start).parameters else ""
        shapes: Shapes = {name: np.shape(value) for name, value in made.items()}
        return Parameters(shapes, f"made by {start.__name__}{of}")
    return None


def needed_by(start: Function | None, functions: list[Function]) -> Parameters:
    """The parameters that the first of some functions takes which takes any; what a forward pass returns is none."""
    results = {name for f in functions for name in results_of(f)}
    found: list[str] = []
    for f in functions:
        with contextlib.suppress(Exception, TooLong), silence(), limited(SECONDS):
            found = found or [n for n in needs(f) if n not in results and not kind_of(n)]
    maker = f"made by {start.__name__}" if start is not None else "nothing in the file makes them" if found else ""
    return Parameters(dict.fromkeys(found), maker)


def of_object(module: ModuleType, kind: type) -> Parameters:
    """What an object of a class holds: one that the file makes, or one that is made of sizes; else what it assigns."""
    variable, made = next(((n, value) for n, value in vars(module).items() if type(value) is kind), ("", None))
    maker, fresh = f"which {kind.__name__} holds", None
    with contextlib.suppress(Exception, TooLong), silence(), limited(SECONDS):
        fresh = instances(kind, USUAL.classes, {})
    places = {name: own[0] for name, own in parameters_of(made or fresh).items()}
    begins = {own[0].path for own in parameters_of(fresh).values()}  # what a run leaves in it beside is not learnt
    chosen = {name: place for name, place in places.items() if place.path in begins} or places
    if chosen:
        one = made or fresh
        shapes: Shapes = {name: np.shape(place.get(one)) for name, place in chosen.items()}
        return Parameters(shapes, maker, variable, {name: written(one, place) for name, place in chosen.items()})
    assigned = [name for name in attributes_made(kind) if not is_called_a_gradient(name)]
    places_of = {name: f"model.{name}" for name in assigned}
    return Parameters(dict.fromkeys(assigned), maker if assigned else "", variable, places_of)


def written(root: Any, place: Place) -> str:
    """Where an object that is called model keeps something, as code."""
    text, owner = "model", root
    for step in place.path:
        inside = isinstance(owner, dict | list | tuple)
        text += (f'["{step}"]' if isinstance(step, str) else f"[{step!r}]") if inside else f".{step}"
        owner = owner[step] if inside else getattr(owner, step)
    return text


def attributes_assigned(kind: type) -> list[str]:
    """The attributes that the methods of a class assign."""
    nodes = [node for f in vars(kind).values() if inspect.isfunction(f) for node in ast.walk(tree_of(f))]
    return list(dict.fromkeys(n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)))


def attributes_made(kind: type) -> list[str]:
    """The attributes to which a class assigns what NumPy makes, when an object begins."""
    found = []
    for node in ast.walk(tree_of(kind.__init__)):  # type: ignore[misc]
        if isinstance(node, ast.Assign) and any(isinstance(n, ast.Call) and "np." in ast.unparse(n.func) for n in
                                                ast.walk(node.value)):  # fmt: skip
            found += [t.attr for t in node.targets if isinstance(t, ast.Attribute)]
    return list(dict.fromkeys(found))
