"""What is being judged: a cost, its hand-written gradients and the parameters, called with care.

Every call gets copies of the parameters, so that whatever the code does to them stays with it. Integers and single
precision become float64: the formulas are on trial, not the precision. What integers themselves do is looked at apart.
"""

import contextlib
import copy
import functools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..engine.standing import put_back
from ..engine.tensor import Tensor, leaving
from ..program.omitting import OMITTER, Omitter, without_small_numbers
from ..program.places import line_of
from ..program.replacing import changed_by, recordable
from ..program.sources import named
from ..program.watching import Names, draws, places_drawn, run, seeded
from .halves import cost_before
from .structure import by_parameter, fault_of

EPS = float(np.finfo(float).eps)
Arrays = dict[str, Any]


class Hand(NamedTuple):
    """What the hand-written code returned: arrays by name, and what is no array of real numbers, with what it is.

    altered: the parameters it wrote into or replaced, in the dict that it was given.
    whole: the names of arrays that came with whole numbers.
    """

    arrays: Arrays
    faults: dict[str, str]
    altered: list[str]
    whole: list[str]


class Subject:
    """The cost and the gradients at one point.

    value, noise, seconds   the cost there, its rounding error, and how long one call takes
    problem                 None, or why nothing can be checked here
    seeded                  whether its random numbers are started from a seed at each call: the cost changed without
    named                   whether its recordings are to know the names of its variables
    left_out                small numbers that its recordings go without (stripping.py)
    omitting                whether its differences are of the cost without them
    integers                the parameters that came as whole numbers, as they came
    rough                   whether it comes in less than double precision
    seed                    of the points and directions that are drawn; the code cannot know it
    rewritten               whether its code has to be changed to record what the protocols cannot see
    halved                  whether its recordings end where its cost is known, as what comes after cannot be recorded
    """

    def __init__(
        self, cost: Callable[..., Any], gradients: Callable[..., Any], parameters: Mapping[str, Any], seed: int = 0
    ) -> None:
        for name, function in (("cost", cost), ("gradients", gradients)):
            if not callable(function):
                raise TypeError(f"check: {name} is {function!r:.60}; expected is a function {name}(parameters)")
        self.parameters = {name: as_parameter(name, value) for name, value in entries_of(parameters).items()}
        self._cost, self._gradients, self.rewritten, self.seeded = cost, gradients, False, False
        self.cost_function, self.seed, self.halved = cost, seed, False
        self.integers = {n: np.array(v) for n, v in parameters.items() if np.asarray(v).dtype.kind in "iub"}
        self.left_out: list[float] = []
        self.omitting = False
        self.named = True
        start = time.perf_counter()
        returned, drew = draws(self._cost, self.fresh())
        self.seconds = time.perf_counter() - start
        first, eps = as_number(returned)
        self.rough = eps > EPS
        self.value, _ = as_number(self._cost(self.fresh()))
        if drew or (np.isfinite(self.value) and abs(first - self.value) > 16 * eps * abs(first)):  # dropout, it may be
            self.seeded, self._cost, self._gradients = True, seeded(cost), seeded(gradients)
            first, self.value = (as_number(self._cost(self.fresh()))[0] for _ in range(2))
        self.noise, self.problem = eps * abs(self.value), None
        if not np.isfinite(self.value):
            self.problem = (
                f"the cost is {self.value} at these parameters{self.origin()}: choose others, or compute it from the "
                "logits"
            )
        elif abs(first - self.value) > 16 * eps * abs(first):
            self.problem = (
                f"the cost changes from call to call ({first:.6g}, then {self.value:.6g}) with the same parameters: "
                "fix the seed of what is random in it"
            )
        else:
            self.problem = self.steps() or self.constancy()

    def fresh(self) -> Arrays:
        """The parameters, copied."""
        return {name: value.copy() for name, value in self.parameters.items()}

    def cost(self, parameters: Arrays) -> float:
        """The cost, nan where the code does not run: an assertion may hold at the parameters and not beside them."""
        try:
            return as_number(self._cost(parameters))[0]
        except Exception:
            return np.nan

    def gradients(self, parameters: Arrays | None = None) -> Hand:
        """What the hand-written code returns, called after the cost as a training loop would."""
        point = self.fresh() if parameters is None else parameters
        self._cost({name: value.copy() for name, value in point.items()})
        before = {name: value.copy() for name, value in point.items()}
        result = by_parameter(self._gradients(point), self._gradients, before)
        faults = {str(name): fault for name, value in result.items() if (fault := fault_of(value))}
        altered = [
            name for name, value in before.items() if not np.array_equal(value, point.get(name, ()), equal_nan=True)
        ]
        arrays = {str(k): real(v) for k, v in result.items() if str(k) not in faults}
        whole = [str(k) for k, v in result.items() if isinstance(v, np.ndarray) and v.dtype.kind in "iu"]
        return Hand(arrays, faults, altered, whole)

    @property
    def bare_gradients(self) -> Callable[..., Any]:
        """The hand-written function itself."""
        return self._gradients

    def draws_otherwise(self) -> bool:
        """Whether the gradients draw random numbers, and not first those that the cost draws."""
        if not self.seeded:
            return False
        cost, gradients = (
            places_drawn(getattr(f, "__wrapped__", f), self.fresh()) for f in (self._cost, self._gradients)
        )
        return len(set(gradients)) > 1 and cost[-1] not in gradients

    @property
    def numbers(self) -> int:
        """How many numbers the parameters are together."""
        return sum(np.size(value) for value in self.parameters.values())

    def of_integers(self) -> Hand:
        """What the hand-written code returns of the parameters as they came, whole numbers as whole numbers."""
        return self.gradients(self.fresh() | {name: value.copy() for name, value in self.integers.items()})

    def recorded(self, parameters: Arrays | None = None) -> tuple[Any, dict[str, Tensor], Names]:
        """The cost computed on tensors: the cost, the parameters as tensors, and what the code's variables held."""
        with recordable(self.cost, self.fresh()) if self.rewritten else contextlib.nullcontext():
            return self.run_on_tensors(parameters)

    def run_on_tensors(self, parameters: Arrays | None) -> tuple[Any, dict[str, Tensor], Names]:
        values = self.parameters if parameters is None else parameters
        tensors = {name: Tensor(value, name=name) for name, value in values.items()}
        known = as_number(self._cost({k: v.copy() for k, v in values.items()})) if self.halved else None

        def cost(p: Arrays) -> Any:
            try:
                return watched(self._cost, p)
            except Exception as error:
                if known is None:
                    raise
                return cost_before(error, known[0], 256 * known[1] * abs(known[0]))

        with put_back():
            if parameters is not None or not self.named:  # the names are known from the first run
                return cost(dict(tensors)), tensors, Names({}, {}, {}, {}, {}, [])
            return (found := run(cost, dict(tensors)))[0], tensors, found[1]

    @contextlib.contextmanager
    def without_small_numbers(self, run: Callable[[Arrays], Any] | None = None) -> Iterator[set[float]]:
        """Within this, the cost goes without the small numbers that keep it finite; those that it leaves out.

        run: what goes without them, where it is not the cost alone.
        """
        omitter, value, run = Omitter(), self.value, run or self.cost
        with changed_by(without_small_numbers, {OMITTER: omitter}, run, self.fresh()), np.errstate(all="ignore"):
            run(self.fresh())
            here, omitter.seen = omitter.seen, set()
            run(self.shaken(1e-3))
            omitter.allowed = here & omitter.seen
            self.value = self.cost(self.fresh())
            try:
                yield omitter.allowed
            finally:
                self.value = value

    def as_it_was_checked(self) -> contextlib.AbstractContextManager[Any]:
        """Within this, the cost goes without small numbers if the verdicts were those of such a cost."""
        return self.without_small_numbers() if self.omitting else contextlib.nullcontext()

    def at(self, parameters: Arrays) -> "Subject":
        """The same code at another point."""
        other = copy.copy(self)
        other.parameters = parameters
        other.value = other.cost(other.fresh())
        return other

    def shaken(self, amount: float, seed: int = 0) -> Arrays:
        """The parameters with each entry changed by a random part of itself, at most by the amount."""
        rng = np.random.default_rng(seed)
        return {k: v * (1 + amount * rng.uniform(-1, 1, size=v.shape)) for k, v in self.parameters.items()}

    def origin(self) -> str:
        """Where a cost that is not finite ceased to be: the line, and what NumPy says of it."""
        for kinds in ({"divide": "raise", "invalid": "raise"}, {"over": "raise"}):
            try:
                with np.errstate(all="ignore"), np.errstate(**kinds):  # type: ignore[arg-type]
                    self._cost(self.fresh())
            except FloatingPointError as error:
                place = line_of(error)
                return f" ({named(*place)}: {error})" if place else f" ({error})"
            except Exception:
                return ""
        return ""

    def measured_noise(self) -> float:
        """How far rounding moves the cost: seen in the fourth differences of equally spaced, close points.

        They hold nothing else of a smooth function, and sqrt(70) times its noise. Moré and Wild, Estimating
        computational noise, 2011. The points are as close as they can be told apart: the closer, the smoother.
        """
        best = 0.0
        for amount in (1e-6, 1e-8, 1e-10, 1e-12):
            with np.errstate(all="ignore"):
                values = np.array([self.cost(self.shaken(amount * step)) for step in range(9)])
                noise = float(4 * np.sqrt(np.mean(np.square(np.diff(values, 4))) / 70))
            if amount == 1e-6 or len(np.unique(values)) >= 7:
                best = noise if np.isfinite(noise) else best
        return best

    def steps(self) -> str | None:
        """A sentence when the cost was rounded to a few decimals: then it moves in steps, and has no gradient."""

        def rounded(values: Any) -> bool:
            millionths = np.asarray(values) * 1e6
            near = np.abs(millionths - np.round(millionths)) <= 1e-6
            return bool(np.all(near & (np.abs(millionths) > 0.5) & (np.abs(millionths) < 1e9)))

        with np.errstate(all="ignore"):
            if not rounded(self.value):
                return None
            values = [self.value, *(self.cost(self.shaken(0.1, seed)) for seed in range(6))]
        if rounded(values) and len(np.unique(values)) > 1:
            return "the cost moves in steps, as one that was rounded: return it as it is computed"
        return None

    def constancy(self) -> str | None:
        """A sentence when no parameter matters: the code may use a variable of the same name outside."""
        points: list[Callable[[], Arrays]] = [
            *(functools.partial(self.shaken, 0.5, seed) for seed in range(3)),
            self.moved,
            self.scattered,
        ]
        with np.errstate(all="ignore"):
            if all(self.cost(point()) == self.value for point in points):
                return (
                    "the cost does not change with any parameter; does cost(parameters) use its argument, or a "
                    "variable of the same name outside?"
                )
        return None

    def moved(self) -> Arrays:
        """The parameters with 1 added to each entry."""
        return {name: value + 1.0 for name, value in self.parameters.items()}

    def scattered(self) -> Arrays:
        """The parameters with a random number added to each entry."""
        rng = np.random.default_rng(self.seed)
        return {name: value + rng.normal(size=value.shape) for name, value in self.parameters.items()}

    def line(self, name: str, direction: Any) -> Callable[[float], float]:
        """The cost along a direction of one parameter, as a function of the distance."""

        def f(distance: float) -> float:
            parameters = self.fresh()
            parameters[name] = parameters[name] + distance * direction
            return self.cost(parameters)

        return f


def watched(cost: Callable[..., Any], parameters: Arrays) -> Any:
    """The cost, and if it ends with float(J) or J.item(), J: one number left the recording, and it is what came out."""
    leaving.seen = []
    try:
        result, seen = cost(parameters), leaving.seen
    finally:
        leaving.seen = None
    if not seen:
        return result
    if len(seen) == 1 and isinstance(result, float) and result == float(seen[0].recorded):
        return seen[0]
    raise TypeError(
        "a plain number is taken out of a tensor in the middle of the cost, as float(t), t.item() and math.exp(t) do"
    )


def entries_of(parameters: Any) -> Mapping[str, Any]:
    if not isinstance(parameters, Mapping) or not parameters or not all(isinstance(k, str) for k in parameters):
        raise TypeError(f"check: parameters is {parameters!r:.60}; expected is a dict of arrays, {{'W1': array, ...}}")
    return parameters


def as_parameter(name: str, value: Any) -> Any:
    """A parameter in double precision; what was a number stays one."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        kind = f" of {array.dtype}" if isinstance(value, np.ndarray) else ""
        raise TypeError(f"check: parameters[{name!r}] is {type(value).__name__}{kind}; expected is an array of numbers")
    return np.array(array, dtype=np.float64) if isinstance(value, np.ndarray) else np.float64(array)


def as_number(value: Any) -> tuple[float, float]:
    """The cost as a float, and the precision it came in; an array of one entry is a number."""
    if value is None or isinstance(value, tuple | list | dict):
        hint = "is a return missing?" if value is None else "return the cost alone"
        raise TypeError(f"cost(parameters) returned {type(value).__name__}; expected is a number: {hint}")
    array: Any = np.asarray(value.data if type(value) is Tensor else value)
    if array.size != 1 or array.dtype.kind not in "fiu":
        raise TypeError(
            f"cost(parameters) returned {type(value).__name__} of shape {array.shape}; expected is a number"
        )
    eps = float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0
    return float(array.reshape(())), max(eps, EPS)


def real(value: Any) -> Any:
    """A copy in the precision it has, at least double."""
    array = np.array(value)
    return array.astype(np.result_type(array, np.float64))
