"""Edits of a value: a factor or a term that is missing, or another formula in its place."""

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from .writer import Edit, Writer, words


class OfValues(Writer):
    def of_whole(self, root: ast.expr) -> Iterator[Edit]:
        """Factors and terms that may be missing from a value."""
        if root is getattr(self.statement, "target", None) or root in getattr(self.statement, "targets", []):
            return
        yield from self.reversed(root)
        if isinstance(root, ast.BinOp | ast.Call):
            E = f"({self.text(root)})" if isinstance(root, ast.BinOp) else self.text(root)
            yield self.edit(1.6, "transposed", root, f"{E}.T")
        yield from self.rewritten(root)
        yield from self.one_hot(root) if self.alone else ()
        for node, far in self.values(root):
            yield from self.factors(node, far)
            yield from self.terms(node, far)

    def factors(self, node: ast.expr, far: float) -> Iterator[Edit]:
        E = self.operand(node)
        if isinstance(node, ast.Constant | ast.Name) and far:
            far += 0.4

        def wrapped(distance: float, kind: str, text: str, new: str) -> Edit:
            start, end = self.enclosed(node)
            return Edit(distance + far, kind, self.statement, start, end, self.in_place(node, text), node, new)

        odd = 1.0 if self.plain_number(node) else 0.0  # nobody forgets to divide or to negate a length
        here, own = set(words(ast.unparse(self.statement))), odd
        for name, value in self.counts():
            odd = own
            if value > 1:
                plain = name.isidentifier()
                odd -= 0.05 * (name in here) - 0.05 * (plain and name not in self.scope.held)
                yield wrapped((1.0 if plain else 1.3) + odd, "divided", f"{E} / {name}", name)
                yield wrapped((1.6 if plain else 1.9) + odd, "multiplied", f"{E} * {name}", name)
        odd = own
        for name in self.scope.real if not own else ():
            outside = 0.1 * (name not in self.scope.held)
            yield wrapped(1.25 + outside, "divided", f"{E} / {name}", name)
            yield wrapped(1.5, "multiplied", f"{E} * {name}", name)
        yield wrapped(1.25 + odd, "multiplied", f"2 * {E}", "2")
        yield wrapped(1.3 + odd, "divided", f"{E} / 2", "2")
        yield wrapped(1.6 + odd, "negated", f"-{E}", "-1")
        if odd:
            return
        for name, array in self.fitting(node):
            mask = is_mask(array)
            for distance, form in (
                (1.55, "({} > 0)"), (1.6, "(1 - {} ** 2)"), (1.65, "{}"), (1.65, "{0} * (1 - {0})"), (2.05, "(1 - {})"),
            ):  # fmt: skip
                factor = form.format(name)
                if not mask:
                    yield wrapped(distance, "factor", f"{E} * {factor}", factor)
                elif form == "{}":
                    yield wrapped(1.4, "factor", f"{E} * {factor}", factor)
        for f in self.scope.functions if self.alone else ():
            yield wrapped(1.75, "call added", f"{f}({self.text(node)})", f)
        for f in self.scope.functions if self.alone or self.in_loop else ():
            for name, _ in self.fitting(node):
                yield wrapped(1.7, "factor", f"{E} * {f}({name})", f"{f}({name})")

    def terms(self, node: ast.expr, far: float) -> Iterator[Edit]:
        """A path or a penalty that was left out."""
        E = self.text(node)
        if isinstance(node, ast.Name | ast.Attribute) and self.alone:
            for axis in (0, 1):
                mean = f"np.mean({E}, axis={axis}{', keepdims=True' * axis})"
                yield self.edit(1.9 + far, "mean path", node, self.in_place(node, f"{E} - {mean}"), mean)
        for name, _ in self.fitting(node):
            yield self.edit(1.8 + far, "term", node, self.in_place(node, f"{E} + {name}"), name)
            for m in [w for w, n in self.scope.whole.items() if n > 1]:
                yield self.edit(1.9 + far, "term", node, self.in_place(node, f"{E} + {name} / {m}"), f"{name} / {m}")
            for real in self.scope.real:
                for form in (f"{real} * {name}", f"2 * {real} * {name}"):
                    yield self.edit(2.0 + far, "term", node, self.in_place(node, f"{E} + {form}"), form)
                for m in [w for w, n in self.scope.whole.items() if n > 1]:
                    form = f"{real} / {m} * {name}"
                    yield self.edit(2.0 + far, "term", node, self.in_place(node, f"{E} + {form}"), form)

    def reversed(self, root: ast.expr) -> Iterator[Edit]:
        """Lists in the other order: layers are met from the last to the first."""
        lists = [node for node, _ in self.values(root) if isinstance(self.scope.held.get(ast.unparse(node)), list)]
        for node in lists:
            yield self.edit(1.5, "reversed", node, self.text(node) + "[::-1]")
        if len(lists) > 1:
            start, end = self.span(root)
            text = self.text(root)
            for node in sorted(lists, key=lambda n: -n.col_offset):
                at = self.span(node)[1] - start
                text = text[:at] + "[::-1]" + text[at:]
            yield Edit(1.4, "reversed", self.statement, start, end, text, root, text)

    def renamed(self) -> Iterator[Edit]:
        """Another array for every place of a name in the statement: z (1 - z) as a (1 - a)."""
        value = getattr(self.statement, "value", None)
        if value is None:
            return
        places: dict[str, list[ast.expr]] = {}
        for node in ast.walk(value):
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
                places.setdefault(ast.unparse(node).replace("'", '"'), []).append(node)
        start, end = self.span(value)
        for written, nodes in places.items():
            array = self.scope.arrays.get(written)
            if len(nodes) < 2 or array is None:
                continue
            for name, other in self.scope.arrays.items():
                if name != written and other.shape == array.shape:
                    text = self.source.text[start:end]
                    for node in sorted(nodes, key=lambda n: -self.span(n)[0]):
                        first, last = (at - start for at in self.span(node))
                        text = text[:first] + name.encode() + text[last:]
                    yield Edit(1.45, "name", self.statement, start, end, text.decode(), nodes[0], name)

    def exchanged(self) -> Iterator[Edit]:
        """Two arrays, each in the place of the other: x.T @ (d * y) as y.T @ (d * x)."""
        value = getattr(self.statement, "value", None)
        nodes = [n for n in ast.walk(value) if ast.unparse(n).replace("'", '"') in self.scope.arrays] if value else []
        for a, b in itertools.combinations([n for n in nodes if isinstance(n, ast.expr)], 2):
            first, second = sorted((a, b), key=lambda n: self.span(n)[0])
            (start, middle), (last, end) = self.span(first), self.span(second)
            if middle <= last and self.text(first) != self.text(second):
                text = self.text(second) + self.source.text[middle:last].decode() + self.text(first)
                yield Edit(1.5, "exchanged", self.statement, start, end, text, value, text)

    def one_hot(self, node: ast.expr) -> Iterator[Edit]:
        """The 1 of the true class subtracted from a table of probabilities."""
        labels = [n for n, a in self.scope.arrays.items() if a.ndim == 1 and a.dtype.kind in "iu" and n.isidentifier()]
        for name, table in self.scope.arrays.items():
            for label in labels:
                n = len(self.scope.arrays[label])
                rows = table.ndim == 2 and table.shape[0] == n
                if table.ndim == 2 and n in table.shape and name.isidentifier() and name in ast.unparse(node):
                    classes = f"np.eye({name}.shape[{1 if rows else 0}])[{label}]" + ("" if rows else ".T")
                    for inner in ast.walk(node):
                        if isinstance(inner, ast.Name) and inner.id == name:
                            yield self.edit(1.9, "one-hot subtracted", inner, f"({name} - {classes})", classes)

    def rewritten(self, node: ast.expr) -> Iterator[Edit]:
        """The difference of two arrays, which is what softmax or a sigmoid with cross-entropy leaves, for a value."""
        names = [name for name in self.scope.arrays if name.replace("self.", "").isidentifier()] if self.alone else []
        counts = [name for name, n in self.scope.whole.items() if n > 1]
        for a, b in itertools.permutations(names, 2):
            x, y = self.scope.arrays[a], self.scope.arrays[b]
            written = ast.unparse(node)
            if x.shape == y.shape and x.ndim == 2 and all(re.search(rf"\b{re.escape(n)}\b", written) for n in (a, b)):
                for axis in (0, 1):  # what softmax passes back
                    text = f"{a} * ({b} - np.sum({b} * {a}, axis={axis}, keepdims=True))"
                    yield self.edit(2.2, "rewritten", node, text)
            along = normalised_along(y) if x.shape == y.shape and x.ndim == 2 and a in written else None
            if along is not None:  # what a normalisation passes back
                for inner in ast.walk(node):
                    if ast.unparse(inner) == a and isinstance(inner, ast.expr):
                        means = [f"np.mean({what}, axis={along}, keepdims=True)" for what in (a, f"{a} * {b}")]
                        yield self.edit(2.1, "normalised", inner, f"({a} - {means[0]} - {b} * {means[1]})")
            if x.shape == y.shape and x.dtype.kind == "f" and {a, b} <= set(names) and "." not in a + b:
                yield self.edit(2.3, "rewritten", node, f"{a} - {b}")
                yield from (self.edit(2.4, "rewritten", node, f"({a} - {b}) / {m}") for m in counts)


def normalised_along(array: Any) -> int | None:
    """The axis along which a table has mean 0 and variance 1, or None."""
    with np.errstate(all="ignore"):
        for axis in (0, 1):
            centred = array.shape[axis] > 2 and np.allclose(array.mean(axis=axis), 0, atol=1e-6)
            if centred and np.allclose(array.var(axis=axis), 1, 1e-2):
                return axis
    return None


def is_mask(array: Any) -> bool:
    """Whether an array holds zeros and one other number: a mask, scaled or not."""
    values = np.unique(array)
    return len(values) <= 2 and bool(np.any(values == 0))
