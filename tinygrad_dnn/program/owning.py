"""Which arrays are a function's own: it makes them, and has them under one name alone while it writes into them."""

import ast
from collections.abc import Iterator


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function that are not those of a function, lambda, class or comprehension within it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.arguments):
            yield node
        inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        if not isinstance(node, inner | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from own_nodes(node)


ADDING = {"np.add.at", "np.subtract.at", "numpy.add.at", "numpy.subtract.at"}
MAKING = {"zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "copy"}
KEEPING_NOTHING = {  # NumPy's functions and methods whose results share no memory with their arguments
    "dot", "matmul", "sum", "mean", "multiply", "square", "sqrt", "exp", "log", "tanh", "maximum", "minimum", "where",
    "outer", "power", "divide", "subtract", "add", "max", "min", "copy", "abs", "sign", "zeros_like", "ones_like",
    "at", "concatenate", "stack", "vstack", "hstack", "var", "std", "argmax", "log1p", "expm1", "cumsum", "prod",
    "einsum",
}  # fmt: skip
OF_SHAPE = {"shape", "size", "ndim", "dtype"}


def names_made(function: ast.AST) -> set[str]:
    """The variables that a function binds to new arrays, and to nothing else."""
    new: dict[str, bool] = {}
    fresh: set[ast.AST] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            fresh.update(name for name, value in paired(node.targets[0], node.value) if makes(value))
        if isinstance(node, ast.AugAssign):
            fresh.add(node.target)
        if isinstance(node, ast.Global | ast.Nonlocal):
            new |= dict.fromkeys(node.names, False)
    for node in own_nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            new[node.id] = new.get(node.id, True) and node in fresh
    arguments = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
    return {name for name, only in new.items() if only} - arguments


def paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each name of an assignment with its own value: a, b = x, y is two of them."""
    if isinstance(target, ast.Name):
        yield target, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        yield from (pair for t, v in zip(target.elts, value.elts, strict=True) for pair in paired(t, v))


def makes(value: ast.expr) -> bool:
    """Whether an expression is a new array for certain."""
    return isinstance(value, ast.BinOp) or (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in MAKING
    )


def alone(function: ast.AST, name: str) -> bool:
    """Whether an array has this one name, and no view of it another, as long as something is written into it."""
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    loads = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]
    statements = [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.AugAssign | ast.Expr)]
    writes = [n for n in statements if writes_into(n, name)]
    last = max((n.end_lineno or n.lineno for n in writes), default=0)
    loops = [
        n for n in ast.walk(function) if isinstance(n, ast.For | ast.While) and any(w in ast.walk(n) for w in writes)
    ]
    scopes = ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    inner = [n for n in ast.walk(function) if n is not function and isinstance(n, scopes)]
    if any(load in ast.walk(n) for n in inner for load in loads):
        return False
    afterwards = [n for n in loads if n.lineno > last and not any(n in ast.walk(loop) for loop in loops)]
    return all(load in afterwards or used_up(load, parents) for load in loads)


def writes_into(node: ast.Assign | ast.AugAssign | ast.Expr, name: str) -> bool:
    if isinstance(node, ast.Expr):
        call = node.value
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in ADDING or not call.args:
            return False
        return isinstance(call.args[0], ast.Name) and call.args[0].id == name
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    target = target.value if isinstance(target, ast.Subscript) else target
    plain = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return isinstance(target, ast.Name) and target.id == name and not plain


def used_up(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a use of an array, or of a view of it, leaves no other reference to it behind."""
    parent = parents[node]
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return not isinstance(parent.ctx, ast.Load) or used_up(parent, parents)
    if isinstance(parent, ast.Attribute):
        if parent.attr in OF_SHAPE:
            return True
        method = isinstance(parents[parent], ast.Call) and parents[parent].func is parent  # type: ignore[attr-defined]
        return parent.attr in KEEPING_NOTHING if method else parent.attr == "T" and used_up(parent, parents)
    if isinstance(parent, ast.Call):
        called = parent.func
        numpys = isinstance(called, ast.Attribute) and called.attr in KEEPING_NOTHING
        return numpys or (isinstance(called, ast.Name) and called.id in ("len", "range", "float"))
    return isinstance(parent, ast.BinOp | ast.UnaryOp | ast.Compare)
