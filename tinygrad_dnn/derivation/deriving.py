"""The steps of a derivation: the gradient of each variable as the shortest formula that holds."""

import ast
import contextlib
from collections import ChainMap
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ..engine.tensor import Tensor
from ..engine.walk import BROADCASTING, backpropagate
from ..program.recorded import Recorded
from .convention import averaged
from .evaluation import Scope, evaluate, names_in, renamed
from .explanation import Explanation, Step, Steps
from .folding import as_products, folded
from .formulas import Around, Case, holds, proposals
from .points import Point, elsewhere, here
from .reading import Reader
from .writing import text

MIXED = 14  # entries of a mask, over all points anywhere, that show that it depends on no parameter
INTEGERS = (np.dtype(np.int64), np.dtype(np.int32))
K = TypeVar("K")
V = TypeVar("V")


def simple(code: str) -> bool:
    """Whether a formula is as short as a teacher's: a few operations, no function but a sum, no mask of numbers."""
    nodes = list(ast.walk(ast.parse(code or "np.long()")))
    calls = {ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)}
    return calls <= {"np.sum"} and sum(isinstance(n, ast.operator | ast.unaryop) for n in nodes) <= 3


def admitted(left: str, right: str, product: Any, scope: Scope) -> Iterator[str]:
    """The other products of the same two tables that have the same shape, and another value."""

    def ways(code: str) -> list[str]:
        return [code, f"({code}).T"] if np.ndim(evaluate(code, scope)) > 1 else [code]

    for a, b in ((left, right), (right, left)):
        for x in ways(a):
            for y in ways(b):
                code = folded(f"({x}) @ ({y})")
                with contextlib.suppress(ValueError):  # they do not fit
                    other = evaluate(code, scope)
                    if np.shape(other) == product.shape and not np.allclose(other, product, 1e-9, 1e-12):
                        yield code


def is_mask(c: Any) -> bool:
    """Whether a constant may have come of a comparison: of True and False, or of -1, 0 and 1."""
    if not isinstance(c, np.ndarray) or not c.ndim or c.dtype.kind not in "fib":
        return False
    return c.dtype.kind == "b" or (c.dtype.kind == "f" and bool(np.all((c == 0) | (np.abs(c) == 1))))


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The second ones of pairs by their first ones."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


class Derivation:
    """What is needed to write one step after the other. scale: m where dZ and dA are of the summed loss, else None.

    ends: the tensors whose gradients may stand in formulas, all that have a name if it is None.
    """

    def __init__(
        self, it: Recorded, names: dict[Tensor, str], scale: int | None, m: int | None, ends: set[Tensor] | None = None
    ) -> None:
        self.it, self.J, self.names, self.scale, self.tensors = it, it.cost, names, scale, it.tensors
        self.m = m if averaged(self.J, m) else None  # else a number that equals m is only that
        self.backward, self.ends = self.walked(ends)
        self.reader = Reader({**names, **self.ends}, {f"d{name}" for name in names.values()}, it.arrays, self.m)
        self.tensor_of = {f"d{name}": t for t, name in names.items() if t is not self.J}
        backwards = sorted(self.tensor_of.values(), key=lambda t: -t.number)
        self.last = grouped((t.shape, t) for t in backwards)  # by shape, the nearest to the cost first
        points = [here(self.J, list(names)), *elsewhere(self.J, it.rerun, 6 if len(it.tensors) < 1000 else 4)]
        self.scopes = [self.scope(point) for point in points]
        self.anywhere = sum(point.anywhere for point in points)
        computed = sorted((u for u in names if u.function is not None), key=lambda u: u.number)
        users = grouped((p, u) for u in computed for p in self.ends_of(u))
        self.consumers = {p: [names[u] for u in found] for p, found in users.items()}
        self.first_used = {p: found[0].number for p, found in users.items()}
        self.constants = self.named_constants()
        self.shaped = grouped((np.shape(value), name) for name, value in self.constants.items())
        every = self.reader.constants.items()
        self.rows = [name for name, c in every if getattr(c, "dtype", None) in INTEGERS and c.ndim == 1]

    def walked(self, ends: set[Tensor] | None) -> tuple[dict[Tensor, Any], dict[Tensor, str]]:
        """The gradients, recorded, and what those are called that may stand in formulas."""
        seed, called = Tensor(np.ones(self.J.shape)), dict[Tensor, str]()
        with np.errstate(all="ignore"):
            gradients = backpropagate(self.J, seed, recording=True)
        for t in sorted(self.names, key=lambda t: -t.number):  # of two with one gradient, what came before has the name
            g = gradients.get(t)
            if type(g) is Tensor and (ends is None or t in ends):
                called.setdefault(g, f"d{self.names[t]}")
        return gradients, called | {seed: "1"}

    def explanation(self, targets: list[Tensor], reached: set[Tensor]) -> Explanation:
        meant = set(targets)
        order = [t for t in self.names if t in reached and t is not self.J and (t.function is not None or t in meant)]
        order.sort(key=lambda t: (-self.used(t), t.function is None))
        order = [t for t in order if t in self.backward]
        steps = Steps([self.names[t] for t in order], lambda i: self.step(order[i]))
        computed = [t for t in self.names if t.function is not None]
        computed.sort(key=lambda t: t.number)
        forward = [(self.names[t], self.forward(t), self.it.place(t)) for t in computed]
        definitions = {self.names[t]: self.reader.code(t) for t in computed if t is not self.J}
        values = ChainMap(self.reader.constants, {"m": self.m}, self.scopes[0])
        return Explanation(
            steps, forward, definitions, self.m, "course" if self.scale else "calculus", self.names, values
        )

    def used(self, t: Tensor) -> int:
        """Where a variable comes in the backward order: a parameter right after what it helps to make."""
        return t.number if t.function is not None else self.first_used.get(t, t.number)

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
        helper, ends = self.it.helper(t), self.ends_of(t)
        if helper.isidentifier() and len(ends) == 1 and not all(u in self.names for u in t.parents):
            return f"{helper}({self.names[ends.pop()]})"
        return self.plain_sums(folded(self.reader.code(t)))

    def plain_sums(self, code: str) -> str:
        """A sum over all axes without naming them; over some axes of a larger table they are named."""
        if "np.sum" not in code:
            return code
        tree = ast.parse(code, mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.sum" and len(node.args) == 1:
                about = {k.arg: ast.unparse(k.value) for k in node.keywords}
                axes = ast.literal_eval(about.get("axis", "None"))
                with contextlib.suppress(Exception):
                    dimensions = np.ndim(evaluate(ast.unparse(node.args[0]), self.scopes[0] | self.reader.constants))
                    if axes == tuple(range(dimensions)) and "keepdims" not in about:
                        node.keywords = []
        return ast.unparse(tree)

    def step(self, t: Tensor) -> Step:
        """The gradient of one variable: as it was recorded if that is short, else the shortest that holds."""
        recorded = self.recorded(t, self.backward[t])
        cases = self.cases(t)
        recorded = as_products(recorded, self.scopes)
        formula = own = self.conventional(t, recorded, cases)
        if not (simple(formula) and holds(formula, cases)):
            around = self.around(t, recorded)
            proposed = (self.conventional(t, f, cases) for f in proposals(around, recorded, cases, self.m))
            if len(cases) > 1:  # at one point alone a formula may hold by chance
                formula = next((folded(f) for f in proposed if holds(f, cases)), formula)
        if not holds(formula, cases[:1]):
            formula = ""  # what is not the gradient is not written
        consumers = self.consumers.get(t, [])
        chain, formula = self.chain(t, recorded, cases, formula), self.plain_sums(formula)
        proved = len(cases) > 1 and holds(formula, cases) and not self.depends(formula)
        own = self.plain_sums(own)
        return Step(
            self.names[t], formula, own if holds(own, cases[:1]) else "", recorded, t.shape, consumers,
            self.it.place(t), cases[0].expected, t.function is None, proved, self.algebra(formula),
            self.why(t, formula), chain,
        )  # fmt: skip

    def depends(self, formula: str) -> bool:
        """Whether a mask stands in a formula that the code makes itself, and that may be another elsewhere.

        One that is mixed, and the same at several points anywhere, depends on no parameter.
        """
        outside = self.it.outside if self.it.rerun else []
        constants: list[Any] = [self.reader.constants.get(name) for name in names_in(formula)]
        for c in constants:
            if is_mask(c) and not any(np.array_equal(c, a) for a in outside):
                mixed = len(np.unique(c)) > 1
                if not (self.it.rerun and mixed and c.size * self.anywhere >= MIXED):
                    return True
        return False

    def chain(self, t: Tensor, recorded: str, cases: list[Case], formula: str) -> str:
        """dA * g'(Z), where the formula is shorter than that because the cost has simplified it; else nothing."""
        around = self.around(t, recorded)
        if around.next is None or f"d{around.next}" in names_in(formula) or len(cases) == 1:
            return ""
        proposed = proposals(around._replace(later=[]), "", cases, self.m)
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
            found[f"d{name}"] = point.gradients[u] * (self.scale if self.scale and self.summed(u) else 1)
        return found

    def summed(self, t: Tensor) -> bool:
        """Whether the course takes its gradient of the summed loss: not of a parameter, nor of a part of the cost."""
        return t.function is not None and t.size > 1

    def cases(self, t: Tensor) -> list[Case]:
        """At each point the names, and the gradient there."""
        for scope in self.scopes:
            scope |= {"m": self.m, **self.reader.constants}
        return [Case(scope, scope[f"d{self.names[t]}"]) for scope in self.scopes]

    def conventional(self, t: Tensor, formula: str, cases: list[Case]) -> str:
        """The formula as the convention has it: with 1/m where it leads from a dZ to a parameter.

        A gradient is linear in those that came before it; of ways that all hold the one that says so comes first.
        """
        if not formula or not self.scale:
            return formula
        before = {d for d in names_in(formula) if d in self.tensor_of and self.summed(self.tensor_of[d])}
        each, linear = {d: f"({d} / m)" for d in before}, bool(before)
        if not self.summed(t):
            options = [f"1 / m * ({formula})", renamed(formula, each), formula] if linear else [formula]
        elif linear:
            options = [formula, f"m * ({renamed(formula, each)})"]
        else:
            options = [formula.removesuffix(" / m"), f"m * ({formula})"]
        for points in (cases, cases[:1]):
            for option in options:
                if holds(option, points):
                    return folded(option)
        return formula

    def around(self, t: Tensor, recorded: str) -> Around:
        above = [self.tensor_of[s] for s in names_in(recorded) if s in self.tensor_of]
        one = self.names[above[0]] if len(above) == 1 and above[0].shape == t.shape else None
        near = [u for u in self.last.get(t.shape, [])[:4] if u.number >= t.number]
        shaped = self.shaped.get(t.shape, [])
        rows = self.rows
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
        """Each product of tables by its shapes, (4, 3) = (4, 5) (5, 3), and what else these would admit."""
        if "@" not in formula:
            return []
        scope, found = self.scopes[0], list[str]()
        for node in ast.walk(ast.parse(formula, mode="eval")):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
                left, right = ast.unparse(node.left), ast.unparse(node.right)
                product, *sides = (np.asarray(evaluate(code, scope)) for code in (f"({left}) @ ({right})", left, right))
                found.append(f"{product.shape} = {sides[0].shape} {sides[1].shape}")
                others = [text(code) for code in admitted(left, right, product, scope)]
                if others:
                    found.append(f"the shapes alone would admit {' and '.join(others[:3])} as well")
        return list(dict.fromkeys(found))

    def why(self, t: Tensor, formula: str) -> str:
        """A sentence where the formula needs one."""
        if "np.sum" in formula and t.function is None and t in self.broadcast:
            return f"{self.names[t]} was broadcast: its gradient is a sum over all the places where it went"
        return ""

    @cached_property
    def broadcast(self) -> set[Tensor]:
        """The tensors that an operation repeated to fit another."""
        entrywise = BROADCASTING - {np.dot, np.matmul, np.linalg.solve}
        return {p for u in self.tensors if u.function in entrywise for p in u.parents if p.shape != u.shape}
