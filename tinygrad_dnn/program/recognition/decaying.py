"""Weight decay in an update whose cost nobody computes: a loss's gradient and some of the weights are taken away.

W -= rate * (e x + decay * W) goes down half the sum of squares of e, and decay / 2 times that of W. Two numbers are
told from two points, and have to hold in every entry there. Of rows that an update does not touch, nothing is taken.
"""

from typing import Any, NamedTuple

import numpy as np

from ...engine.standing import put_back
from ...engine.tensor import Tensor
from ...engine.walk import graph
from .tasks import Task
from .values import Values

CLOSE = 1e-6  # of the largest entry
ADDED = "To it is added what is taken away beside"
TABLE = 3  # entries at all points together that tell two numbers


class Decay(NamedTuple):
    """What everything is multiplied with, and by parameter how much of it is taken away beside the gradient."""

    rate: float
    of: dict[str, float]

    def holds(self, name: str, found: list[Values], truths: list[Values], points: tuple[Values, ...]) -> bool:
        return name in self.of and is_sum(self.rate, self.of[name], name, found, truths, points)

    def is_of_all(self, points: tuple[Values, ...], rate: float | None) -> bool:
        """Whether every table decays, all that decays does so alike, and at this rate.

        Then it is meant, though a cost that is printed may not have it. Where one layer alone decays it is not.
        """
        amounts = [amount for amount in self.of.values() if amount]
        tables = [self.of.get(n, 0.0) for n, x in points[0].items() if sum(size > 1 for size in np.shape(x)) > 1]
        alike = np.ptp(amounts) <= CLOSE * max(amounts) and all(tables)
        return bool(alike) and (rate is None or abs(self.rate - rate) <= CLOSE * abs(rate))

    def added_to(self, truths: Values, point: Values) -> Values:
        """The gradients with what is taken away beside, where the loss has one."""
        return {n: t + self.of.get(n, 0.0) * np.where(np.asarray(t) != 0, point[n], 0.0) for n, t in truths.items()}


def decay_in(found: list[Values], truths: list[Values], points: tuple[Values, ...]) -> Decay | None:
    """The decay of most of the parameters; None where there is none."""
    if any(callable(t) or np.size(t) != np.size(found[0][f"d{n}"]) for n, t in truths[0].items()):
        return None
    fits = {name: fit for name in truths[0] if (fit := fitted(name, found, truths, points)) is not None}
    if not any(decay for _, decay in fits.values()):
        return None
    rates = [rate for rate, _ in fits.values()]
    rate = max(rates, key=lambda r: sum(abs(r - other) <= 1e-4 * r for other in rates))
    amounts = dict.fromkeys([0.0, *(decay for own, decay in fits.values() if abs(own - rate) <= 1e-4 * rate)])
    of = {}
    for name in truths[0]:
        amount = beside(rate, name, found, truths, points)
        own = [decay for decay in (*amounts, amount) if is_sum(rate, decay, name, found, truths, points)]
        if own:
            of[name] = own[0]
    return Decay(rate, of) if any(of.values()) else None


def fitted(
    name: str, found: list[Values], truths: list[Values], points: tuple[Values, ...]
) -> tuple[float, float] | None:
    """The rate and the decay with which a table is taken down, if it is; told from all points together."""
    every = [parts(name, *each) for each in zip(found, truths, points, strict=True)]
    g, t, x = (np.concatenate(rows) for rows in zip(*every, strict=True))
    if g.size < TABLE:
        return None
    (rate, both), *_ = np.linalg.lstsq(np.stack([t, x], axis=1), g)
    decay = float(both / rate) if rate > 0 else -1.0
    decay = 0.0 if abs(decay) < CLOSE else decay
    return (float(rate), decay) if decay >= 0 and is_sum(rate, decay, name, found, truths, points) else None


def beside(rate: float, name: str, found: list[Values], truths: list[Values], points: tuple[Values, ...]) -> float:
    """How much of a parameter is taken away, where the rate is known: of a bias, a single entry tells it."""
    every = [parts(name, *each) for each in zip(found, truths, points, strict=True)]
    g, t, x = (np.concatenate(rows) for rows in zip(*every, strict=True))
    return float(np.sum((g / rate - t) * x) / max(float(np.sum(x * x)), 1e-30))


def is_sum(
    rate: float, decay: float, name: str, found: list[Values], truths: list[Values], points: tuple[Values, ...]
) -> bool:
    """Whether what is taken is rate times (the gradient + decay times the parameter), at every point."""
    for each in zip(found, truths, points, strict=True):
        g, t, x = parts(name, *each)
        if not g.size or np.max(np.abs(g - rate * (t + decay * x))) > CLOSE * np.max(np.abs(g)):
            return False
    return True


def parts(name: str, found: Values, truths: Values, point: Values) -> tuple[Any, Any, Any]:
    """What is taken, the gradient and the parameter, in a row, where anything is taken or ought to be."""
    g, t, x = (np.ravel(np.asarray(v, dtype=float)) for v in (found[f"d{name}"], truths[name], point[name]))
    touched = (g != 0) | (t != 0)
    return g[touched], t[touched], x[touched]


def may_have_a_penalty(task: Task) -> bool:
    """Whether something in a cost is a number that is computed from a table of parameters alone, or it is not known."""
    inputs = {name: Tensor(np.array(value, dtype=float), name=name) for name, value in task.parameters.items()}
    alone = set(inputs.values())
    try:
        with put_back():
            tensors = graph(task.cost(dict(inputs)))
    except Exception:  # whatever somebody's code does with tensors
        return True
    for tensor in tensors:
        constants = [a for a in tensor.arguments if type(a) is not Tensor]
        if tensor.parents and alone.issuperset(tensor.parents) and all(np.size(a) < 2 for a in constants):
            if np.size(tensor.data) == 1 and any(np.size(parent.data) > 1 for parent in tensor.parents):
                return True
            alone.add(tensor)
    return False


def with_penalty(task: Task, decay: Decay, touched: Values, stated: bool) -> Task:
    """The task with the penalties in its cost. touched: what is moved at all. stated: if the file has that cost."""
    amounts = {name: amount for name, amount in decay.of.items() if amount}

    def cost(p: Values) -> Any:
        return task.cost(p) + sum(a / 2 * np.sum(np.where(touched[n], p[n], 0.0) ** 2) for n, a in amounts.items())

    named = " and ".join(f"{a:.6g} / 2 times the sum of squares of {n}" for n, a in amounts.items())
    says = "It lacks what the updates take away beside, which is added to it" if stated else ADDED
    return task._replace(cost=cost, assumed=f"{task.assumed} {says}: {named}.")
