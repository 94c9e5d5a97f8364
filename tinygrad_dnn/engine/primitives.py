"""Derivatives of one's own: a function with its hand-written backward becomes one step of a recording."""

import copy
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import update_wrapper
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar

import numpy as np

from .calls import held
from .constants import UNCHANGING, Setting, is_subclass
from .derivatives import DERIVATIVES, EveryArgument, Rule, records
from .signatures import KNOWN, Known
from .versions import is_tensor, state

P = ParamSpec("P")
R = TypeVar("R")


class Primitive(Generic[P, R]):
    """A function and its hand-written gradient, called as the function is.

    function, backward   as they were written
    step                 the function as it stands in the table of derivatives and in a recording
    """

    def __init__(self, function: Callable[P, R], backward: Rule) -> None:
        if not callable(function):
            raise TypeError(
                f"primitive: {function!r:.60} came; expected is a function: write @primitive(backward) above it"
            )
        update_wrapper(self, function)
        self.function, self.backward, self.step = function, backward, step_of(function)
        self.signature, self.name = inspect.signature(function), self.step.__name__
        KNOWN[self.step] = known(self.signature, self.name)
        DERIVATIVES[self.step] = Together(self.name, backward)

    def __call__(self, *arguments: P.args, **keywords: P.kwargs) -> R:
        tensor: Any = next(filter(records, (*arguments, *keywords.values())), None)
        if tensor is None:
            return self.on_arrays(*arguments, **keywords)
        given, settings = self.bound(arguments, keywords)
        return tensor.__array_function__(self.step, (type(tensor),), given, settings)  # type: ignore[no-any-return]

    def on_arrays(self, *arguments: P.args, **keywords: P.kwargs) -> R:
        """What the function gives, as an array of its own; it has seen no tensor."""
        if holds_tensor((arguments, keywords)):
            raise hidden(self.name)
        y: Any = self.function(*arguments, **keywords)
        if holds_tensor(y):
            raise hidden(self.name)
        return y.copy() if type(y) is np.ndarray else y  # type: ignore[return-value]

    def bound(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as backward gets them: by position what can be, with the defaults of those in between."""
        bound = self.signature.bind(*arguments, **keywords)
        if bound.kwargs.keys() - KNOWN[self.step].keywords:
            bound.apply_defaults()
        for name, value in bound.kwargs.items():
            if records(value):
                raise TypeError(
                    f"{self.name}: {name} is a Tensor; only arguments that can be given by position are differentiated"
                )
        settings = {name: setting(value, self.name) for name, value in bound.kwargs.items()}
        return tuple(setting(a, self.name) for a in bound.args), settings

    def __set_name__(self, owner: type, name: str) -> NoReturn:
        raise TypeError(f"primitive: {name} is a method of {owner.__name__}; write @staticmethod above @primitive(...)")

    def __reduce__(self) -> str:
        return str(self.function.__qualname__)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


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

    On arrays the function is the plain function, with a new array as its result. On tensors it is one step, for grad,
    check, explain and viz.draw: the function and backward are given arrays, read-only but for g. In a gradient of a
    gradient backward is given tensors, and its own operations are differentiated; it may read nothing but what it is
    given. Arguments are arrays and numbers, and settings that cannot change or can be copied. Define it once, outside
    of what is differentiated. A step that is to be replayed is recorded each time.

    A recording trusts backward; check_primitive(linear_forward, A, W, b) holds it against differences.

    TypeError, when a gradient is asked for: backward returns another number of gradients, or None for an argument that
    is a tensor; ValueError: one of another shape.
    """
    if not callable(backward):
        raise TypeError(f"primitive: backward is {backward!r:.60}; expected is a function: @primitive(backward)")
    return lambda function: Primitive(function, backward)


def step_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a step: its result is a new array of real numbers."""

    def step(*arguments: Any, **keywords: Any) -> Any:
        tensor = next(filter(records, arguments), None)
        if tensor is not None:  # what stands for an array while calls are written down
            return tensor.__array_function__(step, (type(tensor),), arguments, keywords)
        own, settings = unwrapped(arguments), {name: unwrapped(value) for name, value in keywords.items()}
        y = function(*own, **settings)
        if is_tensor(y):
            raise hidden(name)
        y = held(y)
        if not hasattr(y, "dtype"):
            if isinstance(y, tuple | list | dict | set) or y is None:
                raise TypeError(f"{name}: it returned {type(y).__name__}; expected is one array, and it alone")
            y = np.asarray(y)
        if y.dtype.kind != "f" or is_subclass(y):
            raise TypeError(
                f"{name}: it returned {type(y).__name__} of dtype {y.dtype}; expected is a plain array of floating-"
                "point numbers: write np.asarray(result, dtype=float)"
            )
        return y.copy()

    name = getattr(function, "__name__", type(function).__name__)
    step.__name__ = name = name if name.isidentifier() else "primitive"
    step.__module__, step.__doc__ = getattr(function, "__module__", None) or "", function.__doc__
    step.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return step


def hidden(name: str) -> TypeError:
    return TypeError(
        f"{name}: it reads a Tensor that is no argument of its own; give each array it computes with by position"
    )


def holds_tensor(value: Any) -> bool:
    """Whether a tensor stands in containers."""
    if isinstance(value, dict):
        return any(map(holds_tensor, value.values()))
    return any(map(holds_tensor, value)) if isinstance(value, list | tuple | set) else records(value)


def setting(value: Any, name: str) -> Any:
    """An argument as it may stand in a recording: what is no array and no number as a setting, copied if need be."""
    array = isinstance(value, np.ndarray | np.generic) or hasattr(value, "__array_function__")
    if records(value) or array or type(value) in UNCHANGING:
        return value
    if holds_tensor(value):
        raise hidden(name)
    if isinstance(value, list | tuple | dict | set | frozenset):
        return Setting(copy.deepcopy(value))
    if callable(value) or isinstance(value, bytes | slice | range | np.dtype):
        return Setting(value)
    raise TypeError(
        f"{name}: {type(value).__name__} is an object that may change before the gradient is asked for; give what it "
        "computes with as arrays, numbers and plain settings"
    )


def unwrapped(value: Any) -> Any:
    if type(value) is tuple:
        return tuple(map(unwrapped, value))
    return value.value if type(value) is Setting else value


def known(signature: inspect.Signature, name: str) -> Known:
    """Every argument that can be given by position may be a tensor, and no other."""
    parameters = list(signature.parameters.values())
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        raise TypeError(f"primitive: {name} takes any keywords; name those that it knows after a *")
    positional = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    keywords = frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    return Known(10**9 if any_number else len(positional), positional, keywords, any_number)


def is_primitive(function: Any) -> bool:
    """Whether a function in a recording has a derivative of somebody's own."""
    return isinstance(DERIVATIVES.get(function), Together)


def hand_written(
    step: Callable[..., Any], g: Any, arguments: Sequence[Any], keywords: dict[str, Any] | None = None
) -> list[Any]:
    """What the backward of a step gives on arrays: a gradient, or None, for each argument."""
    rules, settings = DERIVATIVES[step], keywords or {}
    parts = rules.gradients(g, step(*arguments, **settings), tuple(arguments), settings)
    return [part if part is None else rules.checked(part, i, g) for i, part in enumerate(parts)]


class Together(EveryArgument):
    """The rules of a function whose gradients come from one call of its backward."""

    def __init__(self, name: str, backward: Rule) -> None:
        self.name, self.backward = name, backward

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
        settings = {name: unwrapped(value) for name, value in keywords.items()}
        if any(map(is_tensor, (g, y, *arguments))):
            found = self.recorded(own(g), own(y), map(own, unwrapped(arguments)), settings)
        else:  # no tensors, and nothing that stands for an array
            found = self.backward(np.copy(held(g)), held(y), *unwrapped(held(arguments)), **settings)
        parts = list(found) if isinstance(found, tuple | list) else [found]
        if len(parts) != len(arguments):
            raise TypeError(
                f"{self.name}: its backward returned {len(parts)} gradients for {len(arguments)} arguments; expected "
                "is one for each, None where there is none"
            )
        return parts

    def recorded(self, g: Any, y: Any, arguments: Iterable[Any], settings: dict[str, Any]) -> Any:
        """What backward returns of tensors: its code is recorded as anybody's."""
        before, state.records = state.records, False
        try:
            return self.backward(g, y, *arguments, **settings)
        except TypeError as error:
            error.add_note(f"It arose in the backward of {self.name}, which is recorded here: it has to be NumPy's.")
            raise
        finally:
            state.records = before

    def checked(self, part: Any, i: int, g: Any) -> Any:
        """A gradient as an array of its own."""
        if part is None:
            raise TypeError(
                f"{self.name}: its backward returned None for argument {i}, which is a tensor; return zeros where the "
                "gradient is 0, or give a plain array"
            )
        if is_tensor(part):
            return part
        part = part.copy() if hasattr(part, "dtype") else np.array(part)
        if part.dtype.kind not in "fiu" or is_subclass(part):
            raise TypeError(
                f"{self.name}: its backward returned {type(part).__name__} of dtype {part.dtype} for argument {i}; "
                "expected is a plain array of real numbers: write np.asarray(..., dtype=float)"
            )
        if is_tensor(g) and np.any(part):
            raise TypeError(
                f"{self.name}: its backward lost g on the way to the gradient of argument {i}: it cannot be "
                "differentiated again; write it in NumPy, with g as it is given"
            )
        return part


def own(a: Any) -> Any:
    """A tensor of one's own, to be written into."""
    return np.copy(a) if is_tensor(a) else a
