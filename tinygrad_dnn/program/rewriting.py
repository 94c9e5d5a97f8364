"""Somebody's source, changed so that what NumPy's protocols cannot see is recorded too.

X.dot(W) of a plain X, float(cost), math.exp(t), np.array([t, u]), np.sum([t, u]), isinstance(cost, float), a[i] = t,
a += t and f(x, out=a) of a plain array a: each becomes a call of a function that does the same, and records itself
where a tensor takes part (helping.py). Lines and names stay what they are.

An array that takes a tensor in becomes a tensor wherever it is held; where something else would go on looking at the
array, the assignment raises an error (owning.py).
"""

import ast
import copy
import functools
import math
import operator
import re
import warnings
from collections.abc import Iterator

import numpy as np

from .dividing import HELPER
from .helping import MATRICES, Helper
from .sources import tree_of

__all__ = ["HELPER", "Helper", "rewritten", "rewritten_tree", "todays"]
PART = "_part_of_an_assignment_"
IN_PLACE = {
    ast.Add: operator.iadd, ast.Sub: operator.isub, ast.Mult: operator.imul, ast.Div: operator.itruediv,
    ast.Pow: operator.ipow, ast.MatMult: operator.imatmul, ast.Mod: operator.imod,
}  # fmt: skip
TODAY, MATH = frozenset(dir(np)), [name for name in dir(math) if name[0] != "_"]
CONVERTING = {"array", "asarray", "asanyarray", "ascontiguousarray", "float64", "float32", "double"}
WRITING = {"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "add.at", "subtract.at"}
OURS = {"asfarray": "as_floats", "asscalar": "as_scalar"}  # of what NumPy had once, what it does not say itself
METHODS = {"dot", "item", "tolist", "clip", "fill"}
TELLING = {"isinstance": 2, "type": 1, "hasattr": 2, "isscalar": 1}  # what a value is, and of how many arguments


class Rewriter(ast.NodeTransformer):
    """The changes: calls everywhere, assignments where a function runs."""

    def __init__(self, file: str, tree: ast.AST) -> None:
        self.file, self.depth, self.classes = file, 0, [""]
        self.modules, self.names, self.matrices, self.tables = meant(tree)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        depth, self.depth = self.depth, 0
        self.classes.append(node.name.lstrip("_"))
        self.generic_visit(node)
        self.classes.pop()
        self.depth = depth
        return node

    def call(self, name: str, *arguments: ast.expr) -> ast.Call:
        return ast.Call(ast.Attribute(ast.Name(HELPER, ast.Load()), name, ast.Load()), list(arguments), [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """np.int as int, np.float_ as np.float64: what NumPy had once, as NumPy itself says what to write for it."""
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id not in ("np", "numpy") or node.attr in TODAY:
            return node
        if node.attr in OURS:
            call = ast.Attribute(ast.Name(HELPER, ast.Load()), OURS[node.attr], ast.Load())
            return ast.fix_missing_locations(ast.copy_location(call, node))
        instead = todays(node.attr)
        if not instead:
            return node
        new = instead.replace("np.", f"{node.value.id}.")
        said = f"np.{node.attr} is no longer in NumPy, and was read as {new}"
        warnings.warn_explicit(said, DeprecationWarning, self.file, node.lineno)
        return ast.fix_missing_locations(ast.copy_location(ast.parse(new, mode="eval").body, node))

    def of_module(self, function: ast.expr) -> str:
        """numpy.sum, math.exp, or a builtin's bare name; nothing for another's."""
        if isinstance(function, ast.Name):
            return self.names.get(function.id, function.id)
        path = ast.unparse(function)
        first, _, rest = path.partition(".")
        return f"{self.modules[first]}.{rest}" if first in self.modules else ""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        count = len(node.args)
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            return node
        module, _, name = self.of_module(node.func).rpartition(".") if count else ("", "", "")
        if self.of_module(node.func).endswith((".add.at", ".subtract.at")):
            module, _, name = self.of_module(node.func).partition(".")
        new = None
        into = any(k.arg == "out" and not isinstance(k.value, ast.Constant) for k in node.keywords)
        ufunc = getattr(np, name, None) if module == "numpy" else None
        if into or (isinstance(ufunc, np.ufunc) and count == ufunc.nin + 1):
            new = self.call("into", node.func, *node.args)
        elif (not module and name in ("float", "int") and count == 1) or (
            module == "numpy" and name in CONVERTING | MATRICES
        ):
            new = self.call("converted", node.func, *node.args)
        elif module in ("", "numpy") and TELLING.get(name) == count and (module or name != "isscalar"):
            new = self.call("told", node.func, *node.args)
        elif module == "numpy" and name in WRITING:
            new = self.call("written", node.func, *node.args)
        elif module == "math":
            new = self.call("numbers", node.func, *node.args)
        elif (module == "numpy" and not isinstance(ufunc, np.ufunc)) or (module.startswith("numpy") and self.matrices):
            new = self.call("called", node.func, *node.args)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and not module:
            new = self.call("method", node.func.value, ast.Constant(node.func.attr), *node.args)
        if new is None:
            return node
        new.keywords = node.keywords
        return ast.fix_missing_locations(ast.copy_location(new, node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod):
            new = self.call("remainder", node.left, node.right)
        elif self.matrices and type(node.op) in IN_PLACE:
            name = ast.Constant(IN_PLACE[type(node.op)].__name__[1:])
            new = self.call("operated", name, node.left, node.right)
        elif isinstance(node.op, ast.MatMult) and self.tables:
            new = self.call("product", node.left, node.right)
        else:
            return node
        return ast.fix_missing_locations(ast.copy_location(new, node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        """a[i] = t as a call; several targets with such among them as one after the other."""
        self.generic_visit(node)
        leaves = [leaf for target in node.targets for leaf in leaves_of(target)]
        if not self.depth or not any(isinstance(leaf, ast.Subscript) for leaf in leaves):
            return node
        if len(node.targets) == 1 and leaves == node.targets:
            return located(self.assignment(node.targets[0], node.value), node)
        names: list[str] = []
        first = ast.Assign([self.with_names(target, names) for target in node.targets], node.value)
        each = [self.assignment(leaf, ast.Name(name, ast.Load())) for leaf, name in zip(leaves, names, strict=True)]
        gone = ast.Delete([ast.Name(name, ast.Del()) for name in names])
        return [located(new, node) for new in (first, *each, gone)]

    def with_names(self, target: ast.expr, names: list[str]) -> ast.expr:
        """A target with a name of its own in the place of each part."""
        if isinstance(target, ast.Tuple | ast.List):
            return ast.Tuple([self.with_names(part, names) for part in target.elts], ast.Store())
        if isinstance(target, ast.Starred):
            return ast.Starred(self.with_names(target.value, names), ast.Store())
        names.append(f"{PART}{len(names)}")
        return ast.Name(names[-1], ast.Store())

    def assignment(self, target: ast.expr, value: ast.expr) -> ast.stmt:
        if not isinstance(target, ast.Subscript):
            return ast.Assign([target], value)
        return ast.Expr(self.call("assigned", value, target.value, as_index(target.slice)))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        change, target = IN_PLACE.get(type(node.op)), node.target
        if change is None or not self.depth:
            return node
        name = ast.Constant(change.__name__)
        if isinstance(target, ast.Subscript):
            read = self.call("part", target.value, as_index(target.slice))
            return located(ast.Expr(self.call("part_changed", read, name, node.value)), node)
        if isinstance(target, ast.Attribute):
            read = self.call("attribute", target.value, ast.Constant(self.mangled(target.attr)))
            return located(ast.Expr(self.call("attribute_changed", read, name, node.value)), node)
        value = self.call("changed", ast.Name(target.id, ast.Load()), name, node.value)
        return located(ast.Assign([target], value), node)

    def mangled(self, name: str) -> str:
        """The name of an attribute that is private to the class it stands in."""
        private = name.startswith("__") and not name.endswith("__") and self.classes[-1]
        return f"_{self.classes[-1]}{name}" if private else name


@functools.lru_cache(maxsize=4)  # a file is read statement by statement, and each asks
def meant(tree: ast.AST) -> tuple[dict[str, str], dict[str, str], bool, bool]:
    """What a file calls the modules of numbers and what they hold, and whether it has matrices, and tables."""
    names = {name: module for module, name in imported(tree)}
    modules = {name: module for name, module in names.items() if module in ("numpy", "math")}
    held = {name: module for name, module in names.items() if module.startswith(("numpy.", "math."))}
    matrices = any(name in MATRICES for name in mentioned(tree))
    return modules | {"np": "numpy", "numpy": "numpy"}, held, matrices, "pandas" in mentioned(tree)


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What a file imports, and under which name: numpy as np, math.exp as exp."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.asname) for alias in node.names if alias.asname)
            yield from ((alias.name, alias.name) for alias in node.names if not alias.asname)
        elif isinstance(node, ast.ImportFrom) and node.module in ("numpy", "math"):
            known = dir(np) if node.module == "numpy" else MATH
            for alias in node.names:
                names = known if alias.name == "*" else [alias.name]
                yield from ((f"{node.module}.{name}", alias.asname or name) for name in names)


def mentioned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.alias):
            yield node.attr if isinstance(node, ast.Attribute) else node.name


def leaves_of(target: ast.expr) -> list[ast.expr]:
    """The parts of a target that are assigned to, in their order."""
    if isinstance(target, ast.Starred):
        return leaves_of(target.value)
    if isinstance(target, ast.Tuple | ast.List):
        return [leaf for part in target.elts for leaf in leaves_of(part)]
    return [target]


def as_index(index: ast.expr) -> ast.expr:
    """What stands in brackets as an expression: 1:3 is slice(1, 3)."""
    if isinstance(index, ast.Slice):
        parts = [part or ast.Constant(None) for part in (index.lower, index.upper, index.step)]
        return ast.Call(ast.Name("slice", ast.Load()), parts, [])
    if isinstance(index, ast.Tuple):
        return ast.Tuple([as_index(part) for part in index.elts], ast.Load())
    return index


def located(new: ast.stmt, old: ast.stmt) -> ast.stmt:
    """A new statement in the place of an old one, all of it on the old one's lines."""
    for node in ast.walk(new):
        if isinstance(node, ast.expr | ast.stmt):
            ast.copy_location(node, old)
    return new


def rewritten(text: str | bytes, file: str) -> ast.Module:
    """The tree of a source with the changes made. SyntaxError where it is none."""
    return rewritten_tree(tree_of(text, file), file)


def rewritten_tree(tree: ast.Module, file: str, whole: ast.Module | None = None) -> ast.Module:
    """The tree itself, with the changes made. whole: that of the file, where it is a part: what it imports counts."""
    Rewriter(file, whole or tree).visit(tree)
    return ast.fix_missing_locations(tree)


def imports_in(node: ast.AST) -> Iterator[ast.stmt]:
    """The imports of a module that stand in no function and no class."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            if getattr(child, "module", "") != "__future__":
                yield child
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from imports_in(child)


def alone(statement: ast.stmt, imports: list[ast.stmt]) -> ast.Module:
    """A statement of a file as a tree of its own that Python compiles as it does the whole.

    imports: those of the file; np.dot is compiled otherwise where it is seen that np is imported.
    """
    never = ast.If(ast.Constant(False), [copy.deepcopy(i) for i in imports] or [ast.Pass()], [])
    return ast.fix_missing_locations(ast.Module([never, copy.deepcopy(statement)], []))


def todays(name: str) -> str:
    """What to write today for a name that NumPy no longer has, by its own tables; nothing where it does not say."""
    if name in getattr(np, "__former_attrs__", {}):
        return name
    said = re.search(r"`(np\.[\w.]+)`", getattr(np, "__expired_attributes__", {}).get(name, ""))
    return said[1] if said else ""
