"""A model as the function that trains it puts it together, whatever the names are.

Its lines are run on data that are made up, with parameters of our own, and what its update reads is the gradient.
"""

import ast
import inspect
import itertools
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from .functions import TRAINING
from .offers import functions_at_hand
from .readings import at_form, best, in_time, several_outputs
from .tasks import Part, Task, Variant, by_parameter
from .trainers import Slice, Training, made, name_of_call, names_bound, names_read, taken_from, trainings
from .values import (
    KIND_OF,
    ONE,
    OTHERS,
    SIZE_OF,
    USUAL,
    Layout,
    Sizes,
    Values,
    gradient_of,
    layouts,
    returned_names,
    sizes_of,
    tree_of,
)
from .words import ERROR


def of_trainings(module: ModuleType, raised: list[Exception]) -> list[Part]:
    """Every function that trains with the others of its file, as far as it can be run."""
    found: list[Part] = []
    for training in trainings(module):
        task = best(partial(of_training, module, training), raised)
        if task is not None:
            found.append(Part(training.function.__name__, task))
    return found[:1]


def of_training(module: ModuleType, training: Training) -> Iterator[Task]:
    for outputs in (1, USUAL.classes):
        for task in at_sizes(module, training, outputs, USUAL):
            yield task._replace(variants=variants(module, training, outputs, task.form))


def variants(module: ModuleType, training: Training, outputs: int, form: str) -> tuple[Variant, ...]:
    def at(sizes: Sizes) -> Task:
        return at_form(at_sizes(module, training, outputs, sizes), form)

    made = [Variant(sizes.says(), partial(at, sizes), sizes is not ONE) for sizes in (*OTHERS, ONE)]
    if outputs == 1:
        tasks = partial(at_sizes, module, training, USUAL.classes, USUAL)
        made.append(Variant("several outputs", partial(several_outputs, tasks), False, True))
    return tuple(made)


def at_sizes(module: ModuleType, training: Training, outputs: int, sizes: Sizes) -> Iterator[Task]:
    outputs = sizes.classes if outputs > 1 else 1
    last: Exception | None = None
    ran = False
    for layout in itertools.chain(*(layouts(sizes.features, outputs, rows, sizes.examples) for rows in (False, True))):
        for variables, way in environments(training, layout, outputs, sizes):
            in_time()
            try:
                for task in Wired(module, training, variables, layout).tasks():
                    yield task._replace(form=f"{layout.form}, {way}, {task.form}")
                    ran = True
            except Exception as error:  # data in another form may fit
                last = error
    if last is not None and not ran and outputs > 1:
        raise last


def environments(training: Training, layout: Layout, outputs: int, sizes: Sizes) -> Iterator[tuple[Values, str]]:
    """What the arguments of a training function may be: data, the rest by names, by defaults and by trial."""
    arguments = inspect.signature(training.function).parameters
    needed = [n for n, p in arguments.items() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    known = {kind: [n for n in needed if KIND_OF.get(n, "") == kind or n.startswith(starts)]
             for kind, starts in (("X", ("X_", "x_")), ("Y", ("Y_", "y_")))}  # fmt: skip
    pairs = [(known["X"], known["Y"])]
    if not known["X"] or not known["Y"]:
        free = [n for n in needed if KIND_OF.get(n) not in ("rate", "reg", "keep", "sizes", "hidden")]
        pairs = [([x], [y]) for x, y in itertools.permutations(free, 2)]
        pairs += [([x], []) for x in free] if len(free) == 1 else []
    for (xs, ys), size in itertools.product(pairs, (sizes.hidden, [sizes.features, *sizes.deep, outputs])):
        values = sizes_of(outputs, sizes) | {"rate": 0.1}
        given: Values = {n: p.default for n, p in arguments.items() if p.default is not p.empty}
        rest = [n for n in needed if n not in (*xs, *ys)]
        for name in rest:
            kind = SIZE_OF.get(name, KIND_OF.get(name, name))
            is_count = any(word in name.lower() for word in TRAINING)
            given[name] = 1 if is_count else values.get(kind, size)
        yield given | dict.fromkeys(xs, layout.X) | dict.fromkeys(ys, layout.Y), f"{xs}, {ys}, {type(size).__name__}"
        if all(SIZE_OF.get(name, KIND_OF.get(name, name)) in values for name in rest):
            break


class Wired:
    """A training function with its arguments: its parameters, its gradients and what may be its cost."""

    def __init__(self, module: ModuleType, training: Training, variables: Values, layout: Layout) -> None:
        self.module, self.training, self.variables, self.layout = module, training, variables, layout
        self.learnt = made(training, module, variables)
        if not self.learnt:
            raise ValueError(f"{training.function.__name__}: nothing in it makes the parameters")
        self.places = dict(self.flat())
        self.shapes = {name: self.get(place) for name, place in self.places.items()}
        self.reads = set[str]().union(*(names_read(u) for u in training.updates)) - set(self.learnt)
        bound = set[str]().union(*(names_bound(line) for line in training.lines))
        self.reads &= bound - {n for u in training.updates for n in names_bound(u)}
        self.backward = Slice(training, self.reads, None)

    def flat(self) -> Iterator[tuple[str, tuple[str, Any]]]:
        """A name for every array that is learnt, and where it is kept."""
        for name, value in self.learnt.items():
            if isinstance(value, dict):
                alone = sum(isinstance(v, dict) for v in self.learnt.values()) == 1
                yield from ((k if alone else f"{name}_{k}", (name, k)) for k in value)
            elif isinstance(value, list | tuple):
                yield from ((f"{name}{i + 1}", (name, i)) for i in range(len(value)))
            else:
                yield name, (name, None)

    def get(self, place: tuple[str, Any]) -> Any:
        name, key = place
        return self.learnt[name] if key is None else self.learnt[name][key]

    def whole(self, p: Values) -> Values:
        """The variables of the training function that hold these parameters."""
        found: Values = {n: (dict(v) if isinstance(v, dict) else list(v) if isinstance(v, list | tuple) else v)
                         for n, v in self.learnt.items()}  # fmt: skip
        for name, value in p.items():
            variable, key = self.places[name]
            if key is None:
                found[variable] = value
            else:
                found[variable][key] = value
        return {n: tuple(v) if isinstance(self.learnt[n], tuple) else v for n, v in found.items()}

    def tasks(self) -> Iterator[Task]:
        self.gradients(self.shapes)  # an error of it is told
        for i, cost in enumerate(self.training.costs):
            needed = Slice(self.training, set(), cost)
            if not needed.reads & set(self.learnt):
                continue
            function = partial(self.cost, needed)
            if not gives_a_number(function, self.shapes):
                continue
            other = partial(self.cost, needed, data=self.moved())
            assumed = (
                f"Assumed: as {self.training.function.__name__} has it, the cost is {ast.unparse(cost)}, and what the "
                f"update reads ({', '.join(sorted(self.reads))}) its gradient; "
                f"{self.layout.says}, all random from a seed."
            )
            called = called_costs(tree_of(self.training.function))
            sure = not called or ast.unparse(cost) in called
            unsure = "" if sure else f"is not the gradient of {ast.unparse(cost)}, which may be no cost"
            yield Task(function, self.gradients, self.shapes, assumed, elsewise=other, form=f"cost {i}", unsure=unsure)

    def moved(self) -> Values:
        X = self.layout.X
        return {n: 1.7 * X + 0.3 if v is X else v for n, v in self.variables.items()}

    def cost(self, needed: Slice, p: Values, data: Values | None = None) -> Any:
        found = needed.run(self.module, data or self.variables, self.whole(p))[0]
        return next((v for v in found if np.shape(v) == ()), None) if isinstance(found, tuple) else found

    def gradients(self, p: Values) -> Values:
        known = self.backward.run(self.module, self.variables, self.whole(p))[1]
        found: Values = {}
        arrays = {n: known[n] for n in self.reads if isinstance(known[n], np.ndarray | float)}
        for name in self.reads - set(arrays):
            if isinstance(known[name], dict | list | tuple):
                found |= by_parameter(known[name], self.called(name, known[name]), self.shapes)
        for name in self.shapes:
            key = self.beside(name, arrays) or gradient_of(name, list(arrays))
            if key is not None:
                found[f"d{name}"] = arrays[key]
        return found

    def beside(self, name: str, arrays: Values) -> str | None:
        """What an update takes away from a parameter, where it is one variable: W -= rate * dW."""
        for update in self.training.updates:
            if self.places[name] == (name, None) and taken_from([update]) == {name}:
                read = [
                    n for n in names_read(update) if n in arrays and np.shape(arrays[n]) == np.shape(self.shapes[name])
                ]
                if len(read) == 1:
                    return read[0]
        return None

    def called(self, name: str, value: Any) -> list[str]:
        """What the function that returns several gradients calls them."""
        own = functions_at_hand(self.module)
        for line in self.training.lines:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call) and name in names_bound(line):
                function = own.get(name_of_call(line.value))
                names = returned_names(function) if function is not None else []
                return names if isinstance(value, tuple) and len(names) == len(value) else []
        return []


def called_costs(tree: ast.AST) -> set[str]:
    """The calls of a function whose results it calls a cost."""
    bound = [n for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call)]
    names = {ast.unparse(n.value): " ".join(map(ast.unparse, n.targets)).lower() for n in bound}
    return {call for call, name in names.items() if any(word in name for word in ERROR)}


def gives_a_number(function: Any, p: Values) -> bool:
    """Whether a cost may be one."""
    try:
        value = function(p)
    except Exception:  # then it is none
        return False
    return not isinstance(value, dict | str | list | tuple) and value is not None and np.size(value) == 1
