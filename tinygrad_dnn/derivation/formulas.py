"""Formulas as a teacher writes them, each proved by running it: here and at other random points.

A formula is code, in NumPy's words and the user's names. What does not hold at every point is never printed.
"""

import ast
import contextlib
from collections.abc import Iterator, MutableMapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

HERE, THERE = 1e-12, 1e-9  # relative errors that a formula may have here, and at other points, where values may cancel
ROUNDING, SINGLE = 1e-14, 1e-5
Scope = dict[str, Any]  # the values of names


class Case(NamedTuple):
    """What a formula has to give at a point, and what its names stand for there."""

    scope: Scope
    expected: Any


class Around(NamedTuple):
    """What stands near a variable: its own name, those computed from it, and tables of its shape.

    next    the one variable that is computed from it alone, or None
    later   the variables of its shape that are computed from it, and itself, the last first
    labels  the constants of its shape
    indices the constants that are a row of whole numbers
    """

    name: str
    next: str | None
    later: list[str]
    labels: list[str]
    indices: list[str]


def holds(code: str, cases: list[Case]) -> bool:
    """Whether a formula gives what is expected at every point."""
    if not code:
        return False
    for i, (scope, expected) in enumerate(cases):
        try:
            with np.errstate(all="ignore"):
                found = evaluate(code, scope)
                if np.ndim(found) == 0 and np.ndim(expected):  # one number for every entry
                    found = np.full(np.shape(expected), found)
                if np.shape(found) != np.shape(expected):
                    return False
                tolerance = HERE if i == 0 else THERE
                if not close(found, expected, tolerance) and not close(
                    found, expected, tolerance, cancelling(code, scope)
                ):
                    return False
        except Exception:  # a formula that is tried may not fit in any way
            return False
    return True


def cancelling(code: str, scope: Scope) -> float:
    """The largest of what is added in a formula: where it cancels, the rounding of that is left."""
    largest = 0.0
    for node in ast.walk(ast.parse(code, mode="eval")):
        parts: list[ast.AST] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            parts = [node.left, node.right]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            product = np.abs(evaluate(ast.unparse(node.left), scope)) @ np.abs(evaluate(ast.unparse(node.right), scope))
            largest = max(largest, float(np.max(product, initial=0.0)))
        elif isinstance(node, ast.Call) and called_name(node) == "np.sum" and node.args:
            largest = max(largest, float(np.sum(np.abs(evaluate(ast.unparse(node.args[0]), scope)))))
        for part in parts:
            largest = max(largest, float(np.max(np.abs(evaluate(ast.unparse(part), scope)), initial=0.0)))
    return largest


def evaluate(code: str, scope: MutableMapping[str, Any]) -> Any:
    return eval(
        compile(code, "<formula>", "eval"), {"np": np, "slice": slice, "Ellipsis": ..., "__builtins__": {}}, scope
    )


def close(a: Any, b: Any, tolerance: float, added: float = 0.0) -> bool:
    """Whether two gradients agree. added: the size of what was added to make them, of which the rounding stays."""
    single = np.asarray(b).dtype == np.float32
    size = max(float(np.max(np.abs(b), initial=0.0)), 1e-300)
    allowed = max((SINGLE if single else tolerance) * size, (SINGLE if single else ROUNDING) * added)
    return bool(np.all(np.abs(np.asarray(a) - b) <= allowed))


ELEMENTWISE = (  # local derivatives dA/dZ of A = f(Z), by A and Z; {c} is a number that is looked for
    "1", "{a} * (1 - {a})", "1 - {a} ** 2", "({z} > 0)", "{a}", "1 / {z}", "2 * {z}", "1 / (2 * {a})", "-{a} ** 2",
    "np.where({z} > 0, 1, {c})", "np.where({z} > 0, 1, {a} + {c})", "1 / (1 + np.exp(-{z}))", "np.cos({z})",
    "-np.sin({z})", "np.sign({z})", "{a} + (1 - {a}) / (1 + np.exp(-{z}))", "{c}",
)  # fmt: skip
SOFTMAX = "np.exp({a}) / np.sum(np.exp({a}), axis=0)", "np.exp({a}) / np.sum(np.exp({a}), axis=1, keepdims=True)"
FROM_THE_COST = (  # dZ or dA as the usual costs leave it, by A, Z and the labels Y
    "{a} - {y}", "-({y} / {a} - (1 - {y}) / (1 - {a}))", "-{y} / {a}", "1 / (1 + np.exp(-{a})) - {y}",
    "np.exp({a}) - {y}", f"{SOFTMAX[0]} - {{y}}", f"{SOFTMAX[1]} - {{y}}", "np.sign({a} - {y})",
)  # fmt: skip
LABELS = "np.eye({k})[{y}]", "np.eye({k})[{y}].T"  # one-hot rows or columns of labels that are indices of the K classes
ONE_HOT = (
    *(f"-{labels}" for labels in LABELS),
    *(f"{form} - {labels}" for form in ("{a}", "np.exp({a})", *SOFTMAX) for labels in LABELS),
)


def proposals(around: Around, recorded: str, cases: list[Case], m: int | None) -> Iterator[str]:
    """Formulas that may be the gradient of a variable, the shortest first."""
    scope, expected = cases[0]
    yield from scaled("1", scope, expected, m)
    for a in around.later:
        for y in around.labels:
            for form in FROM_THE_COST:
                yield from scaled(form.format(a=a, y=y), scope, expected, m)
        for y in around.indices if np.ndim(expected) == 2 else ():
            for form in ONE_HOT:
                for k in dict.fromkeys(np.shape(expected)):
                    yield from scaled(form.format(a=a, y=y, k=k), scope, expected, m)
    if recorded and (body := without_numbers(recorded)) != recorded:
        yield from scaled(body, scope, expected, m)
    if around.next is not None:
        g, z, a = f"d{around.next}", around.name, around.next
        for form in ELEMENTWISE:
            for c in numbers(form, scope, expected, g, z, a):
                factor = form.format(a=a, z=z, c=c)
                yield g if factor == "1" else f"{g} * ({factor})"
        yield f"{a} * ({g} - np.sum({g} * {a}, axis=0))"
        yield f"{a} * ({g} - np.sum({g} * {a}, axis=1, keepdims=True))"


def without_numbers(code: str) -> str:
    """The formula without its numbers as factors."""

    def stripped(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return stripped(node.operand)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            left, right = stripped(node.left), stripped(node.right)
            if right is None:
                return left
            return ast.BinOp(left or ast.Constant(1), node.op, right) if left or isinstance(node.op, ast.Div) else right
        if isinstance(node, ast.Call) and called_name(node) == "np.broadcast_to":
            inner = stripped(node.args[0])
            return ast.Call(node.func, [inner, *node.args[1:]], node.keywords) if inner else None
        return None if ast.unparse(node) == "m" or number_of(node) is not None else node

    body = stripped(ast.parse(code, mode="eval").body)
    return ast.unparse(ast.fix_missing_locations(body)) if body else "1"


def called_name(node: ast.Call) -> str:
    return ast.unparse(node.func)


def scaled(code: str, scope: Scope, expected: Any, m: int | None) -> Iterator[str]:
    """The formula times the number that makes it right here, said with m where it is of m."""
    try:
        with np.errstate(all="ignore"):
            value = np.broadcast_to(evaluate(code, scope), np.shape(expected))
            weight = np.sum(value * value)
            factor = float(np.sum(value * expected) / weight) if weight else 0.0
    except Exception:  # its names may not fit together
        return
    if not factor or not close(factor * value, expected, 1e-9):
        return
    body = code if code.isidentifier() or code.isdigit() else f"({code})"
    for number in (1.0, 2.0, 0.5, -1.0, -2.0):
        said = {1.0: body, -1.0: f"-{body}"}.get(number, f"{number:g} * {body}")
        if abs(factor - number) < 1e-9 * abs(number):
            yield said
        if m and abs(factor * m - number) < 1e-9 * abs(number):
            yield f"{said} / m"
        for n in sorted(set(np.shape(expected))):
            if m and n > 1 and abs(factor * m * n - number) < 1e-9 * abs(number):
                yield f"{said} / (m * {n})"
    part = Fraction(factor).limit_denominator(1000)
    if abs(part - factor) < 1e-13 * abs(factor):
        yield f"{part.numerator} / {part.denominator} * {body}"
    yield f"{factor:.12g} * {body}"


def numbers(form: str, scope: Scope, expected: Any, g: str, z: str, a: str) -> list[str]:
    """What may stand for c: the one slope below 0, or the one factor everywhere."""
    if "{c}" not in form:
        return [""]
    upstream, x, y = scope.get(g), scope.get(z), scope.get(a)
    if upstream is None or x is None or np.shape(upstream) != np.shape(expected):
        return []
    with np.errstate(all="ignore"):
        ratio = np.asarray(expected / upstream)
        chosen = ratio[np.asarray(x) <= 0] if "where" in form else ratio
        if "+ {c}" in form:
            chosen = chosen - np.asarray(y)[np.asarray(x) <= 0]
    chosen = chosen[np.isfinite(chosen)]
    if not chosen.size or not np.allclose(chosen, chosen.flat[0], 1e-9, 1e-12):
        return []
    return [f"{float(np.round(chosen.flat[0], 12)):g}"]


class Folding(ast.NodeTransformer):
    """What needs no proof: 1 x as x, x / 1 as x, -(-x) as x, and numbers multiplied."""

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        left, right = number_of(node.left), number_of(node.right)
        if (signed := self.sign(node)) is not None:
            return signed
        if isinstance(node.op, ast.Mult):
            if spread_one(node.left):
                return node.right
            if left is None and same_name(node.left, node.right):
                return ast.BinOp(node.left, ast.Pow(), ast.Constant(2))
            if left == 1:
                return node.right
            if right == 1:
                return node.left
            if -1 in (left, right):
                return self.visit(ast.UnaryOp(ast.USub(), node.right if left == -1 else node.left))
            if left is not None and right is not None:
                return ast.Constant(left * right)
            if right is not None:  # numbers stand first
                return ast.BinOp(node.right, ast.Mult(), node.left)
        if isinstance(node.op, ast.Add) and same_name(node.left, node.right):
            return ast.BinOp(ast.Constant(2), ast.Mult(), node.left)
        if isinstance(node.op, ast.Div) and right == 1:
            return node.left
        if isinstance(node.op, ast.Pow) and right == 1:
            return node.left
        return node

    def sign(self, node: ast.BinOp) -> Any:
        """(-a) * b as -(a * b), a + -b as a - b, a - -b as a + b: exact, a sign is not rounded."""
        if isinstance(node.op, ast.Mult | ast.Div | ast.MatMult):
            if (inner := negated(node.left)) is not None:
                return self.visit(ast.UnaryOp(ast.USub(), ast.BinOp(inner, node.op, node.right)))
            if (inner := negated(node.right)) is not None:
                return self.visit(ast.UnaryOp(ast.USub(), ast.BinOp(node.left, node.op, inner)))
        elif isinstance(node.op, ast.Add | ast.Sub) and (inner := negated(node.right)) is not None:
            op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            return self.visit(ast.BinOp(node.left, op, inner))
        return None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A number with another axis is a number."""
        self.generic_visit(node)
        single = called_name(node) == "np.expand_dims" and number_of(node.args[0]) is not None
        return node.args[0] if single else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """(A B)^T as B^T A^T, and A^T^T as A."""
        self.generic_visit(node)
        inner = node.value
        if node.attr == "T" and isinstance(inner, ast.Attribute) and inner.attr == "T":
            return inner.value
        if node.attr == "T" and isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.MatMult):
            sides = [self.visit(ast.Attribute(side, "T", ast.Load())) for side in (inner.right, inner.left)]
            return ast.BinOp(sides[0], ast.MatMult(), sides[1])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.USub) and isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            return inner.operand
        return node


class Products(ast.NodeTransformer):
    """Products with a vector, which NumPy's rules spread over an axis, as outer and as products of tables; a number
    that was spread over a table as the number.

    Not right for all shapes: whoever uses this runs both.
    """

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult | ast.Div):
            node.left, node.right = spread_number(node.left), spread_number(node.right)
        if isinstance(node.op, ast.Add) and ast.unparse(node.left) == ast.unparse(node.right):
            return doubled(node.left)
        if isinstance(node.op, ast.Mult):
            left, right = spread_vector(node.left, -1), spread_vector(node.right, -1)
            if left is not None and right is None:
                return outer(left, spread_vector(node.right, -2) or node.right)
            if right is not None and left is None:
                return outer(right, spread_vector(node.left, -2) or node.left)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name, about = called_name(node), {k.arg: ast.unparse(k.value) for k in node.keywords}
        if name == "np.sum" and about == {"axis": "(0,)"} and isinstance(inner := node.args[0], ast.BinOp):
            for table, other in ((inner.left, inner.right), (inner.right, inner.left)):
                if isinstance(inner.op, ast.Mult) and (vector := spread_vector(other, -1)) is not None:
                    return ast.BinOp(
                        ast.Attribute(self.visit(table), "T", ast.Load()), ast.MatMult(), self.visit(vector)
                    )
        if name == "np.squeeze" and isinstance(inner := node.args[0], ast.BinOp):
            vector = spread_vector(inner.left, -2)
            if isinstance(inner.op, ast.MatMult) and vector is not None:
                table = ast.Attribute(self.visit(inner.right), "T", ast.Load())
                return ast.BinOp(table, ast.MatMult(), self.visit(vector))
        self.generic_visit(node)
        return node


def spread_vector(node: ast.AST, axis: int) -> Any:
    """v of np.expand_dims(v, axis)."""
    spread = isinstance(node, ast.Call) and called_name(node) == "np.expand_dims" and number_of(node.args[1]) == axis
    return node.args[0] if spread else None  # type: ignore[attr-defined]


def spread_number(node: ast.expr) -> ast.expr:
    """n of np.broadcast_to(n, ...), where n is a number, or m."""
    spread = isinstance(node, ast.Call) and called_name(node) == "np.broadcast_to"
    inner = node.args[0] if spread else node  # type: ignore[attr-defined]
    return inner if number_of(inner) is not None or ast.unparse(inner) in ("m", "1 / m") else node


def doubled(node: ast.expr) -> ast.expr:
    """2 x for x + x, 0.1 W for 0.05 W + 0.05 W."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and (n := number_of(node.left)) is not None:
        return ast.BinOp(ast.Constant(2 * n), ast.Mult(), node.right)
    return ast.BinOp(ast.Constant(2), ast.Mult(), node)


def outer(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "outer", ast.Load()), [left, right], [])


def as_products(code: str, scopes: list[Scope]) -> str:
    """The formula with what Products makes of it, where that gives the same at every point."""
    if "np.expand_dims" not in code and "np.broadcast_to" not in code:
        return code
    plain = folded(ast.unparse(ast.fix_missing_locations(Products().visit(ast.parse(code, mode="eval")))))
    with contextlib.suppress(Exception):  # not of these shapes
        if all(equal(evaluate(plain, scope), evaluate(code, scope)) for scope in scopes):
            return plain
    return code


def equal(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, 1e-12, 1e-300))


def same_name(a: ast.AST, b: ast.AST) -> bool:
    return isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id


def negated(node: ast.AST) -> ast.expr | None:
    """x of -x; None of a number."""
    plain = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and number_of(node) is None
    return node.operand if plain else None  # type: ignore[attr-defined]


def spread_one(node: ast.AST) -> bool:
    """Whether this is 1 for every entry."""
    return isinstance(node, ast.Call) and called_name(node) == "np.broadcast_to" and number_of(node.args[0]) == 1


def number_of(node: ast.AST) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@lru_cache(2048)
def folded(code: str) -> str:
    if not code:
        return ""
    return ast.unparse(ast.fix_missing_locations(Folding().visit(ast.parse(code, mode="eval"))))


@lru_cache(2048)
def names_in(code: str) -> frozenset[str]:
    if not code:
        return frozenset()
    return frozenset(n.id for n in ast.walk(ast.parse(code, mode="eval")) if isinstance(n, ast.Name))


class Renaming(ast.NodeTransformer):
    """Each of some names as a formula."""

    def __init__(self, formulas: dict[str, str]) -> None:
        self.formulas = {name: ast.parse(code, mode="eval").body for name, code in formulas.items()}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.formulas.get(node.id, node)


def renamed(code: str, formulas: dict[str, str]) -> str:
    if not code:
        return ""
    own = {name: formulas[name] for name in names_in(code) & formulas.keys()}
    return ast.unparse(ast.fix_missing_locations(Renaming(own).visit(ast.parse(code, mode="eval"))))
