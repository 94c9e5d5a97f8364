"""Whether a function cuts a vector up that it is given, or only computes with it: then its length is that of the data.

It is called once with something that computes as a vector does and notes when it is indexed, reshaped or handed to
what looks at it as an array. A function that fails before it did so fails at any length that does not fit the data.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def is_cut_up(run: Callable[[Any], Any], length: int) -> bool:
    """Whether a vector of this length is taken apart when a function runs on it."""
    vector = Vector(np.linspace(-0.5, 0.5, length), [])
    try:
        with np.errstate(all="ignore"):
            run(vector)
    except Exception:  # at this length it is no wonder
        pass
    return bool(vector.cuts)


class Vector(np.lib.mixins.NDArrayOperatorsMixin):
    """What computes as an array does, and is none. cuts: what was made of it that is as long no more."""

    def __init__(self, values: Any, cuts: list[Any]) -> None:
        self.values, self.cuts = values, cuts

    def __array__(self, *_: Any, **__: Any) -> Any:
        self.cuts.append(self.values)  # nobody knows what becomes of it
        return self.values

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        return getattr(function, method)(*plain(inputs), **{k: plain(v) for k, v in keywords.items()})

    def __array_function__(self, function: Any, _: Any, inputs: Any, keywords: Any) -> Any:
        with self.cutting(meets_others([inputs, keywords])):
            found = function(*plain(inputs), **{k: plain(v) for k, v in keywords.items()})
        return found if meets_others([inputs, keywords]) else self.cut(found)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.values, name)
        if not callable(found):
            return self if name == "T" else found

        def method(*inputs: Any, **keywords: Any) -> Any:
            with self.cutting(meets_others([inputs])):
                result = found(*plain(inputs), **keywords)
            return result if meets_others([inputs]) else self.cut(result)

        return method

    def __getitem__(self, index: Any) -> Any:
        return self.cut(self.values[plain(index)])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cut(list(self.values)))

    def __len__(self) -> int:
        return len(self.values)

    @contextlib.contextmanager
    def cutting(self, meets: bool) -> Iterator[None]:
        """An error where nothing else takes part is one of a length that does not fit, as of a reshape."""
        try:
            yield
        except Exception:
            self.cuts += [] if meets else [self.values]
            raise

    def cut(self, found: Any) -> Any:
        """The same, noted where it is neither a number nor a vector as long."""
        if np.shape(found) == self.values.shape and isinstance(found, np.ndarray):
            return Vector(found, self.cuts)
        self.cuts += [found] if isinstance(found, list | tuple) or np.ndim(found) > 0 else []
        return found


def plain(value: Any) -> Any:
    if type(value) in (list, tuple):
        return type(value)(map(plain, value))
    return value.values if isinstance(value, Vector) else value


def meets_others(value: Any) -> bool:
    """Whether an array takes part beside the vector."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return any(map(meets_others, value))
    return isinstance(value, np.ndarray) and value.ndim > 0
