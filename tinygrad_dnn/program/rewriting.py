"""Somebody's source, changed so that what NumPy's protocols cannot see is recorded too.

X.dot(W) of a plain X, float(cost), np.array([t, u]), np.sum([t, u]), a[i] = t and a += t of a plain array a: each
becomes a call of a function here that does the same, and records itself where a tensor takes part. Lines and names stay
what they are.

An array that takes a tensor in becomes a tensor under its name. Other names and views of it could not follow, so this
is done only for arrays that a function makes itself and has under one name alone until then. Everywhere else the
assignment raises an error, as it does in plain code.
"""

import ast
import operator
import re
import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine.derivatives import assign, scatter_add
from ..engine.tensor import Tensor, record
from .dividing import HELPER as HELPER
from .dividing import divided, divided_in_place
from .owning import ADDING, alone, names_made
from .sources import tree_of

IN_PLACE = {
    ast.Add: operator.iadd, ast.Sub: operator.isub, ast.Mult: operator.imul, ast.Div: operator.itruediv,
    ast.Pow: operator.ipow, ast.MatMult: operator.imatmul, ast.Mod: operator.imod,
}  # fmt: skip
TODAY = frozenset(dir(np))
REDUCING = {"sum", "mean", "prod", "max", "min", "average", "var", "std", "cumsum", "amax", "amin"}
CONVERTING = {"array", "asarray", "asanyarray", "ascontiguousarray", "float64"}


class Helper(threading.local):
    """What the changed source calls."""

    last: Any = None
    divided = staticmethod(divided)
    divided_in_place = staticmethod(divided_in_place)

    def method(self, owner: Any, name: str, *arguments: Any, **keywords: Any) -> Any:
        """owner.name(...): the NumPy function of that name where a plain array meets a tensor."""
        if type(owner) is np.ndarray and any(type(a) is Tensor for a in arguments):
            return getattr(np, name)(owner, *arguments, **keywords)
        if type(owner) is Tensor and name in ("item", "tolist"):
            return number(owner) if not arguments else owner[arguments if len(arguments) > 1 else arguments[0]]
        return getattr(owner, name)(*arguments, **keywords)

    def converted(self, function: Any, value: Any, *arguments: Any, **keywords: Any) -> Any:
        """float(t), np.array(t), np.array([t, u]) of tensors: the tensor itself, or the tensors put together."""
        if type(value) is Tensor and function is float:
            return number(value)
        if function is float and isinstance(value, np.ndarray) and value.size == 1:
            return value.item()  # as NumPy did until 2.4, of any shape
        if function is float or not holds_tensor(value):
            return function(value, *arguments, **keywords)
        dtype = [*arguments, *(v for k, v in keywords.items() if k == "dtype")]
        if len(dtype) > 1 or keywords.keys() - {"dtype", "copy"}:
            raise TypeError(f"np.{function.__name__} of a tensor: only a floating-point dtype and copy can be recorded")
        t = np.copy(together(value)) if function is np.array else together(value)
        return t if not dtype or dtype[0] is None or t.dtype == dtype[0] else t.astype(dtype[0])

    def reduced(self, function: Any, value: Any, *arguments: Any, **keywords: Any) -> Any:
        """np.sum([t, u]): of the tensors put together."""
        several = isinstance(value, list | tuple) and holds_tensor(value)
        return function(together(value) if several else value, *arguments, **keywords)

    def assigned(self, value: Any, owner: Any, index: Any) -> bool:
        """owner[index] = value; True where owner's name has to stand for self.last now, a tensor that took it in."""
        if type(owner) is np.ndarray and owner.dtype.kind == "f" and holds_tensor(value):
            self.last = record(assign, (owner, together(value), index))
            return True
        owner[index] = together(value) if holds_tensor(value) and type(owner) is Tensor else value
        return False

    def part_changed(self, owner: Any, index: Any, change: str, value: Callable[[], Any]) -> bool:
        """owner[index] += value() and its like, evaluated in Python's order; True as for assigned."""
        part = owner[index]
        return self.assigned(self.changed(part, change, value()), owner, index)

    def changed(self, owner: Any, change: str, value: Any) -> Any:
        """owner += value and its like, and what the name of owner stands for then."""
        if type(owner) is np.ndarray and owner.dtype.kind == "f" and type(value) is Tensor:
            result = getattr(operator, change[1:])(owner, value)  # of another shape, it raises as NumPy would
            return result if result.shape == owner.shape else np.broadcast_to(result, owner.shape)
        return getattr(operator, change)(owner, value)

    def added_at(self, function: Any, owner: Any, index: Any, value: Any) -> Any:
        """function(owner, index, value), and what the name of owner stands for then."""
        if type(owner) is np.ndarray and owner.dtype.kind == "f" and type(value) is Tensor:
            part: Any = np.broadcast_to(value, owner[index].shape)
            return function.__self__(owner, scatter_add(part, index, owner.shape))  # np.add, for np.add.at
        function(owner, index, value)
        return owner


def number(t: Tensor) -> Tensor:
    return t if t.shape == () else np.reshape(t, ())  # type: ignore[return-value]


def holds_tensor(value: Any) -> bool:
    return type(value) is Tensor or (isinstance(value, list | tuple) and any(map(holds_tensor, value)))


def together(value: Any) -> Any:
    """Nested lists of tensors and numbers as one tensor."""
    return np.stack([together(v) for v in value]) if isinstance(value, list | tuple) else value


class Rewriter(ast.NodeTransformer):
    """The changes; only names that a function makes itself are ever bound anew."""

    def __init__(self, file: str = "") -> None:
        self.own: list[set[str]] = [set()]
        self.file = file

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        self.own.append({name for name in names_made(node) if alone(node, name)})
        self.generic_visit(node)
        self.own.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return node  # an expression: nothing in it can be bound anew

    def call(self, name: str, *arguments: ast.expr) -> ast.Call:
        return ast.Call(ast.Attribute(ast.Name(HELPER, ast.Load()), name, ast.Load()), list(arguments), [])

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """np.int as int, np.float_ as np.float64: what NumPy had once, as NumPy itself says what to write for it."""
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id not in ("np", "numpy") or node.attr in TODAY:
            return node
        instead = todays(node.attr)
        if not instead:
            return node
        new = instead.replace("np.", f"{node.value.id}.")
        said = f"np.{node.attr} is no longer in NumPy, and was read as {new}"
        warnings.warn_explicit(said, DeprecationWarning, self.file, node.lineno)
        return ast.fix_missing_locations(ast.copy_location(ast.parse(new, mode="eval").body, node))

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        function = node.func
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            return node
        new = None
        if isinstance(function, ast.Name) and function.id == "float" and len(node.args) == 1:
            new = self.call("converted", function, *node.args)
        elif isinstance(function, ast.Attribute):
            module = isinstance(function.value, ast.Name) and function.value.id in ("np", "numpy")
            if module and function.attr in CONVERTING and node.args:
                new = self.call("converted", function, *node.args)
            elif module and function.attr in REDUCING and node.args:
                new = self.call("reduced", function, *node.args)
            elif not module and function.attr in ("dot", "item"):
                new = self.call("method", function.value, ast.Constant(function.attr), *node.args)
        if new is None:
            return node
        new.keywords = node.keywords
        return ast.fix_missing_locations(ast.copy_location(new, node))

    def visit_Expr(self, node: ast.Expr) -> Any:
        """np.add.at(a, i, t) as a = a with t added at i."""
        self.generic_visit(node)
        call = node.value
        if isinstance(call, ast.Call) and len(call.args) == 3 and not call.keywords:
            owner = self.bound(call.args[0])
            if owner is not None and ast.unparse(call.func) in ADDING:
                value = self.call("added_at", call.func, reading(owner), *call.args[1:])
                return located(ast.Assign([self.as_store(owner)], value), node)
        return node

    def bound(self, target: ast.expr) -> ast.expr | None:
        """The array of an assignment a[i] = v if it is the function's own and has no other name; else None."""
        return target if isinstance(target, ast.Name) and target.id in self.own[-1] else None

    def as_store(self, target: ast.expr) -> ast.expr:
        store = ast.parse(f"{ast.unparse(target)} = 0").body[0].targets[0]  # type: ignore[attr-defined]
        return store  # type: ignore[no-any-return]

    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Subscript):
            return node
        owner = self.bound(target.value)
        if owner is None:
            return node
        test = self.call("assigned", node.value, reading(owner), as_index(target.slice))
        return self.anew(test, owner, node)

    def anew(self, test: ast.expr, owner: ast.expr, node: ast.stmt) -> ast.stmt:
        """if test: owner = what took the tensor in."""
        last = ast.Attribute(ast.Name(HELPER, ast.Load()), "last", ast.Load())
        return located(ast.If(test, [ast.Assign([self.as_store(owner)], last)], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        change = IN_PLACE.get(type(node.op))
        if change is None:
            return node
        if isinstance(node.target, ast.Subscript):
            owner = self.bound(node.target.value)
            if owner is None or any(isinstance(n, ast.Yield | ast.Await | ast.NamedExpr) for n in ast.walk(node.value)):
                return node
            value = ast.parse("lambda: 0", mode="eval").body
            value.body = node.value  # type: ignore[attr-defined]
            index, name = as_index(node.target.slice), ast.Constant(change.__name__)
            return self.anew(self.call("part_changed", reading(owner), index, name, value), owner, node)
        owner = self.bound(node.target)
        if owner is None:
            return node
        value = self.call("changed", reading(owner), ast.Constant(change.__name__), node.value)
        return located(ast.Assign([self.as_store(owner)], value), node)


def reading(target: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(target), mode="eval").body


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


def rewritten_tree(tree: ast.Module, file: str) -> ast.Module:
    """The tree itself, with the changes made."""
    Rewriter(file).visit(tree)
    return ast.fix_missing_locations(tree)


def todays(name: str) -> str:
    """What to write today for a name that NumPy no longer has, by its own tables; nothing where it does not say."""
    if name in getattr(np, "__former_attrs__", {}):
        return name
    said = re.search(r"`(np\.[\w.]+)`", getattr(np, "__expired_attributes__", {}).get(name, ""))
    return said[1] if said else ""
