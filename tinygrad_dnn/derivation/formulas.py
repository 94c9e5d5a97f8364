"""Formulas as a teacher writes them, each proved by running it: here and at other random points.

A formula is code, in NumPy's words and the user's names. What does not hold at every point is never printed.
"""

import ast
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .evaluation import Scope, called_name, cancelling, close, evaluate
from .folding import number_of

HERE, THERE = 1e-12, 1e-9  # relative errors that a formula may have here, and at other points, where values may cancel


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
