"""Single steps: layers with forward and backward, and pairs of functions; each against its own forward pass.

The cost is the sum of what comes out times a random table, which is what goes into backward.
"""

import copy
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from ...transforms import vjp
from .functions import for_role, own_functions
from .objects import STEP, gradients_in, install, instances, method, own_classes, parameters_of
from .tasks import Part, Task, UnfitError, by_parameter, copied, first_fitting, merged, number
from .values import CLASSES, EXAMPLES, FEATURES, KIND_OF, SEED, Values, call, returned_names

FORWARD = "forward forward_propagation forward_pass feedforward __call__"
BACK = "backward backward_propagation backward_pass backprop backpropagation"
PAIRS = (  # how the backward one of two functions is named after the forward one
    ("_forward", "_backward"), ("forward_", "backward_"), ("_forward", "_back"), ("_fwd", "_bwd"), ("", "_prime"),
    ("", "_derivative"), ("", "_backward"), ("", "_grad"), ("", "_gradient"), ("", "_deriv"), ("", "_backprop"),
    ("", "_der"),
)  # fmt: skip
EXTRA: Values = {
    "bn_param": {"mode": "train"}, "ln_param": {}, "gn_param": {},
    "dropout_param": {"mode": "train", "p": 0.5, "seed": 1},
    "conv_param": {"stride": 1, "pad": 1}, "pool_param": {"pool_height": 2, "pool_width": 2, "stride": 2},
    "mode": "train", "training": True, "train_flg": True, "train": True, "stride": 1, "pad": 1, "eps": 1e-5,
}  # fmt: skip
IMAGES, FILTERS = (2, 3, 4, 4), (4, 3, 3, 3)
X_SHAPES = ((EXAMPLES, FEATURES), (FEATURES, EXAMPLES), (FEATURES, 1), IMAGES)


def of_steps(module: ModuleType) -> Iterator[Callable[[], Iterator[Task]]]:
    """All the steps of a file that run, as one task."""
    yield lambda: together(module)


def together(module: ModuleType) -> Iterator[Task]:
    candidates: list[tuple[str, Callable[[], Iterator[Task]]]] = []
    partners: set[Any] = set()
    kinds = own_classes(module)
    for kind in (k for k in kinds if not any(k in other.__mro__[1:] for other in kinds)):  # no mere bases
        candidates.append((kind.__name__, functools.partial(of_layer, kind)))
    own = own_functions(module)
    for name, function in own.items():
        for before, after in PAIRS:
            partner = name.replace(before, after) if before else name + after
            if partner != name and partner in own and before in name:
                candidates.append((name, functools.partial(of_pair, function, own[partner])))
                partners.add(own[partner])
                break
    tasks: list[tuple[str, Task | None]] = []
    failed: list[str] = []
    for name, make in candidates:
        raised: list[Exception] = []
        tasks.append((name, first_fitting(make, raised)))
        if tasks[-1][1] is None and raised and not any(isinstance(e, NotImplementedError) for e in raised):
            failed.append(name)
    failed += [f.__name__ for f in for_role(own, "backward") if f not in partners and "check" not in f.__name__]
    steps = [Part(name, undivided(task)) for name, task in tasks if task is not None]
    if not steps:
        raise UnfitError("no step runs")
    names = ", ".join(step.name for step in steps)
    one = len(steps) == 1
    divided = "; ".join(f"{step.name} has its {step.task.assumed}" for step in steps if step.task.assumed)
    assumed = (
        f"Assumed: {names} {'is' if one else 'are'} checked {'' if one else 'each '}alone, backward against forward, "
        "and not how the file puts them together; what goes in and what comes back is random from a seed."
        f"{' ' * bool(divided)}{divided}{'.' * bool(divided)}"
    )
    yield merged(steps, assumed)._replace(left_out=tuple(failed))


def undivided(task: Task) -> Task:
    """The same with the gradients times m where all but the first are 1/m of theirs, as the course has dW and db."""
    names = list(task.parameters)

    def recorded(*tensors: Any) -> Any:
        return task.cost(dict(zip(names, tensors, strict=True)))

    try:
        truths = dict(zip(names, vjp(recorded, *task.parameters.values())[1](1.0), strict=True))
        found = task.gradients(copied(task.parameters))
        rest = [name for name in names[1:] if f"d{name}" in found]
        parts = [np.allclose(EXAMPLES * found[f"d{name}"], truths[name], 1e-6) for name in rest]
    except Exception:  # what cannot be recorded is judged as it is
        return task
    if not rest or not all(parts):
        return task

    def gradients(p: Values) -> Values:
        return {k: g * EXAMPLES if k[1:] in rest else g for k, g in task.gradients(p).items()}

    divided = f"{', '.join(f'd{name}' for name in rest)} divided by m = {EXAMPLES}, as in the course"
    return task._replace(gradients=gradients, assumed=divided)


def upstream(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(SEED + 1).normal(size=shape)


def of_layer(kind: type) -> Iterator[Task]:
    """forward(x) and backward(dout), with parameters and their gradients as attributes."""
    forward, back = method(kind, FORWARD), method(kind, BACK)
    if forward is None or back is None:
        raise UnfitError("it has no forward and backward")
    arguments = [p.name for p in list(inspect.signature(forward).parameters.values())[1:] if p.default is p.empty]
    labelled = len(arguments) == 2
    last: Exception | None = None
    for x_shape, indices in itertools.product(X_SHAPES, (False, True) if labelled else (False,)):
        try:
            yield one_layer(kind, forward, back, x_shape, labelled, indices)
        except Exception as error:  # another shape may fit
            last = error
    if last is not None:
        raise last


def one_layer(kind: type, forward: Any, back: Any, x_shape: tuple[int, ...], labelled: bool, indices: bool) -> Task:
    rng = np.random.default_rng(SEED)
    sizes: Values = {"W": (FEATURES, CLASSES), "b": CLASSES, "gamma": FEATURES, "beta": FEATURES}
    tables: Values = {name: rng.normal(size=size) for name, size in sizes.items()}
    made = instances(kind, CLASSES, tables)
    places = parameters_of(made)
    shapes = {"x": np.zeros(x_shape)} | {name: own[0].get(made) for name, own in places.items()}
    true = np.arange(x_shape[0]) % x_shape[1]
    labels = true if indices else np.eye(x_shape[1])[true]

    def run(p: Values) -> tuple[Any, Any]:
        layer = copy.deepcopy(made)
        install(layer, places, p)
        given = (p["x"], labels) if labelled else (p["x"],)
        return layer, getattr(layer, forward.__name__)(*given)

    out = run(shapes)[1]
    scale = upstream(np.shape(out)) if np.size(out) > 1 else 1.0
    needs = [p for p in list(inspect.signature(back).parameters.values())[1:] if p.default is p.empty]

    def gradients(p: Values) -> Values:
        values = copied(p)
        layer, _ = run(values)
        known = [np.array(scale) if i == 0 else STEP for i, _ in enumerate(needs)]
        result = getattr(layer, back.__name__)(*known)
        dx = result[0] if isinstance(result, tuple) else result
        own = {name: p[name] for name in places}
        found = gradients_in(layer, None, [], places, own) if places else {}
        return found | ({} if dx is None else {"dx": dx})

    return Task(lambda p: np.sum(scale * run(p)[1]), gradients, shapes, "")


def of_pair(forward: Callable[..., Any], back: Callable[..., Any]) -> Iterator[Task]:
    """x_forward(x, w, b) -> out, cache and x_backward(dout, cache) -> dx, dw, db; f(z) and f_prime(z)."""
    needed = [p.name for p in inspect.signature(forward).parameters.values() if p.default is p.empty]
    free = [n for n in needed if n not in EXTRA]
    if not free or len(free) > 6:
        raise UnfitError("too many arguments")
    kinds = [KIND_OF.get(n) for n in free]
    if len(free) == 2 and "Y" in kinds:
        yield from of_loss_pair(forward, back, free)
        return
    last: Exception | None = None
    for shapes in shapes_for(free, forward.__name__):
        try:
            yield from of_shapes(forward, back, shapes)
        except UnfitError:
            continue
        except Exception as error:  # other shapes may fit
            last = error
    if last is not None:
        raise last


def shapes_for(free: list[str], called: str) -> Iterator[Values]:
    """Shapes for the input and what stands beside it, as rows and as columns; images where the name is about them."""
    first, *rest = free
    if any(word in called.lower() for word in ("conv", "pool", "spatial")):
        channels = IMAGES[1]
        beside = {"w": FILTERS, "W": FILTERS, "b": FILTERS[:1], "gamma": (channels,), "beta": (channels,)}
        yield {first: np.zeros(IMAGES)} | {n: np.zeros(beside.get(n, FILTERS[:1])) for n in rest}
    for rows in (True, False):
        inputs: list[tuple[int, ...]] = [(EXAMPLES, FEATURES) if rows else (FEATURES, EXAMPLES)]
        inputs += [(EXAMPLES, 2, FEATURES)] if rows else []
        for x, *chosen in itertools.product(inputs, *(beside_input(name, rows) for name in rest)):
            yield {first: np.zeros(x)} | {n: np.zeros(s) for n, s in zip(rest, chosen, strict=True)}


def beside_input(name: str, rows: bool) -> list[tuple[int, ...]]:
    """What the shape of an argument beside the input may be, by its name."""
    if name in ("prev_h", "h_prev", "h0", "hprev", "prev_c", "c_prev", "a_prev"):
        return [(EXAMPLES, CLASSES) if rows else (CLASSES, EXAMPLES)]
    if name in ("Wh", "Whh", "Waa", "W_hh", "U", "Wha"):
        return [(CLASSES, CLASSES)]
    if name[:1] in "Ww":
        return [(FEATURES, CLASSES), (CLASSES, FEATURES)]
    if name.lower().startswith("b") and name != "beta":
        return [(CLASSES,), (CLASSES, 1), (1, CLASSES)]
    return [(FEATURES,), (FEATURES, 1), (1, FEATURES)]


def of_shapes(forward: Callable[..., Any], back: Callable[..., Any], shapes: Values) -> Iterator[Task]:
    def run(p: Values) -> tuple[Any, Any]:
        out = call(forward, p | copy.deepcopy(EXTRA))
        return (out[0], out[1]) if isinstance(out, tuple) and len(out) == 2 else (out, None)

    out, cache = run(shapes)
    g, first = upstream(np.shape(out)), next(iter(shapes))
    needs = [p for p in inspect.signature(back).parameters.values() if p.default is p.empty]
    if np.size(out) == 1:
        return

    def cost(p: Values) -> Any:
        return np.sum(g * run(p)[0])

    def gradients(p: Values) -> Values:
        _, cache = run(copied(p))
        if len(needs) == 1 and len(shapes) == 1:
            return {f"d{first}": g * back(p[first].copy())}
        result = back(g.copy(), cache if cache is not None else p[first].copy())
        result = result if isinstance(result, tuple) else (result,)
        names = returned_names(back)
        return by_parameter(result, names if len(names) == len(result) else [], shapes)

    if len(needs) not in (1, 2) or (len(needs) == 1 and cache is not None):
        return
    yield Task(cost, gradients, shapes, "")


def of_loss_pair(loss: Callable[..., Any], slope: Callable[..., Any], names: list[str]) -> Iterator[Task]:
    """mse(y_true, y_pred) and mse_prime(y_true, y_pred): the slope by what is predicted."""
    Y = np.eye(CLASSES)[np.arange(EXAMPLES) % CLASSES]
    labels = next(n for n in names if KIND_OF.get(n) == "Y")
    free = next(n for n in names if n != labels)

    def cost(p: Values) -> Any:
        value = loss(**{labels: Y, free: p[free]})
        number(getattr(value, "data", value))
        return value

    def gradients(p: Values) -> Values:
        return {f"d{free}": slope(**{labels: Y, free: p[free].copy()})}

    yield Task(cost, gradients, {free: np.zeros(Y.shape)}, "")
