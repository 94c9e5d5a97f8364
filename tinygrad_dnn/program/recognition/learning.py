"""What a turn of a program learns: the arrays that it moves, and that decide what they become otherwise than by a rate.

The turn is run again with other values in their places. A sum that is added to, a velocity, a counter moves too; but
what these become is in proportion to what they were, and they move no cost.
"""

import ast
import contextlib
import copy
import random
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from ...engine.constants import is_named
from ..clipping import uncut
from ..held import Path, installed, numbers_in, plain, put, value_at
from ..noting import Expression, Notes
from ..turns import SEEN, Keeper, Key, Observed, Turn
from .holdings import Place, about_gradients, most_telling, name_of, numbered
from .lightening import SLOW, lighten
from .stepping import is_a_step, targets_of
from .tasks import UnfitError
from .values import SEED, Values
from .words import is_called_a_cost

KEPT = 0.5  # of a small change of a parameter what is left of it after a step, at least
MOST = 150  # arrays that may be learnt
FEW = 4  # points that are tried


class Seen(NamedTuple):
    """One run of a turn: the values that it left, by key, and what it took away from each parameter.

    Where parameters are put back after each statement, it is what all these took away.
    """

    values: dict[Key, Any]
    taken: Values
    end: dict[str, Any]


class Learning:
    """A turn with what it learns.

    places  by name, every place that holds a parameter
    point   values at which all of them are generic
    base    a run there
    sums    the places of what is only added to, over many turns
    carried what may be no parameter but a state that one turn hands on to the next: little of it is left in what it
            becomes, while others keep nearly all
    """

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.places: dict[str, list[Path]] = {}
        self.shares: Values = {}  # what part of a small change each array keeps, nearly
        self.carried: list[str] = []
        self.held: list[str] = []  # of these, those that are taken for it
        self.above = set[str]()  # what is nowhere negative: a memory of squares would have no root there
        self.point: Values = {}
        self.find()

    def find(self) -> None:
        turn, rng, began = self.turn, np.random.default_rng(SEED), time.process_time()
        groups, turn.roots, end, known = moved_in(turn, turn.fresh())
        if time.process_time() - began > SLOW:
            lighten(turn, end, seeded)
        if groups and len(groups) <= MOST:  # where some are zero, as a last layer is at first, others do not move
            state = turn.fresh()
            for own in groups:
                value = generic(np.array(value_at(state, own[0]), dtype=float), rng)
                for path in own:
                    put(state, path, installed(value))
            paths = {path for own in groups for path in own}
            with contextlib.suppress(Exception):  # it is somebody's code with other values
                more, roots, _, _ = moved_in(turn, state)
                groups += [own for own in more if not paths & set(own)]
                turn.roots |= roots
        if not groups or len(groups) > MOST:
            raise UnfitError("it moves nothing")
        named = names_of(groups)
        begun = turn.fresh()
        moved = {name: np.array(value_at(begun, own[0]), dtype=float) for name, own in named.items()}
        ends = {name: np.asarray(plain(value_at(end, own[0]))) for name, own in named.items()}
        likely = {n for n, v in moved.items() if np.min(v) >= 0 and np.min(ends[n]) >= 0}
        self.places = named
        for seed in range(SEED, SEED + FEW):  # a rule with a threshold moves nothing on one side of it
            rng = np.random.default_rng(seed)
            self.point = {name: generic(value, rng) for name, value in moved.items()}
            self.point |= {n: above_zero(self.point[n]) for n in self.above}
            if likely - self.above and not self.computes():
                self.above = likely  # one of them is under a root
                self.point |= {n: above_zero(self.point[n]) for n in likely}
            if all(map(np.any, self.look(self.point, watch=False).taken.values())):
                break
        kinds = self.kinds()
        left = [name for name in self.places if kinds[name] != "none"]
        self.places = names_of([self.places[name] for name in left])
        self.point = dict(zip(self.places, (self.point[name] for name in left), strict=True))
        self.strong = [new for new, name in zip(self.places, left, strict=True) if kinds[name] == "strong"]
        if not self.places:
            raise UnfitError("nothing that it moves depends on itself")
        shares = dict(zip(self.places, (self.shares[name] for name in left), strict=True))
        kept = [name for name in self.strong if shares[name] > KEPT]
        last = dict(numbers_in(end))
        self.carried = [
            name for name in self.strong if kept and name not in kept
            and not self.is_stepped(name) and id(last[self.places[name][0]]) not in known
        ]  # fmt: skip
        self.base = self.look(self.point)
        self.ran = frozenset(key[0] for key in self.base.values if key[0])  # the functions that it calls

    def computes(self) -> bool:
        """Whether the turn runs at its point, and what it takes away are numbers."""
        try:
            taken = self.look(self.point, watch=False).taken
        except Exception:  # nan has no odds to draw from
            return False
        return all(np.all(np.isfinite(part)) for part in taken.values())

    def is_stepped(self, name: str) -> bool:
        """Whether something is taken away from what bears this name, anywhere in the file."""
        words = {step for path in self.places[name] for step in path if isinstance(step, str)}
        return bool(words & stepped_in(ast.walk(self.turn.tree)))

    def without_states(self) -> "Learning":
        """The same with what is carried on held as it is: a gradient stops where a turn begins."""
        other = copy.copy(self)
        other.places = {name: own for name, own in self.places.items() if name not in self.carried}
        other.point = {name: self.point[name] for name in other.places}
        other.strong = [name for name in self.strong if name in other.places]
        other.held, other.base = self.carried, other.look(other.point)
        return other

    def kinds(self) -> dict[str, str]:
        """Of each array that the turn moves, whether it is a parameter.

        strong: what it becomes depends on what it was otherwise than in proportion. weak: it is in proportion nearby,
        as a last bias is, and moves the cost or else what strong ones move. none: it does not, as a velocity, a sum.
        """
        parts = self.parts()
        kinds = {name: "strong" if part is None else "none" for name, part in parts.items()}
        for name in [name for name, part in parts.items() if part == 0]:  # it is made anew in each turn
            del self.places[name]
        strong = [name for name in self.places if kinds[name] == "strong"]
        kept = self.look(self.point, keep=True, noting=not strong).values
        by_strong = self.moved_by(strong, kept)
        moved = {name: self.moved_by([name], kept) for name in self.places if kinds[name] == "none"}
        told = {key for key in by_strong.union(*moved.values()) if is_called_a_cost(key)} or by_strong
        self.sums = {path for name in moved if parts[name] == 1 and not moved[name] for path in self.places[name]}
        kinds |= {name: "weak" for name, keys in moved.items() if (keys & told if told else keys)}
        return kinds

    def parts(self) -> dict[str, float | None]:
        """What part of a small change each array keeps; None where what is left of it is no part."""
        base, found = self.look(self.point), dict[str, float | None]()
        for name, value in self.point.items():
            direction = np.random.default_rng(SEED + 1).normal(size=np.shape(value))
            h = 1e-5 * max(1.0, size_of(value))
            there = self.look(self.point | {name: value + h * direction})
            moved = direction - (there.taken[name] - base.taken[name]) / h
            part = self.shares[name] = float(np.sum(moved * direction) / np.sum(direction**2))
            if np.max(np.abs(moved - part * direction)) > 1e-8 * np.max(np.abs(direction)):
                found[name] = None
            else:
                found[name] = next((whole for whole in (0.0, 1.0) if abs(part - whole) < 1e-9), part)
        return found

    def moved_by(self, names: list[str], before: dict[Key, Any]) -> set[Key]:
        """The values that change with these parameters, where those are put back after each statement."""
        own = {path for places in self.places.values() for path in places}
        rng = np.random.default_rng(SEED + 2)
        shaken = {n: self.point[n] + 0.3 * max(1.0, size_of(self.point[n])) * normal(self.point[n], rng) for n in names}
        shaken |= {n: above_zero(v) for n, v in shaken.items() if n in self.above}
        noting = any(isinstance(key[2][0], Expression) for key in before)
        after = self.look(self.point | shaken, keep=True, noting=noting).values if names else before
        compared = {side for whole, *sides in self.turn.differences if whole is None for side in sides}
        return {
            key for key, value in before.items() if (key[0] or key[2] not in own) and changes(value, after.get(key))
            and (not isinstance(key[2][0], Expression) or key[2][0] in compared)
        }  # fmt: skip

    def look(
        self, p: Values, keep: bool = False, only: tuple[int, ...] | None = None, watch: bool = True,
        cut: bool = True, noting: bool = False,
    ) -> Seen:  # fmt: skip
        """One run at these parameters.

        keep: they are put back after each statement that moves them. cut: what is cut off at a bound and at its
        negative is. noting: the differences in its lines are among the values, each under its text; with keep alone.
        """
        state = self.turn.fresh()
        for name, own in self.places.items():
            for path in own:
                put(state, path, installed(p[name]))
        notes = Notes() if noting else None
        keeper = Keeper(self.places, p, notes) if keep else None
        observed = Observed() if watch else None
        with contextlib.nullcontext() if cut else uncut():
            end = seeded(self.turn.run, state, keeper, observed, only)
        values = {("", 0, path): v for path, v in numbers_in(end) if not self.is_old(path, v)}
        values |= {("", 0, (text,)): value for text, value in notes.tables().items()} if notes else {}
        moved = {name: plain(p[name]) - plain(value_at(end, own[0])) for name, own in self.places.items()}
        taken = keeper.taken if keeper else moved
        return Seen(values | (observed.values if observed else {}), taken, end)

    def is_old(self, path: Path, value: Any) -> bool:
        """Whether the turn found it and left it."""
        try:
            return value_at(self.turn.start, path) is value
        except (KeyError, IndexError, AttributeError, TypeError):
            return False


def moved_in(turn: Turn, state: dict[str, Any]) -> tuple[list[list[Path]], set[str], dict[str, Any], set[int]]:
    """The numbers that a turn moves, each with every place that holds it; and what has to be copied before each run.

    And then what the variables are at its end, and the identities of the arrays that were there at its beginning.
    """
    start = {path: (np.array(value), id(value)) for path, value in numbers_in(state)}
    end = seeded(turn.run, dict(state))
    mutated = {path[0] for path, value in numbers_in(state) if path in start and differs(value, start[path][0])}
    roots = {n for n, v in turn.start.items() if not isinstance(v, np.ndarray | int | float) or n in mutated}
    groups: dict[Any, list[Path]] = {}
    for path, value in numbers_in(end):
        if path not in start or not can_be_put(state, path):
            continue
        before, identity = start[path]
        if np.shape(value) != before.shape or np.asarray(value).dtype.kind != "f" or not differs(value, before):
            continue
        groups.setdefault(identity if before.ndim else path, []).append(path)
    if turn.seen != SEEN and (odd := reshaped(turn, start, end)):
        raise UnfitError(f"{odd} has another shape after a step: that is not what it is called with")
    moved = [own for own in groups.values() if not all(about_gradients(Place(path)) for path in own)]
    return moved, roots, end, {identity for _, identity in start.values()}


def reshaped(turn: Turn, start: dict[Path, tuple[Any, int]], end: dict[str, Any]) -> str:
    """A variable from which something is taken away and which has another shape then; "" where there is none."""
    stepped = stepped_in(turn.nodes())
    changed = (p for p, value in numbers_in(end) if p in start and np.shape(value) != start[p][0].shape)
    return next((word for path in changed for word in map(str, path) if word in stepped), "")


def seeded(f: Callable[..., Any], *arguments: Any) -> Any:
    """f(*arguments) with all random numbers from a seed, and in silence."""
    state, other = np.random.get_state(), random.getstate()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    try:
        return f(*arguments)
    finally:
        np.random.set_state(state)  # noqa: NPY002
        random.setstate(other)


def stepped_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The words of all from which something is taken away."""
    targets = [t for node in nodes if is_a_step(node) for t in targets_of(node)]
    return {word for target in targets for word in re.findall(r"\w+", ast.unparse(target))} - {"self"}


def above_zero(value: Any) -> Any:
    """As far away, and nowhere so near that a small step leads below."""
    return np.abs(value) + 1e-3 * max(1.0, size_of(value))


def size_of(value: Any) -> float:
    return float(np.max(np.abs(value)))


def normal(value: Any, rng: Any) -> Any:
    return rng.normal(size=np.shape(value))


def changes(before: Any, after: Any) -> bool:
    """Whether a value is finite, and another one afterwards."""
    a, b = np.asarray(plain(before)), np.asarray(plain(after))
    return a.dtype.kind == "f" and a.shape == b.shape and bool(np.all(np.isfinite(a))) and not np.array_equal(a, b)


def differs(value: Any, before: Any) -> bool:
    return not np.array_equal(np.asarray(plain(value)), before, equal_nan=np.asarray(before).dtype.kind == "f")


def can_be_put(root: Any, path: Path) -> bool:
    try:
        return not isinstance(value_at(root, path[:-1]), tuple) and not is_named(value_at(root, path))
    except (KeyError, IndexError, AttributeError, TypeError):
        return False


def generic(value: Any, rng: Any) -> Any:
    """A point near where the program begins at which nothing is special: no zeros, no two alike."""
    size = float(np.max(np.abs(value), initial=0.0))
    fan = max(value.shape[:2], default=1) if value.ndim > 1 else 4
    scale = 0.3 * size if size and np.std(value) > 1e-12 * size else 1 / np.sqrt(fan)
    return value + scale * rng.normal(size=value.shape)


def names_of(groups: list[list[Path]]) -> dict[str, list[Path]]:
    """A name for each array that is learnt: W1 for p["W1"], W2 for layers[1].W."""
    names = [name_of(most_telling([Place(path) for path in own])) for own in groups]
    return dict(zip(numbered(names), groups, strict=True))
