"""A derivation as a value, and as text, Markdown and LaTeX."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..trace import Made
from .writing import latex, symbol, text

KEPT, MORE = 12, ""  # lines at either end of what is too long to show
SMALL = 12  # entries: so many are shown as numbers


class Step(NamedTuple):
    """The gradient of one variable.

    name         of the variable; its gradient is d and this name
    formula      in code, with np and the names of variables, gradients and constants
    recorded     the same as it was recorded, before it was simplified
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
    shape: tuple[int, ...]
    consumers: list[str]
    made: Made | None
    value: Any
    input: bool
    proved: bool
    algebra: list[str]
    why: str
    chain: str


class Explanation:
    """The steps in backward order. str() is text in 80 columns; .latex and .markdown are the same for others."""

    def __init__(self, steps: list[Step], forward: list[tuple[str, str, Made | None]], m: int | None, convention: str):
        self.steps, self.forward, self.m, self.convention = steps, forward, m, convention

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, name: str) -> Step:
        for step in self.steps:
            if name in (step.name, f"d{step.name}"):
                return step
        raise KeyError(f"no step for {name!r}; there are {', '.join(f'd{step.name}' for step in self.steps)}")

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
        for line in step.algebra:
            found += wrap(line, 74, subsequent_indent="    ")
        if len(step.consumers) > 1:
            found += wrap(f"{step.name} goes into {', '.join(step.consumers)}: what comes back is added", 74)
        found += wrap(step.why, 74) if step.why else []
        if step.formula and not step.proved:
            found += wrap("holds at these values: a mask or an index in it depends on them", 74)
        if np.size(step.value) <= SMALL and np.ndim(step.value):
            with np.printoptions(precision=4, suppress=False, linewidth=70):
                found += str(np.asarray(step.value)).split("\n")
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
    def markdown(self) -> str:
        """A table of formulas with their shapes and the lines of the code."""
        lines = ["| gradient | formula | shape | made in |", "|---|---|---|---|"]
        for step in self.steps:
            lines.append(
                f"| ${symbol('d' + step.name)}$ | ${latex(step.formula)}$ | {step.shape} | {place(step.made)} |"
            )
        return "\n".join([self.sentence(), "", *lines]) + "\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_markdown_(self) -> str:
        return self.markdown


def ends_of(forward: list[tuple[str, str, Made | None]]) -> list[tuple[str, str, Made | None]]:
    """The first and the last lines of a long computation."""
    return forward if len(forward) <= 3 * KEPT else [*forward[:KEPT], (MORE, "", None), *forward[-KEPT:]]


def place(made: Made | None) -> str:
    """Where the code makes a variable: the function, and its line."""
    if made is None:
        return ""
    number = f", call {made.call}" if made.call > 1 else ""
    return f"{made.function.rpartition('.')[2]}, line {made.line}{number}"


def told(left: str, right: str, width: int = 78) -> list[str]:
    """A formula and what stands at its right, on one line if there is room."""
    if len(left) + len(right) + 2 <= width:
        return [left + " " * (width - len(left) - len(right)) + right if right else left]
    lines = wrap(left, width, subsequent_indent="    ", break_long_words=False)
    return [*lines, right.rjust(width)] if right else lines
