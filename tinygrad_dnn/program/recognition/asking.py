"""What to say where no guess runs: what was tried, and the lines of a driver with the file's own names in it."""

import inspect
from types import ModuleType

from ..places import line_of
from ..sources import place as in_words
from .functions import for_role
from .making import method, own_classes
from .objects import BACK, FORWARD, LOSS
from .offers import Function, own_functions
from .values import KIND_OF, returned_names

ROLES = ("start", "forward", "cost", "backward")


class UnknownError(Exception):
    """Nothing that the file defines could be run on data of our own."""


def unknown(module: ModuleType, error: Exception | None) -> UnknownError:
    """The error, with what was tried and with what would say it."""
    tried = " and ".join(filter(None, [functions_named(module), classes_named(module)]))
    place = line_of(error, str(module.__file__)) if error else None
    where = f" in {in_words(*place)}" if place else ""
    last = f" What came furthest raised {type(error).__name__}{where}: {error}." if error else ""
    own = own_functions(module)
    missing = [word for role, word in (("forward", "forward pass"), ("cost", "cost")) if not for_role(own, role)]
    if for_role(own, "backward") and len(missing) == 2 and not own_classes(module):
        last = " There is a backward pass, and no forward pass and no cost: those are not in this file."
    found = UnknownError(
        f"nothing in it could be run on data that were made up for it. Tried: {tried}, with examples as rows and as "
        f"columns and with labels in every usual form.{last} It says itself what to check with lines such as these"
    )
    found.add_note(driver(module))
    return found


def unseen(module: ModuleType, what: str) -> UnknownError:
    """The error where it was seen what is learnt, and not of what cost."""
    found = UnknownError(f"{what}. It says itself what to check with lines such as these")
    found.add_note(driver(module))
    return found


def functions_named(module: ModuleType) -> str:
    own = own_functions(module)
    chosen = list(dict.fromkeys(f.__name__ for role in ROLES for f in for_role(own, role))) or list(own)
    return f"the functions {', '.join(chosen)}" if chosen else ""


def classes_named(module: ModuleType) -> str:
    names = [kind.__name__ for kind in own_classes(module)]
    return f"the class{'es' * (len(names) > 1)} {', '.join(names)}" if names else ""


def driver(module: ModuleType) -> str:
    """The lines that say what to check, as far as the file's names tell."""
    own = own_functions(module)
    start, forward, cost, backward = (next(iter(for_role(own, role)), None) for role in ROLES)
    if backward is None and own_classes(module):
        return of_class(own_classes(module)[-1])
    names = returned_names(forward) if forward else []
    results = ", ".join(name or f"r{i}" for i, name in enumerate(names)) or "A"
    run = [f"    {results} = {called(forward, names)}"] if forward else []
    return "\n".join([
        "X, Y = ...  # some data",
        f"parameters = {start.__name__}(...)" if start else 'parameters = {"W": ...}  # arrays by name',
        "def cost(p):", *run, f"    return {called(cost, names) if cost else '...  # a number'}",
        "def gradients(p):", *run, f"    return {called(backward, names) if backward else '...'}  # a dict: dW1, ...",
    ])  # fmt: skip


def called(function: Function, known: list[str]) -> str:
    """A call of a function as its own arguments suggest it."""
    given = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is not parameter.empty or parameter.kind in (2, 4):  # *args and **keywords
            continue
        kind, name = KIND_OF.get(parameter.name, ""), parameter.name
        usual = {"parameters": "p", "X": "X", "Y": "Y"}.get(kind)
        given.append(name if name in known else usual or (f'p["{name}"]' if name[:1].lower() in "wb" else name))
    return f"{function.__name__}({', '.join(given)})"


def of_class(kind: type) -> str:
    loss, back, forward = method(kind, LOSS, ("loss", "cost")), method(kind, BACK), method(kind, FORWARD)
    run = ['    model.W = p["W"]', *([f"    out = model.{forward.__name__}(X)"] if forward else [])]
    return "\n".join([
        f"X, Y, model = ..., ..., {kind.__name__}(...)",
        'parameters = {"W": model.W}  # every array that it learns',
        "def cost(p):", *run, f"    return model.{loss.__name__}(...)" if loss else "    return ...  # a number",
        "def gradients(p):", "    cost(p)",
        f"    model.{back.__name__}(...)" if back else "    ...", '    return {"dW": model.dW}',
    ])  # fmt: skip
