"""Derivatives of one's own: a function with its hand-written backward becomes one step of a recording."""

import inspect
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import update_wrapper, wraps
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from .calls import held
from .derivatives import DERIVATIVES, EveryArgument, Rule, records
from .signatures import KNOWN, Known
from .versions import is_tensor

P = ParamSpec("P")
R = TypeVar("R")


class Primitive(Generic[P, R]):
    """A function and its hand-written gradient, called as the function is.

    function, backward   as they were written
    step                 the function as it stands in the table of derivatives and in a recording
    """

    def __init__(self, function: Callable[P, R], backward: Rule) -> None:
        update_wrapper(self, function)
        self.function, self.backward, self.step = function, backward, step_of(function)
        KNOWN[self.step] = known(function)
        DERIVATIVES[self.step] = Together(self.step, backward)

    def __call__(self, *arguments: P.args, **keywords: P.kwargs) -> R:
        tensor: Any = next(filter(records, (*arguments, *keywords.values())), None)
        if tensor is None:
            return self.function(*arguments, **keywords)
        return tensor.__array_function__(self.step, (type(tensor),), arguments, keywords)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<primitive {self.step.__name__}>"


def primitive(backward: Callable[..., Any]) -> Callable[[Callable[P, R]], Primitive[P, R]]:
    """The derivative of a function as it was written by hand, where the function's own operations would be recorded.

    y = function(*arguments, **keywords) is one array. Given g = d(cost)/dy, of the shape of y, backward(g, y,
    *arguments, **keywords) returns the vector-Jacobian product g^T dy/dx of each argument x given by position: a tuple,
    each of the shape of its x, or one array where there is one argument. None says that an argument has no gradient.

        @primitive(lambda dZ, Z, A, W, b: (W.T @ dZ, dZ @ A.T, np.sum(dZ, axis=1, keepdims=True)))
        def linear_forward(A, W, b):
            return W @ A + b

    This is the course's linear_backward without its 1/m: there dZ is of the loss summed over m examples, and dW and db
    are of the mean; a vector-Jacobian product knows of no examples, the 1/m is the cost's.

    On arrays the function is the plain function. On tensors it is one step, for grad, check, explain and viz.draw; the
    gradient of a gradient is that of backward's own operations, where they are NumPy's. Neither sees the tensors: what
    they are given are arrays, read-only but for g. A recording trusts backward; check_primitive(linear_forward, A, W,
    b) holds it against differences. A step that is to be replayed is recorded each time.

    TypeError, when a gradient is asked for: backward returns another number of gradients, or None for an argument that
    is a tensor; ValueError: one of another shape.
    """
    if not callable(backward):
        raise TypeError(f"primitive: backward is {backward!r:.60}; expected is a function: @primitive(backward)")
    return lambda function: Primitive(function, backward)


def step_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a step: its result is a new array."""

    @wraps(function)
    def step(*arguments: Any, **keywords: Any) -> Any:
        tensor = next(filter(records, arguments), None)
        if tensor is not None:  # what stands for an array while calls are written down
            return tensor.__array_function__(step, (type(tensor),), arguments, keywords)
        y = function(*arguments, **keywords)
        if isinstance(y, tuple | list | dict) or y is None or records(y):
            hint = "give it what it reads as an argument" if records(y) else "return the result alone"
            raise TypeError(f"{step.__name__}: a primitive returned {type(y).__name__}; expected is an array: {hint}")
        return y.copy() if hasattr(y, "copy") else np.array(y)

    return step


def known(function: Callable[..., Any]) -> Known:
    """Every argument that can be given by position may be a tensor, and no other."""
    parameters = list(inspect.signature(function).parameters.values())
    positional = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    keywords = frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    return Known(10**9 if any_number else len(positional), positional, keywords, any_number)


def is_primitive(function: Any) -> bool:
    """Whether a function in a recording has a derivative of somebody's own."""
    return isinstance(DERIVATIVES.get(function), Together)


def hand_written(step: Callable[..., Any], g: Any, arguments: Sequence[Any]) -> list[Any]:
    """What the backward of a step gives: a gradient, or None, for each argument."""
    return DERIVATIVES[step].gradients(g, step(*arguments), tuple(arguments), {})  # type: ignore[no-any-return]


class Together(EveryArgument):
    """The rules of a function whose gradients come from one call of its backward."""

    def __init__(self, step: Callable[..., Any], backward: Rule) -> None:
        self.step, self.backward = step, backward

    def __iter__(self) -> Iterator[Rule]:
        found: list[Any] = []  # of one visit of a walk

        def at(i: int) -> Rule:
            def rule(g: Any, y: Any, *arguments: Any, **keywords: Any) -> Any:
                if not found:
                    found.extend(self.gradients(g, y, arguments, keywords))
                return self.checked(found[i], i, g)

            return rule

        return map(at, itertools.count())

    def __getitem__(self, i: int) -> Rule:
        return next(itertools.islice(iter(self), i, None))

    def gradients(self, g: Any, y: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> list[Any]:
        """What backward returns; it may write into its g and its tensors, which are its own."""
        if any(map(is_tensor, (g, *arguments))):
            own: Any = tuple(np.copy(a) if is_tensor(a) else a for a in arguments)
        else:  # no tensors, and nothing that stands for an array
            g, y, own = held(g), held(y), held(arguments)
        found = self.backward(np.copy(g), y, *own, **keywords)
        parts = list(found) if isinstance(found, tuple | list) else [found]
        if len(parts) != len(arguments):
            raise TypeError(
                f"{self.step.__name__}: its backward returned {len(parts)} gradients for {len(arguments)} arguments; "
                "expected is one for each, None where there is none"
            )
        return parts

    def checked(self, part: Any, i: int, g: Any) -> Any:
        name = self.step.__name__
        if part is None:
            raise TypeError(
                f"{name}: its backward returned None for argument {i}, which is a tensor; return zeros where the "
                "gradient is 0, or give a plain array"
            )
        if not hasattr(part, "dtype"):
            part = np.asarray(part)
        if part.dtype.kind not in "fiu":
            raise TypeError(f"{name}: its backward returned an array of dtype {part.dtype} for argument {i}")
        if is_tensor(g) and not is_tensor(part) and np.any(part):
            raise TypeError(
                f"{name}: its backward lost g on the way to the gradient of argument {i}: it cannot be differentiated "
                "again; write it in NumPy, with g as it is given"
            )
        return part
