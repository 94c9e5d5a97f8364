"""What is being judged: a cost, its hand-written gradients and the parameters, called with care.

Every call gets copies of the parameters, so that whatever the code does to them stays with it. Integers and single
precision become float64: the formulas are on trial, not the precision.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..tensor import Tensor
from ..trace import Names, run

Arrays = dict[str, Any]


class Subject:
    """The cost and the gradients at one point.

    value, eps, seconds   the cost there, its relative rounding error, and how long one call takes
    problem               None, or why nothing can be checked here
    """

    def __init__(self, cost: Callable[..., Any], gradients: Callable[..., Any], parameters: Mapping[str, Any]) -> None:
        self.parameters = {name: as_parameter(name, value) for name, value in entries_of(parameters).items()}
        self._cost, self._gradients = cost, gradients
        start = time.perf_counter()
        first, eps = as_number(cost(self.fresh()))
        self.seconds = time.perf_counter() - start
        self.value, _ = as_number(cost(self.fresh()))
        self.eps = max(eps, self.noise() / abs(self.value)) if self.value and np.isfinite(self.value) else eps
        self.problem = None
        if not np.isfinite(self.value):
            self.problem = f"the cost is {self.value} at these parameters: choose others, or compute it from the logits"
        elif abs(first - self.value) > 16 * eps * abs(first):
            self.problem = (
                f"the cost changes from call to call ({first:.6g}, then {self.value:.6g}) with the same parameters: "
                "fix the seed of what is random in it"
            )

    def fresh(self) -> Arrays:
        """The parameters, copied."""
        return {name: value.copy() for name, value in self.parameters.items()}

    def cost(self, parameters: Arrays) -> float:
        return as_number(self._cost(parameters))[0]

    def gradients(self, parameters: Arrays | None = None) -> Arrays:
        """What the hand-written code returns, by name."""
        result = self._gradients(self.fresh() if parameters is None else parameters)
        if not isinstance(result, Mapping):
            raise TypeError(
                f"gradients(parameters) returned {type(result).__name__}; expected is a dict such as {{'dW1': array}}"
            )
        return {str(name): as_gradient(name, value) for name, value in result.items()}

    def recorded(self, parameters: Arrays | None = None) -> tuple[Any, dict[str, Tensor], Names]:
        """The cost computed on tensors: the cost, the parameters as tensors, and what the code calls its tensors."""
        values = self.parameters if parameters is None else parameters
        tensors = {name: Tensor(value, name=name) for name, value in values.items()}
        cost, names = run(self._cost, dict(tensors))
        return cost, tensors, names

    def scaled(self, seed: int, amount: float) -> Arrays:
        """The parameters with each entry changed by a random part of itself, at most by the amount."""
        rng = np.random.default_rng(seed)
        return {k: v * (1 + amount * rng.uniform(-1, 1, size=v.shape)) for k, v in self.parameters.items()}

    def nearby(self, seed: int) -> Arrays:
        """The same point but for how everything rounds there."""
        return self.scaled(seed, max(1e-10, 16 * self.eps))

    def noise(self) -> float:
        """How far rounding moves the cost: seen in the fourth differences of equally spaced, close points.

        They hold nothing else of a smooth function, and sqrt(70) times its noise. Moré and Wild, Estimating
        computational noise, 2011. Casts to single precision inside the cost show here, though the result is double.
        """
        with np.errstate(all="ignore"):
            values = [self.cost(self.scaled(0, 1e-6 * step)) for step in range(8)]
            return float(4 * np.sqrt(np.mean(np.square(np.diff(values, 4))) / 70)) or 0.0

    def line(self, name: str, direction: Any) -> Callable[[float], float]:
        """The cost along a direction of one parameter, as a function of the distance."""

        def f(distance: float) -> float:
            parameters = self.fresh()
            parameters[name] = parameters[name] + distance * direction
            return self.cost(parameters)

        return f


def entries_of(parameters: Any) -> Mapping[str, Any]:
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError(f"check: parameters is {parameters!r:.60}; expected is a dict of arrays, {{'W1': array, ...}}")
    return parameters


def as_parameter(name: str, value: Any) -> Any:
    """A parameter in double precision; what was a number stays one."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"check: parameters[{name!r}] is {type(value).__name__} of {array.dtype}; expected are numbers")
    return np.array(array, dtype=np.float64) if isinstance(value, np.ndarray) else np.float64(array)


def as_gradient(name: Any, value: Any) -> Any:
    try:
        return np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"gradients(parameters)[{name!r}] is {type(value).__name__}; expected is an array of numbers"
        ) from None


def as_number(value: Any) -> tuple[float, float]:
    """The cost as a float, and the precision it came in; an array of one entry is a number."""
    array: Any = np.asarray(value.data if type(value) is Tensor else value)
    if array.size != 1 or array.dtype.kind not in "fiu":
        raise TypeError(
            f"cost(parameters) returned {type(value).__name__} of shape {array.shape}; expected is a number"
        )
    eps = float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0
    return float(array.reshape(())), max(eps, float(np.finfo(float).eps))
