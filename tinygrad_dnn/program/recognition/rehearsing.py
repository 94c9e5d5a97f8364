"""What trains and is never called: it is called on data that are made up, and one turn of it is looked at.

A function or a method with a loop in which arrays move, or that moves them itself; of a class an object is made first.
"""

import ast
import contextlib
import copy
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np

from ..copies import duplicate
from ..held import plain
from ..limits import TooLong, limited, silence
from ..loops import EnoughError, Loops, Start, is_data, is_of
from ..turns import Turn
from .called import methods_of
from .calling import NO_DATA, Manner, forms, reads_data, ways_to_call
from .choosing import Found
from .inventing import said_of
from .later import with_later
from .learning import Learning, seeded
from .making import own_classes
from .offers import own_functions
from .ratings import RATINGS, SAYS
from .readings import remaining
from .refitting import every_size
from .runs import found_in
from .stepping import adds_a_product, is_a_step
from .tasks import UnfitError
from .uses import goes_through
from .values import USUAL, Layout, Sizes, Values, layouts, tree_of

Functions = Mapping[str, Any]
SECONDS = 5.0  # for one function
ALTOGETHER = 10.0
EACH = "one of them at a time, and what both move together is what each of them moves"
NEXT = "the turn after it"
CALL = 1.0  # seconds for a call


def of_rehearsals(module: ModuleType, loops: Loops, raised: list[Exception]) -> list[Found]:
    """Of each function and class that trains, the way to call it that makes most of it right."""
    found, until = list[Found](), time.process_time() + remaining(ALTOGETHER)
    functions = own_functions(module)
    for name in moving(functions):
        if time.process_time() < until and (one := best(module, loops, name, functions[name], None, raised)):
            found.append(one)
    every = {name.partition(".")[2]: f for name, f in methods_of(module).items()}
    for kind in own_classes(module):
        own = {name: f for name, f in vars(kind).items() if inspect.isfunction(f)}
        tried = list[Found]()
        for name in moving(own, every | functions):
            if name[:2] != "__" and time.process_time() < until:
                tried += filter(None, [best(module, loops, f"{kind.__name__}.{name}", own[name], kind, raised)])
                if any(one.task is not None for one in tried):
                    break
        found += sorted(tried, key=lambda one: one.task is None)[:1]
    return found


def moving(own: Functions, others: Functions = MappingProxyType({})) -> list[str]:
    """Which of some functions move something that they are given, or have others do so; what calls the most first."""
    reach = {name: reached(f, {**others, **own}) for name, f in own.items()}
    every = [name for name, functions in reach.items() if any(map(moves, functions))]
    return sorted(every, key=lambda name: -len(reach[name]))


def reached(function: Any, known: Functions) -> list[Any]:
    """A function, and what it calls by name, and what that does."""
    found, waiting = [function], [function]
    while waiting:
        for node in ast.walk(tree_of(waiting.pop())):
            name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if name in known and known[name] not in found:
                found.append(known[name])
                waiting.append(known[name])
    return found


def callable_by(module: ModuleType, kind: type | None) -> Functions:
    """What a function of a file calls by these names; kind: the class that it is a method of."""
    every = {n.partition(".")[2]: f for n, f in methods_of(module).items()} if kind is not None else {}
    own = {n: f for n, f in vars(kind or type).items() if inspect.isfunction(f)}
    return every | own | own_functions(module)


def moves(function: Any) -> bool:
    """Whether a function takes something away from a variable, or adds to it."""
    return any(
        is_a_step(node)
        or adds_a_product(node)
        or (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub | ast.Add))
        for node in ast.walk(tree_of(function))
    )


def best(
    module: ModuleType, loops: Loops, name: str, function: Any, kind: type | None, raised: list[Exception]
) -> Found | None:
    found: Found | None = None
    until, through = time.process_time() + remaining(SECONDS), goes_through(function)
    reach = reached(function, callable_by(module, kind))
    every = ((sizes, *form) for sizes in every_size(USUAL, raised) for form in forms(sizes, reach))
    blind: Sizes | None = None  # sizes of which nothing changes with the form of data
    for sizes, outputs, layout in every:
        if time.process_time() > until:
            break
        if sizes is blind:
            continue
        for turn in turns_of(module, loops, name, function, kind, outputs, layout, raised, sizes):
            blind = None if reads_data(turn.start, layout) else sizes
            one = in_its_turns(found_in(turn, raised), loops, raised)
            if one is None or (through and not turn.is_a_loop and one.part < 1 and is_of_the_last(one)):
                continue
            if one.task is not None and one.part == 0:
                one = one._replace(task=None, missing="nothing that it takes away is a gradient, as it was called")
            if found is None or (one.part, one.task is not None) > (found.part, found.task is not None):
                found = one
            if one.part == 1.0:
                return one
    if (found is None or not found.part) and through and blind is None:
        return one_after_another(module, loops, name, function, kind, raised, until + SECONDS) or found
    return found


def in_its_turns(one: Found | None, loops: Loops, raised: list[Exception]) -> Found | None:
    """What a turn of a loop shows, with the turns that follow where those are of other examples."""
    if one is None or one.task is None or not one.turn.is_a_loop or one.part == 0:
        return one
    start = next((start for start in loops.starts.values() if start.variables is one.turn.start), None)
    others = loops.others.get(start.key, []) if start is not None else []
    every = [(NEXT, turn) for turn in others if any(isinstance(v, np.ndarray | np.number) for v in turn.values())]
    return with_later(one, loops, start, every[:1], raised) if start is not None and every else one


def is_of_the_last(one: Found) -> bool:
    """Whether its loss is one that nobody states, of what the lines themselves hold in the end: the last example's."""
    return one.cost is not None and one.cost.pair is not None and not one.cost.key[0]


def one_after_another(
    module: ModuleType,
    loops: Loops,
    name: str,
    function: Any,
    kind: type | None,
    raised: list[Exception],
    until: float,
) -> Found | None:
    """What a function moves with one example, if with two it moves what it does with each of them, or half of that."""
    for outputs in (1, USUAL.classes):
        for layout in layouts(USUAL.features, outputs, True, 2):
            parts = (slice(0, 1), slice(1, 2), slice(0, 2))
            if time.process_time() > until:
                return None
            several = [
                layout._replace(X=layout.X[part], Y=layout.Y[part], says=f"{layout.says}; {EACH}") for part in parts
            ]
            turns = [list(turns_of(module, loops, name, function, kind, outputs, one, raised))[-1:] for one in several]
            if not all(turns) or any(turn.is_a_loop for (turn,) in turns):
                continue
            one = found_in(turns[0][0], raised)
            if one is not None and one.part == 1.0 and adds_up([turn for (turn,) in turns], raised):
                return one
    return None


def adds_up(turns: list[Turn], raised: list[Exception]) -> bool:
    """Whether the third moves what the first and the second do, or half of that, at the same point."""
    try:
        with silence(), limited(SECONDS, of_cpu=True):
            seen = [Learning(turn) for turn in turns]
            first, second, both = (one.look(seen[0].point).taken for one in seen)
    except (TooLong, UnfitError):
        return False
    except Exception as error:  # somebody's code
        raised.append(error)
        return False
    sums = {n: np.asarray(plain(first[n])) + np.asarray(plain(second[n])) for n in first}
    return any(
        all(np.allclose(c * np.asarray(plain(both[n])), sums[n], rtol=1e-6, atol=1e-9) for n in sums) for c in (1, 2)
    )  # of sums of two that were rounded


def turns_of(
    module: ModuleType, loops: Loops, name: str, function: Any, kind: type | None, outputs: int, layout: Layout,
    raised: list[Exception], sizes: Sizes = USUAL,
) -> Iterator[Turn]:  # fmt: skip
    """One turn of each loop that a call reaches, those within others first; of a function without any, the whole."""
    sizes = sizes._replace(classes=outputs)
    reach = reached(function, callable_by(module, kind))
    manner = Manner(partial(until_enough, loops, keys_of(loops, function, reach)))
    for given in ways_to_call(module, function, kind, layout, sizes, reach, raised, manner):
        yield from turns_of_a_call(module, loops, name, function, given, layout, reach, raised)


def turns_of_a_call(
    module: ModuleType, loops: Loops, name: str, function: Any, given: Values, layout: Layout, reach: Sequence[Any],
    raised: list[Exception],
) -> Iterator[Turn]:  # fmt: skip
    data = layout.says if reads_data(given, layout) else NO_DATA
    says = SAYS if any(np.array_equal(value, RATINGS) for value in given.values()) else data
    seen = f"Called on data that are made up: {name}({', '.join(inspect.signature(function).parameters)}); {says}"
    seen += said_of(given).replace(" Chosen:", ";").rstrip(".")
    keys = keys_of(loops, function, reach)
    loops.forget()
    if keys:
        called = copy.deepcopy(given)
        rehearse(function, called, loops, keys, raised)
        if any(is_made_there(value, called[name]) for name, value in given.items()):
            given = called  # it makes its parameters in the first turn, and has them in the second
            loops.forget()
            rehearse(function, copy.deepcopy(given), loops, keys, raised)
        turns = [Turn(loops, start, module, seen) for start in loops.starts.values()]
        yield from (turn for turn in turns if turn.is_a_loop and turn.line in dict(keys))
        yield from (turn for turn in turns if not turn.is_a_loop and any(map(is_a_step, turn.nodes())))
    node = next(((k, n) for k, (n, _) in loops.nodes.items() if is_of(n, function)), None)
    if node is not None:
        beside = {n: v for n, v in list(vars(module).items()) if is_data(v) and n[:1] != "_" and n not in given}
        yield Turn(loops, Start(node[0], name, duplicate(beside | given), set(given)), module, seen)


def keys_of(loops: Loops, function: Any, reach: Sequence[Any]) -> list[Any]:
    """The loops of a function, and of what it calls that moves something."""
    within = [f for f in reach if f is function or moves(f)]
    return list(dict.fromkeys(key for f in within for key in loops.within(f)))


@contextlib.contextmanager
def until_enough(loops: Loops, keys: list[Any]) -> Iterator[Callable[[Any, Values], None]]:
    """Within this, a function is run until its outermost loops have gone round often enough."""

    def run(function: Any, given: Values) -> None:
        loops.turns.clear()
        with contextlib.suppress(EnoughError):
            seeded(function, *given.values())

    loops.enough = loops.outermost(keys)
    with loops.again(float("inf")):
        yield run


def rehearse(function: Any, given: Values, loops: Loops, keys: list[Any], raised: list[Exception]) -> None:
    """One call, which is left when the outermost loops have shown enough."""
    loops.enough = loops.outermost(keys)
    try:
        with silence(), loops.again(CALL), limited(2 * CALL, of_cpu=True):
            seeded(function, *given.values())
    except (EnoughError, TooLong):
        pass
    except Exception as error:
        raised.append(error)


def is_made_there(before: Any, after: Any) -> bool:
    """Whether an object has an array by now where it had nothing."""
    held, now = (getattr(value, "__dict__", {}) for value in (before, after))
    return any(value is None and isinstance(now.get(name), np.ndarray) for name, value in held.items())
