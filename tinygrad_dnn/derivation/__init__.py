"""explain: the chain rule of a recorded graph, read off it step by step, in the user's own names.

The backward pass is recorded as well; each gradient is then a formula of the variables and of the gradients that came
before it. Two conventions: in the calculus' own, every d is the gradient of the cost J. In the course's, dZ and dA are
those of the loss summed over the m examples, m times as large, and dW and db carry 1/m.
"""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from ..running import recordable
from ..tensor import Tensor
from ..trace import Made, Names, named_values, run
from ..walk import graph
from .deriving import Derivation, averaged, below, examples
from .explanation import Explanation, Step
from .naming import Holders, Unfold, labels, working
from .one_step import Local, OneStep, inside, jacobian, multiplications
from .order import Order, order_of
from .points import Rerun, called_anew

__all__ = ["Explanation", "OneStep", "Order", "Step", "explain", "explain_order"]


def explain(
    J: Tensor | Callable[..., Any],
    wrt: Any = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    convention: str = "course",
    unfold: bool | str | Collection[str] = False,
) -> Any:
    """The derivation of dJ/dW for W in wrt: a tensor, several, or their names; of all inputs if it is None.

    J is a recorded cost, whose tensors are called what the caller's variables call them; or a function
    J(parameters) of a dict of arrays, which is run here: then every variable of its code is known with its line.
    convention: "course" or "calculus". unfold: the names of variables whose insides are steps as well, such as the
    operations of a sigmoid; True for all. Every formula that is printed was run, at this point and at others, and is
    the gradient to 1e-12. TypeError where J is no tensor and no function.

    Of a tensor of several numbers the one step that made it is explained: its local derivatives by the variables it was
    computed from, the Jacobian where that is small, and what the product with it costs.
    """
    if convention not in ("course", "calculus"):
        raise ValueError(f"explain: convention is {convention!r}; expected is 'course' or 'calculus'")
    unfold = {unfold} if isinstance(unfold, str) else unfold
    if type(J) is Tensor:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        found = {**(caller.f_globals if caller else {}), **(caller.f_locals if caller else {})}
        seen = [(name, value) for name, value in named_values(found) if not name.startswith("_")]
        made = {t: [Made(name, "", 0, "", 1)] for name, t in reversed(seen) if type(t) is Tensor}
        arrays = {name: [value] for name, value in seen if type(value) is np.ndarray}
        if J.size != 1:
            return one_step(J, made, arrays)
        return derivation(J, wrt, made, arrays, {}, convention, None, unfold)
    if not callable(J):
        raise TypeError(f"explain: J is {type(J).__name__}; expected is a recorded cost, or a function of parameters")
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError("explain: a function J needs its parameters: explain(J, parameters={'W1': array, ...})")
    tensors = {name: Tensor(value, name=name) for name, value in parameters.items()}
    cost, names = recorded(J, tensors)
    function, arrays = J, dict(names.arrays)
    for name, value in outside(J).items():
        arrays.setdefault(name, []).append(value)

    def rerun(inputs: dict[Tensor, Tensor]) -> Tensor:
        return recorded(function, {name: inputs.get(t, t) for name, t in tensors.items()})[0]

    return derivation(cost, wrt, names.made, arrays, names.holders, convention, rerun, unfold)


def recorded(J: Callable[..., Any], tensors: dict[str, Tensor]) -> tuple[Tensor, Names]:
    """The cost on tensors; where it loses them as it is written, by code that keeps them."""
    try:
        cost, names = run(J, dict(tensors))
    except TypeError:
        cost = None
    if type(cost) is not Tensor:
        with recordable(J, {name: np.array(t.recorded) for name, t in tensors.items()}):
            cost, names = run(J, dict(tensors))
    if type(cost) is not Tensor:
        raise TypeError(f"explain: J(parameters) returned {type(cost).__name__}; nothing of it was recorded")
    return cost, names


def one_step(y: Tensor, made: dict[Tensor, list[Made]], arrays: dict[str, list[Any]]) -> OneStep:
    """The step to y from the named variables that it was computed from; these are taken as they are, as inputs."""
    if y.function is None:
        raise ValueError(f"explain: {y.name or 'this tensor'} was given and not computed; there is no step to explain")
    names = {t: name for t, name in labels(y, graph(y), made, {""}).items() if t is not y}
    name = next((place.name for place in made.get(y, [])), "y")
    between = inside(y, set(names))
    fresh = {t: Tensor(t.recorded, name=names[t]) for t in between if t in names}
    again = called_anew([t for t in graph(y) if t in between and t not in fresh] + [y], fresh)[y]
    g = np.random.default_rng(0).normal(size=y.shape)
    inputs = sorted(fresh.values(), key=lambda t: t.number)
    J: Tensor = np.sum(again * g)  # its gradient by y is g
    own = {t: str(t.name) for t in inputs} | {again: name, J: "J"}
    step = Derivation(J, own, {}, arrays | {f"d{name}": [g]}, {""}, None, examples(J), None)
    parts = []
    for t in inputs:
        formula = step.step(t).formula
        count = multiplications(formula, step.scopes[0]) if formula else 0
        parts.append(Local(own[t], t.shape, formula, jacobian(again, t, set(inputs)), y.size * t.size, count))
    return OneStep(name, step.forward(again), y.shape, parts)


def explain_order(J: Tensor) -> Order:
    """Why the walk back from J needs its order, and why contributions are added: two naive walks beside the right one.

    The tensors are called what the caller's variables call them.
    """
    if type(J) is not Tensor or J.size != 1:
        raise TypeError(f"explain_order: J is {type(J).__name__}; expected is a recorded cost, one number")
    frame = inspect.currentframe()
    caller = frame.f_back if frame else None
    seen = {**(caller.f_globals if caller else {}), **(caller.f_locals if caller else {})}
    return order_of(J, {t: name for name, t in named_values(seen) if type(t) is Tensor and not name.startswith("_")})


def outside(function: Callable[..., Any]) -> dict[str, Any]:
    """The arrays that a function reads from its module and from what it stands in."""
    try:
        found = inspect.getclosurevars(function)
    except (TypeError, ValueError):  # no plain function
        return {}
    return {k: v for k, v in {**found.globals, **found.nonlocals}.items() if type(v) is np.ndarray}


def derivation(
    J: Tensor,
    wrt: Any,
    made: dict[Tensor, list[Made]],
    arrays: dict[str, list[Any]],
    holders: Holders,
    convention: str,
    rerun: Rerun | None,
    unfold: Unfold,
) -> Explanation:
    if J.size != 1:
        raise ValueError(f"explain: J has shape {J.shape}; expected is a cost, one number")
    tensors = graph(J)
    inputs = [t for t in tensors if t.function is None]
    ours = working(J, inputs, made, holders) or {""}  # the caller's own variables
    names = labels(J, tensors, made, ours, unfold)
    if not isinstance(unfold, bool) and (unknown := set(unfold) - {*names.values()}):
        known = ", ".join(sorted(name for t, name in names.items() if t.function is not None))
        raise ValueError(f"explain: there is no variable {', '.join(sorted(unknown))} to unfold; there are {known}")
    targets = chosen(wrt, inputs, names)
    reached = below(tensors, targets)
    m = examples(J)
    scale = m if convention == "course" and averaged(J, m) else None
    return Derivation(J, names, made, arrays, ours, scale, m, rerun).explanation(targets, reached)


def chosen(wrt: Any, inputs: list[Tensor], names: dict[Tensor, str]) -> list[Tensor]:
    """The tensors that are meant."""
    if wrt is None:
        return inputs
    wanted = wrt if isinstance(wrt, list | tuple) else list(wrt.values()) if isinstance(wrt, Mapping) else [wrt]
    by_name = {name: t for t, name in names.items()}
    found = []
    for w in wanted:
        t = by_name.get(w) if isinstance(w, str) else w
        if type(t) is not Tensor or t not in names:
            known = ", ".join(names[t] for t in inputs)
            raise ValueError(
                f"explain: J does not depend on {w if isinstance(w, str) else 'this tensor'}; it does on {known}"
            )
        found.append(t)
    return found
