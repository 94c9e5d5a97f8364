"""Single edits of somebody's backward code: what a teacher would try, and how far each is from what is written.

An edit replaces one stretch of the text. Its distance is small for what is forgotten or mixed up every day (a factor
1/m, an axis, a transpose, += for =, a cache of the wrong layer), and larger for what has to be rewritten.
"""

import ast
import functools
import itertools
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .running import Source


class Edit(NamedTuple):
    """The bytes from start to end of a file replaced by text.

    distance  how far from what is written; kind: what is done, a word or two; statement: where it stands
    was, new  what is replaced by what, as trees; None where that says nothing
    """

    distance: float
    kind: str
    statement: ast.stmt
    start: int
    end: int
    text: str
    was: ast.AST | None = None
    new: str = ""


COMPARISONS = {ast.Gt: ">=", ast.GtE: ">", ast.Lt: "<=", ast.LtE: "<"}
TURNED = {ast.Gt: "<", ast.GtE: "<=", ast.Lt: ">", ast.LtE: ">="}
PURE = {  # methods and functions that change nothing
    "dot", "matmul", "sum", "mean", "multiply", "square", "sqrt", "exp", "log", "tanh", "maximum", "minimum", "where",
    "outer", "power", "divide", "subtract", "add", "transpose", "reshape", "abs", "ones_like", "zeros_like", "int64",
    "astype", "copy", "array", "max", "argmax", "einsum", "sign", "ravel", "flatten", "eye", "arange", "squeeze",
}  # fmt: skip
NUMBERS = int | float | np.integer | np.floating


class Scope(NamedTuple):
    """What the variables of a function held: arrays, whole numbers and other numbers by how they are written."""

    arrays: dict[str, Any]
    whole: dict[str, int]
    real: dict[str, float]
    functions: dict[str, Any]
    held: dict[str, Any]
    outside: dict[str, Any]
    shapes: dict[str, tuple[int, ...] | None]


def scope_of(source: Source, function: ast.AST) -> Scope:
    """What could be written in a function, with its value when it last returned."""
    held: dict[str, Any] = {}
    for code, variables in source.variables.items():
        if code.co_firstlineno in lines_of_definition(function) and code.co_name == getattr(function, "name", ""):
            held = variables
    written: dict[str, Any] = {}
    for name, value in held.items():
        written[name] = value
        if isinstance(value, dict) and len(value) < 40:
            written |= {f"{name}[{key!r}]".replace("'", '"'): v for key, v in value.items() if isinstance(key, str)}
        elif name == "self":
            written |= {f"self.{key}": v for key, v in getattr(value, "__dict__", {}).items()}
            for key, v in getattr(value, "__dict__", {}).items():
                if isinstance(v, dict) and len(v) < 40:
                    written |= {f'self.{key}["{k}"]': kept for k, kept in v.items() if isinstance(k, str)}
    outside: dict[str, Any] = {}
    for f in source.functions:
        outside |= {k: v for k, v in f.__globals__.items() if k[:2] != "__"}
    numbers = {k: v for k, v in (outside | written).items() if isinstance(v, NUMBERS) and not isinstance(v, bool)}
    return Scope(
        {k: v for k, v in written.items() if isinstance(v, np.ndarray) and v.ndim > 0},
        {k: int(v) for k, v in numbers.items() if isinstance(v, int | np.integer)},
        {k: float(v) for k, v in numbers.items() if isinstance(v, float)},
        functions_in(source, outside, held),
        held,
        outside,
        {},
    )


def functions_in(source: Source, outside: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """The functions of the file that can be called here: by their names, out of a dict, or by a variable's name."""
    named = dict(outside)
    for name, value in outside.items():
        if isinstance(value, dict):
            named |= {f'{name}["{key}"]': v for key, v in value.items() if isinstance(key, str)}
    named |= {name: value for name, value in held.items() if name != "self"}
    own = {k: v for k, v in named.items() if getattr(getattr(v, "__code__", None), "co_filename", None) == source.file}
    return {k: v for k, v in own.items() if v.__code__.co_argcount - len(v.__defaults__ or ()) == 1}


def lines_of_definition(node: ast.AST) -> range:
    decorators = getattr(node, "decorator_list", [])
    first = min([getattr(node, "lineno", 0), *(d.lineno for d in decorators)])
    return range(first, getattr(node, "lineno", 0) + 1)


def edits(source: Source, far: dict[ast.stmt, float]) -> list[Edit]:
    """Every edit of the lines that ran, the nearest first. far: how much farther the edits of a statement are."""
    found: list[Edit] = []
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef):
            scope = scope_of(source, function)
            for block in blocks(function):
                for i, statement in enumerate(block):
                    ran = statement.lineno in source.lines or (statement.end_lineno or 0) in source.lines
                    more = far.get(statement, SOMEWHAT) + (statement.lineno in source.forward)
                    if ran and more < np.inf:
                        writer = Writer(source, function, scope, statement, alone=more < SOMEWHAT)
                        if writer.counts_loop:
                            continue
                        offered = [*writer.of_statement(block, i), *writer.of_expressions()]
                        found += [e._replace(distance=e.distance + more) for e in offered]
    return sorted(dict.fromkeys(found), key=lambda e: e.distance)


SOMEWHAT = 0.5  # for a statement of which it is not known what depends on it


def blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function, without those of functions within it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield from blocks(node)
    for field in ("body", "orelse", "finalbody"):
        block = getattr(function, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


class Writer:
    """The edits of one statement."""

    def __init__(
        self, source: Source, function: ast.AST, scope: Scope, statement: ast.stmt, alone: bool = True
    ) -> None:
        self.source, self.function, self.scope, self.statement = source, function, scope, statement
        self.alone = alone  # whether just what is wrong depends on it: then what is rare is tried as well
        self.starts = [0]
        for line in source.text.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    # Text

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node stands in the text, in bytes."""
        start = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source.text[start:end].decode()

    def enclosed(self, node: ast.AST) -> tuple[int, int]:
        """The span with the parentheses around it, where they are no call's."""
        (start, end), text = self.span(node), self.source.text
        left, right = start - 1, end
        while text[left : left + 1] == b" ":
            left -= 1
        while text[right : right + 1] == b" ":
            right += 1
        before = text[:left].rstrip()[-1:]
        if (
            text[left : left + 1] == b"("
            and text[right : right + 1] == b")"
            and not (before.isalnum() or before in b"_)]")
        ):
            return left, right + 1
        return start, end

    def edit(self, distance: float, kind: str, node: ast.AST, text: str, new: str = "", wide: bool = False) -> Edit:
        start, end = self.enclosed(node) if wide else self.span(node)
        return Edit(distance, kind, self.statement, start, end, text, node, new or text)

    def operand(self, node: ast.AST) -> str:
        """An expression as it stands in a product."""
        text = self.text(node)
        low = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        return f"({text})" if low or isinstance(node, ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda) else text

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

    # Whole statements

    def of_statement(self, block: list[ast.stmt], i: int) -> Iterator[Edit]:
        statement = self.statement
        start, end = self.span(statement)
        yield from self.over_keys()
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Subscript):
                for op in ("*=", "-=", "+="):
                    text = f"{self.text(target)} {op} {self.text(statement.value)}"
                    yield self.edit(1.4 if op == "*=" else 1.7, "scaled" if op == "*=" else "added to", statement, text)
            if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
                text = f"{self.text(target)} += {self.text(statement.value)}"
                yield self.edit(1.2, "added to", statement, text)
                if isinstance(statement.value, ast.Name | ast.Subscript | ast.Attribute):
                    yield self.edit(1.3, "copied", statement.value, self.text(statement.value) + ".copy()")
        if isinstance(statement, ast.AugAssign):
            into, value = self.text(statement.target), self.text(statement.value)
            yield self.edit(1.5, "assigned", statement, f"{into} = {value}")
            for op in ("+=", "-=", "*=", "/="):
                yield self.edit(1.4 if op in "+=-=" else 2.0, "operator", statement, f"{into} {op} {value}")
            if isinstance(statement.target, ast.Subscript) and isinstance(statement.op, ast.Add):
                array, index = self.text(statement.target.value), self.text(statement.target.slice)
                index = f"({index})" if isinstance(statement.target.slice, ast.Tuple) else index
                yield self.edit(1.3, "added at", statement, f"np.add.at({array}, {index}, {value})")
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            for argument in statement.value.args:
                if isinstance(argument, ast.Name):
                    yield self.edit(1.2, "result kept", statement, f"{argument.id} = {self.text(statement)}")
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
            own = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
            updates = isinstance(own, ast.Name) and any(
                isinstance(n, ast.Name) and n.id == own.id and isinstance(n.ctx, ast.Load) for n in ast.walk(statement)
            )
            random = "rand" in self.text(statement)
            yield self.edit(1.0 if random else 1.35 if updates else 2.0, "left out", statement, "pass")
            for later in block[i + 1 :]:
                if not isinstance(later, ast.Return):
                    last = later is [s for s in block if not isinstance(s, ast.Return)][-1]
                    _, stop = self.span(later)
                    indent = " " * statement.col_offset
                    between = self.source.text[end:stop].decode().lstrip("\n ")
                    moved = f"{between}\n{indent}{self.text(statement)}"
                    yield Edit(
                        1.3 if updates and last else 2.0, "moved", statement, start, stop, moved, statement, moved
                    )
            yield from self.inserted()

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
        for name, other in self.scope.arrays.items():
            if name != written and other.shape == array.shape:
                for comparison in ("<= 0", "< 0", "== 0"):
                    yield line(1.8, "masked", f"{written}[{name} {comparison}] = 0", f"{name} > 0")
        for text in self.products(array.shape) if self.alone else ():
            own = f'"{written[1:]}"' in text or written[1:] in text.split()  # dX is often X times something
            yield line(2.3 if own else 2.4, "path added", f"{written} += {text}", text)

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

    # Expressions

    def of_expressions(self) -> Iterator[Edit]:
        yield from self.renamed()
        for root in self.roots():
            yield from self.of_whole(root)
            for node in ast.walk(root):
                if hasattr(node, "lineno") and isinstance(node, ast.expr):
                    yield from self.of_node(node)

    def roots(self) -> list[ast.expr]:
        """The expressions of the statement that are its own and not those of statements in it."""
        fields = ("value", "iter", "test", "target")
        if isinstance(self.statement, ast.FunctionDef | ast.ClassDef | ast.While):
            return []
        found = [
            getattr(self.statement, f, None) for f in fields if isinstance(getattr(self.statement, f, None), ast.expr)
        ]
        found += getattr(self.statement, "targets", [])
        return [node for node in found if node is not None]

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

    def of_whole(self, root: ast.expr) -> Iterator[Edit]:
        """Factors and terms that may be missing from a value."""
        if root is getattr(self.statement, "target", None) or root in getattr(self.statement, "targets", []):
            return
        yield from self.reversed(root)
        yield from self.rewritten(root)
        yield from self.one_hot(root) if self.alone else ()
        for node, far in self.values(root):
            yield from self.factors(node, far)
            yield from self.terms(node, far)

    def values(self, root: ast.expr, far: float = 0.0) -> Iterator[tuple[ast.expr, float]]:
        """A value, its elements, terms and arguments, each a little farther."""
        if isinstance(root, ast.Tuple | ast.List):
            for element in root.elts:
                yield from self.values(element, far)
            return
        if isinstance(root, ast.Dict):
            for value in root.values:
                yield from self.values(value, far)
            return
        yield root, far
        if isinstance(root, ast.BinOp):
            step = 0.2 if isinstance(root.op, ast.Add | ast.Sub) else 0.5
            yield from self.values(root.left, far + step)
            yield from self.values(root.right, far + step)
        elif isinstance(root, ast.UnaryOp):
            yield from self.values(root.operand, far + 0.4)
        elif isinstance(root, ast.Call):
            for argument in root.args:
                yield from self.values(argument, far + 0.5)

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
        names = [name for name in self.scope.arrays if name.isidentifier()] if self.alone else []
        counts = [name for name, n in self.scope.whole.items() if n > 1]
        for a, b in itertools.permutations(names, 2):
            x, y = self.scope.arrays[a], self.scope.arrays[b]
            if x.shape == y.shape and x.dtype.kind == "f":
                yield self.edit(2.3, "rewritten", node, f"{a} - {b}")
                yield from (self.edit(2.4, "rewritten", node, f"({a} - {b}) / {m}") for m in counts)

    def factors(self, node: ast.expr, far: float) -> Iterator[Edit]:
        E = self.operand(node)
        if isinstance(node, ast.Constant | ast.Name) and far:
            far += 0.4

        def wrapped(distance: float, kind: str, text: str, new: str) -> Edit:
            start, end = self.enclosed(node)
            return Edit(distance + far, kind, self.statement, start, end, self.in_place(node, text), node, new)

        for name, value in self.counts():
            if value > 1:
                plain = name.isidentifier()
                yield wrapped(1.0 if plain else 1.3, "divided", f"{E} / {name}", name)
                yield wrapped(1.6 if plain else 1.9, "multiplied", f"{E} * {name}", name)
        for name in self.scope.real:
            yield wrapped(1.25, "divided", f"{E} / {name}", name)
            yield wrapped(1.5, "multiplied", f"{E} * {name}", name)
        odd = 1.0 if self.plain_number(node) else 0.0  # nobody forgets to negate a length
        yield wrapped(1.25 + odd, "multiplied", f"2 * {E}", "2")
        yield wrapped(1.3 + odd, "divided", f"{E} / 2", "2")
        yield wrapped(1.6 + odd, "negated", f"-{E}", "-1")
        if odd:
            return
        for name, array in self.fitting(node):
            mask = len(np.unique(array)) <= 2
            for distance, form in (
                (1.55, "({} > 0)"), (1.6, "(1 - {} ** 2)"), (1.65, "{}"), (1.65, "{0} * (1 - {0})"), (2.05, "(1 - {})"),
            ):  # fmt: skip
                factor = form.format(name)
                if not mask:
                    yield wrapped(distance, "factor", f"{E} * {factor}", factor)
                elif form == "{}":
                    yield wrapped(1.4, "factor", f"{E} * {factor}", factor)
        for f in self.scope.functions if self.alone or self.in_loop else ():
            for name, _ in self.fitting(node):
                yield wrapped(1.7, "factor", f"{E} * {f}({name})", f"{f}({name})")

    def fitting(self, node: ast.expr) -> list[tuple[str, Any]]:
        """The arrays that may be a factor or a term of a value without changing its shape, as far as that is known."""
        arrays = self.scope.arrays.items()
        shape = None if self.in_loop else self.shape(node)  # in a loop the shapes at its end may be others
        if self.in_loop and node is getattr(self.statement, "value", None):
            target = getattr(self.statement, "targets", [None])[0]
            held = self.scope.arrays.get(ast.unparse(target)) if target is not None else None
            shape = None if held is None else held.shape
        return list(arrays) if shape is None else [(name, a) for name, a in arrays if broadcasts(a.shape, shape)]

    def shape(self, node: ast.expr) -> tuple[int, ...] | None:
        """The shape of an expression where the function ended; None where it is not known, or a call might do more."""
        calls = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
        if not all(isinstance(f, ast.Attribute) and f.attr in PURE for f in calls):
            return None
        text = ast.unparse(node)
        if text not in self.scope.shapes:
            try:
                with np.errstate(all="ignore"):
                    value = eval(text, self.scope.outside, self.scope.held)
                self.scope.shapes[text] = np.shape(value) if isinstance(value, np.ndarray | NUMBERS) else None
            except Exception:
                self.scope.shapes[text] = None
        return self.scope.shapes[text]

    def plain_number(self, node: ast.expr) -> bool:
        """Whether an expression is a whole number, a length or a number by a name: no array can be its factor."""
        written = ast.unparse(node)
        target = getattr(self.statement, "targets", [None])[0]
        given = {*self.scope.whole, *self.scope.real}
        return written in given or ".shape" in written[-9:] or (isinstance(target, ast.Name) and target.id in given)

    def in_place(self, node: ast.expr, text: str) -> str:
        """The text where the node stands: in parentheses if it is an operand of something that binds closer."""
        parent, low = self.parents.get(node), " + " in text or " - " in text
        close = isinstance(parent, ast.Attribute | ast.Subscript) and parent.value is node
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub):
            close = low and isinstance(parent.op, ast.Sub) and parent.right is node
        elif isinstance(parent, ast.BinOp):
            close = low or not (isinstance(parent.op, ast.Mult | ast.Div) and parent.left is node)
        return f"({text})" if close else text

    @functools.cached_property
    def in_loop(self) -> bool:
        loops = [n for n in ast.walk(self.function) if isinstance(n, ast.For | ast.While)]
        return any(s is self.statement for loop in loops for s in ast.walk(loop))

    @functools.cached_property
    def counts_loop(self) -> bool:
        """Whether the statement moves the counter of a while loop on: an edit would make it endless."""
        target = getattr(self.statement, "target", None) or getattr(self.statement, "targets", [None])[0]
        loops = [n for n in ast.walk(self.function) if isinstance(n, ast.While)]
        return isinstance(target, ast.Name) and any(
            target.id in ast.unparse(loop.test) and any(s is self.statement for s in ast.walk(loop)) for loop in loops
        )

    @functools.cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.statement) for child in ast.iter_child_nodes(node)}

    def counts(self) -> Iterator[tuple[str, int]]:
        """What may stand for a number of examples: whole numbers, and lengths of arrays."""
        yield from self.scope.whole.items()
        for name, array in self.scope.arrays.items():
            if name.isidentifier():
                yield from ((f"{name}.shape[{axis}]", n) for axis, n in enumerate(array.shape))

    def terms(self, node: ast.expr, far: float) -> Iterator[Edit]:
        """A path or a penalty that was left out."""
        E = self.text(node)
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

    def of_node(self, node: ast.expr) -> Iterator[Edit]:
        method = getattr(self, "of_" + type(node).__name__.lower(), None)
        if method is not None:
            yield from method(node)
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not stored:
            yield from self.swapped(node)
            yield self.edit(1.3, "transposed", node, self.text(node) + ".T")

    def of_binop(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right, op = self.text(node.left), self.text(node.right), node.op
        whole = self.span(node)

        def with_operator(distance: float, sign: str) -> Edit:
            return Edit(
                distance, "operator", self.statement, self.enclosed(node.left)[1], self.enclosed(node.right)[0],
                f" {sign} ", node, sign,
            )  # fmt: skip

        def only(distance: float, kind: str, kept: ast.expr, dropped: ast.expr) -> Edit:
            return Edit(
                distance, kind, self.statement, *whole, self.in_place(node, self.text(kept)), node, self.text(dropped)
            )

        if isinstance(op, ast.Add | ast.Sub):
            yield with_operator(1.2, "-" if isinstance(op, ast.Add) else "+")
            yield only(1.6, "term left out", node.left, node.right)
            yield only(1.7, "term left out", node.right, node.left)
            if isinstance(op, ast.Sub):
                yield self.edit(1.2, "turned", node, f"{self.operand(node.right)} - {left}")
                yield self.edit(1.7, "negated", node, f"-({right})" if " " in right else f"-{right}")
        if isinstance(op, ast.Mult | ast.Div):
            yield with_operator(1.8, "/" if isinstance(op, ast.Mult) else "*")
            yield only(1.25, "factor left out", node.left, node.right)
            if isinstance(op, ast.Mult):
                yield only(1.25, "factor left out", node.right, node.left)
                yield self.edit(2.0, "product", node, f"np.dot({left}, {right})")
                yield with_operator(2.0, "@")
        if isinstance(op, ast.Div) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add):
            first, second = self.text(node.left.left), self.operand(node.left.right)  # (a + b) / n as a + b / n
            yield self.edit(1.5, "regrouped", node, self.in_place(node, f"{first} + {second} / {right}"), right)
        if isinstance(op, ast.MatMult):
            if right.endswith(".T"):
                yield self.edit(1.2, "transposed", node, f"{right[:-2]} @ {self.operand(node.left)}.T")
            if left.endswith(".T"):
                yield self.edit(1.2, "transposed", node, f"{self.operand(node.right)}.T @ {left[:-2]}")
            yield with_operator(2.0, "*")
            yield self.edit(2.0, "turned", node, f"{self.operand(node.right)} @ {self.operand(node.left)}")
        if isinstance(op, ast.Pow):
            yield only(1.6, "power left out", node.left, node.right)
        if isinstance(op, ast.Mult | ast.Add) and isinstance(node.right, ast.BinOp):
            inner = node.right
            if isinstance(op, ast.Add) and isinstance(inner.op, ast.Mult):  # a + b * c as (a + b) * c
                text = f"({left} + {self.text(inner.left)}) * {self.text(inner.right)}"
                yield self.edit(2.2, "grouped", node, text)

    def of_unaryop(self, node: ast.UnaryOp) -> Iterator[Edit]:
        if isinstance(node.op, ast.USub):
            yield self.edit(1.3, "negated", node, self.text(node.operand), "-1")

    def of_attribute(self, node: ast.Attribute) -> Iterator[Edit]:
        if node.attr == "T":
            yield self.edit(1.2, "transposed", node, self.text(node.value))

    def of_compare(self, node: ast.Compare) -> Iterator[Edit]:
        if len(node.ops) == 1:
            left, right = self.text(node.left), self.text(node.comparators[0])
            for distance, table in ((1.5, TURNED), (1.4, COMPARISONS)):
                sign = table.get(type(node.ops[0]))
                if sign:
                    yield self.edit(distance, "comparison", node, f"{left} {sign} {right}")

    def of_constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if isinstance(value, str):
            for other in self.keys():
                if other != value:
                    yield self.edit(1.4 if other[:1] == value[:1] else 1.9, "key", node, repr(other).replace("'", '"'))
        elif isinstance(value, NUMBERS) and not isinstance(value, bool):
            near: dict[float, float] = {
                0: 1.45 if 0 < abs(value) < 1 else 1.6,
                1: 1.5,
                2: 1.6,
                0.5: 1.8,
                -1: 1.9,
                3: 2.0,
            }
            for constant, distance in near.items():
                if constant != value:
                    yield self.edit(distance, "constant", node, repr(constant))
            for name in self.scope.real:
                yield self.edit(1.5, "constant", node, name)
            for real in set(self.source_numbers()) - {value}:
                yield self.edit(1.7, "constant", node, repr(real))
            for name, array in self.scope.arrays.items():  # how many, in the place of one
                if array.ndim == 2 and value in (1, 1.0):
                    for axis in (1, 0):
                        yield self.edit(2.2, "count", node, f"np.sum({name}, axis={axis})")

    def source_numbers(self) -> list[float]:
        return [
            n.value for n in ast.walk(self.source.tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)
        ]

    def keys(self) -> list[str]:
        """The strings that are used as keys in the file."""
        nodes = [n for n in ast.walk(self.source.tree) if isinstance(n, ast.Subscript | ast.Dict)]
        found = [n.slice for n in nodes if isinstance(n, ast.Subscript)]
        found += [key for n in nodes if isinstance(n, ast.Dict) for key in n.keys if key is not None]
        return list(dict.fromkeys(k.value for k in found if isinstance(k, ast.Constant) and isinstance(k.value, str)))

    def of_call(self, node: ast.Call) -> Iterator[Edit]:
        yield from self.of_keywords(node)
        name = self.text(node.func)
        short = name.rpartition(".")[2]
        other = {"sum": "mean", "mean": "sum", "maximum": "minimum", "max": "sum", "tanh": "sin"}.get(short)
        if other and short != "tanh":
            yield self.edit(1.4, "function", node.func, name[: len(name) - len(short)] + other)
        if len(node.args) >= 2 and short in ("dot", "matmul", "outer", "multiply", "subtract", "divide"):
            first, second = map(self.text, node.args[:2])
            yield self.edit(1.9, "turned", node, f"{name}({second}, {first})")
            if short in ("dot", "matmul"):
                if second.endswith(".T"):  # x y^T is the transpose of y x^T
                    yield self.edit(1.2, "transposed", node, f"{name}({second[:-2]}, {first}.T)")
                if first.endswith(".T"):
                    yield self.edit(1.2, "transposed", node, f"{name}({second}.T, {first[:-2]})")
                yield self.edit(1.8, "product", node, self.in_place(node, " * ".join(map(self.operand, node.args[:2]))))
            if short == "multiply":
                yield self.edit(1.8, "product", node, f"np.dot({first}, {second})")
                for kept, dropped in ((first, second), (second, first)):
                    yield self.edit(1.3, "factor left out", node, self.in_place(node, kept), dropped)
        if len(node.args) == 1 and isinstance(node.func, ast.Attribute | ast.Name) and short != "range":
            yield self.edit(1.5, "call left out", node, self.operand(node.args[0]))
        if not node.args and isinstance(node.func, ast.Attribute):
            yield self.edit(1.5, "call left out", node, self.text(node.func.value))
        if isinstance(node.func, ast.Name) and node.func.id in self.scope.functions:
            for f in self.scope.functions:
                if f != node.func.id:
                    yield self.edit(1.6, "function", node.func, f)
        for i, argument in enumerate(node.args[:-1]):
            if len(node.args) > 1 and short not in ("dot", "matmul", "multiply"):
                start, _ = self.span(argument)
                _, end = self.span(node.args[i + 1])
                pair = f"{self.text(node.args[i + 1])}, {self.text(argument)}"
                yield Edit(2.2, "arguments exchanged", self.statement, start, end, pair, node, pair)

    def of_keywords(self, node: ast.Call) -> Iterator[Edit]:
        """Axes, keepdims and degrees of freedom."""
        name = self.text(node.func).rpartition(".")[2]
        if name not in ("sum", "mean", "max", "min", "var", "std", "reduce"):
            return
        given = {keyword.arg: keyword for keyword in node.keywords}
        base = self.text(node).rstrip(")").rstrip().rstrip(",")
        for arg, values in (
            ("axis", ("0", "1", "-1", "(0, 1)")),
            ("keepdims", ("True", "False")),
            ("ddof", ("0", "1")),
        ):
            if arg in given:
                for value in values:
                    if value != self.text(given[arg].value):
                        yield self.edit(1.1, arg, given[arg].value, value)
                rest = [k for k in node.keywords if k.arg != arg]
                inner = [self.text(a) for a in node.args] + [f"{k.arg}={self.text(k.value)}" for k in rest]
                yield self.edit(1.3, arg, node, f"{self.text(node.func)}({', '.join(inner)})")
            elif base.endswith("(") or node.args or node.keywords:
                comma = "" if base.endswith("(") else ", "
                for value in values[:2] if arg == "axis" else ("True",) if arg == "keepdims" else ():
                    yield self.edit(1.2, arg, node, f"{base}{comma}{arg}={value})")
        if "axis" not in given and "keepdims" not in given:
            comma = "" if base.endswith("(") else ", "
            for axis in "01":
                yield self.edit(1.35, "axis", node, f"{base}{comma}axis={axis}, keepdims=True)")

    def swapped(self, node: ast.expr) -> Iterator[Edit]:
        """Another array or number in the place of this one."""
        written = self.text(node).replace("'", '"')
        arrays, whole, real = self.scope.arrays, self.scope.whole, self.scope.real
        if isinstance(node, ast.Name) and node.id in whole:
            for name in whole:
                if name != written:
                    yield self.edit(1.5, "name", node, name)
            for sign in "-+":
                yield self.edit(1.5, "index", node, self.in_place(node, f"{written} {sign} 1"), f"{written} {sign} 1")
            for name, _ in self.counts():
                if not name.isidentifier():
                    yield self.edit(1.9, "name", node, name)
        elif isinstance(node, ast.Name) and node.id in real:
            yield from (self.edit(1.7, "name", node, name) for name in real if name != written)
        elif written in arrays or isinstance(node, ast.Subscript | ast.Attribute):
            shape = arrays[written].shape if written in arrays else None
            for name, array in arrays.items():
                if name != written:
                    same = shape is None or array.shape == shape
                    alike = letters(name) == letters(written) or letters(name)[-1:] == letters(written)[-1:]
                    yield self.edit((1.4 if alike else 1.7) + 0.3 * (not same), "name", node, name)
        if isinstance(node, ast.Subscript):
            yield from self.of_index(node)

    def indices(self) -> list[str]:
        """What else this function uses as an index, and each whole number one lower and one higher."""
        nodes = [n.slice for n in ast.walk(self.function) if isinstance(n, ast.Subscript)]
        used = [ast.unparse(n) for n in nodes if isinstance(n, ast.BinOp)]
        return list(dict.fromkeys([*used, *(f"{k} {sign} 1" for k in self.scope.whole for sign in "-+")]))

    def of_index(self, node: ast.Subscript) -> Iterator[Edit]:
        index = node.slice
        if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add | ast.Sub):
            left, right = self.text(index.left), self.text(index.right)
            yield self.edit(1.2, "index", index, left)
            yield self.edit(1.3, "index", index, f"{left} {'-' if isinstance(index.op, ast.Add) else '+'} {right}")
        elif isinstance(index, ast.Name) and index.id in self.scope.whole:
            for other in self.indices():
                if other != index.id:
                    yield self.edit(1.4, "index", index, other)
        elif isinstance(index, ast.Slice):
            yield self.edit(1.25, "index", node, self.text(node.value))
        elif isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and isinstance(index, ast.Constant):
            array = self.scope.arrays.get(self.text(node.value.value))
            axis = int(index.value) if isinstance(index.value, int) else 0
            across = 1 - axis if axis in (0, 1) else 0
            if array is not None and array.ndim > max(axis, across):
                old, new = array.shape[axis], array.shape[across]
                chance = 2 * old == new or 2 * new == old  # a factor 2 that is missing would look the same
                yield self.edit(1.9 if chance else 1.1, "length", index, str(across))
        elif isinstance(index, ast.UnaryOp | ast.Constant) and not isinstance(getattr(index, "value", 0), str):
            yield self.edit(1.6, "index", index, f"{self.text(index)} - 1")


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def letters(name: str) -> str:
    """A name without its digits and what it is an element of: cache["A1"] and A2 are alike."""
    return "".join(c for c in name.rpartition("[")[2].rpartition(".")[2] if c.isalpha())


def apply(source: Source, edit: Edit) -> bytes:
    """The whole file with the edit made."""
    return source.text[: edit.start] + edit.text.encode() + source.text[edit.end :]


def unit_of(source: Source, edit: Edit) -> ast.stmt:
    """The definition at the top of the file in which the edit stands."""
    line = edit.statement.lineno
    return next(s for s in source.tree.body if first_line(s) <= line <= (s.end_lineno or s.lineno))


def enclosing(tree: ast.AST, statement: ast.stmt) -> ast.AST:
    """The innermost function that a statement stands in."""
    functions = [
        f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and any(s is statement for s in ast.walk(f))
    ]
    return min(functions, key=lambda f: (f.end_lineno or 0) - f.lineno)


def first_line(statement: ast.stmt) -> int:
    return min([statement.lineno, *(int(d.lineno) for d in getattr(statement, "decorator_list", []))])


def probes(source: Source) -> Iterator[tuple[ast.stmt, Edit]]:
    """Each assignment that ran with a hair added to what it assigns: to see which gradients it reaches."""
    for statement in ast.walk(source.tree):
        if isinstance(statement, ast.Assign | ast.AugAssign) and statement.lineno in source.lines:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [ast.unparse(t) for target in targets for t in parts(target)]
            text = "".join(f"; {name} = {name} * 1.001 + 1e-4" for name in names if name != "_")
            end = statement.end_lineno or statement.lineno
            stop = sum(len(line) + 1 for line in source.text.split(b"\n")[: end - 1]) + (statement.end_col_offset or 0)
            yield statement, Edit(0.0, "probe", statement, stop, stop, text)


def parts(target: ast.expr) -> list[ast.expr]:
    return [p for t in target.elts for p in parts(t)] if isinstance(target, ast.Tuple | ast.List) else [target]
