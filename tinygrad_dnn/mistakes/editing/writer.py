"""An edit as a stretch of text replaced, and what is needed to write one: spans, parentheses, shapes, loops."""

import ast
import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ...program.replacing import Source
from .scope import NUMBERS, Scope


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


PURE = {  # methods and functions that change nothing
    "dot", "matmul", "sum", "mean", "multiply", "square", "sqrt", "exp", "log", "tanh", "maximum", "minimum", "where",
    "outer", "power", "divide", "subtract", "add", "transpose", "reshape", "abs", "ones_like", "zeros_like", "int64",
    "astype", "copy", "array", "max", "argmax", "einsum", "sign", "ravel", "flatten", "eye", "arange", "squeeze",
}  # fmt: skip  # fmt: skip


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
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.statement) for child in ast.iter_child_nodes(node)}

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

    def counts(self) -> Iterator[tuple[str, int]]:
        """What may stand for a number of examples: whole numbers, and lengths of arrays."""
        yield from self.scope.whole.items()
        for name, array in self.scope.arrays.items():
            if name.isidentifier():
                yield from ((f"{name}.shape[{axis}]", n) for axis, n in enumerate(array.shape))

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


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def words(text: str) -> list[str]:
    """The names in a piece of code."""
    return re.findall(r"[A-Za-z_]\w*", text)
