"""A cost that was run once on tensors, with what its code calls them: what explain and the drawings read."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ..engine.standing import put_back
from ..engine.tensor import Tensor
from ..engine.walk import backpropagate, graph
from .naming import Holders, labels, working
from .replacing import recordable
from .watching import Made, Names, named_values, run

Rerun = Callable[[dict[Tensor, Any]], Tensor]  # the cost at other values of the inputs, by running its code


class Recorded:
    """A recorded cost and its names.

    cost      the tensor
    made      by tensor, the variables that held it, each with file, line, function and call; the innermost first
    arrays    the plain arrays by the names of variables
    holders   by tensor, the functions that had it in a variable
    returned  by tensor, the function that computed it and returned it
    outside   the arrays that were there before the run
    tensors   in the order of recording; inputs: those that were given; results: what it was all for
    rerun     the cost at other inputs, or None where only the recording is at hand
    """

    def __init__(
        self, cost: Tensor, made: dict[Tensor, list[Made]], arrays: dict[str, list[Any]], holders: Holders,
        returned: dict[Tensor, str], outside: list[Any], rerun: Rerun | None,
    ) -> None:  # fmt: skip
        self.cost, self.made, self.arrays, self.holders, self.rerun = cost, made, arrays, holders, rerun
        self.returned, self.outside = returned, outside
        self.tensors = graph(cost)
        self.inputs = [t for t in self.tensors if t.function is None]
        self.results = [cost]
        self.working = working(cost, self.inputs, made, holders) or {""}  # the caller's own functions

    @cached_property
    def names(self) -> dict[Tensor, str]:
        """What each tensor is called that has a name."""
        return labels(self.cost, self.tensors, self.made, self.working, between=False)

    @cached_property
    def all_names(self) -> dict[Tensor, str]:
        """A name for every tensor: t1, t2 where the code has none."""
        return labels(self.cost, self.tensors, self.made, self.working, unfold=True)

    def helper(self, t: Tensor) -> str:
        """The function that did all of a variable's computation, where one did that is not the caller's own."""
        names = [self.returned.get(t, "")]
        if (first := next((p for p in self.made.get(t, [])[:1] if p.line), None)) and self.alone[first[1:]] == 1:
            names.append(first.function)
        return next((name.rpartition(".")[2] for name in names if name and name not in self.working), "")

    @cached_property
    def alone(self) -> Counter[tuple[Any, ...]]:
        """How many variables with a name a call has made, by file, line, function and call."""
        places = [self.made[t][0] for t in self.names if self.made.get(t)]
        calls = Counter((p.function, p.call) for p in places)
        return Counter({p[1:]: calls[p.function, p.call] for p in places})

    def place(self, t: Tensor) -> Made | None:
        """Where the caller's code makes a tensor."""
        known = [p for p in self.made.get(t, []) if p.line]
        return next((p for p in known if p.function in self.working), known[0] if known else None)


class Backward(Recorded):
    """The backward pass as a recording of its own: its results are the gradients of the inputs.

    Its inputs are the values of the forward pass that it needs, and dJ/dJ = 1.

    forward  the recording that it is of
    of       by gradient, a named tensor that it is the gradient of
    flows    what depends on dJ/dJ: gradients and parts of them; the rest are local derivatives
    """

    def __init__(self, it: Recorded) -> None:
        super().__init__(it.cost, {}, it.arrays, {}, {}, [], None)
        seed = Tensor(np.ones(it.cost.shape), name="dJ/dJ")
        with np.errstate(all="ignore"):
            gradients = backpropagate(it.cost, seed, recording=True)
        self.results = list(dict.fromkeys(gradients[t] for t in it.inputs if type(gradients.get(t)) is Tensor))
        found, waiting = {seed, *self.results}, [*self.results]
        while waiting:
            t = waiting.pop()
            operands = t.parents if t.number > seed.number else ()
            waiting += [p for p in operands if p not in found]
            found.update(operands)
        self.tensors = sorted(found, key=lambda t: t.number)
        self.inputs = [t for t in self.tensors if t.number <= seed.number]
        self.forward = it
        self.of = {g: t for t in it.names if type(g := gradients.get(t)) is Tensor and t is not it.cost}
        self.flows = below(self.tensors, [seed])
        self.names = self.called(it.names, gradients)
        self.all_names = self.called(it.all_names, gradients) | self.names

    def called(self, names: dict[Tensor, str], gradients: dict[Tensor, Any]) -> dict[Tensor, str]:
        """The values by their own names, and the gradients by dJ/d and those; one tensor may be several gradients."""
        of: dict[Tensor, list[str]] = {}
        for t, name in names.items():
            if type(g := gradients.get(t)) is Tensor:
                of.setdefault(g, []).append("dJ/dJ" if t is self.cost else f"dJ/d{name}")
        values = {t: names[t] for t in self.inputs if t in names}
        return values | {g: ", ".join(found) for g, found in of.items()}


def record(
    J: Tensor | Callable[..., Any],
    parameters: Mapping[str, Any] | None = None,
    *,
    variables: Mapping[str, Any] | None = None,
    who: str = "record",
) -> Recorded:
    """A cost with what its code calls its tensors: a function J(parameters), which is run here, or a recorded tensor.

    Of a function every variable is known with its line. The tensors behind a recorded one are called what the variables
    call them, such as locals(). TypeError for anything else, and where nothing was recorded; who is named in its text.
    """
    if type(J) is Tensor:
        own = named_values(dict(variables or {}))
        seen = [(name, value) for name, value in own if name.isidentifier() and not name.startswith("_")]
        made = {t: [Made(name, "", 0, "", 1)] for name, t in reversed(seen) if type(t) is Tensor}
        return Recorded(J, made, {name: [value] for name, value in seen if type(value) is np.ndarray}, {}, {}, [], None)
    if not callable(J):
        raise TypeError(f"{who}: J is {type(J).__name__}; expected is a recorded cost, or a function of parameters")
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError(f"{who}: a function J needs its parameters: {who}(J, parameters={{'W1': array, ...}})")
    tensors = {name: Tensor(value, name=name) for name, value in parameters.items()}
    cost, names = on_tensors(J, tensors, who)
    function, arrays = J, dict(names.arrays)
    before = outside(J)
    for name, value in before.items():
        arrays.setdefault(name, []).append(value)

    def rerun(inputs: dict[Tensor, Tensor]) -> Tensor:
        return on_tensors(function, {name: inputs.get(t, t) for name, t in tensors.items()}, who)[0]

    return Recorded(cost, names.made, arrays, names.holders, names.returned, [*names.outside, *before.values()], rerun)


def on_tensors(J: Callable[..., Any], tensors: dict[str, Tensor], who: str) -> tuple[Tensor, Names]:
    """The cost on tensors; where it loses them as it is written, by code that keeps them."""
    first: TypeError | None = None
    cost: Any = None
    try:
        with put_back():
            cost, names = run(J, dict(tensors))
    except TypeError as error:
        first = error
    if type(cost) is not Tensor:
        try:
            with recordable(J, {name: np.array(t.recorded) for name, t in tensors.items()}), put_back():
                cost, names = run(J, dict(tensors))
        except Exception:
            if first is None:
                raise
            raise first from None  # which says what to write
    if type(cost) is not Tensor:
        raise TypeError(f"{who}: J(parameters) returned {type(cost).__name__}; nothing of it was recorded")
    return cost, names


def below(tensors: list[Tensor], targets: Iterable[Tensor]) -> set[Tensor]:
    """What depends on the targets, and they themselves."""
    found = set(targets)
    for t in tensors:
        if any(p in found for p in t.parents):
            found.add(t)
    return found


def outside(function: Callable[..., Any]) -> dict[str, Any]:
    """The arrays that a function reads from its module and from what it stands in."""
    try:
        found = inspect.getclosurevars(function)
    except (TypeError, ValueError):  # no plain function
        return {}
    return {k: v for k, v in {**found.globals, **found.nonlocals}.items() if type(v) is np.ndarray}


def callers_variables(depth: int = 2) -> dict[str, Any]:
    """The variables where the function was called that calls this."""
    frame = inspect.currentframe()
    for _ in range(depth):
        frame = frame.f_back if frame else None
    return {**frame.f_globals, **frame.f_locals} if frame else {}
