"""What an argument is, by what is done with it: called, asked for keys, run over, counted with, an index, a table.

It is followed to where it is kept, self.layers = layers, and to the functions of the same file that it is given to. No
name says anything here.
"""

import ast
import functools
import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from .values import speaks_of_many, tree_of

DEEP = 3  # functions that a value is followed through
MAKERS = ("zeros", "ones", "empty", "full", "randn", "rand", "eye", "identity", "reshape", "normal", "uniform",
          "standard_normal", "random", "random_sample", "truncnorm", "randint", "one_hot", "arange")  # fmt: skip
PRODUCTS = ("dot", "matmul", "outer", "tensordot", "einsum", "multiply")


class Uses:
    """What is done with a value.

    called    with how many arguments;  methods, attributes: that are asked of it
    keys      words by which it is asked for its parts, each with what is done with that
    element   what is done with its parts, as far as it is run over or indexed by numbers;  counted: by len;  run_over:
              whether a loop runs over it
    size      whether arrays are made of so many, or loops run so many times;  times: only the latter
    index     whether something is indexed by it;  paired: beside an index of each example
    words     that it is compared with
    pieces    what is done with each of those that it is taken apart into at once, by their names
    table     whether it is multiplied as a table;  axes: how many it has, as far as that is told;  number: it is
              computed with;  added: added to something
    """

    def __init__(self) -> None:
        self.called: int | None = None
        self.methods: set[str] = set()
        self.attributes: set[str] = set()
        self.keys: dict[str, Uses] = {}
        self.paired = self.counted = self.size = self.times = self.index = self.run_over = False
        self.table = self.number = self.added = False
        self.axes = 0
        self.pieces: dict[str, Uses] = {}
        self.words: list[str] = []
        self.element: Uses | None = None

    @property
    def part(self) -> "Uses":
        self.element = self.element or Uses()
        return self.element

    @property
    def is_an_index(self) -> bool:
        """Whether it is an index of rows and columns, and of no example."""
        return self.index and not (self.table or self.axes or self.element or self.paired)

    @property
    def of_several(self) -> bool:
        """Whether it is used as what has parts: a table, a list, an object."""
        parts = self.element or self.keys or self.pieces or self.methods or self.attributes or self.called is not None
        return bool(parts or self.table or self.axes or self.counted or self.run_over)

    @property
    def is_a_number_of_units(self) -> bool:
        """Whether arrays are made of so many, and nothing is asked of it as of a list."""
        return self.size and not (self.counted or self.element or self.table)

    def key(self, name: str) -> "Uses":
        return self.keys.setdefault(name, Uses())


class Scope:
    """Where names are looked up: the functions and classes of a file, and the class that a method stands in."""

    def __init__(self, space: dict[str, Any], kind: type | None = None) -> None:
        self.space, self.kind = space, kind

    def called(self, node: ast.Call) -> tuple[Any, bool, type | None] | None:
        """What a call calls, if it is of the file: the function, whether an object goes before, and its class."""
        f = node.func
        if isinstance(f, ast.Name):
            found = self.space.get(f.id)
            if inspect.isclass(found) and inspect.isfunction(found.__init__):
                return found.__init__, True, found
            return (found, False, None) if inspect.isfunction(found) else None
        if isinstance(f, ast.Attribute) and ast.unparse(f.value) in ("self", "super()") and self.kind is not None:
            owner = self.kind if ast.unparse(f.value) == "self" else self.kind.__mro__[1]
            found = inspect.getattr_static(owner, f.attr, None)
            static = isinstance(found, staticmethod)
            found = found.__func__ if static else found
            return (found, not static, self.kind) if inspect.isfunction(found) else None
        return None


@functools.lru_cache(maxsize=2048)
def uses_of(function: Any, name: str, kind: type | None = None) -> Uses:
    """What is done with an argument of a function; kind: the class that this is a method of."""
    found = Uses()
    own = function if not inspect.isclass(function) else function.__init__
    kind = function if inspect.isclass(function) else kind
    collect(own, name, Scope(getattr(own, "__globals__", {}), kind), found, set(), DEEP)
    return found


def collect(function: Any, name: str, scope: Scope, into: Uses, seen: set[tuple[Any, str]], deep: int) -> None:
    """name: a variable, or an attribute as self.layers."""
    mark = (getattr(function, "__code__", function), name)
    if mark in seen or deep < 0:
        return
    seen.add(mark)
    tree = tree_of(function)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and is_named(node, name) and isinstance(getattr(node, "ctx", None), ast.Load):
            look(node, above, Finder(function, scope, seen, deep), into)


def is_named(node: ast.expr, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name
    return isinstance(node, ast.Attribute) and "." in name and ast.unparse(node) == name


class Finder:
    """Follows a value to other names, and to other functions."""

    def __init__(self, function: Any, scope: Scope, seen: set[tuple[Any, str]], deep: int) -> None:
        self.function, self.scope, self.seen, self.deep = function, scope, seen, deep

    def named(self, name: str, into: Uses) -> None:
        """The value bears another name from here on: one of the function, or an attribute, in every method."""
        collect(self.function, name, self.scope, into, self.seen, self.deep)
        if name.startswith("self.") and self.scope.kind is not None:
            for f in vars(self.scope.kind).values():
                if inspect.isfunction(f) and f is not self.function:
                    collect(f, name, self.scope, into, self.seen, self.deep)

    def given(self, call: ast.Call, argument: ast.expr, into: Uses) -> None:
        """The value is given to a function of the file."""
        found = self.scope.called(call)
        if found is None:
            return
        function, bound, kind = found
        names = list(inspect.signature(function).parameters)[int(bound) :]
        keyword = next((k.arg for k in call.keywords if k.value is argument), None)
        place = next((i for i, a in enumerate(call.args) if a is argument), None)
        name = keyword or (names[place] if place is not None and place < len(names) else None)
        if name is not None:
            collect(function, name, Scope(self.scope.space, kind), into, self.seen, self.deep - 1)


def look(node: ast.expr, above: dict[ast.AST, ast.AST], finder: Finder, into: Uses) -> None:
    """What is done with one mention of a value."""
    parent = above.get(node)
    match parent:
        case ast.Attribute():
            of_attribute(parent, above, into)
        case ast.Call() if parent.func is node:
            into.called = len(parent.args)
        case ast.Call() | ast.keyword():
            call = parent if isinstance(parent, ast.Call) else above[parent]
            assert isinstance(call, ast.Call)
            of_argument(call, node, above, finder, into)
        case ast.Subscript() if parent.value is node:
            of_subscript(parent, above, finder, into)
        case ast.Subscript() | ast.Slice():
            into.index = True
        case ast.For() | ast.comprehension() if parent.iter is node:
            into.run_over = True
            bound(parent.target, finder, into.part)
        case ast.Assign():
            for target in parent.targets:
                bound(target, finder, into)
        case ast.Compare():
            into.words += [w for other in parent.comparators for w in words_in(other)]
            into.number |= not into.words
        case ast.UnaryOp(op=ast.Not()):
            pass
        case ast.BinOp(op=ast.MatMult()):
            into.table = True
        case ast.BinOp() | ast.UnaryOp() | ast.AugAssign():
            of_sum(parent, above, finder, into)
        case ast.Tuple() | ast.List():
            of_part(parent, node, above, finder, into)


def bound(target: ast.expr, finder: Finder, into: Uses) -> None:
    if isinstance(target, ast.Name | ast.Attribute):
        finder.named(ast.unparse(target), into)
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            bound(part, finder, into.pieces.setdefault(ast.unparse(part), Uses()))


def of_attribute(parent: ast.Attribute, above: dict[ast.AST, ast.AST], into: Uses) -> None:
    outer = above.get(parent)
    if isinstance(outer, ast.Call) and outer.func is parent:
        into.methods.add(parent.attr)
        into.table |= parent.attr in PRODUCTS
    else:
        into.attributes.add(parent.attr)
    if parent.attr == "shape":
        if isinstance(outer, ast.Assign) and isinstance(outer.targets[0], ast.Tuple):
            into.axes = max(into.axes, len(outer.targets[0].elts))
        elif isinstance(outer, ast.Subscript) and isinstance(outer.slice, ast.Constant):
            index = outer.slice.value
            into.axes = max(into.axes, index + 1 if isinstance(index, int) else 0)
    into.table |= parent.attr == "T"


def of_argument(call: ast.Call, node: ast.expr, above: dict[ast.AST, ast.AST], finder: Finder, into: Uses) -> None:
    """The value is given to a call."""
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == "len":
        into.counted = True
    elif name in ("range", *MAKERS):
        into.size = True
        into.times |= name == "range"
    elif name in PRODUCTS:
        into.table = True
    elif name in ("enumerate", "zip", "reversed", "list", "sorted", "tuple", "array", "asarray"):
        outer = above.get(call)
        loops = outer.iter is call if isinstance(outer, ast.For | ast.comprehension) else False
        if loops:
            assert isinstance(outer, ast.For | ast.comprehension)
            parts = outer.target.elts if isinstance(outer.target, ast.Tuple | ast.List) else [outer.target]
            place = 1 if name == "enumerate" else call.args.index(node) if name == "zip" and node in call.args else 0
            if len(parts) > place and (name in ("enumerate", "zip") or len(parts) == 1):
                into.run_over = True
                bound(parts[place], finder, into.part)
        elif name in ("list", "tuple", "array", "asarray", "sorted", "reversed"):
            look(call, above, finder, into)
    elif name in ("int", "float", "abs", "max", "min"):
        look(call, above, finder, into)
    else:
        finder.given(call, node, into)


def of_subscript(parent: ast.Subscript, above: dict[ast.AST, ast.AST], finder: Finder, into: Uses) -> None:
    """A part of the value is taken."""
    index = parent.slice
    if isinstance(index, ast.Constant) and isinstance(index.value, str):
        look(parent, above, finder, into.key(index.value))
    elif isinstance(index, ast.Tuple):
        into.axes = max(into.axes, len([e for e in index.elts if not ast.unparse(e).endswith(("None", "newaxis"))]))
    elif isinstance(index, ast.Slice):
        look(parent, above, finder, into)
    else:
        look(parent, above, finder, into.part)


def of_sum(parent: ast.AST, above: dict[ast.AST, ast.AST], finder: Finder, into: Uses) -> None:
    """It is computed with: n + 1 is a size where n + 1 is, an index where it is one."""
    into.number = True
    into.added |= isinstance(parent, ast.BinOp | ast.AugAssign) and isinstance(parent.op, ast.Add | ast.Sub)
    beyond = Uses()
    if isinstance(parent, ast.expr):
        look(parent, above, finder, beyond)
    into.size |= beyond.size and not beyond.table
    into.index |= beyond.index


def of_part(
    parent: ast.Tuple | ast.List, node: ast.expr, above: dict[ast.AST, ast.AST], finder: Finder, into: Uses
) -> None:
    """It stands in a tuple or a list: a shape, or several things that are given together."""
    outer = above.get(parent)
    call = above.get(outer) if isinstance(outer, ast.keyword) else outer
    if isinstance(outer, ast.Assign):
        for target in outer.targets:
            if isinstance(target, ast.Tuple | ast.List) and len(target.elts) == len(parent.elts):
                bound(target.elts[parent.elts.index(node)], finder, into)  # a, b = x, y
    elif isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in MAKERS:
        into.size = True
    elif isinstance(outer, ast.Subscript) and outer.slice is parent:
        into.index = True
        into.paired |= any(isinstance(other, ast.Call | ast.Name) for other in parent.elts if other is not node)


def speaks_of_several(functions: Iterable[Any]) -> bool:
    """Whether functions are of several examples, or steps in time: they count them, sum over them, or run over them."""
    own = list(functions)
    return speaks_of_many(own) or any(map(takes_examples, own))


def takes_examples(function: Any) -> bool:
    """Whether a loop of a function runs over what it is given, and what it finds there is more than a number."""
    if not goes_through(function):
        return False
    parts = [uses_of(function, name).element for name in inspect.signature(function).parameters]
    return any(e is not None and (e.table or e.element or e.axes or e.pieces or e.methods) for e in parts)


def goes_through(function: Any) -> bool:
    """Whether a loop of a function runs over what it is given, example by example."""
    given = set(inspect.signature(function).parameters)
    over = [node.iter for node in ast.walk(tree_of(function)) if isinstance(node, ast.For)]
    return any(isinstance(n, ast.Name) and n.id in given for part in over for n in ast.walk(part))


def words_in(node: ast.expr) -> Iterator[str]:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    yield from (p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))
