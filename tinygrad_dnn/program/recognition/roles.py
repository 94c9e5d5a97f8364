"""Which methods of a class are its forward pass, its loss and its backward pass."""

import inspect
from typing import Any, NamedTuple

from .functions import ROLES
from .making import method, methods
from .offers import Function
from .pairing import called_beside, is_derivative
from .values import gradient_of, returned_names, shadows, tree_of

LOSS = "loss compute_loss compute_cost cost calculate_loss total_cost error objective nll _loss loss_fn cost_function"
BACK_WORDS = ("grad", "backprop")
BACK = "gradient gradients grad backward backprop back_prop backpropagation backward_propagation back_propagation " \
       "compute_gradients _backward backward_pass _backprop bptt"  # fmt: skip
FORWARD = (
    "forward feedforward feed_forward forward_propagation forward_prop forward_pass predict_proba predict _forward"
)


class How(NamedTuple):
    """A way to read a class.

    forward the forward pass;  table  a loss for it;  shadowing  whether a name of what comes out means the data
    several whether the loss is one of several sequences
    """

    forward: Function | None
    shadowing: bool = False
    table: Function | None = None
    several: bool = False

    def form(self) -> str:
        form = f" {self.forward.__name__ if self.forward else ''}" + " shadowing" * self.shadowing
        return form + " several" * self.several


def hows(kind: type, table: Function | None) -> list[How]:
    """The ways to read a class, the likeliest first."""
    forward = method(kind, FORWARD)
    options: list[Function | None] = [forward]
    if table is not None and forward is None:
        back = backward_of(kind)
        options = [f for f in methods(kind) if f is not back and takes_data(f)]
    return [How(f, shadowing, table) for f in options for shadowing in (False, True)[: 1 + shadows(f)]]


def takes_data(f: Function) -> bool:
    """Whether a method takes one thing beside the object."""
    return sum(p.default is p.empty for p in inspect.signature(f).parameters.values()) == 2


def losses(kind: type) -> list[Any]:
    """The methods that may be the loss, the likeliest first; those alone that it calls beside its backward pass."""
    every = {f.__name__: f for f in methods(kind)}
    backs = {f for f in [backward_of(kind)] if f is not None and not gives_both(f)}
    named = [every[n] for n in LOSS.split() if n in every]
    named += [f for n, f in every.items() if any(word in n.lower() for word in ROLES["cost"][1])]
    options = [f for f in dict.fromkeys(named) if f not in backs and (gives_both(f) or not is_derivative(f.__name__))]
    used = [f for back in backs for f in called_beside(tree_of(kind), back, options)]
    return used or options


def backward_of(kind: type) -> Function | None:
    """The method that gives the gradients: by its name, or by the names of what it returns."""
    named = method(kind, BACK, BACK_WORDS)
    if named is not None and "check" not in named.__name__:
        return named
    return next(filter(gives_gradients, methods(kind)), named)


def gives_gradients(f: Function) -> bool:
    """Whether everything that a method returns is called the gradient of an attribute that it reads."""
    names = returned_names(f)
    return bool(names) and all(any(gradient_of(a, [n]) not in (None, a) for a in f.__code__.co_names) for n in names)


def gives_both(f: Function) -> bool:
    """Whether a method returns the loss and its gradients, as its name and its results say."""
    return any(word in f.__name__.lower() for word in ROLES["cost"][1]) and len(returned_names(f)) > 1
