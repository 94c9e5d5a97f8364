"""Objects of classes that nobody has made: with sizes by their names and by their order, or with data."""

import contextlib
import inspect
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .functions import TRAINING
from .guessing import LAYERS, function_for, said_by_parts, word_for
from .holdings import STEP, Place, parameters_of
from .inventing import UNKNOWN, World, invented
from .uses import uses_of
from .values import DATA_OF, KIND_OF, SIZE_OF, USUAL, Sizes, Values, by_place, call, sizes_of

NO_LIST = re.compile(r"'int' object is not (subscriptable|iterable)|type 'int' has no len")
FIT = "fit train train_step partial_fit learn update step train_on_batch"


def own_classes(module: ModuleType) -> list[type]:
    return [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__]


def method(kind: type, names: str, words: tuple[str, ...] = ()) -> Callable[..., Any] | None:
    """The method of the first of these names, else one of whose name one of the words is a part."""
    every = [name for name in dir(kind) if name[:2] != "__" and inspect.isfunction(getattr(kind, name))]
    chosen = names.split() + [name for name in every if any(word in name.lower() for word in words)]
    own = (name for name in chosen if any(name in vars(c) for c in kind.__mro__))  # type itself has a __call__
    return next((getattr(kind, name) for name in own if callable(getattr(kind, name))), None)


def methods(kind: type) -> list[Callable[..., Any]]:
    """The methods of a class that have names of its own."""
    return [getattr(kind, n) for n in dir(kind) if n[:2] != "__" and inspect.isfunction(getattr(kind, n))]


def instances(
    kind: type, outputs: int, data: Values, sizes: Sizes = USUAL, alone: int | None = None,
    exactly: Values | None = None,
) -> Any:  # fmt: skip
    """An object of a class made with sizes by their names, and by their order; TypeError where a name is not known.

    exactly: what arguments are given by their own names. alone: what a class is given that takes one size and is a
    single layer; a model is given the sizes of its layers.
    """
    values = {"layers": LAYERS} | sizes_of(outputs, sizes) | data
    arguments = list(inspect.signature(kind).parameters.values())
    needed = [p for p in arguments if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    space = vars(sys.modules.get(kind.__module__) or kind)
    world = World(sizes._replace(classes=outputs), dict(space), lambda c, s: instances(c, s.classes, {}, s))
    given: Values = {}
    for p in arguments:
        if p.name in (exactly or {}):
            given[p.name] = (exactly or {})[p.name]
            continue
        if "trunc" in p.name.lower():  # of how many steps back there is a gradient: of all
            given[p.name] = 1000
            continue
        known = SIZE_OF.get(p.name, KIND_OF.get(p.name, p.name))
        if p in needed and (told := invented(kind, p.name, world)) is not UNKNOWN:
            given[p.name] = told
            continue
        if p in needed and (word := word_for(kind, p.name)) is not None:
            given[p.name] = word
            continue
        if p in needed and (function := function_for(kind, p.name)) is not None:
            given[p.name] = function
            continue
        if known in values and (p in needed or (is_number(p.default) and known not in ("rate", "X", "Y"))):
            given[p.name] = values[known]
        if isinstance(given.get(p.name), list) and is_number(p.default):
            given[p.name] = sizes.hidden  # of one hidden layer, as its default is
    unknown = [p.name for p in needed if p.name not in given]
    held = {
        p.name: data[DATA_OF[p.name]] for p in needed if DATA_OF.get(p.name) in ("X", "Y") and DATA_OF[p.name] in data
    }
    if len(held) == 2 or (len(held) == 1 and "Y" in map(DATA_OF.get, held)):
        given, unknown = given | held, [n for n in unknown if n not in held]  # it is made of data and their labels
    if alone is not None and len(needed) == 1 and (unknown or isinstance(given[needed[0].name], list)):
        return kind(**given | {needed[0].name: alone})
    guessed = {name: values[said] for name in unknown if (said := said_by_parts(name)) in values}
    if len(unknown) > 1:  # the only one is all sizes together
        given |= guessed
        unknown = [name for name in unknown if name not in guessed]
    if len(unknown) == 1 and len(needed) > 1 and uses_of(kind, unknown[0]).is_a_number_of_units:
        given[unknown.pop()] = sizes.features
    given |= by_place(unknown, outputs, sizes, {SIZE_OF.get(name, name): v for name, v in given.items()})
    if missing := [name for name in unknown if name not in given]:
        raise TypeError(f"{kind.__name__}: nothing is known of its parameter {missing[0]}")
    return made_of(kind, given)


def made_of(kind: type, given: Values) -> Any:
    """kind(**given); where a number turns out to be a list, of layers that are hidden, with a list of it alone."""
    try:
        return kind(**given)
    except TypeError as error:
        if not NO_LIST.search(str(error)):
            raise
        for name in (n for n, value in given.items() if type(value) is int):
            with contextlib.suppress(Exception):  # it is another one
                return kind(**given | {name: [given[name]]})
        raise


def is_number(value: Any) -> bool:
    """Whether a default is a number, and no flag."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def trained(made: Any, data: Values) -> dict[str, list[Place]]:
    """The parameters of a model that makes them when it is first trained."""
    start = method(type(made), f"{FIT} initialize init_weights _init_weights build initialize_parameters")
    if start is None:
        return {}
    call(getattr(made, start.__name__), data | one_step(start, STEP, data))
    return parameters_of(made)


def one_step(f: Callable[..., Any], rate: float, data: Values) -> Values:
    """What a function or a class is given so that it makes one step of this rate with all the data."""
    given: Values = {}
    for name in inspect.signature(f).parameters:
        if "batch" in name.lower():
            given[name] = np.size(data["Y"])
        elif any(word in name.lower() for word in TRAINING):
            given[name] = 1
        elif KIND_OF.get(name) == "rate":
            given[name] = rate
    return given


def class_of(value: Any) -> type:
    return value if isinstance(value, type) else type(value)
