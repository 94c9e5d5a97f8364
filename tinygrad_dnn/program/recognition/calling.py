"""What a function is called with that nothing calls: by what it does with its arguments, by their names, by trial."""

import ast
import contextlib
import inspect
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..limits import TooLong, limited, silence
from .arguments import role_of
from .functions import TRAINING
from .guessing import said_by_parts, word_for
from .inventing import UNKNOWN, World, invented
from .learning import seeded
from .making import instances
from .ratings import RATINGS, are_ratings
from .readings import remaining
from .refitting import every_size
from .solving import learnt_in, opened, solutions, waiting_in
from .stepping import is_a_step, targets_of
from .tasks import Raised, furthest
from .uses import Uses, speaks_of_several, uses_of
from .values import (
    DATA_OF,
    KIND_OF,
    SIZE_OF,
    USUAL,
    Layout,
    Sizes,
    Values,
    layouts,
    one_example,
    sizes_of,
    tree_of,
)

SECONDS = 2.0  # for the shapes of what a function takes
ON_FORMS = 4.0  # for all forms of data
CALL = 1.0  # for what it is given otherwise
NO_DATA = "all of it random from a seed"
ATTEMPTS = 3
FEW = 4  # shapes of arguments that are looked at


def once(function: Any, given: Values) -> None:
    seeded(function, *given.values())


@contextlib.contextmanager
def plainly() -> Iterator[Callable[[Any, Values], None]]:
    """How a function is run whose loops come to their end."""
    yield once


class Manner(NamedTuple):
    """How a function is called while the shapes of its arguments are searched.

    within  gives what runs it
    derived arguments that there is a gradient of
    shapes  of how many shapes those are taken that are the most general; 0: the first that run
    """

    within: Callable[[], contextlib.AbstractContextManager[Callable[[Any, Values], None]]] = plainly
    derived: frozenset[str] = frozenset()
    shapes: int = 0


PLAIN = Manner()


def ways_to_call(
    module: ModuleType, function: Any, kind: type | None, layout: Layout, sizes: Sizes, reach: Sequence[Any],
    raised: list[Exception], manner: Manner = PLAIN,
) -> Iterator[Values]:  # fmt: skip
    """What a function may be called with on these data; of what nobody knows the shape of, the first few that run."""
    values = sizes_of(sizes.classes, sizes) | {"X": layout.X, "Y": layout.Y}
    for attempt in range(1 if manner.shapes else 0, ATTEMPTS):  # what has to be general is not the data
        chosen = list(called_with(module, function, kind, layout, values, sizes, reach, raised, attempt, manner))
        yield from chosen
        if chosen:
            break


def called_with(
    module: ModuleType, function: Any, kind: type | None, layout: Layout, values: Values, sizes: Sizes,
    reach: Sequence[Any], raised: list[Exception], attempt: int, manner: Manner,
) -> Iterator[Values]:  # fmt: skip
    """attempt: 0 with the first two of which nothing is known as the data; 1 with the data by name alone, and labels of
    indices free; 2 with what is an index as the data have it, if its name says so.
    """
    try:
        with silence(), limited(CALL, of_cpu=True):
            world = World(sizes, dict(vars(module)), partial(made, layout=layout))
            free = bool(manner.shapes)
            given = arguments(function, values, layout, reach, world, kind, attempt, manner.derived, free)
            if kind is not None:
                given = {next(iter(inspect.signature(function).parameters)): made(kind, sizes, layout)} | given
        if not manner.shapes and not waiting_in(given):
            yield given
            return
        with silence(), manner.within() as run, limited(SECONDS, of_cpu=True):
            failed = Raised()
            shapes = solutions(partial(run, function), given, sizes, failed)
            every = list(itertools.islice(shapes, manner.shapes or FEW))
            chosen = [*sorted(every, key=generality)[: FEW - 1], *every[:1]] if manner.shapes else every
    except (Exception, TooLong) as error:
        raised += [error] if isinstance(error, Exception) else []
        return
    if not chosen and failed:
        raised.append(furthest(failed, str(module.__file__)) or failed[0])
    yield from chosen


def generality(given: Values) -> tuple[int, int]:
    """The more axes longer than 1 the less; then the more pairs of them of one size the more."""
    long = Counter(n for value in given.values() for n in np.shape(value) if n > 1)
    return -long.total(), sum(n * (n - 1) // 2 for n in long.values())


def ways_on_forms(
    module: ModuleType, function: Any, kind: type | None, raised: list[Exception], manner: Manner = PLAIN
) -> Iterator[tuple[Values, str]]:
    """What a function may be called with on data of every form, each with a word on these; as long as there is time."""
    until = time.process_time() + remaining(ON_FORMS)
    for sizes in every_size(USUAL, raised):
        for outputs, layout in forms(sizes, [function]):
            if time.process_time() > until:
                return
            blind = False  # to the data: another form of them is the same call
            for given in ways_to_call(
                module, function, kind, layout, sizes._replace(classes=outputs), (), raised, manner
            ):
                blind = not reads_data(given, layout)
                yield given, NO_DATA if blind else layout.says
            if blind:
                break


def reads_data(given: Any, layout: Layout, deep: int = 4) -> bool:
    """Whether the data are among what a function is given, or what an object holds that it is given."""
    if isinstance(given, np.ndarray):
        return bool(given.size) and (np.ravel(given)[0] in np.asarray(layout.X) or np.array_equal(given, layout.Y))
    if not deep:  # an object may hold itself
        return False
    parts = given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else ()
    held = getattr(given, "__dict__", {}).values()
    return any(reads_data(part, layout, deep - 1) for part in (*parts, *held))


def forms(sizes: Sizes, functions: Sequence[Any]) -> list[tuple[int, Layout]]:
    """The forms of data with their numbers of outputs; of each kind of model the most usual one first.

    Then single examples, for functions that speak of no others: what is summed up over them hides in one.
    """
    kinds = [(outputs, rows) for rows in (True, False) for outputs in (sizes.classes, 1)]
    every = [[(outputs, layout) for layout in layouts(sizes.features, outputs, rows)] for outputs, rows in kinds]
    several = [one for alike in itertools.zip_longest(*every) for one in alike if one is not None]
    alone = [(outputs, one) for outputs in (sizes.classes, 1) for one in one_example(sizes.features, outputs)]
    return several if speaks_of_several(functions) else several + alone


def made(kind: type, sizes: Sizes, layout: Layout) -> Any:
    try:
        return instances(kind, sizes.classes, {"X": layout.X, "Y": layout.Y}, sizes)
    except TypeError:
        return kind(**arguments(kind, sizes_of(sizes.classes, sizes) | {"X": layout.X, "Y": layout.Y}, layout))


def arguments(
    function: Callable[..., Any], values: Values, layout: Layout, reach: Sequence[Any] = (),
    world: World | None = None, owner: type | None = None, attempt: int = 0, derived: Set[str] = frozenset(),
    free: bool = False,
) -> Values:  # fmt: skip
    """What a function that trains is called with: by what it does with them, by their names, and by their order.

    reach: the functions that it calls, which may take the same argument by the same name. derived: what there is a
    gradient of. free: whether nothing is the data, so that all shapes are found.
    """
    given: Values = {}
    left, learnt = list[str](), learnt_in(function)
    parameters = list(inspect.signature(function).parameters.values())
    own = [
        p
        for p in parameters
        if p.name != "self" and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]
    waiting = [kind for kind in ("X", "Y") if not any(kind in (DATA_OF.get(p.name), KIND_OF.get(p.name)) for p in own)]
    for p in own:
        kind, optional = KIND_OF.get(p.name, SIZE_OF.get(p.name, p.name)), p.default is not p.empty
        told = invented(function, p.name, world, owner) if world is not None and not optional else UNKNOWN
        if world is not None and told is UNKNOWN and not optional:
            told = index_in(function, p.name, owner, attempt)
        if any(are_ratings(f, p.name) for f in (function, *reach)):
            given[p.name] = RATINGS.copy()
        elif told is not UNKNOWN:
            given[p.name] = told
        elif kind in ("X", "Y") and not free:
            given[p.name] = values[kind]
        elif optional and not (kind in SIZE_OF.values() and p.default is None):
            given[p.name] = p.default
        elif kind == "rate" and not uses_of(function, p.name, owner).table:
            given[p.name] = 0.1
        elif any(word in p.name.lower() for word in TRAINING):
            given[p.name] = len(np.ravel(layout.Y)) if "batch" in p.name.lower() else 3
        elif (word := word_for(function, p.name)) is not None:
            given[p.name] = word
        elif kind in values and not free and not (world is not None and is_no_size(function, p.name, owner, kind)):
            given[p.name] = values[kind]
        elif world is None and not (uses := uses_of(function, p.name)).of_several and inspect.isclass(function):
            given[p.name] = 3 if uses.times else USUAL.hidden if uses.size else 1  # a setting
        elif world is None:
            given[p.name] = values[waiting.pop(0)] if waiting else USUAL.hidden
        else:
            left.append(p.name)
            given[p.name] = None
    told_apart = {role_of(piece) for name in left for piece in pieces_of(uses_of(function, name, owner))}
    waiting = [kind for kind in waiting if kind not in told_apart]
    for name in left:
        assert world is not None
        uses = uses_of(function, name, owner)
        if said_by_parts(name) == "rate":
            given[name] = 0.1
        elif uses.times or uses.size:
            given[name] = 3 if uses.times else world.sizes.hidden
        elif uses.element is not None and set(map(role_of, uses.element.pieces)) == {"X", "Y"}:
            given[name] = samples(layout)
        elif (role := role_of(name)) in ("X", "Y") and role not in waiting and name not in {*learnt, *derived}:
            given[name] = values[role]  # data to test with, beside those to train with
        elif not attempt and waiting and not (uses.keys or uses.pieces) and name not in {*learnt, *derived}:
            given[name] = values[waiting.pop(0)]
        else:
            known = partial(datum, layout) if not free else nothing
            given[name] = opened(name, uses, name in learnt, known, name in derived)
    return given


def nothing(_: str) -> None:
    """No data have this name."""


def datum(layout: Layout, name: str) -> Any:
    """The data of this name, or None."""
    return {"X": layout.X, "Y": layout.Y}.get(DATA_OF.get(name, ""))


def index_in(function: Any, name: str, owner: type | None, attempt: int) -> Any:
    """What is to be found for an argument that is an index, and for the labels of several; UNKNOWN for others.

    Of indices as the data have them some are alike: what is taken away there twice is lost, and nobody meant that.
    """
    uses = uses_of(function, name, owner)
    every = [n for n in inspect.signature(function).parameters if uses_of(function, n, owner).is_an_index]
    if uses.is_an_index and (attempt < ATTEMPTS - 1 or name in moved_at(function)):
        return opened(name, uses, False)
    return opened(name, uses, False) if attempt == 1 and every and role_of(name) == "Y" else UNKNOWN


def is_no_size(function: Any, name: str, owner: type | None, kind: str) -> bool:
    """Whether an argument has the name of a size and is computed with as a table is: h, of the step before."""
    uses = uses_of(function, name, owner)
    return kind in SIZE_OF.values() and not (uses.size or uses.counted) and (uses.table or uses.number or uses.axes > 0)


def moved_at(function: Any) -> set[str]:
    """The names in the indices at which a function takes something away."""
    targets = (t for n in ast.walk(tree_of(function)) if is_a_step(n) for t in targets_of(n))
    inside = (n for t in targets if isinstance(t, ast.Subscript) for n in ast.walk(t.slice))
    return {n.id for n in inside if isinstance(n, ast.Name)}


def pieces_of(uses: Uses) -> list[str]:
    """The names of what a value is taken apart into, or each of its parts."""
    return [*uses.pieces, *(uses.element.pieces if uses.element is not None else ())]


def samples(layout: Layout) -> list[tuple[Any, Any]]:
    """The examples one by one with their labels: vectors where they are rows, and columns where they are columns."""
    columns = layout.form.startswith("columns")
    X, Y = (layout.X.T, np.asarray(layout.Y).T) if columns else (layout.X, np.asarray(layout.Y))
    if len(X) != len(Y):
        return [(layout.X, layout.Y)]
    return [(x.reshape(-1, 1), np.reshape(y, (-1, 1))) if columns else (x, y) for x, y in zip(X, Y, strict=True)]
