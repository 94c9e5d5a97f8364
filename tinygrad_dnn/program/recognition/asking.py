"""What to say of a file that cannot be checked: the one thing that is missing in it."""

import ast
from collections.abc import Container, Iterable
from types import ModuleType

from ..places import line_of
from ..sources import left_out_of, stretch
from ..sources import place as in_words
from .choosing import Found
from .functions import ROLES as WORDS_OF
from .functions import for_role
from .making import methods, own_classes
from .offers import own_functions
from .one_function import looks_like_one
from .roles import backward_of, losses
from .stepping import adds_a_product, stepped, updating
from .tasks import furthest, telling
from .unfinished import Blank, said_of
from .values import returned_names, tree_of

COST_WORDS = WORDS_OF["cost"][1]
ROLES = ("start", "forward", "cost", "backward")
GRADIENT = ("backward", "backprop", "back_prop", "bprop", "grad", "prime", "deriv", "vjp")


class UnknownError(Exception):
    """A file that cannot be checked, and the one thing that is missing in it.

    line   of the file, where it is known; 0 else
    shown  the loops of it that were seen
    asks   whether it is for the user to say what to check
    """

    def __init__(self, missing: str, line: int = 0, shown: Iterable[Found] = (), asks: bool = True) -> None:
        super().__init__(missing)
        self.line, self.shown, self.asks = line, tuple(shown), asks


def missing_in(
    module: ModuleType,
    raised: list[Exception],
    shown: list[Found],
    blank: list[Blank],
    ran: bool = True,
    lost: Container[str] = (),
) -> Exception | None:
    """Why nothing in a file can be checked; None where nothing in it looks like a gradient.

    ran: whether its loops were run to be looked at; of others it is not said that anything is learnt in them.
    lost: names that could not be bound, of which an error says nothing of the file.
    """
    file = str(module.__file__)
    learnt = looks_learnt(module, ran)
    if (broken := no_python(module, learnt)) is not None:
        return broken
    if blank:
        return not_filled_in(blank, shown, True)
    if shown:
        one = shown[0]
        return UnknownError(f"{one.where} update {', '.join(one.names)}, but {one.missing}", one.turn.line, shown)
    raised = [error for error in raised if getattr(error, "name", None) not in lost] or raised
    if own := telling(raised, file):
        return own
    if not learnt:
        return None
    return never_ran(module, raised) or unknown(module, furthest(raised, file))


def no_python(module: ModuleType, learnt: bool) -> SyntaxError | None:
    """The error of a part of a file that is no Python, where that carries the gradient, or nothing else does."""
    file = str(module.__file__)
    broken = (it for it in left_out_of(file) if not learnt or any(word in it.name.lower() for word in GRADIENT))
    first = next(broken, None)
    return first.error(file) if first is not None else None


def not_filled_in(blank: list[Blank], shown: Iterable[Found] = (), asks: bool = False) -> UnknownError:
    """The error for a file that has dots still where it says what to check, or, asks, of which nothing can be run."""
    return UnknownError(said_of(blank), blank[0].line, shown, asks)


def looks_learnt(module: ModuleType, ran: bool) -> bool:
    """Whether anything looks like a gradient by hand: by its name, or as something is taken away in a loop."""
    if has_backward(module):
        return True
    every = [*own_functions(module).values(), *(f for kind in own_classes(module) for f in methods(kind))]
    steps = (name for f in every for node in ast.walk(tree_of(f)) for name in stepped(node))
    sums = (adds_a_product(node) for f in every for node in ast.walk(tree_of(f)))
    return (ran and bool(updating(tree_of(module)))) or any(steps) or any(sums)


def has_backward(module: ModuleType) -> bool:
    """Whether a function or a method is a backward pass by its name and by what it returns."""
    own = own_functions(module)
    every = [*own.values(), *(m for kind in own_classes(module) for m in methods(kind))]
    named = for_role(own, "backward") or any(map(looks_like_one, every))
    return bool(named) or any(backward_of(kind) is not None for kind in own_classes(module))


def never_ran(module: ModuleType, raised: list[Exception]) -> UnknownError | None:
    """The error where gradients stand in a loop of a function alone, which nothing in the file calls."""
    file, tree = str(module.__file__), tree_of(module)
    loops = [] if has_backward(module) else updating(tree)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for loop, names in loops:
        around = [f for f in functions if f.lineno <= loop.lineno <= (f.end_lineno or 0)]
        if around:
            inside = range(around[-1].lineno, (around[-1].end_lineno or 0) + 1)
            own = [e for e in raised if (at := line_of(e, file)) is not None and at[1] in inside]
            of = f"{stretch(file, loop.lineno, loop.end_lineno or 0)} of {around[-1].name} update {', '.join(names)}"
            last = furthest_said(furthest(own, file), file)
            return UnknownError(
                f"{of}, and nothing is known that it could be called with.{last}".rstrip("."), loop.lineno
            )
    return None


def no_gradient(module: ModuleType) -> UnknownError:
    """The error where nothing looks like a gradient by hand."""
    if has_cost(module):
        return UnknownError("no gradient in it is written by hand; tinygrad-dnn explain and draw show its cost")
    return UnknownError("it defines no cost, and no gradient in it is written by hand")


def has_cost(module: ModuleType) -> bool:
    """Whether a file has what is called a cost: a function, a method, or something that one returns."""
    own = own_functions(module)
    returned = (name.lower() for f in own.values() for name in returned_names(f))
    named = for_role(own, "cost") or any(word in name for name in returned for word in COST_WORDS)
    return bool(named) or any(map(losses, own_classes(module)))


def unknown(module: ModuleType, error: Exception | None) -> UnknownError:
    """The error where there is a gradient: of no cost, or with nothing that it could be called with."""
    own, kinds = own_functions(module), own_classes(module)
    missing = [word for role, word in (("forward", "forward pass"), ("cost", "cost")) if not for_role(own, role)]
    if for_role(own, "backward") and len(missing) == 2 and not kinds:
        return UnknownError("there is a backward pass, and no forward pass and no cost: those are not in this file")
    if not error and not has_cost(module):
        return UnknownError("there is a gradient, and no cost that it could be of")
    last = furthest_said(error, str(module.__file__))
    tried = " and ".join(filter(None, [functions_named(module), classes_named(module)]))
    return UnknownError(
        f"nothing in it could be run on data that were made up for it. Tried: {tried or 'its lines'}, with examples as "
        f"rows and as columns and with labels in every usual form.{last}".rstrip(".")
    )


def furthest_said(error: Exception | None, file: str) -> str:
    """What the guess that came furthest raised, in a sentence."""
    place = line_of(error, file) if error else None
    where = f" in {in_words(*place)}" if place else ""
    return f" What came furthest raised {type(error).__name__}{where}: {error}" if error else ""


def functions_named(module: ModuleType) -> str:
    own = own_functions(module)
    chosen = list(dict.fromkeys(f.__name__ for role in ROLES for f in for_role(own, role))) or list(own)
    return f"the functions {', '.join(chosen)}" if chosen else ""


def classes_named(module: ModuleType) -> str:
    names = [kind.__name__ for kind in own_classes(module)]
    return f"the class{'es' * (len(names) > 1)} {', '.join(names)}" if names else ""
