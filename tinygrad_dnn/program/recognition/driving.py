"""A driver: the file that says what to check in another, with the other's own names, and dots where nothing is known.

It is Python as it stands. Whoever fills in the dots has said cost(p), gradients(p) and parameters.
"""

import ast
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .called import is_called_a_gradient
from .functions import ROLES
from .offers import Function
from .understanding import Understood, kind_of, results_of
from .values import gradient_of

TAKEN = ("cost", "gradients", "parameters", "p", "model")  # names that a driver has itself


class Driver:
    """The lines of a driver for what is understood of a file."""

    def __init__(self, it: Understood, file: str = "") -> None:
        self.it, self.file = it, f"{file}, " * bool(file)
        self.imports: dict[str, str] = {}  # names of the file, and what they are called here
        self.data = {kind: self.imported(it.data[kind][0]) if kind in it.data else kind for kind in ("X", "Y")}
        self.params = list(it.parameters.shapes)

    def imported(self, name: str) -> str:
        """A name of the file, and what it is called here: a file may have a cost of its own."""
        self.imports[name] = f"its_{name}" if name in TAKEN else name
        return self.imports[name]

    def body(self) -> list[str]:
        """Everything but the imports."""
        it, (run, outputs) = self.it, self.run()
        cost, gradients, made = self.costing(outputs), self.deriving(outputs), self.making()
        holds, whole = it.kind is not None, it.cost is None or (it.kind is not None and not takes_data(it.cost))
        install = self.installed() if holds else []
        ahead = run if whole or reads(cost) & set(outputs.values()) else []
        again = run if reads(gradients) & set(outputs.values()) else []
        first = ["cost(p)"] if holds and not it.both else install
        in_cost, in_gradients = [*install, *ahead, *cost], [*first, *again, *gradients]
        lines = [*self.supplied(reads([*made, *in_cost, *in_gradients])), *made]
        for name, inside in (("cost", in_cost), ("gradients", in_gradients)):
            lines += ["", "", f"def {name}(p):", *(f"    {line}" for line in [*self.beside(), *inside])]
        return lines

    def beside(self) -> list[str]:
        """Where the lines stand that belong here and that are in no function."""
        if self.it.cost is not None and self.it.backward is not None:
            return []
        return [f"# {self.file}{where} update {', '.join(names)}" for where, names in self.it.loops]

    def supplied(self, used: set[str]) -> list[str]:
        """The line for data that are used and that the file does not hold; what it holds in vain is not imported."""
        for kind, (name, _) in self.it.data.items():
            if self.data[kind] not in used and self.it.cost is not None:
                del self.imports[name]
        missing = [kind for kind in ("X", "Y") if kind not in self.it.data and kind in used]
        return [f"{', '.join(missing)} = ...  # some data"] if missing else []

    def making(self) -> list[str]:
        """The lines that make the parameters."""
        held, start, kind = self.it.parameters.held, self.it.start, self.it.kind
        if isinstance(held, str) and held and kind is None:
            return [f"parameters = {self.imported(held)}"] if held != "parameters" else self.keep(held)
        if held and kind is None:
            return [f"parameters = {as_dict({n: self.imported(n) for n in held})}"]
        if kind is not None:
            of, given = str(held or kind.__name__), "" if held else f"({'...' * bool(required(kind))})"
            made = f"model = {self.imported(of)}{given}"
            found = self.it.parameters.places or {"W": "model.W"}
            return [made, f"parameters = {as_dict(found)}"]
        if start is not None:
            call = f"{self.imported(self.it.names[start])}({'...' * bool(required(start))})"
            names = results_of(start)
            if len(names) > 1 and all(names):
                return [f"{', '.join(names)} = {call}", f"parameters = {as_dict({n: n for n in names})}"]
            return [f"parameters = {call}"]
        return [f"parameters = {as_dict(dict.fromkeys(self.params or ['W'], '...'))}  # arrays by name"]

    def keep(self, name: str) -> list[str]:
        self.imports[name] = name
        return []

    def installed(self) -> list[str]:
        """The lines that give an object its parameters."""
        return [f'{place} = p["{name}"]' for name, place in self.it.parameters.places.items()]

    def run(self) -> tuple[list[str], dict[str, str]]:
        """The line of the forward pass, and what is known by its names after it: the name that it has here."""
        forward = self.it.forward
        if forward is None or forward in (self.it.cost, self.it.backward):
            return [], {}
        names = results_of(forward) or [""]
        if len(names) == 1:
            one = names[0] if names[0] and names[0] not in (*TAKEN, *self.data.values()) else "out"
            return [f"{one} = {self.called(forward, {})}"], {names[0] or one: one}
        wanted = [n for f in (self.it.cost, self.it.backward) if f is not None for n in required(f)]
        unnamed = (n for n in dict.fromkeys(wanted) if n not in (*names, *self.params))
        free = [n for n in unnamed if kind_of(n) in ("cache", "output", "")]
        whole = [n or (free.pop(0) if free else f"r{i}") for i, n in enumerate(names)]
        shown = ["_" if n in (*TAKEN, *self.data.values()) else n for n in whole]
        known = {n: s for n, s in zip(whole, shown, strict=True) if s != "_"}
        return [f"{', '.join(shown)} = {self.called(forward, {})}"], known

    def costing(self, known: dict[str, str]) -> list[str]:
        cost = self.it.cost
        if cost is None:
            of = next((s for n, s in known.items() if any(word in n.lower() for word in ROLES["cost"][1])), None)
            return [f"return {of}" if of else "return ...  # a number"]
        names = results_of(cost)
        if len(names) < 2:
            return [f"return {self.called(cost, known)}"]
        which = next((i for i, n in enumerate(names) if n and not is_called_a_gradient(n)), 0)
        return [f"return {self.called(cost, known)}[{which}]"]

    def deriving(self, known: dict[str, str]) -> list[str]:
        back = self.it.cost if self.it.both and self.it.backward in (None, self.it.cost) else self.it.backward
        if back is None:
            return [f"return {self.kept()}"]
        names = results_of(back)
        call = self.called(back, known)
        pairs = {n: key for n in self.params if (key := gradient_of(n, names))}
        if pairs and len(names) >= len(pairs):
            taken = [n if n in pairs.values() else "_" for n in names]
            return [f"{', '.join(taken)} = {call}", f"return {as_dict({f'd{n}': k for n, k in pairs.items()})}"]
        slopes = [n for n in names if n and is_called_a_gradient(n)]
        if len(names) > 1 and slopes:
            dicts = [n for n in slopes if "grad" in n.lower()]
            last = f"return {dicts[0]}" if dicts else f"return {as_dict({n: n for n in slopes})}"
            return [f"{', '.join(n if n in slopes else '_' for n in names)} = {call}", last]
        if self.it.kind is not None and self.it.parameters.places and not any(names):
            return [call, f"return {self.kept()}"]
        return [f"return {call}  # a dict with {', '.join(f'd{n}' for n in self.params) or 'dW1 and so on'}"]

    def kept(self) -> str:
        """The gradients by name, from beside the parameters of an object, where they are called d and that."""
        found = {}
        for name in self.params or ["W"]:
            owner, _, last = self.it.parameters.places.get(name, "").rpartition(".")
            key = gradient_of(last, [n for n in self.it.attributes if n != last]) if owner else None
            found[f"d{name}"] = f"{owner}.{key}" if key else "..."
        return as_dict(found)

    def called(self, function: Function, known: dict[str, str]) -> str:
        """A call of a function as its own arguments suggest it; dots for what nobody knows."""
        given = [self.argument(name, known) for name in required(function)]
        given += [f"{name}={self.data[kind_of(name)]}" for name in optional(function) if kind_of(name) in ("X", "Y")]
        if self.it.kind is not None:
            return f"model.{function.__name__}({', '.join(given)})"
        return f"{self.imported(self.it.names[function])}({', '.join(given)})"

    def argument(self, name: str, known: dict[str, str]) -> str:
        kind = kind_of(name)
        alike = next((s for n, s in known.items() if kind in ("cache", "output") and kind_of(n) == kind), None)
        if name in known or alike:
            return known.get(name) or str(alike)
        if name in self.params:
            return f'p["{name}"]'
        if kind in ("cache", "output") and len(known) == 1 and len(results_of(self.it.forward or len)) < 2:
            return next(iter(known.values()))
        if kind in ("parameters", "X", "Y"):
            return "p" if kind == "parameters" else self.data[kind]
        return self.imported(name) if name in self.it.values else "..."


def driver(it: Understood, file: str | Path | None = None, module: str = "") -> str:
    """The text of a driver, which imports from a module; without a file the lines alone, for where the names are."""
    own = Driver(it, Path(file).name if file else "")
    body = own.body()
    if file is None:
        return "\n".join(line for line in body if line)
    names = ", ".join(n if n == called else f"{n} as {called}" for n, called in own.imports.items())
    head = f'"""What to check in {Path(file).name}. Where there are dots, something is to be filled in."""'
    first = ["import numpy as np"] + [f"from {module} import {names}"] * bool(names)
    return "\n".join([head, "", *first, "", *body, ""])


def reads(lines: Iterable[str]) -> set[str]:
    """The names that the lines of a function read."""
    tree = ast.parse("\n".join(["def f(p):", *(f"    {line}" for line in lines)]))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def takes_data(function: Function) -> bool:
    return any(kind_of(name) == "X" for name in required(function))


def as_dict(values: dict[str, str]) -> str:
    """A dict as code, with code for its values."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"


def required(function: Any) -> list[str]:
    """The arguments without which something is not called."""
    try:
        every = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [p.name for p in every if p.default is p.empty and p.kind not in kinds and p.name != "self"]


def optional(function: Any) -> list[str]:
    """The arguments that have a value of their own."""
    return [p.name for p in inspect.signature(function).parameters.values() if p.default is not p.empty]
