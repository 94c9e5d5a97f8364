"""Single steps: layers with forward and backward, and pairs of functions; each against its own forward pass.

The cost is the sum of what comes out times a random table, which is what goes into backward.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from ...transforms import vjp
from .alone import LABELLED, TABLE
from .functions import for_role
from .fused import LESS_LABELS, PASSED_ON
from .layers import of_layer, steps_of
from .making import own_classes
from .offers import own_functions
from .pairing import derivative_pairs
from .pairs import of_pair, used_on
from .readings import agreeing, best, factor, moves_in_steps, recorded, truth
from .tasks import Part, Task, Variant, copied
from .tried_passes import of_tried
from .values import USUAL, Values, generic, tree_of

Code = set[CodeType]
TOGETHER = "is not right alone, and another step here is meant together with a loss: this may be that loss"
COARSE = "cannot be recorded, and differences of a cost in single precision tell too little"
MISREAD = "is not right as it was read, alone, and it may be meant otherwise"


def of_steps(module: ModuleType, raised: list[Exception], ran: Code) -> tuple[list[Part], list[str]]:
    """All the steps of a file that run, but for those that ran already; and the names of those that do not."""
    found: list[Part] = []
    failed: list[str] = []
    kinds = own_classes(module)
    candidates: list[tuple[str, Callable[[], Iterator[Task]]]] = []
    for kind in (k for k in kinds if not any(k in other.__mro__[1:] for other in kinds)):  # no mere bases
        _, back = steps_of(kind)
        inside = [f.__code__ for f in vars(kind).values() if inspect.isfunction(f) and f.__name__ != "__init__"]
        if back is not None and not ran & set(inside):
            candidates.append((kind.__name__, functools.partial(of_layer, kind)))
    own, partners, backs = own_functions(module), set[Any](), dict[str, str]()
    tree = tree_of(module)
    for name, function, derivative in derivative_pairs(own):
        partners.add(derivative)
        if derivative.__code__ not in ran:
            called = next(n for n, f in own.items() if f is derivative)
            uses = used_on(tree, function.__name__, called)
            candidates.append((name, functools.partial(of_pair, function, derivative, uses)))
            backs[name] = called
    for name, make in candidates:
        errors: list[Exception] = []
        task = best(make, errors)
        if task is None and name in backs:
            task = best(functools.partial(of_tried, module, own[name], own[backs[name]], errors), errors)
        if task is not None:
            named = name if name not in [part.name for part in found] else f"{name} again"
            found.append(Part(named, undivided(doubted(task))))
        elif (errors or name in backs) and not any(isinstance(e, NotImplementedError) for e in errors):
            failed.append(backs.get(name, name))
            raised += errors
    alone = [f for f in for_role(own, "backward") if f not in partners and f.__code__ not in ran]
    if any(step.task.unsure in (PASSED_ON, LESS_LABELS) for step in found):
        found = [step._replace(task=together_with_others(step.task)) for step in found]
    return found, failed + [f.__name__ for f in alone]


def doubted(task: Task) -> Task:
    """The task; of a loss that gives a table, and of which nothing is right as it was read, it is not certain.

    Nor is it of a step in single precision where nothing but differences can judge it.
    """
    if recorded(task) is None and moves_in_steps(task):
        return task._replace(unsure=COARSE)
    return task if TABLE not in task.form or any(agreeing(task).values()) else task._replace(unsure=MISREAD)


def together_with_others(task: Task) -> Task:
    """The task; of a loss it is not certain where an activation and its loss are one, unless it is a multiple."""
    if LABELLED not in task.form or task.unsure:
        return task
    point = generic(task.parameters)
    try:
        found, right = task.gradients(copied(point)), truth(task._replace(parameters=point))
        multiples = [factor(found[f"d{name}"], right[name]) for name in right]
    except Exception:  # it is told where it is judged
        return task
    return task if all(multiples) else task._replace(unsure=TOGETHER)


def assumption(steps: list[Part]) -> str:
    """What is said of steps that are checked alone."""
    names, one = ", ".join(step.name for step in steps), len(steps) == 1
    peculiar = "; ".join(f"{step.name}: {step.task.assumed}" for step in steps if step.task.assumed)
    return (
        f"Assumed: {names} {'is' if one else 'are'} checked {'' if one else 'each '}alone, backward against forward, "
        "and not how the file puts them together; what goes in and what comes back is random from a seed."
        f"{' ' * bool(peculiar)}{peculiar}{'.' * bool(peculiar)}"
    )


def undivided(task: Task) -> Task:
    """The same with the gradients times m where all but the first are 1/m of theirs, as the course has dW and db."""
    names, m = list(task.parameters), USUAL.examples

    def recorded(*tensors: Any) -> Any:
        return task.cost(dict(zip(names, tensors, strict=True)))

    try:
        truths = dict(zip(names, vjp(recorded, *task.parameters.values())[1](1.0), strict=True))
        found = task.gradients(copied(task.parameters))
        rest = [name for name in names[1:] if f"d{name}" in found]
        parts = [np.allclose(m * found[f"d{name}"], truths[name], 1e-6) for name in rest]
    except Exception:  # what cannot be recorded is judged as it is
        return task
    if not rest or not all(parts):
        return task

    def multiplied(inner: Task, m: int) -> Task:
        def gradients(p: Values) -> Values:
            return {k: g * m if k[1:] in rest else g for k, g in inner.gradients(p).items()}

        return inner._replace(gradients=gradients)

    axis = list(np.shape(task.parameters[names[0]])).index(m)

    def again(variant: Variant) -> Task:
        inner = variant.make()
        return multiplied(inner, np.shape(inner.parameters[names[0]])[axis])

    divided = f"{', '.join(f'd{name}' for name in rest)} divided by m = {m}, as in the course"
    variants = tuple(v._replace(make=functools.partial(again, v)) for v in task.variants)
    return multiplied(task, m)._replace(assumed="; ".join(filter(None, [task.assumed, divided])), variants=variants)
