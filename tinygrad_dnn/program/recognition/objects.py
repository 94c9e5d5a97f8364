"""Models that are objects: a class with a loss and its gradients, or with forward, loss and backward."""

import copy
import inspect
import itertools
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from .holdings import STEP, Place, arrays_in, gradients_in, install, numbers_in, parameters_of, without_states
from .inventing import said_of
from .losses import of_losses, slopes_named
from .making import FIT, class_of, instances, method, methods, one_step, own_classes, trained
from .offers import Function, functions_at_hand
from .pairing import is_derivative
from .readings import at_form, best, in_time
from .refitting import every_size
from .roles import FORWARD, How, backward_of, hows, losses
from .tasks import Part, Task, UnfitError, Variant, copied, shapely
from .uses import takes_examples, uses_of
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    SEED,
    USUAL,
    Layout,
    Sizes,
    Values,
    adds_up,
    apart,
    call,
    generic,
    images,
    layouts,
    one_example,
    returned_names,
    sequences,
    speaks_of_many,
)

COMPARING = "forward __call__ fn loss cost value compute"  # methods of what compares the output with the labels
OF_ONE = "does not add up over examples: it may be meant for one at a time"
RATES = (STEP, STEP / 2, 0.0)
SETTINGS = tuple(name for name, kind in KIND_OF.items() if kind in ("reg", "rate", "keep"))
JUDGES = ("loss", "criterion", "cost", "loss_fn", "loss_layer", "last_layer", "lastLayer", "loss_function")


def of_classes(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """Classes with a loss of data and labels, and gradients of it: all that run; without a loss, of a table of them."""
    kinds = {kind.__name__: kind for kind in own_classes(module)}
    found = [(name, best(partial(of_class, kind, raised), raised)) for name, kind in kinds.items()]
    parts = [Part(name, task) for name, task in found if task is not None]
    for kind in kinds.values() if not parts else []:
        back = backward_of(kind)
        if back is not None and not losses(kind):
            slopes = slopes_named(
                [f for f in methods(kind) if f is not back] + list(functions_at_hand(module).values()), is_derivative
            )
            task = of_losses(partial(of_class, kind, raised), slopes, raised)
            parts += [Part(kind.__name__, task)] if task is not None else []
    return [part._replace(task=as_of_one(part.task, kinds[part.name])) for part in parts]


def as_of_one(task: Task, kind: type) -> Task:
    """The task; where gradients come back with one column for each example, and nothing adds up, it may be of one."""
    own = (f for n, f in vars(kind).items() if inspect.isfunction(f) and n != "__init__")
    return task if shapely(task) or adds_up(own) else task._replace(unsure=task.unsure or OF_ONE)


def of_class(kind: type, raised: list[Exception], table: Function | None = None) -> Iterator[Task]:
    """At the usual sizes, and at those that the class has fixed for itself, as what was raised says by then.

    table: a loss for a class that has none.
    """
    last: Exception | None = None
    for sizes in every_size(USUAL, raised):
        try:
            for task in at_sizes(kind, sizes, table):
                yield task._replace(variants=variants(kind, task.form, table, sizes))
        except UnfitError:
            raise
        except Exception as error:  # what it says may tell its sizes
            raised.append(error)
            last = error
    if last is not None:
        raise last


def variants(kind: type, form: str, table: Function | None, own: Sizes) -> tuple[Variant, ...]:
    """The same class at other sizes, on data of the same form; own: its sizes, of which some may be its own."""
    fixed = {n: v for n, v in own._asdict().items() if v != getattr(USUAL, n)}

    def at(sizes: Sizes) -> Task:
        return at_form(at_sizes(kind, sizes, table), form)

    every = [sizes._replace(**fixed) for sizes in (*OTHERS, ONE)]
    return tuple(Variant(sizes.says(), partial(at, sizes), sizes.examples != 1) for sizes in every)


def at_sizes(kind: type, sizes: Sizes, table: Function | None) -> Iterator[Task]:
    last: Exception | None = None
    many = [
        (outputs, layout)
        for outputs, rows in itertools.product((sizes.classes, 1), (True, False))
        for layout in layouts(sizes.features, outputs, rows, sizes.examples)
    ]
    own = (f for n, f in vars(kind).items() if inspect.isfunction(f) and n != "__init__")
    used = filter(None, (method(kind, FORWARD), backward_of(kind), *losses(kind)))  # what trains runs over examples
    if not speaks_of_many(own) and not any(map(takes_examples, used)):
        many += [(outputs, one) for outputs in (sizes.classes, 1) for one in one_example(sizes.features, outputs)]
    if table is None:
        many += [(sizes.features, layout) for layout in sequences(sizes.features)]
    many = [(sizes.classes, layout) for layout in images_for(kind, sizes)] or many
    for (outputs, layout), (way, state) in itertools.product(many, enumerate(states(kind, sizes))):
        in_time()
        try:
            for task in of_object(kind, outputs, layout, sizes, state, table):
                yield task._replace(form=f"{layout.form}, {way}, {task.form}")
        except UnfitError:
            raise
        except Exception as error:  # another layout may fit
            last = error
    if last is not None:
        raise last


def images_for(kind: type, sizes: Sizes) -> list[Layout]:
    """Images, where the forward pass of a class takes tables of so many axes."""
    forward = method(kind, FORWARD)
    takes = [name for name in by_order(forward) if KIND_OF.get(name) != "Y"][:1] if forward is not None else []
    axes = uses_of(forward, takes[0], kind).axes if takes else 0
    return list(images(axes, sizes.classes, min(sizes.examples, 2))) if axes > 2 else []


def states(kind: type, sizes: Sizes) -> list[Values]:
    """What a loss may be given beside data and labels: the state before, where it takes something that nobody knows."""
    loss = next(iter(losses(kind)), None)
    if not loss or len(by_order(loss)) < 3:
        return [{}]
    draws = [np.random.default_rng(SEED).normal(size=size) for size in (sizes.hidden, sizes.features)]
    return [{"state": value} for draw in draws for value in (draw.reshape(-1, 1), draw, draw.reshape(1, -1))]


def by_order(loss: Function) -> list[str]:
    """The arguments of a loss that may be data, labels and the state before, in their order."""
    needed = [n for n, p in inspect.signature(loss).parameters.items() if p.default is p.empty and n != "self"]
    return [n for n in needed if KIND_OF.get(n) not in ("reg", "keep", "rate", "parameters")]


def of_object(
    kind: type, outputs: int, layout: Layout, sizes: Sizes, state: Values, table: Function | None
) -> Iterator[Task]:
    data = {"X": layout.X, "Y": layout.Y, "examples_axis": int("column" in layout.form)} | state
    ways = [how._replace(several=several) for several in (False, True)[: 1 + isinstance(layout.X, list)]
            for how in hows(kind, table)]  # fmt: skip
    for loss, how in itertools.product(losses(kind) or [None], ways):
        for name in by_order(how.forward)[:1] if how.forward is not None else []:  # what goes in, by its name there
            data.setdefault(name, data["X"])
        names = by_order(loss) if loss is not None and how.forward in (None, loss) else []
        if not any(KIND_OF.get(name) in ("X", "Y") for name in names[:2]):  # data by their place
            data |= {name: data[part] for name, part in zip(names, ("X", "Y", "state"), strict=False) if part in data}
        elif len(names) == 3 and state:
            data[names[2]] = state["state"]
        model = Model(kind, outputs, data, sizes, loss, how)
        elsewhere = {name: moved(layout.X) if value is layout.X else value for name, value in data.items()}
        other = Model(kind, outputs, elsewhere, sizes, loss, how) if model.holds_data else copy.copy(model)
        other.data = model.data | elsewhere
        chosen = said_of({"self": model.made[STEP]})
        assumed = f"Assumed: {model.says()}; {layout.says}, all random from a seed.{chosen}"
        form = ("" if loss is None else loss.__name__) + how.form()
        yield Task(model.cost, model.gradients, model.shapes, assumed, elsewise=other.cost, form=form)


def moved(X: Any) -> Any:
    """Other data of the same form."""
    return X[1:] + X[:1] if isinstance(X, list) else 1.7 * X + 0.3


class Ran(NamedTuple):
    """What is known after a forward pass: what went in, what came out by its names there, and by what it is for."""

    values: Values
    named: Values
    known: Values


class Model:
    """A class as a model: an object of it, where its parameters are, and its methods by what they are for."""

    def __init__(self, kind: type, outputs: int, data: Values, sizes: Sizes, loss: Any, how: How) -> None:
        self.name, self.data, self.loss, self.how = kind.__name__, data | {"reg": 0.7, "keep": 0.8}, loss, how
        self.back = backward_of(kind)
        if self.back is loss:
            self.back = None
        self.forward = how.forward if how.forward is not loss else None
        self.fit = method(kind, FIT) if self.back is None and loss is not None else None
        self.made: dict[float, Any] = {}  # by the rate of its steps
        for rate in RATES:
            every = one_step(kind, rate, data)
            needed = [p.name for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
            given = {n: v for n, v in every.items() if self.fit or n in needed or KIND_OF.get(n) == "rate"}
            self.made[rate] = instances(kind, outputs, data, sizes, exactly=given)
        made = self.made[STEP]
        judges = (n for n in JUDGES if method(class_of(getattr(made, n, None)), COMPARING))
        self.judge = next(judges, None)  # an object of its own that compares the output with the labels
        if loss is None and self.forward is None:
            raise UnfitError(f"{self.name} has no loss")
        takes = inspect.signature(self.forward).parameters if self.forward else ()
        self.both = {"X", "Y"} <= {KIND_OF.get(n) for n in takes}  # the forward pass gives the loss as well
        places = self.learnt(parameters_of(made)) or self.learnt(trained(made, data))
        self.places = self.held_by_forward(places)
        self.holds_data = any(self.is_data(array) for _, array in arrays_in(made))
        if not self.places:
            raise UnfitError(f"{self.name} holds no parameters")
        if self.fit and isinstance(self.run(self.start())[1], tuple):
            self.fit = None  # the loss comes with its gradients
        self.updates = self.is_an_update()
        if self.fit and not self.updates:
            raise UnfitError(f"{self.name}.{self.fit.__name__} does not take a step from the parameters that it has")
        self.places |= self.numbers()
        self.shapes = {name: own[0].get(made) for name, own in self.places.items()}

    def learnt(self, places: dict[str, list[Place]]) -> dict[str, list[Place]]:
        """Of the arrays that an object holds those that are not the data."""
        return {name: own for name, own in places.items() if not self.is_data(own[0].get(self.made[STEP]))}

    def held_by_forward(self, places: dict[str, list[Place]]) -> dict[str, list[Place]]:
        """Of the places those whose arrays the forward pass leaves as they are."""
        if self.forward is None or self.both:
            return places
        before, after = copy.deepcopy(self.made[STEP]), copy.deepcopy(self.made[STEP])
        install(before, places, start := generic({name: own[0].get(before) for name, own in places.items()}))
        install(after, places, start)
        try:
            self.after_forward(after, self.forward, Ran(dict(self.data), {}, {}))
        except Exception:  # it is told where it is run for its cost
            return places
        return without_states(places, before, after)

    def is_data(self, array: Any) -> bool:
        return any(np.array_equal(array, self.data[kind]) for kind in ("X", "Y"))

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
        model, _, ran = self.run(copied(before), rate)
        kept = {place.path: array.copy() for place, array in arrays_in(model)}
        self.step(model, ran, rate)
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

    def step(self, model: Any, ran: Ran, rate: float) -> Any:
        """What its backward pass, or a step of its fit, returns."""
        function = self.fit or self.back
        if function is None:
            raise UnfitError(f"{self.name} has no gradients")
        given = one_step(function, rate, self.data) if self.fit else {"rate": rate}
        return call(getattr(model, function.__name__), self.seen_by(function, ran) | given)

    def seen_by(self, function: Function, ran: Ran) -> Values:
        """What is known of the arguments of a method after the forward pass."""
        values, named, known = ran
        return values | apart(named, function, self.how.shadowing) | known

    def run(self, p: Values, rate: float = STEP) -> tuple[Any, Any, Ran]:
        """The object after the forward pass, what its loss gave, and what is known then."""
        model, ran = copy.deepcopy(self.made[rate]), Ran(dict(self.data), {}, {})
        install(model, self.places, p)
        if self.forward is not None and not self.both:
            ran = self.after_forward(model, self.forward, ran)
        function = self.forward if self.both else self.loss
        if self.how.table is not None:
            return model, call(self.how.table, {"output": ran.known["output"]} | self.data), ran
        if function is None and self.judge is not None:
            compare = getattr(model, self.judge)
            function = method(class_of(compare), COMPARING)
            assert function is not None
            return model, getattr(compare, function.__name__)(ran.known["output"], self.data["Y"]), ran
        if function is None:
            raise UnfitError(f"{self.name} has no loss")
        seen = self.seen_by(function, ran)
        if self.how.several:
            seen = {
                n: [v] if isinstance(v, list) and v in (self.data["X"], self.data["Y"]) else v for n, v in seen.items()
            }
        return model, call(getattr(model, function.__name__), seen, spare="state"), ran

    def after_forward(self, model: Any, forward: Any, ran: Ran) -> Ran:
        """What the forward pass returns, by the names that it gives and by what it is for."""
        out = call(getattr(model, forward.__name__), ran.values, spare="X")
        parts, names = out if isinstance(out, tuple) else (out,), returned_names(forward)
        named = {n: v for n, v in zip(names, parts, strict=False) if n} if len(names) == len(parts) else {}
        output = parts[0][-1] if isinstance(parts[0], list) and self.how.table is not None else parts[0]
        return ran._replace(named=named, known={"output": output} | ({"cache": parts[1]} if len(parts) == 2 else {}))

    def cost(self, p: Values) -> Any:
        result = self.run(p)[1]
        return result[0] if isinstance(result, tuple) else result

    def gradients(self, p: Values) -> Values:
        before = {name: np.array(value) for name, value in p.items()}
        model, result, ran = self.run(copied(p))
        if isinstance(result, tuple) and len(result) > 1:
            rest, names = (result[1], []) if len(result) == 2 else (result[1:], returned_names(self.loss)[1:])
            return gradients_in(model, rest, names, self.places, before, self.updates)
        found, names = self.step(model, ran, STEP), returned_names(self.back) if self.back else []
        return gradients_in(model, None if self.fit else found, names, self.places, before, self.updates)

    def says(self) -> str:
        used = (None if self.both else self.forward, self.forward if self.both else self.loss, self.back or self.fit)
        return f"{self.name} is the model, with {', '.join(m.__name__ for m in used if m is not None)}"
