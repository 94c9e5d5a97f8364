"""What the tensors of a run are called: as the variables that held them, else by the letters of the course."""

import itertools
import keyword
import unicodedata
from collections.abc import Collection, Iterator

import numpy as np

from ..engine.tensor import Tensor
from .watching import Made

LONGEST = 12  # functions in one formula: what is longer gets names in between
Holders = dict[Tensor, set[str]]
Unfold = bool | Collection[str]


def labels(
    J: Tensor,
    tensors: list[Tensor],
    made: dict[Tensor, list[Made]],
    working: set[str],
    unfold: Unfold = False,
    between: bool = True,
) -> dict[Tensor, str]:
    """A name for each tensor that a variable held, numbered where several share it; insides of helpers have none.

    unfold: the variables whose insides have names too, or True for all. between: whether long formulas are broken by
    names of ours.
    """
    wanted = wanted_names(tensors, made, working)
    counts: dict[str, list[Tensor]] = {}
    for t in tensors:
        if t in wanted and t is not J:
            counts.setdefault(wanted[t], []).append(t)
    add_the_courses(counts, J, tensors, wanted)
    names = {
        t: name if len(held) == 1 else f"{name}{i}" for name, held in counts.items() for i, t in enumerate(held, 1)
    }
    inner = dict.fromkeys(named_between(tensors, names), "t") if between else {}
    if unfold is True:
        inner |= {u: own_name(u, made) for u in tensors if u.function is not None and u not in names and u is not J}
    chosen = () if isinstance(unfold, bool) else unfold
    for t in tensors if chosen else ():
        if ("J" if t is J else names.get(t)) in chosen:
            inner |= {u: own_name(u, made) for u in insides(t, names)}
    return without_doubles(tensors, names, inner) | {J: "J"}


def wanted_names(tensors: list[Tensor], made: dict[Tensor, list[Made]], working: set[str]) -> dict[Tensor, str]:
    """What variables call the tensors, one with a number first; x for an input that has no name."""
    helpers = {place.function for places in made.values() for place in places} - working
    wanted: dict[Tensor, str] = {}
    for t in tensors:
        places = [place for place in made.get(t, []) if place.function not in helpers]
        own = ([t.name] if t.name else []) + [place.name for place in places]
        usable = [unicodedata.normalize("NFKC", name) for name in own if name.isidentifier()]
        usable = [f"{name}_" if keyword.iskeyword(name) else name for name in usable or ["x"] * (t.function is None)]
        if usable:
            wanted[t] = next((name for name in usable if name[-1].isdigit()), usable[0])
    return wanted


def add_the_courses(
    counts: dict[str, list[Tensor]], J: Tensor, tensors: list[Tensor], wanted: dict[Tensor, str]
) -> None:
    """Call Z what is a product with a parameter and has no name, and A what comes out of it into the next layer."""
    for t in pre_activations(tensors):
        if t not in wanted and t is not J:
            counts.setdefault(free("ZS", wanted), []).append(t)
    known = {t for held in counts.values() for t in held}
    for t in tensors:
        for p in t.parents if t.function in (np.dot, np.matmul) and any(p.function is None for p in t.parents) else ():
            if p.function is not None and p not in known and p.function is not np.transpose:
                counts.setdefault(free("AH", wanted), []).append(p)
                known.add(p)


def without_doubles(tensors: list[Tensor], names: dict[Tensor, str], inner: dict[Tensor, str]) -> dict[Tensor, str]:
    """Both together: of two with one name the later one gets a mark, and t is numbered."""
    found, taken, last, given = dict(names), {"m", "np", "J"}, 0, set(names.values())
    for t in tensors:
        if t not in names and t not in inner:
            continue
        name = names.get(t) or inner[t]
        if name == "t":
            last = next(i for i in itertools.count(last + 1) if f"t{i}" not in given)
            name = f"t{last}"
        while name in taken or gradient_of_another(name, taken):
            name += "_"
        found[t] = name
        taken.add(name)
    return found


def insides(t: Tensor, names: dict[Tensor, str]) -> Iterator[Tensor]:
    """What was computed between a variable and those it is computed from."""
    waiting, seen = list(t.parents), set[Tensor]()
    while waiting:
        p = waiting.pop()
        if p not in names and p not in seen and p.function is not None:
            seen.add(p)
            waiting += p.parents
            yield p


def own_name(t: Tensor, made: dict[Tensor, list[Made]]) -> str:
    """What a helper calls it; t, to be numbered, where it does not."""
    return next((place.name for place in made.get(t, []) if place.name.isidentifier()), "t")


def gradient_of_another(name: str, taken: set[str]) -> bool:
    """Whether a variable's name is what the gradient of another is called, or the other way round."""
    return f"d{name}" in taken or (name[:1] == "d" and name[1:] in taken)


def free(letters: str, wanted: dict[Tensor, str]) -> str:
    """The first letter that no name of the code begins with."""
    return next((x for x in letters if not any(name.startswith(x) for name in wanted.values())), letters[-1] * 2)


def pre_activations(tensors: list[Tensor]) -> list[Tensor]:
    """The products with a parameter, with the bias added where there is one."""
    products = {t for t in tensors if t.function in (np.dot, np.matmul) and any(map(given, t.parents))}
    biased = [t for t in tensors if t.function is np.add and products & {*t.parents} and any(map(given, t.parents))]
    used = {p for t in biased for p in t.parents}
    return sorted((products - used) | {*biased}, key=lambda t: t.number)


def given(t: Tensor) -> bool:
    """Whether a tensor is an input, or the transpose of one."""
    return t.function is None or (t.function is np.transpose and t.parents[0].function is None)


def working(J: Tensor, inputs: list[Tensor], made: dict[Tensor, list[Made]], holders: Holders) -> set[str]:
    """The functions that are given a parameter, or bind the cost; what the others bind are insides of one step."""
    return {place.function for place in made.get(J, [])} | {f for t in inputs for f in holders.get(t, ())}


def named_between(tensors: list[Tensor], names: dict[Tensor, str]) -> set[Tensor]:
    """Tensors without a name that get one all the same, so that no formula grows too long or is written twice."""
    length: dict[Tensor, int] = {}
    uses: dict[Tensor, int] = {}
    for t in tensors:
        for p in dict.fromkeys(t.parents):
            uses[p] = uses.get(p, 0) + 1
    found: set[Tensor] = set()
    for t in tensors:
        if t in names or t.function is None:
            length[t] = 0
            continue
        length[t] = 1 + sum(length[p] for p in t.parents)
        if length[t] > LONGEST or (uses.get(t, 0) > 1 and length[t] > 8):
            found.add(t)
            length[t] = 0
    return found
