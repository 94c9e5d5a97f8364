"""The recorded run of a subject's cost: its gradients, and what rounding leaves uncertain in them."""

import re
from typing import Any, NamedTuple

import numpy as np

from ..derivatives import DERIVATIVES, unbroadcast
from ..tensor import Tensor, backpropagate, graph, start
from ..trace import Names, line_of
from .subject import Arrays, Subject


class Recording(NamedTuple):
    """parameters holds the gradients by parameter name, gradients those of every tensor; first_use orders the rows."""

    cost: Tensor
    parameters: Arrays
    gradients: dict[Tensor, Any]
    names: Names
    first_use: dict[str, int]

    def named(self, letter: str, number: int) -> list[Tensor]:
        """What the code calls A2: the tensors held by a variable A2, or else the second one held by a variable A."""
        exact = [t for t in self.names.get(f"{letter}{number}", []) if t in self.gradients]
        unnumbered = [t for t in self.names.get(letter, []) if t in self.gradients]
        return exact or unnumbered[max(number - 1, 0) : max(number, 0)]

    def constant_gradients(self, shape: tuple[int, ...]) -> list[Any]:
        """The gradients of the constant arrays of this shape: equal arrays are taken for the same one."""
        found: list[tuple[Any, Any]] = []
        for tensor in graph(self.cost):
            for position, argument in enumerate(tensor.arguments):
                if isinstance(argument, np.ndarray) and argument.shape == shape and argument.dtype.kind == "f":
                    g = constant_gradient(tensor, position, self.gradients[tensor])
                    same = [i for i, (array, _) in enumerate(found) if np.array_equal(array, argument)]
                    if g is not None and same:
                        found[same[0]] = (argument, found[same[0]][1] + g)
                    elif g is not None:
                        found.append((argument, g))
        return [g for _, g in found]


def constant_gradient(tensor: Tensor, position: int, g: Any) -> Any:
    """The gradient of a constant argument, by the rule that a tensor in its place would use."""
    rules = DERIVATIVES.get(tensor.function, ()) if tensor.function else ()
    rule = rules[position] if position < len(rules) else None
    if rule is None:
        return None
    arguments = [a.data if type(a) is Tensor else a for a in tensor.arguments]
    result = rule(g, tensor.data, *arguments, **tensor.keywords)
    return unbroadcast(result, arguments[position].shape)


def gradients_at(subject: Subject, parameters: Arrays | None = None) -> Recording:
    """Record the cost and walk back; RuntimeError where the recorded run is not the run of the plain code."""
    with np.errstate(all="ignore"):
        cost, tensors, names = subject.recorded(parameters)
        if type(cost) is not Tensor:
            raise RuntimeError("the cost came out as a plain number: no parameter took part in it")
        if parameters is None and abs(cost.data.item() - subject.value) > 256 * subject.eps * abs(subject.value):
            raise RuntimeError(
                f"the recorded run gave another cost, {cost.data.item():.17g}, than {subject.value:.17g}"
            )
        gradients = backpropagate(cost, start(cost))
    uses = [(parent, tensor.number) for tensor in reversed(graph(cost)) for parent in tensor.parents]
    first_use = dict(uses)
    return Recording(
        cost,
        {k: np.asarray(gradients.get(t, np.zeros(t.shape))) for k, t in tensors.items()},
        gradients,
        names,
        {k: first_use.get(t, -1) for k, t in tensors.items()},
    )


def recording_of(subject: Subject) -> tuple[Recording | None, str]:
    """The recording, or None and a sentence that says what stopped it."""
    try:
        return gradients_at(subject), ""
    except Exception as error:  # whatever somebody's code does with a tensor that it would not do with an array
        place = line_of(error)
        where = f" at {place[0].rsplit('/', 1)[-1]}, line {place[1]}" if place else ""
        return None, f"The cost could not be recorded{where}: {type(error).__name__}: {error}."


def split_name(name: str) -> tuple[str, int | None]:
    """dA2 as ("A", 2), dhpreact as ("hpreact", None)."""
    letter, digits = re.fullmatch(r"d?(.*?)(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return letter, int(digits) if digits else None
