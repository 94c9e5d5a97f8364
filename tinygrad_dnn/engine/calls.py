"""What happens when a NumPy function meets a tensor and has no derivative in the table: it is composed, or refused.

A composition is said with other functions, which record themselves; its result has to be NumPy's own. What cannot be
recorded is refused, with what to write instead. Nothing here knows how a tensor records a call.
"""

import itertools
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from .compositions import COMPOSED, COMPOSED_VIEWS, IN_PLACE, SAME_AS_NUMPY
from .constants import as_data
from .derivatives import DERIVATIVES, agrees, records
from .signatures import IN_PRECISION, KNOWN, OF_PRECISION, OPERANDS, check_parameters, full_name
from .versions import is_tensor, lay_out


def compose(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The composition's result, which has to be NumPy's own: what NumPy refuses is refused by NumPy itself."""
    check_parameters(function, arguments, keywords)
    expected = None
    if function not in SAME_AS_NUMPY:
        as_given = held if function in IN_PLACE else plain
        values = [as_given(a) for a in arguments]
        if function in IN_PLACE and isinstance(values[0], np.ndarray):
            values[0] = values[0].copy()
        expected = function(*values, **{name: as_given(value) for name, value in keywords.items()})
        expected = values[0] if function in IN_PLACE else expected
    data = KNOWN[function].data
    given = (as_data(a) if i < data else a for i, a in enumerate(arguments))
    result = COMPOSED[function](
        *given, **{name: as_data(value) if name in OPERANDS else value for name, value in keywords.items()}
    )
    if expected is not None:
        found = same_as(function, arguments[0] if function in IN_PLACE else result, expected)
        result = None if function in IN_PLACE else found
    several = isinstance(result, list | tuple)
    for i, part in enumerate(result if several else (result,)):
        if is_tensor(part) and not any(part is a for a in arguments):
            owner = arguments[i] if several and len(arguments) == len(result) else arguments[0]
            own = any(part.base is a for a in arguments)
            view = function in COMPOSED_VIEWS and is_tensor(owner)
            part.base = owner if view else part.base if own else None
            numpys = expected[i] if several and expected is not None else expected
            if part.base is None and isinstance(numpys, np.ndarray):
                lay_out(part, numpys)
    return result


def held(value: Any) -> Any:
    """As plain, and with the numbers themselves for what stands for an array while its calls are written down."""
    value = value.data if is_tensor(value) else value
    if type(value) in (tuple, list):
        return type(value)(map(held, value))
    return value.value if records(value) else value


def plain(value: Any) -> Any:
    """The value with every tensor in it replaced by its data."""
    if is_tensor(value):
        return value.data
    return type(value)(map(plain, value)) if type(value) in (tuple, list) else value


def same_as(function: Any, found: Any, expected: Any) -> Any:
    """What was found, in the precision that is expected; TypeError where the values or shapes are others."""
    if isinstance(expected, list | tuple):
        parts = [same_as(function, *pair) for pair in zip(found, expected, strict=True)]
        return type(found)(*parts) if hasattr(found, "_fields") else type(found)(parts)
    if not isinstance(expected, np.ndarray | np.floating):
        return found
    values = plain(found) if records(expected) else np.asarray(held(found))
    if values.shape != expected.shape or not agrees(values, expected):
        other = f"shape {values.shape}" if values.shape != expected.shape else "other values"
        raise TypeError(
            f"{full_name(function)}: called like this it cannot be recorded: NumPy gives an array of shape "
            f"{expected.shape}, the recording one of {other}. Say it with simpler functions"
        )
    if is_tensor(found) and found.dtype != expected.dtype and expected.dtype.kind == "f":
        return found.astype(expected.dtype)
    return found


def call_in(dtype: Any, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A function with dtype=: its operands in this precision, or its result where NumPy computes first."""
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{full_name(function)}: dtype={dtype} holds no gradient; a floating-point type is expected")
    if function in OF_PRECISION:
        return function(*arguments, **keywords).astype(dtype)
    if function not in IN_PRECISION and not isinstance(function, np.ufunc):
        raise TypeError(f"{full_name(function)}: dtype cannot be recorded; write t.astype({dtype}) before")
    operands = (a if is_tensor(a) else np.asarray(a) for a in arguments[: KNOWN[function].data])
    in_precision = [a if a.dtype == dtype else a.astype(dtype) for a in operands]
    return function(*in_precision, *arguments[KNOWN[function].data :], **keywords)


REDUCTIONS: dict[Any, Any] = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}
ACCUMULATIONS: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


def ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """np.add.reduce as np.sum over the first axis, np.add.accumulate as np.cumsum, np.multiply.outer on more axes."""
    if method == "at" and ufunc in (np.add, np.subtract) and is_tensor(inputs[0]):
        return inputs[0].add_at(ufunc, *inputs[1:])
    if method == "outer" and len(inputs) == 2 and not keywords:
        a, b = (x if is_tensor(x) else np.asarray(x) for x in inputs)
        return ufunc(np.reshape(a, (*np.shape(a), *[1] * np.ndim(b))), b)
    if method not in ("reduce", "accumulate") or ufunc not in DERIVATIVES or ufunc.nin != 2:
        raise TypeError(f"{full_name(ufunc)}.{method} is not recorded; write it with functions that are")
    a, *rest = inputs
    keywords = {"axis": rest[0] if rest else 0} | {k: v for k, v in keywords.items() if v is not None or k == "axis"}
    if len(rest) > 1:
        raise TypeError(f"{full_name(ufunc)}.{method}: only the axis can be given by position")
    unknown = keywords.keys() - {"axis", "keepdims", "out", "dtype"} - {k for k, v in keywords.items() if v is True}
    if unknown or keywords.get("dtype") is not None:
        raise TypeError(f"{full_name(ufunc)}.{method}: {', '.join(sorted(unknown)) or 'dtype'} cannot be recorded")
    keywords = {k: v for k, v in keywords.items() if k in ("axis", "keepdims")}
    table = REDUCTIONS if method == "reduce" else ACCUMULATIONS
    return table[ufunc](a, **keywords) if ufunc in table else fold(ufunc, method, a, **keywords)


def fold(ufunc: np.ufunc, method: str, a: Any, axis: Any, keepdims: bool = False) -> Any:
    """f(f(f(a_0, a_1), a_2), ...) along an axis; the last, or all of them. What NumPy refuses is refused by NumPy."""
    name = f"{full_name(ufunc)}.{method}"
    expected = getattr(ufunc, method)(a.data, axis, **({"keepdims": keepdims} if method == "reduce" else {}))
    if method == "reduce" and (axis is None or isinstance(axis, tuple)):
        axes = tuple(range(a.ndim)) if axis is None else tuple(i % a.ndim for i in axis)
        if len(axes) == a.ndim != 1:
            y = fold(ufunc, method, np.ravel(a), 0)
            return np.reshape(y, (1,) * a.ndim) if keepdims else y
        if len(axes) != 1:
            raise TypeError(f"{name}: axis={axis!r} cannot be recorded; give one axis after the other")
        axis = axes[0]
    if a.ndim == 0 or a.shape[axis] == 0:
        raise TypeError(f"{name}: an array of shape {a.shape} has nothing to fold along axis {axis}")
    first, *rest = (np.take(a, i, axis) for i in range(a.shape[axis]))
    steps = list(itertools.accumulate(rest, ufunc, initial=first))
    y = np.stack(steps, axis) if method == "accumulate" else steps[-1]
    return same_as(ufunc, np.expand_dims(y, axis) if keepdims else y, expected)


def into(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """function(..., out=t): an assignment to the whole of t, or to where the keyword where says."""
    keywords = dict(keywords)
    out = keywords.pop("out")
    out = out[0] if isinstance(out, tuple) and len(out) == 1 else out
    if not is_tensor(out):
        raise TypeError(f"{full_name(function)}: out= of a plain array cannot be recorded; write x = x + t for x += t")
    where: Any = ...
    if keywords.get("where", True) is not True:
        where = np.broadcast_to(as_given(keywords.pop("where")), out.shape)
        arguments = tuple(np.broadcast_to(a, out.shape)[where] for a in arguments)
    out[where] = function(*arguments, **keywords)
    return out


def as_given(condition: Any) -> Any:
    return condition.data if is_tensor(condition) else condition


PARTLY = {f for f, rules in DERIVATIVES.items() if type(rules) is tuple and None in rules}  # constant in some arguments


def has_derivative(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """False where tensors only stand where a function is constant by steps, such as the condition of np.where."""
    rules = DERIVATIVES[function]
    constant = [is_tensor(a) and rule is None for a, rule in zip(arguments, rules, strict=False)]
    return sum(constant) < sum(is_tensor(a) for a in (*arguments, *keywords.values()))


def refuse(function: Any) -> NoReturn:
    raise TypeError(
        f"{full_name(function)} is not recorded: it is not in the table of derivatives. Say it with functions that "
        "are, or pass t.data if a constant is meant"
    )


# What to write for a Python function that converts its arguments, where the protocols cannot see the call.
INSTEAD = {
    "full": "Write value * np.ones(shape) for np.full(shape, value)",
    "softmax": "Write e = np.exp(z - np.max(z, axis=0, keepdims=True)) and e / np.sum(e, axis=0, keepdims=True)",
    "log_softmax": "Write z - np.logaddexp.reduce(z, axis=0, keepdims=True)",
    "logsumexp": "Write np.logaddexp.reduce(z, axis=0), or axis=None for all entries",
}
USUALLY = (
    "Write np.dot(X, W) or X @ W for X.dot(W), t itself for np.array(t) and np.asarray(t), np.stack([t, u]) for "
    "np.array([t, u]), and z = Tensor(a).copy() before z[i] = t; or t.data where a constant is meant"
)


def instead(frame: FrameType | None) -> str:
    """The advice for whoever converts a tensor: that of the library's function it was given to, if there is one."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith(("numpy", "scipy")):
        if frame.f_code.co_name in INSTEAD:
            return INSTEAD[frame.f_code.co_name]
        frame = frame.f_back
    return USUALLY
