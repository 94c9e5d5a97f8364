"""What to say of a file that cannot be checked: the one thing that is missing in it."""

import ast
from collections.abc import Iterable
from types import ModuleType

from ..places import line_of
from ..sources import left_out_of
from ..sources import place as in_words
from .functions import ROLES as WORDS_OF
from .functions import for_role
from .making import methods, own_classes
from .objects import backward_of, losses
from .offers import own_functions
from .one_function import looks_like_one
from .runs import Found
from .stepping import counts, is_a_step, updating
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
    module: ModuleType, raised: list[Exception], shown: list[Found], blank: list[Blank], ran: bool = True
) -> Exception | None:
    """Why nothing in a file can be checked; None where nothing in it looks like a gradient.

    ran: whether its loops were run to be looked at; of others it is not said that anything is learnt in them.
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
    if own := telling(raised, file):
        return own
    if not learnt:
        return None
    return unknown(module, furthest(raised, file))


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
    own = own_functions(module)
    if for_role(own, "backward") or any(map(looks_like_one, own.values())):
        return True
    kinds = own_classes(module)
    if any(backward_of(kind) is not None for kind in kinds):
        return True
    every = [*own.values(), *(f for kind in kinds for f in methods(kind))]
    steps = (n for f in every for n in ast.walk(tree_of(f)) if is_a_step(n) and not counts(n))
    return (ran and bool(updating(tree_of(module)))) or any(steps)


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
    place = line_of(error, str(module.__file__)) if error else None
    where = f" in {in_words(*place)}" if place else ""
    last = f" What came furthest raised {type(error).__name__}{where}: {error}" if error else ""
    tried = " and ".join(filter(None, [functions_named(module), classes_named(module)]))
    return UnknownError(
        f"nothing in it could be run on data that were made up for it. Tried: {tried or 'its lines'}, with examples as "
        f"rows and as columns and with labels in every usual form.{last}".rstrip(".")
    )


def functions_named(module: ModuleType) -> str:
    own = own_functions(module)
    chosen = list(dict.fromkeys(f.__name__ for role in ROLES for f in for_role(own, role))) or list(own)
    return f"the functions {', '.join(chosen)}" if chosen else ""


def classes_named(module: ModuleType) -> str:
    names = [kind.__name__ for kind in own_classes(module)]
    return f"the class{'es' * (len(names) > 1)} {', '.join(names)}" if names else ""
