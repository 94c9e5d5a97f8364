"""What a file has to offer: its own functions, those it imports from beside it, and which of them may compute anything.

A function that returns nothing, that calls what it is given, or that reads a variable which exists only where the file
is run as a program, draws or trains; it makes no parameters and computes no cost.
"""

import ast
import builtins
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from ..places import somebodys
from .values import DATA_OF, tree_of

Function = Callable[..., Any]
UNFINISHED = "not filled in yet"


def own_functions(module: ModuleType) -> dict[str, Function]:
    """The functions of a file, and those that stand in a class and know nothing of an object, as Class.name."""
    own = {n: v for n, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__}
    found: dict[str, Function] = {n: v for n, v in own.items() if inspect.isfunction(v)}
    for name, kind in own.items():
        if inspect.isclass(kind):
            static = {n: v.__func__ for n, v in vars(kind).items() if isinstance(v, staticmethod)}
            found |= {f"{name}.{n}": f for n, f in static.items() if f.__name__[:2] != "__"}
    return found


def functions_at_hand(module: ModuleType) -> dict[str, Function]:
    """The functions of a file, and those of files in its folder, or below it, that it imports; its own first."""
    held = dict(vars(module))
    for name, value in list(held.items()):
        if inspect.ismodule(value) and value is not module and lies_beside(getattr(value, "__file__", None), module):
            held |= {f"{name}.{n}": f for n, f in vars(value).items()}
    beside = {n: f for n, f in held.items() if inspect.isfunction(f) and lies_beside(f.__code__.co_filename, module)}
    return own_functions(module) | {n: f for n, f in beside.items() if f not in own_functions(module).values()}


def lies_beside(file: str | None, module: ModuleType) -> bool:
    """Whether a file is in the folder of a module, or in one below it, and no library's."""
    folder = Path(str(module.__file__)).resolve().parent
    return bool(file) and somebodys(str(file)) and folder in Path(str(file)).resolve().parents


def computes(function: Function, module: ModuleType) -> bool:
    """Whether a function may be called for what it returns."""
    tree = tree_of(function)
    if not isinstance(tree, ast.Module) or not tree.body:
        return True
    given = set(inspect.signature(function).parameters)
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
    called = {f.id for f in calls if isinstance(f, ast.Name)}
    called |= {f.value.id for f in calls if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and
               f.attr in METHODS}  # fmt: skip
    returns = any(isinstance(n, ast.Return | ast.Yield) and n.value is not None for n in ast.walk(tree))
    return returns and not called & given and not reads(function) & of_the_program(module)


METHODS = ("predict", "forward", "fit", "plot", "show", "scatter")  # of a model or of axes, and of no array


def reads(function: Function) -> set[str]:
    """The names of the module that a function reads."""
    return set(getattr(function, "__code__", compile("", "", "exec")).co_names)


def of_the_program(module: ModuleType) -> set[str]:
    """The names that are bound only in the lines that run where the file is a program."""
    blocks = [n for n in tree_of(module).body if is_main(n)] if isinstance(tree_of(module), ast.Module) else []  # type: ignore[attr-defined]
    nodes = [n for block in blocks for n in ast.walk(block)]
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    aliases = [a for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names]
    bound |= {(a.asname or a.name).split(".")[0] for a in aliases}
    return bound - set(vars(module)) - set(vars(builtins))


def is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def makes_arrays(function: Function) -> bool:
    """Whether a function returns random numbers or zeros and is given no data: it makes parameters."""
    takes = [DATA_OF.get(n) for n, p in inspect.signature(function).parameters.items() if p.default is p.empty]
    made = {n.attr for n in ast.walk(tree_of(function)) if isinstance(n, ast.Attribute)}
    return bool(made & MADE_BY) and not {"X", "Y", "parameters", "cache", "output", "gradient"} & set(takes)


MADE_BY = {"random", "randn", "rand", "normal", "standard_normal", "uniform", "zeros", "ones", "full"}
