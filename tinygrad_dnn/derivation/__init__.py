"""explain: the chain rule of a recorded graph, read off it step by step, in the user's own names.

The backward pass is recorded as well; each gradient is then a formula of the variables and of the gradients that came
before it. Two conventions: in the calculus' own, every d is the gradient of the cost J. In the course's, dZ and dA are
those of the loss summed over the m examples, m times as large, and dW and db carry 1/m.
"""

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..tensor import Tensor
from ..trace import Made, named_values, run
from ..walk import BROADCASTING, backpropagate, graph
from .explanation import Explanation, Step
from .formulas import SIZE, Around, Case, evaluate, folded, holds, names_in, proposals, renamed
from .one_step import Local, OneStep, inside, jacobian, multiplications
from .order import Order, order_of
from .points import Point, Rerun, called_anew, elsewhere, here
from .reading import LONGEST, Reader
from .writing import text

INTEGERS = (np.dtype(np.int64), np.dtype(np.int32))
Holders = dict[Tensor, set[str]]
__all__ = ["Explanation", "OneStep", "Order", "Step", "explain", "explain_order"]


def explain(
    J: Tensor | Callable[..., Any],
    wrt: Any = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    convention: str = "course",
) -> Any:
    """The derivation of dJ/dW for W in wrt: a tensor, several, or their names; of all inputs if it is None.

    J is a recorded cost, whose tensors are called what the caller's variables call them; or a function
    J(parameters) of a dict of arrays, which is run here: then every variable of its code is known with its line.
    convention: "course" or "calculus". Every formula that is printed was run, at this point and at others, and is the
    gradient to 1e-12. TypeError where J is no tensor and no function.

    Of a tensor of several numbers the one step that made it is explained: its local derivatives by the variables it was
    computed from, the Jacobian where that is small, and what the product with it costs.
    """
    if convention not in ("course", "calculus"):
        raise ValueError(f"explain: convention is {convention!r}; expected is 'course' or 'calculus'")
    if type(J) is Tensor:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        found = {**(caller.f_globals if caller else {}), **(caller.f_locals if caller else {})}
        seen = [(name, value) for name, value in named_values(found) if not name.startswith("_")]
        made = {t: [Made(name, "", 0, "", 1)] for name, t in reversed(seen) if type(t) is Tensor}
        arrays = {name: [value] for name, value in seen if type(value) is np.ndarray}
        if J.size != 1:
            return one_step(J, made, arrays)
        return derivation(J, wrt, made, arrays, {}, convention, None)
    if not callable(J):
        raise TypeError(f"explain: J is {type(J).__name__}; expected is a recorded cost, or a function of parameters")
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError("explain: a function J needs its parameters: explain(J, parameters={'W1': array, ...})")
    tensors = {name: Tensor(value, name=name) for name, value in parameters.items()}
    cost, names = run(J, dict(tensors))
    if type(cost) is not Tensor:
        raise TypeError(f"explain: J(parameters) returned {type(cost).__name__}; nothing of it was recorded")
    function, arrays = J, dict(names.arrays)
    for name, value in outside(J).items():
        arrays.setdefault(name, []).append(value)

    def rerun(inputs: dict[Tensor, Tensor]) -> Tensor:
        result: Tensor = function({name: inputs.get(t, t) for name, t in tensors.items()})
        return result

    return derivation(cost, wrt, names.made, arrays, names.holders, convention, rerun)


def one_step(y: Tensor, made: dict[Tensor, list[Made]], arrays: dict[str, list[Any]]) -> OneStep:
    """The step to y from the named variables that it was computed from; these are taken as they are, as inputs."""
    if y.function is None:
        raise ValueError(f"explain: {y.name or 'this tensor'} was given and not computed; there is no step to explain")
    names = {t: name for t, name in labels(y, graph(y), made, {""}).items() if t is not y}
    name = next((place.name for place in made.get(y, [])), "y")
    between = inside(y, set(names))
    fresh = {t: Tensor(t.recorded, name=names[t]) for t in between if t in names}
    again = called_anew([t for t in graph(y) if t in between and t not in fresh] + [y], fresh)[y]
    g = np.random.default_rng(0).normal(size=y.shape)
    inputs = sorted(fresh.values(), key=lambda t: t.number)
    J: Tensor = np.sum(again * g)  # its gradient by y is g
    own = {t: str(t.name) for t in inputs} | {again: name, J: "J"}
    step = Derivation(J, own, {}, arrays | {f"d{name}": [g]}, {""}, None, examples(graph(J)), None)
    parts = []
    for t in inputs:
        formula = step.step(t).formula
        count = multiplications(formula, step.scopes[0]) if formula else 0
        parts.append(Local(own[t], t.shape, formula, jacobian(again, t, set(inputs)), y.size * t.size, count))
    return OneStep(name, step.forward(again), y.shape, parts)


def explain_order(J: Tensor) -> Order:
    """Why the walk back from J needs its order, and why contributions are added: two naive walks beside the right one.

    The tensors are called what the caller's variables call them.
    """
    if type(J) is not Tensor or J.size != 1:
        raise TypeError(f"explain_order: J is {type(J).__name__}; expected is a recorded cost, one number")
    frame = inspect.currentframe()
    caller = frame.f_back if frame else None
    seen = {**(caller.f_globals if caller else {}), **(caller.f_locals if caller else {})}
    return order_of(J, {t: name for name, t in named_values(seen) if type(t) is Tensor and not name.startswith("_")})


def outside(function: Callable[..., Any]) -> dict[str, Any]:
    """The arrays that a function reads from its module and from what it stands in."""
    try:
        found = inspect.getclosurevars(function)
    except (TypeError, ValueError):  # no plain function
        return {}
    return {k: v for k, v in {**found.globals, **found.nonlocals}.items() if type(v) is np.ndarray}


def derivation(
    J: Tensor,
    wrt: Any,
    made: dict[Tensor, list[Made]],
    arrays: dict[str, list[Any]],
    holders: Holders,
    convention: str,
    rerun: Rerun | None,
) -> Explanation:
    if J.size != 1:
        raise ValueError(f"explain: J has shape {J.shape}; expected is a cost, one number")
    tensors = graph(J)
    inputs = [t for t in tensors if t.function is None]
    ours = working(J, inputs, made, holders) or {""}  # the caller's own variables
    names = labels(J, tensors, made, ours)
    targets = chosen(wrt, inputs, names)
    reached = below(tensors, targets)
    m = examples(tensors)
    scale = m if convention == "course" and averaged(tensors, m) else None
    return Derivation(J, names, made, arrays, ours, scale, m, rerun).explanation(targets, reached)


def labels(J: Tensor, tensors: list[Tensor], made: dict[Tensor, list[Made]], working: set[str]) -> dict[Tensor, str]:
    """A name for each tensor that a variable held, numbered where several share it; insides of helpers have none."""
    helpers = {place.function for places in made.values() for place in places} - working
    wanted: dict[Tensor, str] = {}
    for t in tensors:
        places = [place for place in made.get(t, []) if place.function not in helpers]
        own = ([t.name] if t.name else []) + [place.name for place in places]
        usable = [name for name in own if name.isidentifier()] or ["x"] * (t.function is None)
        if usable:
            numbered = [name for name in usable if name[-1].isdigit()]
            wanted[t] = numbered[0] if numbered else usable[0]
    counts: dict[str, list[Tensor]] = {}
    for t in tensors:
        if t in wanted and t is not J:
            counts.setdefault(wanted[t], []).append(t)
    for t in pre_activations(tensors):  # called Z where the code has no name for them
        if t not in wanted and t is not J:
            counts.setdefault(free("ZS", wanted), []).append(t)
    known = {t for held in counts.values() for t in held}
    for t in tensors:  # and what comes out of one and goes into the next layer is called A
        for p in t.parents if t.function in (np.dot, np.matmul) and any(p.function is None for p in t.parents) else ():
            if p.function is not None and p not in known and p.function is not np.transpose:
                counts.setdefault(free("AH", wanted), []).append(p)
                known.add(p)
    names = {
        t: name if len(held) == 1 else f"{name}{i}" for name, held in counts.items() for i, t in enumerate(held, 1)
    }
    between = named_between(tensors, names)
    taken: set[str] = {"m", "np", "J"}
    for t in tensors:  # two of one name: the later one gets a mark
        if t in names or t in between:
            name = names.get(t) or f"t{1 + sum(n[:1] == 't' and n[1:].isdigit() for n in taken)}"
            while name in taken or gradient_of_another(name, taken):
                name += "_"
            names[t] = name
            taken.add(name)
    return names | {J: "J"}


def free(letters: str, wanted: dict[Tensor, str]) -> str:
    """The first letter that no name of the code begins with."""
    return next((x for x in letters if not any(name.startswith(x) for name in wanted.values())), letters[-1] * 2)


def gradient_of_another(name: str, taken: set[str]) -> bool:
    """Whether a variable's name is what the gradient of another is called, or the other way round."""
    return f"d{name}" in taken or (name[:1] == "d" and name[1:] in taken)


def pre_activations(tensors: list[Tensor]) -> list[Tensor]:
    """The products with a parameter, with the bias added where there is one."""
    products = {t for t in tensors if t.function in (np.dot, np.matmul) and any(map(given, t.parents))}
    biased = [t for t in tensors if t.function is np.add and products & {*t.parents} and any(map(given, t.parents))]
    used = {p for t in biased for p in t.parents}
    return sorted((products - used) | {*biased}, key=lambda t: t.number)


def given(t: Tensor) -> bool:
    """Whether a tensor is an input, or the transpose of one."""
    return t.function is None or (t.function is np.transpose and t.parents[0].function is None)


def working(J: Tensor, inputs: list[Tensor], made: dict[Tensor, list[Made]], holders: Holders) -> set[str]:
    """The functions that are given a parameter, or bind the cost; what the others bind are insides of one step."""
    return {place.function for place in made.get(J, [])} | {f for t in inputs for f in holders.get(t, ())}


def named_between(tensors: list[Tensor], names: dict[Tensor, str]) -> set[Tensor]:
    """Tensors without a name that get one all the same, so that no formula grows too long or is written twice."""
    length: dict[Tensor, int] = {}
    uses: dict[Tensor, int] = {}
    for t in tensors:
        for p in dict.fromkeys(t.parents):
            uses[p] = uses.get(p, 0) + 1
    found: set[Tensor] = set()
    for t in tensors:
        if t in names or t.function is None:
            length[t] = 0
            continue
        length[t] = 1 + sum(length[p] for p in t.parents)
        if length[t] > LONGEST or (uses.get(t, 0) > 1 and length[t] > 8):
            found.add(t)
            length[t] = 0
    return found


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


def below(tensors: list[Tensor], targets: Sequence[Tensor]) -> set[Tensor]:
    """What depends on the targets, and they themselves."""
    found = set(targets)
    for t in tensors:
        if any(p in found for p in t.parents):
            found.add(t)
    return found


def examples(tensors: list[Tensor]) -> int | None:
    """m: the one length that all constant tables share, or that of those that the cost divides by."""
    arrays = [a for t in tensors for a in t.arguments if isinstance(a, np.ndarray) and a.ndim and a.size > 1]
    shared = set.intersection(*(set(a.shape) - {1} for a in arrays)) if arrays else set()
    if len(shared) > 1:
        numbers = {float(a) for t in tensors for a in t.arguments if isinstance(a, int | float | np.number)}
        shared = {n for n in shared if float(n) in numbers or 1 / n in numbers}
    return int(shared.pop()) if len(shared) == 1 else None


def averaged(tensors: list[Tensor], m: int | None) -> bool:
    """Whether the cost divides by the number of examples; of a sum, the course's dZ is the calculus' own."""
    numbers = {abs(float(a)) for t in tensors for a in t.arguments if isinstance(a, int | float | np.number)}
    return m is not None and any(np.isclose(n, f) for n in numbers for f in (m, 1 / m, 2 * m, 0.5 / m))


def simple(code: str) -> bool:
    """Whether a formula is as short as a teacher's: a few operations, no function but a sum, no mask of numbers."""
    nodes = list(ast.walk(ast.parse(code or "np.long()")))
    calls = {ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)}
    return calls <= {"np.sum"} and sum(isinstance(n, ast.operator | ast.unaryop) for n in nodes) <= 3


class Derivation:
    """What is needed to write one step after the other. scale: m where dZ and dA are of the summed loss, else None."""

    def __init__(
        self, J: Tensor, names: dict[Tensor, str], made: dict[Tensor, list[Made]], arrays: dict[str, list[Any]],
        ours: set[str], scale: int | None, m: int | None, rerun: Rerun | None,
    ) -> None:  # fmt: skip
        self.J, self.names, self.made, self.scale, self.m = J, names, made, scale, m
        self.working = ours
        with np.errstate(all="ignore"):
            seed = Tensor(np.ones(J.shape))
            self.backward = backpropagate(J, seed, recording=True)
        self.ends: dict[Tensor, str] = {}
        for t in sorted(names, key=lambda t: -t.number):  # of two with one gradient, what came before has the name
            g = self.backward.get(t)
            if type(g) is Tensor:
                self.ends.setdefault(g, f"d{names[t]}")
        self.ends[seed] = "1"
        self.reader = Reader({**names, **self.ends}, arrays, m)
        self.tensors = graph(J)
        self.tensor_of = {f"d{name}": t for t, name in names.items() if t is not J}
        self.last = sorted((t for t in names if t is not J), key=lambda t: -t.number)
        points = [here(J, list(names)), *elsewhere(J, rerun)]
        self.scopes = [self.scope(point) for point in points]
        self.constants = self.named_constants()

    def explanation(self, targets: list[Tensor], reached: set[Tensor]) -> Explanation:
        meant = set(targets)
        order = [t for t in self.names if t in reached and t is not self.J and (t.function is not None or t in meant)]
        order.sort(key=lambda t: (-self.used(t), t.function is None))
        steps = [self.step(t) for t in order if t in self.backward]
        computed = [t for t in self.names if t.function is not None]
        computed.sort(key=lambda t: t.number)
        forward = [(self.names[t], self.forward(t), self.place(t)) for t in computed]
        return Explanation(steps, forward, self.m, "course" if self.scale else "calculus")

    def used(self, t: Tensor) -> int:
        """Where a variable comes in the backward order: a parameter right after what it helps to make."""
        if t.function is not None:
            return t.number
        after = [u.number for u in self.names if u.function is not None and t in self.ends_of(u)]
        return min(after, default=t.number)

    def ends_of(self, u: Tensor) -> set[Tensor]:
        """The named tensors that a variable is computed from."""
        found, waiting = set[Tensor](), list(u.parents)
        while waiting:
            p = waiting.pop()
            if p in self.names:
                found.add(p)
            else:
                waiting += list(p.parents)
        return found

    def forward(self, t: Tensor) -> str:
        """How a variable is computed: by a helper's name where one did it alone, else as it was recorded."""
        helper = next((p.function for p in self.made.get(t, [])[:1] if p.line and p.function not in self.working), "")
        if helper.isidentifier():
            return f"{helper}({', '.join(sorted(self.names[u] for u in self.ends_of(t)))})"
        return folded(self.reader.code(t))

    def place(self, t: Tensor) -> Made | None:
        known = [p for p in self.made.get(t, []) if p.line]
        return next((p for p in known if p.function in self.working), known[0] if known else None)

    def step(self, t: Tensor) -> Step:
        """The gradient of one variable: as it was recorded if that is short, else the shortest that holds."""
        recorded = self.recorded(t, self.backward[t])
        cases = self.cases(t)
        formula = self.conventional(t, recorded, cases)
        if not (simple(formula) and holds(formula, cases)):
            around = self.around(t, recorded)
            proposed = (self.conventional(t, f, cases) for f in proposals(around, cases, self.m))
            if len(cases) > 1:  # at one point alone a formula may hold by chance
                formula = next((folded(f) for f in proposed if holds(f, cases)), formula)
        if not holds(formula, cases[:1]):
            formula = ""  # what is not the gradient is not written
        consumers = sorted(s[1:] for s in names_in(recorded) if s in self.tensor_of)
        chain = self.chain(t, recorded, cases, formula)
        return Step(
            self.names[t], formula, recorded, t.shape, consumers, self.place(t), cases[0].expected, t.function is None,
            len(cases) > 1 and holds(formula, cases), self.algebra(formula), self.why(t, formula), chain,
        )  # fmt: skip

    def chain(self, t: Tensor, recorded: str, cases: list[Case], formula: str) -> str:
        """dA * g'(Z), where the formula is shorter than that because the cost has simplified it; else nothing."""
        around = self.around(t, recorded)
        if around.next is None or f"d{around.next}" in names_in(formula) or len(cases) == 1:
            return ""
        proposed = proposals(around._replace(later=[]), cases, self.m)
        return next((folded(f) for f in proposed if holds(f, cases)), "")

    def recorded(self, t: Tensor, g: Any) -> str:
        """The gradient as it was recorded, in the gradients that came before it."""
        if type(g) is not Tensor:
            return folded(self.reader.constant(np.asarray(g)))
        above = self.ends.get(g, "")
        return above if above not in ("", f"d{self.names[t]}") else folded(self.reader.code(g))

    def scope(self, point: Point) -> dict[str, Any]:
        """The names at a point; the gradients of variables m times as large in the course's way."""
        found: dict[str, Any] = {}
        for u, name in self.names.items():
            found[name] = point.values[u]
            found[f"d{name}"] = point.gradients[u] * (self.scale or 1 if u.function is not None else 1)
        found[SIZE] = max(float(np.max(np.abs(found[s]), initial=0.0)) for s in self.tensor_of)
        return found

    def cases(self, t: Tensor) -> list[Case]:
        """At each point the names, and the gradient there."""
        for scope in self.scopes:
            scope |= {"m": self.m, **self.reader.constants}
        return [Case(scope, scope[f"d{self.names[t]}"]) for scope in self.scopes]

    def conventional(self, t: Tensor, formula: str, cases: list[Case]) -> str:
        """The formula as the convention has it: with 1/m where it leads from a dZ to a parameter."""
        if not formula or not self.scale or holds(formula, cases[:1]):
            return formula
        each = {f"d{n}": f"(d{n} / m)" for u, n in self.names.items() if u.function is not None}
        if t.function is None:
            options = [f"1 / m * ({formula})", renamed(formula, each)]
        else:
            options = [formula.removesuffix(" / m"), f"m * ({formula})", f"m * ({renamed(formula, each)})"]
        return next((folded(f) for f in options if holds(f, cases[:1])), formula)

    def around(self, t: Tensor, recorded: str) -> Around:
        above = [self.tensor_of[s] for s in names_in(recorded) if s in self.tensor_of]
        one = self.names[above[0]] if len(above) == 1 and above[0].shape == t.shape else None
        near = [u for u in self.last if u.shape == t.shape and u.number >= t.number][:4]
        shaped = [name for name, value in self.constants.items() if np.shape(value) == t.shape]
        rows = [n for n, c in self.reader.constants.items() if getattr(c, "dtype", None) in INTEGERS and c.ndim == 1]
        later = [self.names[u] for u in near] if t.function is not None else []
        return Around(self.names[t], one, later, shaped, rows)

    def named_constants(self) -> dict[str, Any]:
        """The constant tables that the cost was computed with, by name."""
        for u in self.tensors:
            for a in u.arguments:
                for part in a if isinstance(a, tuple) else (a,):
                    if isinstance(part, np.ndarray) and part.ndim and part.dtype.kind in "fi":
                        self.reader.constant(part)
        return {n: c for n, c in self.reader.constants.items() if isinstance(c, np.ndarray)}

    def algebra(self, formula: str) -> list[str]:
        """Each product of tables in a formula, by its shapes: (4, 3) = (4, 5) (5, 3)."""
        if "@" not in formula:
            return []
        scope, found = self.scopes[0], list[str]()
        for node in ast.walk(ast.parse(formula, mode="eval")):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
                sides = [np.shape(evaluate(ast.unparse(side), scope)) for side in (node, node.left, node.right)]
                found.append(f"{sides[0]} = {sides[1]} {sides[2]}")
                for side, shape in zip((node.left, node.right), sides[1:], strict=True):
                    if len(shape) == 2 and shape[0] == shape[1] > 1:
                        found.append(f"{text(ast.unparse(side))} is square: the shapes alone would admit its transpose")
        return list(dict.fromkeys(found))

    def why(self, t: Tensor, formula: str) -> str:
        """A sentence where the formula needs one."""
        if "np.sum" in formula and t.function is None and self.broadcast(t):
            return f"{self.names[t]} was broadcast: its gradient is a sum over all the places where it went"
        return ""

    def broadcast(self, t: Tensor) -> bool:
        return any(t in set(u.parents) and u.shape != t.shape and u.function in BROADCASTING for u in self.tensors)
