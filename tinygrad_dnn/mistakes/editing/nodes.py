"""Edits of a part of an expression: an operator, an axis, a transpose, a constant, a name, an index."""

import ast
from collections.abc import Iterator, Sequence

from .scope import NUMBERS
from .writer import Edit, Writer

SIBLINGS = {
    "sum": "mean", "mean": "sum", "maximum": "minimum", "minimum": "maximum", "max": "sum", "correlate": "convolve",
    "convolve": "correlate", "sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "zeros_like": "ones_like",
    "ones_like": "zeros_like",
}  # fmt: skip  # a function and the one that is taken for it
COMPARISONS = {ast.Gt: ">=", ast.GtE: ">", ast.Lt: "<=", ast.LtE: "<"}
TURNED = {ast.Gt: "<", ast.GtE: "<=", ast.Lt: ">", ast.LtE: ">="}


class OfNodes(Writer):
    def of_node(self, node: ast.expr) -> Iterator[Edit]:
        method = getattr(self, "of_" + type(node).__name__.lower(), None)
        if method is not None:
            yield from method(node)
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not stored:
            yield from self.swapped(node)
            yield self.edit(1.3, "transposed", node, self.text(node) + ".T")

    def of_binop(self, node: ast.BinOp) -> Iterator[Edit]:
        if isinstance(node.op, ast.Add | ast.Sub):
            yield from self.of_sum(node)
        if isinstance(node.op, ast.Mult | ast.Div):
            yield from self.of_product(node)
        if isinstance(node.op, ast.MatMult):
            yield from self.of_matrix_product(node)
        yield from self.of_square(node)
        if isinstance(node.op, ast.Add) and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult):
            first, last = f"{self.text(node.left)} + {self.text(node.right.left)}", self.text(node.right.right)
            yield self.edit(2.2, "grouped", node, f"({first}) * {last}")  # a + b * c as (a + b) * c

    def with_operator(self, distance: float, node: ast.BinOp, sign: str) -> Edit:
        start, end = self.enclosed(node.left)[1], self.enclosed(node.right)[0]
        return Edit(distance, "operator", self.statement, start, end, f" {sign} ", node, sign)

    def only(self, distance: float, kind: str, node: ast.BinOp, kept: ast.expr, dropped: ast.expr) -> Edit:
        """One operand in the place of both."""
        text = self.in_place(node, self.text(kept))
        return Edit(distance, kind, self.statement, *self.span(node), text, node, self.text(dropped))

    def of_sum(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right, minus = self.text(node.left), self.text(node.right), isinstance(node.op, ast.Sub)
        yield self.with_operator(1.2, node, "+" if minus else "-")
        yield self.only(1.6, "term left out", node, node.left, node.right)
        yield self.only(1.7, "term left out", node, node.right, node.left)
        if minus and left in ("1", "1.0", "1."):
            yield self.edit(1.35, "squared", node.right, f"{self.operand(node.right)} ** 2")
        if minus:
            yield self.edit(1.2, "turned", node, f"{self.operand(node.right)} - {left}")
            yield self.edit(1.7, "negated", node, f"-({right})" if " " in right else f"-{right}")
        if isinstance(node.left, ast.Name) and node.left.id in self.scope.whole:
            for name in self.scope.whole:  # layer L - 1 for layer i
                if name != node.left.id and name in self.scope.held:
                    yield self.edit(1.6, "index", node, name)

    def of_product(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right, times = self.text(node.left), self.text(node.right), isinstance(node.op, ast.Mult)
        yield self.with_operator(1.8, node, "/" if times else "*")
        for kept, dropped in ((node.left, node.right), (node.right, node.left)):
            table = ast.unparse(dropped).replace("'", '"') in self.scope.arrays  # what is left out is a number, mostly
            if kept is node.left or times:
                yield self.only(1.7 if table else 1.25, "factor left out", node, kept, dropped)
            yield self.edit(2.0, "product", node, f"np.dot({left}, {right})")
            yield self.with_operator(2.0, node, "@")
        if not times and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add):
            first, second = self.text(node.left.left), self.operand(node.left.right)  # (a + b) / n as a + b / n
            yield self.edit(1.5, "regrouped", node, self.in_place(node, f"{first} + {second} / {right}"), right)

    def of_matrix_product(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right = self.text(node.left), self.text(node.right)
        if right.endswith(".T"):
            yield self.edit(1.2, "transposed", node, f"{right[:-2]} @ {self.operand(node.left)}.T")
        if left.endswith(".T"):
            yield self.edit(1.2, "transposed", node, f"{self.operand(node.right)}.T @ {left[:-2]}")
        yield self.with_operator(2.0, node, "*")
        yield self.edit(2.0, "turned", node, f"{self.operand(node.right)} @ {self.operand(node.left)}")

    def of_square(self, node: ast.BinOp) -> Iterator[Edit]:
        """1 - a ** 2 for (1 - a) ** 2, or for the product of the two."""
        if isinstance(node.op, ast.Pow):
            yield self.only(1.6, "power left out", node, node.left, node.right)
            if self.difference(node.left):
                yield self.edit(1.35, "squared", node, self.with_square_inside(node.left))
        if isinstance(node.op, ast.Mult) and self.difference(node.left) and ast.dump(node.left) == ast.dump(node.right):
            yield self.edit(1.4, "squared", node, self.with_square_inside(node.left), wide=True)

    def difference(self, node: ast.AST | None) -> bool:
        """Whether this is 1 - x, or a - x."""
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)

    def with_square_inside(self, node: ast.expr, function: str = "", rest: Sequence[ast.expr] = ()) -> str:
        """1 - x ** 2 for what was (1 - x) ** 2, in parentheses."""
        assert isinstance(node, ast.BinOp)
        inner = self.operand(node.right)
        more = "".join(f", {self.text(argument)}" for argument in rest)
        return f"({self.text(node.left)} - {f'{function}({inner}{more})' if function else f'{inner} ** 2'})"

    def of_unaryop(self, node: ast.UnaryOp) -> Iterator[Edit]:
        if isinstance(node.op, ast.USub):
            yield self.edit(1.3, "negated", node, self.text(node.operand), "-1")

    def of_attribute(self, node: ast.Attribute) -> Iterator[Edit]:
        if node.attr == "size":
            yield self.edit(1.2, "length", node, self.text(node.value) + ".shape[0]")
            yield self.edit(1.3, "length", node, self.text(node.value) + ".shape[1]")
            yield from self.another_count(node)
        if node.attr == "T":
            yield self.edit(1.2, "transposed", node, self.text(node.value))

    def another_count(self, node: ast.expr) -> Iterator[Edit]:
        """A number by its name in the place of a length."""
        for name in (*self.scope.whole, *self.scope.real):
            yield self.edit(1.35 if name in self.scope.held else 1.6, "length", node, name)

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
            stored = any(n is node for target in getattr(self.statement, "targets", []) for n in ast.walk(target))
            for other in self.keys():
                if other != value:
                    alike = other[:1] == value[:1] and not stored
                    yield self.edit(1.4 if alike else 1.9, "key", node, repr(other).replace("'", '"'))
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
        if short in SIBLINGS:
            yield self.edit(1.4, "function", node.func, name[: len(name) - len(short)] + SIBLINGS[short])
        if short in ("power", "square") and self.difference(node.args[0] if node.args else None):
            yield self.edit(1.35, "squared", node, self.with_square_inside(node.args[0], name, node.args[1:]))
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
        if name == "len":
            yield from self.another_count(node)
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
            yield from self.of_lists(node)
        if written in arrays and any(word in ast.unparse(self.statement) for word in ("convolve", "correlate", "::-1")):
            yield self.edit(1.7, "flipped", node, f"{self.text(node)}[::-1]")
            yield self.edit(1.8, "flipped", node, f"{self.text(node)}[::-1, ::-1]")

    def of_lists(self, node: ast.Subscript) -> Iterator[Edit]:
        """An element of another list of arrays: layers keep several, and their indices differ by one."""
        name, index = self.text(node.value), self.text(node.slice)
        if ast.unparse(node.value) not in self.scope.lists or isinstance(node.slice, ast.Slice):
            return
        near = [index] if isinstance(node.slice, ast.Constant) else [index, f"{index} - 1", f"{index} + 1"]
        if isinstance(node.slice, ast.BinOp):
            near = [index, self.text(node.slice.left)]
        for other in self.scope.lists:
            if other != name:
                for at in near:
                    yield self.edit(1.5 if at == index else 1.6, "name", node, f"{other}[{at}]")

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
                yield from self.another_count(node)
                old, new = array.shape[axis], array.shape[across]
                chance = 2 * old == new or 2 * new == old  # a factor 2 that is missing would look the same
                yield self.edit(1.9 if chance else 1.1, "length", index, str(across))
        elif isinstance(index, ast.UnaryOp | ast.Constant) and not isinstance(getattr(index, "value", 0), str):
            yield self.edit(1.6, "index", index, f"{self.text(index)} - 1")


def letters(name: str) -> str:
    """A name without its digits and what it is an element of: cache["A1"] and A2 are alike."""
    return "".join(c for c in name.rpartition("[")[2].rpartition(".")[2] if c.isalpha())
