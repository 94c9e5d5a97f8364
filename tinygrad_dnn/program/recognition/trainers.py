"""What the body of a function that trains says: which function is called with what, and what its update takes away.

params = start(x.shape[0], n_h, y.shape[0])       parameters: bound before the loop and bound again in it
for _ in range(steps):
    a2, a1 = feed(x, params)                      the lines that the update needs are run as they stand
    print(howbad(a2, y))                          the cost: a call that gives a number which the parameters move
    grads = goback(a2, a1, x, y, params)          gradients: what the update reads that has their shapes
    params = step(params, grads)
"""

import ast
import contextlib
import functools
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from .offers import Function, own_functions
from .values import tree_of


class Line(NamedTuple):
    """A statement with all that runs before it; of a loop around it the first turn."""

    before: list[ast.stmt]
    statement: ast.stmt


class Training(NamedTuple):
    """A function that trains: its lines up to the last update, what is updated, and of what.

    lines     what runs before the last update
    updates   the statements that change what was there before the loop
    learnt    the names of what they change
    costs     the calls that may give the cost
    """

    function: Function
    lines: list[ast.stmt]
    updates: list[ast.stmt]
    learnt: list[str]
    costs: list[ast.expr]


def trainings(module: ModuleType) -> Iterator[Training]:
    """The functions of a file that train with its other functions."""
    own = own_functions(module)
    for function in own.values():
        tree = next((n for n in ast.walk(tree_of(function)) if isinstance(n, ast.FunctionDef)), None)
        if tree is None:
            continue
        given = [a.arg for a in (*tree.args.args, *tree.args.kwonlyargs)]
        everything = list(lines_of(tree.body, []))
        updates = [line for line in everything if is_update(line, given, set(own))]
        if updates:
            lines = updates[-1].before
            learnt = list(dict.fromkeys(n for line in updates for n in changed(line.statement, given, line.before)))
            called = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and name_of_call(n) in own]
            if called and len(learnt) <= MOST:
                yield Training(function, lines, [line.statement for line in updates], learnt, costs_in(tree, set(own)))


MOST = 16  # variables that an update changes


def lines_of(body: list[ast.stmt], before: list[ast.stmt]) -> Iterator[Line]:
    for i, statement in enumerate(body):
        inside = [*before, *body[:i]]
        if isinstance(statement, ast.For):
            first = ast.Call(
                ast.Name("next", ast.Load()), [ast.Call(ast.Name("iter", ast.Load()), [statement.iter], [])], []
            )
            inside.append(
                ast.fix_missing_locations(ast.copy_location(ast.Assign([statement.target], first), statement))
            )
            yield from lines_of(statement.body, inside)
        elif isinstance(statement, ast.While | ast.With | ast.If):
            yield from lines_of(statement.body, inside)
        yield Line([*before, *body[:i]], statement)


def is_update(line: Line, given: list[str], own: set[str]) -> bool:
    """Whether a statement changes what was there before, by something that was computed."""
    statement = line.statement
    if isinstance(statement, ast.Assign | ast.AugAssign):
        again = changed(statement, given, line.before)
        reads = (
            names_read(statement.value)
            if isinstance(statement, ast.Assign)
            else names_read(statement.value) | set(again)
        )
        return bool(again) and bool(set(again) & reads) and bool(reads - set(again))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return (
            name_of_call(statement.value) in own
            and len(statement.value.args) > 1
            and bool(changed(statement, given, line.before))
        )
    return False


def changed(statement: ast.stmt, given: list[str], before: list[ast.stmt]) -> list[str]:
    """The names that a statement binds again or changes, of those that have been bound."""
    bound = set(given) | {n for s in before for n in names_bound(s)}
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        names = [a.id for a in statement.value.args if isinstance(a, ast.Name)][:1]
    else:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]  # type: ignore[attr-defined]
        names = [n for target in targets for n in bases(target)]
    return [n for n in names if n in bound]


def bases(target: ast.expr) -> list[str]:
    """The names that an assignment changes: params of params["W" + str(l)]."""
    if isinstance(target, ast.Tuple | ast.List):
        return [n for part in target.elts for n in bases(part)]
    while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        target = target.value
    return [target.id] if isinstance(target, ast.Name) else []


@functools.lru_cache(maxsize=4096)
def names_read(node: ast.AST) -> frozenset[str]:
    return frozenset({n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)})


@functools.lru_cache(maxsize=4096)
def names_bound(node: ast.AST) -> frozenset[str]:
    stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assigned = [t for n in ast.walk(node) if isinstance(n, ast.Assign) for t in n.targets]
    assigned += [n.target for n in ast.walk(node) if isinstance(n, ast.AugAssign)]
    return frozenset(stored | {name for target in assigned for name in bases(target)})


def name_of_call(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def costs_in(tree: ast.AST, own: set[str]) -> list[ast.expr]:
    """What may be the cost: calls of own functions, and what is bound to a name or printed."""
    calls: list[ast.expr] = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and name_of_call(n) in own]
    values = [n.value for n in ast.walk(tree) if isinstance(n, ast.Assign | ast.AugAssign)]
    return [*calls, *(v for v in values if isinstance(v, ast.Call | ast.BinOp | ast.UnaryOp) and v not in calls)]


# Running what is needed


class Slice:
    """The lines that some names, or an expression, need, as code that runs on variables."""

    def __init__(self, training: Training, wanted: set[str], result: ast.expr | None) -> None:
        need = set(wanted) | (names_read(result) if result is not None else set())
        self.needs = set(need)
        chosen: list[ast.stmt] = []
        for statement in reversed(training.lines):
            bound = names_bound(statement)
            if statement in training.updates or (bound and bound <= set(training.learnt)):
                continue  # the parameters are given
            if bound & need:
                chosen.append(statement)
                need |= names_read(statement)
        self.result = (
            compile(ast.fix_missing_locations(ast.Expression(result)), __file__, "eval") if result is not None else None
        )
        self.steps: list[tuple[CodeType, bool]] = [
            (compile(ast.Module([s], []), __file__, "exec"), bool(names_bound(s) & set(training.learnt)))
            for s in reversed(chosen)
        ]
        self.reads = need

    def run(self, module: ModuleType, variables: dict[str, Any], learnt: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The result, if one was asked for, and all variables."""
        known = {**vars(module), **variables, **learnt}
        for code, again in self.steps:
            exec(code, known)
            if again:
                known.update(learnt)
        return (eval(self.result, known) if self.result is not None else None), known


def made(training: Training, module: ModuleType, variables: dict[str, Any]) -> dict[str, Any]:
    """What the updates change, as it is made before: of all that is bound to these names what holds arrays."""
    known = {**vars(module), **variables}
    needed = set(training.learnt)
    chosen: list[ast.stmt] = []
    for statement in reversed(training.lines):
        if names_bound(statement) & needed and statement not in training.updates:
            chosen.append(statement)
            needed |= names_read(statement)
    for statement in reversed(chosen):
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([statement], []), __file__, "exec"), known)
    data = [id(value) for value in variables.values()]
    found = {name: known[name] for name in training.learnt if name in known and id(known[name]) not in data}
    return {
        n: v
        for n, v in found.items()
        if holds_arrays(v) and (not isinstance(v, float) or n in taken_from(training.updates))
    }


def taken_from(updates: list[ast.stmt]) -> set[str]:
    """The names from which something is taken away: a loss that is added up is no parameter."""
    found = set[str]()
    for node in updates:
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            found |= set(bases(node.target))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub):
            found |= {name for target in node.targets for name in bases(target)}
    return found


def holds_arrays(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(isinstance(k, str) and is_array(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return bool(value) and all(map(is_array, value))
    return is_array(value)


def is_array(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0)
