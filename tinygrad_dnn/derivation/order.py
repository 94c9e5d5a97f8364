"""explain_order: why the walk back needs its order, and why contributions are added, on the user's own graph."""

from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..engine.derivatives import DERIVATIVES
from ..engine.tensor import Tensor
from ..engine.walk import backpropagate, fit, graph, start


class Order(NamedTuple):
    """Two wrong ways to walk a graph beside the right one.

    order      the variables from the cost back, each after all that are computed from it
    early      the first variable whose gradient differs if each is passed on as soon as it is met, and both gradients
    replaced   the first whose gradient differs if contributions replace each other, and both gradients
    shared     how many tensors are used more than once: where there is none, both wrong ways are right
    """

    order: list[str]
    early: tuple[str, Any, Any] | None
    replaced: tuple[str, Any, Any] | None
    shared: int

    def __str__(self) -> str:
        lines = ["The order of the walk: " + ", ".join(self.order[:12]) + ", ..." * (len(self.order) > 12)]
        if not self.shared:
            return lines[0] + "\nNo tensor is used twice here, so that any order from the cost back is right."
        lines.append(f"{self.shared} tensor{'s are' if self.shared > 1 else ' is'} used more than once.")
        lines += difference(
            self.early, "Passed on as soon as it is met, before all that it gets has come together",
            "Each has to wait for everything that is computed from it: that is the topological order.",
        )  # fmt: skip
        lines += difference(
            self.replaced, "With = in the place of +=, the last path alone is kept",
            "The chain rule adds the paths: dJ/dx = sum of dJ/dy dy/dx over every y that x goes into.",
        )  # fmt: skip
        return "\n".join(lines)


def difference(found: tuple[str, Any, Any] | None, how: str, why: str) -> list[str]:
    if found is None:
        return ["", *wrap(f"{how}: no gradient differs on this graph.", 80)]
    name, wrong, right = found
    if np.ndim(wrong) == np.ndim(right) == 0:
        return ["", *wrap(f"{how}, d{name} would be {wrong:.6g}, and it is {right:.6g}.", 80), *wrap(why, 80)]
    return ["", *wrap(f"{how}, d{name} would be", 80), shown(wrong), "and it is", shown(right), *wrap(why, 80)]


def shown(value: Any) -> str:
    with np.printoptions(precision=4, threshold=12, linewidth=70):
        return "\n".join("    " + line for line in str(np.asarray(value)).split("\n"))


def order_of(J: Tensor, names: dict[Tensor, str]) -> Order:
    """The right walk and two naive ones. names: of the tensors that are to be told of."""
    tensors = graph(J)
    right = backpropagate(J, start(J))
    uses: dict[Tensor, int] = {}
    for t in tensors:
        for p in t.parents:
            uses[p] = uses.get(p, 0) + 1
    called = {t: names.get(t) or f"t{i}" for i, t in enumerate(tensors, 1)}
    order = [called[t] for t in reversed(tensors) if t in names]
    return Order(
        order, first(right, early(J), tensors, called), first(right, replaced(J, tensors), tensors, called),
        sum(n > 1 for n in uses.values()),
    )  # fmt: skip


def first(
    right: dict[Tensor, Any], wrong: dict[Tensor, Any], tensors: list[Tensor], called: dict[Tensor, str]
) -> tuple[str, Any, Any] | None:
    """The first from the cost back whose gradient differs."""
    for t in reversed(tensors):
        if t in right and not np.allclose(wrong.get(t, np.zeros(t.shape)), right[t], 1e-9, 0.0):
            return called[t], wrong.get(t, np.zeros(t.shape)), right[t]
    return None


def contributions(t: Tensor, g: Any) -> list[tuple[Tensor, Any]]:
    """What a tensor passes on to each of those it was computed from."""
    if t.function is None:
        return []
    values = [a.recorded if type(a) is Tensor else a for a in t.arguments]
    rules = zip(t.arguments, DERIVATIVES[t.function], strict=False)
    return [
        (a, fit(rule(g, t.recorded, *values, **t.keywords), a, t.function))
        for a, rule in rules
        if type(a) is Tensor and rule is not None
    ]


def early(J: Tensor) -> dict[Tensor, Any]:
    """Each tensor passes on what it has when it is first met, and what comes later is added but not passed on."""
    found, met, waiting = {J: start(J)}, {J}, [J]
    while waiting:
        t = waiting.pop(0)
        for parent, g in contributions(t, found[t]):
            found[parent] = found[parent] + g if parent in found else g
            if parent not in met:
                met.add(parent)
                waiting.append(parent)
    return found


def replaced(J: Tensor, tensors: list[Tensor]) -> dict[Tensor, Any]:
    """In the right order, but a later contribution takes the place of an earlier one."""
    found = {J: start(J)}
    for t in reversed(tensors):
        if t in found:
            found |= dict(contributions(t, found[t]))
    return found
