"""What an argument is given that nobody gives, by what is done with it: an object of the file, a function, a dict."""

import ast
import contextlib
import copy
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ..places import somebodys
from .guessing import function_for, hands_on, said_by_parts
from .uses import Uses, uses_of
from .values import SIZE_OF, Sizes, Values, tree_of

OF_LIBRARIES = set(dir(np.ndarray)) | set(dir(dict)) | set(dir(list)) | set(dir(str)) | set(dir(np.random.Generator))
OF_ARRAYS = set(dir(np.ndarray)) - set(dir(list))  # what no list has
UNKNOWN = object()
Make = Callable[[type, Sizes], Any]  # an object of a class, for so many features, hidden units and classes


class World(NamedTuple):
    """What arguments are made of: sizes, the classes and functions of the file, and what makes objects of them."""

    sizes: Sizes
    space: dict[str, Any]
    make: Make
    deep: int = 3


def invented(owner: Any, name: str, world: World, kind: type | None = None) -> Any:
    """What a function or a class is given under this name, where its code tells; UNKNOWN where that does not."""
    try:
        uses = uses_of(owner, name, kind)
    except (RecursionError, ValueError, TypeError):
        return UNKNOWN
    return by_uses(uses, owner, name, world)


def by_uses(uses: Uses, owner: Any, name: str, world: World) -> Any:
    if world.deep < 0:
        return UNKNOWN
    asked = uses.methods - OF_LIBRARIES
    if asked or (uses.called is not None and uses.attributes - OF_LIBRARIES):
        return an_object(uses, asked, world)
    if uses.called is not None:
        found = function_for(owner, name)
        return UNKNOWN if found is None else found
    if uses.keys and not any(part.table for part in uses.keys.values()):
        return a_dict(uses, owner, world)
    if uses.element is not None and not uses.index and not (uses.methods | uses.attributes) & OF_ARRAYS:
        return a_list(uses.element, world)
    if uses.attributes - OF_LIBRARIES and not uses.table and not uses.number:
        return settings(uses.attributes, world)
    return UNKNOWN


def an_object(uses: Uses, asked: set[str], world: World) -> Any:
    """An object of the first class that has these methods, and attributes; one that hands on what it is given last."""
    wanted = {*asked, *(["__call__"] if uses.called is not None else [])}
    fitting = [c for c in classes_in(world.space) if all(has(c, name) for name in wanted)]
    fitting = [c for c in fitting if all(has(c, a) for a in uses.attributes - OF_LIBRARIES)] or fitting
    found = list[Any]()
    for kind in fitting:
        with contextlib.suppress(Exception):  # another may be made
            found.append(world.make(kind, world.sizes))
            if not any(hands_on(getattr(copy.deepcopy(found[-1]), name)) for name in wanted):
                return found[-1]
    return found[0] if found else UNKNOWN


def a_list(element: Uses, world: World) -> Any:
    """Layers one after another, the numbers of their units, or the numbers of words; UNKNOWN for a list of tables."""
    asked = element.methods - OF_LIBRARIES
    if asked:
        return layers(asked, world)
    if element.size and not element.table:
        return [world.sizes.features, *world.sizes.deep, world.sizes.classes]
    if element.index and not (element.table or element.axes or element.element):
        return [i % world.sizes.features for i in (0, 3, 1, 1, 2)]
    return UNKNOWN


def layers(asked: set[str], world: World) -> Any:
    """Two layers with parameters and between them one without, if there is one."""
    fitting = [c for c in classes_in(world.space) if all(has(c, name) for name in asked)]
    sized = [c for c in fitting if sizes_needed(c)]
    plain = [c for c in fitting if not needed(c)]
    if not sized:
        return UNKNOWN
    n, h, c = world.sizes.features, world.sizes.hidden, world.sizes.classes
    between = plain[:1]
    try:
        first, last = (
            world.make(sized[0], world.sizes._replace(features=a, hidden=b, classes=b)) for a, b in ((n, h), (h, c))
        )
        return [first, *(world.make(kind, world.sizes) for kind in between), last]
    except Exception:
        return UNKNOWN


def needed(kind: type) -> list[str]:
    arguments = inspect.signature(kind).parameters.values()
    return [p.name for p in arguments if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]


def sizes_needed(kind: type) -> bool:
    """Whether a class takes two numbers of units, as a layer with weights does."""
    return sum(uses_of(kind, name).size for name in needed(kind)) == 2


def a_dict(uses: Uses, owner: Any, world: World) -> Any:
    """A value for each word that is asked for."""
    return {key: setting(key, part, owner, world) for key, part in uses.keys.items()}


def setting(name: str, uses: Uses, owner: Any, world: World) -> Any:
    """The value of a setting, by what is done with it, and then by its name."""
    if uses.words:
        return uses.words[0]
    found = by_uses(uses, owner, name, world._replace(deep=world.deep - 1))
    if found is not UNKNOWN:
        return found
    said = SIZE_OF.get(name) or said_by_parts(name)
    known: Values = {"features": world.sizes.features, "hidden": world.sizes.hidden, "classes": world.sizes.classes}
    if uses.size:
        return 3 if uses.times and said is None else known.get(said or "", world.sizes.hidden)
    return 0.1 if uses.number else known.get(said or "", 0.1)


def settings(names: Iterable[str], world: World) -> Any:
    """An object that is asked for attributes alone, as parsed arguments are."""
    return SimpleNamespace(**{name: setting(name, Uses(), None, world) for name in names})


def classes_in(space: dict[str, Any]) -> list[type]:
    """The classes of a file, and those that it imports and that are written in Python; no mere bases of others."""
    own = [c for c in space.values() if inspect.isclass(c)]
    own = [c for c in own if c.__module__ == space.get("__name__") or inspect.isfunction(c.__init__)]
    return [c for c in dict.fromkeys(own) if not any(c in other.__mro__[1:] for other in own)]


def said_of(given: Values) -> str:
    """Which of a file's classes and functions were chosen for what is given, and for what objects were made of."""
    named = dict(given)
    for made in given.values():
        takes = inspect.signature(type(made)).parameters if is_of_a_file(type(made)) else ()
        held = {n.lstrip("_"): v for n, v in getattr(made, "__dict__", {}).items()}
        named |= {n: held[n] for n in takes if n in held}
    said = [f"{n} is {word}" for n, v in named.items() if n != "self" and (word := called_so(v))]
    return f" Chosen: {', '.join(said)}." if said else ""


def called_so(value: Any) -> str:
    """A Tanh for an object, the name of a function, and these in a list; nothing for what no file defines."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(called_so, value)))
    if inspect.isfunction(value):
        return value.__name__
    kind = type(value)
    return f"a {kind.__name__}" if is_of_a_file(kind) else ""


def is_of_a_file(kind: type) -> bool:
    """Whether a class is written in Python in somebody's file."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return bool(file) and somebodys(str(file))


def has(kind: type, name: str) -> bool:
    """Whether objects of a class have a method or an attribute; type itself has a __call__."""
    if any(name in vars(c) for c in kind.__mro__):
        return True
    return any(f"self.{name} =" in text or f"self.{name}," in text for text in sources(kind))


def sources(kind: type) -> Iterator[str]:
    for c in kind.__mro__[:-1]:
        yield ast.unparse(tree_of(c))
