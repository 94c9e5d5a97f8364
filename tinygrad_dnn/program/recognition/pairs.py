"""Pairs of functions: x_forward(x, w, b) and x_backward(dout, cache); f(z) and f_prime(z); mse and mse_prime."""

import ast
import copy
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .alone import LABELLED, TABLE
from .fused import less_labels
from .readings import at_form
from .shapes import EXTRA, OF_INPUT, OF_OUTPUT, USUAL_SHAPES, Shapes, shapes_for, upstream, with_variants
from .tasks import Task, UnfitError, Variant, by_parameter, copied, number
from .values import KIND_OF, USUAL, Sizes, Values, call, returned_names

MOST_SOURCES = 12  # of an argument
SHAPING = ("reshape", "copy", "flatten", "ravel", "squeeze", "transpose")
UNCLEAR = "it is used, and not clear with what"
DOUBT = "is right of what came out of the function, and the file uses it without saying that this is what it is given"


def of_pair(forward: Callable[..., Any], back: Callable[..., Any], uses: list[str]) -> Iterator[Task]:
    """x_forward(x, w, b) -> out, cache and x_backward(dout, cache) -> dx, dw, db; f(z) and f_prime(z).

    uses: what the file itself is seen to call it with. Where it is seen with both, it has to be right of both.
    """
    unclear, (used, *others) = uses == [UNCLEAR], [""] if uses in ([], [UNCLEAR]) else uses
    for task in with_variants(functools.partial(pair_at, forward, back, used)):
        too = []
        for other in others:
            says = f"what the file calls it with as well: {other.format(back.__name__)}"
            too.append(Variant(says, functools.partial(reread, forward, back, other, task)))
        doubt = (f"{back.__name__}: {DOUBT}",) if unclear and task.form.endswith(OF_OUTPUT) else ()
        yield task._replace(variants=(*too, *task.variants), doubts=doubt)


def reread(forward: Any, back: Any, used: str, task: Task) -> Task:
    """The same pair with another use of its derivative."""
    form = f"{task.form.rpartition(', ')[0]}, {used}"
    return at_form(pair_at(forward, back, used, USUAL, USUAL_SHAPES), form)


def pair_at(forward: Any, back: Any, used: str, sizes: Sizes, shapes: Shapes) -> Iterator[Task]:
    needed = [p.name for p in inspect.signature(forward).parameters.values() if p.default is p.empty]
    free = [n for n in needed if n not in EXTRA and n not in shapes.extra]
    if not free or len(free) > 6:
        raise UnfitError("too many arguments")
    if len(free) == 2 and "Y" in [KIND_OF.get(n) for n in free]:
        for labels in [n for n in free if KIND_OF.get(n) == "Y"]:  # of y and t, it may be either
            yield from of_loss_pair(forward, back, labels, next(n for n in free if n != labels), sizes)
        return
    last: Exception | None = None
    for tables in shapes_for(free, forward.__name__, sizes, shapes):
        try:
            yield from of_shapes(forward, back, used, tables, sizes, shapes)
        except UnfitError:
            continue
        except Exception as error:  # other shapes may fit
            last = error
    if last is not None:
        raise last


def of_shapes(forward: Any, back: Any, used: str, tables: Values, sizes: Sizes, shapes: Shapes) -> Iterator[Task]:
    def run(p: Values) -> tuple[Any, Any]:
        out = call(forward, p | copy.deepcopy(EXTRA | shapes.extra))
        return (out[0], out[1]) if isinstance(out, tuple) and len(out) == 2 else (out, None)

    out, cache = run(tables)
    g, first = upstream(np.shape(out)), next(iter(tables))
    needs = [p for p in inspect.signature(back).parameters.values() if p.default is p.empty]
    if np.size(out) == 1 and len(needs) == len(tables):
        yield of_number(forward, back, tables)._replace(form=form_of(tables))
        return
    if np.size(out) == 1 or len(needs) not in (1, 2) or (len(needs) == 1 and cache is not None):
        return

    def gradients(p: Values, reading: str, flipped: bool = False) -> Values:
        y, cache = run(copied(p))
        given = np.array(y) if reading == OF_OUTPUT else p[first].copy()
        if len(needs) == 1 and len(tables) == 1:
            return {f"d{first}": pulled_back(back(given), g, p[first].shape)}
        upstream_first = KIND_OF.get(needs[1].name) != "gradient" if len(needs) > 1 else True
        pair = (g.copy(), cache if cache is not None else given)
        result = back(*(pair if upstream_first != flipped else pair[::-1]))
        result = result if isinstance(result, tuple) else (result,)
        names = returned_names(back)
        return by_parameter(result, names if len(names) == len(result) else [], tables)

    def cost(p: Values) -> Any:
        return np.sum(g * run(p)[0])

    both = cache is None and np.shape(out) == np.shape(tables[first])
    for reading in [used] if used else [OF_INPUT, OF_OUTPUT] if both else [""]:
        says = reading.format(back.__name__) if reading == OF_OUTPUT or used else ""
        one = ""
        if cache is None and len(needs) == 1 and is_jacobian(back, np.array(tables[first]), np.shape(out)):
            one = ", one example" * (sizes.examples > 1 and 1 in np.shape(tables[first]))
            table = f"{back.__name__} returns the table of derivatives, a Jacobian{' of' * bool(one)}{one[1:]}"
            says = "; ".join(filter(None, [says, table]))
        told = len(needs) < 2 or cache is not None or any(KIND_OF.get(n.name) == "gradient" for n in needs)
        either = [n.name == first for n in needs]  # z and df of f(z): what is called as it was there is no gradient
        for flipped in (False,) if told else either[:1] if any(either) else (False, True):
            way = functools.partial(gradients, reading=reading, flipped=flipped)
            form = f"{form_of(tables)}{one}{', flipped' * flipped}, {reading}"
            yield Task(cost, way, tables, says, form=form)


def pulled_back(slopes: Any, g: Any, shape: tuple[int, ...]) -> Any:
    """g times a table of derivatives, of all by all or of each example by itself; else g times each derivative."""
    n = int(np.prod(shape))
    if np.shape(slopes) == (*np.shape(g), *shape) or (np.shape(slopes) == (np.size(g), n) and n > 1):
        return (np.ravel(g) @ np.reshape(slopes, (np.size(g), n))).reshape(shape)
    if np.ndim(g) == 2 and np.shape(slopes) == (*np.shape(g), shape[-1]):
        return np.einsum("mi,mij->mj", g, slopes)
    return g * slopes


def is_jacobian(back: Callable[..., Any], x: Any, out: tuple[int, ...]) -> bool:
    """Whether a derivative of one argument returns more than a number for each entry."""
    try:
        slopes = np.shape(back(x))
    except Exception:  # it is told where it runs
        return False
    return len(slopes) > len(out) or (slopes != out and int(np.prod(slopes)) == int(np.prod(out)) * x.size)


def form_of(tables: Values) -> str:
    return " ".join(str(np.ndim(value)) for value in tables.values())


def of_number(function: Any, gradient: Any, tables: Values) -> Task:
    """f(x) that is a number, and its gradient, a function of the same arguments."""

    def gradients(p: Values) -> Values:
        return by_parameter(gradient(*copied(p).values()), returned_names(gradient), tables)

    return Task(lambda p: function(*p.values()), gradients, tables, "")


def of_loss_pair(
    loss: Callable[..., Any], slope: Callable[..., Any], labels: str, free: str, sizes: Sizes
) -> Iterator[Task]:
    """mse(y_true, y_pred) and mse_prime(y_true, y_pred): the slope by what is predicted."""
    m, c = sizes.examples, sizes.classes
    index = np.arange(m) % c
    table, flat = np.eye(c)[index], (np.arange(m) % 2).astype(float)
    forms: dict[str, tuple[Any, tuple[int, ...]]] = {
        "a table": (table, table.shape), "a table with examples as columns": (table.T, table.T.shape),
        "one axis": (flat, (m,)), "a column": (flat.reshape(-1, 1), (m, 1)), "a row": (flat.reshape(1, -1), (1, m)),
        "indices": (index, table.shape),
    }  # fmt: skip
    for form, (Y, shape) in forms.items():
        for total in ("", "mean", "sum"):

            def cost(p: Values, Y: Any = Y, total: str = total) -> Any:
                return in_total(loss(**{labels: Y, free: p[free]}), total, m)

            def gradients(p: Values, Y: Any = Y) -> Values:
                return {f"d{free}": slope(**{labels: Y, free: p[free].copy()})}

            of = f", and the cost is the {total} of what {loss.__name__} gives" if total else ""
            named = f"{labels}, {form}{LABELLED}{TABLE if total else ''}{total}"
            task = Task(cost, gradients, {free: np.zeros(shape)}, f"{labels} is {form}{of}", form=named)
            yield task._replace(unsure=less_labels(task, free, Y))


def in_total(value: Any, total: str, examples: int) -> Any:
    """A loss as one number: as it is, or the mean or the sum of one for each example; UnfitError where it is none."""
    if not total:
        number(getattr(value, "data", value))
        return value
    if np.size(getattr(value, "data", value)) != examples or examples == 1:
        raise UnfitError("it is not a number for each example")
    return np.sum(value) / (examples if total == "mean" else 1)


# How a file uses a derivative


def used_on(tree: ast.AST, name: str, derivative: str) -> list[str]:
    """What a file calls a derivative with, what came out of the function, what went in, or both; as far as it says.

    An argument is what came out if it is a call of the function, or a variable that is bound to one; it is what went in
    if the function is called with it too, or it is a product of matrices. UNCLEAR: it is used without saying how.
    """
    nodes = list(ast.walk(tree))
    calls = [n for n in nodes if isinstance(n, ast.Call) and called(n) == derivative and n.args]
    goes_in = {ast.unparse(a) for n in nodes if isinstance(n, ast.Call) and called(n) == name for a in n.args}
    made: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bound_in(target, node.value, made)
    said = []
    for argument in (c.args[-1] for c in calls):
        sources = sources_of(argument, made)
        came_out = any(isinstance(s, ast.Call) and called(s) == name for s in sources)
        went_in = ast.unparse(argument) in goes_in
        if came_out != went_in:
            said.append(OF_OUTPUT if came_out else OF_INPUT)
        elif not came_out and is_a_product(argument):
            said.append(OF_INPUT)
    uses = [n for n in nodes if isinstance(n, ast.Name) and n.id == derivative and isinstance(n.ctx, ast.Load)]
    return sorted(set(said)) or [UNCLEAR] * bool(uses)


def bound_in(target: ast.expr, value: ast.expr, made: dict[str, list[ast.expr]]) -> None:
    """What an assignment binds, and the entries of a dict that is written out."""
    made.setdefault(ast.unparse(target), []).append(value)
    if isinstance(value, ast.Dict):
        for key, entry in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant):
                made.setdefault(f"{ast.unparse(target)}[{key.value!r}]", []).append(entry)
    elif isinstance(value, ast.Tuple) and isinstance(target, ast.Tuple) and len(value.elts) == len(target.elts):
        for part, entry in zip(target.elts, value.elts, strict=True):
            bound_in(part, entry, made)


def sources_of(argument: ast.expr, made: dict[str, list[ast.expr]]) -> list[ast.expr]:
    """An argument, what it is bound to, what that is a part of, and so on."""
    found = [argument]
    for node in found:
        if len(found) < MOST_SOURCES:
            found += [other for other in [*made.get(ast.unparse(node), []), *whole_of(node)] if other not in found]
    return found


def whole_of(node: ast.expr) -> list[ast.expr]:
    """What this is some entries of, or all of them in another shape."""
    if isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        return [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHAPING:
        return [node.func.value]
    return []


def is_a_product(node: ast.AST) -> bool:
    parts = list(ast.walk(node)) if isinstance(node, ast.BinOp) else []
    calls = {called(n) for n in parts if isinstance(n, ast.Call)}
    return bool(calls & {"dot", "matmul"}) or any(isinstance(n, ast.MatMult) for n in parts)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
