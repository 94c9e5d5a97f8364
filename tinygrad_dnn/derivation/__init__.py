"""explain: the chain rule of a recorded graph, read off it step by step, in the user's own names.

The backward pass is recorded as well; each gradient is then a formula of the variables and of the gradients that came
before it. Two conventions: in the calculus' own, every d is the gradient of the cost J. In the course's, dZ and dA are
those of the loss summed over the m examples, m times as large, and dW and db carry 1/m.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..engine.tensor import Tensor
from ..program.naming import Unfold, labels
from ..program.recorded import Recorded, below, callers_variables, record
from ..program.watching import named_values
from .convention import averaged, convention_of, examples
from .deriving import Derivation
from .explanation import Explanation, Step
from .one_step import OneStep, local_derivatives, one_step
from .order import Order, order_of

__all__ = ["Explanation", "OneStep", "Order", "Step", "convention_of", "explain", "explain_order", "local_derivatives"]


def explain(
    J: Tensor | Callable[..., Any] | Recorded,
    wrt: Any = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    convention: str = "course",
    unfold: bool | str | Collection[str] = False,
) -> Any:
    """The derivation of dJ/dW for W in wrt: a tensor, several, or their names; of all inputs if it is None.

    J is a recorded cost, whose tensors are called what the caller's variables call them; or a function
    J(parameters) of a dict of arrays, which is run here, explain(J, parameters): then every variable of its code is
    known with its line; or what record() returned of either.
    convention: "course" or "calculus". unfold: the names of variables whose insides are steps as well, such as the
    operations of a sigmoid; True for all. Every formula that is printed was run, at this point and at others, and is
    the gradient to 1e-12. TypeError where J is no tensor and no function.

    Of a tensor of several numbers the one step that made it is explained: its local derivatives by the variables it was
    computed from, the Jacobian where that is small, and what the product with it costs.
    """
    if convention not in ("course", "calculus"):
        raise ValueError(f"explain: convention is {convention!r}; expected is 'course' or 'calculus'")
    unfold = {unfold} if isinstance(unfold, str) else unfold
    if not isinstance(unfold, bool | set | list | tuple | frozenset | dict):
        raise TypeError(
            f"explain: unfold is {unfold!r}; expected is True, False, or names such as 'A1' or ['A1', 'A2']"
        )
    if callable(J) and parameters is None and isinstance(wrt, Mapping):  # as check, record and viz.draw have it
        parameters, wrt = wrt, None
    it = J if isinstance(J, Recorded) else record(J, parameters, variables=callers_variables(), who="explain")
    if it.cost.size != 1 and it.rerun is None:
        return one_step(it)
    if it.cost.size != 1:
        raise ValueError(f"explain: J has shape {it.cost.shape}; expected is a cost, one number")
    return derivation(it, wrt, convention, unfold)


def explain_order(J: Tensor) -> Order:
    """Why the walk back from J needs its order, and why contributions are added: two naive walks beside the right one.

    The tensors are called what the caller's variables call them.
    """
    if type(J) is not Tensor or J.size != 1:
        raise TypeError(f"explain_order: J is {type(J).__name__}; expected is a recorded cost, one number")
    seen = named_values(callers_variables())
    return order_of(J, {t: name for name, t in seen if type(t) is Tensor and not name.startswith("_")})


def derivation(it: Recorded, wrt: Any, convention: str, unfold: Unfold) -> Explanation:
    J = it.cost
    names = labels(J, it.tensors, it.made, it.working, unfold)
    if not isinstance(unfold, bool) and (unknown := set(unfold) - {*names.values()}):
        known = ", ".join(sorted(name for t, name in names.items() if t.function is not None))
        raise ValueError(f"explain: there is no variable {', '.join(sorted(unknown))} to unfold; there are {known}")
    targets = chosen(wrt, it.inputs, names)
    if J.function is None or not targets:
        what = (
            "is a parameter itself; nothing was computed"
            if J.function is None
            else "is explained by nothing: wrt is empty"
        )
        raise ValueError(f"explain: J {what}")
    m = examples(J)
    scale = m if convention == "course" and averaged(J, m) else None
    return Derivation(it, names, scale, m).explanation(targets, below(it.tensors, targets))


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
