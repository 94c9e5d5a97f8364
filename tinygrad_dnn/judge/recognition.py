"""What to check in a file that says nothing of it: functions by the names that courses give them, on small random data.

A file may say it itself: cost(parameters), gradients(parameters) and the dict parameters.
"""

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

FEATURES, HIDDEN, EXAMPLES = 4, 3, 7
SEED = 1


class Task(NamedTuple):
    """A cost, its hand-written gradients and the parameters; assumed: in a sentence, what was taken for what."""

    cost: Callable[[Any], Any]
    gradients: Callable[[Any], Any]
    parameters: dict[str, Any]
    assumed: str


def task_of(module: ModuleType) -> Task | None:
    """What a file is about, or None where its names say nothing."""
    for recognise in (stated, layered, propagated):
        task = recognise(module)
        if task is not None:
            return task
    return None


def stated(module: ModuleType) -> Task | None:
    if all(hasattr(module, n) for n in ("cost", "gradients", "parameters")) and isinstance(module.parameters, Mapping):
        return Task(module.cost, module.gradients, dict(module.parameters), "")
    return None


def data(outputs: int = 1) -> tuple[Any, Any]:
    """X (features, examples), and labels Y (outputs, examples): 0 and 1, one-hot where there are several."""
    rng = np.random.default_rng(SEED)
    X = rng.normal(size=(FEATURES, EXAMPLES))
    classes = np.arange(EXAMPLES) % max(outputs, 2)
    return X, np.eye(outputs)[classes].T if outputs > 1 else classes.reshape(1, -1).astype(float)


def generic(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Random parameters in the shapes of the given ones: zeros would hide mistakes."""
    rng = np.random.default_rng(SEED)
    return {name: 0.6 * rng.normal(size=np.shape(value)) for name, value in parameters.items()}


ALIASES = {
    "X": ("X", "x", "X_train", "inputs"),
    "Y": ("Y", "y", "Y_train", "labels", "targets"),
    "parameters": ("parameters", "params", "theta", "p", "weights"),
    "caches": ("caches", "cache", "memory", "mem", "Cache"),
    "AL": ("AL", "A2", "A3", "A", "Y_hat", "y_hat", "yhat", "AL_"),
    "reg": ("reg", "lambd", "lam", "lambda_", "l2"),
}


def call(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """The function called with what its parameters are named after; TypeError where one is not known."""
    arguments = []
    for parameter in inspect.signature(function).parameters.values():
        known = [kind for kind, names in ALIASES.items() if parameter.name in names and kind in values]
        if known:
            arguments.append(values[known[0]])
        elif parameter.default is parameter.empty:
            raise TypeError(f"{function.__name__}: nothing is known of its parameter {parameter.name}")
        else:
            break
    return function(*arguments)


def first_of(module: ModuleType, *names: str) -> Any:
    """The first function of the file that has one of these names, a longer name that begins with it counts too."""
    own = {name: f for name, f in vars(module).items() if inspect.isfunction(f)}
    for name in names:
        found = [f for other, f in own.items() if other == name] or [f for o, f in own.items() if o.startswith(name)]
        if found:
            return found[0]
    return None


def layered(module: ModuleType) -> Task | None:
    """initialize_parameters_deep, L_model_forward, compute_cost, L_model_backward, and names like these."""
    start = first_of(module, "initialize_parameters_deep", "initialize_parameters", "init_params", "initialise")
    forward = first_of(
        module, "L_model_forward", "L_layer_forward", "forward_propagation", "forward_prop", "model_forward"
    )
    costs = first_of(module, "compute_cost_with_regularization", "compute_cost", "compute_loss", "cross_entropy_cost")
    backward = first_of(
        module, "L_model_backward", "L_layer_back_prop", "L_layer_backward", "backward_propagation", "back_propagation",
        "backward_prop", "model_backward",
    )  # fmt: skip
    if not (start and forward and costs and backward):
        return None
    for outputs in (1, 3):
        task = try_layers(start, forward, costs, backward, outputs)
        if task is not None:
            return task
    return None


def try_layers(start: Any, forward: Any, costs: Any, backward: Any, outputs: int) -> Task | None:
    X, Y = data(outputs)
    names = list(inspect.signature(start).parameters.values())
    needed = [p for p in names if p.default is p.empty]
    sizes = [FEATURES, HIDDEN, HIDDEN, outputs]
    given: list[Any] = [sizes] if len(needed) == 1 else [FEATURES, HIDDEN, outputs][: len(needed)]
    values = {"X": X, "Y": Y, "reg": 0.7}

    def run(p: Any) -> tuple[Any, Any]:
        output = call(forward, values | {"parameters": p})
        return output if isinstance(output, tuple) and len(output) == 2 else (output, None)

    def cost(p: Any) -> Any:
        AL, caches = run(p)
        return call(costs, values | {"parameters": p, "AL": AL, "caches": caches})

    def gradients(p: Any) -> Any:
        AL, caches = run(p)
        return call(backward, values | {"parameters": p, "AL": AL, "caches": caches})

    try:
        parameters = generic(start(*given))
        with np.errstate(all="ignore"):
            value = np.asarray(cost(dict(parameters)), dtype=float)
            if value == cost({name: 2 * p for name, p in parameters.items()}):
                return None  # softmax over one output: nothing depends on anything
    except Exception:  # another number of outputs may fit
        return None
    if value.size != 1 or not np.isfinite(value).all():
        return None
    labels = "0 and 1" if outputs == 1 else f"{outputs} classes"
    assumed = (
        f"Assumed: {start.__name__}, {forward.__name__}, {costs.__name__} and {backward.__name__} belong together; "
        f"X is {FEATURES} x {EXAMPLES} with examples as columns, Y has {labels}, all random from a seed."
    )
    return Task(cost, gradients, parameters, assumed)


def propagated(module: ModuleType) -> Task | None:
    """propagate(w, b, X, Y) -> (grads, cost), and functions of these arguments that return the two."""
    for function in (f for f in vars(module).values() if inspect.isfunction(f)):
        names = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]
        if [n.lower() for n in names] == ["w", "b", "x", "y"]:
            task = try_propagate(function)
            if task is not None:
                return task
    return None


def try_propagate(function: Any) -> Task | None:
    X, Y = data()
    rng = np.random.default_rng(SEED)
    parameters = {"w": rng.normal(size=(FEATURES, 1)), "b": np.float64(0.3)}

    def both(p: Any) -> tuple[Any, Any]:
        results = function(p["w"], p["b"], X, Y)
        grads = next(r for r in results if isinstance(r, Mapping))
        return grads, next(r for r in results if r is not grads)

    try:
        with np.errstate(all="ignore"):
            grads, cost = both(parameters)
        if np.size(cost) != 1 or not isinstance(grads, Mapping):
            return None
    except Exception:
        return None
    assumed = (
        f"Assumed: {function.__name__}(w, b, X, Y) returns the gradients and the cost; X is {FEATURES} x {EXAMPLES} "
        "with examples as columns, Y has 0 and 1, all random from a seed."
    )
    return Task(lambda p: both(p)[1], lambda p: both(p)[0], parameters, assumed)
