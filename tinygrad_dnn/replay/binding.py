"""How the arguments of a call are taken apart: which arrays are bound to which inputs, and what has to be as it was."""

from typing import Any

import numpy as np

from ..engine.tensor import Tensor
from .tape import Tape, Traced
from .values import is_unchanging


class NotReplayedError(Exception):
    """Why a step cannot be replayed."""


class NestedError(Exception):
    """A tensor came, or what stands for an array: this call is part of another recording."""


class Binding:
    """The lines that take the arguments of a call apart, or say that the list is not for them.

    traced   the arguments with arrays that write down what is called
    inputs   by the name in the text, the array that stands for each
    objects  what is no array, number or container, and is the same in each call
    """

    def __init__(self, tape: Tape, args: tuple[Any, ...], kwargs: dict[str, Any], differentiated: set[int]) -> None:
        self.tape, self.lines, self.held = tape, list[str](), dict[str, Any]()
        self.inputs: dict[str, Any] = {}
        self.objects: list[Any] = []
        self.count = 0
        names = [self.new("a") for _ in args]
        self.lines.append(f"if len(args) != {len(args)}: return again")
        if names:
            self.lines.append(f"{', '.join(names)}, = args")
        self.args = tuple(
            self.part(a, n, i in differentiated) for i, (a, n) in enumerate(zip(args, names, strict=True))
        )
        if kwargs:
            self.kwargs = self.part(dict(kwargs), "kwargs", False)
        else:
            self.kwargs = {}
            self.lines.append("if kwargs: return again")

    def new(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def keep(self, value: Any) -> str:
        name = self.new("k")
        self.held[name] = value
        return name

    def part(self, value: Any, name: str, differentiated: bool) -> Any:
        if isinstance(value, Tensor) or type(value) is Traced:
            raise NestedError
        if type(value) is dict:
            self.lines.append(
                f"if type({name}) is not dict or tuple({name}) != {self.keep(tuple(value))}: return again"
            )
            names = [self.new("x") for _ in value]
            if names:
                self.lines.append(f"{', '.join(names)}, = {name}.values()")
            return {k: self.part(v, n, differentiated) for (k, v), n in zip(value.items(), names, strict=True)}
        if type(value) in (list, tuple):
            kind = type(value).__name__
            self.lines.append(f"if type({name}) is not {kind} or len({name}) != {len(value)}: return again")
            names = [self.new("x") for _ in value]
            if names:
                self.lines.append(f"{', '.join(names)}, = {name}")
            return type(value)(self.part(v, n, differentiated) for v, n in zip(value, names, strict=True))
        if isinstance(value, dict | list | tuple):
            raise NotReplayedError(f"a {type(value).__name__} came; a dict, a list or a tuple can be taken apart again")
        number = differentiated and (isinstance(value, np.generic) or type(value) in (int, float, bool))
        if type(value) is np.ndarray or isinstance(value, np.floating) or number:  # an integer may be a length
            return self.array(value, name)
        if isinstance(value, np.ndarray):
            raise NotReplayedError(f"{type(value).__name__} has a meaning of its own; give np.asarray(...) of it")
        kept = self.keep(value)
        if is_unchanging(value):
            self.lines.append(f"if {name} is not {kept} and not alike({name}, {kept}): return again")
        else:
            self.lines.append(f"if {name} is not {kept}: return again")
            self.objects.append(value)
        return value

    def array(self, value: Any, name: str) -> Any:
        """An input, whose numbers are those of each call."""
        kind = type(value)
        if kind in (int, float, bool):
            self.lines += [f"if type({name}) is not {kind.__name__}: return again", f"{name} = array({name})"]
            value = np.array(value)
        elif value.dtype.kind not in "fiub":
            raise NotReplayedError(f"an array of dtype {value.dtype} came")
        elif kind is np.ndarray:
            same = f"{name}.shape != {value.shape} or {name}.dtype != {self.keep(value.dtype)}"
            self.lines.append(f"if type({name}) is not ndarray or {same}: return again")
        else:
            self.lines.append(f"if type({name}) is not {self.keep(kind)}: return again")
        self.inputs[name] = self.tape.input(value)
        return self.inputs[name]
