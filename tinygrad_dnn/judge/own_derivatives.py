"""A hand-written derivative of one step by itself: as a cost with gradients, and at the point where it was recorded."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..engine.primitives import Primitive, hand_written, is_primitive
from ..engine.tensor import Tensor
from .comparison import RESOLVED
from .differences import derivative
from .step import argument_names

MOST = 100  # steps of a recording that are looked at
CLOSE = 1e-6  # beside the error that a difference has by its own estimate


class Trial:
    """A primitive as a cost, the sum of g * function(*arguments), with what its backward gives as the gradients.

    names: what the arguments are called, by the keys of the gradients.
    """

    def __init__(self, function: Primitive[..., Any], arguments: tuple[Any, ...], settings: Any, seed: int) -> None:
        if any(type(a) is Tensor for a in arguments):
            raise TypeError("check_primitive: a Tensor came; give arrays, such as t.data")
        self.function, self.arguments, self.settings = function, arguments, settings
        called = argument_names(function.function, len(arguments))
        floats = [i for i, a in enumerate(arguments) if not isinstance(a, str) and is_float(a)]
        if not floats:
            raise TypeError(
                f"check_primitive: {function.name} was given no array of floating-point numbers, and so nothing to "
                "differentiate; write 2.0 for 2, and x.astype(float) for an array of integers"
            )
        self.parameters = {f"a{i}": arguments[i] for i in floats}
        self.names = {f"da{i}": called[i] for i in floats}
        y = function.function(*arguments, **settings)
        self.g = np.random.default_rng(seed).normal(size=np.shape(y))

    def given(self, p: Mapping[str, Any]) -> list[Any]:
        return [read_only(p.get(f"a{i}", a)) for i, a in enumerate(self.arguments)]

    def cost(self, p: Mapping[str, Any]) -> Any:
        return np.sum(self.g * self.function.function(*self.given(p), **self.settings))

    def gradients(self, p: Mapping[str, Any]) -> dict[str, Any]:
        parts = hand_written(self.function.step, self.g, self.given(p), self.settings)
        return {f"da{i}": part for i, part in enumerate(parts) if f"da{i}" in self.names and part is not None}


def is_float(a: Any) -> bool:
    try:
        return np.asarray(a).dtype.kind == "f"
    except ValueError:  # rows of several lengths
        return False


def read_only(a: Any) -> Any:
    """An array as a recording gives it; anything else as it is."""
    if not isinstance(a, np.ndarray):
        return a
    view = a.view()
    view.flags.writeable = False
    return view


def unconfirmed(tensors: list[Tensor]) -> list[str]:
    """The primitives of a recording whose backward does not agree with differences where it was used, by name.

    Each use is tried along one random direction of each of its tensors. One that stands at a kink, and those that come
    after the first hundred, are not confirmed either.
    """
    uses = [t for t in tensors if is_primitive(t.function)]
    found = [t for i, t in enumerate(uses) if i >= MOST or not is_confirmed(t, i)]
    return list(dict.fromkeys(t.function.__name__ for t in found if t.function))


def is_confirmed(tensor: Tensor, seed: int) -> bool:
    values = [a.recorded if type(a) is Tensor else a for a in tensor.arguments]
    rng, step, settings = np.random.default_rng(seed), tensor.function, tensor.keywords
    g = rng.normal(size=tensor.shape)
    try:
        parts = hand_written(step, g, values, settings)  # type: ignore[arg-type]
        for i, a in enumerate(tensor.arguments):
            if type(a) is Tensor and not agrees(step, g, values, settings, i, parts[i], rng):
                return False
    except Exception:  # it is somebody's code
        return False
    return True


def agrees(step: Any, g: Any, values: list[Any], settings: Any, i: int, part: Any, rng: np.random.Generator) -> bool:
    """Whether a gradient says of a random direction what differences say."""
    x = values[i]
    size = float(np.sqrt(np.mean(np.square(x)))) or 1.0
    direction = rng.normal(size=np.shape(x))

    def line(distance: float) -> float:
        return float(np.sum(g * step(*values[:i], x + distance * direction, *values[i + 1 :], **settings)))

    center = line(0.0)
    noise = float(np.finfo(np.asarray(x).dtype).eps) * float(np.sum(np.abs(g * step(*values, **settings))))
    estimate = derivative(line, center, size, noise)
    found = float(np.sum(part * direction))
    scale = max(abs(found), abs(estimate.value), float(np.sum(np.abs(part * direction))))
    return abs(found - estimate.value) <= 4 * estimate.error + CLOSE * scale and 4 * estimate.error <= RESOLVED * scale
