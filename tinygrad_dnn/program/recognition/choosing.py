"""Of the ways to read a turn the one that is certain enough for a verdict."""

import ast
import re
from typing import NamedTuple

import numpy as np

from ..turns import Turn
from .costs import Cost
from .cutting import CUT
from .following import without
from .inferring import HINGE
from .readings import factor
from .stepping import adds_a_product, is_a_step, targets_of
from .taking import Reading
from .tasks import Task
from .telling import written
from .truths import truth
from .values import Values
from .words import tells_of_a_cost

UNSURE = "is nearly the gradient of a cost that the file does not compute"
ALIKE = "is in proportion to the gradient: its rate may be its own"
OF_ANOTHER = "leads where the gradient of the cost leads, by another factor at each point: it may be of its square"
UP = "what is added is the gradient of {0} itself, and makes it larger: to make it smaller, take it away"
FACTOR = 1e-5  # that two factors are apart which are the same
TABLE = 3  # entries of what tells a loss by its gradient


class Tried(NamedTuple):
    """A way to read a turn, and how well it holds.

    part    of the parameters, those whose gradient is right
    factor  by which all gradients are off together, or None
    cut     whether they are the right ones, but cut off
    right   the parameters whose gradient is right; alike  those whose is right but for a factor of its own
    decayed whether it is that of a stated cost and of a penalty that is not in it
    """

    task: Task
    cost: Cost
    reading: Reading
    part: float
    factor: float | None
    cut: bool = False
    right: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    decayed: bool = False

    @property
    def entries(self) -> int:
        """How many numbers are learnt: of one, any number's slope is in proportion to any other's."""
        return sum(np.size(value) for value in self.task.parameters.values())

    @property
    def off(self) -> bool:
        """Whether it is the gradient of a number that tells of a cost, but for one factor."""
        return self.factor is not None and self.entries > 1 and tells_of_a_cost(self.cost.key)


class Found(NamedTuple):
    """A turn as it was understood: a task and of what part of the parameters it is right; None and what is missing."""

    turn: Turn
    names: list[str]
    task: Task | None
    part: float = 0.0
    missing: str = ""
    cost: Cost | None = None
    ran: frozenset[str] = frozenset()  # the functions that a turn calls
    off: bool = False  # whether all of it is right but for one factor

    @property
    def steps(self) -> bool:
        """Whether the lines themselves take something away from what is learnt."""
        moving = [node for node in self.turn.nodes() if is_a_step(node) or adds_a_product(node)]
        targets = [ast.unparse(t) for node in moving for t in targets_of(node)]
        own = {name.rstrip("0123456789_") for name in self.names}
        return any(word in own or word in self.names for t in targets for word in re.findall(r"\w+", t))

    @property
    def where(self) -> str:
        of = f" of {self.turn.function}" if self.turn.function else " at the top level"
        return f"{self.turn.where}{of}"

    def overlaps(self, other: "Found") -> bool:
        """Whether one stands within the other, or calls what the other stands in."""
        a, b = self.turn, other.turn
        inside = a.file == b.file and (a.line <= b.line <= a.last or b.line <= a.line <= b.last)
        return inside or a.function in other.ran or b.function in self.ran


def chosen(turn: Turn, names: list[str], tried: list[Tried]) -> Found:
    """Of the ways to read a turn the one that is certain enough for a verdict.

    All is right; or part of it, of a cost that the program computes, or of values that it calls gradients; or all of it
    is off by one factor; or it is the one number that is called a cost, and what is taken away leads down it.
    """
    tried = [one for one in tried if tells_of_a_cost(one.cost.key) or one.entries > 1]
    best = max(tried, key=lambda one: (one.part, one.off, one.cost.called_so), default=None)
    if best is not None and (best.part == 1.0 or best.off):
        sure = best.cost.pair is None and tells_of_a_cost(best.cost.key)
        task = best.task if sure else best.task._replace(unsure=UNSURE)
        stated = [one for one in tried if one.cost.called_so and one.cost.pair is None and one.part < 1.0]
        if best.cost.pair is not None and stated:
            beside = f" It is not the gradient of {written(stated[0].cost.key)}, which the file computes as well."
            task = task._replace(assumed=task.assumed + beside)
        return Found(turn, names, task, best.part, cost=best.cost, off=best.part < 1.0)
    if best is not None and (cut := [one for one in tried if one.cut and one.part >= best.part]):
        return Found(turn, names, cut[0].task._replace(unsure=CUT), cut[0].part, cost=cut[0].cost)
    if best is not None and best.part > 0 and (best.cost.pair is None or (best.reading.named and told_by(best))):
        sure = best.cost.pair is not None or tells_of_a_cost(best.cost.key)
        return Found(turn, names, best.task if sure else best.task._replace(unsure=UNSURE), best.part, cost=best.cost)
    if best is not None and (inferred := told_by_the_rest(best, tried)) is not None:
        return Found(turn, names, inferred, best.part, cost=best.cost)
    stated = [one for one in tried if one.cost.called_so and one.reading.exact and is_minimised(one)]
    if stated and len({one.cost.key for one in stated}) == 1:
        task = stated[0].task
        return Found(turn, names, task._replace(unsure=OF_ANOTHER * is_parallel(task)), cost=stated[0].cost)
    if best is not None and best.part > 0:
        return Found(turn, names, None, 0.0, "no cost is computed there, and not all of it fits a usual loss")
    seen = [written(one.cost.key) for one in tried if one.cost.pair is None]
    if up := [written(one.cost.key) for one in tried if one.cost.called_so and one.entries > 1 and leads_up(one)]:
        return Found(turn, names, None, 0.0, UP.format(up[0]))
    if seen:
        return Found(turn, names, None, 0.0, f"what is taken away is no gradient of {seen[0]}, nor of a usual loss")
    return Found(turn, names, None, 0.0, "no cost is computed there, and it is the gradient of no usual loss")


def told_by(one: Tried) -> list[str]:
    """The parameters whose right gradient tells a loss: of a single number any other is in proportion."""
    return [name for name in one.right if np.size(one.task.parameters[name]) >= TABLE]


def told_by_the_rest(best: Tried, tried: list[Tried]) -> Task | None:
    """The task where a loss that is not stated has exactly the gradient of a whole table, and not of all parameters.

    A gradient at two points tells its cost, but for what does not depend on that table. No other loss may do as well.
    What is right but for a factor may have a rate of its own: it is not called wrong.
    """
    tables = told_by(best)
    others = [one for one in tried if one.part == best.part and one.right != best.right]
    if best.cost.pair is None or not tables or others:
        return None
    said = f"{best.task.assumed} It is exactly that for {', '.join(tables)}."
    unsure = UNSURE if best.cost.pair.says == HINGE else ""  # a rule with a threshold need not go down anything
    return without(best.task._replace(assumed=said, unsure=unsure), list(best.alike), ALIKE)


def is_minimised(one: Tried) -> bool:
    """Whether a number has one sign wherever it is looked at, as a cost has, and the gradients lead down it."""
    points = [one.task.parameters, *(shaken(one.task.parameters, seed) for seed in range(6))]
    with np.errstate(all="ignore"):
        signs = {float(np.sign(float(np.asarray(one.task.cost(p))))) for p in points}
        found = one.task.gradients(points[0])
        step = {n: v - 1e-6 * np.reshape(found[f"d{n}"], np.shape(v)) for n, v in points[0].items()}
        down = float(np.asarray(one.task.cost(step))) < float(np.asarray(one.task.cost(points[0])))
    return len(signs) == 1 and down


def leads_up(one: Tried) -> bool:
    """Whether what is taken away is the gradient but for a factor, and that is negative."""
    found, right = one.task.gradients(one.task.parameters), truth(one.task)
    factors = [factor(np.asarray(found[f"d{n}"]), t) for n, t in right.items() if not callable(t)]
    return set(one.alike) == set(right) and all(f is not None and f < 0 for f in factors)


def is_parallel(task: Task) -> bool:
    """Whether all gradients are the same multiple of the right ones at each of two points, and not at both of them.

    Then they are those of what the cost is a function of, of the squares of which it is the root.
    """
    found = list[float]()
    for point in (task.parameters, shaken(task.parameters, 7)):
        taken, right = (
            task.gradients({n: np.array(v) for n, v in point.items()}),
            truth(task._replace(parameters=point)),
        )
        if any(callable(t) for t in right.values()):
            return False
        factors = [factor(np.asarray(taken[f"d{n}"]), t) or 0.0 for n, t in right.items()]
        if min(factors) <= 0 or not np.allclose(factors, factors[0], FACTOR):
            return False
        found.append(factors[0])
    return not np.isclose(found[0], found[1], FACTOR)


def shaken(point: Values, seed: int) -> Values:
    rng = np.random.default_rng(seed)
    return {n: v + max(float(np.std(v)), 0.1) * rng.normal(size=np.shape(v)) for n, v in point.items()}
