"""A list of calls as a function: taken down, tidied up, written as text and compiled."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .binding import Binding
from .nodes import Node, mapped, parts
from .outside import Outside
from .simplifying import needed, simplified, with_signs
from .tape import Tape
from .values import MISSING, alike
from .writing import Writer

again = object()  # what a program returns that was made for other arguments


class Program:
    """A list of calls for arguments of one structure, shapes and dtypes.

    run(args, kwargs)  the results in the form they had, or again where the list is not for these arguments
    signature          the calls as they were written down, to be compared with those of another time
    """

    def __init__(self, tape: Tape, binding: Binding, outside: Outside, results: Any) -> None:
        self.outside = outside
        self.calls, self.compare_at = 1, 2
        self.signature = signature(tape, binding)
        calls, instead = simplified(with_signs(tape.calls))
        results = mapped(lambda r: instead.get(r, r) if type(r) is Node else r, results)
        asked = list(parts(results))
        calls = needed(calls, asked)
        writer = Writer(calls, asked)
        for name, traced in binding.inputs.items():
            writer.input(traced.node, name)
        for i, node in enumerate(calls):
            writer.write(i, node)
        taken: set[Any] = set()
        returned = self.form(results, lambda r: writer.result(r, taken), writer)
        head = [*binding.lines, *watching(outside, writer.held)]
        lines = body = [*writer.lines, f"return {returned}"]
        if tape.quiet:
            lines = ["if 'raise' in geterr().values(): raise FloatingPointError"]
            lines += ["with errstate(all='ignore'):", *(f"    {line}" for line in body)]
        lines = [*head, *lines]
        self.source = "def step(args, kwargs):\n" + "".join(f"    {line}\n" for line in lines)
        held = writer.held | binding.held
        held |= {
            "errstate": np.errstate,
            "geterr": np.geterr,
            "again": again,
            "ndarray": np.ndarray,
            "array": np.array,
            "alike": alike,
        }
        self.run = compiled(self.source, held)
        self.bytes = sum(buffer.nbytes for buffer in writer.buffers)

    def form(self, tree: Any, text: Callable[[Any], str], writer: Writer) -> str:
        """The results in the form they had, as text."""
        if type(tree) is dict:
            return "{" + ", ".join(f"{writer.name(k)}: {self.form(v, text, writer)}" for k, v in tree.items()) + "}"
        if type(tree) in (list, tuple):
            inner = "".join(f"{self.form(v, text, writer)}, " for v in tree)
            return f"[{inner}]" if type(tree) is list else f"({inner})"
        return text(tree)


def watching(outside: Outside, held: dict[str, Any]) -> Iterator[str]:
    """The lines that see whether what is outside is as it was: names one by one, the rest only if there is some."""
    conditions = []
    held["changed"], held["filled"] = outside.changed, outside.filled
    for i, name in enumerate({(n.kind, id(n.place), n.key): n for n in outside.names}.values()):
        held |= {f"place{i}": name.place, f"bound{i}": name.value, "MISSING": MISSING}
        ways = {"entry": f"get({name.key!r}, MISSING)", "cell": "cell_contents", "attribute": name.key}
        conditions.append(f"place{i}.{ways[name.kind]} is not bound{i}")
    if conditions:
        yield f"if ({' or '.join(conditions)}) and changed(): return again"
    if outside.contents or outside.arrays:
        yield "if filled(): return again"


def compiled(source: str, held: dict[str, Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
    """The function, with what it needs as variables around it, which are read faster than globals."""
    body = source.replace("\n", "\n    ")
    names = sorted(held)
    unpacked = "".join(f"    {name} = held[{name!r}]\n" for name in names)
    namespace: dict[str, Any] = {}
    exec(compile(f"def make(held):\n{unpacked}    {body}\n    return step\n", "<replay>", "exec"), namespace)
    return namespace["make"](held)  # type: ignore[no-any-return]


def signature(tape: Tape, binding: Binding) -> list[tuple[Any, str]]:
    """Each call as what can be compared with that of another run, and its line."""
    number = {traced.node: i for i, traced in enumerate(binding.inputs.values())}
    found = []
    for node in tape.calls:
        number[node] = len(number)
        found.append(((node.function, told(node.arguments, number), told(node.keywords, number)), node.place))
    return found


def told(value: Any, number: dict[Node, int]) -> Any:
    """What is equal for arguments of two runs that mean the same."""
    if type(value) in (tuple, list):
        return tuple(told(v, number) for v in value)
    if type(value) is dict:
        return tuple((name, told(v, number)) for name, v in sorted(value.items()))
    if type(value) is slice:
        return told((value.start, value.stop, value.step), number)
    if type(value) is np.ndarray:
        return value.dtype, value.shape, hash(value.tobytes())
    return ("call", number[value]) if type(value) is Node else (type(value), repr(value))
