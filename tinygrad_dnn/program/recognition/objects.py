"""Models that are objects: a class with a loss and its gradients, or with forward, loss and backward."""

import copy
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from .functions import ROLES, TRAINING
from .holdings import STEP, Place, arrays_in, gradients_in, install, numbers_in, parameters_of
from .pairing import called_beside
from .readings import at_form, best
from .tasks import Part, Task, UnfitError, Variant, copied
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    SIZE_OF,
    USUAL,
    Sizes,
    Values,
    by_place,
    call,
    generic,
    layouts,
    one_example,
    returned_names,
    sizes_of,
    speaks_of_many,
    tree_of,
)

LOSS = "loss compute_loss compute_cost cost calculate_loss total_cost error objective nll _loss loss_fn cost_function"
BACK = "gradient gradients grad backward backprop back_prop backpropagation backward_propagation back_propagation " \
       "compute_gradients _backward backward_pass _backprop"  # fmt: skip
FORWARD = (
    "forward feedforward feed_forward forward_propagation forward_prop forward_pass predict_proba predict _forward"
)
COMPARING = "forward __call__ fn loss cost value compute"  # methods of what compares the output with the labels
RATES = (STEP, STEP / 2, 0.0)
FIT = "fit train train_step partial_fit learn update step train_on_batch"
SETTINGS = tuple(name for name, kind in KIND_OF.items() if kind in ("reg", "rate", "keep"))
JUDGES = ("loss", "criterion", "cost", "loss_fn", "loss_layer", "last_layer", "lastLayer", "loss_function")


def own_classes(module: ModuleType) -> list[type]:
    return [c for c in list(vars(module).values()) if inspect.isclass(c) and c.__module__ == module.__name__]


def method(kind: type, names: str, words: tuple[str, ...] = ()) -> Callable[..., Any] | None:
    """The method of the first of these names, else one of whose name one of the words is a part."""
    every = [name for name in dir(kind) if name[:2] != "__" and inspect.isfunction(getattr(kind, name))]
    chosen = names.split() + [name for name in every if any(word in name.lower() for word in words)]
    own = (name for name in chosen if any(name in vars(c) for c in kind.__mro__))  # type itself has a __call__
    return next((getattr(kind, name) for name in own if callable(getattr(kind, name))), None)


def instances(
    kind: type, outputs: int, data: Values, sizes: Sizes = USUAL, alone: int | None = None,
    exactly: Values | None = None,
) -> Any:  # fmt: skip
    """An object of a class made with sizes by their names, and by their order; TypeError where a name is not known.

    exactly: what arguments are given by their own names. alone: what a class is given that takes one size and is a
    single layer; a model is given the sizes of its layers.
    """
    values = sizes_of(outputs, sizes) | data
    arguments = list(inspect.signature(kind).parameters.values())
    needed = [p for p in arguments if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    given: Values = {}
    for p in arguments:
        if p.name in (exactly or {}):
            given[p.name] = (exactly or {})[p.name]
            continue
        known = SIZE_OF.get(p.name, KIND_OF.get(p.name, p.name))
        if known in values and (p in needed or (is_number(p.default) and known not in ("rate", "X", "Y"))):
            given[p.name] = values[known]
    unknown = [p.name for p in needed if p.name not in given]
    if alone is not None and len(needed) == 1 and (unknown or isinstance(given[needed[0].name], list)):
        return kind(**given | {needed[0].name: alone})
    given |= by_place(unknown, outputs, sizes, {SIZE_OF.get(name, name): v for name, v in given.items()})
    if missing := [name for name in unknown if name not in given]:
        raise TypeError(f"{kind.__name__}: nothing is known of its parameter {missing[0]}")
    return kind(**given)


def is_number(value: Any) -> bool:
    """Whether a default is a number, and no flag."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def trained(made: Any, data: Values) -> dict[str, list[Place]]:
    """The parameters of a model that makes them when it is first trained."""
    start = method(type(made), f"{FIT} initialize init_weights _init_weights build initialize_parameters")
    if start is None:
        return {}
    call(getattr(made, start.__name__), data | one_step(start, STEP, data))
    return parameters_of(made)


def one_step(f: Callable[..., Any], rate: float, data: Values) -> Values:
    """What a function or a class is given so that it makes one step of this rate with all the data."""
    given: Values = {}
    for name in inspect.signature(f).parameters:
        if "batch" in name.lower():
            given[name] = np.size(data["Y"])
        elif any(word in name.lower() for word in TRAINING):
            given[name] = 1
        elif KIND_OF.get(name) == "rate":
            given[name] = rate
    return given


def of_classes(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """Classes with a loss of data and labels, and gradients of it: all that run."""
    found = [(kind.__name__, best(partial(of_class, kind), raised)) for kind in own_classes(module)]
    return [Part(name, task) for name, task in found if task is not None]


def of_class(kind: type) -> Iterator[Task]:
    for task in at_sizes(kind, USUAL):
        yield task._replace(variants=variants(kind, task.form))


def variants(kind: type, form: str) -> tuple[Variant, ...]:
    """The same class at other sizes, on data of the same form."""

    def at(sizes: Sizes) -> Task:
        return at_form(at_sizes(kind, sizes), form)

    return tuple(Variant(sizes.says(), partial(at, sizes), sizes is not ONE) for sizes in (*OTHERS, ONE))


def at_sizes(kind: type, sizes: Sizes) -> Iterator[Task]:
    last: Exception | None = None
    many = [
        (outputs, layout)
        for outputs, rows in itertools.product((sizes.classes, 1), (True, False))
        for layout in layouts(sizes.features, outputs, rows, sizes.examples)
    ]
    if not speaks_of_many(f for n, f in vars(kind).items() if inspect.isfunction(f) and n != "__init__"):
        many += [(outputs, one) for outputs in (sizes.classes, 1) for one in one_example(sizes.features, outputs)]
    for outputs, (X, Y, says, form) in many:
        try:
            for task in of_object(kind, outputs, {"X": X, "Y": Y}, says, sizes):
                yield task._replace(form=f"{form}, {task.form}")
        except UnfitError:
            raise
        except Exception as error:  # another layout may fit
            last = error
    if last is not None:
        raise last


def of_object(kind: type, outputs: int, data: Values, says: str, sizes: Sizes) -> Iterator[Task]:
    for loss in losses(kind) or [None]:
        model = Model(kind, outputs, data, sizes, loss)
        other = copy.copy(model)
        other.data = model.data | {"X": 1.7 * data["X"] + 0.3}
        assumed = f"Assumed: {model.says()}; {says}, all random from a seed."
        name = "" if loss is None else loss.__name__
        yield Task(model.cost, model.gradients, model.shapes, assumed, elsewise=other.cost, form=name)


def losses(kind: type) -> list[Any]:
    """The methods that may be the loss, the likeliest first; those alone that it calls beside its backward pass."""
    every = {n: getattr(kind, n) for n in dir(kind) if n[:2] != "__" and inspect.isfunction(getattr(kind, n))}
    backs = {f for f in [method(kind, BACK, ("grad", "backprop"))] if f is not None}
    named = [every[n] for n in LOSS.split() if n in every]
    named += [f for n, f in every.items() if any(word in n.lower() for word in ROLES["cost"][1])]
    options = [f for f in dict.fromkeys(named) if f not in backs]
    used = [f for back in backs for f in called_beside(tree_of(kind), back, options)]
    return used or options


def class_of(value: Any) -> type:
    return value if isinstance(value, type) else type(value)


class Model:
    """A class as a model: an object of it, where its parameters are, and its methods by what they are for."""

    def __init__(self, kind: type, outputs: int, data: Values, sizes: Sizes, loss: Any) -> None:
        self.name, self.data, self.loss = kind.__name__, data | {"reg": 0.7, "keep": 0.8}, loss
        self.back = method(kind, BACK, ("grad", "backprop"))
        self.forward = method(kind, FORWARD)
        self.fit = method(kind, FIT) if self.back is None and loss is not None else None
        self.made: dict[float, Any] = {}  # by the rate of its steps
        for rate in RATES:
            every = one_step(kind, rate, data)
            given = every if self.fit else {name: v for name, v in every.items() if KIND_OF.get(name) == "rate"}
            self.made[rate] = instances(kind, outputs, data, sizes, exactly=given)
        made = self.made[STEP]
        judges = (n for n in JUDGES if method(class_of(getattr(made, n, None)), COMPARING))
        self.judge = next(judges, None)  # an object of its own that compares the output with the labels
        if loss is None and self.forward is None:
            raise UnfitError(f"{self.name} has no loss")
        self.places = parameters_of(made) or trained(made, data)
        if not self.places:
            raise UnfitError(f"{self.name} holds no parameters")
        takes = inspect.signature(self.forward).parameters if self.forward else ()
        self.both = {"X", "Y"} <= {KIND_OF.get(n) for n in takes}  # the forward pass gives the loss as well
        if self.fit and isinstance(self.run(self.start())[1], tuple):
            self.fit = None  # the loss comes with its gradients
        self.updates = self.is_an_update()
        if self.fit and not self.updates:
            raise UnfitError(f"{self.name}.{self.fit.__name__} does not take a step from the parameters that it has")
        self.places |= self.numbers()
        self.shapes = {name: own[0].get(made) for name, own in self.places.items()}

    def start(self) -> Values:
        return generic({name: own[0].get(self.made[STEP]) for name, own in self.places.items()})

    def numbers(self) -> dict[str, list[Place]]:
        """The numbers that it holds and that it computes a gradient of."""
        arrays, numbers = self.places, numbers_in(self.made[STEP])
        self.places = arrays | numbers
        try:
            found = self.gradients(self.start())
        except Exception:  # a setting that was changed may be what it does not run with
            found = {}
        self.places = arrays
        return {name: own for name, own in numbers.items() if f"d{name}" in found and name not in SETTINGS}

    def is_an_update(self) -> bool:
        """Whether it moves its parameters in proportion to a rate: by its gradients then, times that."""
        try:
            whole, half, nothing = (self.moved(rate) for rate in RATES)
        except Exception:
            return False
        still = not any(np.any(step) for step in nothing.values())
        return still and all(np.allclose(half[name], whole[name] / 2, 1e-6, 1e-12) for name in whole)

    def moved(self, rate: float) -> Values:
        """What a step takes away from the parameters."""
        before = self.start()
        model, _, values = self.run(copied(before), rate)
        kept = {place.path: array.copy() for place, array in arrays_in(model)}
        self.step(model, values, rate)
        learnt = {place.path for own in self.places.values() for place in own}
        shapes = {np.shape(value) for value in before.values()}
        for place, array in arrays_in(model):
            old = kept.get(place.path)
            if (
                place.path not in learnt
                and array.shape in shapes
                and old is not None
                and not np.array_equal(old, array)
            ):
                raise UnfitError("it keeps what it has added up of its steps")
        return {name: before[name] - own[0].get(model) for name, own in self.places.items()}

    def step(self, model: Any, values: Values, rate: float) -> Any:
        """What its backward pass, or a step of its fit, returns."""
        function = self.fit or self.back
        if function is None:
            raise UnfitError(f"{self.name} has no gradients")
        given = one_step(function, rate, self.data) if self.fit else {"rate": rate}
        return call(getattr(model, function.__name__), values | given)

    def run(self, p: Values, rate: float = STEP) -> tuple[Any, Any, Values]:
        """The object after the forward pass, what its loss gave, and what is known then."""
        model, values = copy.deepcopy(self.made[rate]), dict(self.data)
        install(model, self.places, p)
        if self.forward is not None and not self.both:
            values |= self.after_forward(model, self.forward, values)
        function = self.forward if self.both else self.loss
        if function is None and self.judge is not None:
            compare = getattr(model, self.judge)
            function = method(class_of(compare), COMPARING)
            assert function is not None
            return model, getattr(compare, function.__name__)(values["output"], self.data["Y"]), values
        if function is None:
            raise UnfitError(f"{self.name} has no loss")
        return model, call(getattr(model, function.__name__), values), values

    def after_forward(self, model: Any, forward: Any, values: Values) -> Values:
        """What the forward pass returns, by the names that it gives and by what it is for."""
        out = call(getattr(model, forward.__name__), values, spare="X")
        parts, names = out if isinstance(out, tuple) else (out,), returned_names(forward)
        named = {n: v for n, v in zip(names, parts, strict=False) if n} if len(names) == len(parts) else {}
        return named | {"output": parts[0]} | ({"cache": parts[1]} if len(parts) == 2 else {})

    def cost(self, p: Values) -> Any:
        result = self.run(p)[1]
        return result[0] if isinstance(result, tuple) else result

    def gradients(self, p: Values) -> Values:
        before = {name: np.array(value) for name, value in p.items()}
        model, result, values = self.run(copied(p))
        if isinstance(result, tuple) and len(result) == 2:
            return gradients_in(model, result[1], [], self.places, before, self.updates)
        found, names = self.step(model, values, STEP), returned_names(self.back) if self.back else []
        return gradients_in(model, None if self.fit else found, names, self.places, before, self.updates)

    def says(self) -> str:
        used = (None if self.both else self.forward, self.forward if self.both else self.loss, self.back or self.fit)
        return f"{self.name} is the model, with {', '.join(m.__name__ for m in used if m is not None)}"
