"""A derivation as a value, and as text, Markdown, LaTeX, MathML and HTML."""

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from textwrap import wrap
from typing import Any, NamedTuple, overload

import numpy as np

from ..engine.tensor import Tensor
from ..program.watching import Made
from .algebra import Algebra
from .evaluation import evaluate, renamed
from .page import Card, document, equation
from .typesetting import latex, mathml, symbol
from .writing import text

KEPT, MORE = 12, ""  # lines at either end of what is too long to show
SMALL = 12  # entries: so many are shown as numbers


class Step(NamedTuple):
    """The gradient of one variable.

    name         of the variable; its gradient is d and this name
    formula      in code, with np and the names of variables, gradients and constants
    recorded     the same before it was simplified
    of_cost      the gradient of the cost as it was recorded, whatever the convention
    shape        of both
    consumers    the variables that are computed from it
    made         where the code makes it, if that is known
    value        of the gradient, as the formula gives it
    input        whether it is a parameter, and no intermediate
    proved       whether the formula was run and gave the gradient at every point
    algebra      the shapes of the products in the formula
    why          a sentence, or nothing
    chain        dA * g'(Z), where the formula is what the cost makes of it; else empty
    """

    name: str
    formula: str
    recorded: str
    of_cost: str
    shape: tuple[int, ...]
    consumers: list[str]
    made: Made | None
    value: Any
    input: bool
    proved: bool
    algebra: list[str]
    why: str
    chain: str

    def shown(self) -> str:
        """The value where it is a number or a small table, else nothing."""
        if np.size(self.value) > SMALL:
            return ""
        if np.ndim(self.value) == 0:
            return f"{float(self.value):.6g}"
        with np.printoptions(precision=4, suppress=False, linewidth=70):
            return str(np.asarray(self.value))


class Steps(Sequence[Step]):
    """The steps by their place; each is derived when it is asked for."""

    def __init__(self, names: list[str], derive: Callable[[int], Step]) -> None:
        self.names, self._derive, self._known = names, derive, dict[int, Step]()

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step]: ...
    def __getitem__(self, place: int | slice) -> Step | list[Step]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        i = range(len(self))[place]
        if i not in self._known:
            self._known[i] = self._derive(i)
        return self._known[i]


class Explanation:
    """The steps in backward order. str() is text in 80 columns; the properties are the same for others.

    latex       an align* environment of amsmath
    mathml      a math element
    markdown    a table; a notebook shows it
    html        a page that loads nothing, with the insides of each step behind a click

    names       what each tensor is called; gradients: what their gradients are
    values      of everything that a formula names: variables, gradients, constants
    definitions of the variables, as code
    """

    def __init__(
        self, steps: Steps, forward: list[tuple[str, str, Made | None]], definitions: dict[str, str],
        m: int | None, convention: str, names: dict[Tensor, str], values: MutableMapping[str, Any],
    ) -> None:  # fmt: skip
        self.steps, self.forward, self.definitions, self.m, self.convention = steps, forward, definitions, m, convention
        self.names, self._known = names, values
        self.gradients = {f"d{name}" for name in names.values()}

    def typeset(self, code: str) -> str:
        """A part of a formula, or a name, in MathML."""
        return f"<math>{mathml(code)}</math>"

    def evaluate(self, code: str) -> Any:
        """The value of a part of a formula."""
        return np.asarray(evaluate(code, self._known))

    def value(self, name: str) -> Any:
        """The value of a variable or a gradient; None where there is none of this name."""
        return self._known.get(name)

    @property
    def values(self) -> dict[str, Any]:
        list(self.steps)  # each may name more constants
        return dict(self._known)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, name: str) -> Step:
        names = self.steps.names
        for own in (name, name.removeprefix("d")):
            if own in names:
                return self.steps[names.index(own)]
        raise KeyError(f"no step for {name!r}; there are {', '.join(f'd{own}' for own in names)}")

    def __repr__(self) -> str:
        return f"<Explanation: {len(self.steps)} steps, {', '.join(f'd{s.name}' for s in self.steps if s.input)}>"

    def __str__(self) -> str:
        lines = ["Forward"]
        for name, code, made in ends_of(self.forward):
            if name == MORE:
                lines.append(f"  ... {len(self.forward) - 2 * KEPT} more")
                continue
            lines += ["  " + line for line in told(f"{name} = {text(code)}", place(made))]
        lines += [
            "",
            "Backward, from the cost",
            *wrap(self.sentence(), 80, initial_indent="  ", subsequent_indent="  "),
        ]
        for i, step in enumerate(self.steps):
            if len(self.steps) > 3 * KEPT and KEPT <= i < len(self.steps) - KEPT:
                if i == KEPT:
                    lines += ["", f"  ... {len(self.steps) - 2 * KEPT} more steps; .steps holds them"]
                continue
            lines += ["", *("  " + line for line in told(f"d{step.name} = {text(step.formula)}", str(step.shape)))]
            lines += [f"      {line}" for line in self.notes(step)]
        return "\n".join(lines)

    def notes(self, step: Step) -> list[str]:
        """What stands below a formula: shapes, the reason, the numbers where they are few."""
        found = [f"= {text(step.chain)}, by the chain rule"] if step.chain else []
        for reason in self.reasons(step):
            found += wrap(reason, 74, subsequent_indent="    " * (reason in step.algebra))
        return [*found, *step.shown().split("\n")] if step.shown() else found

    def reasons(self, step: Step) -> list[str]:
        """The shapes of the products, where paths meet, and what else is to be said of a formula."""
        found = list(step.algebra)
        if len(step.consumers) > 1:
            found.append(f"{step.name} goes into {several(step.consumers)}: what comes back is added")
        found += [step.why] if step.why else []
        if step.formula and not step.proved:
            found.append("holds at these values: a mask or an index in it may depend on them")
        return found

    def sentence(self) -> str:
        if self.convention == "course":
            return (
                f"dZ, dA and the like are gradients of the loss summed over the m = {self.m} examples; those of the "
                "parameters carry 1/m and are gradients of the cost J."
            )
        return "Every d is the gradient of the cost J."

    @property
    def latex(self) -> str:
        """An align* environment, a line for each step."""
        rows = [rf"{symbol('d' + step.name)} &= {latex(step.formula)}" for step in self.steps]
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    @property
    def mathml(self) -> str:
        """A math element, a row for each step; browsers show it by themselves."""
        rows = "".join(f"<mtr><mtd>{equation(f'd{s.name}', s.formula)}</mtd></mtr>" for s in self.steps)
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mtable>{rows}</mtable></math>'

    @property
    def markdown(self) -> str:
        """A table of formulas with their shapes, the lines of the code, and the reasons."""
        lines = ["| gradient | shape | made in | why |", "|:---|:---|:---|:---|"]
        for step in self.steps:
            formula = f"${symbol('d' + step.name)} = {latex(step.formula)}$"
            why = [f"${symbol('d' + step.name)} = {latex(step.chain)}$ by the chain rule"] if step.chain else []
            why += [cell(reason) for reason in self.reasons(step)]
            lines.append(f"| {formula} | {step.shape} | {cell(place(step.made))} | {'; '.join(why)} |")
        return "\n".join([self.sentence(), "", *lines]) + "\n"

    @property
    def html(self) -> str:
        """A page of its own. It loads nothing and runs nothing."""
        forward = [(name, code, place(made)) for name, code, made in self.forward]
        return document("The chain rule of J", self.sentence(), forward, [self.card(step) for step in self.steps])

    def card(self, step: Step) -> Card:
        side = ", ".join(part for part in (str(step.shape), place(step.made)) if part)
        return Card(step.name, step.formula, step.chain, step.recorded, side, self.reasons(step), step.shown())

    def proofs(self) -> dict[str, str]:
        """How each formula is proved: "algebra" where SymPy shows it equal to what was recorded whatever the values,
        "points" where it was run and gave the gradient at all points, "here" where it does so at this one alone, and
        "" where there is no formula. ImportError without SymPy.
        """
        algebra = Algebra(self.definitions | {f"d{step.name}": step.of_cost for step in self.steps if step.of_cost})
        found = {}
        for step in self.steps:
            found[f"d{step.name}"] = "points" if step.proved else "here" if step.formula else ""
            if step.proved and algebra.same(self.of_the_cost(step), step.of_cost):
                found[f"d{step.name}"] = "algebra"
        return found

    def of_the_cost(self, step: Step) -> str:
        """The formula in gradients of the cost, as those are that were recorded."""
        if self.convention == "calculus":
            return step.formula
        summed = [s for s in self.steps if not s.input and np.size(s.value) > 1]
        scaled = {f"d{s.name}": f"(m * d{s.name})" for s in summed}
        return (
            f"({renamed(step.formula, scaled)}) / m"
            if any(step is s for s in summed)
            else renamed(step.formula, scaled)
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/markdown": self.markdown}


def several(names: list[str]) -> str:
    """All of a few names; of many the first, the last, and how many they are."""
    if len(names) <= KEPT:
        return ", ".join(names)
    return f"{names[0]}, {names[1]}, ..., {names[-1]} ({len(names)} variables)"


def ends_of(forward: list[tuple[str, str, Made | None]]) -> list[tuple[str, str, Made | None]]:
    """The first and the last lines of a long computation."""
    return forward if len(forward) <= 3 * KEPT else [*forward[:KEPT], (MORE, "", None), *forward[-KEPT:]]


def cell(words: str) -> str:
    """Plain text in a table of Markdown."""
    return "".join(f"\\{c}" if c in r"\`*_[]|$<" else c for c in words)


def place(made: Made | None) -> str:
    """Where the code makes a variable: the function, and its line."""
    if made is None:
        return ""
    number = f", call {made.call}" if made.call > 1 else ""
    return f"{made.function.rpartition('.')[2]}, {made.place}{number}"


def told(left: str, right: str, width: int = 78) -> list[str]:
    """A formula and what stands at its right, on one line if there is room."""
    if len(left) + len(right) + 2 <= width:
        return [left + " " * (width - len(left) - len(right)) + right if right else left]
    lines = wrap(left, width, subsequent_indent="    ", break_long_words=False)
    return [*lines, right.rjust(width)] if right else lines
