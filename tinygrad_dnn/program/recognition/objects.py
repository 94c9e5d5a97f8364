"""Models that are objects: a class with a loss and its gradients, or with forward, loss and backward."""

import copy
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from .tasks import Part, Task, UnfitError, by_parameter, first_fitting, merged, most_telling
from .values import CLASSES, FEATURES, KIND_OF, Values, call, gradient_of, layouts, returned_names, sizes_of

LOSS = "loss compute_loss compute_cost cost calculate_loss total_cost error objective nll _loss loss_fn cost_function"
BACK = "gradient gradients grad backward backprop back_prop backpropagation backward_propagation back_propagation " \
       "compute_gradients _backward backward_pass _backprop"  # fmt: skip
FORWARD = (
    "forward feedforward feed_forward forward_propagation forward_prop forward_pass predict_proba predict _forward"
)
JUDGES = ("loss", "criterion", "cost", "loss_fn", "loss_layer", "last_layer", "lastLayer", "loss_function")
GROUPS = ("params", "parameters", "theta", "p")  # dicts that hold what is learnt
NEVER = ("grad", "velocity", "cache", "running", "nabla", "momentum")  # names of what is not
STEP = 1.0  # the learning rate by which a gradient is read off an update


class Place(NamedTuple):
    """Where an array is kept: the containers on the way, as attribute names, keys and indices."""

    path: tuple[Any, ...]

    def owner(self, root: Any) -> Any:
        for step in self.path[:-1]:
            root = step_into(root, step)
        return root

    def get(self, root: Any) -> Any:
        return step_into(self.owner(root), self.path[-1])

    def put(self, root: Any, value: Any) -> None:
        owner, last = self.owner(root), self.path[-1]
        if isinstance(owner, tuple):
            raise UnfitError("a tuple cannot take another array")
        if isinstance(owner, dict | list):
            owner[last] = value
        else:
            setattr(owner, last, value)


def step_into(owner: Any, step: Any) -> Any:
    return owner[step] if isinstance(owner, dict | list | tuple) else getattr(owner, step)


def own_classes(module: ModuleType) -> list[type]:
    return [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__]


def method(kind: type, names: str, words: tuple[str, ...] = ()) -> Callable[..., Any] | None:
    """The method of the first of these names, else one of whose name one of the words is a part."""
    every = [name for name in dir(kind) if name[:2] != "__" and inspect.isfunction(getattr(kind, name))]
    chosen = names.split() + [name for name in every if any(word in name.lower() for word in words)]
    return next((getattr(kind, name) for name in chosen if callable(getattr(kind, name, None))), None)


def instances(kind: type, outputs: int, data: Values) -> Any:
    """An object of a class made with sizes by their names; TypeError where a name is not known."""
    values = sizes_of(outputs) | data
    arguments = list(inspect.signature(kind).parameters.values())
    needed = [p for p in arguments if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    given: Values = {}
    for p in arguments:
        known = KIND_OF.get(p.name, p.name)
        if known in values and (
            p in needed or (isinstance(p.default, int | float) and known not in ("rate", "X", "Y"))
        ):
            given[p.name] = values[known]
        elif p in needed:
            raise TypeError(f"{kind.__name__}: nothing is known of its parameter {p.name}")
    return kind(**given)


def arrays_in(root: Any, path: tuple[Any, ...] = (), seen: set[int] | None = None) -> Iterator[tuple[Place, Any]]:
    """Every array of real numbers that an object holds, with its place."""
    seen = set() if seen is None else seen
    if id(root) in seen or len(path) > 6:
        return
    seen.add(id(root))
    if isinstance(root, dict):
        inner = list(root.items())
    elif isinstance(root, list | tuple):
        inner = list(enumerate(root))
    else:
        inner = list(getattr(root, "__dict__", {}).items())
    for key, value in inner:
        if isinstance(value, np.ndarray):
            if value.dtype.kind == "f" and value.size:
                yield Place((*path, key)), value
        elif not isinstance(value, type | str | int | float) and value is not None and not callable_only(value):
            yield from arrays_in(value, (*path, key), seen)


def callable_only(value: Any) -> bool:
    return inspect.isfunction(value) or inspect.ismethod(value) or inspect.ismodule(value)


def parameters_of(root: Any) -> dict[str, list[Place]]:
    """What an object learns, by name, with every place that holds the same array."""
    places: dict[int, list[Place]] = {}
    for place, array in arrays_in(root):
        places.setdefault(id(array), []).append(place)
    groups = [found for found in places.values() if not any(about_gradients(p) for p in found)]
    for group in GROUPS:
        if isinstance(getattr(root, group, None), dict) and getattr(root, group):
            groups = [found for found in groups if any(p.path[0] == group for p in found)] or groups
            break
    groups = [found for found in groups if KIND_OF.get(name_of(best(found))) not in ("X", "Y", "output")]
    names = [name_of(best(found)) for found in groups]
    named: dict[str, list[Place]] = {}
    for name, found in zip(names, groups, strict=True):  # of several layers with a W: W1, W2, W3
        count = sum(other.rstrip("0123456789") == name and other != name for other in named) + 1
        named[name if names.count(name) == 1 else f"{name}{count}"] = found
    return named


def best(places: list[Place]) -> Place:
    """The place that says most of an array: a name rather than a number, near to the root."""
    return min(places, key=lambda p: (not isinstance(p.path[-1], str), len(p.path)))


def about_gradients(place: Place) -> bool:
    words = [step.lower() for step in place.path if isinstance(step, str)]
    last = words[-1] if words else ""
    return any(part in word for word in words for part in NEVER) or (last[:1] == "d" and last[1:2] in ("w", "b", "_"))


def name_of(place: Place) -> str:
    """W1 for params["W1"], W for layers[0].W, weights0 for weights[0]."""
    last = place.path[-1]
    if isinstance(last, str):
        return last
    words = [step for step in place.path if isinstance(step, str)]
    return f"{words[-1] if words else 'p'}{last}"


def trained(made: Any, data: Values) -> dict[str, list[Place]]:
    """The parameters of a model that makes them when it is first trained."""
    start = method(type(made), "train fit initialize init_weights _init_weights build initialize_parameters")
    if start is None:
        return {}
    steps = dict.fromkeys(
        ("num_iters", "epochs", "num_iterations", "n_iter", "iterations", "batch_size", "num_epochs"), 1
    )
    call(getattr(made, start.__name__), data | steps)
    return parameters_of(made)


def install(root: Any, places: dict[str, list[Place]], values: Values) -> None:
    for name, found in places.items():
        if name in values:
            for place in found:
                place.put(root, values[name])


def gradients_in(root: Any, result: Any, names: list[str], places: dict[str, list[Place]], before: Values) -> Values:
    """The gradients after a backward pass: returned, kept beside the parameters, or what these were moved by."""
    found = by_parameter(result, names, before)
    found |= of_lists(result, names, places)
    for name, own in places.items():
        if f"d{name}" in found and np.shape(found[f"d{name}"]) == np.shape(before[name]):
            continue
        kept = next((g for place in own if (g := beside(root, place)) is not None), None)
        now = own[0].get(root)
        if kept is not None:
            found[f"d{name}"] = kept
        elif not np.array_equal(now, before[name]):
            found[f"d{name}"] = (before[name] - now) / STEP
    return {k: v for k, v in found.items() if isinstance(v, np.ndarray | float)}


def of_lists(result: Any, names: list[str], places: dict[str, list[Place]]) -> Values:
    """Of lists with an array for each layer, as in nabla_b, nabla_w."""
    found: Values = {}
    if isinstance(result, tuple) and len(names) == len(result):
        lists = {n: r for n, r in zip(names, result, strict=True) if n and isinstance(r, list)}
        for name, own in places.items():
            for place in own:
                if isinstance(place.path[-1], int) and len(place.path) > 1 and isinstance(place.path[-2], str):
                    key = gradient_of(place.path[-2], list(lists))
                    if key and place.path[-1] < len(lists[key]):
                        found[f"d{name}"] = lists[key][place.path[-1]]
    return found


def beside(root: Any, place: Place) -> Any:
    """What the owner of a parameter keeps as its gradient: layer.dW for layer.W, grads["W1"], grads[0]."""
    owners = [root]
    for step in place.path[:-1]:
        owners.append(step_into(owners[-1], step))
    last = place.path[-1]
    for owner in reversed(owners):
        kept = getattr(owner, "__dict__", owner if isinstance(owner, dict) else {})
        keys = [k for k, v in kept.items() if isinstance(k, str) and isinstance(v, np.ndarray | float)]
        if isinstance(last, str):
            key = gradient_of(last, [k for k in keys if k != last])
            if key is not None:
                return kept[key]
        for group, values in kept.items():
            if not isinstance(group, str) or not ("grad" in group.lower() or group.lower() in ("g", "dw", "nabla")):
                continue
            if isinstance(values, dict) and isinstance(last, str):
                key = gradient_of(last, [k for k in values if isinstance(k, str)])
                if key is not None:
                    return values[key]
            elif isinstance(values, list) and isinstance(last, int) and last < len(values):
                return values[last]
    return None


def of_classes(module: ModuleType) -> Iterator[Callable[[], Iterator[Task]]]:
    """Classes with a loss of data and labels, and gradients of it: all that run, as one task."""
    yield lambda: together(module)


def together(module: ModuleType) -> Iterator[Task]:
    raised: list[Exception] = []
    found = [(k.__name__, first_fitting(partial(of_class, k), raised)) for k in own_classes(module)]
    models = [Part(name, task) for name, task in found if task is not None]
    if not models:
        raise most_telling(raised, str(module.__file__), "no class is a model")
    yield merged(models, " ".join(model.task.assumed for model in models))


def of_class(kind: type) -> Iterator[Task]:
    last: Exception | None = None
    for outputs, rows in itertools.product((CLASSES, 1), (True, False)):
        for X, Y, says in layouts(FEATURES, outputs, rows):
            try:
                yield from of_object(kind, outputs, {"X": X, "Y": Y}, says)
            except UnfitError:
                raise
            except Exception as error:  # another layout may fit
                last = error
    if last is not None:
        raise last


def of_object(kind: type, outputs: int, data: Values, says: str) -> Iterator[Task]:
    model = Model(kind, outputs, data)
    assumed = f"Assumed: {model.says()}; {says}, all random from a seed."
    yield Task(lambda p: model.cost(p), lambda p: model.gradients(p), model.shapes, assumed)


class Model:
    """A class as a model: an object of it, where its parameters are, and its methods by what they are for."""

    def __init__(self, kind: type, outputs: int, data: Values) -> None:
        self.name, self.data = kind.__name__, data | {"reg": 0.7, "keep": 0.8, "rate": STEP}
        self.loss = method(kind, LOSS, ("loss", "cost"))
        self.back = method(kind, BACK, ("grad", "backprop"))
        self.forward = method(kind, FORWARD)
        self.made = instances(kind, outputs, data)
        judges = (n for n in JUDGES if method(type(getattr(self.made, n, None)), "forward __call__"))
        self.judge = next(judges, None)  # an object of its own that compares the output with the labels
        if self.loss is None and self.forward is None:
            raise UnfitError(f"{self.name} has no loss")
        self.places = parameters_of(self.made) or trained(self.made, data)
        if not self.places:
            raise UnfitError(f"{self.name} holds no parameters")
        self.shapes = {name: own[0].get(self.made) for name, own in self.places.items()}
        takes = inspect.signature(self.forward).parameters if self.forward else ()
        self.both = {"X", "Y"} <= {KIND_OF.get(n) for n in takes}  # the forward pass gives the loss as well

    def run(self, p: Values) -> tuple[Any, Any, Values]:
        """The object after the forward pass, what its loss gave, and what is known then."""
        model, values = copy.deepcopy(self.made), dict(self.data)
        install(model, self.places, p)
        if self.forward is not None and not self.both:
            values |= self.after_forward(model, self.forward, values)
        function = self.forward if self.both else self.loss
        if function is None and self.judge is not None:
            compare = getattr(model, self.judge)
            return model, getattr(compare, "forward", compare)(values["output"], self.data["Y"]), values
        if function is None:
            raise UnfitError(f"{self.name} has no loss")
        return model, call(getattr(model, function.__name__), values), values

    def after_forward(self, model: Any, forward: Any, values: Values) -> Values:
        """What the forward pass returns, by the names that it gives and by what it is for."""
        out = call(getattr(model, forward.__name__), values)
        parts, names = out if isinstance(out, tuple) else (out,), returned_names(forward)
        named = {n: v for n, v in zip(names, parts, strict=False) if n} if len(names) == len(parts) else {}
        return named | {"output": parts[0]} | ({"cache": parts[1]} if len(parts) == 2 else {})

    def cost(self, p: Values) -> Any:
        result = self.run(p)[1]
        return result[0] if isinstance(result, tuple) else result

    def gradients(self, p: Values) -> Values:
        before = {name: np.array(value) for name, value in p.items()}
        model, result, values = self.run(p)
        if isinstance(result, tuple) and len(result) == 2:
            return gradients_in(model, result[1], [], self.places, before)
        if self.back is None:
            raise UnfitError(f"{self.name} has no gradients")
        found = call(getattr(model, self.back.__name__), values)
        return gradients_in(model, found, returned_names(self.back), self.places, before)

    def says(self) -> str:
        used = (None if self.both else self.forward, self.forward if self.both else self.loss, self.back)
        return f"{self.name} is the model, with {', '.join(m.__name__ for m in used if m is not None)}"
