"""A layer by itself: its backward pass against its forward pass, in every way that its arguments may be meant."""

import contextlib
import copy
import functools
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from .ends import End, Held, gone_back, held, kept_output, moved_by, orders_of, outputs
from .fused import together
from .holdings import STEP, Place, install, parameters_of, without_states
from .pairing import is_downstream
from .readings import factor, truth
from .shapes import OF_INPUT, OF_OUTPUT, upstream
from .tasks import Task, copied
from .values import DATA_OF, KIND_OF, SEED, Values, generic, returned_names

LABELLED, TABLE = ", with labels", ", a loss that is a table"
UNTOLD = "is not right as it was read, and it is not certain what comes out of it"
UNLIKE = "what comes back is no gradient of what goes in: right only of the first layer, where nobody uses it"
LABELS_BACK = "is a layer that is given the labels on its way back, and of which loss is not told"
STEPS = (
    "what it takes away from its parameters is {:.6g} times the gradients: right but for that, which a rate may hold"
)
NO_RATE = "is not right as it was read, and it is not known at which rate it steps"
MEANT = {"x": "what went in", "y": "what came out", "g": "what comes from above", "t": "the labels",
         "o": "what it keeps of its output"}  # fmt: skip


class Alone:
    """An object of a layer as a function of what goes in and of its parameters; end: where what comes out is."""

    def __init__(self, made: Any, forward: Any, back: Any, x: Any, labels: Any) -> None:
        in_training(made)
        self.made, self.forward, self.back, self.labels, self.end = made, forward, back, labels, End()
        self.kept: Place | None = None  # where a loss keeps what it makes of what goes in, as a softmax
        self.rate = 1.0  # of the steps by which it moves its parameters
        self.unsure = ""
        self.hidden = set[str]()  # parameters that it moves by a rule that hides the gradient
        self.parts: dict[str, int] = {}  # which part of a tuple without names is the gradient of what
        self.out: Any = None
        self.scale: Any = 1.0
        self.unlike = False  # whether something comes back that is no gradient of what goes in
        self.whole = False  # whether the backward pass is of a cost of its own, into which nothing comes from above
        self.places = parameters_of(made)
        self.shapes = {"x": x} | {name: own[0].get(made) for name, own in self.places.items()}
        takes = needed(forward)
        self.goes_in = takes[0] if takes else "x"
        self.labels_first = KIND_OF.get(self.goes_in, "") == "Y"
        if self.labels_first and len(takes) > 1:
            self.goes_in = takes[1]
        self.needs = needed(back)
        if labels is None and len(self.needs) == 1 and KIND_OF.get(self.needs[0]) == "Y":
            self.unsure = LABELS_BACK
        with contextlib.suppress(Exception):  # it is told where it is run for its cost
            self.places = without_states(self.places, made, self.call(self.shapes | {"x": np.ones(np.shape(x))})[0])
            self.shapes = {"x": x} | {name: own[0].get(made) for name, own in self.places.items()}

    def call(self, p: Values) -> tuple[Any, Any]:
        """The object after its forward pass, and what that returned."""
        layer = copy.deepcopy(self.made)
        install(layer, self.places, p)
        given = (p["x"],) if self.labels is None else (p["x"], self.labels)
        return layer, self.forward(layer, *(given[::-1] if self.labels_first else given))

    def ends(self) -> list[End]:
        """What may come out."""
        point = generic(self.shapes)
        before = copy.deepcopy(self.made)
        install(before, self.places, point)
        layer, result = self.call(point)
        self.kept = kept_output(layer, held(before), point["x"]) if self.labels is not None else None
        return outputs(result, layer, held(before), point["x"])

    def coming_out(self, end: End) -> "Alone":
        other = copy.copy(self)
        other.end = end
        out = other.run(self.shapes)[1]
        other.out, other.scale = out, upstream(np.shape(out)) if np.size(out) > 1 else 1.0
        return other

    def run(self, p: Values) -> tuple[Any, Any, list[Any]]:
        """The object after its forward pass, what comes out, and what is returned beside that."""
        layer, result = self.call(p)
        rest = [part for i, part in enumerate(result) if i != self.end.part] if self.end.part is not None else []
        return layer, self.end.of(result, layer), rest

    def given(self, p: Values, ran: tuple[Any, Any, list[Any]], reading: str, order: str) -> tuple[list[Any], bool]:
        """What the backward pass is given, and whether that is nothing from above."""
        layer, y, rest = ran
        in_order = {"x": np.array(p["x"]), "y": np.array(y), "g": np.array(self.scale), "t": self.labels}
        if order:
            in_order |= {"o": np.array(self.kept.get(layer))} if self.kept is not None else {}
            return [in_order[what] for what in order], "g" not in order
        if (len(self.needs) > 1 or self.labels is not None) and self.end.part is None:
            known = {"X": in_order["x"], "Y": self.labels, "gradient": in_order["g"]}
            known["output"] = in_order["y" if self.labels is None else "x"]
            kinds = [DATA_OF.get(n, KIND_OF.get(n, "")) for n in self.needs]
            above = iter([] if "gradient" in kinds else [in_order["g"]])
            alone = "gradient" not in kinds and all(kind in known for kind in kinds)
            return [known[kind] if kind in known else next(above, STEP) for kind in kinds], alone
        first = in_order["y" if reading == OF_OUTPUT else "x" if reading else "g"]
        found = [first if i == 0 else rest.pop(0) if rest else STEP for i, _ in enumerate(self.needs)]
        return found, bool(reading) or not self.needs  # a derivative of what it has kept

    def way_back(self, p: Values, reading: str = "", order: str = "") -> tuple[Any, Any, Held, bool]:
        """What the backward pass returns, the object then, what that held before, and whether nothing came in."""
        ran = self.run(copied(p))
        given, alone = self.given(p, ran, reading, order)
        before = held(ran[0])
        return self.back(ran[0], *given), ran[0], before, alone

    def gradients(self, p: Values, reading: str = "", order: str = "") -> Values:
        result, layer, before, alone = self.way_back(p, reading, order)
        x_shape = np.shape(self.shapes["x"])
        if self.parts:
            found = {f"d{name}": result[i] for name, i in self.parts.items()}
        else:
            names = returned_names(self.back)
            found = gone_back(result, layer, before, names, (self.goes_in, p["x"]), self.places, p)
            moved = moved_by(layer, self.places, p, {})
            found = {n: g / self.rate if n in moved and g is not None and np.array_equal(g, moved[n]) else g
                     for n, g in found.items()}  # fmt: skip
        dx = found.pop("dx", None)
        if dx is None or (self.places and self.is_none(dx)):
            return found
        dx = self.scale * dx if alone and not self.whole else dx
        same = np.squeeze(np.empty(np.shape(dx))).shape == np.squeeze(np.empty(x_shape)).shape
        return found | {"dx": np.reshape(dx, x_shape) if same else dx}

    def is_none(self, dx: Any) -> bool:
        """Whether what comes back is no gradient of what goes in: of another size, or a product's upstream unchanged.

        The first layer of all may return so; of a layer that works on each entry it is a mistake.
        """
        given_on = np.shape(dx) == np.shape(self.scale) and np.array_equal(dx, self.scale)
        tables = any(np.ndim(value) > 1 and min(np.shape(value)) > 1 for n, value in self.shapes.items() if n != "x")
        self.unlike = (given_on and tables) or np.size(dx) != np.size(self.shapes["x"])
        return self.unlike

    def cost(self, p: Values) -> Any:
        return np.sum(self.scale * self.run(p)[1])

    def tasks(self) -> Iterator[Task]:
        """The layer in every way that its backward pass may be read."""
        orders = self.orders_of_parts() or [{}]
        unsure = "" if self.end.sure and len(orders) == 1 else UNTOLD
        for parts in orders:
            other = copy.copy(self)
            other.parts = parts
            says = f", {tuple(parts.values())}" if parts else ""
            for t in other.readings():
                if other.rate != 1.0:
                    t = t._replace(assumed="; ".join(filter(None, [t.assumed, STEPS.format(other.rate)])))
                t = t._replace(unsure=t.unsure or unsure or other.unsure, form=t.form + says)
                yield at_rest(t, other.hidden, generic(self.shapes)) if other.hidden else t

    def orders_of_parts(self) -> list[dict[str, int]]:
        """Which part of what goes back may be the gradient of what, where they have no names."""
        result = self.way_back(generic(self.shapes))[0] if self.places else None
        return orders_of(result, returned_names(self.back), {n: np.shape(v) for n, v in self.shapes.items()})

    def learn_rate(self, known: bool) -> None:
        """What its steps are: gradients times a rate, or moved by a rule that hides them, as Adam's does.

        Steps are gradients only if they double where what comes from above does; a factor that all have is the rate,
        but where that is known.
        """
        point = generic(self.shapes)
        twice = copy.copy(self)
        layer = self.way_back(point)[1]
        moved = moved_by(layer, self.places, point, {})
        found = self.gradients(point)
        moved = {n: g for n, g in moved.items() if n in found and np.array_equal(found[n], g)}
        if not moved:
            return
        twice.scale = 2 * self.scale
        other = moved_by(twice.way_back(point)[1], self.places, point, {})
        linear = all(n in other and np.allclose(other[n], 2 * g, 1e-6, 1e-12) for n, g in moved.items())
        truths = truth(Task(self.cost, self.gradients, point, ""))
        rates = [factor(g, truths[n[1:]]) or 0.0 for n, g in moved.items()]
        if not linear:
            self.hidden = {n[1:] for n in moved}
        elif not known and rates[0] > 0 and np.allclose(rates, rates[0], 1e-4, 0):
            self.rate = rates[0]
        elif not known:
            self.unsure = NO_RATE

    def in_orders(self, form: str, called: str) -> list[Task]:
        """The layer with each order of what its backward pass may take."""
        found, names = [], self.needs
        for order in orders(names, self.labels is not None, np.shape(self.out) == np.shape(self.shapes["x"])):
            if "o" in order and self.kept is None:
                continue
            says = f"{called} takes {' and '.join(MEANT[what] for what in order)}"
            way = functools.partial(self.gradients, order=order)
            found.append(Task(self.cost, way, self.shapes, says, form=f"{form}, {order}"))
        return found

    def readings(self) -> Iterator[Task]:
        places, shapes, out, needs, x = self.places, self.shapes, self.out, self.needs, self.shapes["x"]
        labelled, called = self.labels is not None, f"{type(self.made).__name__}.{self.back.__name__}"
        if places:
            self.learn_rate(with_unit_rates(self.made, self.gradients, shapes) or len(needs) > 1)
        axes = f"{np.ndim(x)} axes{'' if self.end.place is None else f', {self.end.place.path}'}"
        if places and "dx" not in self.gradients(generic(shapes)):  # the first layer of all
            data = np.random.default_rng(SEED).normal(size=np.shape(x))
            doubts = (f"dx: {UNLIKE}",) if self.unlike else ()
            yield from of_parameters(Task(self.cost, self.gradients, shapes, "", doubts=doubts), data, axes)
            return
        form = f"{axes}{LABELLED * labelled}{TABLE if labelled and np.size(out) > 1 else ''}"
        every = [Task(self.cost, self.gradients, shapes, "", form=form)]
        if len(needs) == 2 - labelled or len(needs) == 2:  # backward(x, delta), backward(delta, output), backward(t)
            every += self.in_orders(form, called) if not places and self.end.part is None else []
        if labelled and np.size(out) == len(x) > 1 and not places:  # of each example
            for total, word in ((1 / len(x), "mean"), (1.0, "sum")):
                other = copy.copy(self)
                other.scale, other.whole = total, True
                says = f"the cost is the {word} of what {type(self.made).__name__}.{self.forward.__name__} gives"
                every.append(Task(other.cost, other.gradients, shapes, says, form=f"{form}, {word}"))
                every += [
                    t._replace(assumed=f"{says}; {t.assumed}") for t in other.in_orders(f"{form}, {word}", called)
                ]
        every = running(every)
        meant = (together(task, out, self.labels, self.scale) for task in every)
        unsure = next(filter(None, meant), "")
        every = [task._replace(unsure=unsure) for task in every]
        yield from every
        for task in every if labelled and not places else ():  # what goes into a loss may be probabilities
            yield task._replace(positive=True, form=f"{task.form}, between 0 and 1")
        alike = np.shape(out) == np.shape(x) and not places
        if len(needs) == 1 and alike and KIND_OF.get(needs[0]) != "gradient":
            for reading in (OF_OUTPUT, OF_INPUT):
                says, way = reading.format(called), functools.partial(self.gradients, reading=reading)
                yield Task(self.cost, way, shapes, says, form=f"{form}, {reading}")


def needed(method: Any) -> list[str]:
    """What a method has to be given beside its object; of one that takes anything, one thing."""
    every = list(inspect.signature(method).parameters.values())
    named = [p for p in every if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    found = [p.name for p in named[1:] if p.default is p.empty]
    return found or [p.name for p in every if p.kind is p.VAR_POSITIONAL]


def orders(names: list[str], labelled: bool, as_large: bool) -> list[str]:
    """What one or two arguments of a backward pass may be, where their names do not say it of all.

    Something comes in from above wherever what goes out is as large as what goes in, and is no loss.
    """
    kinds = ["gradient" if is_downstream(name) else DATA_OF.get(name, KIND_OF.get(name, "")) for name in names]
    known = {"X": "x", "output": "x" if labelled else "y", "Y": "t", "gradient": "g"}
    above = ("xg", "gx", "yg", "gy", *(("tg", "gt") if labelled else ()))
    if labelled and not as_large:  # a loss: nothing comes in from above, whatever its arguments are called
        every = [order for order in ("xt", "tx", "ot", "to", "x", "t", "o") if len(order) == len(names)]
        kinds = [kind if kind not in ("gradient", "output") else "" for kind in kinds]
    else:
        every = [order for order in above if len(order) == len(names)]
    return [order for order in every if all(known.get(k, o) == o for k, o in zip(kinds, order, strict=True))]


def running(tasks: list[Task]) -> list[Task]:
    """The tasks whose gradients run; the error of the first where none does."""
    found, errors = [], list[Exception]()
    for task in tasks:
        try:
            task.gradients(copied(task.parameters))
            found.append(task)
        except Exception as error:  # it takes other things
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def with_unit_rates(made: Any, gradients: Any, shapes: Values) -> bool:
    """Whether a layer has a number that its steps are in proportion to: that is their rate, and is made STEP."""
    point, has_one = generic(shapes), False
    first = {k: np.array(g) for k, g in gradients(point).items() if k != "dx"}
    for name, value in list(vars(made).items()):
        if isinstance(value, float) and value and f"d{name}" not in first:
            setattr(made, name, 2 * value)
            then = {k: g for k, g in gradients(point).items() if k != "dx"}
            alike = then.keys() == first.keys() and any(np.any(g) for g in first.values())
            doubled = alike and all(np.allclose(then[k], 2 * g, 1e-9) for k, g in first.items())
            setattr(made, name, STEP if doubled else value)
            has_one = has_one or doubled
    return has_one


def in_training(made: Any) -> None:
    """An object that is told whether it trains does."""
    for name, value in list(getattr(made, "__dict__", {}).items()):
        if value is False and "train" in name.lower():
            setattr(made, name, True)


def at_rest(task: Task, hidden: set[str], point: Values) -> Task:
    """The task without some of its parameters, whose gradient is told nowhere: they stay what they are."""
    still = {n: v for n, v in point.items() if n in hidden}

    def gradients(p: Values) -> Values:
        return {n: g for n, g in task.gradients(still | p).items() if n[1:] not in hidden}

    rest = {n: v for n, v in task.parameters.items() if n not in hidden}
    doubts = tuple(f"d{n}: is not told, but moved by a rule that hides it" for n in sorted(hidden))
    return task._replace(
        cost=lambda p: task.cost(still | p), gradients=gradients, parameters=rest, doubts=(*task.doubts, *doubts)
    )


def of_parameters(task: Task, x: Any, form: str) -> Iterator[Task]:
    """A layer whose backward pass gives no gradient of what goes in: of its parameters alone."""
    rest = {name: value for name, value in task.parameters.items() if name != "x"}

    def cost(p: Values) -> Any:
        return task.cost({"x": x.copy()} | p)

    def gradients(p: Values) -> Values:
        found: Values = task.gradients({"x": x.copy()} | p)
        return found

    says = "its backward pass gives no gradient of what goes in"
    yield Task(cost, gradients, rest, says, form=form, doubts=task.doubts)
