"""A plain array that takes a tensor in: the tensor stands in its place from then on, wherever the array was held.

That is right only if nobody goes on looking at the array. Python counts the references to it: each has to be one
that is found here and can be bound anew (a local variable, an attribute, an entry of a dict or a list), else it is
refused. A view holds a reference to what it is a view of, and so do iterators, tuples and generators, which are not
bound anew.
The array itself is filled with nan: no number in it passes for another.
"""

import contextlib
import ctypes
import functools
import gc
import inspect
import sys
from collections.abc import Iterator
from types import CellType, FrameType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any

import numpy as np

from ..engine.standing import standing
from ..engine.tensor import Tensor
from .places import is_inside

SNAPSHOTS = sys.version_info < (3, 13)  # f_locals is a dict that holds the values a second time
BORROWED = sys.version_info >= (3, 14)  # an argument may be a variable of the caller that is not counted twice
NEAR, MANY = 3, 10_000  # functions, and objects, that are searched for what holds an array
_one = [np.zeros(1)]
ALONE = sys.getrefcount(_one[0])  # of an array that is in a list of one entry alone


class Place:
    """Where an array is held, beside local variables: a dict or a list and the key in it, or whose attribute it is."""

    __slots__ = ("holder", "key")

    def __init__(self, holder: Any, key: Any) -> None:  # no NamedTuple, whose code a watcher would watch
        self.holder, self.key = holder, key

    def get(self) -> Any:
        entry = isinstance(self.holder, dict | list)
        return self.holder[self.key] if entry else getattr(self.holder, self.key, None)

    def put(self, value: Any) -> None:
        if isinstance(self.holder, dict | list):
            self.holder[self.key] = value
        else:
            setattr(self.holder, self.key, value)


def stand_in(held: list[Any], tensor: Tensor) -> Tensor:
    """Put a tensor in the place of the array that held holds, and that no variable of the caller holds any more."""
    local, places, found = places_of(held)
    if found != references(held) or not base_is_unseen(held[0]):
        raise TypeError(
            f"an array of shape {held[0].shape} would take a tensor in, while something else looks at it, such as a "
            "view, a tuple or a loop over it: write z = Tensor(a).copy() before z[i] = t"
        )
    for frame, name in local:
        bind(frame, name, tensor)
    for place in places:
        place.put(tensor)
    if places and standing.undo is not None:
        standing.undo.append(functools.partial(give_back, held.copy(), tensor, places))
    held[0][...] = np.nan
    return tensor


def give_back(held: list[Any], tensor: Tensor, places: list[Place]) -> None:
    """The array where it was, with the values that the tensor has; not where something else is by now."""
    held[0][...] = tensor.recorded
    for place in places:
        with contextlib.suppress(LookupError, ValueError):
            if place.get() is tensor:
                place.put(held[0])


def whole(held: list[Any], index: Any) -> tuple[list[Any], Any]:
    """The array of an assignment a[i][j] = t and the index in it: a[i] is a view that nobody keeps."""
    settle()
    if type(held[0].base) is not np.ndarray or references(held):
        return held, index
    view = held.pop()
    base = [view.base]
    return base, tuple(axis[index] for axis in positions(view, base[0]))


def settle() -> None:
    """Take what our own variables held before out of the copies that are made of them."""
    frame: FrameType | None = sys._getframe(1)
    while SNAPSHOTS and frame is not None and frame.f_globals.get("__package__") == __package__:
        _, frame = frame.f_locals, frame.f_back


def positions(view: Any, base: Any) -> list[Any]:
    """Where in an array that owns its memory the entries of a view of it are, an index array per axis."""
    steps = [n * stride for n, stride in zip(np.indices(view.shape), view.strides, strict=True)]
    offsets = sum(steps, np.zeros(view.shape, int)) + view.ctypes.data - base.ctypes.data
    found = [np.zeros(view.shape, int)] * base.ndim
    for axis in sorted(range(base.ndim), key=lambda axis: -base.strides[axis]):
        if base.shape[axis] > 1:
            found[axis], offsets = divmod(offsets, base.strides[axis])
    return found


def references(held: list[Any]) -> int:
    """How many references there are to an array beside that of the list."""
    return sys.getrefcount(held[0]) - ALONE


def places_of(held: list[Any]) -> tuple[list[tuple[FrameType, str]], list[Place], int]:
    """The local variables and the other places that hold an array, and how many references they are."""
    local, snapshots, around, found = [], set(), [], 0
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and (BORROWED or found < references(held)):
        if frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            names = [name for name, value in list(frame.f_locals.items()) if value is held[0]]
            if names and is_inside(frame.f_code.co_filename) and frame.f_globals.get("__package__") != __package__:
                return [], [], -1  # our own, which go on as they are
            own = [name for name in names if name not in (*frame.f_code.co_cellvars, *frame.f_code.co_freevars)]
            local += [(frame, name) for name in own]
            found += len(own) + (len(names) if SNAPSHOTS else 0)
            if SNAPSHOTS:
                snapshots.add(id(frame.f_locals))
        if frame.f_globals.get("__package__") != __package__:
            around.append(frame)
        frame = frame.f_back
    places: dict[tuple[int, Any], Place] = {}
    notes: set[int] = set()
    for search in (near(around[:NEAR], held), gc.get_referrers) if found < references(held) else ():
        for holder in search(held[0]) if callable(search) else search:
            if holder is not held and id(holder) not in snapshots:
                new, noted = places_in(holder, held)
                places |= {(id(place.holder), place.key): place for place in new}
                notes |= {id(holder)} if noted else set()
        if found + len(places) + len(notes) == references(held):
            break
    return local, list(places.values()), found + len(places) + len(notes)


def near(frames: list[FrameType], held: list[Any]) -> Iterator[Any]:
    """What the variables of functions that run lead to, and the garbage collector need not know: dicts of arrays."""
    todo: list[Any] = [value for frame in frames for value in (*frame.f_locals.values(), frame.f_globals)]
    watcher = getattr(sys.gettrace(), "__self__", None)
    todo += [getattr(watcher, "arrays", None), getattr(watcher, "outside", None)]
    seen: set[int] = set()
    while todo and len(seen) < MANY:
        found = todo.pop()
        if id(found) in seen or isinstance(found, np.ndarray | ModuleType | FunctionType | type) or found is held:
            continue
        seen.add(id(found))
        if isinstance(found, dict):
            yield found
            todo += found.values()
        elif isinstance(found, list | tuple):
            yield found
            todo += found
        elif type(attributes := getattr(found, "__dict__", None)) is dict:
            todo.append(attributes)


def places_in(holder: Any, held: list[Any]) -> tuple[list[Place], bool]:
    """The places in what refers to an array; and whether it is the note of somebody who watches, by its id."""
    if isinstance(holder, CellType):
        return [Place(holder, "cell_contents")], False
    if isinstance(holder, list):
        return [Place(holder, i) for i, value in enumerate(holder) if value is held[0]], False
    if not isinstance(holder, dict):
        slots = [name for kind in type(holder).__mro__ for name in slots_of(kind)]
        places = [Place(holder, name) for name in slots if getattr(holder, name, None) is held[0]]
        holder = getattr(holder, "__dict__", None)  # of an object whose attributes are kept without a dict until now
        if places or type(holder) is not dict:
            return places, False
    if holder.get(id(held[0])) is held[0]:
        return [], True
    keys = [key for key, value in list(holder.items()) if value is held[0]]
    if keys and "__module__" in holder and "__dict__" in holder:
        kinds = [kind for kind in gc.get_referrers(holder) if isinstance(kind, type)]
        return [Place(kinds[0], key) for key in keys] if kinds else [], False
    return [Place(holder, key) for key in keys], False


def slots_of(kind: type) -> list[str]:
    """The attributes that a class keeps without a dict."""
    own = vars(kind)
    return [name for name, kept in own.items() if "__slots__" in own and isinstance(kept, MemberDescriptorType)]


def base_is_unseen(array: Any) -> bool:
    """Whether nobody looks at the memory of a view but the view."""
    if array.base is None:
        return True
    base = [array.base]
    if type(base[0]) is not np.ndarray or base[0].base is not None:
        return False
    more = references(base) - 1
    return more == 0 or more == sum(places_in(holder, base)[1] for holder in gc.get_referrers(base[0]))


def bind(frame: FrameType, name: str, value: Any) -> None:
    """name = value, in a function that runs."""
    frame.f_locals[name] = value
    if SNAPSHOTS:
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
