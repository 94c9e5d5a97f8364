"""Edits of a whole statement: += for =, a line left out, moved, or missing."""

import ast
import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .writer import Edit, Writer, broadcasts


class OfStatements(Writer):
    def of_statement(self, block: list[ast.stmt], i: int) -> Iterator[Edit]:
        statement = self.statement
        yield from self.over_keys()
        yield from self.own()
        yield from self.sliced()
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            yield from self.of_assignment(statement, statement.targets[0])
        if isinstance(statement, ast.AugAssign):
            yield from self.of_change(statement)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            for argument in statement.value.args:
                if isinstance(argument, ast.Name):
                    yield self.edit(1.2, "result kept", statement, f"{argument.id} = {self.text(statement)}")
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
            updates = self.updates()
            random = "rand" in self.text(statement)
            yield self.edit(1.0 if random else 1.35 if updates else 2.0, "left out", statement, "pass")
            yield from self.moved(block, i, updates)
            yield from self.inserted()

    def of_assignment(self, statement: ast.Assign, target: ast.expr) -> Iterator[Edit]:
        """x += v for x = v, and what is like it."""
        if isinstance(target, ast.Subscript):
            for op in ("*=", "-=", "+="):
                text = f"{self.text(target)} {op} {self.text(statement.value)}"
                yield self.edit(1.4 if op == "*=" else 1.7, "scaled" if op == "*=" else "added to", statement, text)
        if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
            text = f"{self.text(target)} += {self.text(statement.value)}"
            yield self.edit(1.2, "added to", statement, text)
            if isinstance(statement.value, ast.Name | ast.Subscript | ast.Attribute):
                yield self.edit(1.3, "copied", statement.value, self.text(statement.value) + ".copy()")

    def of_change(self, statement: ast.AugAssign) -> Iterator[Edit]:
        """x = v for x += v, another operator, and entries that an index meets twice."""
        into, value = self.text(statement.target), self.text(statement.value)
        yield self.edit(1.5, "assigned", statement, f"{into} = {value}")
        if isinstance(statement.target, ast.Subscript) and not isinstance(statement.value, ast.Constant):
            yield self.edit(1.6, "one", statement.value, "1")
        for op in ("+=", "-=", "*=", "/="):
            yield self.edit(1.4 if op in "+=-=" else 2.0, "operator", statement, f"{into} {op} {value}")
        if isinstance(statement.target, ast.Subscript) and isinstance(statement.op, ast.Add):
            array, index = self.text(statement.target.value), self.text(statement.target.slice)
            index = f"({index})" if isinstance(statement.target.slice, ast.Tuple) else index
            yield self.edit(1.3, "added at", statement, f"np.add.at({array}, {index}, {value})")

    def updates(self) -> bool:
        """Whether the statement makes a variable anew from itself."""
        targets = getattr(self.statement, "targets", [getattr(self.statement, "target", None)])
        names = [n for n in ast.walk(self.statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        return isinstance(targets[0], ast.Name) and any(n.id == targets[0].id for n in names)

    def moved(self, block: list[ast.stmt], i: int, updates: bool) -> Iterator[Edit]:
        """The statement after each of the later ones."""
        statement, (start, end) = self.statement, self.span(self.statement)
        working = [s for s in block if not isinstance(s, ast.Return)]
        for later in block[i + 1 :]:
            if not isinstance(later, ast.Return):
                _, stop = self.span(later)
                between = self.source.text[end:stop].decode().lstrip("\n ")
                text = f"{between}\n{' ' * statement.col_offset}{self.text(statement)}"
                distance = 1.3 if updates and later is working[-1] else 2.0
                yield Edit(distance, "moved", statement, start, stop, text, statement, text)

    def own(self) -> Iterator[Edit]:
        """What is kept with the object and not with its class."""
        target = getattr(self.statement, "targets", [None])[0]
        if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
            return
        if "self" in self.scope.held and isinstance(self.scope.outside.get(target.value.id), type):
            yield self.edit(1.3, "own", target, f"self.{target.attr}")

    def sliced(self) -> Iterator[Edit]:
        """A part of the array, where other lines take such a part: g[1:] += b[1:] for g += b."""
        statement = self.statement
        if not isinstance(statement, ast.AugAssign | ast.Assign):
            return
        target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
        array = self.scope.arrays.get(ast.unparse(target).replace("'", '"'))
        if array is None or array.ndim > 2:
            return
        start, end = self.span(statement)
        alike = [
            n for n in [target, *ast.walk(statement.value)]
            if isinstance(n, ast.Name | ast.Attribute | ast.Subscript)
            and getattr(self.scope.arrays.get(ast.unparse(n).replace("'", '"')), "shape", None) == array.shape
        ]  # fmt: skip
        for part in self.parts():
            text = self.source.text[start:end]
            for node in sorted(alike, key=lambda n: -self.span(n)[0]):
                last = self.span(node)[1] - start
                text = text[:last] + part.encode() + text[last:]
            yield Edit(1.5, "sliced", statement, start, end, text.decode(), statement, text.decode())

    def parts(self) -> list[str]:
        """The slices that this file takes, with their brackets."""
        nodes = [n for n in ast.walk(self.source.tree) if isinstance(n, ast.Subscript)]
        slices = [ast.unparse(n)[len(ast.unparse(n.value)) :] for n in nodes if ":" in ast.unparse(n.slice)]
        return [part for part in dict.fromkeys(slices) if not any(c.isalpha() for c in part)]

    def over_keys(self) -> Iterator[Edit]:
        """A loop over the keys of one kind only."""
        loop = self.statement
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name):
            iterated = self.scope.held.get(ast.unparse(loop.iter).split(".")[0])
            keys = [k for k in iterated if isinstance(k, str)] if isinstance(iterated, dict) else []
            for first in dict.fromkeys(key[:1] for key in keys):
                own = tuple(key for key in keys if key[:1] == first)
                if len(own) < len(keys):
                    text = json.dumps(own)[1:-1] + ("," if len(own) == 1 else "")
                    yield self.edit(1.5, "keys", loop.iter, f"({text})")

    def inserted(self) -> Iterator[Edit]:
        """A line that is missing after this one: what was computed divided, masked, or added to."""
        statement = self.statement
        whole = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
        target = whole
        while isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Constant):
            target = target.value
        if not isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
            return
        written = self.text(target)
        array = self.scope.arrays.get(written.replace("'", '"'))
        if array is None:
            return
        indent, (_, end) = " " * statement.col_offset, self.span(statement)

        def line(distance: float, kind: str, text: str, new: str) -> Edit:
            return Edit(distance, kind, statement, end, end, f"\n{indent}{text}", statement, new)

        if whole is not target or isinstance(statement, ast.AugAssign):
            for name, n in self.counts():
                if n > 1:
                    yield line(1.2 if name.isidentifier() else 1.5, "divided", f"{written} /= {name}", name)
        for index in self.pairs(written, array) if array.ndim == 2 else ():
            for axis in (1, 0):  # the true class has minus the sum of the others
                yield line(1.6, "class term", f"{written}{index} -= np.sum({written}, axis={axis})", index)
        if isinstance(statement, ast.AugAssign) and isinstance(whole, ast.Subscript) and whole is not target:
            yield from self.true_class(line)
        for name, other in self.scope.arrays.items():
            if name != written and other.shape == array.shape:
                for comparison in ("<= 0", "< 0", "== 0"):
                    yield line(1.8, "masked", f"{written}[{name} {comparison}] = 0", f"{name} > 0")
        for text in self.products(array.shape) if self.alone else ():
            own = f'"{written[1:]}"' in text or written[1:] in text.split()  # dX is often X times something
            yield line(2.3 if own else 2.4, "path added", f"{written} += {text}", text)

    def true_class(self, line: Callable[[float, str, str, str], Edit]) -> Iterator[Edit]:
        """What a loop adds for a class taken from the true one: dW[:, y[i]] -= x after dW[:, j] += x."""
        statement = self.statement
        assert isinstance(statement, ast.AugAssign)
        index = statement.target.slice if isinstance(statement.target, ast.Subscript) else None
        own = {n.id for n in ast.walk(index) if isinstance(n, ast.Name)} if index is not None else set()
        nodes = [n for n in ast.walk(self.function) if isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name)]
        labels = {ast.unparse(n) for n in nodes if self.integers(n.value.id)}  # type: ignore[attr-defined]
        sign = "-=" if isinstance(statement.op, ast.Add) else "+="
        for name in own:
            for label in labels:
                into = re.sub(rf"\b{name}\b", label, self.text(statement.target))
                yield line(1.7, "class term", f"{into} {sign} {self.text(statement.value)}", label)

    def integers(self, name: str) -> bool:
        array = self.scope.arrays.get(name)
        return array is not None and array.dtype.kind in "iu"

    def pairs(self, name: str, array: Any) -> list[str]:
        """The pairs of rows and columns at which the function reads arrays of this shape and does not write it."""
        nodes = [n for n in ast.walk(self.function) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Tuple)]
        found: dict[str, None] = {}
        for n in nodes:
            owner = ast.unparse(n.value)
            parts = n.slice.elts if isinstance(n.slice, ast.Tuple) else []
            if isinstance(n.ctx, ast.Store) and owner == name:
                return []
            alike = np.shape(self.scope.arrays.get(owner, array)) == array.shape
            if alike and not any(isinstance(part, ast.Slice | ast.Constant) for part in parts):
                found[ast.unparse(n)[len(owner) :]] = None
        return list(found)

    def products(self, shape: tuple[int, ...]) -> Iterator[str]:
        """Products of two arrays of the scope that have a shape."""
        arrays = {k: v for k, v in self.scope.arrays.items() if v.dtype.kind == "f"}
        for (a, x), (b, y) in itertools.combinations(arrays.items(), 2):
            if broadcasts(x.shape, shape) and broadcasts(y.shape, shape) and shape in (x.shape, y.shape):
                yield from (f"{a} * {b}", f"2 * {a} * {b}")
            if x.ndim == y.ndim == 2:
                for left, right, p, q in ((a, b, x, y), (b, a, y, x)):
                    for i, j, k, m in ((left, right, p, q), (left + ".T", right, p.T, q), (left, right + ".T", p, q.T)):
                        if k.shape[1] == m.shape[0] and (k.shape[0], m.shape[1]) == shape:
                            yield f"{i} @ {j}"
